#pragma once

#include "suggest/target.h"

#include <string>

namespace alidade {

/// Which assumption of the fitted model a setting was chosen without.
enum class Doubt {
    None,
    Roughness, ///< chosen with shorter length scales
    Relevance  ///< differs from the incumbent in one parameter, which may matter more
};

/// One English sentence: what the model predicts there, in the user's units, and why that is worth a trial.
[[nodiscard]] std::string modelReason(const AcquisitionTarget& target, const Setting& setting,
                                      Doubt doubt = Doubt::None);

} // namespace alidade
