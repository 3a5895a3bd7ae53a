#pragma once

#include "space/parameter.h"

#include <span>
#include <vector>

namespace alidade {

/// Lower and upper bound of one share: an empty list means 0 and the total.
[[nodiscard]] double lowestShare(const MixtureParts& mixture, std::size_t part);
[[nodiscard]] double highestShare(const MixtureParts& mixture, std::size_t part);
/// What the lower bounds leave of the total, > 0.
[[nodiscard]] double shareRoom(const MixtureParts& mixture);

/// At least two distinct named parts, bounds of the right number, finite and ordered, a total above 0 that
/// they can reach.
[[nodiscard]] Result<void> checkMixture(const MixtureParts& mixture);

/// Euclidean projection on {shares: low <= share <= high, sum = total}, by bisection on the shift of all
/// shares; the last rounding error goes to the part with most room, so that the sum is exact to a few units
/// in the last place. `shares` has one finite entry per part; the mixture must be valid.
[[nodiscard]] std::vector<double> projectedShares(const MixtureParts& mixture,
                                                  const std::vector<double>& shares);

/// A point of the unit cube (one number in [0, 1) per part) as a mixture: for each part (share - lowest
/// share) / shareRoom(), in the sum 1, such that uniform points give uniform mixtures between all bounds.
/// Where upper bounds matter, one share after another by the inverse of its distribution given those before
/// it, whose densities are sums of powers over the subsets of the parts that follow: O(2^parts). Above 10
/// parts the upper bounds are left to projectedShares().
[[nodiscard]] std::vector<double> uniformMixture(const MixtureParts& mixture, std::span<const double> cube);

} // namespace alidade
