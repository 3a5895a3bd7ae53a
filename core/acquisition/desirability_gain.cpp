#include "acquisition/desirability_gain.h"

#include "acquisition/analytic.h"
#include "base/constants.h"
#include "base/inverse_normal.h"
#include "math/normal.h"
#include "math/sobol.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace alidade {
namespace {

constexpr double kSmallestDeviation = 1e-9;
constexpr double kForAllMissed = 1e-6; ///< share of D added to the gain
constexpr double kReachable = 1e-9;

/// A standard normal variable restricted to [a, b], as a function of a uniform number.
class Truncated {
public:
    Truncated(double a, double b) : m_mirrored(a > 0.0), m_a(m_mirrored ? -b : a), m_b(m_mirrored ? -a : b) {
        m_logB = logNormalCdf(m_b);
        m_ratio = std::exp(logNormalCdf(m_a) - m_logB);
    }

    struct Draw {
        double z;
        double byLower; ///< dz / da
        double byUpper; ///< dz / db
    };
    [[nodiscard]] Draw at(double u) const {
        const double share = m_mirrored ? 1.0 - u : u;
        // Within (-inf, 0] or across 0: the distribution function has all its digits on this side.
        const double logP = m_logB + std::log(share + (1.0 - share) * m_ratio);
        double z = logP > -690.0 ? inverseNormalCdf(std::exp(logP))
                                 : -std::sqrt(std::max(0.0, m_b * m_b - 2.0 * (logP - m_logB)));
        z = std::clamp(z, m_a, m_b);
        const double byA = std::isinf(m_a) ? 0.0 : (1.0 - share) * std::exp(0.5 * (z - m_a) * (z + m_a));
        const double byB = std::isinf(m_b) ? 0.0 : share * std::exp(0.5 * (z - m_b) * (z + m_b));
        return m_mirrored ? Draw{-z, byB, byA} : Draw{z, byA, byB};
    }

private:
    bool m_mirrored;
    double m_a;
    double m_b;
    double m_logB = 0.0;
    double m_ratio = 0.0;
};

/// One sampled outcome: its desirability to the goal's exponent, and the derivatives of the logarithm.
struct Sampled {
    double factor = 0.0;
    double byMean = 0.0;
    double byDeviation = 0.0;
};

struct GoalSampler {
    const Desirability& function;
    double exponent;
    const OutcomeTransform& transform;
    double mean;
    double deviation;
    double a;
    double b;
    Truncated truncated;

    GoalSampler(const Desirability& of, double power, const OutcomeTransform& map, double lower, double upper,
                double center, double spread)
        : function(of), exponent(power), transform(map), mean(center), deviation(spread),
          a((lower - center) / spread), b((upper - center) / spread), truncated(a, b) {}

    [[nodiscard]] Sampled at(double u) const {
        const Truncated::Draw draw = truncated.at(u);
        const double y = transform.toUser(mean + deviation * draw.z);
        const double d = function.value(y);
        Sampled sampled;
        if (!(d > 0.0))
            return sampled;
        sampled.factor = exponent == 1.0 ? d : std::pow(d, exponent);
        // d y / d model, and how the draw moves with the mean and the deviation when the range stays.
        const double slope = exponent * function.derivative(y) / (d * transform.slope(y));
        const double upper = draw.byUpper == 0.0 ? 0.0 : draw.byUpper * b;
        const double lower = draw.byLower == 0.0 ? 0.0 : draw.byLower * a;
        sampled.byMean = slope * (1.0 - draw.byLower - draw.byUpper);
        sampled.byDeviation = slope * (draw.z - lower - upper);
        return sampled;
    }
};

} // namespace

std::optional<std::pair<double, double>> rangeAtLeast(const Desirability& function, double level) {
    if (function.isCategorical())
        return std::nullopt;
    const auto enough = [&](double d) { return level > 0.0 ? d >= level : d > 0.0; };
    if (function.tolerance() > 0.0 && enough(function.tolerance()))
        return std::pair(-kInfinity, kInfinity);
    double low = kInfinity;
    double high = -kInfinity;
    if (enough(function.leftValue())) {
        low = -kInfinity;
        high = function.pieces().front().from;
    }
    for (const Desirability::Piece& piece : function.pieces()) {
        const double base = std::pow(level, 1.0 / piece.exponent);
        const double top = std::max(piece.start, piece.end);
        if (level > 0.0 ? top < base : !(top > 0.0))
            continue;
        // Where the straight line of the piece crosses the level.
        double from = piece.from;
        double to = piece.to;
        if (piece.start != piece.end) {
            const double share = std::clamp((base - piece.start) / (piece.end - piece.start), 0.0, 1.0);
            const double crossing = piece.from + share * (piece.to - piece.from);
            (piece.start < piece.end ? from : to) = crossing;
        }
        low = std::min(low, from);
        high = std::max(high, to);
    }
    if (enough(function.rightValue())) {
        low = std::min(low, function.pieces().back().to);
        high = kInfinity;
    }
    if (low > high)
        return std::nullopt;
    return std::pair(low, high);
}

double largestValue(const Desirability& function) {
    double largest = std::max({function.leftValue(), function.rightValue(), function.tolerance()});
    for (const Desirability::Piece& piece : function.pieces())
        largest = std::max(largest, std::pow(std::max(piece.start, piece.end), piece.exponent));
    return largest;
}

