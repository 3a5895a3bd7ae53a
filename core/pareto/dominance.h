#pragma once

#include "pareto/objectives.h"

#include <optional>
#include <span>
#include <vector>

namespace alidade {

/// Non-dominated layers: rank 0 is the Pareto front, rank k the front after the ranks below k are taken away;
/// nothing for a row with a missing value. Equal points share their rank.
/// Cost: O(n log n) for up to 2 objectives, O(n log^2 n) for 3, at worst O(m n^2) beyond (points sorted
/// lexicographically, binary search over the layers found so far; a layer is a staircase for m <= 3).
[[nodiscard]] std::vector<std::optional<int>> paretoRanks(const ObjectiveMatrix& points);

/// Ranks under constrained domination (Deb 2002): `violation` holds one total per row, feasible if <= 0.
/// A feasible point beats an infeasible one, of two infeasible points the smaller violation wins whatever
/// the objectives are, and feasible points are compared by dominance. A NaN violation or a missing objective
/// gives no rank. Error InvalidArgument unless violation.size() == n.
[[nodiscard]] Result<std::vector<std::optional<int>>> constrainedRanks(const ObjectiveMatrix& points,
                                                                       std::span<const double> violation);

enum class Duplicates {
    Keep,     ///< all copies of a front point
    FirstOnly ///< only the copy with the lowest index
};

/// Indices of the rows on the front, ascending. Same cost as paretoRanks() but without the deeper layers.
[[nodiscard]] std::vector<int> paretoFront(const ObjectiveMatrix& points,
                                           Duplicates duplicates = Duplicates::Keep);

/// Rows of `points` in the order of `indices`.
[[nodiscard]] ObjectiveMatrix selectPoints(const ObjectiveMatrix& points, std::span<const int> indices);

} // namespace alidade
