#pragma once

#include "space/parameter.h"

#include <optional>
#include <span>
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

/// The image of a point of the unit cube (one number in [0, 1) per part, the last one unused) in
/// {shares: low <= share <= high, sum = total}, such that uniform points give uniform shares: one share after
/// another by the inverse of its distribution given those before it, whose densities are sums of powers over
/// the subsets of the parts that follow. Nothing above 10 parts: the subsets are too many. O(2^parts).
[[nodiscard]] std::optional<std::vector<double>> uniformShares(const MixtureParts& mixture,
                                                               std::span<const double> cube);

} // namespace alidade
