#include "learning_rate/optimizers/schedule_free.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

/// Moves the average x towards z by the step's share of all weights; common to both methods.
template <typename Method>
void average(Method& method, Eigen::VectorXd& x, double rate) {
    method.largestRate = std::max(method.largestRate, rate);
    method.steps += 1.0;
    const double weight =
        std::pow(method.steps, method.weightPower) * method.largestRate * method.largestRate;
    method.weights += weight;
    if (method.weights == 0.0)
        return;
    const double share = weight / method.weights;
    x = (1.0 - share) * x + share * method.z;
}

} // namespace

Eigen::VectorXd ScheduleFreeSgd::gradientPoint(const Eigen::VectorXd& x) const {
    return z.size() == 0 ? x : Eigen::VectorXd((1.0 - beta) * z + beta * x);
}

void ScheduleFreeSgd::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    if (z.size() == 0)
        z = x;
    z -= rate * objective.gradient(gradientPoint(x));
    average(*this, x, rate);
}

Eigen::VectorXd ScheduleFreeAdamW::gradientPoint(const Eigen::VectorXd& x) const {
    return z.size() == 0 ? x : Eigen::VectorXd((1.0 - beta1) * z + beta1 * x);
}

void ScheduleFreeAdamW::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    if (z.size() == 0) {
        z = x;
        square = Eigen::VectorXd::Zero(x.size());
    }
    const Eigen::VectorXd y = gradientPoint(x);
    const Eigen::VectorXd g = objective.gradient(y);
    square = beta2 * square + (1.0 - beta2) * g.cwiseAbs2();
    beta2Power *= beta2;
    z -= rate * weightDecay * y;
    z.array() -= rate * g.array() / ((square.array() / (1.0 - beta2Power)).sqrt() + epsilon);
    average(*this, x, rate);
}

} // namespace alidade
