#pragma once

#include <Eigen/Core>

#include <optional>
#include <utility>
#include <vector>

namespace alidade {

/// Where the weight of a sample function comes from.
enum class BeliefWeighting {
    PosteriorPath, ///< the function after the data: the stated posterior
    Tempered,      ///< the same weights to a power below 1, because too few functions carried them
    PriorPath,     ///< the function before the data, as in the release of 2311.14645: the last resort
};

/// From how well a function fits the beliefs, log(rho / E_prior[rho]), to its weight.
struct WeightScale {
    double exponent = 1.0; ///< below 1 when tempered
    double logScale = 0.0; ///< log of what makes the mean of all weights 1

    [[nodiscard]] double weight(double logRelative) const;
    /// Derivative of the weight's logarithm.
    [[nodiscard]] double logSlope(double logRelative) const;
};

/// What the beliefs do to the sample functions of one outcome.
struct BeliefWeights {
    Eigen::VectorXd weights;     ///< per function, mean 1
    Eigen::VectorXd logRelative; ///< of each function what `scale` turns into its weight
    BeliefWeighting weighting = BeliefWeighting::PosteriorPath;
    WeightScale scale;
    double exactSampleSize = 0.0;     ///< of the stated posterior, before tempering
    double effectiveSampleSize = 0.0; ///< (sum w)^2 / sum w^2, at most the number of functions
    /// log p(D | beliefs) / p(D) of all beliefs together.
    double logBayesFactor = 0.0;
    std::vector<double> claimLogBayesFactors; ///< of each claim alone, taken at full confidence
    std::vector<double> logMeans;             ///< log E_prior[fit_b] of each claim
    std::vector<bool> usable;                 ///< false: no sampled function fits the claim at all; left out
};

/// Probability kept for the beliefs being wrong as a whole, however confident they are.
inline constexpr double kBeliefDoubt = 0.05;

/// Weights of N sample functions from how well they fit each claim (claims x N, logs, up to a constant per
/// claim), before (`prior`) and after the data (`posterior`); `confidence` per claim.
///   r_b(f) = fit_b(f) / E_prior[fit_b]
///   rho(f) = prod_b (c_b r_b(f) + 1 - c_b)
///   w(f)   = (1 - d) rho(f) / E_prior[rho] + d,  d = kBeliefDoubt
/// p(f | beliefs, D) is proportional to w(f) p(f | D) because beliefs do not depend on how data arise
/// (2311.14645, equation 4), so posterior functions carry w of themselves. By the same argument
///   p(D | beliefs) / p(D) = E[rho | D] / E_prior[rho],
/// the Bayes factor, estimated by the means over both sets. When the effective sample size is below
/// `leastEffective`, the weights are taken to the largest power that reaches it; below a power of 0.1, the
/// weights of the prior functions are used if they reach it.
[[nodiscard]] BeliefWeights beliefWeights(const Eigen::MatrixXd& prior, const Eigen::MatrixXd& posterior,
                                          const Eigen::VectorXd& confidence, double leastEffective = 32.0);

/// log(c e^x + 1 - c): a log ratio mixed with the doubt about its claim, of confidence c.
[[nodiscard]] double logWithDoubt(double logRatio, double confidence);

/// What a Bayes factor says about beliefs: 3 and more, data agree; between 1/3 and 3, they say little; below
/// 1/3, they speak against; below 1/10, they overrule. (Kass & Raftery 1995 call 3 to 20 positive evidence.)
enum class BeliefVerdict { Agree, Open, Against, Overrule };
[[nodiscard]] BeliefVerdict beliefVerdict(double logBayesFactor);

/// (sum w)^2 / sum w^2; 0 for no weights.
[[nodiscard]] double effectiveSampleSize(const Eigen::VectorXd& weights);

/// Weights max((rho / max rho)^exponent, 1e-9), scaled to mean 1, from log rho (release of 2311.14645, where
/// the exponent is beta / n^q).
[[nodiscard]] Eigen::VectorXd temperedWeights(const Eigen::VectorXd& logRho, double exponent);

/// log of the factor of piBO (2204.11051, equation 6): beta / n * log(density + 1e-12), `n` the number of the
/// model-based step from 1, beta = (budget) / 10.
[[nodiscard]] double piboLogFactor(double density, double beta, double n);

} // namespace alidade
