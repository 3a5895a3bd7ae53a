#include "learning_rate/optimizers/target_surrogate.h"

namespace alidade {

void TargetSurrogate::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) const {
    const Eigen::VectorXd outputs = objective.outputs(x);
    const Eigen::VectorXd slope = objective.outputGradient(outputs);
    const double h = rate * objective.outputCurvature;
    if (!(h > 0.0))
        return;
    for (int i = 0; i < innerSteps; ++i) {
        const Eigen::VectorXd pull = slope + (objective.outputs(x) - outputs) / h;
        x -= rate * objective.pullBack(pull);
    }
}

} // namespace alidade
