#include "plots/front_plot.h"

#include "plots/plot_axis.h"
#include "plots/series_items.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

AxisRange withFrontRoom(AxisRange range) {
    const double pad = range.span() > 0.0 ? 0.06 * range.span() : std::max(1e-9, 0.1 * std::abs(range.low));
    return {range.low - pad, range.high + pad};
}

} // namespace

std::vector<PointStyle> frontStyles() {
    return {
        {FrontScatter::tr("not dominated"), PlotRole::Best, MarkerShape::Star, 12.0},
        {FrontScatter::tr("second layer"), PlotRole::Observed, MarkerShape::Diamond, 9.0},
        {FrontScatter::tr("dominated"), PlotRole::Observed, MarkerShape::Circle, 7.0},
        {FrontScatter::tr("outside a limit"), PlotRole::Infeasible, MarkerShape::Plus, 9.0},
        {FrontScatter::tr("waiting, where predicted"), PlotRole::Pending, MarkerShape::Circle, 9.0, false},
        {FrontScatter::tr("failed, where predicted"), PlotRole::Failed, MarkerShape::Cross, 9.0},
        {FrontScatter::tr("modelled front"), PlotRole::Mean, MarkerShape::TriangleUp, 6.0, false}};
}

FrontScatter::FrontScatter(bool small, QWidget* parent) : PlotView(parent) {
    m_band = addItem<BandItem>(PlotRole::Mean);
    m_band->setName(tr("modelled front, 95 % of samples"));
    m_middle = addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::DashLine, 1.4});
    m_middle->setName(tr("modelled front, median"));
    for (std::size_t i = 0; i < kMostLayers; ++i) {
        const bool front = i == 0;
        m_layers.push_back(
            addItem<LineItem>(LineStyle{front ? PlotRole::Best : PlotRole::Observed,
                                        front ? Qt::SolidLine : Qt::DotLine, front ? 1.8 : 1.2}));
        if (front)
            m_layers.back()->setName(tr("measured front"));
    }
    m_errors = addItem<CrossBarsItem>(PlotRole::Observed);
    m_errors->setName(tr("± 1 standard deviation"));
    m_points = addItem<PointsItem>(frontStyles());
    m_reference = addItem<ReferenceItem>();
    m_reference->setVisible(!small);
    m_reference->setEditable(!small);
    if (small) {
        setLegendShown(false, false);
        setFontScale(0.85);
    }
    setBand({});
}

void FrontScatter::setTrialText(TrialText text) {
    m_points->setReadoutText([this, text](const PlotPoint& point) {
        return point.key != 0 ? text(point.key)
                              : tr("Predicted") + QLatin1Char('\n') + xAxis().valueText(point.x) +
                                    QLatin1Char('\n') + yAxis().valueText(point.y);
    });
}

void FrontScatter::setLayersShown(bool shown) {
    for (std::size_t i = 1; i < m_layers.size(); ++i)
        m_layers[i]->setVisible(shown);
}

void FrontScatter::setErrorsShown(bool shown) {
    m_errors->setVisible(shown);
}

void FrontScatter::setBandShown(bool shown) {
    m_band->setVisible(shown);
    m_middle->setVisible(shown);
}

void FrontScatter::setBand(const FrontBand& band) {
    m_band->setInLegend(!band.x.empty());
    m_middle->setInLegend(!band.x.empty());
    m_band->setData(band.x, band.low, band.high);
    m_middle->setData(band.x, band.middle);
}

void FrontScatter::setData(const FrontScatterData& shown) {
    xAxis().setSpec(shown.x);
    yAxis().setSpec(shown.y);
    m_points->setPoints(shown.points);
    m_errors->setCrosses(shown.errors);
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const FrontLine line = i < shown.layers.size() ? shown.layers[i] : FrontLine{};
        m_layers[i]->setInLegend(!line.x.empty());
        m_layers[i]->setData(line.x, line.y);
    }
    m_reference->setPoint(shown.reference, shown.referenceInferred);
    setBand(shown.band);
    // The bulk, the whole front, the reference, and what is near these of the modelled front; how many trials
    // that leaves out is said.
    const auto range = [&shown](auto coordinate, std::optional<double> reference,
                                const std::vector<const std::vector<double>*>& modelled) {
        std::vector<double> values;
        for (const PlotPoint& point : shown.points)
            values.push_back(coordinate(point));
        AxisRange bulk = bulkRange(values);
        const auto include = [&bulk](double value) {
            bulk = {std::min(bulk.low, value), std::max(bulk.high, value)};
        };
        for (const PlotPoint& point : shown.points)
            if (point.style == static_cast<int>(FrontStyle::OnFront))
                include(coordinate(point));
        if (reference)
            include(*reference);
        const AxisRange near{bulk.low - bulk.span(), bulk.high + bulk.span()};
        for (const std::vector<double>* line : modelled)
            for (const double value : *line)
                include(std::clamp(value, near.low, near.high));
        return withFrontRoom(bulk);
    };
    if (m_reference->isDragging()) {
        refresh();
        return; // the axes keep still
    }
    const bool framed = shown.reference && m_reference->isVisible();
    const AxisRange x = range([](const PlotPoint& point) { return point.x; },
                              framed ? std::optional(shown.reference->x()) : std::nullopt, {&shown.band.x});
    const AxisRange y = range([](const PlotPoint& point) { return point.y; },
                              framed ? std::optional(shown.reference->y()) : std::nullopt,
                              {&shown.band.low, &shown.band.high});
    const auto outside = std::count_if(shown.points.begin(), shown.points.end(), [&](const PlotPoint& point) {
        return point.key != 0 && (point.x < x.low || point.x > x.high || point.y < y.low || point.y > y.high);
    });
    setTitle(outside == 0 ? QString() : tr("Off the axes: %n trial(s)", nullptr, static_cast<int>(outside)));
    setSharedX(shown.points.empty() ? std::nullopt : std::optional(x));
    setSharedY(shown.points.empty() ? std::nullopt : std::optional(y));
    refresh();
}

HypervolumePlot::HypervolumePlot(QWidget* parent) : PlotView(parent) {
    m_line = addItem<LineItem>(LineStyle{PlotRole::Best, Qt::SolidLine, 2.2}, true);
    m_line->setName(tr("hypervolume"));
    AxisSpec trials;
    trials.title = tr("finished trials");
    trials.kind = AxisKind::Integer;
    xAxis().setSpec(trials);
    setLegendShown(false, false);
    setPlotName(QStringLiteral("hypervolume"));
    setTitle(tr("Hypervolume of the measured front"));
}

void HypervolumePlot::setData(const std::vector<double>& order, const std::vector<double>& volume,
                              const QString& unit) {
    AxisSpec spec;
    spec.title = tr("hypervolume");
    spec.unit = unit;
    yAxis().setSpec(spec);
    m_line->setData(order, volume);
    refresh();
}

} // namespace alidade

#include "moc_front_plot.cpp"
