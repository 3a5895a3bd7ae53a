#include "space/parameter.h"

#include "base/text.h"
#include "space/simplex.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr double kSnap = 1e-9; ///< of the range's width
constexpr double kMaximumCount = 1e15;

template <typename... Fs>
struct Overload : Fs... {
    using Fs::operator()...;
};
template <typename... Fs>
Overload(Fs...) -> Overload<Fs...>;

Error configuration(std::string field, std::string message) {
    return makeError(ErrorCode::InvalidConfiguration, std::move(message), std::move(field));
}

Error outOfRange(const Parameter& parameter, std::string message) {
    return makeError(ErrorCode::OutOfRange, std::move(message), parameter.name);
}

std::optional<double> numeric(const Value& value) {
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    return std::nullopt;
}

/// 16 and 16.0 are the same choice; otherwise alternatives must agree.
bool sameChoice(const Value& a, const Value& b) {
    const auto x = numeric(a);
    const auto y = numeric(b);
    return x && y ? *x == *y : a == b;
}

std::string rangeText(double low, double high) {
    return "[" + formatDouble(low) + ", " + formatDouble(high) + "]";
}

std::string choicesText(const std::vector<Value>& choices) {
    std::vector<std::string> shown;
    for (const Value& choice : choices) {
        shown.push_back(formatValue(choice));
        if (shown.size() == 12 && choices.size() > 12) {
            shown.emplace_back("...");
            break;
        }
    }
    return join(shown, ", ");
}

Result<void> checkRange(double low, double high, Scale scale) {
    if (!std::isfinite(low))
        return configuration("low", "the lower end must be a finite number");
    if (!std::isfinite(high))
        return configuration("high", "the upper end must be a finite number");
    if (!(low < high))
        return configuration("low", "the lower end " + formatDouble(low) + " must be below the upper end " +
                                        formatDouble(high));
    if (!std::isfinite(high - low))
        return configuration("high", "the range is too wide for a double");
    if (scale == Scale::Log && !(low > 0.0))
        return configuration("low", "a log scale needs a lower end above 0, not " + formatDouble(low));
    if (scale == Scale::Logit && !(low > 0.0 && high < 1.0))
        return configuration("scale",
                             "a logit scale needs 0 < low and high < 1, not " + rangeText(low, high));
    return {};
}

Result<void> checkChoices(const std::vector<Value>& choices) {
    if (choices.size() < 2)
        return configuration("choices", "at least two choices are needed");
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (std::holds_alternative<std::vector<double>>(choices[i]))
            return configuration("choices", "a choice is a text, a number or true/false");
        if (const auto* text = std::get_if<std::string>(&choices[i]); text && text->empty())
            return configuration("choices", "a choice must not be empty");
        if (const auto number = numeric(choices[i]); number && !std::isfinite(*number))
            return configuration("choices", "a numeric choice must be finite");
        for (std::size_t j = 0; j < i; ++j)
            if (sameChoice(choices[i], choices[j]) || formatValue(choices[i]) == formatValue(choices[j]))
                return configuration("choices", "the choice " + formatValue(choices[i]) + " is there twice");
    }
    return {};
}

