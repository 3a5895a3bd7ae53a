#pragma once

#include "pages/learning_rate_state.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QLabel;

namespace alidade {

class LearningRateFields;
class LearningRateModel;
class LearningRateParts;
class NumberEdit;
class SliderField;

/// The selected schedule as numbers: kind, base rate, warm-up, and what its kind has.
class LearningRateForm : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateForm(LearningRateModel& model, QWidget* parent = nullptr);

signals:
    void tableRequested(); ///< another table for the selected schedule, from a file

private:
    void build();
    void refresh();
    /// Changes the selected entry; ignored when that leaves it as it is.
    void edit(const QString& text, const std::function<void(LearningRateEntry&)>& change, bool dragging);

    LearningRateModel& m_model;
    quint64 m_gesture = 0;
    QComboBox* m_kind = nullptr;
    NumberEdit* m_baseRate = nullptr;
    QCheckBox* m_atOptimum = nullptr;
    LearningRateFields* m_fields = nullptr;
    LearningRateParts* m_parts = nullptr;
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
