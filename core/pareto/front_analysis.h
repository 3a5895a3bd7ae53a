#pragma once

#include "pareto/objectives.h"

#include <optional>
#include <vector>

namespace alidade {

/// Picks and measures on one front: n x m complete rows, minimised, mutually non-dominated.
/// Each scales objectives by the front's own range; objectives that are constant on the front are skipped.

/// Crowding distance (Deb 2002), summed over objectives: +inf at the extremes of each objective, else the
/// scaled distance between the two neighbours. Ties are taken in row order. Two distinct points or fewer:
/// all +inf. Repeated points: the first copy stands for all, the others get 0. O(m n log n).
[[nodiscard]] std::vector<double> crowdingDistances(const ObjectiveMatrix& front);

/// Signed distance of each point to the hyperplane through the extremes of the scaled front,
/// (1 - sum of scaled objectives) / sqrt(m): positive where the front bulges towards the ideal point.
[[nodiscard]] std::vector<double> kneeDistances(const ObjectiveMatrix& front);
/// The row with the largest positive kneeDistances() (the first of equals); nothing on a front without bulge.
[[nodiscard]] std::optional<int> kneePoint(const ObjectiveMatrix& front);

/// The row nearest to the ideal point (best value of each objective) in scaled Euclidean distance; nothing
/// for an empty front.
[[nodiscard]] std::optional<int> closestToIdeal(const ObjectiveMatrix& front);

} // namespace alidade
