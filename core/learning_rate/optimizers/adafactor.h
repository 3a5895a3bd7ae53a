#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// Adafactor (1804.04235, algorithms 4 and 5) with relative steps min(1e-2, 1 / sqrt(t)), multiplied by the
/// rate given. A matrix keeps only row and column sums of its squared gradients, a vector all of them.
struct Adafactor {
    double clip = 1.0;            ///< d: largest root mean square of an update
    double epsilonSquare = 1e-30; ///< e1, added to squared gradients
    double epsilonScale = 1e-3;   ///< e2, smallest scale of the parameters

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd rowSums; ///< state
    Eigen::VectorXd columnSums;
    Eigen::VectorXd square;
    double steps = 0.0;
};

} // namespace alidade
