#include "plots/importance_plots.h"

#include "plots/bar_item.h"
#include "plots/heat_map_item.h"
#include "plots/plot_axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {

namespace {

/// Category i of the axis is at i and up is more: the first name comes last.
AxisSpec namesAxis(const QString& title, const QStringList& names) {
    AxisSpec spec;
    spec.title = title;
    spec.kind = AxisKind::Category;
    for (auto name = names.rbegin(); name != names.rend(); ++name)
        spec.categories << *name;
    return spec;
}

std::vector<BarItem::Bar> barsOf(const std::vector<IntervalValue>& values) {
    std::vector<BarItem::Bar> bars;
    for (std::size_t i = 0; i < values.size(); ++i)
        bars.push_back(
            {static_cast<double>(values.size() - 1 - i), values[i].value, values[i].low, values[i].high});
    return bars;
}

} // namespace

SharesPlot::SharesPlot(QWidget* parent) : PlotView(parent) {
    m_alone = addItem<BarItem>(PlotRole::Mean, BarItem::Fill::Solid, 0.18, 0.32);
    m_alone->setName(tr("alone (first order)"));
    m_total = addItem<BarItem>(PlotRole::Mean, BarItem::Fill::Light, -0.18, 0.32);
    m_total->setName(tr("with interactions (total)"));
    AxisSpec share;
    share.title = tr("share of the variance");
    share.limits = AxisRange{0.0, 1.0};
    xAxis().setSpec(share);
}

void SharesPlot::setData(const QStringList& names, const std::vector<IntervalValue>& alone,
                         const std::vector<IntervalValue>& total) {
    yAxis().setSpec(namesAxis(tr("parameter"), names));
    m_alone->setBars(barsOf(alone));
    m_total->setBars(barsOf(total));
    refresh();
}

PermutationPlot::PermutationPlot(QWidget* parent) : PlotView(parent) {
    m_increases = addItem<BarItem>(PlotRole::Acquisition, BarItem::Fill::Solid, 0.0, 0.5);
    m_increases->setName(tr("error added by shuffling"));
    AxisSpec increase;
    increase.title = tr("increase of the error / variance of the outcomes");
    xAxis().setSpec(increase);
}

void PermutationPlot::setData(const QStringList& names, const std::vector<IntervalValue>& increases) {
    yAxis().setSpec(namesAxis(tr("parameter"), names));
    m_increases->setBars(barsOf(increases));
    refresh();
}

InteractionPlot::InteractionPlot(QWidget* parent) : PlotView(parent) {
    m_map = addItem<HeatMapItem>();
    m_map->setIsolinesShown(false);
}

void InteractionPlot::setData(const QStringList& names, const std::vector<double>& shares) {
    AxisSpec across;
    across.title = tr("parameter");
    across.kind = AxisKind::Category;
    across.categories = names;
    across.tight = true;
    AxisSpec down = namesAxis(tr("parameter"), names);
    down.tight = true;
    xAxis().setSpec(across);
    yAxis().setSpec(down);
    const auto count = static_cast<std::size_t>(names.size());
    GridField field;
    for (std::size_t i = 0; i < count; ++i) {
        field.x.push_back(static_cast<double>(i));
        field.y.push_back(static_cast<double>(i));
    }
    double largest = 0.01; // below a hundredth a colour would only show noise
    for (std::size_t j = 0; j < count; ++j) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t row = count - 1 - j;
            const double share =
                row == i ? std::numeric_limits<double>::quiet_NaN() : std::max(0.0, shares[row * count + i]);
            field.values.push_back(share);
            if (share > largest)
                largest = share;
        }
    }
    AxisSpec quantity;
    quantity.title = tr("share of the variance");
    m_map->setName(tr("interaction"));
    m_map->setColorRange(std::pair(0.0, largest));
    m_map->setField(std::move(field), quantity);
    refresh();
}

} // namespace alidade

#include "moc_importance_plots.cpp"
