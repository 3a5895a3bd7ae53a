#pragma once

#include <Eigen/Dense>

#include <cmath>

namespace alidade {

/// log of the mean of exp of `logs` (size > 0), without overflow: shifted by the largest. An infinite largest
/// one, or one that is no number, is the result.
template <typename Derived>
[[nodiscard]] double logMeanExp(const Eigen::DenseBase<Derived>& logs) {
    const double largest = logs.maxCoeff();
    if (!std::isfinite(largest))
        return largest;
    return largest + std::log((logs.derived().array() - largest).exp().mean());
}

} // namespace alidade
