#pragma once

#include "base/monitor.h"

#include <Eigen/Core>

#include <functional>

namespace alidade {

/// Value of the objective at x, with its gradient written to `gradient` (same size). A value that is not
/// finite marks a point the search must avoid.
using DifferentiableFunction = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct BoundedOptions {
    int maximumIterations = 200;
    int maximumEvaluations = 1000;
    int memory = 10;                ///< pairs kept by the quasi-Newton approximation
    double functionTolerance = 1e7; ///< stop at a relative reduction below this times machine precision
    /// The search ends after `judgedAfter` steps unless it is below `hopeful` then; 0: it is not judged.
    int judgedAfter = 0;
    double hopeful = 0.0;
    double gradientTolerance = 1e-6; ///< stop when the projected gradient's largest entry is below
};

struct BoundedReport {
    enum class Status { NotRun, Converged, IterationLimit, Stopped, Failed };
    Status status = Status::NotRun;
    Eigen::VectorXd point; ///< the best point evaluated
    double value = 0.0;
    int iterations = 0;
    int evaluations = 0;

    /// The point can be used: at least one finite value was seen.
    [[nodiscard]] bool usable() const { return status != Status::NotRun && status != Status::Failed; }
};

/// Minimises within lower <= x <= upper from `start` (clipped to the bounds) by L-BFGS-B 3.0 (Byrd, Lu,
/// Nocedal & Zhu 1995; Morales & Nocedal 2011). Stopped by the monitor between evaluations; always hands back
/// the best point seen.
[[nodiscard]] BoundedReport minimiseBounded(const DifferentiableFunction& objective,
                                            const Eigen::VectorXd& start, const Eigen::VectorXd& lower,
                                            const Eigen::VectorXd& upper, const BoundedOptions& options = {},
                                            const Monitor& monitor = {});

} // namespace alidade
