#pragma once

#include "learning_rate/schedule.h"

#include <QWidget>

#include <functional>
#include <vector>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace alidade {

class SliderField;

/// A row with a title of the width that the forms of the page share.
[[nodiscard]] QHBoxLayout* labelledRow(const QString& title, QWidget* field);
inline constexpr int kFormLabelWidth = 100;

/// One schedule as numbers: warm-up and what its kind has. Edits a copy and tells; whoever owns the schedule
/// sets it anew.
class LearningRateFields : public QWidget {
    Q_OBJECT
public:
    /// `prefix` is put before the object names of the fields.
    explicit LearningRateFields(const QString& prefix, QWidget* parent = nullptr);

    /// Shows a schedule made for `steps`; does not emit.
    void setSchedule(const Schedule& schedule, std::size_t steps);

signals:
    void edited(const QString& text, const Schedule& schedule, bool dragging);
    void dragStarted();
    void tableRequested(); ///< another table, from a file

private:
    void rebuild();
    void addNumbers();
    void addSwitch();
    void addCooldownKind();
    void addLists();
    void addPointButtons();
    void addTable();
    void refresh();
    void change(const QString& text, const std::function<void(Schedule&)>& change, bool dragging);
    void editList(std::string_view key, QLineEdit* field);
    SliderField* track(SliderField* field);

    QString m_prefix;
    Schedule m_schedule;
    std::size_t m_steps = 1;
    QString m_shownKind;
    SliderField* m_warmup = nullptr;
    SliderField* m_warmupStart = nullptr;
    SliderField* m_switch = nullptr;
    QVBoxLayout* m_rows = nullptr;
    QWidget* m_box = nullptr; ///< of the kind's own fields
    QComboBox* m_cooldownKind = nullptr;
    QLabel* m_table = nullptr;
    QWidget* m_removePoint = nullptr;
    std::vector<std::pair<std::string_view, SliderField*>> m_numbers;
    std::vector<std::pair<std::string_view, QLineEdit*>> m_lists;
};

} // namespace alidade
