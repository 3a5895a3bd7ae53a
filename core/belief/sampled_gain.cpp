#include "belief/sampled_gain.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace alidade {
namespace {

constexpr double kMixtureReach = 6.0; ///< standard deviations beyond the outermost function
constexpr Eigen::Index kMostMixtureSteps = 400;
constexpr double kKnowledgeStep = 1.0 / 3.0; ///< the maximum has kinks
constexpr double kInformationStep = 0.75;
constexpr double kSoftEdge = 0.25;

/// Steps of y where the mixture lives, and the density of each component there.
struct MixtureOutcomes {
    double step = 0.0;
    Eigen::ArrayXd y;
    Eigen::MatrixXd densities; ///< steps x functions
    Eigen::MatrixXd byValue;   ///< derivatives of them by the function's value; empty unless asked for

    /// At multiples of the step: outcomes that do not move with the functions, so that derivatives of the sum
    /// are exactly those of what is summed.
    MixtureOutcomes(const Eigen::VectorXd& values, double sd, double relativeStep, bool slopes)
        : step(relativeStep * sd) {
        const double low = values.minCoeff() - kMixtureReach * sd;
        const double high = values.maxCoeff() + kMixtureReach * sd;
        step = std::max(step, (high - low) / static_cast<double>(kMostMixtureSteps));
        const double first = std::floor(low / step);
        const auto count = static_cast<Eigen::Index>(std::ceil(high / step) - first) + 1;
        y = step * Eigen::ArrayXd::LinSpaced(count, first, first + static_cast<double>(count - 1));
        const double factor = 1.0 / (sd * std::sqrt(2.0 * std::numbers::pi));
        densities.resize(count, values.size());
        for (Eigen::Index f = 0; f < values.size(); ++f)
            densities.col(f) = factor * (-0.5 * ((y - values(f)) / sd).square()).exp();
        if (!slopes)
            return;
        byValue.resize(count, values.size());
        for (Eigen::Index f = 0; f < values.size(); ++f)
            byValue.col(f) = densities.col(f).array() * (y - values(f)) / (sd * sd);
    }
};

} // namespace

double SampledKnowledge::at(const Eigen::VectorXd& values, Eigen::VectorXd* slopes) const {
    const Eigen::Index last = candidates.cols(); // the place itself
    Eigen::MatrixXd all(values.size(), last + 1);
    all << candidates, values;
    const MixtureOutcomes outcomes(values, sd, kKnowledgeStep, slopes != nullptr);
    Eigen::Index now = 0;
    const double known = (all.transpose() * weights).maxCoeff(&now);
    const Eigen::MatrixXd joint = outcomes.densities * weights.asDiagonal(); // of y and function
    const Eigen::MatrixXd means = joint * all;                               // times p(y)
    if (slopes)
        *slopes = Eigen::VectorXd::Zero(values.size());
    double expected = 0.0;
    for (Eigen::Index k = 0; k < means.rows(); ++k) {
        Eigen::Index best = 0;
        expected += outcomes.step * means.row(k).maxCoeff(&best);
        if (!slopes)
            continue;
        slopes->array() += outcomes.step * weights.array() * outcomes.byValue.row(k).transpose().array() *
                           all.col(best).array();
        if (best == last)
            *slopes += outcomes.step * joint.row(k).transpose();
    }
    if (slopes && now == last)
        *slopes -= weights;
    return std::max(expected - known, 0.0);
}

double SampledMaxValue::at(const Eigen::VectorXd& values, Eigen::VectorXd* slopes) const {
    const MixtureOutcomes outcomes(values, sd, kInformationStep, slopes != nullptr);
    const Eigen::Index count = optima.size();
    const double edge = kSoftEdge * sd;
    // Column 0: all functions; column j: those below the optimum j.
    Eigen::MatrixXd kept(values.size(), count + 1);
    kept.col(0).setOnes();
    for (Eigen::Index j = 0; j < count; ++j)
        kept.col(j + 1) = 1.0 / (1.0 + ((values.array() - optima(j)) / edge).min(500.0).exp());
    Eigen::MatrixXd shares = weights.asDiagonal() * kept;
    const Eigen::RowVectorXd masses = shares.colwise().sum().array().max(1e-300);
    shares.array().rowwise() /= masses.array();
    const Eigen::MatrixXd density = outcomes.densities * shares;
    const Eigen::MatrixXd logs = density.array().max(1e-300).log();
    const Eigen::RowVectorXd entropies =
        -outcomes.step * (density.array() * logs.array()).matrix().colwise().sum();
    if (slopes) {
        // The density moves with the function, and its share with how much of it is kept.
        const Eigen::MatrixXd moved = -outcomes.step * (outcomes.byValue.transpose() * logs);
        const Eigen::MatrixXd cross = -outcomes.step * (outcomes.densities.transpose() * logs);
        *slopes = shares.col(0).cwiseProduct(moved.col(0));
        for (Eigen::Index j = 1; j <= count; ++j) {
            const Eigen::ArrayXd shareSlopes = -shares.col(j).array() * (1.0 - kept.col(j).array()) / edge;
            slopes->array() -= (shares.col(j).array() * moved.col(j).array() +
                                shareSlopes * (cross.col(j).array() - entropies(j))) /
                               static_cast<double>(count);
        }
    }
    return entropies(0) - entropies.tail(count).mean();
}

Eigen::VectorXd weightedQuantiles(const Eigen::VectorXd& values, const Eigen::VectorXd& weights,
                                  Eigen::Index count) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Eigen::Index a, Eigen::Index b) { return values(a) < values(b); });
    const double total = weights.sum();
    Eigen::VectorXd result(count);
    double below = 0.0;
    std::size_t at = 0;
    for (Eigen::Index j = 0; j < count; ++j) {
        const double wanted = (static_cast<double>(j) + 0.5) / static_cast<double>(count) * total;
        while (at + 1 < order.size() && below + weights(order[at]) < wanted)
            below += weights(order[at++]);
        result(j) = values(order[at]);
    }
    return result;
}

} // namespace alidade
