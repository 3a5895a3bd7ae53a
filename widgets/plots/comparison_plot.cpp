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
        m_bands.push_back(addItem<BandItem>(PlotRole::Mean, series));
        m_bands.back()->setInLegend(false);
        m_lines.push_back(addItem<LineItem>(LineStyle{PlotRole::Mean, dash, 2.0, series}, true));
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const ComparisonCurve& curve = curves[i];
        m_lines[i]->setName(curve.name);
        m_lines[i]->setData(curve.x, curve.y);
        m_bands[i]->setName(curve.name);
        m_bands[i]->setSteps(curve.x, curve.low, curve.high);
    }
    refresh();
}

} // namespace alidade

#include "moc_comparison_plot.cpp"
