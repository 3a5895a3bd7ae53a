#include "learning_rate/optimizers/adafactor.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

double rootMeanSquare(const Eigen::VectorXd& x) {
    return std::sqrt(x.squaredNorm() / static_cast<double>(x.size()));
}

} // namespace

void Adafactor::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd g = objective.gradient(x);
    steps += 1.0;
    const double beta = 1.0 - std::pow(steps, -0.8); // 0 in the first step, so the sums need no start
    const Eigen::VectorXd squared = g.array().square() + epsilonSquare;
    Eigen::VectorXd update;
    if (objective.columns > 1) {
        const Eigen::Map<const Eigen::MatrixXd> matrix(squared.data(), objective.rows, objective.columns);
        if (rowSums.size() == 0) {
            rowSums = Eigen::VectorXd::Zero(objective.rows);
            columnSums = Eigen::VectorXd::Zero(objective.columns);
        }
        rowSums = beta * rowSums + (1.0 - beta) * matrix.rowwise().sum();
        columnSums = beta * columnSums + (1.0 - beta) * matrix.colwise().sum().transpose();
        const Eigen::MatrixXd factored = rowSums * columnSums.transpose() / rowSums.sum();
        update = g.array() / factored.reshaped().array().sqrt();
    } else {
        if (square.size() == 0)
            square = Eigen::VectorXd::Zero(x.size());
        square = beta * square + (1.0 - beta) * squared;
        update = g.array() / square.array().sqrt();
    }
    update /= std::max(1.0, rootMeanSquare(update) / clip);
    const double relative = std::min(1e-2, 1.0 / std::sqrt(steps));
    x -= rate * relative * std::max(epsilonScale, rootMeanSquare(x)) * update;
}

} // namespace alidade
