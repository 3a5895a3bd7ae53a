#include "acquisition/predictive_entropy.h"

#include "math/normal.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace alidade {
namespace {

constexpr double kFarBound = -30.0;         // below it, the series is more accurate than the difference
constexpr double kLeastInformation = 1e-14; // below it, only rounding is left
// Of the output variance: what keeps two points apart, and below which the leads of two optima are no
// different. With 1e-8 there searches stopped short: near the end, sampled optima differ by less.
constexpr double kRelativeJitter = 1e-10;
// Correlation from which one condition says what another has said: taking both would count it twice. Of
// 0.9999 to 0.5, this came nearest to the information by sample functions.
constexpr double kSameCondition = 0.99;

using Conditioned = PredictiveEntropy::Conditioned;

/// Conditions on the j-th anchor being no worse than the others.
Conditioned conditionedOn(const AnchoredPosterior& posterior, Eigen::Index j, double sign) {
    const Eigen::MatrixXd& prior = posterior.covariance();
    const Eigen::Index count = prior.rows();
    const double least = kRelativeJitter * posterior.process().hyperparameters().outputVariance;
    // Covariance of the leads over the anchors k and l.
    const auto lead = [&](Eigen::Index k, Eigen::Index l) {
        return prior(j, j) - prior(j, k) - prior(j, l) + prior(k, l);
    };
    Eigen::VectorXd mean = posterior.mean();
    Eigen::MatrixXd covariance = prior;
    Eigen::MatrixXd covariances = Eigen::MatrixXd::Identity(count, count); // of a point: c times this
    Conditioned result{Eigen::MatrixXd(count, count), Eigen::VectorXd(count), Eigen::VectorXd(count), {}};
    std::vector<Eigen::Index> taken;
    for (Eigen::Index k = 0; k < count; ++k) {
        if (!(lead(k, k) > least) || std::ranges::any_of(taken, [&](Eigen::Index l) {
                return lead(k, l) > kSameCondition * std::sqrt(lead(k, k) * lead(l, l));
            }))
            continue;
        Eigen::VectorXd direction = Eigen::VectorXd::Zero(count);
        direction(j) = sign;
        direction(k) = -sign;
        const Eigen::VectorXd along = covariance * direction;
        const double variance = direction.dot(along);
        if (!(variance > least))
            continue;
        const double spread = std::sqrt(variance);
        const double bound = direction.dot(mean) / spread;
        const double shift = normalHazard(bound) / spread;
        const double loss = truncationShare(bound).value / variance;
        const Eigen::VectorXd general = covariances * direction;
        const auto column = std::ssize(taken);
        result.directions.col(column) = general;
        result.shift(column) = shift;
        result.loss(column) = loss;
        mean += shift * along;
        covariance -= loss * along * along.transpose();
        covariances -= loss * general * along.transpose();
        taken.push_back(k);
    }
    result.directions.conservativeResize(Eigen::NoChange, std::ssize(taken));
    result.shift.conservativeResize(std::ssize(taken));
    result.loss.conservativeResize(std::ssize(taken));
    result.toOptimum = covariances.col(j);
    result.mean = mean(j);
    result.variance = std::max(0.0, covariance(j, j));
    return result;
}

} // namespace

TruncationShare truncationShare(double bound) {
    if (bound < kFarBound) {
        const double t = 1.0 / (bound * bound);
        return {1.0 - t * (1.0 - t * (6.0 - t * (50.0 - t * 518.0))),
                2.0 * t / bound * (1.0 - t * (12.0 - t * (150.0 - t * 2072.0)))};
    }
    const double hazard = normalHazard(bound);
    const double share = hazard * (hazard + bound);
    return {share, hazard * (1.0 - share) - share * (hazard + bound)};
}

OrderedVariance orderedVariance(const HereAndThere& pair, bool maximise, double jitter) {
    const double difference =
        std::max(0.0, pair.varianceHere + pair.varianceThere - 2.0 * pair.covariance) + jitter;
    if (!(difference > 0.0))
        return {pair.varianceHere, 0.0, 1.0, 0.0};
    const double spread = std::sqrt(difference);
    const double sign = maximise ? 1.0 : -1.0;
    const double bound = sign * (pair.meanThere - pair.meanHere) / spread;
    const TruncationShare share = truncationShare(bound);
    const double weight = (pair.varianceHere - pair.covariance) / difference;
    const double explained = weight * (pair.varianceHere - pair.covariance);
    // Both the share and what it is a share of depend on the variance of the difference.
    const double byDifference =
        weight * weight * share.value + explained * share.slope * bound / (2.0 * difference);
    const double value = pair.varianceHere - explained * share.value;
    if (!(value > 0.0)) // rounding only
        return {};
    return {value, explained * share.slope * sign / spread, 1.0 - 2.0 * weight * share.value + byDifference,
            2.0 * weight * share.value - 2.0 * byDifference};
}

