#include "acquisition/continuous_gain.h"

#include "base/constants.h"
#include "optim/bounded_minimiser.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

// The members of KnowledgeGradient that look for maximisers between its candidates, see knowledge_gradient.h.

namespace alidade {
namespace {

/// Outcomes at x, in standard deviations from their mean, whose best settings join the candidates: far out,
/// too, where basins are best that nearer outcomes leave hidden.
constexpr std::array kOutcomes{-3.2, -1.8, -0.7, 0.7, 1.8, 3.2};
constexpr Eigen::Index kMeanStarts = 5;
constexpr int kMeanIterations = 40;
constexpr int kAscentIterations = 6; ///< what is left is made up for by refinedPoints()

/// The candidates, and the best point of the mean that ascents from the best of them reach.
Eigen::MatrixXd withBestMean(const GaussianProcess& process, const Eigen::MatrixXd& candidates, double sign,
                             const FreeColumns& free) {
    if (!free)
        return candidates;
    const KernelExpansion mean{process, process.support(), process.weights()};
    const Eigen::VectorXd values = sign * process.predict(candidates).mean;
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Eigen::Index i, Eigen::Index j) { return values(i) > values(j); });
    Eigen::RowVectorXd best = candidates.row(order.front());
    double bestValue = -kInfinity;
    for (Eigen::Index k = 0; k < std::min<Eigen::Index>(kMeanStarts, values.size()); ++k) {
        const Eigen::RowVectorXd start = candidates.row(order[static_cast<std::size_t>(k)]);
        const Eigen::RowVectorXd reached = ascended(mean, sign, start, free(start), kMeanIterations);
        Eigen::MatrixXd ignored;
        const double value = sign * mean.values(reached, ignored)(0);
        if (value > bestValue) {
            best = reached;
            bestValue = value;
        }
    }
    Eigen::MatrixXd result(candidates.rows() + 1, candidates.cols());
    result << candidates, best;
    return result;
}

} // namespace

