#include "acquisition/knowledge_gradient.h"

#include "acquisition/continuous_gain.h"
#include "base/constants.h"
#include "math/normal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace alidade {
std::vector<Eigen::Index> upperEnvelope(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(a.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::sort(order.begin(), order.end(), [&](Eigen::Index i, Eigen::Index j) {
        return b(i) != b(j) ? b(i) < b(j) : a(i) != a(j) ? a(i) < a(j) : i > j;
    });
    std::vector<Eigen::Index> kept;
    std::vector<double> from; // where each kept line takes over
    for (const Eigen::Index line : order) {
        double start = -kInfinity;
        while (!kept.empty()) {
            const Eigen::Index last = kept.back();
            if (b(line) == b(last)) { // the one with the larger intercept comes later
                kept.pop_back();
                from.pop_back();
                continue;
            }
            start = (a(last) - a(line)) / (b(line) - b(last));
            if (start > from.back())
                break;
            kept.pop_back();
            from.pop_back();
            start = -kInfinity;
        }
        kept.push_back(line);
        from.push_back(start);
    }
    return kept;
}

ExpectedMaximum expectedMaximumGain(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    ExpectedMaximum result{-kInfinity, Eigen::VectorXd::Zero(a.size()), Eigen::VectorXd::Zero(a.size())};
    const std::vector<Eigen::Index> kept = upperEnvelope(a, b);
    if (kept.size() < 2)
        return result;
    const std::size_t count = kept.size() - 1;
    std::vector<double> logs(count);
    double most = -kInfinity;
    for (std::size_t k = 0; k < count; ++k) {
        const double rise = b(kept[k + 1]) - b(kept[k]);
        const double distance = std::abs(a(kept[k + 1]) - a(kept[k]));
        logs[k] = std::log(rise) + logStandardImprovement(-distance / rise);
        most = std::max(most, logs[k]);
    }
    double sum = 0.0;
    for (const double value : logs)
        sum += std::exp(value - most);
    result.logGain = most + std::log(sum);
    for (std::size_t k = 0; k < count; ++k) {
        const double rise = b(kept[k + 1]) - b(kept[k]);
        const double distance = a(kept[k + 1]) - a(kept[k]);
        const double z = -std::abs(distance) / rise;
        const double share = std::exp(logs[k] - result.logGain);
        const double byRise = share * standardImprovementDensity(z) / rise;
        const double byDistance = -std::copysign(share * logStandardImprovementSlope(z) / rise, distance);
        result.bySlope(kept[k + 1]) += byRise;
        result.bySlope(kept[k]) -= byRise;
        result.byIntercept(kept[k + 1]) += byDistance;
        result.byIntercept(kept[k]) -= byDistance;
    }
    return result;
}

Eigen::VectorXd KnowledgeGradient::logValues(const Eigen::MatrixXd& points) const {
    const AnchoredPosterior::Several at = m_posterior.at(points);
    const Eigen::Index count = m_posterior.anchors().rows();
    const double scale = m_posterior.process().hyperparameters().outputVariance;
    Eigen::VectorXd a(count + 1);
    Eigen::VectorXd b(count + 1);
    a.head(count) = m_sign * m_posterior.mean();
    Eigen::VectorXd result(points.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        const double sd = std::sqrt(at.variance(i) + m_noiseVariance);
        if (!(at.variance(i) > kTeachesNothing * scale)) {
            result(i) = -kInfinity;
            continue;
        }
        a(count) = m_sign * at.mean(i);
        b.head(count) = at.covariance.row(i).transpose() / sd;
        b(count) = at.variance(i) / sd;
        result(i) = expectedMaximumGain(a, b).logGain;
    }
    return result;
}

double KnowledgeGradient::logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const {
    const AnchoredPosterior::One at = m_posterior.at(point);
    const Eigen::Index count = m_posterior.anchors().rows();
    gradient = Eigen::VectorXd::Zero(point.size());
    if (!(at.variance > kTeachesNothing * m_posterior.process().hyperparameters().outputVariance))
        return -kInfinity;
    const double sd = std::sqrt(at.variance + m_noiseVariance);
    Eigen::VectorXd a(count + 1);
    Eigen::VectorXd b(count + 1);
    a << m_sign * m_posterior.mean(), m_sign * at.mean;
    b << at.covariance / sd, at.variance / sd;
    const ExpectedMaximum gain = expectedMaximumGain(a, b);
    if (!std::isfinite(gain.logGain))
        return gain.logGain;
    // b_i = c_i / sd, sd^2 = variance + noise
    gradient = gain.byIntercept(count) * m_sign * at.meanGradient +
               at.covarianceGradient * gain.bySlope.head(count) / sd +
               (gain.bySlope(count) / sd - gain.bySlope.dot(b) / (2.0 * sd * sd)) * at.varianceGradient;
    return gain.logGain;
}

} // namespace alidade
