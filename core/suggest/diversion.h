#pragma once

#include "suggest/scatter.h"
#include "suggest/trust_region.h"

#include <string>

namespace alidade {

/// A setting that a method takes instead of its score's optimum, and why, as part of a sentence.
struct Diversion {
    Setting setting;
    std::string why;
};

/// One suggestion of a batch.
struct Turn {
    std::uint64_t index = 0;        ///< number of the suggestion in the study
    std::size_t inBatch = 0;        ///< 0 for the first of the batch
    const Setting* first = nullptr; ///< the first setting of the batch; null for itself
};

/// epsilon-greedy: with chance epsilon any untried setting. epsilon-shotgun: likewise for the first setting
/// of a batch (or one of the front of prediction and uncertainty), the others scattered round the first;
/// `scatter` is filled when first needed. Trust region: settings spread over the space while a restart's
/// design is due (`region`). Nothing for other methods and turns. Deterministic. Errors: Infeasible,
/// Cancelled.
[[nodiscard]] Result<std::optional<Diversion>>
diversion(Method method, const AcquisitionTarget& target, const Turn& turn, std::optional<Scatter>& scatter,
          const TrustRegion& region, const std::unordered_set<std::string>& taken, const Monitor& monitor);

/// "12 %", "0.4 %", "less than 0.01 %" of a share >= 0: radii shrink to far less than a percent.
[[nodiscard]] std::string percentText(double share);

} // namespace alidade
