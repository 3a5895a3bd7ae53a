#include "learning_rate/optimizers/shampoo.h"

#include <Eigen/Eigenvalues>

namespace alidade {
namespace {

Eigen::MatrixXd power(const Eigen::MatrixXd& matrix, double exponent, double smallest) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    const Eigen::VectorXd scaled = solver.eigenvalues().array().max(smallest).pow(exponent);
    return solver.eigenvectors() * scaled.asDiagonal() * solver.eigenvectors().transpose();
}

} // namespace

void Shampoo::step(const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    const Eigen::VectorXd gradient = objective.gradient(x);
    const Eigen::Map<const Eigen::MatrixXd> g(gradient.data(), objective.rows, objective.columns);
    Eigen::Map<Eigen::MatrixXd> w(x.data(), objective.rows, objective.columns);
    if (left.size() == 0) {
        left = epsilon * Eigen::MatrixXd::Identity(objective.rows, objective.rows);
        right = epsilon * Eigen::MatrixXd::Identity(objective.columns, objective.columns);
    }
    left += g * g.transpose();
    if (objective.columns == 1) {
        w -= rate * (power(left, -0.5, epsilon) * g);
        return;
    }
    right += g.transpose() * g;
    w -= rate * (power(left, -0.25, epsilon) * g * power(right, -0.25, epsilon));
}

} // namespace alidade
