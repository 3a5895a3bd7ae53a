#include "plots/comparison_plot.h"

#include "plots/clip.h"
#include "plots/plot_axis.h"
#include "plots/series_color.h"
#include "plots/series_items.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace alidade {

namespace {
constexpr std::array kDashes{Qt::SolidLine, Qt::DashLine, Qt::DashDotLine, Qt::DotLine};
constexpr float kBandOpacity = 0.18F;

/// What is worth seeing: a first value far from the rest does not press it flat.
std::optional<AxisRange> bulkOf(const std::vector<ComparisonCurve>& curves, AxisKind kind) {
    std::vector<double> values;
    for (const ComparisonCurve& curve : curves)
        for (const double value : curve.y)
            if (const double at = toAxis(kind, value); std::isfinite(at))
                values.push_back(at);
    if (values.empty())
        return std::nullopt;
    const AxisRange bulk = bulkRange(std::move(values));
    const double pad = bulk.span() > 0.0 ? 0.05 * bulk.span() : std::max(1e-9, 0.1 * std::abs(bulk.low));
    return AxisRange{fromAxis(kind, bulk.low - pad), fromAxis(kind, bulk.high + pad)};
}

} // namespace

SeriesBandItem::SeriesBandItem(PlotView& view, int series) : ChartItem(view), m_series(series) {
    setZValue(PlotLayer::kBand);
    setInLegend(false);
}

void SeriesBandItem::setData(const std::vector<double>& x, const std::vector<double>& low,
                             const std::vector<double>& high) {
    m_x.clear();
    m_low.clear();
    m_high.clear();
    for (std::size_t i = 0; i < low.size(); ++i) {
        if (!m_x.empty()) { // each value holds until the next
            m_x.push_back(x[i]);
            m_low.push_back(m_low.back());
            m_high.push_back(m_high.back());
        }
        m_x.push_back(x[i]);
        m_low.push_back(low[i]);
        m_high.push_back(high[i]);
    }
}

void SeriesBandItem::updateGeometry() {
    prepareGeometryChange();
    QPolygonF outline;
    for (std::size_t i = 0; i < m_x.size(); ++i)
        outline << toScene(m_x[i], m_high[i]);
    for (std::size_t i = m_x.size(); i-- > 0;)
        outline << toScene(m_x[i], m_low[i]);
    outline.removeIf([](const QPointF& p) { return !std::isfinite(p.x()) || !std::isfinite(p.y()); });
    m_polygon = clippedPolygon(outline, plotRect());
}

DataBounds SeriesBandItem::bounds() const {
    DataBounds bounds;
    for (std::size_t i = 0; i < m_x.size(); ++i) {
        bounds.add(m_x[i], m_low[i]);
        bounds.add(m_x[i], m_high[i]);
    }
    return bounds;
}

std::vector<PlotRow> SeriesBandItem::rows() const {
    std::vector<PlotRow> rows;
    for (std::size_t i = 0; i < m_x.size(); ++i)
        rows.push_back({name(), m_x[i], std::nan(""), m_low[i], m_high[i], 0});
    return rows;
}

void SeriesBandItem::draw(QPainter* painter, QWidget*) {
    if (m_polygon.size() < 3)
        return;
    QColor color = seriesColor(m_series, theme());
    color.setAlphaF(kBandOpacity);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPolygon(m_polygon);
}

ComparisonPlot::ComparisonPlot(QWidget* parent) : PlotView(parent) {}

void ComparisonPlot::setCurves(const AxisSpec& x, const AxisSpec& y,
                               const std::vector<ComparisonCurve>& curves) {
    xAxis().setSpec(x);
    yAxis().setSpec(y);
    setSharedY(y.limits ? std::nullopt : bulkOf(curves, y.kind));
    while (m_lines.size() > curves.size()) {
        removeItem(m_lines.back());
        removeItem(m_bands.back());
        m_lines.pop_back();
        m_bands.pop_back();
    }
    while (m_lines.size() < curves.size()) {
        const auto index = m_lines.size();
        const int series = static_cast<int>(index);
        const Qt::PenStyle dash = kDashes[index % kDashes.size()];
        m_bands.push_back(addItem<SeriesBandItem>(series));
        m_lines.push_back(addItem<LineItem>(LineStyle{PlotRole::Mean, dash, 2.0, series}, true));
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const ComparisonCurve& curve = curves[i];
        m_lines[i]->setName(curve.name);
        m_lines[i]->setData(curve.x, curve.y);
        m_bands[i]->setName(curve.name);
        m_bands[i]->setData(curve.x, curve.low, curve.high);
    }
    refresh();
}

} // namespace alidade

#include "moc_comparison_plot.cpp"
