#pragma once

#include "suggest/diversion.h"
#include "suggest/maximiser.h"

namespace alidade {

/// When the optimum found is a place that has been measured (within 1e-4 of every coordinate's range) or is
/// in `chosen` (feature rows of the batch), and no outcome is noisy (noise below a hundredth of each
/// outcome's standard deviation), measuring it again would teach nothing: the best setting found at least
/// 0.05 away from everything measured. Nothing when the optimum is new, when noise makes a repetition worth
/// its cost, or when nothing else was found.
[[nodiscard]] std::optional<Diversion> insteadOfRepetition(const AcquisitionTarget& target,
                                                           const MaximiserReport& report,
                                                           const std::vector<Eigen::RowVectorXd>& chosen);

} // namespace alidade
