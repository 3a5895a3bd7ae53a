#pragma once

#include "base/result.h"
#include "study/study.h"

#include <map>
#include <optional>
#include <vector>

namespace alidade {

/// The feasible trials that no other feasible trial dominates, by id, in the user's units and order of
/// objectives.
struct MeasuredFront {
    std::vector<TrialId> ids;
    std::vector<std::vector<double>> values;
    /// Dominated volume up to `reference`; nothing for a single objective or an empty front.
    std::optional<double> hypervolume;
    /// Worst acceptable values where all objectives name one, else inferred from the front (10 % beyond it).
    std::vector<double> reference;
};
[[nodiscard]] Result<MeasuredFront> measuredFront(const Study& study);

/// How many trials are in each state.
[[nodiscard]] std::map<TrialState, std::size_t> countByState(const Study& study);

} // namespace alidade
