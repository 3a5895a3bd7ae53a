#pragma once

#include "study/study.h"

#include <vector>

namespace alidade {

/// Per objective: whether its desirability asks for a value or a range (see oneEndIsBest()), so that its
/// direction does not tell which of two trials is better.
[[nodiscard]] std::vector<bool> targetedObjectives(const Definition& definition);

/// The same study with such objectives replaced by how far a trial is from what is wanted, to be minimised:
/// the distance from the target or from the range in the objective's unit, or 1 - desirability of a curve
/// drawn by hand. Their reference is the largest distance at which the desirability is above 0.
[[nodiscard]] Study distancesFromTargets(Study study);

} // namespace alidade
