#pragma once

#include <Eigen/Core>

namespace alidade {

/// Kumaraswamy's distribution function on [0, 1], w(u) = 1 - (1 - u^a)^b with a, b > 0: bends the axis of a
/// parameter so that a function whose roughness changes along it looks alike everywhere (Snoek et al. 2014,
/// 1402.0929). The identity at a = b = 1.
struct InputWarp {
    double a = 1.0;
    double b = 1.0;
    bool operator==(const InputWarp&) const = default;

    [[nodiscard]] bool identity() const { return a == 1.0 && b == 1.0; }
    /// w(u); u outside [0, 1] counts as the nearer end.
    [[nodiscard]] double value(double u) const;
    /// w'(u), the distribution's density; taken 1e-9 inside where it would be 0 or infinite at an end.
    [[nodiscard]] double slope(double u) const;
    /// The u with w(u) = value.
    [[nodiscard]] double inverse(double value) const;

    /// w at each entry of u, which are in [0, 1], with the derivatives with respect to log a and log b. Many
    /// at once and fast, within 1e-9 of value(): for fits.
    struct Derivatives {
        Eigen::ArrayXd value;
        Eigen::ArrayXd byLogA;
        Eigen::ArrayXd byLogB;
    };
    [[nodiscard]] Derivatives derivatives(const Eigen::ArrayXd& u) const;
};

} // namespace alidade
