#include "base/parallel.h"
#include "base/rng.h"
#include "suggest/suggest.h"
#include "suggest/transfer.h"
#include "test_problems.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <string>

// Simple regret of a study that learns from an earlier one, against the number of its trials: without an
// earlier study, with one of a shifted and rescaled function, and with one of another function.
//
//   benchmark_transfer [SEEDS [PROBLEM [THREADS]]]     Markdown, as in docs/benchmarks.md

using namespace alidade;

namespace {

using Truth = std::function<double(const std::vector<double>&)>;

constexpr int kSourceTrials = 30;
constexpr int kTrials = 20;
constexpr int kCheckpoints[] = {4, 6, 8, 12, 16, 20};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/// The problem moved by a tenth of each range, in other units.
Truth shifted(const test::Problem& problem) {
    return [problem](std::vector<double> x) {
        for (std::size_t k = 0; k < x.size(); ++k)
            x[k] += (k % 2 == 0 ? -0.1 : 0.1) * (problem.high[k] - problem.low[k]);
        return 3.0 * problem.value(x) - 40.0;
    };
}

/// A smooth function that has nothing to do with the problem: a sum of waves of random directions.
Truth unrelated(const test::Problem& problem, std::uint64_t seed) {
    Rng rng(seed, "unrelated");
    const std::size_t d = problem.low.size();
    std::vector<std::vector<double>> waves(12);
    for (std::vector<double>& wave : waves) {
        for (std::size_t k = 0; k < d; ++k)
            wave.push_back(4.0 * rng.normal() / std::sqrt(static_cast<double>(d)));
        wave.push_back(2.0 * std::numbers::pi * rng.uniform());
    }
    return [problem, waves](const std::vector<double>& x) {
        double sum = 0.0;
        for (const std::vector<double>& wave : waves) {
            double phase = wave.back();
            for (std::size_t k = 0; k < x.size(); ++k)
                phase += wave[k] * (x[k] - problem.low[k]) / (problem.high[k] - problem.low[k]);
            sum += std::cos(phase);
        }
        return sum;
    };
}

/// An earlier study of its own: optimised by the same program.
std::shared_ptr<const SourceStudies> earlierStudy(const test::Problem& problem, const Truth& value,
                                                  std::uint64_t seed) {
    Study study = test::studyOf(problem, seed + 100);
    while (std::ssize(study.trials) < kSourceTrials) {
        const auto report = suggest(study, 1, {1});
        if (!report)
            std::abort();
        const Suggestion& suggestion = report->suggestions.front();
        test::addResult(study, suggestion.setting, suggestion.origin,
                        value(test::coordinatesOf(study, suggestion.setting)));
    }
    SourceStudies sources{{"earlier", "earlier", std::make_shared<const Study>(std::move(study)), {}}};
    return std::make_shared<const SourceStudies>(std::move(sources));
}

struct Run {
    std::vector<double> regrets; ///< after each trial
    int taught = 0;              ///< suggestions that learnt from the earlier study
};

Run run(const test::Problem& problem, std::uint64_t seed,
        const std::shared_ptr<const SourceStudies>& sources) {
    Study study = test::studyOf(problem, seed);
    Run result;
    double best = HUGE_VAL;
    while (std::ssize(study.trials) < kTrials) {
        const auto report = suggest(study, 1, {1, sources});
        if (!report)
            std::abort();
        const Suggestion& suggestion = report->suggestions.front();
        const double value = problem.value(test::coordinatesOf(study, suggestion.setting));
        result.taught += suggestion.reason.find("learnt also from") != std::string::npos ? 1 : 0;
        best = std::min(best, value - problem.optimum);
        result.regrets.push_back(best);
        test::addResult(study, suggestion.setting, suggestion.origin, value);
    }
    return result;
}

void printRow(const test::Problem& problem, const char* name, const std::vector<Run>& runs) {
    std::printf("| %s | %s |", problem.name.c_str(), name);
    for (const int after : kCheckpoints) {
        std::vector<double> regrets;
        for (const Run& one : runs)
            regrets.push_back(one.regrets[static_cast<std::size_t>(after) - 1]);
        const double value = median(regrets);
        std::printf(value < 0.01 ? " %.1e |" : " %.2g |", value);
    }
    double taught = 0.0;
    for (const Run& one : runs)
        taught += one.taught;
    std::printf(" %.1f |\n", taught / static_cast<double>(runs.size()));
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    const int seeds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 10;
    const std::string only = argc > 2 ? argv[2] : "";
    const auto threads = static_cast<std::size_t>(argc > 3 ? std::max(1, std::atoi(argv[3])) : 0);
    std::printf("| problem | earlier study |");
    for (const int after : kCheckpoints)
        std::printf(" after %d |", after);
    std::printf(" suggestions that used it |\n|---|---|---|---|---|---|---|---|---|\n");
    for (const test::Problem& problem : {test::branin(), test::hartmann6()}) {
        if (!only.empty() && problem.name != only)
            continue;
        for (const char* name : {"none", "related", "unrelated"}) {
            std::vector<Run> runs(static_cast<std::size_t>(seeds));
            parallelFor(runs.size(), threads, [&](std::size_t i) {
                const std::uint64_t seed = i + 1;
                const std::string kind = name;
                const auto sources = kind == "none" ? nullptr
                                     : kind == "related"
                                         ? earlierStudy(problem, shifted(problem), seed)
                                         : earlierStudy(problem, unrelated(problem, seed), seed);
                runs[i] = run(problem, seed, sources);
            });
            printRow(problem, name, runs);
        }
    }
    return 0;
}
