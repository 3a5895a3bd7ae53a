#include "space/simplex.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

Error shapeError(std::string field, std::string message) {
    return makeError(ErrorCode::InvalidConfiguration, std::move(message), std::move(field));
}

} // namespace

double lowestShare(const MixtureParts& mixture, std::size_t part) {
    return mixture.low.empty() ? 0.0 : mixture.low[part];
}

double highestShare(const MixtureParts& mixture, std::size_t part) {
    return mixture.high.empty() ? mixture.total : std::min(mixture.total, mixture.high[part]);
}

double shareRoom(const MixtureParts& mixture) {
    double room = mixture.total;
    for (std::size_t i = 0; i < mixture.parts.size(); ++i)
        room -= lowestShare(mixture, i);
    return room;
}

Result<void> checkMixture(const MixtureParts& mixture) {
    if (mixture.parts.size() < 2)
        return shapeError("parts", "a mixture needs at least two parts");
    for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
        if (mixture.parts[i].empty())
            return shapeError("parts", "a part needs a name");
        if (mixture.parts[i].find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != std::string::npos)
            return shapeError("parts", "\"" + mixture.parts[i] +
                                           "\" is not a name: use letters, digits and "
                                           "underscores");
        if (std::find(mixture.parts.begin(), mixture.parts.begin() + static_cast<std::ptrdiff_t>(i),
                      mixture.parts[i]) != mixture.parts.begin() + static_cast<std::ptrdiff_t>(i))
            return shapeError("parts", "the part " + mixture.parts[i] + " is there twice");
    }
    if (!(mixture.total > 0.0) || !std::isfinite(mixture.total))
        return shapeError("total", "the total must be finite and above 0");
    if (!mixture.low.empty() && mixture.low.size() != mixture.parts.size())
        return shapeError("low", "one lower bound per part is needed");
    if (!mixture.high.empty() && mixture.high.size() != mixture.parts.size())
        return shapeError("high", "one upper bound per part is needed");
    double lowest = 0.0;
    double highest = 0.0;
    for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
        if (!std::isfinite(lowestShare(mixture, i)) || lowestShare(mixture, i) < 0.0)
            return shapeError("low", "the lower bound of " + mixture.parts[i] + " must be at least 0");
        if (!std::isfinite(highestShare(mixture, i)) || highestShare(mixture, i) < lowestShare(mixture, i))
            return shapeError("high", "the upper bound of " + mixture.parts[i] + " is below its lower bound");
        lowest += lowestShare(mixture, i);
        highest += highestShare(mixture, i);
    }
    if (!(lowest < mixture.total))
        return shapeError("low", "the lower bounds add up to " + formatDouble(lowest) +
                                     ", which leaves nothing of " + formatDouble(mixture.total) +
                                     " to share out");
    if (highest < mixture.total)
        return shapeError("high", "the upper bounds add up to " + formatDouble(highest) +
                                      ", below the total " + formatDouble(mixture.total));
    return {};
}

std::vector<double> projectedShares(const MixtureParts& mixture, const std::vector<double>& shares) {
    const std::size_t count = mixture.parts.size();
    const auto shifted = [&](double shift) {
        std::vector<double> result(count);
        for (std::size_t i = 0; i < count; ++i)
            result[i] = std::clamp(shares[i] + shift, lowestShare(mixture, i), highestShare(mixture, i));
        return result;
    };
    const auto sum = [](const std::vector<double>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0);
    };
    if (const auto unchanged = shifted(0.0);
        unchanged == shares && std::abs(sum(shares) - mixture.total) <= 1e-12 * mixture.total)
        return shares;
    const double reach = mixture.total + *std::max_element(shares.begin(), shares.end()) -
                         *std::min_element(shares.begin(), shares.end());
    const double center = *std::max_element(shares.begin(), shares.end());
    double low = -center - reach;
    double high = mixture.total - center + 2.0 * reach;
    for (int i = 0; i < 200 && low < high; ++i) {
        const double middle = 0.5 * (low + high);
        if (middle == low || middle == high)
            break;
        (sum(shifted(middle)) < mixture.total ? low : high) = middle;
    }
    std::vector<double> result = shifted(0.5 * (low + high));
    const double rest = mixture.total - sum(result);
    std::size_t roomiest = 0;
    double room = -1.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double available =
            rest >= 0.0 ? highestShare(mixture, i) - result[i] : result[i] - lowestShare(mixture, i);
        if (available > room) {
            room = available;
            roomiest = i;
        }
    }
    result[roomiest] =
        std::clamp(result[roomiest] + rest, lowestShare(mixture, roomiest), highestShare(mixture, roomiest));
    return result;
}

std::vector<double> uniformMixture(const MixtureParts& mixture, std::span<const double> cube) {
    constexpr std::size_t kMostParts = 10;
    const std::size_t parts = mixture.parts.size();
    const double room = shareRoom(mixture);
    std::vector<double> widths(parts);
    for (std::size_t i = 0; i < parts; ++i)
        widths[i] = std::min(1.0, (highestShare(mixture, i) - lowestShare(mixture, i)) / room);
    std::vector<double> result(parts);
    const bool bounded =
        std::any_of(widths.begin(), widths.end(), [](double width) { return width < 1.0 - 1e-12; });
    if (!bounded || parts > kMostParts) {
        for (std::size_t i = 0; i < parts; ++i) // spacings of a Poisson process
            result[i] = -std::log1p(-cube[i]) + 1e-300;
        const double sum = std::accumulate(result.begin(), result.end(), 0.0);
        for (double& share : result)
            share /= sum;
        return result;
    }
    double left = 1.0;
    for (std::size_t i = 0; i < parts; ++i) {
        // Subsets of the parts that follow: their width, and a sign for an odd number of them.
        std::vector<double> sums{0.0};
        std::vector<double> signs{1.0};
        double most = 0.0;
        for (std::size_t j = i + 1; j < parts; ++j) {
            most += widths[j];
            for (std::size_t k = 0, count = sums.size(); k < count; ++k) {
                sums.push_back(sums[k] + widths[j]);
                signs.push_back(-signs[k]);
            }
        }
        const std::size_t following = parts - 1 - i;
        // Proportional to the chance that this share is above x.
        const auto above = [&](double x) {
            double volume = 0.0;
            for (std::size_t k = 0; k < sums.size(); ++k)
                volume +=
                    signs[k] * std::pow(std::max(0.0, left - x - sums[k]), static_cast<double>(following));
            return volume;
        };
        double low = std::clamp(left - most, 0.0, widths[i]);
        double high = std::min(widths[i], left);
        if (following == 0) {
            low = high = left;
        } else if (following == 1) { // even, which powers of 0 would not tell
            low = high = low + cube[i] * (high - low);
        } else {
            const double top = above(low);
            const double aim = top + cube[i] * (above(high) - top);
            for (int step = 0; step < 60; ++step) {
                const double middle = 0.5 * (low + high);
                (above(middle) > aim ? low : high) = middle;
            }
        }
        result[i] = 0.5 * (low + high);
        left = std::max(0.0, left - result[i]);
    }
    return result;
}

} // namespace alidade
