#pragma once

#include "surrogate/gaussian_process.h"

namespace alidade {

/// Values of some inputs and how often each of them occurs.
struct Occurrences {
    std::vector<Eigen::Index> columns; ///< feature columns of those inputs
    Eigen::MatrixXd places;            ///< m x columns: their values
    Eigen::VectorXd weights;           ///< m, >= 0, sum 1
};

/// The mean of a Gaussian process over some of its inputs, F(x) = sum_j w_j f(x, place_j), as a process over
/// the others (1807.02811, section 5.7; Bayesian quadrature: O'Hagan 1991):
///   mean of F(x) = sum_j w_j mean(x, place_j),  cov(F(x), F(x')) = sum_ij w_i w_j cov(f(x, place_i), f(x',
///   place_j)).
/// An integral is as exact as the places and weights are a quadrature for it. Feature columns of the averaged
/// inputs are ignored in arguments, and gradients by them are 0. Of exact posteriors only; latent, units of
/// y.
class IntegratedPosterior {
public:
    /// O(n m + n^2). Columns and weights as in Occurrences; m >= 1.
    IntegratedPosterior(GaussianProcess process, Occurrences occurrences);

    [[nodiscard]] const GaussianProcess& process() const { return m_process; }
    [[nodiscard]] const Occurrences& occurrences() const { return m_occurrences; }

    /// Rows of `points` (k x p). O(k (n m + n^2)).
    [[nodiscard]] GpPrediction predict(const Eigen::MatrixXd& points) const;
    [[nodiscard]] GpPointPrediction predictPoint(const Eigen::RowVectorXd& point) const;
    /// Covariance of F at the row `point` with f at the rows of `places` (k x p): k.
    [[nodiscard]] Eigen::VectorXd covarianceWith(const Eigen::RowVectorXd& point,
                                                 const Eigen::MatrixXd& places) const;
    /// By how much one measurement at each of `places`, with the common noise, lowers the variance of F at
    /// `point`: covariance^2 / (variance there + noise).
    [[nodiscard]] Eigen::VectorXd varianceReduction(const Eigen::RowVectorXd& point,
                                                    const Eigen::MatrixXd& places) const;
    /// The posterior with one observation more of f.
    [[nodiscard]] IntegratedPosterior withObservation(const Eigen::RowVectorXd& point, double y) const;
    /// The point with the averaged inputs at each place: m x p.
    [[nodiscard]] Eigen::MatrixXd spreadOut(const Eigen::RowVectorXd& point) const;

private:
    /// Prior covariances of F at the rows with the n observations: n x k.
    [[nodiscard]] Eigen::MatrixXd crossCovariance(const Eigen::MatrixXd& points) const;

    GaussianProcess m_process;
    Occurrences m_occurrences;
    double m_priorVariance = 0.0; ///< of F, the same everywhere
};

} // namespace alidade
