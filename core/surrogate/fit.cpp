#include "surrogate/fit.h"

#include "base/constants.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "optim/bounded_minimiser.h"
#include "surrogate/hyper_posterior.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace alidade {
namespace {

constexpr int kScoutIterations = 8;     ///< steps from each start before the best are chosen
constexpr int kApproachIterations = 24; ///< of the best ones, before they are told apart
constexpr Eigen::Index kScoutedOn = 50; ///< outcomes that these steps see
constexpr int kJudgedAfter = 10;
constexpr double kSameOptimum = 0.05; ///< largest difference of two logarithms

std::vector<Eigen::VectorXd> startingPoints(const HyperPosterior& posterior, const FitOptions& options) {
    std::vector<Eigen::VectorXd> starts;
    const auto start = [&](double lengthScale, double outputVariance, double noiseVariance) {
        Eigen::VectorXd u(posterior.dimension());
        u.head(posterior.groups()).setConstant(std::log(lengthScale));
        u(posterior.groups()) = std::log(outputVariance);
        u(posterior.groups() + 1) = std::log(noiseVariance);
        starts.push_back(std::move(u));
    };
    const double root = std::sqrt(static_cast<double>(posterior.groups()));
    if (options.start && options.start->lengthScales.size() == posterior.groups())
        starts.push_back(posterior.coordinates(*options.start));
    if (options.standardStarts) {
        start(0.5 * root, 1.0, 1e-4);
        start(0.2 * root, 1.0, 1e-2);
    }
    Rng rng(options.seed, "fit");
    for (int i = 0; i < options.restarts; ++i) {
        Eigen::VectorXd u(posterior.dimension());
        for (Eigen::Index g = 0; g < posterior.groups(); ++g)
            u(g) = std::log(0.4 * root) + 0.9 * rng.normal();
        u(posterior.groups()) = 0.5 * rng.normal();
        u(posterior.groups() + 1) = rng.uniform(std::log(1e-7), std::log(0.3));
        starts.push_back(std::move(u));
    }
    return starts;
}

BoundedReport descend(const HyperPosterior& posterior, const Eigen::VectorXd& from, int iterations,
                      double hopeful, const Monitor& monitor) {
    BoundedOptions search;
    // To the end: coarser searches cost regret, and two that lead to one optimum have to meet there.
    search.functionTolerance = 1e3;
    search.gradientTolerance = 1e-6;
    search.maximumIterations = iterations;
    search.judgedAfter = std::isfinite(hopeful) ? kJudgedAfter : 0;
    search.hopeful = -hopeful;
    HyperPosterior::Workspace work;
    return minimiseBounded(
        [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) { return posterior(u, gradient, work); },
        from, posterior.lower(), posterior.upper(), search, monitor);
}

/// Where the searches of all data should begin: a few steps from each start with a part of the data, some
/// more from the best of these, and of those that meet one another only one.
std::vector<Eigen::VectorXd> promising(const std::vector<Eigen::VectorXd>& starts, const GpData& data,
                                       const FitOptions& options, const Monitor& monitor, int& evaluations) {
    const GpData part = evenSubset(data, kScoutedOn);
    const HyperPosterior posterior(part, options);
    std::vector<BoundedReport> reports(starts.size());
    parallelFor(starts.size(), options.threads, [&](std::size_t i) {
        reports[i] = descend(posterior, starts[i], kScoutIterations, -kInfinity, monitor);
    });
    std::stable_sort(reports.begin(), reports.end(), [](const BoundedReport& a, const BoundedReport& b) {
        return a.usable() && (!b.usable() || a.value < b.value);
    });
    const std::size_t wanted = std::max<std::size_t>(2, starts.size() / 4);
    for (std::size_t i = wanted; i < reports.size(); ++i)
        evaluations += reports[i].evaluations;
    reports.resize(std::min(wanted, reports.size()));
    parallelFor(reports.size(), options.threads, [&](std::size_t i) {
        if (reports[i].status != BoundedReport::Status::IterationLimit)
            return;
        const int before = reports[i].evaluations;
        BoundedReport further =
            descend(posterior, reports[i].point, kApproachIterations, -kInfinity, monitor);
        if (further.usable())
            reports[i] = std::move(further);
        reports[i].evaluations += before;
    });
    std::vector<Eigen::VectorXd> result;
    for (const BoundedReport& report : reports) {
        evaluations += report.evaluations;
        const bool known = std::any_of(result.begin(), result.end(), [&](const Eigen::VectorXd& other) {
            return (other - report.point).cwiseAbs().maxCoeff() < kSameOptimum;
        });
        if (report.usable() && !known)
            result.push_back(report.point);
    }
    return result.empty() ? starts : result;
}

} // namespace

