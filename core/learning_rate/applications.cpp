#include "learning_rate/applications.h"

#include "base/text.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

Result<BoundTerms> finalTerms(const Schedule& schedule, std::size_t steps, const BoundProblem& problem = {}) {
    ALIDADE_ASSIGN(const std::vector<double> eta, rates(schedule, steps));
    return boundAt(eta, problem, steps);
}

/// The schedule (wsd or 1/sqrt) with exactly `points` cooldown points; half a point keeps the truncation on
/// the right side.
Schedule withCooldownPoints(const Schedule& schedule, std::size_t points, std::size_t steps) {
    Schedule changed = schedule;
    const double cooldown =
        std::min(1.0, (static_cast<double>(points) + 0.5) / static_cast<double>(steps + 1));
    if (auto* wsd = std::get_if<WsdShape>(&changed.shape))
        wsd->cooldown = cooldown;
    else if (auto* root = std::get_if<InverseSqrtShape>(&changed.shape))
        root->cooldown = cooldown;
    return changed;
}

Result<std::optional<double>> matchingCooldown(const Schedule& schedule, std::size_t steps,
                                               double targetRate) {
    const auto rateAt = [&](std::size_t points) -> Result<double> {
        ALIDADE_ASSIGN(const BoundTerms terms,
                       finalTerms(withCooldownPoints(schedule, points, steps), steps));
        return terms.optimalBaseRate();
    };
    std::size_t low = 1;
    std::size_t high = steps - schedule.warmupSteps;
    // The optimal base rate grows with the cooldown of wsd. That of 1/sqrt falls again, since a long cooldown
    // begins at a high rate; the part before its top is the one that an extension means.
    if (std::holds_alternative<InverseSqrtShape>(schedule.shape)) {
        double top = 0.0;
        const std::size_t most = high;
        for (std::size_t i = 1; i <= 100; ++i) {
            const std::size_t points = std::max<std::size_t>(1, most * i / 100);
            ALIDADE_ASSIGN(const double rate, rateAt(points));
            if (rate > top) {
                top = rate;
                high = points;
            }
        }
    }
    ALIDADE_ASSIGN(double lowRate, rateAt(low));
    ALIDADE_ASSIGN(double highRate, rateAt(high));
    const auto fraction = [&](double points) { return points / static_cast<double>(steps + 1); };
    if (targetRate > highRate)
        return std::optional<double>();
    if (targetRate <= lowRate)
        return std::optional<double>(fraction(static_cast<double>(low)));
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        ALIDADE_ASSIGN(const double rate, rateAt(middle));
        (rate < targetRate ? low : high) = middle;
        (rate < targetRate ? lowRate : highRate) = rate;
    }
    const double share = std::log(targetRate / lowRate) / std::log(highRate / lowRate);
    return std::optional<double>(fraction(static_cast<double>(low) + share));
}

} // namespace

Result<double> transferFactor(const Schedule& from, std::size_t fromSteps, const Schedule& to,
                              std::size_t toSteps) {
    ALIDADE_ASSIGN(const BoundTerms source, finalTerms(from, fromSteps));
    ALIDADE_ASSIGN(const BoundTerms target, finalTerms(to, toSteps));
    const double factor = target.optimalBaseRate() / source.optimalBaseRate();
    if (!std::isfinite(factor) || factor <= 0.0)
        return makeError(
            ErrorCode::Numerical,
            "a schedule that reaches 0 before its last step has no optimal base rate; give it a final "
            "ratio above 0 or more steps");
    return factor;
}

Result<Extension> extendSchedule(const Schedule& schedule, std::size_t steps, std::size_t newSteps) {
    Schedule base = schedule;
    if (const auto* linear = std::get_if<LinearShape>(&schedule.shape))
        base.shape = WsdShape{1.0, CooldownKind::Linear, linear->finalRatio};
    const auto* root = std::get_if<InverseSqrtShape>(&base.shape);
    if (!std::holds_alternative<WsdShape>(base.shape) && !(root && root->cooldown > 0.0))
        return makeError(
            ErrorCode::InvalidArgument,
            "an extension needs a schedule with a cooldown: wsd, linear or inverse_sqrt with a cooldown, "
            "not " +
                std::string(shapeName(schedule.shape)),
            "shape.kind");
    if (newSteps <= steps)
        return makeError(ErrorCode::InvalidArgument,
                         "new_steps must be above steps (" + std::to_string(steps) + ")", "new_steps");
    Extension extension;
    ALIDADE_ASSIGN(extension.original, finalTerms(base, steps));
    ALIDADE_ASSIGN(extension.unchanged, finalTerms(base, newSteps));
    const double target = extension.original.optimalBaseRate();

    ALIDADE_ASSIGN(extension.cooldown, matchingCooldown(base, newSteps, target));
    if (extension.cooldown) {
        Schedule longer = base;
        if (auto* wsd = std::get_if<WsdShape>(&longer.shape))
            wsd->cooldown = *extension.cooldown;
        else
            std::get<InverseSqrtShape>(longer.shape).cooldown = *extension.cooldown;
        ALIDADE_ASSIGN(extension.longer, finalTerms(longer, newSteps));
    }
    if (root)
        return extension;

    const WsdShape shape = std::get<WsdShape>(base.shape);
    const auto switchStep = std::max(
        static_cast<std::size_t>((1.0 - shape.cooldown) * static_cast<double>(steps)), base.warmupSteps);
    const auto twoStage = [&](double factor) {
        Schedule changed = base;
        changed.shape = TwoStageShape{switchStep, factor, shape.cooldown, shape.kind};
        return finalTerms(changed, newSteps);
    };
    // A tiny factor leaves the early noise unaveraged, a large one is noise itself: the optimal base rate
    // rises, then falls. The wanted factor is on the falling side, nearest to 1; a scan finds the top,
    // bisection the crossing.
    double top = 0.0;
    double low = 0.0;
    for (int i = -60; i <= 60; ++i) {
        const double logarithm = 0.1 * i;
        ALIDADE_ASSIGN(const BoundTerms terms, twoStage(std::exp(logarithm)));
        if (terms.optimalBaseRate() > top) {
            top = terms.optimalBaseRate();
            low = logarithm;
        }
    }
    if (top < target)
        return extension;
    double high = std::log(1e6);
    while (high - low > 1e-12) {
        const double middle = 0.5 * (low + high);
        ALIDADE_ASSIGN(const BoundTerms terms, twoStage(std::exp(middle)));
        (terms.optimalBaseRate() > target ? low : high) = middle;
    }
    extension.rateFactor = std::exp(0.5 * (low + high));
    ALIDADE_ASSIGN(extension.twoStage, twoStage(*extension.rateFactor));
    return extension;
}

