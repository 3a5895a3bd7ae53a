#pragma once

#include "learning_rate/optimizers/objective.h"

#include <limits>

namespace alidade {

/// D-Adaptation for SGD (2301.07733): the step is a growing lower bound d on the distance to the solution
/// over the first gradient's norm. The rate given multiplies d; 1 is the published method.
struct DAdaptSgd {
    double firstDistance = 1e-6; ///< d_0
    double momentum = 0.0;
    double growth = std::numeric_limits<double>::infinity(); ///< largest factor of d in one step

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd start; ///< state
    Eigen::VectorXd sum;
    double firstNorm = 0.0;
    double numerator = 0.0;
    double distance = 0.0; ///< d
};

/// The same for Adam.
struct DAdaptAdam {
    double firstDistance = 1e-6;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double growth = std::numeric_limits<double>::infinity();

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

    Eigen::VectorXd mean; ///< state
    Eigen::VectorXd square;
    Eigen::VectorXd sum;
    double numerator = 0.0;
    double distance = 0.0; ///< d
};

} // namespace alidade