Result<void> checkDomain(const Domain& domain) {
    return std::visit(
        Overload{[](const RealRange& range) -> Result<void> {
                     ALIDADE_CHECK(checkRange(range.low, range.high, range.scale));
                     if (!range.step)
                         return {};
                     if (range.scale != Scale::Linear)
                         return configuration("step", "a step needs a linear scale");
                     if (!(*range.step > 0.0) || !std::isfinite(*range.step) ||
                         *range.step > range.high - range.low)
                         return configuration("step",
                                              "the step " + formatDouble(*range.step) +
                                                  " must be above 0 and at most the width of the range");
                     return {};
                 },
                 [](const IntegerRange& range) -> Result<void> {
                     if (range.low >= range.high)
                         return configuration("low", "the lower end " + std::to_string(range.low) +
                                                         " must be below the upper end " +
                                                         std::to_string(range.high));
                     // Beyond 2^53 neighbouring integers are one double.
                     constexpr std::int64_t kExact = std::int64_t{1} << 53;
                     if (range.low < -kExact || range.high > kExact)
                         return configuration("high", "integers must lie within +-2^53");
                     if (range.scale == Scale::Logit)
                         return configuration("scale", "an integer has a linear or a log scale");
                     if (range.scale == Scale::Log && range.low < 1)
                         return configuration("low", "a log scale needs a lower end of at least 1, not " +
                                                         std::to_string(range.low));
                     if (range.step < 1 || range.step > range.high - range.low)
                         return configuration("step",
                                              "the step " + std::to_string(range.step) +
                                                  " must be at least 1 and at most the width of the range");
                     return {};
                 },
                 [](const OrdinalChoices& ordinal) -> Result<void> { return checkChoices(ordinal.choices); },
                 [](const CategoricalChoices& categorical) -> Result<void> {
                     return checkChoices(categorical.choices);
                 },
                 [](const MixtureParts& mixture) -> Result<void> { return checkMixture(mixture); }},
        domain);
}

bool isIdentifier(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (name.empty() || !letter(name.front()))
        return false;
    return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// Nearest of low, low + step, ... not above high; halves go up.
double steppedReal(double value, double low, double high, double step) {
    const double last = std::floor((high - low) / step + kSnap);
    const double k = std::clamp(std::floor((value - low) / step + 0.5), 0.0, last);
    return std::min(high, low + k * step);
}

std::int64_t steppedInteger(double value, const IntegerRange& range) {
    const std::int64_t last = (range.high - range.low) / range.step;
    const double k =
        std::floor((value - static_cast<double>(range.low)) / static_cast<double>(range.step) + 0.5);
    return range.low + range.step * static_cast<std::int64_t>(std::clamp(k, 0.0, static_cast<double>(last)));
}

Result<Value> checkedReal(const Parameter& parameter, const RealRange& range, const Value& value) {
    const auto number = numeric(value);
    if (!number || !std::isfinite(*number))
        return outOfRange(parameter, "a number in " + rangeText(range.low, range.high) + " is needed, not " +
                                         formatValue(value));
    const double slack = kSnap * (range.high - range.low);
    if (*number < range.low - slack || *number > range.high + slack)
        return outOfRange(parameter,
                          formatDouble(*number) + " is outside " + rangeText(range.low, range.high));
    double result = std::clamp(*number, range.low, range.high);
    if (range.step) {
        const double stepped = steppedReal(result, range.low, range.high, *range.step);
        if (std::abs(stepped - result) > slack)
            return outOfRange(parameter, formatDouble(*number) + " is not a multiple of the step " +
                                             formatDouble(*range.step) + " from " + formatDouble(range.low) +
                                             "; the nearest is " + formatDouble(stepped));
        result = stepped;
    }
    return Value{result};
}

Result<Value> checkedInteger(const Parameter& parameter, const IntegerRange& range, const Value& value) {
    const auto number = numeric(value);
    const auto low = static_cast<double>(range.low);
    const auto high = static_cast<double>(range.high);
    if (!number || !std::isfinite(*number))
        return outOfRange(parameter, "a whole number in " + rangeText(low, high) + " is needed, not " +
                                         formatValue(value));
    if (*number < low || *number > high)
        return outOfRange(parameter, formatDouble(*number) + " is outside " + rangeText(low, high));
    const std::int64_t nearest = steppedInteger(*number, range);
    if (std::abs(static_cast<double>(nearest) - *number) > kSnap * (high - low))
        return outOfRange(parameter, formatDouble(*number) + " is not allowed; the nearest is " +
                                         std::to_string(nearest));
    return Value{nearest};
}

Result<Value> checkedChoice(const Parameter& parameter, const std::vector<Value>& choices,
                            const Value& value) {
    for (const Value& choice : choices)
        if (sameChoice(choice, value))
            return choice;
    // Text from a file or a command line may stand for a number or a truth value.
    if (const auto* text = std::get_if<std::string>(&value))
        for (const Value& choice : choices)
            if (formatValue(choice) == *text)
                return choice;
    return outOfRange(parameter, formatValue(value) + " is not one of " + choicesText(choices));
}

Result<Value> checkedMixture(const Parameter& parameter, const MixtureParts& mixture, const Value& value) {
    const auto* shares = std::get_if<std::vector<double>>(&value);
    if (!shares || shares->size() != mixture.parts.size())
        return outOfRange(parameter, std::to_string(mixture.parts.size()) + " shares are needed (" +
                                         join(mixture.parts, ", ") + ")");
    const double slack = kSnap * mixture.total;
    double sum = 0.0;
    std::vector<double> result = *shares;
    for (std::size_t i = 0; i < result.size(); ++i) {
        const double low = lowestShare(mixture, i);
        const double high = highestShare(mixture, i);
        if (!std::isfinite(result[i]) || result[i] < low - slack || result[i] > high + slack)
            return outOfRange(parameter, "the share of " + mixture.parts[i] + " is " +
                                             formatDouble(result[i]) + ", outside " + rangeText(low, high));
        result[i] = std::clamp(result[i], low, high);
        sum += (*shares)[i];
    }
    if (std::abs(sum - mixture.total) > slack * static_cast<double>(result.size()))
        return outOfRange(parameter, "the shares add up to " + formatDouble(sum) + " instead of " +
                                         formatDouble(mixture.total));
    return Value{std::move(result)};
}

} // namespace

