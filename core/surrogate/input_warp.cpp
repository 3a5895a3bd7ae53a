#include "surrogate/input_warp.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr double kEnd = 1e-9; ///< distance from the ends of the axis at which slopes are taken there
constexpr double kSmallest = 1e-300;
constexpr double kRounding = 1e-16;

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

InputWarp::Derivatives InputWarp::derivatives(const Eigen::ArrayXd& u) const {
    const Eigen::ArrayXd logU = u.max(kSmallest).log();
    const Eigen::ArrayXd power = (a * logU).exp();
    const Eigen::ArrayXd rest = (1.0 - power).max(kRounding); // 1 - u^a
    const Eigen::ArrayXd logRest = rest.log();
    const Eigen::ArrayXd survivor = (b * logRest).exp();
    const auto inside = u > 0.0 && u < 1.0; // the ends stay where they are
    return {inside.select(1.0 - survivor, u), inside.select(b * a * survivor / rest * power * logU, 0.0),
            inside.select(-b * survivor * logRest, 0.0)};
}

} // namespace alidade
