#pragma once

#include <Eigen/Core>

#include <functional>

namespace alidade {

/// Not the Objective of a study. What an optimiser may ask of the function it minimises, for the examples of
/// the current step. The parameters are one vector; methods that use the shape of a weight matrix read it as
/// `rows` x `columns`, column by column (columns = 1: a plain vector).
struct TrainingObjective {
    Eigen::Index rows = 0;
    Eigen::Index columns = 1;

    std::function<Eigen::VectorXd(const Eigen::VectorXd& x)> gradient;
    /// Hessian at x times v; only for Oasis.
    std::function<Eigen::VectorXd(const Eigen::VectorXd& x, const Eigen::VectorXd& v)> hessianTimes;
    /// A model that is linear in its parameters, loss(outputs(x)); only for TargetSurrogate. outputs, the
    /// slope of the loss by the outputs, and the transposed Jacobian times a vector of outputs.
    std::function<Eigen::VectorXd(const Eigen::VectorXd& x)> outputs;
    std::function<Eigen::VectorXd(const Eigen::VectorXd& outputs)> outputGradient;
    std::function<Eigen::VectorXd(const Eigen::VectorXd& outputVector)> pullBack;
    /// At least the largest eigenvalue of the Jacobian's product with its transpose.
    double outputCurvature = 1.0;
};

} // namespace alidade
