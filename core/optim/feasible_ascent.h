#pragma once

#include "base/monitor.h"
#include "optim/bounded_minimiser.h"

#include <Eigen/Core>

#include <functional>

namespace alidade {

/// A smooth function to be maximised where every slack is at least 0.
struct FeasibleProblem {
    DifferentiableFunction value; ///< with gradient
    /// One slack per constraint, +inf where one does not apply, NaN counts as violated.
    std::function<Eigen::VectorXd(const Eigen::VectorXd& x)> slacks;
    Eigen::VectorXd lower;
    Eigen::VectorXd upper;
};

struct FeasibleReport {
    Eigen::VectorXd point; ///< feasible, never worse than the start
    double value = 0.0;
    int iterations = 0;
};

/// Gradient projection along the active constraints (Rosen 1960; normals by central differences of the
/// slacks), with backtracking and, on curved constraints, a correction towards the feasible side. Every
/// accepted point satisfies all constraints exactly. `start` must be feasible. Local; deterministic.
[[nodiscard]] FeasibleReport ascendFeasibly(const FeasibleProblem& problem, const Eigen::VectorXd& start,
                                            int maximumIterations, const Monitor& monitor = {});

} // namespace alidade
