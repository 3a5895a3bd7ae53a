#pragma once

#include "acquisition/anchored_posterior.h"
#include "base/result.h"

#include <vector>

namespace alidade {

/// Share of its variance that a standard normal Z loses once Z >= -bound is known:
/// beta (beta + bound), beta = phi(bound) / Phi(bound); in (0, 1), falling with `bound`.
struct TruncationShare {
    double value = 0.0;
    double slope = 0.0; ///< d value / d bound
};
/// Relative accuracy about 1e-9 for every finite bound: a series where the difference would cancel.
[[nodiscard]] TruncationShare truncationShare(double bound);

/// Means, variances and covariance of the latent function here and at a sampled optimum.
struct HereAndThere {
    double meanHere = 0.0;
    double varianceHere = 0.0; ///< >= 0
    double meanThere = 0.0;
    double varianceThere = 0.0; ///< >= 0
    double covariance = 0.0;
};
/// The variance here, given that it is not better here than there, with derivatives. Exact for two normal
/// variables: v - (v - c)^2 / s^2 * beta (beta + alpha), s^2 = v + w - 2 c, alpha the mean distance over s.
struct OrderedVariance {
    double value = 0.0; ///< in [0, varianceHere]
    double byMean = 0.0;
    double byVariance = 0.0;
    double byCovariance = 0.0;
};
/// `jitter` >= 0 is added to s^2, so that both may be the same point. Units of the process's y, squared.
[[nodiscard]] OrderedVariance orderedVariance(const HereAndThere& pair, bool maximise, double jitter);

/// Predictive entropy search (Hernandez-Lobato, Hoffman & Ghahramani 2014, 1406.2541; 1807.02811, section
/// 4.3): log of the mean information (nat) about the place of the optimum that a noisy measurement at x
/// carries, over samples x* of that place: 0.5 log((v + noise) / (v* + noise)), v* the variance of f(x) if x*
/// is the optimum.
///
/// Of the paper's conditions on x* being the optimum, f(x) not better than f(x*) (C3) is kept, and that f(x*)
/// is not worse than what is known (C2): here the latent function at the rivals and at all other sampled
/// optima, as far as they say different things, instead of the best measurement. That the gradient at x*
/// vanishes and the curvature has its sign (C1) is left out. Each condition replaces the truncated
/// distribution by the normal one with its moments, one condition after the other.
class PredictiveEntropy {
public:
    /// `optimisers`: b x p sampled places of the optimum, b >= 1; `rivals`: r x p other settings that may be
    /// thought the best, r >= 0. O(n^2 (b + r) + b (b + r)^3). Errors: InvalidArgument (no optimiser).
    [[nodiscard]] static Result<PredictiveEntropy> make(const GaussianProcess& process,
                                                        const Eigen::MatrixXd& optimisers,
                                                        const Eigen::MatrixXd& rivals, bool maximise,
                                                        double noiseVariance);

    /// Finite everywhere, a sampled optimum and a measured setting included. O(m n (n + b + r) +
    /// m b (b + r)^2).
    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;
    /// Its anchors: optimisers, then rivals.
    [[nodiscard]] const AnchoredPosterior& posterior() const { return m_posterior; }
    /// The same samples and rivals with another posterior, for example with a pending outcome believed.
    [[nodiscard]] PredictiveEntropy with(GaussianProcess process) const;

    /// The posterior if one of the sampled optima is the optimum, as what becomes of the moments at any
    /// point: with c its covariances with the anchors and e = c G, the mean is m + e . shift, the variance v
    /// - e^2 . loss, and the covariance with that optimum c . toOptimum.
    struct Conditioned {
        Eigen::MatrixXd directions; ///< G, anchors x conditions
        Eigen::VectorXd shift;
        Eigen::VectorXd loss;
        Eigen::VectorXd toOptimum; ///< by anchor
        double mean = 0.0;         ///< at that optimum
        double variance = 0.0;
    };

private:
    PredictiveEntropy(AnchoredPosterior posterior, Eigen::Index optima, bool maximise, double noiseVariance);

    AnchoredPosterior m_posterior;
    std::vector<Conditioned> m_conditioned; ///< one per sampled optimum
    bool m_maximise = false;
    double m_noiseVariance = 0.0;
    double m_jitter = 0.0;
};

} // namespace alidade