std::string_view kindName(const Domain& domain) {
    static constexpr std::array<std::string_view, 5> kNames{"real", "integer", "ordinal", "categorical",
                                                            "mixture"};
    return kNames[domain.index()];
}

Result<void> validate(const Parameter& parameter) {
    if (parameter.name.empty())
        return configuration("name", "the parameter needs a name");
    if (!isIdentifier(parameter.name))
        return configuration("name",
                             "\"" + parameter.name +
                                 "\" is not a name: use letters, digits and underscores, and start with a "
                                 "letter or underscore");
    ALIDADE_CHECK(checkDomain(parameter.domain));
    if (parameter.defaultValue) {
        const auto checked = checkedValue(parameter, *parameter.defaultValue);
        if (!checked)
            return configuration("default", checked.error().message);
    }
    return {};
}

Result<Value> checkedValue(const Parameter& parameter, const Value& value) {
    return std::visit(
        Overload{
            [&](const RealRange& range) { return checkedReal(parameter, range, value); },
            [&](const IntegerRange& range) { return checkedInteger(parameter, range, value); },
            [&](const OrdinalChoices& ordinal) { return checkedChoice(parameter, ordinal.choices, value); },
            [&](const CategoricalChoices& choices) {
                return checkedChoice(parameter, choices.choices, value);
            },
            [&](const MixtureParts& mixture) { return checkedMixture(parameter, mixture, value); }},
        parameter.domain);
}

Value nearestValue(const Parameter& parameter, const Value& value) {
    const auto number = numeric(value);
    const auto nearestChoice = [&](const std::vector<Value>& choices) {
        const auto exact = checkedChoice(parameter, choices, value);
        if (exact || !number)
            return exact ? *exact : choices.front();
        const Value* best = &choices.front();
        double smallest = std::numeric_limits<double>::infinity();
        for (const Value& choice : choices) {
            const auto candidate = numeric(choice);
            if (candidate && std::abs(*candidate - *number) < smallest) {
                smallest = std::abs(*candidate - *number);
                best = &choice;
            }
        }
        return *best;
    };
    return std::visit(
        Overload{
            [&](const RealRange& range) {
                double x =
                    number && !std::isnan(*number) ? std::clamp(*number, range.low, range.high) : range.low;
                if (range.step)
                    x = steppedReal(x, range.low, range.high, *range.step);
                return Value{x};
            },
            [&](const IntegerRange& range) {
                const double x = number && !std::isnan(*number) ? *number : static_cast<double>(range.low);
                return Value{steppedInteger(x, range)};
            },
            [&](const OrdinalChoices& ordinal) { return nearestChoice(ordinal.choices); },
            [&](const CategoricalChoices& choices) { return nearestChoice(choices.choices); },
            [&](const MixtureParts& mixture) {
                const auto* shares = std::get_if<std::vector<double>>(&value);
                return Value{projectedShares(mixture, shares && shares->size() == mixture.parts.size()
                                                          ? *shares
                                                          : std::vector<double>(mixture.parts.size(), 0.0))};
            }},
        parameter.domain);
}

