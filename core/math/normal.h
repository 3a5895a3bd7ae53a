#pragma once

namespace alidade {

/// Standard normal distribution with tails that neither underflow nor cancel.

[[nodiscard]] double normalPdf(double z);
[[nodiscard]] double normalCdf(double z);
[[nodiscard]] double logNormalPdf(double z);
/// log Phi(z), relative accuracy about 1e-15 for every finite z; -inf at -inf, 0 at +inf.
[[nodiscard]] double logNormalCdf(double z);
/// log(Phi(b) - Phi(a)) for a < b, without cancellation in either tail.
[[nodiscard]] double logNormalInterval(double a, double b);

/// log h(z), h(z) = phi(z) + z Phi(z), the standardised expected improvement (2310.20708, equation 9). Finite
/// for every finite z: -z^2/2 - log(2 pi)/2 - 2 log|z| in the far left tail.
[[nodiscard]] double logStandardImprovement(double z);
/// d log h / dz = Phi(z) / h(z) > 0.
[[nodiscard]] double logStandardImprovementSlope(double z);

/// phi(z) / h(z), and the hazard phi(z) / Phi(z): not by the difference of two large logarithms.
[[nodiscard]] double standardImprovementDensity(double z);
[[nodiscard]] double normalHazard(double z);

/// log(1 - exp(-x)) for x > 0.
[[nodiscard]] double log1mExp(double x);

} // namespace alidade
