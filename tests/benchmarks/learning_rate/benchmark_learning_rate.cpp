#include "base/text.h"
#include "learning_rate/gradient_log.h"
#include "learning_rate/schedule.h"
#include "learning_rate/simulator.h"
#include "test_paths.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

// speed: seconds of one bound, of the whole curve and of the optimal schedule against the number of steps.
// refine: loss of a logistic regression on the bundled images with a schedule refined from a log of gradient
// norms, against the schedule that the log was made with. paired: the bundled log, seed by seed. log: such a
// log as CSV.

using namespace alidade;

namespace {

using Clock = std::chrono::steady_clock;

template <typename F>
double bestSeconds(int repeats, F work) {
    double best = HUGE_VAL;
    for (int i = 0; i < repeats; ++i) {
        const auto start = Clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return best;
}

void printSpeed() {
    std::printf("%10s %12s %12s %12s %12s %12s\n", "T", "one bound", "curve", "definition", "optimal",
                "gradient");
    for (const std::size_t steps : {1000UL, 10000UL, 44000UL, 100000UL, 1000000UL}) {
        const auto eta = rates({WsdShape{0.2}}, steps).value();
        const BoundProblem problem;
        double check = 0.0;
        const double one = bestSeconds(5, [&] { check += boundAt(eta, problem, steps)->noiseTerm; });
        const double curve = bestSeconds(steps > 100000 ? 1 : 3,
                                         [&] { check += boundCurve(eta, problem).value().back().noiseTerm; });
        const double exact = steps > 44000 ? NAN : bestSeconds(1, [&] {
            check += boundCurveExact(eta, problem).value().back().noiseTerm;
        });
        const double optimal = bestSeconds(5, [&] { check += optimalSchedule(steps, problem)->bound; });
        const double gradient =
            bestSeconds(5, [&] { check += boundGradient(eta, problem, 0.1).value().back(); });
        std::printf("%10zu %12.6f %12.6f %12.6f %12.6f %12.6f\n", steps, one, curve, exact, optimal,
                    gradient);
        std::fflush(stdout);
        if (!std::isfinite(check))
            std::abort();
    }
}

constexpr std::size_t kSteps = 1000;
constexpr Eigen::Index kBatch = 8;

ConvexProblem digits() {
    return digitsProblem(test::readFile(test::sourcePath("resources/examples/classifier/digits.csv")), 1200)
        .value();
}

Simulation run(const ConvexProblem& problem, const std::vector<double>& eta, double baseRate,
               std::uint64_t seed) {
    SimulationOptions options;
    options.rates = eta;
    options.baseRate = baseRate;
    options.batch = kBatch;
    options.seed = seed;
    return simulate(problem, options).value();
}

void printLog() {
    const ConvexProblem problem = digits();
    const Simulation log = run(problem, rates({WsdShape{0.2}}, kSteps).value(), 0.5, 1);
    std::printf("step,loss,grad_norm,grad_norm_l1\n");
    for (std::size_t t = 0; t < log.gaps.size(); ++t)
        std::printf("%zu,%.6g,%.6g,%.6g\n", t + 1, log.gaps[t] + problem.minimum, log.gradientNorms[t],
                    log.absoluteNorms[t]);
}

/// Mean loss above the minimum at the best of a grid of base rates, and that rate.
std::pair<double, double> tuned(const ConvexProblem& problem, const std::vector<double>& eta, int seeds,
                                int firstSeed = 2) {
    std::pair<double, double> best{HUGE_VAL, 0.0};
    for (double rate = 0.125; rate < 9.0; rate *= std::pow(2.0, 0.25)) {
        double sum = 0.0;
        for (int seed = firstSeed; seed < firstSeed + seeds; ++seed)
            sum += run(problem, eta, rate, static_cast<std::uint64_t>(seed)).finalGap / seeds;
        if (sum < best.first)
            best = {sum, rate};
    }
    return best;
}

void printRefinement(int seeds) {
    const ConvexProblem problem = digits();
    const auto show = [&](const char* name, const std::vector<double>& eta) {
        const auto [gap, rate] = tuned(problem, eta, seeds);
        std::printf("  %-28s %.6f at base rate %.3f\n", name, gap, rate);
        std::fflush(stdout);
    };
    std::printf("loss above the minimum %.4f, mean of %d seeds, base rate tuned\n", problem.minimum, seeds);
    show("constant", rates({ConstantShape{}}, kSteps).value());
    show("cosine", rates({CosineShape{}}, kSteps).value());
    show("wsd 0.2", rates({WsdShape{0.2}}, kSteps).value());
    const auto linear = rates({LinearShape{}}, kSteps).value();
    show("linear", linear);
    for (const double logRate : {0.25, 1.0}) {
        const Simulation log = run(problem, linear, logRate, 1);
        std::printf("log of a linear run at base rate %g: norms %.3f to %.3f\n", logRate,
                    log.gradientNorms.front(), log.gradientNorms.back());
        for (const double smoothing : {0.1, 0.3})
            for (const int power : {2, 1}) {
                auto eta =
                    refineSchedule(power == 2 ? log.gradientNorms : log.absoluteNorms, {power, smoothing})
                        .value()
                        .rates;
                eta.push_back(0.0);
                eta = resampled(eta, kSteps + 1);
                eta.pop_back();
                show(("refined, power " + std::to_string(power) + ", smoothing " + formatDouble(smoothing))
                         .c_str(),
                     eta);
            }
    }
}

/// Schedules refined from the bundled log against the one that the log was made with. Base rates are tuned
/// with other batches (seeds from 101 on) than those that are compared (from 2 on; the log has seed 1).
void printPaired(int seeds) {
    const ConvexProblem problem = digits();
    const std::string path = test::sourcePath("resources/examples/classifier/gradient_norms.csv");
    const GradientLog log = readGradientLog(test::readFile(path)).value();
    const auto gapsOf = [&](const char* name, const std::vector<double>& eta) {
        const double rate = tuned(problem, eta, seeds, 101).second;
        std::vector<double> gaps;
        for (int seed = 2; seed < 2 + seeds; ++seed)
            gaps.push_back(run(problem, eta, rate, static_cast<std::uint64_t>(seed)).finalGap);
        std::printf("%-24s base rate %.3f:", name, rate);
        for (const double gap : gaps)
            std::printf(" %.4f", gap);
        std::printf("\n");
        return gaps;
    };
    const auto logged = gapsOf("wsd 0.2, as in the log", rates({WsdShape{0.2}}, kSteps).value());
    const auto against = [&](const char* name, const std::vector<double>& eta) {
        const auto gaps = gapsOf(name, eta);
        double before = 0.0, after = 0.0, difference = 0.0, squares = 0.0;
        int wins = 0;
        const double n = static_cast<double>(gaps.size());
        for (std::size_t i = 0; i < gaps.size(); ++i) {
            before += logged[i] / n;
            after += gaps[i] / n;
            difference += (gaps[i] - logged[i]) / n;
            wins += gaps[i] < logged[i] ? 1 : 0;
        }
        for (std::size_t i = 0; i < gaps.size(); ++i)
            squares += std::pow(gaps[i] - logged[i] - difference, 2.0);
        const double error = std::sqrt(squares / (n - 1.0) / n);
        std::printf("    mean %.5f against %.5f, difference %.5f +- %.5f (t = %.2f), lower in %d of %zu\n",
                    after, before, difference, error, difference / error, wins, gaps.size());
        std::fflush(stdout);
    };
    for (const double smoothing : {0.05, 0.1, 0.2})
        against(("refined, smoothing " + formatDouble(smoothing)).c_str(),
                refineLog(log, kSteps, {2, smoothing}).value().rates);
    against("linear decay", rates({LinearShape{}}, kSteps).value());
    const auto norms = refineSchedule(log.norms).value().smoothedNorms;
    auto best = optimalSchedule(kSteps, {1.0, norms}).value().rates;
    const double largest = *std::max_element(best.begin(), best.end());
    for (double& rate : best)
        rate /= largest;
    against("smallest bound", best);
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "speed";
    if (what == "log")
        printLog();
    else if (what == "paired")
        printPaired(argc > 2 ? std::atoi(argv[2]) : 10);
    else if (what == "refine")
        printRefinement(argc > 2 ? std::atoi(argv[2]) : 10);
    else
        printSpeed();
    return 0;
}
