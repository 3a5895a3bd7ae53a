#include "surrogate/outcome_transform.h"

#include "math/normal.h"

#include <algorithm>
#include <cmath>

namespace alidade {

double OutcomeTransform::toModel(double outcome) const {
    const double warpedOutcome = warped() ? std::asinh((outcome - anchor) / width) : outcome;
    return (warpedOutcome - center) / scale;
}

double OutcomeTransform::toUser(double modelled) const {
    const double warpedOutcome = center + scale * modelled;
    return warped() ? anchor + width * std::sinh(warpedOutcome) : warpedOutcome;
}

double OutcomeTransform::slope(double outcome) const {
    return warped() ? 1.0 / (scale * std::hypot(outcome - anchor, width)) : 1.0 / scale;
}

OutcomeBelief beliefInUserUnits(const OutcomeTransform& transform, double mean, double standardDeviation) {
    if (!transform.warped())
        return {transform.toUser(mean), transform.scale * standardDeviation};
    const double high = transform.toUser(mean + standardDeviation);
    const double low = transform.toUser(mean - standardDeviation);
    return {transform.toUser(mean), 0.5 * (high - low)};
}

double expectedImprovementInUserUnits(const OutcomeTransform& transform, double mean,
                                      double standardDeviation, double best, bool maximise) {
    const double sign = maximise ? 1.0 : -1.0;
    if (!(standardDeviation > 0.0))
        return std::max(0.0, sign * (transform.toUser(mean) - best));
    const double z = sign * (mean - transform.toModel(best)) / standardDeviation;
    if (!transform.warped())
        return transform.scale * standardDeviation * std::exp(logStandardImprovement(z));
    // With y = toUser(mean + sign * sd * u) the improvement is positive for u > -z. Integrated by parts:
    // E = integral over u > -z of (d improvement / du) * P(U > u).
    constexpr int kIntervals = 2000; // Simpson
    const double begin = std::max(-z, -9.0);
    const double end = std::max(begin, 0.0) + 9.0 + transform.scale * standardDeviation;
    const auto tail = [&](double u) {
        const double steepness =
            transform.width *
            std::cosh(transform.center + transform.scale * (mean + sign * standardDeviation * u)) *
            transform.scale * standardDeviation;
        return steepness * normalCdf(-u);
    };
    const double step = (end - begin) / kIntervals;
    double sum = tail(begin) + tail(end);
    for (int i = 1; i < kIntervals; ++i)
        sum += (i % 2 == 1 ? 4.0 : 2.0) * tail(begin + step * i);
    double result = sum * step / 3.0;
    if (-z < begin) // below: P(U > u) is 1 to double precision
        result += sign * (transform.toUser(mean + sign * standardDeviation * begin) - best);
    return result;
}

double logExpectedImprovementInUserUnits(const OutcomeTransform& transform, double mean,
                                         double standardDeviation, double best, bool maximise) {
    const double z = (maximise ? 1.0 : -1.0) * (mean - transform.toModel(best)) / standardDeviation;
    if (standardDeviation > 0.0 && (!transform.warped() || z < -20.0))
        return std::log(standardDeviation) + logStandardImprovement(z) - std::log(transform.slope(best));
    return std::log(expectedImprovementInUserUnits(transform, mean, standardDeviation, best, maximise));
}

} // namespace alidade
