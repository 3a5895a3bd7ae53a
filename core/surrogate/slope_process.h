#pragma once

#include "surrogate/gaussian_process.h"

#include <Eigen/Core>

#include <vector>

namespace alidade {

/// Measured partial derivatives of the latent function: entry i is d f / d x_column[i] at row i of `x`.
struct SlopeData {
    Eigen::MatrixXd x;                ///< m x p
    std::vector<Eigen::Index> column; ///< m, each in [0, p)
    Eigen::VectorXd value;            ///< m, units of y per unit of the feature column
    Eigen::VectorXd noiseVariance;    ///< m, >= 0
};

/// Exact posterior of a Gaussian process given values and slopes, with fixed hyper-parameters. Immutable.
/// With r^2 = sum u_c^2 w_c, u = x - x', w_c = 1 / l_c^2 and k = s2 c(r^2):
///   cov(f(x), d_b f(x'))     = -2 s2 c' u_b w_b
///   cov(d_a f(x), d_b f(x')) = s2 (-4 c'' u_a w_a u_b w_b - 2 c' w_a [a = b])
/// Not for Matern 1/2, whose sample functions have no slope. Source: Rasmussen & Williams 2006, section 9.4;
/// 1703.04389.
class SlopeProcess {
public:
    /// O((n + m)^3). Errors: InvalidArgument (shapes, Matern 1/2), Numerical.
    [[nodiscard]] static Result<SlopeProcess> condition(GpData data, SlopeData slopes, KernelFamily family,
                                                        Hyperparameters hyper);

    /// Latent function at the rows of `points`.
    [[nodiscard]] GpPrediction predict(const Eigen::MatrixXd& points) const;
    /// Slope of the latent function along one column at the rows of `points`.
    [[nodiscard]] GpPrediction predictSlope(const Eigen::MatrixXd& points, Eigen::Index column) const;
    /// log p(values, slopes).
    [[nodiscard]] double logMarginalLikelihood() const;

private:
    GpData m_data;
    SlopeData m_slopes;
    KernelFamily m_family = KernelFamily::Matern52;
    Hyperparameters m_hyper;
    CholeskyFactor m_factor;   ///< values first, then slopes
    Eigen::VectorXd m_target;  ///< measured minus prior mean
    Eigen::VectorXd m_weights; ///< covariance^-1 target
};

/// Covariance of slope observations with latent values: rows of `points` x slopes.
[[nodiscard]] Eigen::MatrixXd valueSlopeCovariance(KernelFamily family, const Hyperparameters& hyper,
                                                   const ColumnGroups& groups, const Eigen::MatrixXd& points,
                                                   const SlopeData& slopes);
/// Covariance between two sets of slope observations, without noise.
[[nodiscard]] Eigen::MatrixXd slopeCovariance(KernelFamily family, const Hyperparameters& hyper,
                                              const ColumnGroups& groups, const SlopeData& a,
                                              const SlopeData& b);

} // namespace alidade
