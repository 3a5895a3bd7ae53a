#pragma once

#include "study/edit.h"

#include <vector>

namespace alidade {

/// What an edit touches, so that announcements are precise.
struct EditScope {
    bool definition = false;
    std::vector<TrialId> trials; ///< put or removed; may repeat
};
[[nodiscard]] EditScope scopeOf(const Edit& edit);

/// Whether the edit would leave the study as it is.
[[nodiscard]] bool changesNothing(const Edit& edit, const Study& study);

/// The three-way merge of a trial: what leads from `base` to `wanted` is applied to `current`, so that
/// undoing a note does not take back a measurement that arrived in the meantime.
[[nodiscard]] Trial mergedTrial(const Trial& base, const Trial& wanted, const Trial& current);

/// The edit that undoes (or redoes) `done` by way of `next`, fitted to what others changed since. Conflict
/// when it would delete a trial that has since been started or measured, or revive a deleted one.
[[nodiscard]] Result<Edit> rebasedEdit(const Edit& next, const Edit& done, const Study& study);

} // namespace alidade
