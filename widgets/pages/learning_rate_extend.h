#pragma once

#include "learning_rate/applications.h"
#include "pages/learning_rate_curve.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTableWidget;

namespace alidade {

class LearningRateModel;
class PlotView;
class SliderField;

/// One way to go on from a tuned run, with its curve over the longer run.
struct ExtensionVariant {
    QString name;
    Schedule schedule;
    double baseRate = 0.0;
    LearningRateCurve curve;
};
struct ExtensionResult {
    Extension extension;
    std::size_t newSteps = 0;
    std::vector<ExtensionVariant> variants; ///< unchanged, longer cooldown, two-stage, tuned linear decay
};
/// Curves are for D = G = 1.
[[nodiscard]] Result<ExtensionResult> computeExtension(const Schedule& schedule, std::size_t steps,
                                                       std::size_t newSteps, const Monitor& monitor);

/// How to train on from a tuned run without tuning its base rate again.
class LearningRateExtend : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateExtend(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<ExtensionResult>& result() const { return m_result; }
    [[nodiscard]] QTableWidget& table() const { return *m_table; }
    [[nodiscard]] bool isUpToDate() const { return m_done == m_wanted; }

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void request();
    void show(const Result<ExtensionResult>& result);
    void fillTable();
    void addVariant();
    void addNewTail();

    LearningRateModel& m_model;
    double m_multiple = 2.0;
    quint64 m_wanted = 0;
    quint64 m_done = 0;
    std::optional<CurveKey> m_key;
    double m_keyMultiple = 0.0;
    std::optional<ExtensionResult> m_result;
    QLabel* m_source = nullptr;
    SliderField* m_length = nullptr;
    PlotView* m_rates = nullptr;
    PlotView* m_bounds = nullptr;
    QTableWidget* m_table = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_tail = nullptr;
    QLabel* m_text = nullptr;
};

} // namespace alidade
