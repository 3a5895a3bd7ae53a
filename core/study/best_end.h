#pragma once

#include "study/definition.h"

namespace alidade {

/// The goal's direction tells which result is best: the objective has no desirability of a number, or one
/// that grows that way (or stays) everywhere. False for a target, a range, a table with its best value
/// between its ends, and a desirability against the goal.
[[nodiscard]] bool oneEndIsBest(const Objective& objective);

} // namespace alidade
