#pragma once

#include "surrogate/fit.h"
#include "surrogate/input_warp.h"

#include <vector>

namespace alidade {

/// Bent axes for the columns of a data set, and how much better they explain the outcomes.
struct WarpFit {
    std::vector<InputWarp> warps; ///< one per column of x; identities where nothing is gained
    Hyperparameters hyper;        ///< most probable together with the warps
    /// Log evidence over the identity: gain of the log posterior density, log-normal priors of a and b
    /// included, plus log(posterior / prior volume) of the logarithms of a and b (Laplace's approximation).
    /// 0 when a bound shows that nothing can be gained, and the search was left out.
    double logEvidence = 0.0;
    int evaluations = 0;
};

/// Finds warps of `columns` of x (entries in [0, 1]) that maximise the posterior density jointly with the
/// hyper-parameters, from the identity and `start`, the most probable hyper-parameters without warps:
/// log a, log b ~ Normal(0, 0.75) (1402.0929 with BoTorch's centre). No axis is stretched at both ends (a < 1
/// and b < 1), as any bowl seems to ask for: what lies in the middle would look smoother than it is.
/// Warps nearer to the identity than 0.1 in both logarithms are taken back to it. O(evaluations n^2 (n + p)).
/// Errors: InvalidArgument (shapes, a column that does not exist or leaves [0, 1], measured differences,
/// whose points would have to be bent as well), Numerical, Cancelled.
[[nodiscard]] Result<WarpFit> fitInputWarps(const GpData& data, const FitOptions& options,
                                            const Hyperparameters& start,
                                            const std::vector<Eigen::Index>& columns,
                                            const Monitor& monitor = {});

/// The negative log posterior that fitInputWarps() minimises: v = (u, log a_1, log b_1, log a_2, ...), u as
/// HyperPosterior's. For tests.
[[nodiscard]] double warpedObjective(const GpData& data, const FitOptions& options,
                                     const std::vector<Eigen::Index>& columns, const Eigen::VectorXd& v,
                                     Eigen::VectorXd& gradient);

} // namespace alidade
