#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// x -= rate g, or with momentum b > 0: m = b m + g, x -= rate m.
struct Sgd {
    double momentum = 0.0; ///< in [0, 1)

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd mean; ///< state; empty before the first step
};

} // namespace alidade
