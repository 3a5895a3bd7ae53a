#pragma once

#include "base/rng.h"
#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// OASIS (2109.05198): steps divided by a running average of the Hessian's diagonal (Hutchinson's estimate
/// z * (H z) with random signs z), and a step length from the change of gradient along the last step:
///     eta_k = min( sqrt(1 + theta) eta_{k-1}, |w_k - w_{k-1}|_D / (2 |g_k - g_{k-1}|*_D) ).
/// The rate given multiplies every step; 1 is the published method. Needs hessianTimes. Both gradients are
/// taken on the current batch, so a step costs two gradients and one Hessian product.
struct Oasis {
    double beta = 0.999;
    double smallestCurvature = 1e-5; ///< alpha, the least |D|
    double firstRate = 0.01;         ///< eta_0
    int firstSamples = 10;           ///< sign vectors averaged for D_0; 0: D_0 = 1
    std::uint64_t seed = 0;

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd curvature; ///< state: D
    Eigen::VectorXd previous;
    double stepLength = 0.0;
    double growth = 0.0; ///< theta; infinite before the first measured step length
    std::uint64_t steps = 0;
};

} // namespace alidade
