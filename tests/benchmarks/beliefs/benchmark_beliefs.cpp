#include "base/rng.h"
#include "belief/belief_claims.h"
#include "belief/belief_model.h"
#include "suggest/belief_term.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numbers>
#include <string>

// The settings of 2311.14645: noisy functions, a belief about the optimum's place that is good (centre
// 0.1 sqrt(D) of the range away from it) or random, standard deviation a fifth of the range. Prints the
// simple regret (true value of the best setting measured) without beliefs, with ColaBO and with piBO; and
// what beliefs cost in time.

using namespace alidade;

namespace {

using Clock = std::chrono::steady_clock;

struct Task {
    test::Problem problem;
    std::vector<double> place; ///< of the optimum
    double noise = 0.0;
    int evaluations = 0;
};

double seconds(Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
}

/// Of all threads: what a suggestion costs however busy the cores are.
double processorSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n == 0 ? NAN : n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/// "0.10 (0.05 … 0.30)": median and quartiles.
std::string summary(std::vector<double> values) {
    if (values.empty())
        return "–";
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) { // linear between order statistics
        const double place = share * static_cast<double>(values.size() - 1);
        const auto low = static_cast<std::size_t>(place);
        const std::size_t high = std::min(low + 1, values.size() - 1);
        return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
    };
    char text[96];
    std::snprintf(text, sizeof text, "%.3g (%.3g … %.3g)", at(0.5), at(0.25), at(0.75));
    return text;
}

test::Problem hartmann4() {
    return {"Hartmann-4", std::vector<double>(4, 0.0), std::vector<double>(4, 1.0), -3.1344941,
            [](const std::vector<double>& x) {
                static constexpr std::array<double, 4> kAlpha{1.0, 1.2, 3.0, 3.2};
                static constexpr double kA[4][4] = {
                    {10, 3, 17, 3.5}, {0.05, 10, 17, 0.1}, {3, 3.5, 1.7, 10}, {17, 8, 0.05, 10}};
                static constexpr double kP[4][4] = {{0.1312, 0.1696, 0.5569, 0.0124},
                                                    {0.2329, 0.4135, 0.8307, 0.3736},
                                                    {0.2348, 0.1451, 0.3522, 0.2883},
                                                    {0.4047, 0.8828, 0.8732, 0.5743}};
                double sum = 0.0;
                for (std::size_t i = 0; i < 4; ++i) {
                    double inner = 0.0;
                    for (std::size_t j = 0; j < 4; ++j)
                        inner += kA[i][j] * (x[j] - kP[i][j]) * (x[j] - kP[i][j]);
                    sum += kAlpha[i] * std::exp(-inner);
                }
                return (1.1 - sum) / 0.839; // scaled as in the usual test sets
            }};
}

test::Problem levy5() {
    return {"Levy-5", std::vector<double>(5, -5.0), std::vector<double>(5, 5.0), 0.0,
            [](const std::vector<double>& x) {
                using std::numbers::pi;
                const auto w = [&](std::size_t i) { return 1.0 + (x[i] - 1.0) / 4.0; };
                const auto sine = [](double a) { return std::sin(a) * std::sin(a); };
                double sum = sine(pi * w(0));
                for (std::size_t i = 0; i < 4; ++i)
                    sum += (w(i) - 1.0) * (w(i) - 1.0) * (1.0 + 10.0 * sine(pi * w(i) + 1.0));
                return sum + (w(4) - 1.0) * (w(4) - 1.0) * (1.0 + sine(2.0 * pi * w(4)));
            }};
}

test::Problem styblinski7() {
    return {"Styblinski-Tang-7", std::vector<double>(7, -4.0), std::vector<double>(7, 4.0),
            -39.16616570377142 * 7.0, [](const std::vector<double>& x) {
                double sum = 0.0;
                for (const double v : x)
                    sum += 0.5 * (v * v * v * v - 16.0 * v * v + 5.0 * v);
                return sum;
            }};
}

Task taskOf(const std::string& name) {
    if (name == "hartmann4")
        return {hartmann4(), {0.1873, 0.1906, 0.5566, 0.2647}, 0.25, 80};
    if (name == "hartmann6")
        return {test::hartmann6(), {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573}, 0.25, 120};
    if (name == "levy5")
        return {levy5(), std::vector<double>(5, 1.0), 0.5, 100};
    return {styblinski7(), std::vector<double>(7, -2.903534), 1.0, 140};
}

