#pragma once

#include "desirability/overall_desirability.h"
#include "study/study.h"

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

struct RankedTrial {
    TrialId id;
    std::vector<double> individual; ///< per goal
    double overall = 0.0;           ///< D
};
/// Feasible trials by overall desirability, best first (ties: lowest id); empty without goals. Errors as
/// studyGoals().
[[nodiscard]] Result<std::vector<RankedTrial>> rankByDesirability(const Study& study);

} // namespace alidade