Eigen::VectorXd KernelExpansion::values(const Eigen::RowVectorXd& point, Eigen::MatrixXd& gradients) const {
    const Hyperparameters& hyper = process.hyperparameters();
    Eigen::VectorXd inverseSquares(point.size());
    for (Eigen::Index c = 0; c < point.size(); ++c) {
        const double scale = hyper.lengthScales(process.data().groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    const Eigen::MatrixXd difference = (-rows).rowwise() + point;
    Eigen::ArrayXd correlation = (difference.array().square().matrix() * inverseSquares).array();
    Eigen::ArrayXd slopes(correlation.size());
    correlations(process.family(), correlation, &slopes);
    const Eigen::MatrixXd weighted = weights.array().colwise() * slopes;
    gradients =
        2.0 * hyper.outputVariance * (inverseSquares.asDiagonal() * (difference.transpose() * weighted));
    return hyper.outputVariance * (weights.transpose() * correlation.matrix());
}

Eigen::RowVectorXd ascended(const KernelExpansion& function, double sign, const Eigen::RowVectorXd& start,
                            const std::vector<Eigen::Index>& free, int iterations) {
    if (free.empty())
        return start;
    const auto size = static_cast<Eigen::Index>(free.size());
    const auto pointAt = [&](const Eigen::VectorXd& u) {
        Eigen::RowVectorXd point = start;
        for (Eigen::Index k = 0; k < size; ++k)
            point(free[static_cast<std::size_t>(k)]) = u(k);
        return point;
    };
    const auto objective = [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) {
        Eigen::MatrixXd full;
        const double value = function.values(pointAt(u), full)(0);
        for (Eigen::Index k = 0; k < size; ++k)
            gradient(k) = -sign * full(free[static_cast<std::size_t>(k)], 0);
        return -sign * value;
    };
    Eigen::VectorXd from(size);
    for (Eigen::Index k = 0; k < size; ++k)
        from(k) = start(free[static_cast<std::size_t>(k)]);
    BoundedOptions search;
    search.maximumIterations = iterations;
    search.maximumEvaluations = 2 * iterations;
    search.functionTolerance = 1e6;
    search.gradientTolerance = 1e-6;
    const BoundedReport report =
        minimiseBounded(objective, from, Eigen::VectorXd::Zero(size), Eigen::VectorXd::Ones(size), search);
    return report.usable() ? pointAt(report.point) : start;
}

namespace {

/// What the lines of points add to those that are known, see refinedPoints().
struct GainProblem {
    const KernelExpansion& lines; ///< of intercepts and slopes, without prior mean
    double sign = 1.0;
    double priorMean = 0.0;
    Eigen::VectorXd a; ///< of the known lines
    Eigen::VectorXd b;
};

/// Moves the points until the gain is largest: then its derivatives do not depend on how they move.
Eigen::MatrixXd refinedPoints(const GainProblem& problem, const Eigen::MatrixXd& points,
                              const FreeColumns& free) {
    std::vector<std::pair<Eigen::Index, Eigen::Index>> places;
    for (Eigen::Index k = 0; k < points.rows(); ++k)
        for (const Eigen::Index column : free(points.row(k)))
            places.emplace_back(k, column);
    const auto size = std::ssize(places);
    if (size == 0)
        return points;
    const auto pointsAt = [&](const Eigen::VectorXd& u) {
        Eigen::MatrixXd moved = points;
        for (Eigen::Index i = 0; i < size; ++i)
            moved(places[static_cast<std::size_t>(i)].first, places[static_cast<std::size_t>(i)].second) =
                u(i);
        return moved;
    };
    const Eigen::Index known = problem.a.size();
    const auto objective = [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) {
        const Eigen::MatrixXd moved = pointsAt(u);
        Eigen::VectorXd a(known + moved.rows());
        Eigen::VectorXd b(a.size());
        a.head(known) = problem.a;
        b.head(known) = problem.b;
        std::vector<Eigen::MatrixXd> slopes(static_cast<std::size_t>(moved.rows()));
        for (Eigen::Index k = 0; k < moved.rows(); ++k) {
            const Eigen::VectorXd line =
                problem.lines.values(moved.row(k), slopes[static_cast<std::size_t>(k)]);
            a(known + k) = problem.sign * (line(0) + problem.priorMean);
            b(known + k) = line(1);
        }
        const ExpectedMaximum gain = expectedMaximumGain(a, b);
        for (Eigen::Index i = 0; i < size; ++i) {
            const auto [k, column] = places[static_cast<std::size_t>(i)];
            const Eigen::MatrixXd& slope = slopes[static_cast<std::size_t>(k)];
            gradient(i) = -gain.byIntercept(known + k) * problem.sign * slope(column, 0) -
                          gain.bySlope(known + k) * slope(column, 1);
        }
        return -gain.logGain;
    };
    Eigen::VectorXd from(size);
    for (Eigen::Index i = 0; i < size; ++i)
        from(i) =
            points(places[static_cast<std::size_t>(i)].first, places[static_cast<std::size_t>(i)].second);
    BoundedOptions search;
    search.maximumIterations = 30;
    search.maximumEvaluations = 60;
    search.functionTolerance = 1e3; // else the gradient of the gain, which holds the points fixed, is off
    search.gradientTolerance = 1e-6;
    const BoundedReport report =
        minimiseBounded(objective, from, Eigen::VectorXd::Zero(size), Eigen::VectorXd::Ones(size), search);
    return report.usable() ? pointsAt(report.point) : points;
}

} // namespace

KnowledgeGradient::KnowledgeGradient(const GaussianProcess& process, const Eigen::MatrixXd& candidates,
                                     bool maximise, double noiseVariance, FreeColumns free)
    : m_posterior(process, withBestMean(process, candidates, maximise ? 1.0 : -1.0, free)),
      m_sign(maximise ? 1.0 : -1.0), m_noiseVariance(noiseVariance), m_free(std::move(free)) {}

double KnowledgeGradient::continuousLogValue(const Eigen::RowVectorXd& point,
                                             Eigen::VectorXd& gradient) const {
    if (!m_free)
        return logValue(point, gradient);
    const GaussianProcess& process = m_posterior.process();
    const AnchoredPosterior::One at = m_posterior.at(point);
    gradient = Eigen::VectorXd::Zero(point.size());
    if (!(at.variance > kTeachesNothing * process.hyperparameters().outputVariance))
        return -kInfinity;
    const double sd = std::sqrt(at.variance + m_noiseVariance);
    const Eigen::Index known = m_posterior.anchors().rows();
    const auto added = static_cast<Eigen::Index>(kOutcomes.size());
    Eigen::VectorXd a(known + 1);
    Eigen::VectorXd b(known + 1);
    a << m_sign * m_posterior.mean(), m_sign * at.mean;
    b << at.covariance / sd, at.variance / sd;

    // The mean after outcome z is intercept + z slope: k(x', X) w + z (k(x', x) - k(x', X) s) / sd, with
    // s = (K + noise)^-1 k(X, x).
    const Eigen::Index n = process.support().rows();
    KernelExpansion lines{process, Eigen::MatrixXd(n + 1, point.size()), Eigen::MatrixXd(n + 1, 2)};
    lines.rows << process.support(), point;
    lines.weights.col(0) << process.weights(), 0.0;
    lines.weights.col(1) << -process.solvedOnSupport(process.observedCovariance(point)) / sd, 1.0 / sd;
    Eigen::MatrixXd maximisers(added, point.size());
    for (Eigen::Index k = 0; k < added; ++k) {
        // Lines of the set are of the mean times the sign: towards better.
        const double z = kOutcomes[static_cast<std::size_t>(k)];
        Eigen::Index best = 0;
        (a + z * b).maxCoeff(&best);
        const Eigen::RowVectorXd start =
            best < known ? Eigen::RowVectorXd(m_posterior.anchors().row(best)) : point;
        const KernelExpansion after{process, lines.rows,
                                    lines.weights.col(0) + m_sign * z * lines.weights.col(1)};
        maximisers.row(k) = ascended(after, m_sign, start, m_free(start), kAscentIterations);
    }
    const std::vector<Eigen::Index> kept = upperEnvelope(a, b); // the other lines add nothing
    maximisers =
        refinedPoints({lines, m_sign, process.hyperparameters().mean, a(kept), b(kept)}, maximisers, m_free);
    const AnchoredPosterior fresh(process, maximisers);
    const AnchoredPosterior::One there = fresh.at(point);
    a.conservativeResize(known + 1 + added);
    b.conservativeResize(known + 1 + added);
    a.tail(added) = m_sign * fresh.mean();
    b.tail(added) = there.covariance / sd;
    const ExpectedMaximum gain = expectedMaximumGain(a, b);
    if (!std::isfinite(gain.logGain))
        return gain.logGain;
    gradient = gain.byIntercept(known) * m_sign * at.meanGradient +
               at.covarianceGradient * gain.bySlope.head(known) / sd +
               there.covarianceGradient * gain.bySlope.tail(added) / sd +
               (gain.bySlope(known) / sd - gain.bySlope.dot(b) / (2.0 * sd * sd)) * at.varianceGradient;
    return gain.logGain;
}

} // namespace alidade
