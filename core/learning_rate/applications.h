#pragma once

#include "learning_rate/bound.h"
#include "learning_rate/schedule.h"

#include <optional>

namespace alidade {

/// Uses of the bound (2501.18965, section 5), for constant gradient norms; D and G cancel in all of them.

/// Factor by which a base rate tuned for (from, fromSteps) is multiplied to be optimal for (to, toSteps):
/// gamma*(to) / gamma*(from).
[[nodiscard]] Result<double> transferFactor(const Schedule& from, std::size_t fromSteps, const Schedule& to,
                                            std::size_t toSteps);

/// How to go on from a tuned run of `steps` to `newSteps` without changing its base rate, two ways.
struct Extension {
    /// Cooldown fraction of the longer run whose optimal base rate is that of the shorter one; nothing when
    /// even a cooldown over the whole run is not enough (for a fraction of 0.2: beyond about 3.78 times the
    /// steps).
    std::optional<double> cooldown;
    /// Keep the cooldown fraction, but from the point where the short run began its cooldown multiply the
    /// rate by this. Nothing when no factor keeps the base rate optimal, and for 1/sqrt.
    std::optional<double> rateFactor;
    BoundTerms original;                ///< of the short run at its end
    BoundTerms unchanged;               ///< of the longer run with the same cooldown fraction
    std::optional<BoundTerms> longer;   ///< of the longer run with `cooldown`
    std::optional<BoundTerms> twoStage; ///< of the longer run with `rateFactor`
};

/// `schedule` must be a wsd shape (or linear decay, its limit) or 1/sqrt with a cooldown; newSteps > steps.
/// For 1/sqrt the adapted cooldown is no gain over the old one beyond about 2.5 times the steps. The cooldown
/// is solved over whole numbers of cooldown points and interpolated between them; the factor by bisection to
/// 1e-12. O(newSteps log newSteps).
[[nodiscard]] Result<Extension> extendSchedule(const Schedule& schedule, std::size_t steps,
                                               std::size_t newSteps);

/// The cooldown fraction (in steps of 1 / (steps + 1)) whose tuned bound is smallest, and that bound. For
/// constant norms it is 1, with a flat minimum; for others it can be less. Exhaustive over 200 fractions,
/// then refined.
struct BestCooldown {
    double cooldown = 1.0;
    BoundTerms terms;
};
[[nodiscard]] Result<BestCooldown> bestCooldown(const WsdShape& shape, std::size_t steps,
                                                const BoundProblem& problem, std::size_t warmupSteps = 0);

/// Distance, gradient norm and floor for which the bound fits a measured loss curve best:
///     loss_t ~ floor + D^2 a_t + G^2 b_t,  a_t = 1 / (2 gamma S_t), b_t = gamma * noiseTerm_t at G = 1,
/// non-negative least squares in (floor, D^2, G^2): convex, so the answer is the global one.
/// Source: model of 2501.18965 with unit scale factor and constant norms.
struct BoundFit {
    double distance = 0.0;
    double gradientNorm = 0.0;
    double floor = 0.0;
    double rootMeanSquareError = 0.0;
    std::vector<double> fitted;    ///< at the measured steps
    std::vector<double> residuals; ///< measured - fitted
};
struct LossPoint {
    std::size_t step = 1; ///< 1 ... T
    double loss = 0.0;
};
/// At least 4 finite points at distinct steps; baseRate > 0.
[[nodiscard]] Result<BoundFit> fitBound(const std::vector<double>& rates, double baseRate,
                                        const std::vector<LossPoint>& points, const Monitor& monitor = {});

} // namespace alidade
