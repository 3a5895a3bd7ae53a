#pragma once

#include "surrogate/fit.h"

#include <cstdint>
#include <vector>

namespace alidade {

struct HyperSamplingOptions {
    std::size_t draws = 16;
    std::size_t chains = 2; ///< independent, of draws / chains kept points each
    int burnIn = 4;         ///< sweeps before the first kept point of a chain
    int thinning = 1;       ///< sweeps between kept points, >= 1
    std::uint64_t seed = 0;
    std::size_t threads = 1;
};

/// Draws from the posterior of the hyper-parameters that fitHyperparameters() maximises, within its bounds:
/// (log length scales, log output variance, log noise) by slice sampling (Neal 2003; for Gaussian processes
/// Murray & Adams 2010) along the axes of the curvature at `start`, the most probable hyper-parameters, where
/// every chain begins: with these axes the density is nearly round, and a sweep forgets nearly all. The mean
/// of each draw is its own generalised least squares estimate. Deterministic for (data, options, start),
/// whatever the number of threads; on purpose it does not go on from draws of an earlier occasion.
/// Errors: InvalidArgument (shapes, draws, chains or thinning below 1), Numerical (`start` has no finite
/// density), Cancelled.
[[nodiscard]] Result<std::vector<Hyperparameters>>
sampleHyperparameters(const GpData& data, const FitOptions& fit, const Hyperparameters& start,
                      const HyperSamplingOptions& options = {}, const Monitor& monitor = {});

} // namespace alidade
