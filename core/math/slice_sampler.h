#pragma once

#include "base/rng.h"

#include <Eigen/Core>

#include <functional>

namespace alidade {

/// A density on a box, known up to a factor; -inf where it is 0.
using LogDensity = std::function<double(const Eigen::VectorXd&)>;

struct SliceReport {
    double logDensity = 0.0; ///< at the new point
    int evaluations = 0;
};

/// One sweep of univariate slice sampling along the columns of `directions` (Neal 2003, figures 3 and 5:
/// intervals of the column's length, stepped out at most 8 times, then shrunk): leaves the density invariant
/// whatever the directions, which must not depend on `point`. `point` lies in the box [lower, upper] and has
/// the finite log density `current`; it is replaced. Deterministic for the state of `rng`.
SliceReport sliceSweep(const LogDensity& density, const Eigen::MatrixXd& directions,
                       const Eigen::VectorXd& lower, const Eigen::VectorXd& upper, Eigen::VectorXd& point,
                       double current, Rng& rng);

} // namespace alidade
