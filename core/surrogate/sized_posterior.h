#pragma once

#include "surrogate/gaussian_process.h"

namespace alidade {

/// Up to so many observations predictions use all of them.
inline constexpr Eigen::Index kMostExact = 1000;

/// The posterior for predictions: exact up to kMostExact observations, local (64 neighbours) above. Errors as
/// GaussianProcess::condition().
[[nodiscard]] Result<GaussianProcess> conditionedBySize(GpData data, KernelFamily family,
                                                        Hyperparameters hyper);

} // namespace alidade
