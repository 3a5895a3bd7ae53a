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
        for (Eigen::Index f = 0; f < fit.cols(); ++f)
            result(f) += logWithDoubt(fit(claim, f) - logMeans(claim), confidence(claim));
    }
    return result;
}

/// log((1 - d) e^x + d), d = kBeliefDoubt. In logs, since a product of many densities may overflow.
double logDoubted(double x) {
    const double doubt = std::log(kBeliefDoubt);
    const double believed = std::log1p(-kBeliefDoubt) + x;
    return std::max(believed, doubt) + std::log1p(std::exp(-std::abs(believed - doubt)));
}

} // namespace

double logWithDoubt(double logRatio, double confidence) {
    return std::log(confidence * std::exp(logRatio) + (1.0 - confidence) +
                    std::numeric_limits<double>::min());
}

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
    result.logMeans.assign(logMeans.begin(), logMeans.end());
    const Eigen::VectorXd before = logRho(prior, logMeans, confidence, result.usable);
    const Eigen::VectorXd after = logRho(posterior, logMeans, confidence, result.usable);
    const double logMean = logMeanExp(before.transpose());
    result.logBayesFactor = logMeanExp(after.transpose()) - logMean;
    const auto weigh = [&](const Eigen::VectorXd& logRho, double exponent) {
        result.logRelative = logRho.array() - logMean;
        const Eigen::VectorXd logs = result.logRelative.unaryExpr(&logDoubted);
        result.weights = temperedWeights(logs, exponent);
        result.scale = {exponent, exponent * logs.maxCoeff() - std::log(result.weights.maxCoeff())};
        result.effectiveSampleSize = effectiveSampleSize(result.weights);
    };
    weigh(after, 1.0);
    result.exactSampleSize = result.effectiveSampleSize;
    const double least = std::min(leastEffective, static_cast<double>(posterior.cols()));
    if (result.effectiveSampleSize >= least)
        return result;

    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (low + high);
        weigh(after, middle);
        (result.effectiveSampleSize >= least ? low : high) = middle;
    }
    if (low < kLeastExponent) {
        weigh(before, 1.0);
        if (result.effectiveSampleSize >= least) {
            result.weighting = BeliefWeighting::PriorPath;
            return result;
        }
    }
    weigh(after, low);
    result.weighting = BeliefWeighting::Tempered;
    return result;
}

double WeightScale::weight(double logRelative) const {
    return std::exp(exponent * logDoubted(logRelative) - logScale);
}

double WeightScale::logSlope(double logRelative) const {
    return exponent * std::exp(std::log1p(-kBeliefDoubt) + logRelative - logDoubted(logRelative));
}

} // namespace alidade
