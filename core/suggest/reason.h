#pragma once

#include "suggest/target.h"

#include <string>

namespace alidade {

/// One English sentence: what the model predicts there, in the user's units, and why that is worth a trial.
[[nodiscard]] std::string modelReason(const AcquisitionTarget& target, const Setting& setting);

} // namespace alidade
