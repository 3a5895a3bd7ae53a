#include "learning_rate/optimizers/prodigy.h"

#include <algorithm>
#include <cmath>

namespace alidade {

void Prodigy::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd g = objective.gradient(x);
    if (start.size() == 0) {
        start = x;
        mean = Eigen::VectorXd::Zero(x.size());
        square = mean;
        sum = mean;
        distance = firstDistance;
        largest = firstDistance;
    }
    const double lambda = distance * rate;
    const double beta3 = std::sqrt(beta2);
    const double weight = distance / firstDistance * lambda;
    numerator = beta3 * numerator + weight * g.dot(start - x);
    mean = beta1 * mean + (1.0 - beta1) * distance * g;
    square = beta2 * square + (1.0 - beta2) * distance * distance * g.cwiseAbs2();
    sum = beta3 * sum + weight * g;
    const double norm = sum.lpNorm<1>();
    if (norm > 0.0) {
        const double estimate = coefficient * numerator / norm;
        if (distance == firstDistance)
            distance = std::max(distance, estimate);
        largest = std::max(largest, estimate);
        distance = std::min(largest, growth * distance);
    }
    x *= 1.0 - weightDecay * lambda;
    x.array() -= lambda * mean.array() / (square.array().sqrt() + distance * epsilon);
}

} // namespace alidade
