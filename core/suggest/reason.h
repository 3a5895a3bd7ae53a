#pragma once

#include "suggest/target.h"

#include <string>

namespace alidade {

/// One English sentence: what the model predicts there, in the user's units, and why that is worth a trial.
/// `doubting`: it was chosen by a model with shorter length scales than the fitted one.
[[nodiscard]] std::string modelReason(const AcquisitionTarget& target, const Setting& setting,
                                      bool doubting = false);

} // namespace alidade
