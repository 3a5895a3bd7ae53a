#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace alidade {

class LearningRateModel;
class LearningRatePlots;

/// Compares the schedules: three plots and a table of optima.
class LearningRateCompare : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateCompare(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] LearningRatePlots& plots() const { return *m_plots; }
    [[nodiscard]] QTableWidget& table() const { return *m_table; }
    enum Column { Name, RateInUse, BoundInUse, OptimalRate, OptimalBound, AboveBest, Cooldown, ColumnCount };

signals:
    void noticed(const QString& text);

private:
    QWidget* buildBar();
    void buildTable();
    void showTable();
    void useOptimum(bool all);
    void addBestPossible();

    LearningRateModel& m_model;
    LearningRatePlots* m_plots = nullptr;
    QCheckBox* m_logSteps = nullptr;
    QCheckBox* m_logRates = nullptr;
    QCheckBox* m_logBound = nullptr;
    QTableWidget* m_table = nullptr;
    QPushButton* m_use = nullptr;
    QPushButton* m_useAll = nullptr;
    QPushButton* m_best = nullptr;
    QLabel* m_state = nullptr;
};

} // namespace alidade
