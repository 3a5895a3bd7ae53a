#pragma once

#include "study/definition.h"

#include <algorithm>
#include <optional>

namespace alidade {

/// The goal's direction tells which result is best: the objective has no desirability of a number, or one
/// that grows that way (or stays) everywhere. False for a target, a range, a table with its best value
/// between its ends, and a desirability against the goal.
[[nodiscard]] bool oneEndIsBest(const Objective& objective);

/// What an objective asks for where its direction does not tell (not oneEndIsBest()): the values that are
/// best, user's units. Compared with other objectives it is minimised as the distance from them.
struct WantedRange {
    double low = 0.0;        ///< <= high; -inf without a lower end
    double high = 0.0;       ///< +inf without an upper end
    double acceptable = 1.0; ///< > 0: the largest distance at which the desirability may be above 0

    [[nodiscard]] double distance(double value) const { return std::max({0.0, low - value, value - high}); }
};
/// Of a target, that value; of a box, the box, which accepts distances up to its width; of a table, from the
/// first to the last of its best knots, or beyond the best one at the goal's end where both ends are best; of
/// a curve against the goal, all from where it is 1. Nothing where one end is best.
[[nodiscard]] std::optional<WantedRange> wantedRange(const Objective& objective);

} // namespace alidade
