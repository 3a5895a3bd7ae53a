#pragma once

#include "suggest/doubt.h"
#include "suggest/score_choice.h"
#include "suggest/target.h"

#include <string>

namespace alidade {

/// One English sentence: what the model predicts there, in the user's units, why that is worth a trial, and
/// by which method where `auto` chose one for a reason (`choice`). `diverted`: why another setting than the
/// score's optimum was taken.
[[nodiscard]] std::string modelReason(const AcquisitionTarget& target, const Setting& setting,
                                      Doubt doubt = Doubt::None, const MethodChoice& choice = {},
                                      const std::string& diverted = {});

} // namespace alidade
