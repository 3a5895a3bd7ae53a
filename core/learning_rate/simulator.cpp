#include "learning_rate/simulator.h"

#include "base/rng.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

std::vector<Eigen::Index> drawRows(Rng& rng, Eigen::Index batch, Eigen::Index count) {
    std::vector<Eigen::Index> rows(static_cast<std::size_t>(batch));
    for (Eigen::Index& row : rows)
        row = static_cast<Eigen::Index>(rng.below(static_cast<std::uint64_t>(count)));
    return rows;
}

Result<void> check(const ConvexProblem& problem, const SimulationOptions& options) {
    if (options.rates.empty())
        return makeError(ErrorCode::InvalidArgument, "the schedule has no steps", "steps");
    for (std::size_t i = 0; i < options.rates.size(); ++i)
        if (!(options.rates[i] >= 0.0) || !std::isfinite(options.rates[i]))
            return makeError(ErrorCode::InvalidArgument, "a rate must be finite and at least 0",
                             "schedule[" + std::to_string(i) + "]");
    if (!(options.baseRate > 0.0) || !std::isfinite(options.baseRate))
        return makeError(ErrorCode::InvalidArgument,
                         "base_lr is " + formatDouble(options.baseRate) + " but must be finite and above 0",
                         "base_lr");
    if (options.repeats < 1)
        return makeError(ErrorCode::InvalidArgument, "repeats must be at least 1", "repeats");
    if (options.batch < 0 || (options.batch > 0 && !problem.hasExamples()))
        return makeError(ErrorCode::InvalidArgument,
                         "a batch needs a problem with examples: least_squares or logistic", "batch");
    return {};
}

} // namespace

double gradientNormAtStart(const ConvexProblem& problem, Eigen::Index batch, std::uint64_t seed,
                           int repeats) {
    const Eigen::VectorXd x = problem.start.reshaped();
    if (batch == 0 || !problem.hasExamples())
        return problem.gradient(x).norm();
    double sum = 0.0;
    for (int i = 0; i < repeats; ++i) {
        Rng rng(seed, "first batches", static_cast<std::uint64_t>(i));
        sum += problem.gradient(x, drawRows(rng, batch, problem.data.rows())).squaredNorm();
    }
    return std::sqrt(sum / repeats);
}

Result<Simulation> simulate(const ConvexProblem& problem, const SimulationOptions& options,
                            const Monitor& monitor) {
    ALIDADE_CHECK(check(problem, options));
    const std::size_t steps = options.rates.size();
    const auto repeats = static_cast<std::size_t>(options.repeats);
    std::vector<Optimizer> optimizers(repeats, options.optimizer);
    std::vector<Eigen::VectorXd> iterates(repeats, Eigen::VectorXd(problem.start.reshaped()));
    std::vector<Rng> randoms;
    for (std::size_t r = 0; r < repeats; ++r)
        randoms.emplace_back(options.seed, "batches", r);
    Simulation run;
    run.distance = problem.distance();
    const auto* sgd = std::get_if<Sgd>(&options.optimizer);
    run.bounded = sgd && sgd->momentum == 0.0;
    const TrainingObjective whole = problem.objective();
    for (std::size_t t = 0; t < steps; ++t) {
        // Repeats side by side, so that a stopped run is complete up to a step.
        if (t % 16 == 0 && monitor.stopRequested()) {
            run.stopped = true;
            break;
        }
        if (t % 256 == 0)
            monitor.progress(static_cast<double>(t) / static_cast<double>(steps), "simulation");
        double gap = 0.0;
        double squares = 0.0;
        double absolute = 0.0;
        const double rate = options.baseRate * options.rates[t];
        for (std::size_t r = 0; r < repeats; ++r) {
            Eigen::VectorXd& x = iterates[r];
            gap += problem.value(x) - problem.minimum;
            const bool batched = options.batch > 0;
            TrainingObjective objective =
                batched ? problem.objective(drawRows(randoms[r], options.batch, problem.data.rows())) : whole;
            const Eigen::VectorXd g = objective.gradient(x);
            squares += g.squaredNorm();
            absolute += g.lpNorm<1>();
            step(optimizers[r], objective, x, rate);
        }
        const auto count = static_cast<double>(repeats);
        if (!std::isfinite(gap) || !std::isfinite(squares)) {
            run.diverged = true;
            break;
        }
        run.gaps.push_back(std::max(0.0, gap / count));
        run.gradientNorms.push_back(std::sqrt(squares / count));
        run.absoluteNorms.push_back(absolute / count);
    }
    if (run.gaps.empty())
        return run;
    run.finalGap = run.gaps.back();
    const std::span<const double> done(options.rates.data(), run.gaps.size());
    const bool moving =
        std::any_of(run.gradientNorms.begin(), run.gradientNorms.end(), [](double n) { return n > 0.0; });
    if (moving && run.distance > 0.0) {
        ALIDADE_ASSIGN(const std::vector<BoundTerms> curve,
                       boundCurve(done, BoundProblem{run.distance, run.gradientNorms}));
        for (const BoundTerms& terms : curve)
            run.bound.push_back(terms.at(options.baseRate));
    }
    return run;
}

Result<double> suggestedBaseRate(const ConvexProblem& problem, const OptimizerInfo& optimizer,
                                 const std::vector<double>& rates, Eigen::Index batch, std::uint64_t seed) {
    if (!optimizer.bounded)
        return optimizer.usualRate;
    const double norm = gradientNormAtStart(problem, batch, seed);
    if (norm == 0.0 || problem.distance() == 0.0)
        return optimizer.usualRate;
    ALIDADE_ASSIGN(const BoundTerms terms,
                   boundAt(rates, BoundProblem{problem.distance(), {norm}}, rates.size()));
    const double best = terms.optimalBaseRate();
    return std::isfinite(best) && best > 0.0 ? best : optimizer.usualRate;
}

} // namespace alidade
