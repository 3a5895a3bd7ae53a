#include "learning_rate/optimizers/dog.h"

#include <algorithm>
#include <cmath>

namespace alidade {

void DoG::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    if (start.size() == 0) {
        start = x;
        average = x;
        distance = relativeStart * (1.0 + x.norm());
    }
    const Eigen::VectorXd g = objective.gradient(x);
    distance = std::max(distance, (x - start).norm());
    squares += g.squaredNorm();
    stepLength = distance / std::sqrt(squares + epsilon);
    x -= rate * stepLength * g;
    steps += 1.0;
    average += 9.0 / (8.0 + steps) * (x - average);
}

} // namespace alidade
