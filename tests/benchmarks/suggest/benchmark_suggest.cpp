#include "base/parallel.h"
#include "base/rng.h"
#include "suggest/model_state.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <sys/resource.h>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

// Simple regret of the automatic strategy on functions with a known optimum, one at a time and in batches,
// beside what other programs reach; and the seconds of one suggestion against the number of trials.
//
//   benchmark_suggest regret [SEEDS [PROBLEM [BATCH [METHOD [OPTION]]]]]   lines of figures
//                                       OPTION: bayesian, or slopes (each result comes with its gradient)
//   benchmark_suggest trace SEED PROBLEM [BATCH]                   one run, a line for each trial
//   benchmark_suggest table [SEEDS]                                Markdown, as in docs/benchmarks.md
//   benchmark_suggest speed [N ...]

using namespace alidade;

namespace {

double median(std::vector<double> values) {
    if (values.empty())
        return std::nan("");
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/// Processor time of this thread.
double threadSeconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Largest resident memory so far, MiB.
double peakMemory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// A problem, how many evaluations it gets, and the best median of any peer (see the table's text).
struct Task {
    test::Problem problem;
    int evaluations = 0;
    double bestPeer = 0.0;
    const char* peer = "";
    bool slopes = false; ///< along real parameters, reported with each result
};

/// By central differences, within the range.
void addSlopes(const test::Problem& problem, Study& study) {
    Trial& trial = study.trials.back();
    Measurement& measured = trial.values.begin()->second;
    for (const Parameter& parameter : study.definition.space.parameters) {
        const auto* range = std::get_if<RealRange>(&parameter.domain);
        if (!range || !trial.setting.contains(parameter.id))
            continue;
        const double step = 1e-6 * (range->high - range->low);
        const double value = std::get<double>(trial.setting.at(parameter.id));
        const double up = std::min(range->high, value + step);
        const double down = std::max(range->low, value - step);
        const auto at = [&](double moved) {
            Setting setting = trial.setting;
            setting[parameter.id] = moved;
            return test::valueOf(problem, study, setting);
        };
        measured.slopes[parameter.id] = {(at(up) - at(down)) / (up - down)};
    }
}

std::vector<Task> tasks() {
    return {{test::branin(), 40, 7.2e-5, "limbo"},
            {test::hartmann6(), 100, 9.1e-7, "SMAC3"},
            {test::ackley5(), 80, 1.65, "SMAC3"},
            {test::levy8(), 80, 1.14, "limbo"},
            {test::rosenbrock4(), 60, 134.0, "Optuna TPE, BoTorch"},
            {test::mixedTraining(), 45, 0.087, "Optuna GP"},
            {test::mixedBranin(), 60, 7.1e-4, "Optuna GP"}};
}

struct Run {
    double regret = HUGE_VAL;
    std::vector<double> times; ///< processor seconds of the thread per suggestion by a model, in order
};

/// One study from its first trial to its last: the initial design first, the same for every batch size, then
/// batches. The default number of threads gives the same settings.
Run run(const Task& task, std::uint64_t seed, std::size_t batch, const Strategy& strategy,
        std::size_t threads, bool trace = false) {
    Study study = test::studyOf(task.problem, seed);
    study.definition.strategy = strategy;
    Run result;
    while (std::ssize(study.trials) < task.evaluations) {
        const auto left = static_cast<std::size_t>(task.evaluations) - study.trials.size();
        const std::size_t design = initialDesignSize(study.definition);
        const std::size_t count = study.trials.size() < design ? design - study.trials.size() : batch;
        const double start = threadSeconds();
        const auto report = suggest(study, std::min(count, left), {threads});
        if (!report) {
            std::fprintf(stderr, "%s: %s\n", task.problem.name.c_str(), report.error().text().c_str());
            return result;
        }
        if (report->suggestions.front().origin == Origin::Model)
            result.times.push_back((threadSeconds() - start) /
                                   static_cast<double>(report->suggestions.size()));
        for (const Suggestion& suggestion : report->suggestions) {
            const double value = test::valueOf(task.problem, study, suggestion.setting);
            result.regret = std::min(result.regret, value - task.problem.optimum);
            if (trace)
                std::printf("%3zu  %.3e  best %.3e  %s\n", study.trials.size() + 1,
                            value - task.problem.optimum, result.regret, suggestion.reason.c_str());
            test::addResult(study, suggestion.setting, suggestion.origin, value);
            if (task.slopes)
                addSlopes(task.problem, study);
        }
    }
    return result;
}

struct Summary {
    std::vector<double> regrets; ///< ascending
    double time = 0.0;           ///< median processor time of a suggestion
    double late = 0.0;           ///< the same in the last tenth of each run
};

Summary summarise(const Task& task, int seeds, std::size_t batch, const Strategy& strategy) {
    std::vector<Run> runs(static_cast<std::size_t>(seeds));
    parallelFor(runs.size(), 0, [&](std::size_t i) { runs[i] = run(task, i + 1, batch, strategy, 1); });
    Summary summary;
    std::vector<double> times;
    std::vector<double> late;
    for (const Run& one : runs) {
        summary.regrets.push_back(one.regret);
        times.insert(times.end(), one.times.begin(), one.times.end());
        late.insert(late.end(), one.times.end() - (std::ssize(one.times) + 9) / 10, one.times.end());
    }
    summary.late = median(late);
    std::sort(summary.regrets.begin(), summary.regrets.end());
    summary.time = median(times);
    return summary;
}

void printRegret(const Task& task, int seeds, std::size_t batch, const Strategy& strategy) {
    const Summary summary = summarise(task, seeds, batch, strategy);
    std::printf("%-16s %3d evaluations, batch %zu: median %.2e (", task.problem.name.c_str(),
                task.evaluations, batch, median(summary.regrets));
    for (const double regret : summary.regrets)
        std::printf(" %.1e", regret);
    std::printf(" ), %.3f s per suggestion, %.3f s in the last tenth\n", summary.time, summary.late);
    std::fflush(stdout);
}

std::string figure(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 0.01 || value >= 1000.0 ? "%.1e" : "%.2g", value);
    return text;
}

void printTable(int seeds) {
    std::printf(
        "Median final simple regret over seeds 1 to %d (best … worst), initial design counted, method "
        "`auto`.\n\n",
        seeds);
    std::printf("| problem | evaluations | one at a time | batches of 4 | batches of 10 | best peer |\n"
                "|---|---|---|---|---|---|\n");
    for (const Task& task : tasks()) {
        std::printf("| %s | %d |", task.problem.name.c_str(), task.evaluations);
        for (const std::size_t batch : {1, 4, 10}) {
            const Summary summary = summarise(task, seeds, batch, Strategy{});
            std::printf(" %s (%s … %s) |", figure(median(summary.regrets)).c_str(),
                        figure(summary.regrets.front()).c_str(), figure(summary.regrets.back()).c_str());
            std::fflush(stdout);
        }
        std::printf(" %s (%s) |\n", figure(task.bestPeer).c_str(), task.peer);
        std::fflush(stdout);
    }
}

/// Hartmann-6 at `count` uniform settings.
Study hartmannStudy(int count) {
    const test::Problem problem = test::hartmann6();
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
    return study;
}

/// Median over repetitions, seconds of processor time of this thread.
template <typename Call>
double timeOf(int repetitions, Call call) {
    std::vector<double> times;
    for (int i = 0; i < repetitions; ++i) {
        const double start = threadSeconds();
        call();
        times.push_back(threadSeconds() - start);
    }
    return median(times);
}

/// Processor time of one thread, in seconds and in units that any machine has: Cholesky factorizations of
/// the same size, and products of matrices as large as those that a prediction cannot do without.
void printSpeed(const std::vector<int>& counts) {
    double previous = 0.0;
    double previousCount = 0.0;
    for (const int count : counts) {
        const Study study = hartmannStudy(count);
        const double time = timeOf(3, [&] {
            if (const auto report = suggest(study, 1, {1}); !report)
                std::printf("%s\n", report.error().text().c_str());
        });
        const auto model = StudyModel::fit(study, {1});
        if (!model) {
            std::printf("%s\n", model.error().text().c_str());
            return;
        }
        const GaussianProcess& process = model->state()->processes.begin()->second.process;
        const Eigen::MatrixXd gram =
            process.jointCovariance(process.data().x) + 1e-6 * Eigen::MatrixXd::Identity(count, count);
        const double factorization = timeOf(9, [&] {
            const Eigen::LLT<Eigen::MatrixXd> factor(gram);
            if (factor.info() != Eigen::Success)
                std::printf("not positive definite\n");
        });
        const Eigen::MatrixXd points =
            0.5 * (Eigen::MatrixXd::Random(10000, process.data().x.cols()).array() + 1.0).matrix();
        const double prediction = timeOf(3, [&] {
            if (!process.predict(points).variance.allFinite())
                std::printf("not finite\n");
        });
        const Eigen::MatrixXd factor = Eigen::MatrixXd::Random(count, count);
        const Eigen::MatrixXd right = Eigen::MatrixXd::Random(count, 10000);
        Eigen::MatrixXd product(count, 10000);
        const double multiplication = timeOf(3, [&] { product.noalias() = factor * right; });
        std::printf("n = %4d, 6-D: suggestion %.3f s = %.0f factorizations", count, time,
                    time / factorization);
        if (previous > 0.0)
            std::printf(" (exponent %.2f)", std::log(time / previous) / std::log(count / previousCount));
        std::printf("; mean and variance at 10,000 points %.3f s = %.2f products (n x n)(n x 10,000); "
                    "%.0f MiB so far\n",
                    prediction, prediction / multiplication, peakMemory());
        std::fflush(stdout);
        previous = time;
        previousCount = count;
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "regret";
    const int seeds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    if (what == "speed") {
        std::vector<int> counts;
        for (int i = 2; i < argc; ++i)
            counts.push_back(std::max(2, std::atoi(argv[i])));
        printSpeed(counts.empty() ? std::vector<int>{50, 100, 200, 500, 1000} : counts);
    } else if (what == "table") {
        printTable(seeds);
    } else if (what == "trace") {
        const std::string name = argc > 3 ? argv[3] : "";
        for (const Task& task : tasks())
            if (task.problem.name == name)
                run(task, static_cast<std::uint64_t>(seeds),
                    argc > 4 ? static_cast<std::size_t>(std::max(1, std::atoi(argv[4]))) : 1, {}, 0, true);
    } else if (what == "regret") {
        const std::string only = argc > 3 ? argv[3] : "";
        const std::size_t batch = argc > 4 ? static_cast<std::size_t>(std::max(1, std::atoi(argv[4]))) : 1;
        Strategy strategy;
        if (argc > 5)
            strategy.method = test::methodCalled(argv[5]);
        if (argc > 6 && std::string(argv[6]) == inferenceName(Inference::Bayesian))
            strategy.inference = Inference::Bayesian;
        for (Task task : tasks()) {
            task.slopes = argc > 6 && std::string(argv[6]) == "slopes";
            if (only.empty() || task.problem.name == only)
                printRegret(task, seeds, batch, strategy);
        }
    } else {
        std::fprintf(stderr, "regret, trace, table or speed, not %s\n", what.c_str());
        return 2;
    }
    return 0;
}
