#pragma once

#include "study/study.h"

#include <optional>
#include <vector>

namespace alidade {

/// One finished trial in the order of completion.
struct HistoryRow {
    TrialId id;
    int order = 0; ///< 1 = finished first
    Origin origin = Origin::Manual;
    bool failed = false;
    bool feasible = false; ///< complete, not excluded, within all limits
    bool excluded = false;
    std::optional<double> value; ///< measured, user's units; may be infinite
    double noiseSd = 0.0;        ///< 0: not given
    bool operator==(const HistoryRow&) const = default;
};

/// How one objective went. The best so far counts feasible trials only, in the direction of the goal. A
/// setting that was measured several times counts with the mean of what was measured until then, so that the
/// best so far can become worse when a lucky result is not confirmed.
struct MeasureHistory {
    Objective objective;
    std::vector<HistoryRow> rows;
    std::vector<double> bestOrder; ///< where the best (or its interval) changed, and the last trial
    std::vector<double> bestValue;
    /// 95 % interval of bestValue, one per entry: Student's, with the variance pooled over all replicates;
    /// before there are any, from known standard errors. NaN where neither tells; empty when nowhere.
    std::vector<double> bestLow;
    std::vector<double> bestHigh;
    bool replicated = false;         ///< some setting was measured more than once
    std::vector<TrialId> incumbents; ///< one per change of the best
    /// |best so far - known optimum| at bestOrder; negative differences (noise below the optimum) count as 0.
    /// Empty without a known optimum.
    std::vector<double> regret;
};

/// Complete, failed and stopped trials by time of completion, then by id.
[[nodiscard]] std::vector<const Trial*> finishedTrials(const Study& study);
/// Without a best so far unless oneEndIsBest().
[[nodiscard]] MeasureHistory measureHistory(const Study& study, const Objective& objective);

/// How the overall desirability D went, as an objective of its own that is maximised. Nothing unless every
/// objective of the study has a valid desirability.
[[nodiscard]] std::optional<MeasureHistory> desirabilityHistory(const Study& study);

/// Measured front of two objectives.
struct FrontRow {
    TrialId id;
    double x = 0.0;
    double y = 0.0;
    Origin origin = Origin::Manual;
    bool feasible = true;
    bool onFront = false;
    bool operator==(const FrontRow&) const = default;
};
struct TrialFront {
    std::vector<FrontRow> rows;
    /// Border of what the front dominates, ascending in x: front points and the corners between them.
    std::vector<double> borderX;
    std::vector<double> borderY;
};
[[nodiscard]] TrialFront trialFront(const Study& study, const Objective& x, const Objective& y);

/// A stretch of work on one trial.
struct TimelineBar {
    TrialId id;
    TrialState state = TrialState::Running;
    double start = 0.0; ///< seconds since the first start
    double end = 0.0;
    int lane = 0; ///< trials that ran at the same time have different lanes, from 0
    int attempt = 1;
    bool operator==(const TimelineBar&) const = default;
};
/// Trials with a known start; a running one lasts until `nowMs` (milliseconds since 1970 UTC). The lowest
/// free lane is taken, so that the number of lanes is the largest number of trials at once.
[[nodiscard]] std::vector<TimelineBar> timelineBars(const Study& study, std::int64_t nowMs);

/// Bars of trials that ran, and of those that waited for it.
struct Timeline {
    std::vector<TimelineBar> ran;
    std::vector<TimelineBar> waited; ///< state Pending, from registration to start; lanes of their own from 0
    std::size_t unshown = 0;         ///< waits that found no lane
};
/// timelineBars() and the waits, in the same seconds: those during the runs and shortly before (negative
/// times). Waits shorter than 1 % of the whole are left out, and those that would need more than
/// `mostWaiting` lanes. Empty when nothing ran.
[[nodiscard]] Timeline timeline(const Study& study, std::int64_t nowMs, int mostWaiting = 12);

} // namespace alidade
