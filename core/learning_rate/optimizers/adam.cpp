#include "learning_rate/optimizers/adam.h"

#include <cmath>

namespace alidade {

void Adam::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd g = objective.gradient(x);
    if (mean.size() == 0) {
        mean = Eigen::VectorXd::Zero(x.size());
        square = mean;
    }
    mean = beta1 * mean + (1.0 - beta1) * g;
    square = beta2 * square + (1.0 - beta2) * g.cwiseAbs2();
    beta1Power *= beta1;
    beta2Power *= beta2;
    x *= 1.0 - rate * weightDecay;
    x.array() -=
        rate * (mean.array() / (1.0 - beta1Power)) / ((square.array() / (1.0 - beta2Power)).sqrt() + epsilon);
}

} // namespace alidade
