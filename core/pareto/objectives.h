#pragma once

#include "base/goal.h"
#include "base/result.h"

#include <Eigen/Core>

#include <span>
#include <vector>

namespace alidade {

/// n points x m objectives, one point per row. Everything in core/pareto minimises every column, in any unit;
/// toMinimization() brings measured values there. A row that holds a NaN is a point with a missing value: it
/// is never on a front, has no rank and adds nothing to a hypervolume.
using ObjectiveMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Turns the sign of maximised columns; NaN stays NaN. The function is its own inverse, so it also brings
/// results back. Errors (InvalidArgument, context "points[i][j]"): one goal per column is required, values
/// must not be infinite.
[[nodiscard]] Result<ObjectiveMatrix> toMinimization(const ObjectiveMatrix& points,
                                                     const std::vector<Goal>& goals);
/// The same for a single vector, for example a reference point (length m).
[[nodiscard]] Result<Eigen::VectorXd> toMinimization(const Eigen::VectorXd& point,
                                                     const std::vector<Goal>& goals);

/// Row `index` without a copy; valid as long as the matrix.
[[nodiscard]] inline std::span<const double> pointRow(const ObjectiveMatrix& points, Eigen::Index index) {
    return {points.data() + index * points.cols(), static_cast<std::size_t>(points.cols())};
}

/// True if the row has no NaN.
[[nodiscard]] bool isComplete(std::span<const double> point);

/// a_k <= b_k for all k and a_k < b_k for some k; equal vectors do not dominate each other. Equal lengths.
[[nodiscard]] bool dominates(std::span<const double> a, std::span<const double> b);

} // namespace alidade
