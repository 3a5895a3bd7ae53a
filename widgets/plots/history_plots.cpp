#include "plots/history_plots.h"

#include "plots/plot_axis.h"
#include "plots/series_items.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

AxisRange withRoom(AxisRange range) {
    const double pad = range.span() > 0.0 ? 0.06 * range.span() : std::max(1e-9, 0.1 * std::abs(range.low));
    return {range.low - pad, range.high + pad};
}

/// The interval of each step; of no width where it is not known.
void setInterval(BandItem& band, const BestSoFarData& shown) {
    std::vector<double> low = shown.bestLow;
    std::vector<double> high = shown.bestHigh;
    for (std::size_t i = 0; i < low.size(); ++i)
        if (!std::isfinite(low[i]) || !std::isfinite(high[i]) ||
            !std::isfinite(toAxis(shown.measure.kind, low[i])))
            low[i] = high[i] = shown.bestY[i];
    band.setSteps(shown.bestX, low, high);
}

} // namespace

std::vector<PointStyle> trialStyles() {
    const auto style = [](const QString& name, PlotRole role, bool filled = true) {
        return PointStyle{name, role, roleMarker(role), 7.0, filled};
    };
    PointStyle excluded = style(BestSoFarPlot::tr("excluded"), PlotRole::Infeasible, false);
    excluded.shape = MarkerShape::Circle;
    return {style(BestSoFarPlot::tr("manual"), PlotRole::OriginManual),
            style(BestSoFarPlot::tr("imported"), PlotRole::OriginImported),
            style(BestSoFarPlot::tr("initial design"), PlotRole::OriginInitial),
            style(BestSoFarPlot::tr("random"), PlotRole::OriginRandom),
            style(BestSoFarPlot::tr("model"), PlotRole::OriginModel),
            style(BestSoFarPlot::tr("outside a limit"), PlotRole::Infeasible),
            excluded};
}

BestSoFarPlot::BestSoFarPlot(QWidget* parent) : PlotView(parent) {
    m_interval = addItem<BandItem>(PlotRole::Best);
    m_interval->setName(tr("its 95 % interval"));
    m_trials = addItem<PointsItem>(trialStyles());
    m_best = addItem<LineItem>(LineStyle{PlotRole::Best, Qt::SolidLine, 2.2}, true);
    m_best->setName(tr("best so far"));
    m_optimum = addItem<LevelItem>(PlotRole::Best, Qt::DotLine);
    m_optimum->setName(tr("known optimum"));
    for (LevelItem*& level : m_wanted)
        level = addItem<LevelItem>(PlotRole::Best, Qt::DashLine);
    using Border = BorderMarksItem::Border;
    m_failed = addItem<BorderMarksItem>(PlotRole::Failed, MarkerShape::Cross, Border::Bottom);
    m_failed->setName(tr("failed"));
    m_above = addItem<BorderMarksItem>(PlotRole::Observed, MarkerShape::TriangleUp, Border::Top);
    m_above->setName(tr("above the axis"));
    m_below = addItem<BorderMarksItem>(PlotRole::Observed, MarkerShape::TriangleDown, Border::Bottom);
    m_below->setName(tr("below the axis"));
    AxisSpec evaluations;
    evaluations.title = tr("finished trials");
    evaluations.kind = AxisKind::Integer;
    xAxis().setSpec(evaluations);
}

void BestSoFarPlot::setTrialText(TrialText text) {
    m_trials->setReadoutText([text](const PlotPoint& point) { return text(point.key); });
    const auto ofMark = [text](const BorderMarksItem::Mark& mark) { return text(mark.key); };
    m_failed->setReadoutText(ofMark);
    m_above->setReadoutText(ofMark);
    m_below->setReadoutText(ofMark);
}