/// The study with beliefs whose centre is near the optimum, or anywhere.
Study studyWith(const Task& task, std::uint64_t seed, bool good, BeliefUse use, Method method = Method::LogEi,
                double confidence = 1.0) {
    Study study = test::studyOf(task.problem, seed);
    study.definition.strategy.initial = static_cast<int>(task.place.size()) + 1;
    study.definition.strategy.budget = task.evaluations;
    study.definition.strategy.method = method;
    study.definition.strategy.beliefs = use;
    if (use == BeliefUse::Off)
        return study;
    Rng rng(seed, good ? "good centre" : "random centre");
    std::vector<double> direction;
    double norm = 0.0;
    for (std::size_t i = 0; i < task.place.size(); ++i) {
        direction.push_back(rng.normal());
        norm += direction.back() * direction.back();
    }
    const double offset = 0.1 * std::sqrt(static_cast<double>(task.place.size())) / std::sqrt(norm);
    for (std::size_t i = 0; i < task.place.size(); ++i) {
        const double low = task.problem.low[i];
        const double range = task.problem.high[i] - low;
        const double center =
            good ? std::clamp(task.place[i] + offset * range * direction[i], low, low + range)
                 : low + range * rng.uniform();
        Belief belief;
        belief.id.value = study.definition.nextId++;
        belief.confidence = confidence;
        belief.claim =
            OptimumBelief{study.definition.space.parameters[i].id, NormalDensity{center, 0.2 * range}};
        study.definition.beliefs.push_back(belief);
    }
    return study;
}

/// Best true value so far after each evaluation, minus the optimum.
std::vector<double> run(const Task& task, Study study, std::uint64_t seed, int evaluations) {
    std::vector<double> regrets;
    Rng noise(seed, "noise");
    double best = HUGE_VAL;
    for (int i = 0; i < evaluations; ++i) {
        const auto report = suggest(study, 1);
        if (!report) {
            std::printf("%s: %s\n", task.problem.name.c_str(), report.error().text().c_str());
            break;
        }
        const Suggestion& suggestion = report->suggestions[0];
        const double value = task.problem.value(test::coordinatesOf(study, suggestion.setting));
        best = std::min(best, value - task.problem.optimum);
        regrets.push_back(best);
        test::addResult(study, suggestion.setting, suggestion.origin, value + task.noise * noise.normal());
    }
    return regrets;
}

struct Rival {
    const char* name;
    BeliefUse use;
    bool good;
    std::vector<double> early; ///< regret after 5 D evaluations, by seed
    std::vector<double> last;
};

/// Seed by seed, so that what a stopped run has printed is a comparison of the same seeds.
/// `only`: rivals whose name contains it. Progress on stderr, then a table: median and quartiles.
void printRegret(const Task& task, int from, int to, int evaluations, const std::string& only, Method method,
                 double confidence = 1.0) {
    std::array<Rival, 5> rivals{{{"without beliefs", BeliefUse::Off, true, {}, {}},
                                 {"ColaBO, good centre", BeliefUse::ColaBo, true, {}, {}},
                                 {"πBO, good centre", BeliefUse::PiBo, true, {}, {}},
                                 {"ColaBO, random centre", BeliefUse::ColaBo, false, {}, {}},
                                 {"πBO, random centre", BeliefUse::PiBo, false, {}, {}}}};
    const auto early = static_cast<std::size_t>(5 * task.place.size());
    std::fprintf(stderr, "%s, noise %.2f, seeds %d to %d\n", task.problem.name.c_str(), task.noise, from, to);
    for (int seed = from; seed <= to; ++seed) {
        for (Rival& rival : rivals) {
            if (std::string(rival.name).find(only) == std::string::npos)
                continue;
            const auto number = static_cast<std::uint64_t>(seed);
            const std::vector<double> regrets =
                run(task, studyWith(task, number, rival.good, rival.use, method, confidence), number,
                    evaluations);
            if (regrets.size() < early)
                continue;
            rival.early.push_back(regrets[early - 1]);
            rival.last.push_back(regrets.back());
            std::fprintf(stderr, "  seed %d  %-22s after", seed, rival.name);
            for (std::size_t n = early; n < regrets.size(); n += early)
                std::fprintf(stderr, " %zu: %.3f", n, regrets[n - 1]);
            std::fprintf(stderr, " %zu: %.3f\n", regrets.size(), regrets.back());
        }
    }
    std::printf("| %s, noise %g, %d seeds | after %zu (5 D) | after %d |\n|---|---|---|\n",
                task.problem.name.c_str(), task.noise, to - from + 1, early, evaluations);
    for (const Rival& rival : rivals)
        std::printf("| %s | %s | %s |\n", rival.name, summary(rival.early).c_str(),
                    summary(rival.last).c_str());
    std::printf("\n");
}

