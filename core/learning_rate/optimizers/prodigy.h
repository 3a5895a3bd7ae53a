#pragma once

#include "learning_rate/optimizers/objective.h"

#include <limits>

namespace alidade {

/// Prodigy (2306.06101), Adam whose rate is a growing estimate d of the distance to the solution. The rate
/// given multiplies d; 1 is the published method.
struct Prodigy {
    double firstDistance = 1e-6; ///< d_0
    double coefficient = 1.0;    ///< factor of the estimate
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.0; ///< decoupled
    double growth = std::numeric_limits<double>::infinity();

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd start; ///< state
    Eigen::VectorXd mean;
    Eigen::VectorXd square;
    Eigen::VectorXd sum;
    double numerator = 0.0;
    double distance = 0.0; ///< d
    double largest = 0.0;
};

} // namespace alidade
