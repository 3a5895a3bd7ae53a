#include "learning_rate/optimizers/u_dog.h"

#include <algorithm>
#include <cmath>

namespace alidade {

void UDoG::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    if (start.size() == 0) {
        start = x;
        inner = x;
        outer = x;
        weighted = Eigen::VectorXd::Zero(x.size());
        distance = relativeStart * (1.0 + x.norm());
    }
    distance = std::max({distance, (inner - start).norm(), (outer - start).norm()});
    distanceSum += distance;
    alpha = distanceSum / distance;
    const double omega = alpha * distance;
    weights += omega;
    const Eigen::VectorXd m = objective.gradient((omega * outer + weighted) / weights);
    largest = std::max(largest, alpha * alpha * m.squaredNorm());
    const double innerSquares = differences + largest;
    if (innerSquares == 0.0) { // stationary
        weights -= omega;
        distanceSum -= distance;
        return;
    }
    inner = outer - rate * alpha * distance / std::sqrt(innerSquares) * m;
    weighted += omega * inner;
    x = weighted / weights;
    const Eigen::VectorXd g = objective.gradient(x);
    differences += alpha * alpha * (g - m).squaredNorm();
    outer -= rate * alpha * distance / std::sqrt(differences + largest) * g;
}

} // namespace alidade
