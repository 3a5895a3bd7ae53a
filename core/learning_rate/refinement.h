#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace alidade {

/// Refinement of a schedule from the gradient norms of a finished run (2310.07831, algorithm for refined
/// schedules).
struct RefinementOptions {
    /// 2: weights 1 / G^2 from Euclidean norms (SGD-type); 1: weights 1 / G from l1 norms (Adam-type).
    int power = 2;
    /// Width of the median filter as a share of the run, in [0, 1]; 0 = none.
    double smoothing = 0.1;
};

/// What was done to the log before it was used, for display.
struct CleaningReport {
    std::size_t dropped = 0;     ///< missing or infinite entries, left out
    std::size_t floored = 0;     ///< zero or negative after smoothing, raised to 1e-12 of the largest norm
    std::size_t filterWidth = 1; ///< odd
};

struct RefinedSchedule {
    std::vector<double> rates;         ///< as many as norms used, largest 1, last 0
    std::vector<double> smoothedNorms; ///< the norms behind it
    CleaningReport cleaning;
    /// D / sqrt(sum G^-2) for D = 1 (power 2 only): the bound of the theorem behind the refinement. It is not
    /// the last-iterate bound of bound.h (for constant norms it is half of it).
    double sgdBound = 0.0;
};

/// Odd width 2 (int(smoothing * n) / 2) + 1 of the median filter for n samples.
[[nodiscard]] std::size_t medianFilterWidth(std::size_t count, double smoothing);

/// Running median of odd width; the left end repeats the first sample, the right end is mirrored without its
/// edge. O(n log width).
[[nodiscard]] std::vector<double> medianFilter(const std::vector<double>& values, std::size_t width);

/// Norms of a run in order; NaN means missing. omega_t = norm_t^-power, rate_t = omega_t * sum_{s>t} omega_s,
/// divided by the largest. Constant norms give exact linear decay (n - 1 - i) / (n - 1); norms that fall at
/// the start give a warm-up. Errors: power other than 1 or 2, smoothing outside [0, 1], fewer than 2 usable
/// norms, all of them 0, a negative norm. O(n log n).
[[nodiscard]] Result<RefinedSchedule> refineSchedule(const std::vector<double>& gradientNorms,
                                                     const RefinementOptions& options = {});

} // namespace alidade
