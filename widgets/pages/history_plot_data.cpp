#include "pages/history_plot_data.h"

#include "pages/fronts_targets.h"
#include "plots/number_text.h"
#include "study/best_end.h"

#include <QCoreApplication>

namespace alidade {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(History)
};

int styleOf(Origin origin, bool feasible, bool excluded) {
    if (excluded)
        return static_cast<int>(TrialStyle::Excluded);
    return feasible ? static_cast<int>(origin) : static_cast<int>(TrialStyle::Infeasible);
}

TimelineBarData::Kind kindOf(TrialState state) {
    switch (state) {
    case TrialState::Complete: return TimelineBarData::Kind::Complete;
    case TrialState::Running: return TimelineBarData::Kind::Running;
    case TrialState::Pending: return TimelineBarData::Kind::Waiting;
    default: return TimelineBarData::Kind::Failed;
    }
}

} // namespace

AxisSpec measureSpec(const Objective& objective) {
    AxisSpec spec;
    spec.title = QString::fromStdString(objective.name);
    spec.unit = QString::fromStdString(objective.unit);
    return spec;
}

BestSoFarData bestSoFarData(const MeasureHistory& history, bool logarithmic) {
    BestSoFarData data;
    data.measure = measureSpec(history.objective);
    if (logarithmic)
        data.measure.kind = AxisKind::Log;
    for (const HistoryRow& row : history.rows) {
        if (row.value) {
            PlotPoint point{static_cast<double>(row.order), *row.value, row.id.value};
            point.style = styleOf(row.origin, row.feasible, row.excluded);
            point.error = row.noiseSd;
            data.trials.push_back(point);
        } else {
            data.failed.push_back({static_cast<double>(row.order), row.id.value});
        }
    }
    data.bestX = history.bestOrder;
    data.bestY = history.bestValue;
    data.bestLow = history.bestLow;
    data.bestHigh = history.bestHigh;
    data.replicated = history.replicated;
    data.knownOptimum = history.objective.knownOptimum;
    if (!oneEndIsBest(history.objective)) {
        const DesirabilityShape& shape = history.objective.desirability->shape;
        if (const auto* target = std::get_if<DesirabilityTarget>(&shape))
            data.wanted = {target->target};
        else if (const auto* box = std::get_if<DesirabilityBox>(&shape))
            data.wanted = {box->low, box->high};
    }
    return data;
}

FrontPlotData frontPlotData(const TrialFront& front, const Objective& x, const Objective& y) {
    FrontPlotData data;
    data.x = measureSpec(x);
    data.y = measureSpec(y);
    for (const FrontRow& row : front.rows) {
        PlotPoint point{row.x, row.y, row.id.value};
        point.style = row.onFront ? 0 : styleOf(row.origin, row.feasible, false);
        (row.onFront ? data.front : data.trials).push_back(point);
    }
    data.borderX = front.borderX;
    data.borderY = front.borderY;
    return data;
}

std::vector<TimelineBarData> timelineData(const Timeline& shown) {
    std::vector<TimelineBarData> data;
    for (const std::vector<TimelineBar>* const bars : {&shown.ran, &shown.waited})
        for (const TimelineBar& bar : *bars)
            data.push_back({bar.start, bar.end, bar.lane, bar.id.value, kindOf(bar.state)});
    return data;
}

QString directionTitle(const Objective& objective) {
    const QString name = QString::fromStdString(objective.name);
    if (!oneEndIsBest(objective)) {
        const auto number = [&objective](double value) {
            return withUnit(formatNumber(value), QString::fromStdString(objective.unit));
        };
        const DesirabilityShape& shape = objective.desirability->shape;
        if (const auto* target = std::get_if<DesirabilityTarget>(&shape))
            return Text::tr("%1: %2 is best").arg(name, number(target->target));
        if (const auto* box = std::get_if<DesirabilityBox>(&shape))
            return Text::tr("%1: between %2 and %3").arg(name, number(box->low), number(box->high));
        return Text::tr("%1: by its desirability").arg(name);
    }
    return objective.goal == Goal::Minimize ? Text::tr("%1: smaller is better").arg(name)
                                            : Text::tr("%1: larger is better").arg(name);
}

FrontPlotData measuredFrontData(const Study& study, std::size_t x, std::size_t y) {
    const auto data = [x, y](const Study& shown) {
        const std::vector<Objective>& objectives = shown.definition.objectives;
        return frontPlotData(trialFront(shown, objectives[x], objectives[y]), objectives[x], objectives[y]);
    };
    const std::vector<bool> targeted = targetedObjectives(study.definition);
    return targeted[x] || targeted[y] ? data(distancesFromTargets(study)) : data(study);
}

HistoryProgress historyProgress(const Study& study, bool logarithmic) {
    HistoryProgress progress;
    const std::vector<Objective>& objectives = study.definition.objectives;
    for (const Objective& objective : objectives) {
        const MeasureHistory history = measureHistory(study, objective);
        progress.measures.push_back({objective, bestSoFarData(history, logarithmic), history.regret});
    }
    if (const auto history = desirabilityHistory(study))
        progress.desirability = {history->objective, bestSoFarData(*history, false), {}};
    if (objectives.size() == 2)
        progress.front = measuredFrontData(study, 0, 1);
    return progress;
}

} // namespace alidade
