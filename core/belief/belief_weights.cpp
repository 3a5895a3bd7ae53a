#include "belief/belief_weights.h"

#include "math/log_mean_exp.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr double kFloor = 1e-9;
/// A claim that no function fits better than this is left out: its weights would be those of rounding.
constexpr double kFitsNothing = -20.0;
constexpr double kLeastExponent = 0.1;

/// log rho of each function; `logMeans` of the claims over the prior functions.
Eigen::VectorXd logRho(const Eigen::MatrixXd& fit, const Eigen::VectorXd& logMeans,
                       const Eigen::VectorXd& confidence, const std::vector<bool>& usable) {
    Eigen::VectorXd result = Eigen::VectorXd::Zero(fit.cols());
    for (Eigen::Index claim = 0; claim < fit.rows(); ++claim) {
        if (!usable[static_cast<std::size_t>(claim)])
            continue;
        const double c = confidence(claim);
        for (Eigen::Index f = 0; f < fit.cols(); ++f)
            result(f) += std::log(c * std::exp(fit(claim, f) - logMeans(claim)) + (1.0 - c) +
                                  std::numeric_limits<double>::min());
    }
    return result;
}

/// Mixed with the doubt; mean 1.
Eigen::VectorXd doubted(const Eigen::VectorXd& logs, double logMean) {
    // In logs up to here: a product of many densities may overflow.
    const double shift = std::max(0.0, (logs.array() - logMean).maxCoeff() - 600.0);
    Eigen::VectorXd weights =
        (1.0 - kBeliefDoubt) * (logs.array() - logMean - shift).exp() + kBeliefDoubt * std::exp(-shift);
    return weights / weights.mean();
}

} // namespace

BeliefVerdict beliefVerdict(double logBayesFactor) {
    if (logBayesFactor >= std::log(3.0))
        return BeliefVerdict::Agree;
    if (logBayesFactor > -std::log(3.0))
        return BeliefVerdict::Open;
    return logBayesFactor > -std::log(10.0) ? BeliefVerdict::Against : BeliefVerdict::Overrule;
}

double effectiveSampleSize(const Eigen::VectorXd& weights) {
    const double squares = weights.squaredNorm();
    return squares > 0.0 ? weights.sum() * weights.sum() / squares : 0.0;
}

Eigen::VectorXd temperedWeights(const Eigen::VectorXd& logRho, double exponent) {
    const double largest = logRho.maxCoeff();
    const Eigen::VectorXd weights = (exponent * (logRho.array() - largest)).exp().max(kFloor);
    return weights / weights.mean();
}

double piboLogFactor(double density, double beta, double n) {
    return beta / n * std::log(density + 1e-12);
}

BeliefWeights beliefWeights(const Eigen::MatrixXd& prior, const Eigen::MatrixXd& posterior,
                            const Eigen::VectorXd& confidence, double leastEffective) {
    BeliefWeights result;
    const Eigen::Index claims = prior.rows();
    Eigen::VectorXd logMeans(claims);
    for (Eigen::Index claim = 0; claim < claims; ++claim) {
        logMeans(claim) = logMeanExp(prior.row(claim));
        const double best = std::max(prior.row(claim).maxCoeff(), posterior.row(claim).maxCoeff());
        result.usable.push_back(best > kFitsNothing && logMeans(claim) > kFitsNothing);
        result.claimLogBayesFactors.push_back(
            result.usable.back() ? logMeanExp(posterior.row(claim)) - logMeans(claim) : 0.0);
    }
    const Eigen::VectorXd before = logRho(prior, logMeans, confidence, result.usable);
    const Eigen::VectorXd after = logRho(posterior, logMeans, confidence, result.usable);
    const double logMean = logMeanExp(before.transpose());
    result.logBayesFactor = logMeanExp(after.transpose()) - logMean;
    result.weights = doubted(after, logMean);
    result.effectiveSampleSize = effectiveSampleSize(result.weights);
    result.exactSampleSize = result.effectiveSampleSize;
    const double least = std::min(leastEffective, static_cast<double>(posterior.cols()));
    if (result.effectiveSampleSize >= least)
        return result;

    const Eigen::VectorXd logs = result.weights.array().max(std::numeric_limits<double>::min()).log();
    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (low + high);
        (effectiveSampleSize(temperedWeights(logs, middle)) >= least ? low : high) = middle;
    }
    if (low < kLeastExponent) {
        Eigen::VectorXd weights = doubted(before, logMean);
        const double effective = effectiveSampleSize(weights);
        if (effective >= least) {
            result.weighting = BeliefWeighting::PriorPath;
            result.weights = std::move(weights);
            result.effectiveSampleSize = effective;
            return result;
        }
    }
    result.weighting = BeliefWeighting::Tempered;
    result.exponent = low;
    result.weights = temperedWeights(logs, low);
    result.effectiveSampleSize = effectiveSampleSize(result.weights);
    return result;
}

} // namespace alidade
