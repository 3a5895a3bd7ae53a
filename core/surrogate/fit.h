#pragma once

#include "base/monitor.h"
#include "surrogate/gaussian_process.h"

#include <cstdint>
#include <limits>
#include <optional>

namespace alidade {

/// How hyper-parameters are estimated.
struct FitOptions {
    KernelFamily family = KernelFamily::Matern52;
    /// Maximum a posteriori with length scales ~ LogNormal(sqrt(2) + log(d) / 2, sqrt(3)) (2402.02229, d =
    /// number of groups) and weak priors on output and noise variance of standardised outcomes; false:
    /// maximum likelihood.
    bool priors = true;
    /// Estimate the constant mean (generalised least squares at each step); false: keep `fixedMean`.
    bool estimateMean = true;
    double fixedMean = 0.0;
    double lowestLengthScale = 0.005;
    double highestLengthScale = 1000.0;
    double lowestOutputVariance = 1e-3;
    double highestOutputVariance = 1e3;
    double lowestNoiseVariance = 1e-11; ///< what results without noise converge to; rounding allows no less
    double highestNoiseVariance = 2.0;
    int restarts = 4;                     ///< random starts besides the others
    bool standardStarts = true;           ///< two starts that suit most data
    std::optional<Hyperparameters> start; ///< one start more, e.g. a fit of similar data
    std::uint64_t seed = 0;
    std::size_t threads = 1;
    int maximumIterations = 120;
    /// The log posterior that a search must have reached after 10 steps: it ends there otherwise.
    double hopeful = -std::numeric_limits<double>::infinity();
};

struct FitReport {
    Hyperparameters hyper;
    double logMarginalLikelihood = 0.0; ///< of all data, without priors
    double logPosterior = 0.0;          ///< with priors, up to a constant
    int evaluations = 0;
    bool converged = false;
    bool stopped = false; ///< by request: the best so far
};

/// Estimates the hyper-parameters by L-BFGS-B on (log l, log s2, log noise) from several starts, which an
/// evenly spread part of up to 50 outcomes chooses from: the best two, unless they meet, are
/// followed with all data. Outcomes should be standardised when priors are used. Deterministic for (data,
/// options), whatever the number of threads. Errors: InvalidArgument (shapes), Numerical (no start gave a
/// finite likelihood), Cancelled (stopped before any search of all data did).
[[nodiscard]] Result<FitReport> fitHyperparameters(const GpData& data, const FitOptions& options = {},
                                                   const Monitor& monitor = {});

/// Every k-th observation in the order of the outcome, so that both extremes and the spread of the values
/// stay: `count` (>= 2) of them, or all; where differences were measured as well, as many as make `count`
/// observations together with theirs.
[[nodiscard]] GpData evenSubset(const GpData& data, Eigen::Index count);

} // namespace alidade
