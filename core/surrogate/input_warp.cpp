#include "surrogate/input_warp.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr double kEnd = 1e-9; ///< distance from the ends of the axis at which slopes are taken there

double insideUnit(double u) {
    return std::clamp(u, kEnd, 1.0 - kEnd);
}

} // namespace

double InputWarp::value(double u) const {
    u = std::clamp(u, 0.0, 1.0);
    if (identity())
        return u;
    if (u == 0.0 || u == 1.0)
        return u;
    // 1 - (1 - u^a)^b without cancellation at either end.
    return -std::expm1(b * std::log1p(-std::pow(u, a)));
}

double InputWarp::slope(double u) const {
    if (identity())
        return 1.0;
    u = insideUnit(u);
    const double power = std::pow(u, a);
    return a * b * power / u * std::pow(-std::expm1(a * std::log(u)), b - 1.0);
}

double InputWarp::inverse(double value) const {
    value = std::clamp(value, 0.0, 1.0);
    if (identity() || value == 0.0 || value == 1.0)
        return value;
    return std::pow(-std::expm1(std::log1p(-value) / b), 1.0 / a);
}

InputWarp::Derivatives InputWarp::derivatives(double u) const {
    Derivatives result;
    result.value = value(u);
    if (u <= 0.0 || u >= 1.0)
        return result; // the ends stay where they are
    const double power = std::pow(u, a);
    const double rest = -std::expm1(a * std::log(u)); // 1 - u^a
    if (!(rest > 0.0))
        return result;
    const double survivor = std::pow(rest, b);
    result.byLogA = b * survivor / rest * power * a * std::log(u);
    result.byLogB = -survivor * b * std::log(rest);
    return result;
}

} // namespace alidade
