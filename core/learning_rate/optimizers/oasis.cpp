#include "learning_rate/optimizers/oasis.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {

void Oasis::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    Rng rng(seed, "oasis", steps);
    const auto hutchinson = [&] {
        Eigen::VectorXd signs(x.size());
        for (double& sign : signs)
            sign = rng.below(2) == 0 ? -1.0 : 1.0;
        return Eigen::VectorXd(signs.cwiseProduct(objective.hessianTimes(x, signs)));
    };
    const Eigen::VectorXd g = objective.gradient(x);
    if (steps == 0) {
        curvature = Eigen::VectorXd::Constant(x.size(), firstSamples > 0 ? 0.0 : 1.0);
        for (int i = 0; i < firstSamples; ++i)
            curvature += hutchinson() / firstSamples;
        stepLength = firstRate;
        growth = std::numeric_limits<double>::infinity();
    } else {
        curvature = beta * curvature + (1.0 - beta) * hutchinson();
    }
    const Eigen::VectorXd scale = curvature.cwiseAbs().cwiseMax(smallestCurvature);
    if (steps > 0) {
        const Eigen::VectorXd moved = x - previous;
        const Eigen::VectorXd changed = g - objective.gradient(previous);
        const double dual = std::sqrt((changed.array().square() / scale.array()).sum());
        const double primal = std::sqrt((moved.array().square() * scale.array()).sum());
        double next = std::sqrt(1.0 + growth) * stepLength;
        if (dual > 0.0)
            next = std::min(next, 0.5 * primal / dual);
        if (!std::isfinite(next)) // no change of gradient yet: keep the first step length
            next = stepLength;
        growth = next / stepLength;
        stepLength = next;
    }
    previous = x;
    x.array() -= rate * stepLength * g.array() / scale.array();
    ++steps;
}

} // namespace alidade
