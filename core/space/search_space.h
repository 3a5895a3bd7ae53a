#pragma once

#include "space/parameter.h"

#include <string>
#include <string_view>
#include <vector>

namespace alidade {

/// An inequality or equality over numeric parameters, e.g. "layers * batch <= 512". A share of a mixture is
/// written parameter.part. Inactive parameters make the constraint hold trivially.
struct Constraint {
    ConstraintId id;
    std::string expression;
    bool operator==(const Constraint&) const = default;
};

/// Parameters in the order the user sees them, and constraints between them.
struct SearchSpace {
    std::vector<Parameter> parameters;
    std::vector<Constraint> constraints;
    bool operator==(const SearchSpace&) const = default;

    [[nodiscard]] const Parameter* find(ParameterId id) const;
    [[nodiscard]] const Parameter* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;
};

/// Checks the whole space: each parameter, distinct names, conditions (known parents, possible values, no
/// cycle: the error names the cycle "a -> b -> a"), constraints (syntax, known names, numeric only). The
/// error's context is a path such as "parameters[2].low" or "constraints[0]".
[[nodiscard]] Result<void> validate(const SearchSpace& space);

/// Parents before children; ties in user order. Cycle -> InvalidConfiguration naming it.
/// Boost.Graph topological sort.
[[nodiscard]] Result<std::vector<ParameterId>> topologicalOrder(const SearchSpace& space);

/// Whether `id` is active given the values of its ancestors in `setting`.
[[nodiscard]] bool isActive(const SearchSpace& space, ParameterId id, const Setting& setting);

/// The setting with inactive parameters removed and missing active ones filled from their defaults, else from
/// the middle of their scale. Values must already be valid.
[[nodiscard]] Setting completed(const SearchSpace& space, const Setting& setting);

/// Every active parameter present and valid, no inactive or unknown one, all constraints hold.
/// Errors: OutOfRange, UnknownName, InvalidArgument (missing / inactive), Infeasible (names the constraint).
[[nodiscard]] Result<Setting> checkedSetting(const SearchSpace& space, const Setting& setting);

/// Number of distinct settings, respecting conditions but not constraints; nothing for a continuum or when
/// above 10^15.
[[nodiscard]] std::optional<std::uint64_t> settingCount(const SearchSpace& space);

} // namespace alidade
