#pragma once

#include <functional> // before <compare>: moc 6.4 stumbles over libstdc++'s <concepts> when it comes first

#include <compare>
#include <cstdint>

namespace alidade {

/// A number that identifies one kind of thing within a study; 0 means "none". Ids are never reused.
template <typename Tag>
struct Id {
    std::int64_t value = 0;

    auto operator<=>(const Id&) const = default;
    [[nodiscard]] bool valid() const noexcept { return value > 0; }
};

using ParameterId = Id<struct ParameterTag>;
using ConstraintId = Id<struct ConstraintTag>;
/// Objectives and outcome constraints share one id space: both name something that is measured.
using MeasureId = Id<struct MeasureTag>;
using BeliefId = Id<struct BeliefTag>;
using TrialId = Id<struct TrialTag>;

} // namespace alidade

template <typename Tag>
struct std::hash<alidade::Id<Tag>> {
    std::size_t operator()(const alidade::Id<Tag>& id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
