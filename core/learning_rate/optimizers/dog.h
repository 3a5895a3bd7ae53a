#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// DoG (2302.12022): step length = largest distance from the start over the root of the summed squared
/// gradient norms. The rate given multiplies it; 1 is the published method.
struct DoG {
    double relativeStart = 1e-6; ///< r_eps: first distance, times 1 + |x_0|
    double epsilon = 1e-8;

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd start; ///< state
    double distance = 0.0;
    double squares = 0.0;
    double stepLength = 0.0; ///< of the last step, without the rate
    double steps = 0.0;
    /// Polynomial-decay average of the iterates, weight (gamma + 1) / (gamma + t) with gamma = 8: what the
    /// authors recommend to use.
    Eigen::VectorXd average;
};

} // namespace alidade
