#pragma once

#include "space/search_space.h"

#include <memory>
#include <span>
#include <vector>

namespace alidade {

/// The constraints of a space, parsed once. Expressions are evaluated by muParser with the usual arithmetic
/// and exactly one comparison (<=, <, >=, >, ==) at top level. Each is kept as the slack
/// right - left (>= 0 when it holds); == holds within 1e-9 of the sides' magnitude. An expression that is
/// not finite at a setting counts as violated there.
/// Immutable and safe to share between threads.
class ConstraintSet {
public:
    [[nodiscard]] static Result<ConstraintSet> parse(const SearchSpace& space);

    ConstraintSet();
    ~ConstraintSet();
    ConstraintSet(const ConstraintSet&);
    ConstraintSet& operator=(const ConstraintSet&);
    ConstraintSet(ConstraintSet&&) noexcept;
    ConstraintSet& operator=(ConstraintSet&&) noexcept;

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }

    /// Slack of each constraint, in order; +inf where it does not apply (an inactive parameter), NaN where
    /// the expression is not finite.
    [[nodiscard]] std::vector<double> slacks(const Setting& setting) const;
    [[nodiscard]] bool feasible(const Setting& setting) const;
    /// Index of the first violated constraint.
    [[nodiscard]] std::optional<std::size_t> firstViolated(const Setting& setting) const;

private:
    struct State;
    std::shared_ptr<const State> m_state;
};

} // namespace alidade
