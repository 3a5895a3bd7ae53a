#pragma once

#include "learning_rate/schedule.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QLabel;
class QTableWidget;
class QToolButton;

namespace alidade {

class LearningRateFields;

/// The parts of a composed schedule: a table of how many steps of which schedule, and the selected part as
/// numbers.
class LearningRateParts : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateParts(QWidget* parent = nullptr);

    /// Shows a composed schedule for `steps`; does not emit.
    void setSchedule(const Schedule& schedule, std::size_t steps);
    [[nodiscard]] QTableWidget& table() const { return *m_table; }
    enum Column { Name, Steps, Horizon, Factor, ColumnCount };

signals:
    void edited(const QString& text, const Schedule& schedule, bool dragging);
    void dragStarted();

private:
    void buildTable();
    void refresh();
    void refreshPart();
    void cellChanged(int row, int column);
    void change(const QString& text, const std::function<void(ComposedShape&)>& change, bool dragging);
    void add();
    void remove();
    void move(int direction);
    [[nodiscard]] std::size_t selected() const;

    Schedule m_schedule;
    std::size_t m_steps = 1;
    bool m_refreshing = false;
    QTableWidget* m_table = nullptr;
    QToolButton* m_remove = nullptr;
    QToolButton* m_up = nullptr;
    QToolButton* m_down = nullptr;
    QLabel* m_title = nullptr;
    QComboBox* m_kind = nullptr;
    LearningRateFields* m_fields = nullptr;
};

} // namespace alidade