Result<BestCooldown> bestCooldown(const WsdShape& shape, std::size_t steps, const BoundProblem& problem,
                                  std::size_t warmupSteps) {
    const Schedule base{shape, warmupSteps};
    const std::size_t most = std::max<std::size_t>(1, steps - std::min(steps, warmupSteps));
    BestCooldown best;
    double smallest = std::numeric_limits<double>::infinity();
    std::size_t bestPoints = most;
    const auto look = [&](std::size_t points) -> Result<void> {
        ALIDADE_ASSIGN(const BoundTerms terms,
                       finalTerms(withCooldownPoints(base, points, steps), steps, problem));
        if (terms.optimalBound() < smallest) {
            smallest = terms.optimalBound();
            best.terms = terms;
            bestPoints = points;
        }
        return {};
    };
    for (std::size_t stride = std::max<std::size_t>(1, most / 200);;
         stride = std::max<std::size_t>(1, stride / 8)) {
        const bool first = smallest == std::numeric_limits<double>::infinity();
        const std::size_t begin = first ? 1 : bestPoints - std::min(bestPoints - 1, 8 * stride);
        const std::size_t end = first ? most : std::min(most, bestPoints + 8 * stride);
        for (std::size_t points = begin; points <= end; points += stride) {
            ALIDADE_CHECK(look(points));
        }
        ALIDADE_CHECK(look(end));
        if (stride == 1)
            break;
    }
    best.cooldown = static_cast<double>(std::min(bestPoints, steps + 1)) / static_cast<double>(steps + 1);
    return best;
}

Result<BoundFit> fitBound(const std::vector<double>& rates, double baseRate,
                          const std::vector<LossPoint>& points, const Monitor& monitor) {
    if (!(baseRate > 0.0) || !std::isfinite(baseRate))
        return makeError(ErrorCode::InvalidArgument,
                         "base_lr is " + formatDouble(baseRate) + " but must be finite and above 0",
                         "base_lr");
    if (points.size() < 4)
        return makeError(ErrorCode::InvalidArgument, "at least 4 measured losses are needed", "points");
    ALIDADE_ASSIGN(const std::vector<BoundTerms> curve, boundCurve(rates, BoundProblem{}, monitor));
    const auto count = static_cast<Eigen::Index>(points.size());
    Eigen::MatrixXd design(count, 3);
    Eigen::VectorXd losses(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const LossPoint& point = points[static_cast<std::size_t>(i)];
        if (point.step < 1 || point.step > curve.size() || !std::isfinite(point.loss))
            return makeError(ErrorCode::InvalidArgument,
                             "a loss needs a finite value and a step of the schedule",
                             "points[" + std::to_string(i) + "]");
        const BoundTerms& terms = curve[point.step - 1];
        design.row(i) << 1.0, terms.distanceTerm / baseRate, terms.noiseTerm * baseRate;
        losses(i) = point.loss;
    }
    if (!design.allFinite())
        return makeError(ErrorCode::InvalidArgument, "the rate is 0 at a step with a measured loss",
                         "points");
    // Three unknowns: the non-negative least-squares solution is the best feasible one among all active sets.
    const Eigen::RowVector3d scale = design.colwise().norm();
    const Eigen::MatrixXd scaled = design.array().rowwise() / scale.array();
    Eigen::Vector3d best = Eigen::Vector3d::Zero();
    double smallest = std::numeric_limits<double>::infinity();
    for (unsigned active = 1; active < 8; ++active) {
        std::vector<Eigen::Index> columns;
        for (unsigned j = 0; j < 3; ++j)
            if ((active >> j) & 1U)
                columns.push_back(static_cast<Eigen::Index>(j));
        const Eigen::MatrixXd part = scaled(Eigen::all, columns);
        const Eigen::VectorXd solution = part.colPivHouseholderQr().solve(losses);
        const double error = (part * solution - losses).squaredNorm();
        if (solution.minCoeff() < 0.0 || error >= smallest)
            continue;
        smallest = error;
        best.setZero();
        best(columns) = solution;
    }
    best = best.array() / scale.transpose().array();
    BoundFit fit;
    fit.floor = best(0);
    fit.distance = std::sqrt(best(1));
    fit.gradientNorm = std::sqrt(best(2));
    const Eigen::VectorXd fitted = design * best;
    const Eigen::VectorXd residuals = losses - fitted;
    fit.fitted.assign(fitted.begin(), fitted.end());
    fit.residuals.assign(residuals.begin(), residuals.end());
    fit.rootMeanSquareError = std::sqrt(residuals.squaredNorm() / static_cast<double>(count));
    return fit;
}

} // namespace alidade
