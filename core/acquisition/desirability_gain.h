#pragma once

#include "desirability/overall_desirability.h"
#include "surrogate/outcome_transform.h"

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace alidade {

struct DesirabilityGainOptions {
    int samples = 128; ///< >= 1
    std::uint64_t seed = 0;
};

/// log E[max(0, D - best)] of the overall desirability D (weighted geometric mean) when the goals' outcomes
/// are predicted as independent normal distributions in model units, y_i = toUser(N(mean_i, sd_i^2)).
///
/// D > best needs every d_i(y_i) >= best^(W / w_i). Outcomes are therefore sampled inside these ranges
/// (fixed quasi-random numbers through the truncated distribution) and the probabilities of the ranges are
/// taken in closed form in log space:
///     log EI = sum_i log P(y_i in range_i) + log mean_s max(0, D(y_s) - best)
/// so that far from the goals, where plain sampling sees D = 0 everywhere, value and gradient still point the
/// way. A millionth of D itself is added to the gain, for samples that all miss. The result is a smooth
/// deterministic function of means and deviations.
///
/// With best = 0 it is log E[D], computed goal by goal as the product it is (2503.23595 in expectation).
class DesirabilityGain {
public:
    /// One transform per goal. A `best` that no outcome can exceed by 1e-9 counts as 0: with nothing left to
    /// gain, what is looked for is the most reliable setting. Errors: InvalidArgument (number of transforms,
    /// categorical goal, aggregate other than the geometric mean, best outside [0, 1]).
    [[nodiscard]] static Result<DesirabilityGain> make(OverallDesirability goals,
                                                       std::vector<OutcomeTransform> transforms, double best,
                                                       DesirabilityGainOptions options = {});

    struct Value {
        double logValue = 0.0; ///< -inf only if a goal demands what no number gives
        Eigen::VectorXd byMean;
        Eigen::VectorXd byStandardDeviation;
    };
    /// Model units, one entry per goal; deviations are taken as 1e-9 at least.
    [[nodiscard]] Value logValue(const Eigen::VectorXd& mean, const Eigen::VectorXd& standardDeviation) const;

    [[nodiscard]] double best() const { return m_best; } ///< in use
    /// The same with another `best`.
    [[nodiscard]] Result<DesirabilityGain> withBest(double best) const;
    /// D at the given outcomes in model units.
    [[nodiscard]] double overall(const Eigen::VectorXd& outcomes) const;
    [[nodiscard]] const OverallDesirability& goals() const { return m_goals; }

private:
    struct Range {
        double lower;
        double upper;
    };
    explicit DesirabilityGain(OverallDesirability goals) : m_goals(std::move(goals)) {}

    OverallDesirability m_goals;
    DesirabilityGainOptions m_options;
    std::vector<OutcomeTransform> m_transforms;
    double m_best = 0.0;
    std::vector<Range> m_ranges; ///< model units
    Eigen::MatrixXd m_uniforms;  ///< samples x goals
};

/// Smallest interval (user's units, ends may be infinite) that holds all y with d(y) >= level, or d(y) > 0
/// for level = 0; nothing if there is no such y. For categorical functions nothing.
[[nodiscard]] std::optional<std::pair<double, double>> rangeAtLeast(const Desirability& function,
                                                                    double level);
/// The largest value of d; 0 < it <= 1 for valid functions that are not all zero.
[[nodiscard]] double largestValue(const Desirability& function);

} // namespace alidade
