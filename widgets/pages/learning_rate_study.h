#pragma once

#include "base/monitor.h"
#include "pages/learning_rate_state.h"
#include "study/definition.h"

namespace alidade {

/// A study that tunes a training run where theory only advises: base rate (log scale, a factor of 10 around
/// the theory's optimum), for schedules with a cooldown its fraction, warm-up steps; minimises a loss. The
/// theory's optima become beliefs with a confidence of one half: the base rate within a factor of 2 (one
/// standard deviation), the cooldown fraction that bestCooldown() finds, within 0.25. Error when the schedule
/// has no optimal base rate. O(200 T).
[[nodiscard]] Result<Definition> tuningStudy(const LearningRateEntry& entry, const LearningRateState& state,
                                             const Monitor& monitor = {});

} // namespace alidade
