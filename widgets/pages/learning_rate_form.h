#pragma once

#include "pages/learning_rate_state.h"

#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace alidade {

class LearningRateModel;
class NumberEdit;
class SliderField;

/// The selected schedule as numbers: kind, base rate, warm-up, and what its kind has.
class LearningRateForm : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateForm(LearningRateModel& model, QWidget* parent = nullptr);

private:
    void build();
    void refresh();
    void rebuildFields(const Schedule& schedule);
    void refreshFields(const Schedule& schedule);
    /// Changes the selected entry; ignored when that leaves it as it is.
    void edit(const QString& text, const std::function<void(LearningRateEntry&)>& change, bool dragging);
    SliderField* track(SliderField* field);
    void editList(std::string_view key, QLineEdit* field);

    LearningRateModel& m_model;
    quint64 m_gesture = 0;
    QString m_shownKind;
    QComboBox* m_kind = nullptr;
    NumberEdit* m_baseRate = nullptr;
    QCheckBox* m_atOptimum = nullptr;
    SliderField* m_warmup = nullptr;
    SliderField* m_warmupStart = nullptr;
    QVBoxLayout* m_fields = nullptr;
    QWidget* m_fieldBox = nullptr;
    QComboBox* m_cooldownKind = nullptr;
    std::vector<std::pair<std::string_view, SliderField*>> m_numbers;
    std::vector<std::pair<std::string_view, QLineEdit*>> m_lists;
    QLabel* m_problem = nullptr;
};

/// Steps, distance and gradient norm: what all schedules share.
class LearningRateRunForm : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateRunForm(LearningRateModel& model, QWidget* parent = nullptr);

signals:
    void normsRequested(); ///< from a file

private:
    void refresh();

    LearningRateModel& m_model;
    quint64 m_gesture = 0;
    SliderField* m_steps = nullptr;
    SliderField* m_distance = nullptr;
    SliderField* m_norm = nullptr;
    QLabel* m_norms = nullptr;
    QWidget* m_clear = nullptr;
};

} // namespace alidade
