#include "desirability/expected_desirability.h"

#include "math/gauss_legendre.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace alidade {

namespace {

using Piece = Desirability::Piece;

Result<void> checkGaussians(const OverallDesirability& goals, std::span<const double> means,
                            std::span<const double> deviations) {
    if (means.size() != goals.goals().size() || deviations.size() != means.size())
        return makeError(ErrorCode::InvalidArgument, "give a mean and a standard deviation for each of the " +
                                                         std::to_string(goals.goals().size()) + " goals");
    for (std::size_t i = 0; i < means.size(); ++i) {
        // Asked for its checks only: they are the same for every level.
        if (auto checked = probabilityAbove(goals.goals()[i], means[i], deviations[i], 0.0); !checked) {
            Error error = checked.error();
            error.context = "[" + std::to_string(i) + "]";
            return error;
        }
    }
    return {};
}

// For arguments that checkGaussians() has seen.
double aboveLevel(const Desirability& function, double mean, double deviation, double level) {
    return probabilityAbove(function, mean, deviation, level).value();
}

// E[min d_i] = integral over t in (0, 1) of P(all d_i > t); panels are cut where one of the goals has a kink
// and shrink towards both ends, where fractional powers have theirs.
double expectedMinimum(const OverallDesirability& goals, std::span<const double> means,
                       std::span<const double> deviations) {
    std::vector<double> cuts{0.0, 1.0};
    for (double share = 0.5; share > 1e-10; share *= 0.25) {
        cuts.push_back(share);
        cuts.push_back(1.0 - share);
    }
    for (std::size_t i = 0; i < means.size(); ++i) {
        const Desirability& goal = goals.goals()[i];
        cuts.push_back(goal.tolerance());
        if (deviations[i] == 0.0)
            cuts.push_back(goal.value(means[i]));
        for (const Piece& piece : goal.pieces()) {
            cuts.push_back(piece.start);
            cuts.push_back(piece.end);
            // A narrow prediction makes P(d > t) a steep step: follow it.
            for (const double z : {-6.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 6.0})
                cuts.push_back(goal.value(means[i] + z * deviations[i]));
        }
    }
    std::sort(cuts.begin(), cuts.end());
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        if (!(cuts[i] < cuts[i + 1]))
            continue;
        visitGaussLegendre20(cuts[i], cuts[i + 1], [&](double level, double weight) {
            double all = weight;
            for (std::size_t goal = 0; goal < means.size() && all > 0.0; ++goal)
                all *= aboveLevel(goals.goals()[goal], means[goal], deviations[goal], level);
            sum += all;
        });
    }
    return sum;
}

} // namespace

Result<ExpectedOverall> expectedOverall(const OverallDesirability& goals, std::span<const double> means,
                                        std::span<const double> standardDeviations) {
    ALIDADE_CHECK(checkGaussians(goals, means, standardDeviations));
    ExpectedOverall result;
    result.probabilityPositive = 1.0;
    for (std::size_t i = 0; i < means.size(); ++i)
        result.probabilityPositive *= aboveLevel(goals.goals()[i], means[i], standardDeviations[i], 0.0);
    if (goals.options().aggregate == DesirabilityAggregate::Minimum) {
        result.value = expectedMinimum(goals, means, standardDeviations);
        return result;
    }
    std::vector<ExpectedDesirability> factors;
    result.value = 1.0;
    for (std::size_t i = 0; i < means.size(); ++i) {
        ALIDADE_ASSIGN(const auto factor, expectedDesirability(goals.goals()[i], means[i],
                                                               standardDeviations[i], goals.exponent(i)));
        factors.push_back(factor);
        result.value *= factor.value;
    }
    for (std::size_t i = 0; i < factors.size(); ++i) {
        double others = 1.0; // by product, since a factor may be 0
        for (std::size_t j = 0; j < factors.size(); ++j)
            others *= j == i ? 1.0 : factors[j].value;
        result.meanDerivatives.push_back(others * factors[i].meanDerivative);
        result.standardDeviationDerivatives.push_back(others * factors[i].standardDeviationDerivative);
    }
    return result;
}

Result<DesirabilityImprovement> expectedDesirabilityImprovement(const OverallDesirability& goals,
                                                                std::span<const double> means,
                                                                std::span<const double> standardDeviations,
                                                                double best, const Eigen::MatrixXd& normals) {
    ALIDADE_CHECK(checkGaussians(goals, means, standardDeviations));
    const std::size_t count = means.size();
    if (normals.rows() < 2 || normals.cols() != static_cast<Eigen::Index>(count) || !normals.allFinite())
        return makeError(ErrorCode::InvalidArgument,
                         "give at least two rows of finite standard normal numbers, one column per goal",
                         "normals");
    DesirabilityImprovement result;
    result.meanDerivatives.assign(count, 0.0);
    result.standardDeviationDerivatives.assign(count, 0.0);
    double squares = 0.0;
    std::vector<double> y(count);
    std::vector<double> d(count);
    for (Eigen::Index sample = 0; sample < normals.rows(); ++sample) {
        for (std::size_t i = 0; i < count; ++i) {
            y[i] = means[i] + standardDeviations[i] * normals(sample, static_cast<Eigen::Index>(i));
            d[i] = goals.goals()[i].value(y[i]);
        }
        const double gain = goals.combine(d) - best;
        if (!(gain > 0.0))
            continue;
        result.value += gain;
        squares += gain * gain;
        ALIDADE_ASSIGN(const auto gradient, goals.gradient(y));
        for (std::size_t i = 0; i < count; ++i) {
            result.meanDerivatives[i] += gradient[i];
            result.standardDeviationDerivatives[i] +=
                gradient[i] * normals(sample, static_cast<Eigen::Index>(i));
        }
    }
    const auto samples = static_cast<double>(normals.rows());
    result.value /= samples;
    const double variance = std::max(0.0, squares / samples - result.value * result.value);
    result.standardError = std::sqrt(variance / (samples - 1.0));
    for (std::size_t i = 0; i < count; ++i) {
        result.meanDerivatives[i] /= samples;
        result.standardDeviationDerivatives[i] /= samples;
    }
    return result;
}

} // namespace alidade
