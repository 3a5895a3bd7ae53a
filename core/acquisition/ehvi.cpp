#include "acquisition/ehvi.h"

#include "base/constants.h"
#include "math/normal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace alidade {

namespace {

constexpr double kNarrow = 0.25;    // below, differences of psi are integrated instead
constexpr double kFewDigits = 1e-5; // of a difference left, relative: the density in the middle is better

// log of psi(upper) - psi(lower) and its derivatives.
struct StripGain {
    double logValue = -kInfinity;
    double byMean = 0.0;
    double byStandardDeviation = 0.0;
};

StripGain certainGain(double lower, double upper, double mean) {
    const double width = upper - std::max(lower, mean);
    if (!(width > 0.0))
        return {};
    return {std::log(width), mean > lower ? -1.0 / width : 0.0, 0.0};
}

// For a narrow interval psi(b) - psi(a) is the integral of Phi, of which its derivatives by mean and
// deviation leave the integrals of the density and of -z times it. Four Gauss-Legendre nodes: relative error
// 1e-14.
StripGain narrowGain(double a, double b) {
    constexpr std::array<std::array<double, 2>, 4> kNodes{{{-0.86113631159405257522, 0.34785484513745385737},
                                                           {-0.33998104358485626480, 0.65214515486254614263},
                                                           {0.33998104358485626480, 0.65214515486254614263},
                                                           {0.86113631159405257522, 0.34785484513745385737}}};
    const double scale = logNormalCdf(b);
    double distribution = 0.0;
    double density = 0.0;
    double moment = 0.0;
    for (const auto& [node, weight] : kNodes) {
        const double z = a + (0.5 + 0.5 * node) * (b - a);
        const double p = weight * std::exp(logNormalPdf(z) - scale);
        distribution += weight * std::exp(logNormalCdf(z) - scale);
        density += p;
        moment -= z * p;
    }
    return {scale + std::log(0.5 * (b - a) * distribution), -density / distribution, moment / distribution};
}

// In units of the standard deviation: a and b are standardised.
StripGain standardGain(double a, double b) {
    if (std::isinf(a))
        return {logStandardImprovement(b), -logStandardImprovementSlope(b), standardImprovementDensity(b)};
    if ((b - a) * std::max({1.0, std::abs(a), std::abs(b)}) < kNarrow)
        return narrowGain(a, b);
    if (b <= 0.0) {
        // In the left tail everything is a multiple of its value at b.
        const double share = -std::expm1(logStandardImprovement(a) - logStandardImprovement(b));
        const double probability = -std::expm1(logNormalCdf(a) - logNormalCdf(b)) / share;
        const double density = -std::expm1(0.5 * (b - a) * (a + b)) / share;
        return {logStandardImprovement(b) + std::log(share), -logStandardImprovementSlope(b) * probability,
                standardImprovementDensity(b) * density};
    }
    double difference = 0.0;
    if (a > 0.0) // psi(z) = z + psi(-z)
        difference = (b - a) - std::exp(logStandardImprovement(-a)) + std::exp(logStandardImprovement(-b));
    else
        difference = std::exp(logStandardImprovement(b)) - std::exp(logStandardImprovement(a));
    const double probability = std::exp(logNormalInterval(a, b));
    return {std::log(difference), -probability / difference, (normalPdf(b) - normalPdf(a)) / difference};
}

StripGain gain(double lower, double upper, double mean, double deviation) {
    if (deviation == 0.0)
        return certainGain(lower, upper, mean);
    const double a = (lower - mean) / deviation;
    const double b = (upper - mean) / deviation;
    if (std::isinf(b)) // the deviation is negligible against the distance
        return certainGain(lower, upper, mean);
    const StripGain standard = standardGain(a, b);
    return {std::log(deviation) + standard.logValue, standard.byMean / deviation,
            standard.byStandardDeviation / deviation};
}

StripGain mirrored(StripGain gain) {
    gain.byMean = -gain.byMean;
    return gain;
}

// The same of the distance D from [low, high]: the integral over z in [lower, upper] of
//   P(D <= z) = Phi((high + z - mean) / sd) - Phi((low - z - mean) / sd).
StripGain distanceGain(double lower, double upper, double mean, double deviation,
                       const WantedInterval& wanted) {
    lower = std::max(lower, 0.0);
    if (!(upper > lower))
        return {};
    if (std::isinf(wanted.low))
        return gain(wanted.high + lower, wanted.high + upper, mean, deviation);
    if (std::isinf(wanted.high))
        return mirrored(gain(lower - wanted.low, upper - wanted.low, -mean, deviation));
    const double center = 0.5 * (wanted.low + wanted.high);
    if (mean < center) // so that both distribution functions below keep their digits
        return mirrored(distanceGain(lower, upper, 2.0 * center - mean, deviation, wanted));
    if (deviation == 0.0)
        return certainGain(lower, upper, std::max(0.0, mean - wanted.high));
    const StripGain above = gain(wanted.high + lower, wanted.high + upper, mean, deviation);
    const StripGain below = gain(wanted.low - upper, wanted.low - lower, mean, deviation);
    if (std::isinf(below.logValue))
        return above;
    const double share = -std::expm1(below.logValue - above.logValue);
    if (share < kFewDigits) {
        const double z = (center - mean) / deviation;
        const double area = (upper - lower) * (wanted.high - wanted.low + upper + lower);
        return {logNormalPdf(z) - std::log(deviation) + std::log(area), z / deviation,
                (z * z - 1.0) / deviation};
    }
    return {above.logValue + std::log(share), (above.byMean - (1.0 - share) * below.byMean) / share,
            (above.byStandardDeviation - (1.0 - share) * below.byStandardDeviation) / share};
}

double logChance(double lower, double upper, double mean, double deviation) {
    if (deviation == 0.0)
        return mean > lower && mean < upper ? 0.0 : -kInfinity;
    return logNormalInterval((lower - mean) / deviation, (upper - mean) / deviation);
}

// Of a distance between the two.
double logDistanceChance(double lower, double upper, double mean, double deviation,
                         const WantedInterval& wanted) {
    if (deviation == 0.0) {
        const double distance = std::max({0.0, wanted.low - mean, mean - wanted.high});
        return distance > lower && distance < upper ? 0.0 : -kInfinity;
    }
    if (lower < 0.0)
        return logChance(wanted.low - upper, wanted.high + upper, mean, deviation);
    const double above = logChance(wanted.high + lower, wanted.high + upper, mean, deviation);
    const double below = logChance(wanted.low - upper, wanted.low - lower, mean, deviation);
    const double larger = std::max(above, below);
    return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(above, below) - larger));
}