void printSpeed() {
    const Task task = taskOf("hartmann6");
    for (const BeliefUse use : {BeliefUse::Off, BeliefUse::ColaBo, BeliefUse::PiBo}) {
        Study study = studyWith(task, 1, true, use);
        Rng rng(1, "speed");
        for (int i = 0; i < 50; ++i) {
            Setting setting;
            std::vector<double> x;
            for (const Parameter& parameter : study.definition.space.parameters) {
                x.push_back(rng.uniform());
                setting[parameter.id] = x.back();
            }
            test::addResult(study, setting, Origin::Manual,
                            task.problem.value(x) + task.noise * rng.normal());
        }
        std::vector<double> times;
        std::vector<double> processor;
        for (int repeat = 0; repeat < 11; ++repeat) {
            const auto start = Clock::now();
            const double before = processorSeconds();
            if (const auto report = suggest(study, 1); !report)
                std::printf("%s\n", report.error().text().c_str());
            times.push_back(seconds(start));
            processor.push_back(processorSeconds() - before);
        }
        std::printf("n = 50, 6-D, %s: %.3f s per suggestion, %.3f s of processor time\n",
                    std::string(beliefUseName(use)).c_str(), median(times), median(processor));
        if (use != BeliefUse::ColaBo)
            continue;
        const StudyModel model = StudyModel::fit(study).value();
        const MeasureId objective = study.definition.objectives[0].id;
        const auto start = Clock::now();
        const double before = processorSeconds();
        const auto beliefs =
            studyBeliefModel(*model.state(), model.state()->processes.at(objective), objective, false)
                .value();
        std::printf("  drawing and weighing %zu functions: %.3f s, %.3f s of processor time\n",
                    beliefs->samples().count(), seconds(start), processorSeconds() - before);
        const auto again = Clock::now();
        const FeatureRows rows = [&](const std::vector<Setting>& s) {
            return model.state()->features.rows(s);
        };
        for (int i = 0; i < 20; ++i)
            (void)beliefs->reweighted(BeliefClaims(study.definition, objective), rows);
        std::printf("  weighing them anew: %.4f s\n", seconds(again) / 20.0);
    }
}

} // namespace

// benchmark_beliefs speed
// benchmark_beliefs table [SEEDS]
// benchmark_beliefs regret TASK [TO [EVALUATIONS [FROM [ONLY [METHOD [CONFIDENCE]]]]]]
int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "speed";
    if (what == "speed") {
        printSpeed();
        return 0;
    }
    if (what == "table") { // all of them, noisy log EI, as in the paper; seeds from 1
        const int seeds = argc > 2 ? std::atoi(argv[2]) : 20;
        for (const char* const name : {"hartmann4", "levy5", "hartmann6", "styblinski7"}) {
            const Task task = taskOf(name);
            printRegret(task, 1, seeds, task.evaluations, "", Method::LogNei);
        }
        return 0;
    }
    const Task task = taskOf(argc > 2 ? argv[2] : "hartmann4");
    const int evaluations = argc > 4 ? std::atoi(argv[4]) : task.evaluations;
    printRegret(task, argc > 5 ? std::atoi(argv[5]) : 1, argc > 3 ? std::atoi(argv[3]) : 5, evaluations,
                argc > 6 ? argv[6] : "", argc > 7 ? test::methodCalled(argv[7]) : Method::LogEi,
                argc > 8 ? std::atof(argv[8]) : 1.0);
}
