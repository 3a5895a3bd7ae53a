#pragma once

#include <Eigen/Core>

#include <string>

namespace alidade {

/// A strictly increasing map from outcomes in the user's units to the numbers a Gaussian process models:
///   model = (w(y) - center) / scale, and w(y) = y when width = 0; else with u = (y - anchor) / width
///   Asinh       w = asinh(u): linear within about `width` of the anchor and logarithmic far from it, so that
///   outcomes
///               over several orders of magnitude do not hide what happens near the anchor; for every y;
///   Log         w = log(u): for outcomes above the anchor; -inf at and below it;
///   YeoJohnson  w = ((1 + u)^lambda - 1) / lambda for u >= 0, -((1 - u)^(2 - lambda) - 1) / (2 - lambda)
///   below, with
///               logarithms in the limits lambda = 0 and 2 (Yeo & Johnson 2000); lambda in [0, 2], for every
///               y.
struct OutcomeTransform {
    enum class Shape { Asinh, Log, YeoJohnson };

    double anchor = 0.0;
    double width = 0.0;  ///< 0: no warping
    double center = 0.0; ///< units of w
    double scale = 1.0;  ///< units of w, > 0
    Shape shape = Shape::Asinh;
    double lambda = 1.0; ///< YeoJohnson; 1 is a straight line

    [[nodiscard]] bool warped() const { return width > 0.0; }
    [[nodiscard]] double toModel(double outcome) const;
    [[nodiscard]] double toUser(double modelled) const;
    /// d model / d outcome > 0; 0 where a Log is not defined.
    [[nodiscard]] double slope(double outcome) const;

    bool operator==(const OutcomeTransform&) const = default;
};

/// "the scale it is measured on", "a logarithmic scale", ...: an English phrase.
[[nodiscard]] std::string transformName(const OutcomeTransform& transform);

/// The lambda in [0, 2] that makes (y - anchor) / width most nearly normal after Yeo & Johnson's transform:
/// the largest likelihood with free mean and variance, Jacobian included. `outcomes` are in the user's units,
/// at least two of them different. Found to 1e-4 by golden sections.
[[nodiscard]] double yeoJohnsonLambda(const Eigen::VectorXd& outcomes, double anchor, double width);

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
