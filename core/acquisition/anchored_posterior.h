#pragma once

#include "surrogate/gaussian_process.h"

namespace alidade {

/// A posterior seen together with a few fixed points ("anchors": incumbents, pending points, candidates for
/// the optimum): the joint distribution of the latent function there and at one point more. Units of the
/// process's y.
class AnchoredPosterior {
public:
    /// `anchors`: b x p feature rows, b >= 0. O(n^2 b).
    AnchoredPosterior(GaussianProcess process, Eigen::MatrixXd anchors);

    struct Several {
        Eigen::VectorXd mean;       ///< m
        Eigen::VectorXd variance;   ///< m, >= 0
        Eigen::MatrixXd covariance; ///< m x b, with the anchors
    };
    /// Rows of `points` (m x p). O(m n (n + b)).
    [[nodiscard]] Several at(const Eigen::MatrixXd& points) const;

    struct One {
        double mean = 0.0;
        double variance = 0.0;
        Eigen::VectorXd covariance; ///< b
        Eigen::VectorXd meanGradient;
        Eigen::VectorXd varianceGradient;
        Eigen::MatrixXd covarianceGradient; ///< p x b, by feature column of the point
    };
    [[nodiscard]] One at(const Eigen::RowVectorXd& point) const;

    [[nodiscard]] const GaussianProcess& process() const { return m_process; }
    [[nodiscard]] const Eigen::MatrixXd& anchors() const { return m_anchors; }
    [[nodiscard]] const Eigen::VectorXd& mean() const { return m_mean; }             ///< b
    [[nodiscard]] const Eigen::MatrixXd& covariance() const { return m_covariance; } ///< b x b

private:
    GaussianProcess m_process;
    Eigen::MatrixXd m_anchors;
    Eigen::MatrixXd m_solved; ///< (K + noise)^-1 k(X, anchors), support x b
    Eigen::VectorXd m_mean;
    Eigen::MatrixXd m_covariance;
};

} // namespace alidade
