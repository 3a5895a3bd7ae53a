#pragma once

#include "base/monitor.h"
#include "base/result.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace alidade {

/// The last-iterate bound of 2501.18965 (theorem 1; theorem 10 of 2310.07831) for stochastic subgradient
/// steps x_{t+1} = x_t - gamma eta_t g_t on a convex function:
///
///     E f(x_t) - f* <= distanceTerm_t / gamma + gamma * noiseTerm_t
///     distanceTerm_t = D^2 / (2 S_t),  S_t = eta_1 + ... + eta_t
///     noiseTerm_t = 1/2 [ eta_t G_t^2 + sum_{k<t} eta_k^2 G_k^2 / (eta_{k+1} + ... + eta_t) ]
///
/// This form is equal to the published three-term one by summation by parts, and has no cancellation.
/// gamma: base rate; D = ||x_1 - x*||; G_t^2 = E||g_t||^2; units: D in parameters, G in loss per parameter.
struct BoundTerms {
    double distanceTerm = 0.0; ///< +inf when all rates up to t are 0
    double noiseTerm = 0.0;    ///< +inf when eta_t = 0 behind a positive rate

    /// Value at base rate gamma > 0.
    [[nodiscard]] double at(double baseRate) const;
    /// sqrt(distanceTerm / noiseTerm): the base rate that minimises the bound. 0 when the noise term is
    /// infinite, +inf when it is 0.
    [[nodiscard]] double optimalBaseRate() const;
    /// 2 sqrt(distanceTerm noiseTerm).
    [[nodiscard]] double optimalBound() const;
    /// Sensitivity to the base rate: at(baseRate) / optimalBound() = (r + 1 / r) / 2 with r = baseRate /
    /// optimalBaseRate(), at least 1. Twice or half the optimal base rate costs 25 %.
    [[nodiscard]] double excess(double baseRate) const;
    /// The base rates whose bound is at most `factor` >= 1 times the smallest one:
    /// optimalBaseRate() (factor -+ sqrt(factor^2 - 1)).
    [[nodiscard]] std::pair<double, double> baseRatesWithin(double factor) const;
};

/// What the bound needs besides the schedule. `gradientNorms` has one entry (constant G) or at least one per
/// step.
struct BoundProblem {
    double distance = 1.0;
    std::vector<double> gradientNorms{1.0};

    [[nodiscard]] double norm(std::size_t index) const {
        return gradientNorms.size() == 1 ? gradientNorms[0] : gradientNorms[index];
    }
};

/// distance > 0 and finite; norms >= 0, finite, not all 0, enough of them; rates >= 0 and finite, at least
/// one.
[[nodiscard]] Result<void> validate(const BoundProblem& problem, std::span<const double> rates);

/// Terms at step t in 1 ... rates.size(). O(t), one pass from the right.
[[nodiscard]] Result<BoundTerms> boundAt(std::span<const double> rates, const BoundProblem& problem,
                                         std::size_t t);

/// Terms at every t = 1 ... T (entry t - 1). O(T log T): the sums form a Cauchy kernel in the prefix sums,
/// which a binary tree of 24-term multipole expansions evaluates to about 1e-12 relative; prefix sums are
/// kept in double-double, since their differences near the end of a decaying schedule would lose digits
/// otherwise. Cancelled when stopped.
[[nodiscard]] Result<std::vector<BoundTerms>>
boundCurve(std::span<const double> rates, const BoundProblem& problem, const Monitor& monitor = {});

/// Terms at some steps only (each in 1 ... T, any order): for drawing, where some hundred places of a long
/// schedule are enough. O(T) for the tree, O(log T) per step.
[[nodiscard]] Result<std::vector<BoundTerms>> boundCurveAt(std::span<const double> rates,
                                                           const BoundProblem& problem,
                                                           std::span<const std::size_t> steps,
                                                           const Monitor& monitor = {});

/// The same by definition in O(T^2): the reference for tests and short schedules.
[[nodiscard]] Result<std::vector<BoundTerms>> boundCurveExact(std::span<const double> rates,
                                                              const BoundProblem& problem);

/// Bound on the average iterate (and the best one): (D^2 + gamma^2 Q_t) / (2 gamma S_t), Q_t = sum eta^2 G^2.
/// It does not show the benefit of a cooldown.
[[nodiscard]] Result<BoundTerms> averageIterateBoundAt(std::span<const double> rates,
                                                       const BoundProblem& problem, std::size_t t);

/// Derivatives of at(baseRate) at the last step T by each rate eta_j, all of them in O(T) by prefix and
/// suffix sums:
///     -D^2 / (2 gamma S^2) + gamma [ eta_j G_j^2 / A_j - 1/2 sum_{k<j} eta_k^2 G_k^2 / A_k^2 ],
///     A_k = eta_{k+1} + ... + eta_T; for j = T the first term of the bracket is G_T^2 / 2.
/// Says where a drawn schedule gains by a higher or lower rate. baseRate > 0, eta_T > 0.
[[nodiscard]] Result<std::vector<double>> boundGradient(std::span<const double> rates,
                                                        const BoundProblem& problem, double baseRate);

/// The schedule (base rate absorbed) with the smallest possible bound at T for these gradient norms, and that
/// bound: the unique minimiser of a convex problem, in closed form by a backward recursion. O(T). Norms must
/// be > 0. Source: own derivation from the form above (stationarity in each eta_j); tests compare it with a
/// numerical minimiser.
struct OptimalSchedule {
    std::vector<double> rates;
    double bound = 0.0;
};
[[nodiscard]] Result<OptimalSchedule> optimalSchedule(std::size_t steps, const BoundProblem& problem);

} // namespace alidade
