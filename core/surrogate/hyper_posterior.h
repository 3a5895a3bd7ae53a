#pragma once

#include "surrogate/fit.h"

namespace alidade {

/// Log posterior density of hyper-parameters, up to a constant, as a function of
/// u = (log l_1 ... log l_d, log s2, log noise), natural logarithms: the likelihood of R&W equation 2.30 and,
/// where the options ask for them, normal priors on u (2402.02229 for length scales; weak ones on the
/// variances). The mean is the one of generalised least squares, or fixed. Outside lower() and upper() the
/// density counts as 0. Holds references to `data` and `options`.
class HyperPosterior {
public:
    /// `data` as checked by fitHyperparameters(). O(n^2 p).
    HyperPosterior(const GpData& data, const FitOptions& options);
    /// To be called when the entries of data.x have changed, its shape and all else have not. O(n^2 p).
    void movePoints() { precomputeDistances(); }

    [[nodiscard]] Eigen::Index groups() const { return m_groups; }
    [[nodiscard]] Eigen::Index dimension() const { return m_groups + 2; }
    [[nodiscard]] Eigen::VectorXd lower() const;
    [[nodiscard]] Eigen::VectorXd upper() const;

    /// Memory of one search, so that evaluations do not allocate: for matrices of a hundred rows that takes
    /// longer than the arithmetic.
    struct Workspace {
        Eigen::MatrixXd
            matrix; ///< covariance, then its factor, then its inverse; lower half; padded by an identity
        Eigen::ArrayXd values; ///< correlation of each pair
        Eigen::ArrayXd slopes;
        Eigen::VectorXd residual;
        Eigen::VectorXd weights;
        Eigen::VectorXd rows;
        Eigen::MatrixXd latent; ///< covariance of the observations, where some are differences
        LikelihoodGradient likelihood;
    };

    /// Negative log density and its gradient; +inf where the covariance cannot be factorised. O(n^3).
    double operator()(const Eigen::VectorXd& u, Eigen::VectorXd& gradient, Workspace& work) const;
    /// The log density alone, about three times as fast; -inf outside the bounds and where the covariance
    /// cannot be factorised.
    [[nodiscard]] double logDensity(const Eigen::VectorXd& u, Workspace& work) const;

    [[nodiscard]] Hyperparameters hyperparameters(const Eigen::VectorXd& u) const;
    /// The inverse, within the bounds.
    [[nodiscard]] Eigen::VectorXd coordinates(const Hyperparameters& hyper) const;
    /// Fills in the mean that maximises the likelihood for these hyper-parameters; false where that fails.
    bool completed(Hyperparameters& hyper, double& logLikelihood) const;
    /// The normal prior of u(i), as {centre, spread}.
    [[nodiscard]] std::pair<double, double> prior(Eigen::Index i) const;

private:
    /// Normal on a logarithm: adds -(u - center)^2 / (2 spread^2).
    struct LogPrior {
        double center = 0.0;
        double spread = 1.0;

        double add(double u, double& gradient) const {
            const double z = (u - center) / spread;
            gradient -= z / spread;
            return -0.5 * z * z;
        }
    };
    // Weak: standardised outcomes have variance 1, and most programs are nearly deterministic.
    static constexpr LogPrior kOutputVariance{0.0, 1.5};
    static constexpr LogPrior kNoiseVariance{-9.0, 4.0};

    [[nodiscard]] Eigen::VectorXd bounds(double lengthScale, double outputVariance,
                                         double noiseVariance) const;
    [[nodiscard]] const LogPrior& priorOf(Eigen::Index i) const;
    void precomputeDistances();
    void correlate(const Hyperparameters& hyper, Workspace& work, bool slopes) const;
    void fillMatrix(const Hyperparameters& hyper, Workspace& work) const;
    void fillWithDifferences(const Hyperparameters& hyper, Workspace& work) const;
    /// 1 for values, 0 for differences: how observations follow the mean.
    [[nodiscard]] Eigen::VectorXd meanDesign() const;
    [[nodiscard]] Eigen::Index observations() const { return m_data.differences.size() + m_data.y.size(); }
    void differentiate(const Hyperparameters& hyper, Workspace& work) const;
    void differentiateWithDifferences(const Hyperparameters& hyper, Workspace& work) const;
    bool factor(const Hyperparameters& hyper, Workspace& work, double& logDeterminant) const;
    bool evaluate(Hyperparameters& hyper, Workspace& work) const;

    const GpData& m_data;
    const FitOptions& m_options;
    Eigen::Index m_groups = 1;
    LogPrior m_lengthScale;
    Eigen::MatrixXd m_distances; ///< pairs of support points x groups
};

} // namespace alidade