Result<DesirabilityGain> DesirabilityGain::make(OverallDesirability goals,
                                                std::vector<OutcomeTransform> transforms, double best,
                                                DesirabilityGainOptions options) {
    const std::size_t count = goals.goals().size();
    if (transforms.size() != count || options.samples < 1)
        return makeError(ErrorCode::InvalidArgument, "one transform is needed for each goal");
    if (goals.options().aggregate != DesirabilityAggregate::GeometricMean)
        return makeError(ErrorCode::InvalidArgument,
                         "only the geometric mean of desirabilities is supported");
    if (!(best >= 0.0 && best <= 1.0))
        return makeError(ErrorCode::InvalidArgument, "the best desirability lies between 0 and 1", "best");
    double attainable = 1.0;
    for (std::size_t i = 0; i < count; ++i) {
        if (goals.goals()[i].isCategorical())
            return makeError(ErrorCode::InvalidArgument,
                             "a goal with categories cannot be predicted as a number",
                             "[" + std::to_string(i) + "]");
        attainable *= std::pow(largestValue(goals.goals()[i]), goals.exponent(i));
    }
    DesirabilityGain made(std::move(goals));
    made.m_options = options;
    made.m_transforms = std::move(transforms);
    made.m_best = best < attainable - kReachable ? best : 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double level = std::pow(made.m_best, 1.0 / made.m_goals.exponent(i));
        const auto range = rangeAtLeast(made.m_goals.goals()[i], level);
        if (!range)
            return makeError(ErrorCode::InvalidArgument, "the desirability is 0 for every value",
                             "[" + std::to_string(i) + "]");
        made.m_ranges.push_back(
            {made.m_transforms[i].toModel(range->first), made.m_transforms[i].toModel(range->second)});
    }
    made.m_uniforms.resize(options.samples, static_cast<Eigen::Index>(count));
    SobolSequence sequence(count, options.seed);
    for (Eigen::Index s = 0; s < options.samples; ++s) {
        const std::vector<double> point = sequence.next();
        for (std::size_t i = 0; i < count; ++i) {
            // Goal by goal the middles of equal shares are better than any random number.
            const double u = made.m_best > 0.0
                                 ? point[i]
                                 : (static_cast<double>(s) + 0.5) / static_cast<double>(options.samples);
            made.m_uniforms(s, static_cast<Eigen::Index>(i)) = std::clamp(u, 0x1p-33, 1.0 - 0x1p-33);
        }
    }
    return made;
}

Result<DesirabilityGain> DesirabilityGain::withBest(double best) const {
    return make(m_goals, m_transforms, best, m_options);
}

double DesirabilityGain::overall(const Eigen::VectorXd& outcomes) const {
    std::vector<double> individual;
    for (std::size_t i = 0; i < m_transforms.size(); ++i)
        individual.push_back(
            m_goals.goals()[i].value(m_transforms[i].toUser(outcomes(static_cast<Eigen::Index>(i)))));
    return m_goals.combine(individual);
}

DesirabilityGain::Value DesirabilityGain::logValue(const Eigen::VectorXd& mean,
                                                   const Eigen::VectorXd& standardDeviation) const {
    const Eigen::Index count = m_uniforms.cols();
    const Eigen::Index samples = m_uniforms.rows();
    Value value{0.0, Eigen::VectorXd::Zero(count), Eigen::VectorXd::Zero(count)};
    Eigen::VectorXd products = Eigen::VectorXd::Ones(samples);
    Eigen::MatrixXd byMean(samples, count);
    Eigen::MatrixXd byDeviation(samples, count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const auto index = static_cast<std::size_t>(i);
        const Range& range = m_ranges[index];
        const double deviation = std::max(standardDeviation(i), kSmallestDeviation);
        const AcquisitionValue chance = logProbabilityWithin(range.lower, range.upper, mean(i), deviation);
        value.logValue += chance.value;
        value.byMean(i) += chance.byMean;
        value.byStandardDeviation(i) += chance.byStandardDeviation;
        const GoalSampler sampler(m_goals.goals()[index], m_goals.exponent(index), m_transforms[index],
                                  range.lower, range.upper, mean(i), deviation);
        double sum = 0.0;
        double sumByMean = 0.0;
        double sumByDeviation = 0.0;
        for (Eigen::Index s = 0; s < samples; ++s) {
            const Sampled sampled = sampler.at(m_uniforms(s, i));
            products(s) *= sampled.factor;
            byMean(s, i) = sampled.byMean;
            byDeviation(s, i) = sampled.byDeviation;
            sum += sampled.factor;
            sumByMean += sampled.factor * sampled.byMean;
            sumByDeviation += sampled.factor * sampled.byDeviation;
        }
        if (m_best > 0.0)
            continue;
        if (!(sum > 0.0))
            return {-kInfinity, Eigen::VectorXd::Zero(count), Eigen::VectorXd::Zero(count)};
        value.logValue += std::log(sum / static_cast<double>(samples));
        value.byMean(i) += sumByMean / sum;
        value.byStandardDeviation(i) += sumByDeviation / sum;
    }
    if (m_best == 0.0)
        return value;
    double sum = 0.0;
    Eigen::VectorXd weights(samples); // d gain / d log D
    for (Eigen::Index s = 0; s < samples; ++s) {
        const double over = products(s) > m_best ? 1.0 : 0.0;
        sum += over * (products(s) - m_best) + kForAllMissed * products(s);
        weights(s) = (over + kForAllMissed) * products(s);
    }
    if (!(sum > 0.0))
        return {-kInfinity, Eigen::VectorXd::Zero(count), Eigen::VectorXd::Zero(count)};
    value.logValue += std::log(sum / static_cast<double>(samples));
    value.byMean += byMean.transpose() * weights / sum;
    value.byStandardDeviation += byDeviation.transpose() * weights / sum;
    return value;
}

} // namespace alidade
