#pragma once

#include "plots/plot_view.h"
#include "study/desirability_function.h"

#include <optional>

namespace alidade {

class DesirabilityProfileItem;

/// A desirability function on its side: the objective upwards, desirability to the right, to stand at the end
/// of a row of a profiler whose y axis it shares. The prediction is marked with its standard deviation.
class DesirabilityProfile : public PlotView {
    Q_OBJECT
public:
    explicit DesirabilityProfile(QWidget* parent = nullptr);

    void setFunction(const QString& name, const QString& unit, const DesirabilityFunction& function);
    void setPrediction(double mean, double standardDeviation);
    /// d at the predicted mean; nothing before a prediction.
    [[nodiscard]] std::optional<double> desirability() const;
    [[nodiscard]] const DesirabilityProfileItem& item() const { return *m_item; }

private:
    DesirabilityProfileItem* m_item = nullptr;
};

/// Curve and mark of a DesirabilityProfile.
class DesirabilityProfileItem : public ChartItem {
public:
    explicit DesirabilityProfileItem(PlotView& view);
    void setFunction(const DesirabilityFunction& function) { m_function = function; }
    void setPrediction(double mean, double standardDeviation);
    [[nodiscard]] std::optional<double> desirability() const;

    void updateGeometry() override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override { return 0; }

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    DesirabilityFunction m_function;
    std::optional<double> m_mean;
    double m_deviation = 0.0;
    std::vector<QPolygonF> m_pieces;
};

} // namespace alidade
