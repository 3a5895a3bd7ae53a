#include "pages/history_data.h"

#include "pareto/dominance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace alidade {

namespace {

std::optional<double> valueOf(const Trial& trial, MeasureId measure) {
    const auto found = trial.values.find(measure);
    if (found == trial.values.end())
        return std::nullopt;
    return found->second.value;
}

double worse(Goal goal, double a, double b) {
    return isBetter(goal, a, b) ? b : a;
}

} // namespace

std::vector<const Trial*> finishedTrials(const Study& study) {
    std::vector<const Trial*> finished;
    for (const Trial& trial : study.trials)
        if (trial.state == TrialState::Complete || trial.state == TrialState::Failed ||
            trial.state == TrialState::Stopped)
            finished.push_back(&trial);
    std::stable_sort(finished.begin(), finished.end(), [](const Trial* a, const Trial* b) {
        return std::tie(a->finishedMs, a->id) < std::tie(b->finishedMs, b->id);
    });
    return finished;
}

MeasureHistory measureHistory(const Study& study, const Objective& objective) {
    MeasureHistory history;
    history.objective = objective;
    std::optional<double> best;
    for (const Trial* trial : finishedTrials(study)) {
        HistoryRow row;
        row.id = trial->id;
        row.order = static_cast<int>(history.rows.size()) + 1;
        row.origin = trial->origin;
        row.failed = trial->state != TrialState::Complete;
        row.excluded = trial->excluded;
        row.feasible = isFeasible(study.definition, *trial);
        if (!row.failed)
            row.value = valueOf(*trial, objective.id);
        if (const auto measured = trial->values.find(objective.id); measured != trial->values.end())
            row.noiseSd = measured->second.noiseSd.value_or(0.0);
        if (row.feasible && row.value && std::isfinite(*row.value) &&
            (!best || isBetter(objective.goal, *row.value, *best))) {
            best = row.value;
            history.bestOrder.push_back(row.order);
            history.bestValue.push_back(*best);
            history.incumbents.push_back(row.id);
        }
        history.rows.push_back(row);
    }
    if (best && history.bestOrder.back() < static_cast<double>(history.rows.size())) {
        history.bestOrder.push_back(static_cast<double>(history.rows.size()));
        history.bestValue.push_back(*best);
    }
    if (objective.knownOptimum) {
        const double sign = objective.goal == Goal::Minimize ? 1.0 : -1.0;
        for (const double value : history.bestValue)
            history.regret.push_back(std::max(0.0, sign * (value - *objective.knownOptimum)));
    }
    return history;
}

TrialFront trialFront(const Study& study, const Objective& x, const Objective& y) {
    TrialFront front;
    for (const Trial* trial : finishedTrials(study)) {
        const auto valueX = valueOf(*trial, x.id);
        const auto valueY = valueOf(*trial, y.id);
        if (trial->state != TrialState::Complete || trial->excluded || !valueX || !valueY ||
            !std::isfinite(*valueX) || !std::isfinite(*valueY))
            continue;
        front.rows.push_back(
            {trial->id, *valueX, *valueY, trial->origin, isFeasible(study.definition, *trial), false});
    }
    const double signX = x.goal == Goal::Minimize ? 1.0 : -1.0;
    const double signY = y.goal == Goal::Minimize ? 1.0 : -1.0;
    ObjectiveMatrix points(static_cast<Eigen::Index>(front.rows.size()), 2);
    for (std::size_t i = 0; i < front.rows.size(); ++i) {
        const double missing = std::numeric_limits<double>::quiet_NaN();
        const FrontRow& row = front.rows[i];
        points(static_cast<Eigen::Index>(i), 0) = row.feasible ? signX * row.x : missing;
        points(static_cast<Eigen::Index>(i), 1) = row.feasible ? signY * row.y : missing;
    }
    std::vector<const FrontRow*> best;
    for (const int index : paretoFront(points)) {
        front.rows[static_cast<std::size_t>(index)].onFront = true;
        best.push_back(&front.rows[static_cast<std::size_t>(index)]);
    }
    std::sort(best.begin(), best.end(), [](const FrontRow* a, const FrontRow* b) {
        return std::tie(a->x, a->y) < std::tie(b->x, b->y);
    });
    for (std::size_t i = 0; i < best.size(); ++i) {
        if (i > 0) {
            // Two neighbours dominate together all that is worse than both in each objective.
            front.borderX.push_back(worse(x.goal, best[i - 1]->x, best[i]->x));
            front.borderY.push_back(worse(y.goal, best[i - 1]->y, best[i]->y));
        }
        front.borderX.push_back(best[i]->x);
        front.borderY.push_back(best[i]->y);
    }
    return front;
}

std::vector<TimelineBar> timelineBars(const Study& study, std::int64_t nowMs) {
    std::vector<const Trial*> started;
    for (const Trial& trial : study.trials)
        if (trial.startedMs > 0 &&
            (trial.finishedMs >= trial.startedMs || trial.state == TrialState::Running))
            started.push_back(&trial);
    std::stable_sort(started.begin(), started.end(), [](const Trial* a, const Trial* b) {
        return std::tie(a->startedMs, a->id) < std::tie(b->startedMs, b->id);
    });
    std::vector<TimelineBar> bars;
    std::vector<double> freeFrom; // per lane
    for (const Trial* trial : started) {
        const std::int64_t end =
            trial->state == TrialState::Running ? std::max(nowMs, trial->startedMs) : trial->finishedMs;
        TimelineBar bar;
        bar.id = trial->id;
        bar.state = trial->state;
        bar.start = static_cast<double>(trial->startedMs - started.front()->startedMs) / 1000.0;
        bar.end = static_cast<double>(end - started.front()->startedMs) / 1000.0;
        bar.attempt = std::max(1, trial->attempt);
        const auto lane =
            std::find_if(freeFrom.begin(), freeFrom.end(), [&bar](double time) { return time <= bar.start; });
        bar.lane = static_cast<int>(lane - freeFrom.begin());
        if (lane == freeFrom.end())
            freeFrom.push_back(bar.end);
        else
            *lane = bar.end;
        bars.push_back(bar);
    }
    return bars;
}

} // namespace alidade
