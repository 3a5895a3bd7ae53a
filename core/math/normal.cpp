#include "math/normal.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>
#include <utility>

namespace alidade {
namespace {

constexpr double kLogSqrtTwoPi = 0.91893853320467274178;
constexpr double kSeriesFrom = 10.0;

/// Phi(-t) / phi(t) for t >= 0.
double millsRatio(double t) {
    if (t < kSeriesFrom) {
        const double x = t / std::numbers::sqrt2;
        // exp(x^2) with the rounding error of the square put back.
        const double square = x * x;
        const double rest = std::fma(x, x, -square);
        return std::sqrt(std::numbers::pi / 2.0) * std::exp(square) * (1.0 + rest) * std::erfc(x);
    }
    // 1/t (1 - 1/t^2 + 3/t^4 - ...): at t >= 10 the terms fall below 1e-17 long before they grow.
    const double inverse = 1.0 / (t * t);
    double term = 1.0;
    double sum = 1.0;
    for (int k = 1; k < 30 && std::abs(term) > 1e-18; ++k) {
        term *= -(2.0 * k - 1.0) * inverse;
        sum += term;
    }
    return sum / t;
}

/// 1 - t Phi(-t) / phi(t) for t >= 1.
double improvementRatio(double t) {
    if (t < kSeriesFrom)
        return 1.0 - t * millsRatio(t);
    const double inverse = 1.0 / (t * t);
    double term = inverse;
    double sum = inverse;
    for (int k = 1; k < 30 && std::abs(term) > 1e-18 * inverse; ++k) {
        term *= -(2.0 * k + 1.0) * inverse;
        sum += term;
    }
    return sum;
}

} // namespace

double normalPdf(double z) {
    return std::exp(logNormalPdf(z));
}

double normalCdf(double z) {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double logNormalPdf(double z) {
    return -0.5 * z * z - kLogSqrtTwoPi;
}

double logNormalCdf(double z) {
    if (z > 0.0)
        return std::log1p(-0.5 * std::erfc(z / std::numbers::sqrt2));
    if (std::isinf(z))
        return z;
    return logNormalPdf(z) + std::log(millsRatio(-z));
}

double log1mExp(double x) {
    return x > std::numbers::ln2 ? std::log1p(-std::exp(-x)) : std::log(-std::expm1(-x));
}

double logNormalInterval(double a, double b) {
    if (!(a < b))
        return -std::numeric_limits<double>::infinity();
    // By symmetry to the left tail, where the differences are relative.
    if (a > 0.0)
        std::tie(a, b) = std::pair(-b, -a);
    const double upper = logNormalCdf(b);
    const double lower = logNormalCdf(a);
    return std::isinf(lower) ? upper : upper + log1mExp(upper - lower);
}

double logStandardImprovement(double z) {
    if (z > -1.0)
        return std::log(normalPdf(z) + z * normalCdf(z));
    return logNormalPdf(z) + std::log(improvementRatio(-z));
}

double logStandardImprovementSlope(double z) {
    if (z > -1.0)
        return normalCdf(z) / (normalPdf(z) + z * normalCdf(z));
    return millsRatio(-z) / improvementRatio(-z);
}

double standardImprovementDensity(double z) {
    if (z > -1.0)
        return normalPdf(z) / (normalPdf(z) + z * normalCdf(z));
    return 1.0 / improvementRatio(-z);
}

double normalHazard(double z) {
    return z > 0.0 ? normalPdf(z) / normalCdf(z) : 1.0 / millsRatio(-z);
}

} // namespace alidade