double logSumExp(const std::vector<double>& terms) {
    const double largest = *std::max_element(terms.begin(), terms.end());
    if (std::isinf(largest))
        return largest;
    double sum = 0.0;
    for (const double term : terms)
        sum += std::exp(term - largest);
    return largest + std::log(sum);
}

} // namespace

Result<ExpectedHypervolumeImprovement> ExpectedHypervolumeImprovement::make(const ObjectiveMatrix& points,
                                                                            const Eigen::VectorXd& reference,
                                                                            WantedIntervals wanted) {
    ALIDADE_ASSIGN(const auto boxes, nonDominatedBoxes(points, reference));
    if (wanted.empty())
        wanted.resize(static_cast<std::size_t>(reference.size()));
    if (std::ssize(wanted) != reference.size())
        return makeError(ErrorCode::InvalidArgument, "one interval or none is needed for each objective",
                         "wanted");
    for (const auto& interval : wanted)
        if (interval && (!(interval->low <= interval->high) ||
                         (!std::isfinite(interval->low) && !std::isfinite(interval->high))))
            return makeError(ErrorCode::InvalidArgument,
                             "a wanted interval needs low <= high, one of them finite", "wanted");
    ExpectedHypervolumeImprovement made;
    made.m_wanted = std::move(wanted);
    made.m_boxes.assign(boxes.size(), std::vector<std::size_t>(static_cast<std::size_t>(reference.size())));
    for (Eigen::Index k = 0; k < reference.size(); ++k) {
        std::vector<Interval> intervals;
        for (const ObjectiveBox& box : boxes)
            intervals.push_back({box.lower[k], box.upper[k]});
        auto distinct = intervals;
        std::sort(distinct.begin(), distinct.end());
        distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
        for (std::size_t i = 0; i < boxes.size(); ++i)
            made.m_boxes[i][static_cast<std::size_t>(k)] = static_cast<std::size_t>(
                std::lower_bound(distinct.begin(), distinct.end(), intervals[i]) - distinct.begin());
        made.m_intervals.push_back(std::move(distinct));
    }
    return made;
}