void BestSoFarPlot::setData(const BestSoFarData& shown) {
    yAxis().setSpec(shown.measure);
    const AxisKind kind = shown.measure.kind;
    std::vector<double> values;
    for (const PlotPoint& point : shown.trials)
        if (const double v = toAxis(kind, point.y); std::isfinite(v))
            values.push_back(v);
    AxisRange range = bulkRange(values);
    const auto include = [&](double value) {
        if (const double v = toAxis(kind, value); std::isfinite(v))
            range = {std::min(range.low, v), std::max(range.high, v)};
    };
    if (!shown.bestY.empty())
        include(shown.bestY.back());
    if (shown.knownOptimum)
        include(*shown.knownOptimum);
    for (const double level : shown.wanted)
        include(level);
    std::vector<BorderMarksItem::Mark> above;
    std::vector<BorderMarksItem::Mark> below;
    for (const PlotPoint& point : shown.trials) {
        const double v = toAxis(kind, point.y);
        if (point.y > 0.0 ? !(v <= range.high) : v > range.high)
            above.push_back({point.x, point.key});
        else if (!(v >= range.low))
            below.push_back({point.x, point.key});
    }
    m_trials->setPoints(shown.trials);
    m_best->setData(shown.bestX, shown.bestY);
    m_best->setInLegend(shown.wanted.empty() || !shown.bestY.empty());
    m_best->setName(shown.replicated ? tr("best so far (mean of replicates)") : tr("best so far"));
    setInterval(*m_interval, shown);
    m_interval->setVisible(!shown.bestLow.empty());
    m_interval->setInLegend(!shown.bestLow.empty());
    m_optimum->setVisible(shown.knownOptimum.has_value());
    m_optimum->setInLegend(shown.knownOptimum.has_value());
    if (shown.knownOptimum)
        m_optimum->setLevel(*shown.knownOptimum);
    for (std::size_t i = 0; i < m_wanted.size(); ++i) {
        const bool used = i < shown.wanted.size();
        m_wanted[i]->setName(shown.wanted.size() > 1 ? tr("wanted range") : tr("target"));
        m_wanted[i]->setVisible(used);
        m_wanted[i]->setInLegend(used && i == 0);
        if (used)
            m_wanted[i]->setLevel(shown.wanted[i]);
    }
    m_failed->setMarks(shown.failed);
    m_above->setMarks(std::move(above));
    m_below->setMarks(std::move(below));
    range = withRoom(range);
    setSharedY(values.empty()
                   ? std::nullopt
                   : std::optional(AxisRange{fromAxis(kind, range.low), fromAxis(kind, range.high)}));
    refresh();
}

RegretPlot::RegretPlot(QWidget* parent) : PlotView(parent) {
    m_line = addItem<LineItem>(LineStyle{PlotRole::Best, Qt::SolidLine, 2.2}, true);
    m_line->setName(tr("regret of the best so far"));
    m_reached =
        addItem<BorderMarksItem>(PlotRole::Best, MarkerShape::TriangleDown, BorderMarksItem::Border::Bottom);
    m_reached->setName(tr("regret 0 or below"));
    AxisSpec evaluations;
    evaluations.title = tr("finished trials");
    evaluations.kind = AxisKind::Integer;
    xAxis().setSpec(evaluations);
}

void RegretPlot::setData(const AxisSpec& measure, const std::vector<double>& x,
                         const std::vector<double>& regret) {
    AxisSpec spec;
    spec.title = tr("regret of %1").arg(measure.title);
    spec.unit = measure.unit;
    spec.kind = AxisKind::Log;
    yAxis().setSpec(spec);
    std::vector<BorderMarksItem::Mark> reached;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!(regret[i] > 0.0))
            reached.push_back({x[i], 0});
    m_line->setData(x, regret);
    m_reached->setMarks(std::move(reached));
    refresh();
}

MeasuredFrontPlot::MeasuredFrontPlot(QWidget* parent) : PlotView(parent) {
    m_trials = addItem<PointsItem>(trialStyles());
    m_trials->setInLegend(false); // as in the best so far beside it
    m_border = addItem<LineItem>(LineStyle{PlotRole::Best, Qt::SolidLine, 1.6});
    m_border->setName(tr("measured front"));
    m_front = addItem<PointsItem>(
        std::vector<PointStyle>{{tr("not dominated"), PlotRole::Best, MarkerShape::Star, 9.0}});
}

void MeasuredFrontPlot::setTrialText(TrialText text) {
    for (PointsItem* item : {m_trials, m_front})
        item->setReadoutText([text](const PlotPoint& point) { return text(point.key); });
}

void MeasuredFrontPlot::setData(const FrontPlotData& shown) {
    xAxis().setSpec(shown.x);
    yAxis().setSpec(shown.y);
    m_trials->setPoints(shown.trials);
    m_front->setPoints(shown.front);
    m_border->setData(shown.borderX, shown.borderY);
    // The bulk and the whole front; how many trials that leaves out is said.
    const auto range = [&shown](auto coordinate) {
        std::vector<double> values;
        for (const PlotPoint& point : shown.trials)
            values.push_back(coordinate(point));
        for (const PlotPoint& point : shown.front)
            values.push_back(coordinate(point));
        AxisRange bulk = bulkRange(values);
        for (const PlotPoint& point : shown.front)
            bulk = {std::min(bulk.low, coordinate(point)), std::max(bulk.high, coordinate(point))};
        return bulk;
    };
    const AxisRange x = range([](const PlotPoint& point) { return point.x; });
    const AxisRange y = range([](const PlotPoint& point) { return point.y; });
    const auto outside = std::count_if(shown.trials.begin(), shown.trials.end(), [&](const PlotPoint& point) {
        return point.x < x.low || point.x > x.high || point.y < y.low || point.y > y.high;
    });
    setTitle(outside == 0 ? tr("Measured front") : tr("Measured front (off the axes: %1)").arg(outside));
    const bool any = !shown.trials.empty() || !shown.front.empty();
    setSharedX(any ? std::optional(withRoom(x)) : std::nullopt);
    setSharedY(any ? std::optional(withRoom(y)) : std::nullopt);
    refresh();
}

} // namespace alidade