std::string formatValue(const Value& value) {
    return std::visit(Overload{[](bool flag) { return std::string(flag ? "true" : "false"); },
                               [](std::int64_t integer) { return std::to_string(integer); },
                               [](double real) { return formatDouble(real); },
                               [](const std::string& text) { return text; },
                               [](const std::vector<double>& shares) {
                                   std::vector<std::string> parts;
                                   for (const double share : shares)
                                       parts.push_back(formatDouble(share));
                                   return join(parts, ":");
                               }},
                      value);
}

Result<Value> parseValue(const Parameter& parameter, std::string_view text) {
    const std::string_view content = trimmed(text);
    const auto syntax = [&](std::string_view wanted) {
        return makeError(ErrorCode::Syntax, "\"" + std::string(content) + "\" is not " + std::string(wanted),
                         parameter.name);
    };
    if (std::holds_alternative<RealRange>(parameter.domain) ||
        std::holds_alternative<IntegerRange>(parameter.domain)) {
        const auto number = parseDouble(content);
        if (!number)
            return syntax("a number");
        return checkedValue(parameter, *number);
    }
    if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
        std::vector<double> shares;
        for (const std::string& part : split(content, ':')) {
            const auto share = parseDouble(part);
            if (!share)
                return syntax(std::to_string(mixture->parts.size()) + " shares separated by ':'");
            shares.push_back(*share);
        }
        return checkedValue(parameter, shares);
    }
    // As it stands, then as a number or as a truth value in another spelling (spreadsheets write TRUE).
    if (auto matched = checkedValue(parameter, std::string(text)))
        return matched;
    if (const auto number = parseDouble(content))
        if (auto matched = checkedValue(parameter, *number))
            return matched;
    if (const std::string lower = lowerCase(content); lower == "true" || lower == "false")
        if (auto matched = checkedValue(parameter, lower == "true"))
            return matched;
    return checkedValue(parameter, std::string(content));
}

std::optional<std::uint64_t> valueCount(const Domain& domain) {
    return std::visit(
        Overload{[](const RealRange& range) -> std::optional<std::uint64_t> {
                     if (!range.step)
                         return std::nullopt;
                     const double count = std::floor((range.high - range.low) / *range.step + kSnap) + 1.0;
                     if (count > kMaximumCount)
                         return std::nullopt;
                     return static_cast<std::uint64_t>(count);
                 },
                 [](const IntegerRange& range) -> std::optional<std::uint64_t> {
                     return static_cast<std::uint64_t>((range.high - range.low) / range.step + 1);
                 },
                 [](const OrdinalChoices& ordinal) -> std::optional<std::uint64_t> {
                     return ordinal.choices.size();
                 },
                 [](const CategoricalChoices& c) -> std::optional<std::uint64_t> { return c.choices.size(); },
                 [](const MixtureParts&) -> std::optional<std::uint64_t> { return std::nullopt; }},
        domain);
}

Value valueAtRank(const Domain& domain, std::uint64_t rank) {
    const auto index = static_cast<std::int64_t>(rank);
    return std::visit(
        Overload{[&](const RealRange& range) {
                     return Value{std::min(range.high,
                                           range.low + static_cast<double>(rank) * range.step.value_or(0.0))};
                 },
                 [&](const IntegerRange& range) { return Value{range.low + index * range.step}; },
                 [&](const OrdinalChoices& ordinal) { return ordinal.choices.at(rank); },
                 [&](const CategoricalChoices& choices) { return choices.choices.at(rank); },
                 [&](const MixtureParts& mixture) {
                     return Value{projectedShares(mixture, std::vector<double>(mixture.parts.size(), 0.0))};
                 }},
        domain);
}

} // namespace alidade
