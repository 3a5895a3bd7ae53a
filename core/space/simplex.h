#pragma once

#include "space/parameter.h"

#include <vector>

namespace alidade {

/// Lower and upper bound of one share: an empty list means 0 and the total.
[[nodiscard]] double lowestShare(const MixtureParts& mixture, std::size_t part);
[[nodiscard]] double highestShare(const MixtureParts& mixture, std::size_t part);

/// At least two distinct named parts, bounds of the right number, finite and ordered, a total above 0 that
/// they can reach.
[[nodiscard]] Result<void> checkMixture(const MixtureParts& mixture);

/// Euclidean projection on {shares: low <= share <= high, sum = total}, by bisection on the shift of all
/// shares; the last rounding error goes to the part with most room, so that the sum is exact to a few units
/// in the last place. `shares` has one finite entry per part; the mixture must be valid.
[[nodiscard]] std::vector<double> projectedShares(const MixtureParts& mixture,
                                                  const std::vector<double>& shares);

} // namespace alidade
