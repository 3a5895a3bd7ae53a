#include "base/rng.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

// Prints the simple regret of the default strategy on functions with a known optimum, and the seconds of one
// suggestion against the number of trials.

using namespace alidade;

namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

void printRegret(const test::Problem& problem, int evaluations, int seeds) {
    std::vector<double> regrets;
    std::vector<double> times;
    for (int seed = 1; seed <= seeds; ++seed) {
        Study study = test::studyOf(problem, static_cast<std::uint64_t>(seed));
        double best = HUGE_VAL;
        for (int i = 0; i < evaluations; ++i) {
            const auto start = Clock::now();
            const auto report = suggest(study, 1);
            if (!report) {
                std::printf("%s: %s\n", problem.name.c_str(), report.error().text().c_str());
                return;
            }
            if (report->suggestions[0].origin == Origin::Model)
                times.push_back(seconds(start));
            const Setting& setting = report->suggestions[0].setting;
            const double value = problem.value(test::coordinatesOf(study, setting));
            best = std::min(best, value - problem.optimum);
            test::addResult(study, setting, report->suggestions[0].origin, value);
        }
        regrets.push_back(best);
    }
    std::printf("%-14s %3d evaluations: median %.2e (", problem.name.c_str(), evaluations, median(regrets));
    for (const double regret : regrets)
        std::printf(" %.1e", regret);
    std::printf(" ), %.3f s per suggestion\n", median(times));
    std::fflush(stdout);
}

void printSpeed() {
    const test::Problem problem = test::hartmann6();
    double previous = 0.0;
    double previousCount = 0.0;
    for (const int count : {50, 100, 200, 500}) {
        Study study = test::studyOf(problem, 1);
        Rng rng(1, "speed");
        for (int i = 0; i < count; ++i) {
            Setting setting;
            std::vector<double> x;
            for (const Parameter& parameter : study.definition.space.parameters) {
                x.push_back(rng.uniform());
                setting[parameter.id] = x.back();
            }
            test::addResult(study, setting, Origin::Manual, problem.value(x));
        }
        std::vector<double> times;
        for (int repeat = 0; repeat < 3; ++repeat) {
            const auto start = Clock::now();
            if (const auto report = suggest(study, 1); !report)
                std::printf("%s\n", report.error().text().c_str());
            times.push_back(seconds(start));
        }
        const double time = median(times);
        std::printf("n = %3d, 6-D: %.3f s", count, time);
        if (previous > 0.0)
            std::printf(", exponent %.2f", std::log(time / previous) / std::log(count / previousCount));
        std::printf("\n");
        std::fflush(stdout);
        previous = time;
        previousCount = count;
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "regret";
    if (what == "speed") {
        printSpeed();
        return 0;
    }
    const int seeds = argc > 2 ? std::atoi(argv[2]) : 5;
    const std::string only = argc > 3 ? argv[3] : "";
    const auto run = [&](const test::Problem& problem, int evaluations) {
        if (only.empty() || problem.name == only)
            printRegret(problem, evaluations, seeds);
    };
    run(test::branin(), 40);
    run(test::hartmann6(), 80);
    run(test::rosenbrock4(), 60);
    run(test::ackley5(), 80);
    run(test::levy8(), 80);
    return 0;
}
