#pragma once

#include "pareto/objectives.h"

#include <vector>

namespace alidade {

/// Volume of the space that is dominated by the points (n x m, minimised) and lies below the reference point
/// (length m, finite), in the product of the objectives' units. Points that do not beat the reference in
/// every objective add nothing, neither do dominated, repeated or incomplete rows; no point left: 0.
/// Exact up to rounding: sweeps for m <= 3 (O(n log n)), above the WFG recursion with one objective less per
/// level (While, Bradstreet, Barone 2012), exponential in m; meant for m <= 8.
/// Errors: InvalidArgument (length or finiteness of the reference), Numerical (the result overflows).
[[nodiscard]] Result<double> hypervolume(const ObjectiveMatrix& points, const Eigen::VectorXd& reference);

/// For each row the volume that only it dominates: hypervolume(all) - hypervolume(all others); 0 for rows
/// that add nothing and for front points that occur twice. Same units, limits and errors.
[[nodiscard]] Result<std::vector<double>> exclusiveHypervolumes(const ObjectiveMatrix& points,
                                                                const Eigen::VectorXd& reference);

/// hypervolume(points and candidate) - hypervolume(points), computed without that difference; >= 0, and 0 for
/// an incomplete candidate.
[[nodiscard]] Result<double> hypervolumeImprovement(const ObjectiveMatrix& points,
                                                    const Eigen::VectorXd& reference,
                                                    const Eigen::VectorXd& candidate);

/// Hypervolume of the first 1, 2, ..., n rows: the history of a study whose trials are the rows.
[[nodiscard]] Result<std::vector<double>> hypervolumeHistory(const ObjectiveMatrix& points,
                                                             const Eigen::VectorXd& reference);

} // namespace alidade
