#pragma once

#include "acquisition/knowledge_gradient.h"

namespace alidade {

/// Relative variance below which a measurement teaches nothing.
inline constexpr double kTeachesNothing = 1e-14;

/// The lines a + b z that are the largest for some z, in the order of their slopes.
[[nodiscard]] std::vector<Eigen::Index> upperEnvelope(const Eigen::VectorXd& a, const Eigen::VectorXd& b);

/// Functions k(x, rows) weights, one per column: what a posterior mean is, and what it becomes with one
/// observation more. Kernel and length scales of `process`; units of its y, without its prior mean.
struct KernelExpansion {
    const GaussianProcess& process;
    Eigen::MatrixXd rows;    ///< m x p
    Eigen::MatrixXd weights; ///< m x functions

    /// One per function, with gradients by feature column (p x functions). O(m p).
    [[nodiscard]] Eigen::VectorXd values(const Eigen::RowVectorXd& point, Eigen::MatrixXd& gradients) const;
};

/// The point with the largest (or, with sign -1, smallest) value of the first function that an ascent over
/// its free columns within [0, 1] reaches from `start`.
[[nodiscard]] Eigen::RowVectorXd ascended(const KernelExpansion& function, double sign,
                                          const Eigen::RowVectorXd& start,
                                          const std::vector<Eigen::Index>& free, int iterations);

} // namespace alidade
