#pragma once

#include "study/study.h"

#include <QString>

namespace alidade {

/// A trial in a few lines, for read-outs: number and origin, measured values or the reason of the failure,
/// and the first parameters.
[[nodiscard]] QString trialText(const Study& study, TrialId id);

} // namespace alidade
