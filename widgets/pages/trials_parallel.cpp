#include "pages/trials_parallel.h"

#include "pages/explore_axis.h"
#include "pages/history_data.h"
#include "suggest/summary.h"

#include <cmath>
#include <limits>
#include <set>

namespace alidade {

namespace {

std::set<TrialId> bestOf(const Study& study) {
    if (study.definition.objectives.size() == 1) {
        const Trial* best = bestMeasured(study);
        return best ? std::set<TrialId>{best->id} : std::set<TrialId>{};
    }
    const auto front = measuredFront(study);
    return front ? std::set<TrialId>(front->ids.begin(), front->ids.end()) : std::set<TrialId>{};
}

} // namespace

TrialsParallelData trialsParallelData(const Study& study) {
    constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
    const Definition& definition = study.definition;
    TrialsParallelData data;
    data.measures = definition.measures();
    std::vector<std::vector<double>> measured(data.measures.size());
    const std::vector<ExploreAxis> parameters = exploreAxes(definition.space);
    std::vector<const Parameter*> sources;
    for (const ExploreAxis& axis : parameters)
        sources.push_back(definition.space.find(axis.parameter));
    const std::set<TrialId> best = bestOf(study);
    for (const Trial* trial : finishedTrials(study)) {
        if (trial->excluded)
            continue;
        ParallelLine line;
        line.key = trial->id.value;
        line.strong = best.contains(trial->id);
        for (std::size_t m = 0; m < data.measures.size(); ++m) {
            const auto value = trial->values.find(data.measures[m]);
            const bool there = trial->state == TrialState::Complete && value != trial->values.end() &&
                               std::isfinite(value->second.value);
            line.values.push_back(there ? value->second.value : kMissing);
            if (there)
                measured[m].push_back(value->second.value);
        }
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const auto value = trial->setting.find(parameters[i].parameter);
            line.values.push_back(value == trial->setting.end()
                                      ? kMissing
                                      : axisPosition(*sources[i], parameters[i], value->second));
        }
        data.lines.push_back(std::move(line));
    }
    for (std::size_t m = 0; m < data.measures.size(); ++m) {
        ParallelAxis axis;
        axis.spec.title = QString::fromStdString(definition.measureName(data.measures[m]));
        axis.spec.unit = QString::fromStdString(definition.measureUnit(data.measures[m]));
        const Objective* objective = definition.findObjective(data.measures[m]);
        axis.isObjective = objective != nullptr;
        axis.downIsBetter = objective != nullptr && objective->goal == Goal::Minimize;
        AxisRange range = measured[m].empty() ? AxisRange{0.0, 1.0} : bulkRange(std::move(measured[m]));
        if (!(range.span() > 0.0))
            range = {range.low - 0.5, range.high + 0.5};
        axis.spec.limits = range;
        data.axes.push_back(std::move(axis));
    }
    for (std::size_t i = 0; i < parameters.size(); ++i)
        data.axes.push_back({axisSpec(*sources[i], parameters[i]), false, false});
    return data;
}

} // namespace alidade
