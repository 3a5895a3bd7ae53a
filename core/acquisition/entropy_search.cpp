#include "acquisition/entropy_search.h"

#include "math/gauss_legendre.h"
#include "math/normal.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace alidade {
namespace {

constexpr double kReach = 8.5;      // standard deviations beyond which an integrand is nothing
constexpr double kNoiseless = 1e-4; // sqrt(1 - correlation^2) below which the closed form is used
constexpr double kFloor = 1e-14;    // information below which only rounding is left
constexpr int kPieces = 4;

/// What one optimum adds, for a latent mean and variance, with derivatives.
struct InformationGain {
    double value = 0.0;
    double byMean = 0.0;
    double byVariance = 0.0;
};

/// `above` = sign * (optimum - mean): how far the optimum lies beyond the mean.
InformationGain gainAt(double above, double variance, double noiseVariance, double sign) {
    if (!(variance > 0.0))
        return {};
    const double sd = std::sqrt(variance);
    const double total = variance + noiseVariance;
    const TruncationInformation information = truncationInformation(above / sd, sd / std::sqrt(total));
    // d correlation / d variance = noise / (2 sd total^(3/2))
    return {information.value, -sign * information.byBound / sd,
            -information.byBound * above / (2.0 * variance * sd) +
                information.byCorrelation * noiseVariance / (2.0 * sd * total * std::sqrt(total))};
}

} // namespace

TruncationInformation truncationInformation(double bound, double correlation) {
    const double logMass = logNormalCdf(bound);
    const double hazard = normalHazard(bound);
    const double hazardSlope = -hazard * (bound + hazard);
    const double squared = correlation * correlation;
    TruncationInformation result{-logMass + 0.5 * squared * bound * hazard,
                                 -hazard + 0.5 * squared * (hazard + bound * hazardSlope),
                                 correlation * bound * hazard};
    const double rest = std::sqrt(std::max(0.0, 1.0 - squared));
    if (rest < kNoiseless || correlation <= 0.0) {
        if (correlation <= 0.0)
            return {};
        result.value = std::max(result.value, 0.0);
        return result;
    }
    // E[log Phi(u)], u = (bound - rho t) / rest, under the density phi(t) Phi(u) / Phi(bound) of y = t.
    double expectation = 0.0;
    double byBound = 0.0;
    double byCorrelation = 0.0;
    const auto add = [&](double t, double u, double weight) {
        const double logU = logNormalCdf(u);
        const double logDensity = logNormalPdf(t) - logMass;
        expectation += weight * std::exp(logDensity + logU) * logU;
        const double slope = weight * std::exp(logDensity + logNormalPdf(u)) * (logU + 1.0);
        byBound += slope / rest;
        byCorrelation += slope * (correlation * bound - t) / (rest * rest * rest);
    };
    const double center = -correlation * hazard; // mean of y
    double low = center - kReach - 0.5;
    double high = center + kReach + 0.5;
    if (rest < correlation) { // integrate over u: dt = rest / rho du
        const double from = std::max(-kReach, (bound - correlation * high) / rest);
        const double to = std::min(kReach, (bound - correlation * low) / rest);
        for (int piece = 0; piece < kPieces && from < to; ++piece)
            visitGaussLegendre20(from + (to - from) * piece / kPieces,
                                 from + (to - from) * (piece + 1) / kPieces, [&](double u, double weight) {
                                     add((bound - rest * u) / correlation, u, weight * rest / correlation);
                                 });
    } else {
        low = std::max(low, (bound - kReach * rest) / correlation);
        high = std::min(high, (bound + kReach * rest) / correlation);
        for (int piece = 0; piece < kPieces && low < high; ++piece)
            visitGaussLegendre20(
                low + (high - low) * piece / kPieces, low + (high - low) * (piece + 1) / kPieces,
                [&](double t, double weight) { add(t, (bound - correlation * t) / rest, weight); });
    }
    result.value = std::max(0.0, result.value + expectation);
    result.byBound += byBound - hazard * expectation;
    result.byCorrelation += byCorrelation;
    return result;
}

MaxValueEntropy::MaxValueEntropy(GaussianProcess process, Eigen::VectorXd optima, bool maximise,
                                 double noiseVariance)
    : m_process(std::move(process)), m_optima(std::move(optima)), m_sign(maximise ? 1.0 : -1.0),
      m_noiseVariance(noiseVariance) {}

