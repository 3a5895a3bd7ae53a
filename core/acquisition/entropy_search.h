#pragma once

#include "acquisition/anchored_posterior.h"
#include "base/result.h"

namespace alidade {

/// Information (nat) that a standard normal measurement y carries about the event F <= bound, where F is
/// standard normal with correlation `correlation` to y:  H[y] - H[y | F <= bound] >= 0.
struct TruncationInformation {
    double value = 0.0;
    double byBound = 0.0;
    double byCorrelation = 0.0;
};
/// -log Phi(g) + rho^2 g r / 2 + E[log Phi((g - rho y) / s)], r = phi(g) / Phi(g), s^2 = 1 - rho^2, the
/// expectation by Gauss-Legendre quadrature where its integrand lives (absolute error below 1e-9). With
/// correlation 1 (no noise) the closed form g r / 2 - log Phi(g) of 1703.01968, equation 6.
/// `correlation` in [0, 1].
[[nodiscard]] TruncationInformation truncationInformation(double bound, double correlation);

/// Max-value entropy search (Wang & Jegelka 2017, 1703.01968): log of the mean information (nat) about the
/// optimal value that a noisy measurement at x carries, over samples of that value.
class MaxValueEntropy {
public:
    /// `optima`: sampled optimal values (>= 1), units of the process; `noiseVariance` of the measurement.
    MaxValueEntropy(GaussianProcess process, Eigen::VectorXd optima, bool maximise, double noiseVariance);

    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;
    [[nodiscard]] const GaussianProcess& process() const { return m_process; }
    void setProcess(GaussianProcess process) { m_process = std::move(process); }

private:
    GaussianProcess m_process;
    Eigen::VectorXd m_optima;
    double m_sign = 1.0;
    double m_noiseVariance = 0.0;
};

/// Joint entropy search (Hvarfner, Hutter & Nardi 2022, 2206.04771): log of the mean information (nat) about
/// the optimum and its value together. For each sampled pair the posterior is conditioned on the value there
/// and on nothing being better; the entropy of the truncated, noisy outcome is exact instead of
/// moment-matched.
class JointEntropy {
public:
    /// `optimisers`: b x p, with `optima` (b values, units of the process). Errors: InvalidArgument (none,
    /// or different numbers).
    [[nodiscard]] static Result<JointEntropy> make(const GaussianProcess& process,
                                                   const Eigen::MatrixXd& optimisers,
                                                   const Eigen::VectorXd& optima, bool maximise,
                                                   double noiseVariance);

    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;
    [[nodiscard]] const AnchoredPosterior& posterior() const { return m_posterior; }
    [[nodiscard]] const Eigen::VectorXd& optima() const { return m_optima; }

private:
    explicit JointEntropy(AnchoredPosterior posterior) : m_posterior(std::move(posterior)) {}

    AnchoredPosterior m_posterior;
    Eigen::VectorXd m_optima;
    double m_sign = 1.0;
    double m_noiseVariance = 0.0;
};

} // namespace alidade
