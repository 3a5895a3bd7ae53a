#include "learning_rate/closed_form.h"

#include <cmath>
#include <numbers>

namespace alidade {

double digamma(double x) {
    double shift = 0.0;
    for (; x < 12.0; x += 1.0)
        shift -= 1.0 / x;
    // Asymptotic series with Bernoulli numbers; the first term left out is below 1e-17 from 12 on.
    const double y = 1.0 / (x * x);
    const double series =
        y * (1.0 / 12 -
             y * (1.0 / 120 -
                  y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32760 - y / 12.0))))));
    return shift + std::log(x) - 0.5 / x - series;
}

double harmonicNumber(double n) {
    return digamma(n + 1.0) + std::numbers::egamma;
}

BoundTerms constantBound(std::size_t steps, double distance, double gradientNorm) {
    const auto t = static_cast<double>(steps);
    return {distance * distance / (2.0 * t),
            gradientNorm * gradientNorm * (1.0 + harmonicNumber(t - 1.0)) / 2.0};
}

BoundTerms linearBound(std::size_t steps, double distance, double gradientNorm) {
    const auto t = static_cast<double>(steps);
    return {distance * distance / (t + 1.0),
            gradientNorm * gradientNorm * (1.0 - 0.5 / t + harmonicNumber(t - 1.0) / t)};
}

BoundTerms wsdBound(std::size_t steps, double cooldownStart, double distance, double gradientNorm) {
    const double n = static_cast<double>(steps) + 1.0 - cooldownStart; // points of the cooldown
    const double s = (n + 1.0) / 2.0;                                  // sum of the rates from its start
    const double q = (n + 1.0) * (2.0 * n + 1.0) / (6.0 * n);          // sum of their squares
    const double whole = cooldownStart - 1.0 + s;
    const double stable = (cooldownStart - 1.0 + q) / (2.0 * whole) +
                          0.5 * (digamma(whole) - digamma(s) - (s - q) * (1.0 / s - 1.0 / whole));
    const double decay = (2.0 * (n - 1.0) + 3.0 * harmonicNumber(n - 1.0)) / (3.0 * n);
    return {distance * distance / (2.0 * whole), gradientNorm * gradientNorm * (stable + decay)};
}

double publishedWsdBound(std::size_t steps, std::size_t cooldownStart, double distance, double gradientNorm) {
    const auto t = static_cast<double>(steps);
    const auto t0 = static_cast<double>(cooldownStart);
    const double rest = t - t0;
    const double inner = 2.0 / 3.0 + (t + 2.0 * t0) / (3.0 * (t + t0)) + harmonicNumber(t + t0 - 2.0) -
                         harmonicNumber(rest + 1.0) - rest * (t0 - 1.0) / (3.0 * (rest + 2.0) * (t + t0)) +
                         1.0 / (rest * rest) + harmonicNumber(rest - 1.0) / (rest + 1.0);
    return distance * gradientNorm * std::sqrt(4.0 / (t + t0) * inner);
}

BoundTerms wsdLimit(double cooldown) {
    return {1.0 / (2.0 - cooldown), 1.0 + 0.5 * std::log(2.0 / cooldown - 1.0)};
}

} // namespace alidade
