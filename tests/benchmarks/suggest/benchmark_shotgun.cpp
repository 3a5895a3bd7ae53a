#include "base/parallel.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <numeric>

// epsilon-shotgun in the settings of 2002.01873: 2 d initial trials, then 200 in batches of 10, epsilon 0.1.
//
//   benchmark_shotgun [SEEDS [PROBLEM]]
//
// Prints the median of the distance to the optimum, beside the authors' own results.

using namespace alidade;

namespace {

using Point = std::vector<double>;

struct Task {
    test::Problem problem;
    double publishedFront = 0.0;  ///< median of eS-PF 0.1, batches of 10
    double publishedGreedy = 0.0; ///< of epsilon = 0
};

test::Problem cube(const char* name, std::size_t d, double low, double high, double optimum,
                   std::function<double(const Point&)> value) {
    return {name, Point(d, low), Point(d, high), optimum, std::move(value)};
}

std::vector<Task> tasks() {
    const auto square = [](double x) { return x * x; };
    const test::Problem branin = test::branin();
    const test::Problem hartmann = test::hartmann6();
    test::Problem forrester = branin;
    forrester.name = "Branin-Forrester";
    forrester.optimum = -16.644021908;
    forrester.value = [branin](const Point& x) { return branin.value(x) + 5.0 * x[0]; };
    test::Problem logHartmann = hartmann;
    logHartmann.name = "log Hartmann-6";
    logHartmann.optimum = -std::log(-hartmann.optimum);
    logHartmann.value = [hartmann](const Point& x) { return -std::log(-hartmann.value(x)); };
    const auto cosines = [square](const Point& x) {
        double value = -1.0;
        for (const double t : {1.6 * x[0] - 0.5, 1.6 * x[1] - 0.5})
            value += square(t) - 0.3 * std::cos(3.0 * std::numbers::pi * t);
        return value;
    };
    const auto goldstein = [square](const Point& x) {
        const double a = x[0];
        const double b = x[1];
        const double first = 1.0 + square(a + b + 1.0) *
                                       (19.0 - 14.0 * a + 3.0 * a * a - 14.0 * b + 6.0 * a * b + 3.0 * b * b);
        const double second = 30.0 + square(2.0 * a - 3.0 * b) * (18.0 - 32.0 * a + 12.0 * a * a + 48.0 * b -
                                                                  36.0 * a * b + 27.0 * b * b);
        return std::log(first * second);
    };
    test::Problem camel{"log six-hump camel", {-3.0, -2.0}, {3.0, 2.0}, 0.0, [](const Point& x) {
                            const double a = x[0] * x[0];
                            const double b = x[1] * x[1];
                            return std::log((4.0 - 2.1 * a + a * a / 3.0) * a + x[0] * x[1] +
                                            (4.0 * b - 4.0) * b + 1.0316 + 1e-4);
                        }};
    camel.optimum = camel.value({0.08984201, -0.71265640});
    const auto sobol = [](const Point& x) {
        double logarithm = 0.0;
        for (const double t : x)
            logarithm += std::log((std::abs(4.0 * t - 2.0) + 1.0) / 2.0);
        return logarithm;
    };
    const auto rosenbrock = [square](const Point& x) {
        double sum = 0.5;
        for (std::size_t i = 0; i + 1 < x.size(); ++i)
            sum += 100.0 * square(x[i + 1] - x[i] * x[i]) + square(x[i] - 1.0);
        return std::log(sum);
    };
    const auto styblinski = [](const Point& x) {
        double sum = 0.0;
        for (const double t : x)
            sum += t * t * t * t - 16.0 * t * t + 5.0 * t;
        return std::log(0.5 * sum + 400.0);
    };
    return {{branin, 1.9e-6, 1.7e-6},
            {forrester, 1.5e-6, 1.5e-6},
            {cube("Cosines", 2, 0.0, 5.0, -1.6, cosines), 4.2e-7, 4.1e-7},
            {cube("log Goldstein-Price", 2, -2.0, 2.0, std::log(3.0), goldstein), 3.3e-7, 3.2e-7},
            {camel, 4.3e-4, 1.2e-3},
            {logHartmann, 3.1e-4, 4.2e-4},
            {cube("log g-Sobol-10", 10, -5.0, 5.0, 10.0 * std::log(0.5), sobol), 8.2, 7.4},
            {cube("log Rosenbrock-10", 10, -5.0, 10.0, std::log(0.5), rosenbrock), 4.6, 4.5},
            {cube("log Styblinski-Tang-10", 10, -5.0, 5.0, styblinski(Point(10, -2.90353403)), styblinski),
             1.8, 1.8}};
}

double regretOf(const Task& task, std::uint64_t seed, double epsilon) {
    Study study = test::studyOf(task.problem, seed);
    study.definition.strategy.method = Method::EpsilonShotgun;
    study.definition.strategy.epsilon = epsilon;
    study.definition.strategy.initial = static_cast<int>(2 * task.problem.low.size());
    const std::size_t design = 2 * task.problem.low.size();
    double best = HUGE_VAL;
    while (study.trials.size() < design + 200) {
        const std::size_t count = study.trials.size() < design ? design - study.trials.size() : 10;
        const auto report = suggest(study, count, {1});
        if (!report) {
            std::fprintf(stderr, "%s: %s\n", task.problem.name.c_str(), report.error().text().c_str());
            return HUGE_VAL;
        }
        for (const Suggestion& suggestion : report->suggestions) {
            const double value = test::valueOf(task.problem, study, suggestion.setting);
            best = std::min(best, value - task.problem.optimum);
            test::addResult(study, suggestion.setting, suggestion.origin, value);
        }
    }
    return best;
}

double medianRegret(const Task& task, std::size_t seeds, double epsilon) {
    std::vector<double> regrets(seeds);
    parallelFor(seeds, 0, [&](std::size_t i) { regrets[i] = regretOf(task, i + 1, epsilon); });
    std::sort(regrets.begin(), regrets.end());
    return 0.5 * (regrets[(seeds - 1) / 2] + regrets[seeds / 2]);
}

} // namespace

int main(int argc, char** argv) {
    const auto seeds = static_cast<std::size_t>(argc > 1 ? std::max(1, std::atoi(argv[1])) : 20);
    const std::string only = argc > 2 ? argv[2] : "";
    std::printf("| problem | ε = 0.1, front | published | ε = 0 | published |\n|---|---|---|---|---|\n");
    for (const Task& task : tasks()) {
        if (!only.empty() && task.problem.name != only)
            continue;
        std::printf("| %s | %.2g | %.2g |", task.problem.name.c_str(), medianRegret(task, seeds, 0.1),
                    task.publishedFront);
        std::fflush(stdout);
        std::printf(" %.2g | %.2g |\n", medianRegret(task, seeds, 0.0), task.publishedGreedy);
        std::fflush(stdout);
    }
    return 0;
}
