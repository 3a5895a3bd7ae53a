#pragma once

#include "study/study.h"

#include <vector>

namespace alidade {

/// Per objective: whether its desirability asks for a value or a range (see oneEndIsBest()), so that its
/// direction does not tell which of two trials is better.
[[nodiscard]] std::vector<bool> targetedObjectives(const Definition& definition);

/// The same study with such objectives replaced by how far a trial is from what is wanted (wantedRange()), in
/// the objective's unit, to be minimised. Their reference is the largest distance that is acceptable.
[[nodiscard]] Study distancesFromTargets(Study study);

} // namespace alidade
