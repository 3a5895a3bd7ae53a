#pragma once

#include "suggest/model_state.h"

#include <string>
#include <vector>

namespace alidade {

/// Feasible observed trials among which the best one of a single objective is looked for: all, but above
/// 1,000, where each prediction is local and takes a while, the 256 with the best measured values.
[[nodiscard]] std::vector<const ObservedTrial*> promisingTrials(const StudyModel::State& state);

/// Names of the coordinates whose axes are bent (FeatureMap::warps()), separated by commas; empty if none.
[[nodiscard]] std::string bentAxes(const StudyModel::State& state);

} // namespace alidade
