#pragma once

#include "surrogate/gaussian_process.h"

namespace alidade {

/// A Gaussian process that is told, sample by sample, the true (noise-free) values at given places: with
/// f(U) = mean(U) + L z, L the Cholesky factor of the posterior covariance at U and z standard normal,
///   f(x) | data, f(U) ~ N(mean(x) + v(x)^T z, variance(x) - |v(x)|^2),  v(x) = L^-1 cov(f(U), f(x) | data).
/// When U holds all places with data this is the process without noise through the sampled values, but
/// computed as a correction, so that it stays exact where the kernel matrix is nearly singular. The variance
/// is the same for all samples. Latent function, units of the process's y.
class ResolvedPosterior {
public:
    /// `places` (u x p, u >= 1), `normals` (u x samples): column s is z of sample s. O((n + u)^3).
    /// Errors: InvalidArgument (shapes, a local posterior), Numerical (covariances that cannot be
    /// factorised).
    [[nodiscard]] static Result<ResolvedPosterior>
    make(const GaussianProcess& process, const Eigen::MatrixXd& places, const Eigen::MatrixXd& normals);

    [[nodiscard]] Eigen::Index samples() const { return m_shifts.cols(); }
    /// Sampled values at the places: u x samples.
    [[nodiscard]] const Eigen::MatrixXd& resolved() const { return m_resolved; }

    struct Prediction {
        Eigen::MatrixXd means;    ///< m x samples
        Eigen::VectorXd variance; ///< m, >= 0
    };
    /// Rows of `points` (m x p).
    [[nodiscard]] Prediction predict(const Eigen::MatrixXd& points) const;

    struct PointPrediction {
        Eigen::VectorXd means; ///< per sample
        double variance = 0.0;
        Eigen::MatrixXd meanGradients; ///< p x samples, by feature column
        Eigen::VectorXd varianceGradient;
    };
    [[nodiscard]] PointPrediction predictPoint(const Eigen::RowVectorXd& point) const;

private:
    ResolvedPosterior() = default;

    KernelFamily m_family = KernelFamily::Matern52;
    Hyperparameters m_hyper;
    ColumnGroups m_groups;
    Eigen::MatrixXd m_x;        ///< support of the data (n points), then places
    Eigen::MatrixXd m_resolved; ///< u x samples
    Eigen::MatrixXd m_shifts;   ///< (n + u) x samples: mean_s(x) = prior mean + k(x, m_x) m_shifts
    Eigen::MatrixXd m_known; ///< (observations + u) x (n + u): variance(x) = k(x, x) - |m_known k(m_x, x)|^2
};

} // namespace alidade
