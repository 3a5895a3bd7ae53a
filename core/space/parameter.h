#pragma once

#include "base/ids.h"
#include "base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace alidade {

/// One value of one parameter. Real: double. Integer: int64. Ordinal and categorical: exactly one of the
/// declared choices, in its declared alternative. Mixture: the shares in the order of the parts.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>>;

/// Values by parameter. An inactive conditional parameter is absent.
using Setting = std::map<ParameterId, Value>;

enum class Scale { Linear, Log, Logit };

/// A number in [low, high]; Log needs low > 0; Logit needs 0 < low and high < 1. `step` (linear scale only)
/// restricts to low + k * step.
struct RealRange {
    double low = 0.0;
    double high = 1.0;
    Scale scale = Scale::Linear;
    std::optional<double> step;
    bool operator==(const RealRange&) const = default;
};

/// A whole number in [low, high], low + k * step; Log needs low >= 1.
struct IntegerRange {
    std::int64_t low = 0;
    std::int64_t high = 1;
    Scale scale = Scale::Linear;
    std::int64_t step = 1;
    bool operator==(const IntegerRange&) const = default;
};

/// Ordered choices (at least two, distinct): encoded by rank, equally spaced.
struct OrdinalChoices {
    std::vector<Value> choices;
    bool operator==(const OrdinalChoices&) const = default;
};

/// Unordered choices (at least two, distinct).
struct CategoricalChoices {
    std::vector<Value> choices;
    bool operator==(const CategoricalChoices&) const = default;
};

/// Shares of `parts` (at least two) that add up to `total`; `low` and `high` bound each share (high defaults
/// to total where empty).
struct MixtureParts {
    std::vector<std::string> parts;
    std::vector<double> low;
    std::vector<double> high;
    double total = 1.0;
    bool operator==(const MixtureParts&) const = default;
};

using Domain = std::variant<RealRange, IntegerRange, OrdinalChoices, CategoricalChoices, MixtureParts>;

/// The parameter is active only where `parent` is active and has one of `values`. All conditions of a
/// parameter must hold.
struct Condition {
    ParameterId parent;
    std::vector<Value> values;
    bool operator==(const Condition&) const = default;
};

struct Parameter {
    ParameterId id;
    std::string name;
    Domain domain = RealRange{};
    std::string unit;
    std::optional<Value> defaultValue;
    std::vector<Condition> conditions;
    bool operator==(const Parameter&) const = default;
};

/// "real", "integer", "ordinal", "categorical", "mixture".
[[nodiscard]] std::string_view kindName(const Domain& domain);

/// Checks one parameter by itself: name (identifier: letters, digits, underscore, not starting with a digit),
/// finite ordered range, scale, step, choices, default. The context of the error is the field.
[[nodiscard]] Result<void> validate(const Parameter& parameter);

/// The value brought into the declared alternative (an int64 for a real becomes a double, 16.0 matches the
/// choice 16, ...) and checked against range, step and choices. Numbers within 1e-9 of the range's width of
/// an allowed value are snapped to it; anything else is OutOfRange with the range in the message.
[[nodiscard]] Result<Value> checkedValue(const Parameter& parameter, const Value& value);

/// The nearest allowed value: clipped to the range, rounded to the step (halves away from zero), the choice
/// with the nearest number; mixtures are projected on the bounded simplex. Used for typing and import.
[[nodiscard]] Value nearestValue(const Parameter& parameter, const Value& value);

/// Text as in a command line or CSV: shortest round-trip numbers, strings as they are, true/false, shares
/// joined by ':'.
[[nodiscard]] std::string formatValue(const Value& value);

/// Inverse of formatValue for this parameter; Syntax or OutOfRange with the parameter's name as context.
[[nodiscard]] Result<Value> parseValue(const Parameter& parameter, std::string_view text);

/// How many values the parameter can take; nothing for a continuum.
[[nodiscard]] std::optional<std::uint64_t> valueCount(const Domain& domain);

/// The value number `rank` (0 ... valueCount - 1) in ascending or declared order; the domain must be finite.
[[nodiscard]] Value valueAtRank(const Domain& domain, std::uint64_t rank);

} // namespace alidade
