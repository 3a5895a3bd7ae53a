#pragma once

#include "surrogate/fit.h"

#include <vector>

namespace alidade {

/// Observations that are better explained by a noise of their own than by the common one.
struct OutlierReport {
    FitReport fit;                  ///< with the outliers' noise; of the plain data when there are none
    std::vector<Eigen::Index> rows; ///< in the order found
    Eigen::VectorXd variance;       ///< n: noise variance of its own of each observation, 0 for most
    double logEvidence = 0.0;       ///< gain in log posterior density, the price of the outliers not deducted
};

/// Relevance pursuit (Ament et al., 2410.24222): adds to one observation after the other the noise variance
/// that maximises its leave-one-out likelihood, max(0, residual^2 - variance), and estimates the
/// hyper-parameters anew; keeps as many as pay for themselves. Each outlier must raise the log posterior
/// density by 3 + log(n), which a Gaussian sample seldom does; at most a fifth of the observations. Chosen
/// instead of a Student t likelihood because the posterior stays an exact Gaussian process, and because it
/// says which observations were distrusted. `plain` is the fit of `data` to start from. Deterministic. Errors
/// as fitHyperparameters().
[[nodiscard]] Result<OutlierReport> pursueOutliers(const GpData& data, const FitReport& plain,
                                                   const FitOptions& options, const Monitor& monitor = {});

} // namespace alidade
