#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace alidade {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const std::size_t substituted = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, substituted});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a.size()][b.size()];
}

std::string fixedText(double value, int decimals) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

/// The place of the first significant digit: 2 for 123, -3 for 0.00123; of the number as rounded to `digits`.
int leadingPlace(double value, int digits) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.*e", digits - 1, value);
    return std::atoi(std::strchr(buffer, 'e') + 1);
}

} // namespace

std::string formatEstimate(double estimate, double deviation) {
    constexpr int kDigits = 2;
    constexpr int kMostDigits = 8;
    if (!std::isfinite(estimate) || !std::isfinite(deviation) || !(deviation > 0.0)) {
        char buffer[64];
        std::snprintf(buffer, sizeof buffer, "%.4g ± %.4g", estimate, deviation);
        return buffer;
    }
    const int first = estimate == 0.0 ? leadingPlace(deviation, kDigits)
                                      : std::max(leadingPlace(std::abs(estimate), kMostDigits),
                                                 leadingPlace(deviation, kDigits));
    const int place = leadingPlace(deviation, kDigits) - (kDigits - 1);
    if (first >= -4 && first < 7) {
        const int decimals = std::max(0, -place);
        const int most = kMostDigits - 1 - first;
        if (place > 0) {
            const double unit = std::pow(10.0, place);
            estimate = std::round(estimate / unit) * unit;
            deviation = std::round(deviation / unit) * unit;
        }
        if (decimals > most) {
            char buffer[32];
            std::snprintf(buffer, sizeof buffer, "%.*e", kDigits - 1, deviation);
            return fixedText(estimate, most) + " ± " + buffer;
        }
        return fixedText(estimate, decimals) + " ± " + fixedText(deviation, decimals);
    }
    const double unit = std::pow(10.0, first);
    const int decimals = first - place;
    return "(" + fixedText(estimate / unit, std::min(decimals, kMostDigits - 1)) + " ± " +
           fixedText(deviation / unit, decimals) + ")e" + std::to_string(first);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::optional<double> parseDouble(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    if (text.empty() || text.starts_with('+'))
        return std::nullopt;
    double value = 0.0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size() || std::isnan(value))
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> parseInteger(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    if (text.empty() || text.starts_with('+'))
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string formatDouble(double value) {
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0.0 ? "inf" : "-inf";
    char buffer[32];
    const auto [end, status] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return status == std::errc{} ? std::string(buffer, end) : std::string();
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || text[i] == separator) {
            parts.emplace_back(text.substr(start, i - start));
            start = i + 1;
        }
    }
    return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0)
            joined += separator;
        joined += parts[i];
    }
    return joined;
}

std::optional<std::string> nearestName(std::string_view name, const std::vector<std::string>& candidates) {
    std::optional<std::string> nearest;
    std::size_t smallest = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = editDistance(lowerCase(name), lowerCase(candidate));
        if (distance < smallest) {
            smallest = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates) {
    if (const auto nearest = nearestName(name, candidates))
        return " (did you mean \"" + *nearest + "\"?)";
    if (candidates.empty())
        return {};
    std::vector<std::string> shown(candidates.begin(),
                                   candidates.begin() + std::min<std::ptrdiff_t>(8, std::ssize(candidates)));
    return " (known: " + join(shown, ", ") + (candidates.size() > 8 ? ", ..." : "") + ")";
}

} // namespace alidade
