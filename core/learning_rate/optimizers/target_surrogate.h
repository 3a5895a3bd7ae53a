#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// Target-based surrogate optimisation (SSO, 2302.02607): one gradient in the space of the model's outputs
/// pays for several steps in the parameters, on
///     S(x) = <v, f(x)> + |f(x) - z|^2 / (2 h),  z = f(x_t), v = slope of the loss at z,
/// by gradient steps of length `rate`; h = rate * outputCurvature, which keeps them stable. One inner step is
/// exactly a step of SGD, infinitely many move the outputs to their target z - h v as far as the model can.
struct TargetSurrogate {
    int innerSteps = 5;

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) const;
};

} // namespace alidade
