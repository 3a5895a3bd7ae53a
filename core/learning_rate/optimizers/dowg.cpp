#include "learning_rate/optimizers/dowg.h"

#include <algorithm>
#include <cmath>

namespace alidade {

void DoWG::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    if (start.size() == 0) {
        start = x;
        squaredDistance = squaredStart;
    }
    const Eigen::VectorXd g = objective.gradient(x);
    squaredDistance = std::max(squaredDistance, (x - start).squaredNorm());
    weighted += squaredDistance * g.squaredNorm();
    if (weighted > 0.0)
        x -= rate * squaredDistance / std::sqrt(weighted) * g;
}

} // namespace alidade