Result<void> ExpectedHypervolumeImprovement::check(const Eigen::VectorXd& mean,
                                                   const Eigen::VectorXd& standardDeviation) const {
    const auto objectives = static_cast<Eigen::Index>(m_intervals.size());
    if (mean.size() != objectives)
        return makeError(ErrorCode::InvalidArgument,
                         "there are " + std::to_string(mean.size()) + " means for " +
                             std::to_string(objectives) + " objectives",
                         "mean");
    if (standardDeviation.size() != objectives)
        return makeError(ErrorCode::InvalidArgument,
                         "there are " + std::to_string(standardDeviation.size()) +
                             " standard deviations for " + std::to_string(objectives) + " objectives",
                         "sd");
    for (Eigen::Index k = 0; k < objectives; ++k) {
        if (!std::isfinite(mean[k]))
            return makeError(ErrorCode::InvalidArgument, "a mean must be finite",
                             "mean[" + std::to_string(k) + "]");
        if (!std::isfinite(standardDeviation[k]) || standardDeviation[k] < 0.0)
            return makeError(ErrorCode::InvalidArgument, "a standard deviation must be finite and >= 0",
                             "sd[" + std::to_string(k) + "]");
    }
    return {};
}

Result<ExpectedHypervolumeImprovement::Value>
ExpectedHypervolumeImprovement::logValue(const Eigen::VectorXd& mean,
                                         const Eigen::VectorXd& standardDeviation) const {
    ALIDADE_CHECK(check(mean, standardDeviation));
    const std::size_t objectives = m_intervals.size();
    std::vector<std::vector<StripGain>> gains(objectives);
    for (std::size_t k = 0; k < objectives; ++k) {
        const auto index = static_cast<Eigen::Index>(k);
        for (const auto& [lower, upper] : m_intervals[k])
            gains[k].push_back(
                m_wanted[k] ? distanceGain(lower, upper, mean[index], standardDeviation[index], *m_wanted[k])
                            : gain(lower, upper, mean[index], standardDeviation[index]));
    }
    std::vector<double> terms;
    terms.reserve(m_boxes.size());
    for (const auto& box : m_boxes) {
        double term = 0.0;
        for (std::size_t k = 0; k < objectives; ++k)
            term += gains[k][box[k]].logValue;
        terms.push_back(term);
    }
    Value value{logSumExp(terms), Eigen::VectorXd::Zero(mean.size()), Eigen::VectorXd::Zero(mean.size())};
    if (std::isinf(value.logValue))
        return value;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const double share = std::exp(terms[i] - value.logValue);
        for (std::size_t k = 0; share > 0.0 && k < objectives; ++k) {
            const StripGain& part = gains[k][m_boxes[i][k]];
            value.byMean[static_cast<Eigen::Index>(k)] += share * part.byMean;
            value.byStandardDeviation[static_cast<Eigen::Index>(k)] += share * part.byStandardDeviation;
        }
    }
    return value;
}

Result<double>
ExpectedHypervolumeImprovement::logProbability(const Eigen::VectorXd& mean,
                                               const Eigen::VectorXd& standardDeviation) const {
    ALIDADE_CHECK(check(mean, standardDeviation));
    std::vector<double> terms;
    terms.reserve(m_boxes.size());
    for (const auto& box : m_boxes) {
        double term = 0.0;
        for (std::size_t k = 0; k < box.size(); ++k) {
            const auto& [lower, upper] = m_intervals[k][box[k]];
            const auto index = static_cast<Eigen::Index>(k);
            term += m_wanted[k]
                        ? logDistanceChance(lower, upper, mean[index], standardDeviation[index], *m_wanted[k])
                        : logChance(lower, upper, mean[index], standardDeviation[index]);
        }
        terms.push_back(term);
    }
    return logSumExp(terms);
}

} // namespace alidade
