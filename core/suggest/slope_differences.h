#pragma once

#include "suggest/model_state.h"

namespace alidade {

/// Measured slopes as differences of the latent function.
struct SlopeDifferences {
    Differences differences;
    std::size_t leftOut = 0; ///< slopes that would make a model too slow
};

/// For each slope of one measure at the trials `results` (trial i is row i of the model's x) the difference
/// between two settings on either side of the trial's, 0.1 % of the parameter's range apart and inside it,
/// which is the slope times that way along the parameter's scale: d f / d position = d f / d value *
/// d value / d position. Slopes along parameters that are not active there, not real, or no more part of the
/// study are passed over. Values and slopes together are kMostWithSlopes at most; where that is too few, the
/// trials with the best values keep their slopes (with `goal`; else the latest).
[[nodiscard]] SlopeDifferences slopeDifferences(const StudyModel::State& state, MeasureId measure,
                                                const std::vector<const ObservedTrial*>& results,
                                                std::optional<Goal> goal);

inline constexpr std::size_t kMostWithSlopes = 1000;

} // namespace alidade
