#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// Adam (1412.6980, algorithm 1) with bias correction; weightDecay > 0 makes it AdamW (1711.05101): the
/// parameters shrink by rate * weightDecay before the step, apart from the gradient.
struct Adam {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.0;

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd mean; ///< state
    Eigen::VectorXd square;
    double beta1Power = 1.0;
    double beta2Power = 1.0;
};

} // namespace alidade
