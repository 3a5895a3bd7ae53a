#pragma once

#include "plots/desirability_shapes.h"
#include "study/definition.h"

#include <QFrame>

#include <map>
#include <optional>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;

namespace alidade {

class DesirabilityPlot;
class NumberEdit;

/// The desirability of one objective: curve with handles, and the same numbers as fields. Shows what it is
/// given and tells what the user wants; it changes no study.
class DesirabilityCard : public QFrame {
    Q_OBJECT
public:
    explicit DesirabilityCard(QWidget* parent = nullptr);

    /// `problem`: why the function cannot be used, empty if it can.
    void setObjective(const Objective& objective, const QString& problem, bool editable);
    /// Measured values of feasible and infeasible trials, user's units.
    void setMeasured(const std::vector<double>& values);
    void setBest(TrialId trial, std::optional<double> value);

    [[nodiscard]] MeasureId objective() const { return m_objective.id; }
    [[nodiscard]] DesirabilityPlot& plot() const { return *m_plot; }

signals:
    /// While something is dragged; nothing: as it was.
    void previewed(alidade::MeasureId objective,
                   const std::optional<alidade::DesirabilityFunction>& function);
    /// One step; `part` names what changed, and steps of the same part (>= 0) may be taken together.
    void committed(alidade::MeasureId objective, const std::optional<alidade::DesirabilityFunction>& function,
                   const QString& what, int part);
    void trialClicked(qint64 id);
    void noticed(const QString& text);

private:
    enum Field { Low, Target, High, LowScale, HighScale, Weight, Tolerance, Missing, FieldCount };
    static constexpr int kKnotsPart = FieldCount;
    static constexpr int kHandlePart = FieldCount + 1;

    void build();
    QWidget* buildForm();
    void connectAll();
    void show(const DesirabilityFunction& function);
    void showRows();
    void acceptField(Field field, std::optional<double> value);
    void acceptKnots();
    void changeKind(int index);
    void weightMoved(int position);
    void commit(const DesirabilityFunction& function, const QString& what, int part);

    Objective m_objective;
    DesirabilityFunction m_function; ///< as shown: of the objective, or in mid-drag
    std::vector<double> m_measured;
    bool m_editable = true;
    bool m_showing = false;

    QLabel* m_title = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_remove = nullptr;
    QWidget* m_body = nullptr;
    DesirabilityPlot* m_plot = nullptr;
    QFormLayout* m_form = nullptr;
    QComboBox* m_kind = nullptr;
    std::map<int, NumberEdit*> m_fields;
    QWidget* m_weightRow = nullptr;
    QLineEdit* m_knots = nullptr;
    QSlider* m_slider = nullptr;
};

} // namespace alidade
