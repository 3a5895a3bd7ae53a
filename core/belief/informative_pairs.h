#pragma once

#include "belief/belief_model.h"

#include <optional>

namespace alidade {

struct SettingPair {
    Setting first;
    Setting second;
    double information = 0.0; ///< nat that an answer is expected to give; 0 without a model
};

/// Pairs of settings of which the user's word "this one is better" would teach most, best first, no setting
/// in two of them. With a process: the mutual information between the answer and the function, where an
/// answer is wrong as if the difference were seen with a noise s of a fifth of the outcomes' spread:
///   H(Phi(m / sqrt(v + s^2))) - ln 2 C / sqrt(v + C^2) exp(-m^2 / (2 (v + C^2))),  C^2 = pi ln(2) s^2 / 2,
/// m and v being mean and variance of the difference and H the entropy of a yes or no (1112.5745, equation
/// 3). Without a process: far apart.
/// Errors: those of sampleFeasible().
[[nodiscard]] Result<std::vector<SettingPair>>
informativePairs(const SearchSpace& space, const GaussianProcess* process, const FeatureRows& rows,
                 std::uint64_t seed, std::size_t count, const Monitor& monitor = {});

} // namespace alidade
