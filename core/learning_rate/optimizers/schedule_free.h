#pragma once

#include "learning_rate/optimizers/objective.h"

namespace alidade {

/// Schedule-free SGD and AdamW (2405.15682). Gradients are taken at y = (1 - beta) z + beta x; z makes the
/// steps, x is their average weighted by the largest squared rate so far, and is what is returned.
struct ScheduleFreeSgd {
    double beta = 0.9;
    double weightPower = 0.0; ///< r: weight of step k is (k + 1)^r times the squared rate

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);
    /// Where the next gradient is taken.
    [[nodiscard]] Eigen::VectorXd gradientPoint(const Eigen::VectorXd& x) const;

    Eigen::VectorXd z; ///< state
    double weights = 0.0;
    double largestRate = 0.0;
    double steps = 0.0;
};

struct ScheduleFreeAdamW {
    double beta1 = 0.9; ///< of the interpolation
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.0; ///< at y
    double weightPower = 0.0;

    void step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate);
    [[nodiscard]] Eigen::VectorXd gradientPoint(const Eigen::VectorXd& x) const;

    Eigen::VectorXd z; ///< state
    Eigen::VectorXd square;
    double beta2Power = 1.0;
    double weights = 0.0;
    double largestRate = 0.0;
    double steps = 0.0;
};

} // namespace alidade
