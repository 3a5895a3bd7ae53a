#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// DoWG (2305.16284): like DoG with squared gradient norms weighted by the squared distance. The rate given
/// multiplies the step; 1 is the published method.
struct DoWG {
    double squaredStart = 1e-4; ///< r_eps^2

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd start; ///< state
    double squaredDistance = 0.0;
    double weighted = 0.0;
};

} // namespace alidade
