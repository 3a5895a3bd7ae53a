#include "learning_rate/optimizers/d_adaptation.h"

#include <algorithm>
#include <cmath>

namespace alidade {

void DAdaptSgd::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd g = objective.gradient(x);
    if (start.size() == 0) {
        start = x;
        sum = Eigen::VectorXd::Zero(x.size());
        firstNorm = g.norm();
        distance = firstDistance;
    }
    if (firstNorm == 0.0) // the start is a minimum
        return;
    const double lambda = distance * rate / firstNorm;
    numerator += lambda * g.dot(sum);
    sum += lambda * g;
    const double norm = sum.norm();
    if (norm > 0.0)
        distance = std::max(distance, std::min(2.0 * numerator / norm, growth * distance));
    x = momentum * x + (1.0 - momentum) * (start - sum);
}

void DAdaptAdam::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd g = objective.gradient(x);
    if (mean.size() == 0) {
        mean = Eigen::VectorXd::Zero(x.size());
        square = mean;
        sum = mean;
        distance = firstDistance;
    }
    const double lambda = distance * rate;
    const double q = std::sqrt(beta2);
    const double product = lambda * (g.array() * sum.array() / (square.array().sqrt() + epsilon)).sum();
    mean = beta1 * mean + (1.0 - beta1) * lambda * g;
    square = beta2 * square + (1.0 - beta2) * g.cwiseAbs2();
    sum = q * sum + (1.0 - q) * lambda * g;
    numerator = q * numerator + (1.0 - q) * product;
    const double norm = sum.lpNorm<1>();
    if (norm > 0.0)
        distance = std::max(distance, std::min(numerator / ((1.0 - q) * norm), growth * distance));
    x.array() -= mean.array() / (square.array().sqrt() + epsilon);
}

} // namespace alidade
