#pragma once

#include "plots/desirability_items.h"
#include "plots/plot_view.h"

#include <optional>
#include <vector>

namespace alidade {

class LineItem;
class PointsItem;
class ShadeItem;

/// A desirability function over its objective: curve, handles, hatched where it is 0, histogram of measured
/// values, and where the best trial stands. The x axis keeps still while a handle is dragged.
class DesirabilityPlot : public PlotView {
    Q_OBJECT
public:
    explicit DesirabilityPlot(QWidget* parent = nullptr);

    void setMeasure(const QString& name, const QString& unit);
    /// `problem` is shown in place of a function that cannot be evaluated.
    void setFunction(const DesirabilityFunction& function, const QString& problem);
    void setMeasured(const std::vector<double>& values);
    /// A trial with its value; nothing: no mark.
    void setBest(qint64 trial, std::optional<double> value);
    void setEditable(bool editable);

    [[nodiscard]] DesirabilityHandlesItem& handles() const { return *m_handles; }
    [[nodiscard]] const HistogramItem& histogram() const { return *m_histogram; }
    [[nodiscard]] const LineItem& curve() const { return *m_curve; }
    [[nodiscard]] const PointsItem& best() const { return *m_best; }

protected:
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    void redraw();
    void updateCurve();
    void updateAxis();
    [[nodiscard]] std::optional<double> desirabilityOf(double value) const;

    DesirabilityFunction m_function;
    QString m_name;
    QString m_unit;
    std::vector<double> m_values;
    qint64 m_bestTrial = 0;
    std::optional<double> m_bestValue;
    HistogramItem* m_histogram = nullptr;
    ShadeItem* m_zero = nullptr;
    LineItem* m_curve = nullptr;
    PointsItem* m_best = nullptr;
    DesirabilityHandlesItem* m_handles = nullptr;
};

} // namespace alidade
