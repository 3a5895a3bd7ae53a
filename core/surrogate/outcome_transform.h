#pragma once

namespace alidade {

/// A strictly increasing map from outcomes in the user's units to the numbers a Gaussian process models:
///   model = (w(y) - center) / scale,  w(y) = y, or asinh((y - anchor) / width) when width > 0.
/// The second form is linear within about `width` of the anchor and logarithmic far from it, so that outcomes
/// over several orders of magnitude do not hide what happens near the anchor; it is defined for every y.
struct OutcomeTransform {
    double anchor = 0.0;
    double width = 0.0;  ///< 0: no warping
    double center = 0.0; ///< units of w
    double scale = 1.0;  ///< units of w, > 0

    [[nodiscard]] bool warped() const { return width > 0.0; }
    [[nodiscard]] double toModel(double outcome) const;
    [[nodiscard]] double toUser(double modelled) const;
    /// d model / d outcome > 0.
    [[nodiscard]] double slope(double outcome) const;

    bool operator==(const OutcomeTransform&) const = default;
};

/// Location and spread, in the user's units, of an outcome that is Normal(mean, standardDeviation^2) in model
/// units: mean and standard deviation without warping; with it the median and half the width of the central
/// 68.27 % interval, which stay meaningful where the distribution is skewed.
struct OutcomeBelief {
    double center = 0.0;
    double spread = 0.0;
};
[[nodiscard]] OutcomeBelief beliefInUserUnits(const OutcomeTransform& transform, double mean,
                                              double standardDeviation);

/// Expected improvement over `best` (user's units) of that outcome, in the user's units: E[max(best - y, 0)],
/// or E[max(y - best, 0)] to maximise. Closed form without warping; by numerical integration with it
/// (relative error below 1e-8 where the result is above 1e-300).
[[nodiscard]] double expectedImprovementInUserUnits(const OutcomeTransform& transform, double mean,
                                                    double standardDeviation, double best, bool maximise);
/// Its logarithm; where it would underflow with warping, to first order of the transform at `best`.
[[nodiscard]] double logExpectedImprovementInUserUnits(const OutcomeTransform& transform, double mean,
                                                       double standardDeviation, double best, bool maximise);

} // namespace alidade