Eigen::VectorXd MaxValueEntropy::logValues(const Eigen::MatrixXd& points) const {
    const GpPrediction prediction = m_process.predict(points);
    Eigen::VectorXd result(points.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        double sum = 0.0;
        for (const double optimum : m_optima)
            sum += gainAt(m_sign * (optimum - prediction.mean(i)), prediction.variance(i), m_noiseVariance,
                          m_sign)
                       .value;
        result(i) = std::log(std::max(kFloor, sum / static_cast<double>(m_optima.size())));
    }
    return result;
}

double MaxValueEntropy::logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const {
    const GpPointPrediction prediction = m_process.predictPoint(point);
    InformationGain sum;
    for (const double optimum : m_optima) {
        const InformationGain gain =
            gainAt(m_sign * (optimum - prediction.mean), prediction.variance, m_noiseVariance, m_sign);
        sum.value += gain.value;
        sum.byMean += gain.byMean;
        sum.byVariance += gain.byVariance;
    }
    const double mean = sum.value / static_cast<double>(m_optima.size());
    if (mean <= kFloor) {
        gradient = Eigen::VectorXd::Zero(point.size());
        return std::log(kFloor);
    }
    gradient =
        (sum.byMean * prediction.meanGradient + sum.byVariance * prediction.varianceGradient) / sum.value;
    return std::log(mean);
}

Result<JointEntropy> JointEntropy::make(const GaussianProcess& process, const Eigen::MatrixXd& optimisers,
                                        const Eigen::VectorXd& optima, bool maximise, double noiseVariance) {
    if (optima.size() == 0 || optimisers.rows() != optima.size())
        return makeError(ErrorCode::InvalidArgument, "one value per sampled optimum is needed, at least one");
    JointEntropy result(AnchoredPosterior(process, optimisers));
    result.m_optima = optima;
    result.m_sign = maximise ? 1.0 : -1.0;
    result.m_noiseVariance = noiseVariance;
    return result;
}

Eigen::VectorXd JointEntropy::logValues(const Eigen::MatrixXd& points) const {
    const AnchoredPosterior::Several at = m_posterior.at(points);
    const double jitter = 1e-10 * m_posterior.process().hyperparameters().outputVariance;
    Eigen::VectorXd result(points.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        double sum = 0.0;
        for (Eigen::Index j = 0; j < m_optima.size(); ++j) {
            const double weight = at.covariance(i, j) / (m_posterior.covariance()(j, j) + jitter);
            const double mean = at.mean(i) + weight * (m_optima(j) - m_posterior.mean()(j));
            const double variance = std::max(jitter, at.variance(i) - weight * at.covariance(i, j));
            sum +=
                0.5 * std::log((at.variance(i) + m_noiseVariance + jitter) / (variance + m_noiseVariance)) +
                gainAt(m_sign * (m_optima(j) - mean), variance, m_noiseVariance, m_sign).value;
        }
        result(i) = std::log(std::max(kFloor, sum / static_cast<double>(m_optima.size())));
    }
    return result;
}

double JointEntropy::logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const {
    const AnchoredPosterior::One at = m_posterior.at(point);
    const double jitter = 1e-10 * m_posterior.process().hyperparameters().outputVariance;
    double sum = 0.0;
    gradient = Eigen::VectorXd::Zero(point.size());
    for (Eigen::Index j = 0; j < m_optima.size(); ++j) {
        const double anchor = m_posterior.covariance()(j, j) + jitter;
        const double surprise = (m_optima(j) - m_posterior.mean()(j)) / anchor;
        const double mean = at.mean + at.covariance(j) * surprise;
        const double left = at.variance - at.covariance(j) * at.covariance(j) / anchor;
        const double variance = std::max(jitter, left);
        const InformationGain gain = gainAt(m_sign * (m_optima(j) - mean), variance, m_noiseVariance, m_sign);
        sum += 0.5 * std::log((at.variance + m_noiseVariance + jitter) / (variance + m_noiseVariance)) +
               gain.value;
        const Eigen::VectorXd covarianceGradient = at.covarianceGradient.col(j);
        gradient += 0.5 / (at.variance + m_noiseVariance + jitter) * at.varianceGradient +
                    gain.byMean * (at.meanGradient + surprise * covarianceGradient);
        if (left > jitter)
            gradient += (gain.byVariance - 0.5 / (variance + m_noiseVariance)) *
                        (at.varianceGradient - 2.0 * at.covariance(j) / anchor * covarianceGradient);
    }
    const double mean = sum / static_cast<double>(m_optima.size());
    if (mean <= kFloor) {
        gradient.setZero();
        return std::log(kFloor);
    }
    gradient /= sum;
    return std::log(mean);
}

} // namespace alidade
