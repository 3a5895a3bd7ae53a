#pragma once

#include "base/rng.h"
#include "surrogate/gaussian_process.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace alidade {

/// epsilon-shotgun (De Ath, Everson, Fieldsend & Rahat 2020, 2002.01873): a batch is scattered round a
/// target; the scatter is as wide as the distance over which the function could still reach the incumbent.

/// Norm of the gradient of the posterior mean at a point of the box, units of the outcome per unit of length.
using GradientNorm = std::function<double(const Eigen::VectorXd& point)>;

struct LipschitzOptions {
    int candidates = 500; ///< uniform in the box, besides `starts`
    std::uint64_t seed = 0;
};
/// Largest norm over the box `lower` <= x <= `upper` (length p): the best of uniform points and of `starts`
/// (rows, clipped to the box), improved by a bounded quasi-Newton search. Below 1e-7 it is taken as 10, as in
/// the authors' program. Deterministic.
[[nodiscard]] double lipschitzEstimate(const GradientNorm& norm, const Eigen::VectorXd& lower,
                                       const Eigen::VectorXd& upper, const Eigen::MatrixXd& starts,
                                       const LipschitzOptions& options = {});

/// (|mean - best| + gamma sd) / lipschitz, at most half the diagonal of the domain.
[[nodiscard]] double shotgunRadius(double mean, double standardDeviation, double best, double lipschitz,
                                   double diagonal, double gamma = 1.0);

/// Each coordinate from N(center, radius^2) truncated to [0, 1], by the inverse distribution function: the
/// distribution of redrawing coordinates that fall outside, at a constant cost. `center` in [0, 1]^p.
[[nodiscard]] Eigen::RowVectorXd shotgunDraw(const Eigen::RowVectorXd& center, double radius, Rng& rng);

/// Indices of the points that no other point beats in both mean (smaller, or larger when maximising) and
/// standard deviation (larger), ascending. O(n log n).
[[nodiscard]] std::vector<std::size_t>
exploitExploreFront(const Eigen::VectorXd& mean, const Eigen::VectorXd& standardDeviation, bool maximise);

} // namespace alidade
