#pragma once

namespace alidade {

/// Quantile of the standard normal distribution for probability p in (0, 1); -inf at 0, +inf at 1, NaN
/// outside. Relative accuracy about 1e-15 down to p = 1e-300. Source: Wichura's algorithm AS 241 (PPND16).
[[nodiscard]] double inverseNormalCdf(double p);

} // namespace alidade
