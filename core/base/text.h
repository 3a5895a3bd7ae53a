#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alidade {

/// Text and numbers, always independent of the locale.

/// The whole text as a number ("1e-3", " 0.5 ", "inf", "-inf"); nothing if any other character remains or the
/// text says NaN. Surrounding white space is allowed.
[[nodiscard]] std::optional<double> parseDouble(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parseInteger(std::string_view text);

/// Shortest text that parses back to exactly the same double; "inf", "-inf", "nan" for the rest.
[[nodiscard]] std::string formatDouble(double value);

/// "95.10 ± 0.12": the deviation with two significant digits, the estimate to the same place (at most eight
/// significant digits); "(1.200 ± 0.034)e-7" where plain digits would be many. Each alone, with four digits,
/// where one of them is not finite or the deviation is not above 0.
[[nodiscard]] std::string formatEstimate(double estimate, double deviation);

[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::string lowerCase(std::string_view text);
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The candidate with the smallest edit distance to `name`, or nothing when none is near enough to be a
/// plausible slip (distance above a third of the length, at least 1).
[[nodiscard]] std::optional<std::string> nearestName(std::string_view name,
                                                     const std::vector<std::string>& candidates);

/// " (did you mean \"x\"?)" or, when nothing is near, " (known: a, b, c)" with at most eight names.
[[nodiscard]] std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates);

} // namespace alidade
