#pragma once

#include "base/monitor.h"
#include "base/rng.h"
#include "space/search_space.h"

#include <cstdint>
#include <vector>

namespace alidade {

struct SamplingOptions {
    std::uint64_t seed = 0;
    std::string_view stream = "sampling";
    /// Start within the scrambled Sobol sequence (index of the first point).
    std::uint64_t skip = 0;
    /// Give up after this many candidates in all; the error then reports how many were tried and which
    /// constraint rejected most.
    std::uint64_t maximumTries = 200000;
};

/// `count` feasible settings from a scrambled Sobol sequence over the encoded space, rounded to allowed
/// values (mixtures: uniform on the bounded simplex). When rejection accepts fewer than 1 in 100, continues
/// from feasible points by hit-and-run. Errors: Infeasible (nothing found: names the tightest constraint),
/// Cancelled. Duplicates are possible in discrete spaces: see DistinctSampler in suggest.
[[nodiscard]] Result<std::vector<Setting>> sampleFeasible(const SearchSpace& space, std::size_t count,
                                                          const SamplingOptions& options,
                                                          const Monitor& monitor = {});

/// Share of the space (uniform on each scale) that satisfies the constraints, from `samples` Sobol points.
[[nodiscard]] Result<double> feasibleShare(const SearchSpace& space, std::size_t samples = 4096,
                                           const Monitor& monitor = {});

} // namespace alidade
