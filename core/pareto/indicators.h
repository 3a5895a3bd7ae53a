#pragma once

#include "pareto/objectives.h"

namespace alidade {

/// Measures that compare a front with a known one, for benchmarks. Rows are minimised; incomplete rows are
/// left out.

/// IGD+ (Ishibuchi et al. 2015): mean over the rows z of `known` (r x m, the true front) of the distance to
/// the nearest point, where only objectives worse than z count: min_p |max(p - z, 0)|. Unlike the plain
/// inverted generational distance it never prefers a dominated set. In the units of the objectives as they
/// are: scale them first. +inf without points. Error InvalidArgument (columns, empty `known`). O(n r m).
[[nodiscard]] Result<double> invertedGenerationalDistancePlus(const ObjectiveMatrix& points,
                                                              const ObjectiveMatrix& known);

/// R2 (Hansen & Jaszkiewicz 1998): mean over weight vectors w (rows of `weights`, >= 0) of the best weighted
/// Chebyshev distance to the ideal point, min_p max_k w_k (p_k - ideal_k). Smaller is better. +inf without
/// points. Error InvalidArgument (columns, no or negative weights).
[[nodiscard]] Result<double> r2Indicator(const ObjectiveMatrix& points, const Eigen::VectorXd& ideal,
                                         const ObjectiveMatrix& weights);

/// All weight vectors with components i / divisions that sum to 1: C(divisions + m - 1, m - 1) rows (Das &
/// Dennis 1998), in lexicographic order. Error InvalidArgument (m or divisions < 1, over a million rows).
[[nodiscard]] Result<ObjectiveMatrix> simplexLattice(int objectives, int divisions);

} // namespace alidade
