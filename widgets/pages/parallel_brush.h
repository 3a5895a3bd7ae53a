#pragma once

#include <QString>

namespace alidade {

class ParallelItem;
class TrialSelection;

/// How many trials lie within the ranges on the axes, or how to mark a range.
[[nodiscard]] QString brushText(const ParallelItem& item);
/// Selects the trials within the ranges everywhere; none without a range.
void selectBrushed(const ParallelItem& item, TrialSelection& selection);

} // namespace alidade
