#include "pages/history_data.h"

#include "desirability/study_goals.h"
#include "pages/replicate_means.h"
#include "pareto/dominance.h"
#include "study/best_end.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
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

namespace {

/// `measured(trial)`: what a complete trial counts with, if anything.
template <typename Measured>
MeasureHistory historyOf(const Study& study, const Objective& objective, bool hasBest, Measured measured) {
    MeasureHistory history;
    history.objective = objective;
    ReplicateMeans means(objective.goal);
    std::optional<ReplicateMeans::Best> best;
    const auto push = [&history](double order, const ReplicateMeans::Best& at) {
        history.bestOrder.push_back(order);
        history.bestValue.push_back(at.value);
        history.bestLow.push_back(at.value - at.halfWidth);
        history.bestHigh.push_back(at.value + at.halfWidth);
    };
    for (const Trial* trial : finishedTrials(study)) {
        HistoryRow row;
        row.id = trial->id;
        row.order = static_cast<int>(history.rows.size()) + 1;
        row.origin = trial->origin;
        row.failed = trial->state != TrialState::Complete;
        row.excluded = trial->excluded;
        row.feasible = isFeasible(study.definition, *trial);
        if (const std::optional<Measurement> value = measured(*trial)) {
            if (!row.failed)
                row.value = value->value;
            row.noiseSd = value->noiseSd.value_or(0.0);
        }
        if (hasBest && row.feasible && row.value && std::isfinite(*row.value)) {
            means.add(trial->setting, *row.value, row.noiseSd, row.id);
            const ReplicateMeans::Best now = means.best();
            const bool changed = !best || now.value != best->value || now.setting != best->setting;
            const bool sameWidth = best && (now.halfWidth == best->halfWidth ||
                                            (std::isnan(now.halfWidth) && std::isnan(best->halfWidth)));
            if (changed)
                history.incumbents.push_back(now.newest);
            if (changed || !sameWidth)
                push(row.order, now);
            best = now;
        }
        history.rows.push_back(row);
    }
    if (best && history.bestOrder.back() < static_cast<double>(history.rows.size()))
        push(static_cast<double>(history.rows.size()), *best);
    history.replicated = means.replicated();
    if (std::all_of(history.bestLow.begin(), history.bestLow.end(), [](double v) { return std::isnan(v); })) {
        history.bestLow.clear();
        history.bestHigh.clear();
    }
    if (objective.knownOptimum) {
        const double sign = objective.goal == Goal::Minimize ? 1.0 : -1.0;
        for (const double value : history.bestValue)
            history.regret.push_back(std::max(0.0, sign * (value - *objective.knownOptimum)));
    }
    return history;
}

} // namespace

MeasureHistory measureHistory(const Study& study, const Objective& objective) {
    return historyOf(study, objective, oneEndIsBest(objective),
                     [&objective](const Trial& trial) -> std::optional<Measurement> {
                         const auto found = trial.values.find(objective.id);
                         return found == trial.values.end() ? std::nullopt : std::optional(found->second);
                     });
}

std::optional<MeasureHistory> desirabilityHistory(const Study& study) {
    const auto goals = studyGoals(study.definition);
    const auto ranking = rankByDesirability(study);
    if (!goals || !*goals || !(*goals)->complete || !ranking)
        return std::nullopt;
    std::map<TrialId, double> overall;
    for (const RankedTrial& row : ranking->rows)
        overall[row.id] = row.overall;
    Objective objective;
    objective.name = "overall desirability";
    objective.goal = Goal::Maximize;
    return historyOf(study, objective, true, [&overall](const Trial& trial) -> std::optional<Measurement> {
        const auto found = overall.find(trial.id);
        return found == overall.end() ? std::nullopt
                                      : std::optional(Measurement{found->second, std::nullopt});
    });
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

Timeline timeline(const Study& study, std::int64_t nowMs, int mostWaiting) {
    constexpr double kBefore = 0.1;    // of the time in which trials ran: waits are shown from here
    constexpr double kShortest = 0.01; // shorter waits are left out
    Timeline result;
    result.ran = timelineBars(study, nowMs);
    if (result.ran.empty())
        return result;
    double last = 0.0;
    std::int64_t firstMs = 0;
    for (const TimelineBar& bar : result.ran) {
        last = std::max(last, bar.end);
        if (bar.start == 0.0)
            firstMs = study.find(bar.id)->startedMs;
    }
    for (const Trial& trial : study.trials) {
        const bool pending = trial.state == TrialState::Pending;
        if (trial.createdMs <= 0 || (!pending && trial.startedMs <= trial.createdMs))
            continue;
        const auto seconds = [firstMs](std::int64_t ms) {
            return static_cast<double>(ms - firstMs) / 1000.0;
        };
        TimelineBar wait{trial.id, TrialState::Pending};
        wait.start = std::max(seconds(trial.createdMs), -kBefore * last);
        wait.end = pending ? last : std::min(seconds(trial.startedMs), last);
        if (wait.end - wait.start > kShortest * last)
            result.waited.push_back(wait);
    }
    std::stable_sort(result.waited.begin(), result.waited.end(),
                     [](const TimelineBar& a, const TimelineBar& b) {
                         return std::tie(a.start, a.id) < std::tie(b.start, b.id);
                     });
    std::vector<double> freeFrom;
    for (TimelineBar& wait : result.waited) {
        const auto lane = std::find_if(freeFrom.begin(), freeFrom.end(),
                                       [&wait](double time) { return time <= wait.start; });
        wait.lane = static_cast<int>(lane - freeFrom.begin());
        if (lane != freeFrom.end())
            *lane = wait.end;
        else if (static_cast<int>(freeFrom.size()) < mostWaiting)
            freeFrom.push_back(wait.end);
        else
            ++result.unshown;
    }
    std::erase_if(result.waited, [mostWaiting](const TimelineBar& wait) { return wait.lane >= mostWaiting; });
    return result;
}

} // namespace alidade
