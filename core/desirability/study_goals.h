#pragma once

#include "desirability/overall_desirability.h"
#include "study/study.h"

#include <map>
#include <optional>
#include <vector>

namespace alidade {

/// The goals of a study: its objectives with a desirability function of a number, in their order. Functions
/// of categories are left out, because objectives are measured as numbers.
struct StudyGoals {
    OverallDesirability overall;
    std::vector<MeasureId> measures; ///< one per goal
    bool complete = false;           ///< every objective has one: D ranks trials completely
};
/// Nothing when no objective has one. Errors: InvalidConfiguration with context
/// "objectives[i].desirability.key".
[[nodiscard]] Result<std::optional<StudyGoals>> studyGoals(const Definition& definition);

/// Functions that take the place of those of the study, while they are tried out.
using DesirabilityPreview = std::map<MeasureId, DesirabilityFunction>;

struct RankedTrial {
    TrialId id;
    double overall = 0.0;           ///< D in [0, 1]
    std::vector<double> individual; ///< d per goal of the ranking
    std::vector<double> values;     ///< measured, user's units; NaN: missing
    std::vector<std::size_t> zeros; ///< goals that force D = 0
    bool feasible = true;           ///< within all limits and completely measured
    bool operator==(const RankedTrial&) const = default;
};

/// Complete, not excluded trials by overall desirability.
struct DesirabilityRanking {
    std::vector<MeasureId> goals;            ///< as in StudyGoals
    std::vector<RankedTrial> rows;           ///< feasible ones first, then by D, then by id
    std::vector<DesirabilitySpread> spreads; ///< per goal, over the rows
    bool operator==(const DesirabilityRanking&) const = default;

    /// The first row, if it is feasible and D > 0.
    [[nodiscard]] const RankedTrial* best() const;
};

/// Without goals an empty ranking. A missing value has the desirability that its function says. Errors as
/// studyGoals().
[[nodiscard]] Result<DesirabilityRanking> rankByDesirability(const Study& study,
                                                             const DesirabilityPreview& preview = {});

/// The feasible trial with the largest overall desirability > 0, of a study whose objectives all have one;
/// otherwise null.
[[nodiscard]] const Trial* mostDesirable(const Study& study);

} // namespace alidade
