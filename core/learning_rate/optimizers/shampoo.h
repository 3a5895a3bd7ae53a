#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// Shampoo (1802.09568, algorithm 1): W -= rate L^(-1/4) G R^(-1/4) with L += G G', R += G' G. A vector has
/// one factor with exponent -1/2. (Exponents -1/2 for matrices, as in some libraries, are another method.)
/// One symmetric eigendecomposition per factor and step: O(rows^3 + columns^3).
struct Shampoo {
    double epsilon = 1e-4; ///< start of L and R, times the identity; smallest eigenvalue

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::MatrixXd left; ///< state
    Eigen::MatrixXd right;
};

} // namespace alidade
