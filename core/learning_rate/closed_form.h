#pragma once

#include "learning_rate/bound.h"

#include <cstddef>

namespace alidade {

/// The bound of bound.h without a sum, for constant gradient norms, a final rate of 0 and the conventions of
/// schedule.h. steps = T >= 1; distance and gradientNorm > 0.

/// Constant rate: D^2 / (2 T), G^2 (1 + H_{T-1}) / 2.
[[nodiscard]] BoundTerms constantBound(std::size_t steps, double distance, double gradientNorm);
/// Linear decay: D^2 / (T + 1), G^2 (1 - 1 / (2 T) + H_{T-1} / T).
[[nodiscard]] BoundTerms linearBound(std::size_t steps, double distance, double gradientNorm);
/// wsd with a linear cooldown from `cooldownStart` = T_0 on (1-based, real numbers allowed, 1 ... T). O(1).
[[nodiscard]] BoundTerms wsdBound(std::size_t steps, double cooldownStart, double distance,
                                  double gradientNorm);
/// The published upper bound on the tuned bound of wsd (2501.18965, theorem on wsd): about 23 % above the
/// exact value at a cooldown of 0.2. 1 <= cooldownStart < T.
[[nodiscard]] double publishedWsdBound(std::size_t steps, std::size_t cooldownStart, double distance,
                                       double gradientNorm);

/// Limit T -> infinity of wsd with a linear cooldown over the share c in (0, 1], for D = G = 1: distanceTerm
/// is that times T, so that optimalBaseRate() and optimalBound() are times sqrt(T).
[[nodiscard]] BoundTerms wsdLimit(double cooldown);

/// H_n = 1 + 1/2 + ... + 1/n for real n >= 0.
[[nodiscard]] double harmonicNumber(double n);
/// Logarithmic derivative of the gamma function, x > 0, to about 1e-15.
[[nodiscard]] double digamma(double x);

} // namespace alidade
