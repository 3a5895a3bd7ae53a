#include "plots/desirability_plot.h"

#include "desirability/desirability.h"
#include "plots/mark_items.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace alidade {

namespace {
constexpr int kPointsPerPiece = 48;
constexpr double kRoom = 0.12; // of the range, beside limits and measurements
} // namespace

DesirabilityPlot::DesirabilityPlot(QWidget* parent) : PlotView(parent) {
    m_zero = addItem<ShadeItem>();
    m_zero->setName(tr("desirability 0"));
    m_histogram = addItem<HistogramItem>();
    m_curve = addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 2.2});
    m_curve->setName(tr("desirability"));
    m_best = addItem<PointsItem>(
        std::vector<PointStyle>{{tr("best trial"), PlotRole::Best, MarkerShape::Star, 13.0}});
    m_best->setReadoutText([this](const PlotPoint& point) {
        return tr("Trial %1, the best so far\n%2\ndesirability %3")
            .arg(point.key)
            .arg(xAxis().valueText(point.x), formatNumber(point.y, 3));
    });
    m_handles = addItem<DesirabilityHandlesItem>();
    connect(m_handles, &DesirabilityHandlesItem::moved, this, &DesirabilityPlot::redraw);
    connect(m_handles, &DesirabilityHandlesItem::settled, this, &DesirabilityPlot::redraw);
    AxisSpec desirability;
    desirability.title = tr("desirability");
    desirability.limits = AxisRange{0.0, 1.0};
    yAxis().setSpec(desirability);
    setMinimumHeight(190);
    setToolTip(tr("Drag the squares to move limits and target, the diamonds to bend the curve. "
                  "Custom curves: double click adds or removes a knot.\n"
                  "Keys: Page Down chooses a handle, arrows move it, Insert and Delete add and remove knots, "
                  "Escape takes a drag back."));
}

void DesirabilityPlot::setMeasure(const QString& name, const QString& unit) {
    m_name = name;
    m_unit = unit;
    setPlotName(QStringLiteral("desirability-") + name);
    setAccessibleName(tr("Desirability of %1").arg(name));
}

void DesirabilityPlot::setFunction(const DesirabilityFunction& function, const QString& problem) {
    m_function = function;
    m_handles->setShape(function.shape);
    setMessage(problem);
    redraw();
}

void DesirabilityPlot::setMeasured(const std::vector<double>& values) {
    if (values == m_values)
        return;
    m_values = values;
    m_histogram->setValues(values);
    redraw();
}

void DesirabilityPlot::setBest(qint64 trial, std::optional<double> value) {
    if (m_bestTrial == trial && m_bestValue == value)
        return;
    m_bestTrial = trial;
    m_bestValue = value;
    redraw();
}

void DesirabilityPlot::setEditable(bool editable) {
    m_handles->setEditable(editable);
}

void DesirabilityPlot::redraw() {
    m_function.shape = m_handles->present();
    if (!m_handles->isDragging())
        updateAxis();
    updateCurve();
    refresh();
}

void DesirabilityPlot::updateAxis() {
    AxisSpec spec;
    spec.title = m_name;
    spec.unit = m_unit;
    const auto limits = limitsOf(m_function.shape);
    if (const auto* categories = std::get_if<DesirabilityCategories>(&m_function.shape)) {
        spec.kind = AxisKind::Category;
        for (const auto& [level, d] : categories->values)
            spec.categories << QString::fromStdString(level);
    }
    m_handles->setLevels(spec.categories);
    xAxis().setSpec(spec);
    if (!limits) {
        setSharedX(std::nullopt);
        return;
    }
    AxisRange range{std::min(limits->first, limits->second), std::max(limits->first, limits->second)};
    std::vector<double> finite = m_values;
    std::erase_if(finite, [](double value) { return !std::isfinite(value); });
    if (!finite.empty()) {
        // A diverged measurement must not press the handles together.
        const AxisRange bulk = bulkRange(std::move(finite));
        range = {std::min(range.low, bulk.low), std::max(range.high, bulk.high)};
    }
    const double room = range.span() > 0.0 ? kRoom * range.span() : 1.0;
    setSharedX(AxisRange{range.low - room, range.high + room});
}

std::optional<double> DesirabilityPlot::desirabilityOf(double value) const {
    const auto curve = Desirability::make(m_function);
    if (!curve.ok() || curve->isCategorical())
        return std::nullopt;
    return curve->value(value);
}

void DesirabilityPlot::updateCurve() {
    std::vector<double> x;
    std::vector<double> d;
    std::vector<ShadeItem::Interval> zeros;
    const auto curve = Desirability::make(m_function);
    if (curve.ok() && !curve->isCategorical()) {
        const double floor = curve->tolerance();
        const auto add = [&](double at, double value) {
            x.push_back(at);
            d.push_back(std::max(value, floor));
        };
        const auto pieces = curve->pieces();
        const double low = pieces.front().from;
        const double high = pieces.back().to;
        const double far = 10.0 * (high - low) + (m_values.empty() ? 0.0 : [&] {
                               double reach = 0.0;
                               for (const double value : m_values)
                                   if (std::isfinite(value))
                                       reach = std::max(reach, std::abs(value - low));
                               return reach;
                           }());
        add(low - far, curve->leftValue());
        add(low, curve->leftValue());
        for (const Desirability::Piece& piece : pieces) {
            const int count = piece.exponent == 1.0 || piece.start == piece.end ? 1 : kPointsPerPiece;
            for (int i = 0; i <= count; ++i) {
                const double share = static_cast<double>(i) / count;
                const double u = piece.start + share * (piece.end - piece.start);
                add(i == count ? piece.to : piece.from + share * (piece.to - piece.from),
                    std::pow(u, piece.exponent));
            }
        }
        add(high, curve->rightValue());
        add(high + far, curve->rightValue());
        if (std::max(curve->leftValue(), floor) == 0.0)
            zeros.push_back({low - far, low});
        if (std::max(curve->rightValue(), floor) == 0.0)
            zeros.push_back({high, high + far});
    }
    m_curve->setData(std::move(x), std::move(d));
    m_zero->setIntervals(std::move(zeros));
    std::vector<PlotPoint> best;
    if (m_bestTrial != 0 && m_bestValue)
        if (const auto value = desirabilityOf(*m_bestValue))
            best.push_back({*m_bestValue, *value, m_bestTrial});
    m_best->setPoints(std::move(best));
}

void DesirabilityPlot::mouseDoubleClickEvent(QMouseEvent* event) {
    const QPointF position = mapToScene(event->pos());
    if (shapeKind(m_handles->present()) != ShapeKind::Custom || event->button() != Qt::LeftButton ||
        !plotRect().contains(position))
        return PlotView::mouseDoubleClickEvent(event);
    if (const auto knot = m_handles->handleAt(position))
        m_handles->removeKnot(*knot);
    else
        m_handles->addKnot(xAxis().toValue(position.x()), yAxis().toValue(position.y()));
    event->accept();
}

} // namespace alidade

#include "moc_desirability_plot.cpp"
