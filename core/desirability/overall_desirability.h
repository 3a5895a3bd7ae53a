#pragma once

#include "desirability/desirability.h"

#include <span>
#include <string>
#include <vector>

namespace alidade {

enum class DesirabilityAggregate {
    GeometricMean, ///< (product of d_i^w_i)^(1 / sum of w_i)
    Minimum        ///< the smallest d_i; weights have no effect
};

/// What happens to a goal whose value is missing.
enum class MissingGoal {
    Impute,   ///< Desirability::missingValue() takes its place
    Skip,     ///< the goal is left out; nothing left: NaN
    Propagate ///< the overall desirability is NaN
};

struct OverallOptions {
    DesirabilityAggregate aggregate = DesirabilityAggregate::GeometricMean;
    MissingGoal missing = MissingGoal::Impute;
};

/// Several goals as one number. The weighted geometric mean is taken over the goals that are not boxes; a box
/// multiplies the result but is not counted, so that a limit that is always met does not inflate it. With
/// boxes only, the result is their product.
class OverallDesirability {
public:
    /// Error InvalidConfiguration without a function or with an invalid one (context "[i].key").
    [[nodiscard]] static Result<OverallDesirability> make(const std::vector<DesirabilityFunction>& functions,
                                                          OverallOptions options = {});

    [[nodiscard]] const std::vector<Desirability>& goals() const { return m_goals; }
    [[nodiscard]] const OverallOptions& options() const { return m_options; }
    /// w_i / sum of w over the counted goals: the exponent of goal i in the geometric mean; 1 for a box.
    [[nodiscard]] double exponent(std::size_t goal) const { return m_exponents[goal]; }

    struct Row {
        std::vector<double> individual; ///< d_i; NaN for a missing value that is skipped or propagated
        double overall = 0.0;           ///< in [0, 1], or NaN as MissingGoal says
    };
    /// One value per goal. Errors: InvalidArgument (number of values), and those of Desirability::value with
    /// context "[i]".
    [[nodiscard]] Result<Row> evaluate(const std::vector<DesirabilityInput>& values) const;
    /// Numbers only (NaN = missing); as many as goals.
    [[nodiscard]] Result<Row> evaluate(std::span<const double> values) const;

    /// Overall value from d_i, in order; NaN d_i are left out.
    [[nodiscard]] double combine(std::span<const double> individual) const;

    /// dD/dy_i at numeric values, D = evaluate().overall. 0 where D is 0 and for missing values; for
    /// the minimum only the (first) smallest goal counts. Errors as evaluate().
    [[nodiscard]] Result<std::vector<double>> gradient(std::span<const double> values) const;

private:
    OverallDesirability() = default;

    std::vector<Desirability> m_goals;
    std::vector<double> m_exponents;
    OverallOptions m_options;
};

/// The goals that force the overall desirability to 0: those with d_i = 0, in order. Both aggregates are 0
/// exactly when there is one.
[[nodiscard]] std::vector<std::size_t> goalsAtZero(std::span<const double> individual);

/// For logs and reports: which of the named goals forces D = 0 and at what value, for example
/// `overall desirability is 0: "activity" = 61`; empty when none does. `names` and `values` one per goal.
[[nodiscard]] std::string explainZero(std::span<const double> individual,
                                      const std::vector<std::string>& names,
                                      const std::vector<DesirabilityInput>& values);

enum class DesirabilitySpread { Varies, AllZero, AllOne };
/// Whether the goal tells the measured values apart at all: AllZero or AllOne means that its limits need a
/// second look. NaN are ignored; no value: Varies.
[[nodiscard]] DesirabilitySpread spreadOf(std::span<const double> individual);

} // namespace alidade
