#pragma once

#include "pareto/objectives.h"

#include <vector>

namespace alidade {

/// Axis-parallel box: lower_k <= y_k <= upper_k; lower_k may be -inf. Length m each.
struct ObjectiveBox {
    Eigen::VectorXd lower;
    Eigen::VectorXd upper;
};

/// The region below the reference point (length m, finite) that none of the points (n x m, minimised)
/// dominates, divided into boxes that share only borders: what a new point can still gain. Points that do not
/// beat the reference in all objectives, dominated and incomplete ones have no influence; no point left: one
/// box. Two objectives: n + 1 stripes. More: the local upper bounds of the front are found point by point,
/// and the space below them is tiled from their mirrored images (Lacour, Klamroth, Fonseca 2017); about 2 n
/// boxes for m = 3, growing quickly with m. Errors: InvalidArgument (length or finiteness of the reference).
[[nodiscard]] Result<std::vector<ObjectiveBox>> nonDominatedBoxes(const ObjectiveMatrix& points,
                                                                  const Eigen::VectorXd& reference);

} // namespace alidade
