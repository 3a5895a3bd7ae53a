#include "learning_rate/optimizers/sgd.h"

namespace alidade {

void Sgd::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd g = objective.gradient(x);
    if (momentum == 0.0) {
        x -= rate * g;
        return;
    }
    if (mean.size() == 0)
        mean = Eigen::VectorXd::Zero(x.size());
    mean = momentum * mean + g;
    x -= rate * mean;
}

} // namespace alidade