GpData evenSubset(const GpData& data, Eigen::Index count) {
    const Eigen::Index m = data.differences.size();
    if (count >= data.y.size() + m)
        return data;
    if (m > 0)
        count = std::clamp<Eigen::Index>(count * data.y.size() / (data.y.size() + m), 2, data.y.size());
    const std::vector<Eigen::Index> chosen = evenRows(data.y, count);
    GpData subset;
    subset.groups = data.groups;
    subset.x = data.x(chosen, Eigen::all);
    subset.y = data.y(chosen);
    if (data.extraNoise.size() != 0)
        subset.extraNoise = data.extraNoise(chosen);
    if (m == 0)
        return subset;
    std::vector<Eigen::Index> kept;
    for (Eigen::Index i = 0; i < m; ++i) {
        const Eigen::Index owner = data.differences.owner[static_cast<std::size_t>(i)];
        const auto place = std::lower_bound(chosen.begin(), chosen.end(), owner);
        if (place == chosen.end() || *place != owner)
            continue;
        kept.push_back(i);
        subset.differences.owner.push_back(place - chosen.begin());
    }
    subset.differences.ahead = data.differences.ahead(kept, Eigen::all);
    subset.differences.behind = data.differences.behind(kept, Eigen::all);
    subset.differences.value = data.differences.value(kept);
    if (data.differences.noise.size() != 0)
        subset.differences.noise = data.differences.noise(kept);
    return subset;
}

Result<FitReport> fitHyperparameters(const GpData& data, const FitOptions& options, const Monitor& monitor) {
    if (data.x.rows() == 0 || data.x.rows() != data.y.size() ||
        static_cast<Eigen::Index>(data.groups.size()) != data.x.cols() || data.x.cols() == 0)
        return makeError(ErrorCode::InvalidArgument,
                         "a fit needs points, as many outcomes and one group per column");
    if (!data.x.allFinite() || !data.y.allFinite())
        return makeError(ErrorCode::InvalidArgument, "points and outcomes must be finite");
    const HyperPosterior posterior(data, options);
    std::vector<Eigen::VectorXd> starts = startingPoints(posterior, options);
    FitReport result;
    if (starts.size() > 2)
        starts = promising(starts, data, options, monitor, result.evaluations);
    std::vector<BoundedReport> reports(starts.size());
    parallelFor(starts.size(), options.threads, [&](std::size_t i) {
        reports[i] = descend(posterior, starts[i], options.maximumIterations, options.hopeful, monitor);
    });
    const BoundedReport* best = nullptr;
    for (const BoundedReport& report : reports) {
        result.evaluations += report.evaluations;
        if (report.usable() && (!best || report.value < best->value))
            best = &report;
    }
    if (!best)
        return monitor.stopRequested()
                   ? makeError(ErrorCode::Cancelled, "the fit was stopped before it had an estimate")
                   : makeError(ErrorCode::Numerical,
                               "no hyper-parameters give a finite likelihood for these data");
    result.converged = best->status == BoundedReport::Status::Converged;
    result.hyper = posterior.hyperparameters(best->point);
    result.logPosterior = -best->value;
    result.stopped = monitor.stopRequested();
    if (!posterior.completed(result.hyper, result.logMarginalLikelihood))
        return makeError(ErrorCode::Numerical, "the covariance of all data is not positive definite");
    return result;
}

} // namespace alidade
