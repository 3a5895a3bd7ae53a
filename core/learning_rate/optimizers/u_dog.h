#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// A reconstruction of U-DoG (2404.00666), an accelerated relative of DoG: two gradients per step, at
/// weighted averages of the iterates. The averages and steps follow published accounts of the method; its
/// accumulators could not be checked against the paper and are our own:
///     Q_t = sum alpha_k^2 |g_k - m_k|^2, M_t = max alpha_k^2 |m_k|^2, G_x = Q_{t-1} + M_t, G_y = Q_t + M_t.
/// Do not compare it with published figures of U-DoG. The rate given multiplies the steps.
/// x becomes the weighted average, which is the method's answer.
struct UDoG {
    double relativeStart = 1e-6;

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd start;    ///< state
    Eigen::VectorXd inner;    ///< x_t of the method
    Eigen::VectorXd outer;    ///< y_t
    Eigen::VectorXd weighted; ///< sum omega_k x_{k+1}
    double distance = 0.0;
    double distanceSum = 0.0;
    double alpha = 0.0;
    double weights = 0.0; ///< sum omega_k
    double differences = 0.0;
    double largest = 0.0;
};

} // namespace alidade
