#include "surrogate/outcome_transform.h"

#include "math/normal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace alidade {

namespace {

/// (x^power - 1) / power for x > 0, its limit log(x) at power 0.
double boxCox(double x, double power) {
    const double logarithm = std::log(x);
    return std::abs(power) < 1e-12 ? logarithm : std::expm1(power * logarithm) / power;
}
double inverseBoxCox(double w, double power) {
    return std::abs(power) < 1e-12 ? std::exp(w) : std::exp(std::log1p(power * w) / power);
}

double yeoJohnson(double u, double lambda) {
    return u >= 0.0 ? boxCox(1.0 + u, lambda) : -boxCox(1.0 - u, 2.0 - lambda);
}

} // namespace

double OutcomeTransform::toModel(double outcome) const {
    if (!warped())
        return (outcome - center) / scale;
    const double u = (outcome - anchor) / width;
    double w = 0.0;
    switch (shape) {
    case Shape::Asinh: w = std::asinh(u); break;
    case Shape::Log: w = u > 0.0 ? std::log(u) : -std::numeric_limits<double>::infinity(); break;
    case Shape::YeoJohnson: w = yeoJohnson(u, lambda); break;
    }
    return (w - center) / scale;
}

double OutcomeTransform::toUser(double modelled) const {
    const double w = center + scale * modelled;
    if (!warped())
        return w;
    double u = 0.0;
    switch (shape) {
    case Shape::Asinh: u = std::sinh(w); break;
    case Shape::Log: u = std::exp(w); break;
    case Shape::YeoJohnson:
        u = w >= 0.0 ? inverseBoxCox(w, lambda) - 1.0 : 1.0 - inverseBoxCox(-w, 2.0 - lambda);
        break;
    }
    return anchor + width * u;
}

double OutcomeTransform::slope(double outcome) const {
    if (!warped())
        return 1.0 / scale;
    const double u = (outcome - anchor) / width;
    switch (shape) {
    case Shape::Asinh: return 1.0 / (scale * std::hypot(outcome - anchor, width));
    case Shape::Log: return u > 0.0 ? 1.0 / (scale * (outcome - anchor)) : 0.0;
    case Shape::YeoJohnson:
        return std::pow(1.0 + std::abs(u), u >= 0.0 ? lambda - 1.0 : 1.0 - lambda) / (width * scale);
    }
    return 1.0 / scale;
}

std::string transformName(const OutcomeTransform& transform) {
    if (!transform.warped())
        return "the scale it is measured on";
    const auto figure = [](double value) {
        char buffer[32];
        const auto [end, status] =
            std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 3);
        return status == std::errc{} ? std::string(buffer, end) : std::string();
    };
    switch (transform.shape) {
    case OutcomeTransform::Shape::Asinh:
        return "a scale that is linear within " + figure(transform.width) + " of " +
               figure(transform.anchor) + " and logarithmic beyond (asinh)";
    case OutcomeTransform::Shape::Log: return "a logarithmic scale";
    case OutcomeTransform::Shape::YeoJohnson:
        return "a power scale (Yeo-Johnson, lambda " + figure(transform.lambda) + ")";
    }
    return {};
}

double yeoJohnsonLambda(const Eigen::VectorXd& outcomes, double anchor, double width) {
    const Eigen::ArrayXd u = (outcomes.array() - anchor) / width;
    // sum of log |dw/du| = (lambda - 1) sum of sign(u) log(1 + |u|)
    const double jacobian =
        u.unaryExpr([](double v) { return std::copysign(std::log1p(std::abs(v)), v); }).sum();
    const auto logLikelihood = [&](double lambda) {
        const Eigen::ArrayXd w = u.unaryExpr([&](double v) { return yeoJohnson(v, lambda); });
        const double variance = (w - w.mean()).square().mean();
        return -0.5 * static_cast<double>(u.size()) * std::log(variance) + (lambda - 1.0) * jacobian;
    };
    constexpr double kGolden = 0.6180339887498949;
    double low = 0.0;
    double high = 2.0;
    double left = high - kGolden * (high - low);
    double right = low + kGolden * (high - low);
    double atLeft = logLikelihood(left);
    double atRight = logLikelihood(right);
    while (high - low > 1e-4) {
        if (atLeft > atRight) {
            high = right;
            right = left;
            atRight = atLeft;
            left = high - kGolden * (high - low);
            atLeft = logLikelihood(left);
        } else {
            low = left;
            left = right;
            atLeft = atRight;
            right = low + kGolden * (high - low);
            atRight = logLikelihood(right);
        }
    }
    return 0.5 * (low + high);
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
        const double slope = transform.slope(transform.toUser(mean + sign * standardDeviation * u));
        return slope > 0.0 ? standardDeviation / slope * normalCdf(-u) : 0.0;
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