PredictiveEntropy::PredictiveEntropy(AnchoredPosterior posterior, Eigen::Index optima, bool maximise,
                                     double noiseVariance)
    : m_posterior(std::move(posterior)), m_maximise(maximise), m_noiseVariance(noiseVariance),
      m_jitter(kRelativeJitter * m_posterior.process().hyperparameters().outputVariance) {
    for (Eigen::Index j = 0; j < optima; ++j)
        m_conditioned.push_back(conditionedOn(m_posterior, j, maximise ? 1.0 : -1.0));
}

Result<PredictiveEntropy> PredictiveEntropy::make(const GaussianProcess& process,
                                                  const Eigen::MatrixXd& optimisers,
                                                  const Eigen::MatrixXd& rivals, bool maximise,
                                                  double noiseVariance) {
    if (optimisers.rows() == 0)
        return makeError(ErrorCode::InvalidArgument, "at least one sampled optimum is needed");
    Eigen::MatrixXd anchors(optimisers.rows() + rivals.rows(), optimisers.cols());
    anchors << optimisers, rivals;
    return PredictiveEntropy(AnchoredPosterior(process, std::move(anchors)), optimisers.rows(), maximise,
                             noiseVariance);
}

PredictiveEntropy PredictiveEntropy::with(GaussianProcess process) const {
    return PredictiveEntropy(AnchoredPosterior(std::move(process), Eigen::MatrixXd(m_posterior.anchors())),
                             std::ssize(m_conditioned), m_maximise, m_noiseVariance);
}

Eigen::VectorXd PredictiveEntropy::logValues(const Eigen::MatrixXd& points) const {
    const AnchoredPosterior::Several at = m_posterior.at(points);
    const double added = m_noiseVariance + m_jitter;
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(points.rows());
    for (const Conditioned& conditioned : m_conditioned) {
        const Eigen::MatrixXd along = at.covariance * conditioned.directions;
        const Eigen::VectorXd mean = at.mean + along * conditioned.shift;
        const Eigen::VectorXd variance = at.variance - along.cwiseAbs2() * conditioned.loss;
        const Eigen::VectorXd covariance = at.covariance * conditioned.toOptimum;
        for (Eigen::Index i = 0; i < sum.size(); ++i) {
            const OrderedVariance left = orderedVariance(
                {mean(i), std::max(0.0, variance(i)), conditioned.mean, conditioned.variance, covariance(i)},
                m_maximise, m_jitter);
            sum(i) += 0.5 * std::log((at.variance(i) + added) / (left.value + added));
        }
    }
    return (sum / static_cast<double>(m_conditioned.size())).cwiseMax(kLeastInformation).array().log();
}

double PredictiveEntropy::logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const {
    const AnchoredPosterior::One at = m_posterior.at(point);
    const double added = m_noiseVariance + m_jitter;
    double sum = 0.0;
    gradient = Eigen::VectorXd::Zero(point.size());
    for (const Conditioned& conditioned : m_conditioned) {
        const Eigen::VectorXd along = conditioned.directions.transpose() * at.covariance;
        const double variance = at.variance - conditioned.loss.dot(along.cwiseAbs2());
        const OrderedVariance left = orderedVariance(
            {at.mean + conditioned.shift.dot(along), std::max(0.0, variance), conditioned.mean,
             conditioned.variance, conditioned.toOptimum.dot(at.covariance)},
            m_maximise, m_jitter);
        const double below = left.value + added;
        sum += 0.5 * std::log((at.variance + added) / below);
        gradient += 0.5 / (at.variance + added) * at.varianceGradient;
        const double byVariance = variance > 0.0 ? left.byVariance : 0.0;
        // By the covariances with the anchors: through the mean, the variance and the covariance left.
        const Eigen::VectorXd byAlong =
            left.byMean * conditioned.shift - 2.0 * byVariance * conditioned.loss.cwiseProduct(along);
        const Eigen::VectorXd byCovariance =
            conditioned.directions * byAlong + left.byCovariance * conditioned.toOptimum;
        gradient -= 0.5 / below *
                    (left.byMean * at.meanGradient + byVariance * at.varianceGradient +
                     at.covarianceGradient * byCovariance);
    }
    const double mean = sum / static_cast<double>(m_conditioned.size());
    if (mean <= kLeastInformation) {
        gradient.setZero();
        return std::log(kLeastInformation);
    }
    gradient /= sum;
    return std::log(mean);
}

} // namespace alidade
