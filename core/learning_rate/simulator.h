#pragma once

#include "base/monitor.h"
#include "learning_rate/bound.h"
#include "learning_rate/convex_problem.h"
#include "learning_rate/optimizers/optimizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace alidade {

/// Runs an optimiser with a schedule on a convex problem and sets the measured loss of every iterate beside
/// the bound for it.
struct SimulationOptions {
    std::vector<double> rates;   ///< eta_1 ... eta_T
    double baseRate = 1.0;       ///< gamma > 0
    Optimizer optimizer = Sgd{}; ///< a fresh one
    Eigen::Index batch = 0; ///< examples per step, drawn with replacement; 0: all of them, no chance at all
    std::uint64_t seed = 0; ///< of the batches
    int repeats = 1;        ///< runs with different batches that are averaged
};

/// Entry t - 1 of every list belongs to the iterate x_t before step t.
struct Simulation {
    std::vector<double> gaps;          ///< f(x_t) - f*, averaged over the repeats
    std::vector<double> gradientNorms; ///< root mean square over the repeats of |g_t|, Euclidean
    std::vector<double> absoluteNorms; ///< mean of |g_t|_1
    /// The last-iterate bound for every t with the norms above and the true distance. A theorem for plain
    /// SGD; with batches it bounds the expectation, which finitely many repeats only estimate.
    std::vector<double> bound;
    double distance = 0.0; ///< |x_1 - x*|
    double finalGap = 0.0; ///< of the last iterate x_T, not counting the step behind it
    bool bounded = false;  ///< the optimiser is one that the theorem speaks about
    bool diverged = false; ///< an iterate was not finite; the lists end before it
    bool stopped = false;  ///< by the monitor; the lists end where it happened
};

/// At least one rate, all finite and >= 0; base rate > 0; repeats >= 1; 0 <= batch, only for problems with
/// examples. O(T repeats) steps. A stop request ends the run early with what there is.
[[nodiscard]] Result<Simulation> simulate(const ConvexProblem& problem, const SimulationOptions& options,
                                          const Monitor& monitor = {});

/// The constant G that the bound's optimal base rate needs: root mean square of the gradient norms over
/// `repeats` batches at the start.
[[nodiscard]] double gradientNormAtStart(const ConvexProblem& problem, Eigen::Index batch, std::uint64_t seed,
                                         int repeats = 32);

/// A base rate to begin with: for plain SGD the one that makes the bound smallest, with the problem's
/// distance and the gradient norm at the start; 1 for methods with a step length of their own; else the
/// method's usual one. The schedule must have a positive rate.
[[nodiscard]] Result<double> suggestedBaseRate(const ConvexProblem& problem, const OptimizerInfo& optimizer,
                                               const std::vector<double>& rates, Eigen::Index batch,
                                               std::uint64_t seed);

} // namespace alidade
