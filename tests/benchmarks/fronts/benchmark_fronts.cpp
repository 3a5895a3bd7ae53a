#include "acquisition/ehvi.h"
#include "base/rng.h"
#include "exchange/study_json.h"
#include "pareto/hypervolume.h"
#include "suggest/suggest.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <numbers>
#include <string>

// Prints the hypervolume that strategies reach on problems with several objectives, and the time that
// hypervolumes and expected improvements take.

using namespace alidade;

namespace {

/// Processor time: with one thread it does not depend on what else the machine does.
double processorSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/// On the unit cube, all objectives minimised.
struct Problem {
    std::string name;
    std::size_t dimension;
    std::vector<double> reference;
    double largest; ///< hypervolume of the true front
    std::function<std::vector<double>(const std::vector<double>&)> values;
};

std::vector<double> braninCurrin(const std::vector<double>& u) {
    const double x = 15.0 * u[0] - 5.0;
    const double y = 15.0 * u[1];
    constexpr double pi = std::numbers::pi;
    const double inner = y - 5.1 / (4.0 * pi * pi) * x * x + 5.0 / pi * x - 6.0;
    const double branin = inner * inner + 10.0 * (1.0 - 1.0 / (8.0 * pi)) * std::cos(x) + 10.0;
    const double a = u[0];
    const double factor = u[1] > 0.0 ? 1.0 - std::exp(-1.0 / (2.0 * u[1])) : 1.0;
    const double currin = factor * (2300.0 * a * a * a + 1900.0 * a * a + 2092.0 * a + 60.0) /
                          (100.0 * a * a * a + 500.0 * a * a + 4.0 * a + 20.0);
    return {branin, currin};
}

std::vector<double> zdt1(const std::vector<double>& u) {
    double sum = 0.0;
    for (std::size_t i = 1; i < u.size(); ++i)
        sum += u[i];
    const double g = 1.0 + 9.0 * sum / static_cast<double>(u.size() - 1);
    return {u[0], g * (1.0 - std::sqrt(u[0] / g))};
}

std::vector<double> dtlz2(const std::vector<double>& u, std::size_t objectives) {
    double g = 0.0;
    for (std::size_t i = objectives - 1; i < u.size(); ++i)
        g += (u[i] - 0.5) * (u[i] - 0.5);
    std::vector<double> values;
    for (std::size_t k = 0; k < objectives; ++k) {
        double value = 1.0 + g;
        for (std::size_t i = 0; i + k + 1 < objectives; ++i)
            value *= std::cos(0.5 * std::numbers::pi * u[i]);
        if (k > 0)
            value *= std::sin(0.5 * std::numbers::pi * u[objectives - 1 - k]);
        values.push_back(value);
    }
    return values;
}

std::vector<Problem> problems() {
    constexpr double pi = std::numbers::pi;
    return {{"branin_currin", 2, {18.0, 6.0}, 59.360, braninCurrin},
            {"zdt1", 6, {11.0, 11.0}, 120.667, zdt1},
            {"dtlz2", 6, {1.1, 1.1}, 1.21 - pi / 4.0, [](const auto& u) { return dtlz2(u, 2); }},
            {"dtlz2_3", 6, {1.1, 1.1, 1.1}, 1.331 - pi / 6.0, [](const auto& u) { return dtlz2(u, 3); }}};
}

Study studyOf(const Problem& problem, const std::string& method, int seed) {
    std::string parameters;
    for (std::size_t i = 0; i < problem.dimension; ++i)
        parameters += std::string(i > 0 ? "," : "") + R"({"name":"x)" + std::to_string(i + 1) +
                      R"(","type":"real","low":0,"high":1})";
    std::string objectives;
    for (std::size_t k = 0; k < problem.reference.size(); ++k)
        objectives += std::string(k > 0 ? "," : "") + R"({"name":"f)" + std::to_string(k + 1) +
                      R"(","goal":"minimize","reference":)" + std::to_string(problem.reference[k]) + "}";
    const auto definition = definitionFromText(
        R"({"alidade":1,"name":"benchmark","seed":)" + std::to_string(seed) + R"(,"parameters":[)" +
        parameters + R"(],"objectives":[)" + objectives + R"(],"strategy":{"method":")" + method + "\"}}");
    if (!definition) {
        std::fprintf(stderr, "%s\n", definition.error().text().c_str());
        std::exit(1);
    }
    return {*definition, {}};
}

void addTrial(Study& study, const Problem& problem, const Suggestion& suggestion) {
    std::vector<double> u;
    for (const Parameter& parameter : study.definition.space.parameters)
        u.push_back(std::get<double>(suggestion.setting.at(parameter.id)));
    Trial trial;
    trial.id.value = static_cast<std::int64_t>(study.trials.size()) + 1;
    trial.state = TrialState::Complete;
    trial.origin = suggestion.origin;
    trial.setting = suggestion.setting;
    const std::vector<double> values = problem.values(u);
    for (std::size_t k = 0; k < values.size(); ++k)
        trial.values[study.definition.objectives[k].id] = {values[k], std::nullopt};
    study.trials.push_back(std::move(trial));
}

double dominatedVolume(const Study& study, const Problem& problem) {
    ObjectiveMatrix points(static_cast<Eigen::Index>(study.trials.size()),
                           static_cast<Eigen::Index>(problem.reference.size()));
    for (std::size_t i = 0; i < study.trials.size(); ++i)
        for (Eigen::Index k = 0; k < points.cols(); ++k)
            points(static_cast<Eigen::Index>(i), k) =
                study.trials[i].values.at(study.definition.objectives[static_cast<std::size_t>(k)].id).value;
    const Eigen::VectorXd reference =
        Eigen::Map<const Eigen::VectorXd>(problem.reference.data(), points.cols());
    return hypervolume(points, reference).value();
}

void printVolume(const Problem& problem, const std::string& method, int seeds) {
    constexpr int kEvaluations = 60;
    std::vector<double> volumes;
    std::vector<double> times;
    for (int seed = 1; seed <= seeds; ++seed) {
        Study study = studyOf(problem, method, seed);
        for (int i = 0; i < kEvaluations; ++i) {
            const double start = processorSeconds();
            const auto report = suggest(study, 1, {1});
            if (!report) {
                std::printf("%s: %s\n", problem.name.c_str(), report.error().text().c_str());
                return;
            }
            if (report->suggestions[0].origin != Origin::Initial)
                times.push_back(processorSeconds() - start);
            addTrial(study, problem, report->suggestions[0]);
        }
        volumes.push_back(dominatedVolume(study, problem));
    }
    std::printf("%-14s %-7s %d evaluations: median %.4f of %.4f (", problem.name.c_str(), method.c_str(),
                kEvaluations, median(volumes), problem.largest);
    for (const double volume : volumes)
        std::printf(" %.4f", volume);
    std::printf(" ), %.3f s per suggestion\n", times.empty() ? 0.0 : median(times));
    std::fflush(stdout);
}

/// Random points on the sphere's part where all coordinates are positive: none dominates another.
ObjectiveMatrix sphere(Eigen::Index count, Eigen::Index objectives) {
    Rng rng(1, "sphere", static_cast<std::uint64_t>(objectives));
    ObjectiveMatrix points(count, objectives);
    for (double& value : points.reshaped())
        value = std::abs(rng.normal());
    for (Eigen::Index i = 0; i < count; ++i)
        points.row(i).normalize();
    return points;
}

/// Median time of five calls.
double timeOf(const std::function<void()>& call) {
    std::vector<double> times;
    for (int repeat = 0; repeat < 5; ++repeat) {
        const double start = processorSeconds();
        call();
        times.push_back(processorSeconds() - start);
    }
    return median(times);
}

void printSpeed() {
    for (const auto& [count, objectives] : {std::pair{1000, 2}, {1000, 3}, {200, 4}, {200, 5}, {60, 6}}) {
        const ObjectiveMatrix front = sphere(count, objectives);
        const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 1.1);
        double volume = 0.0;
        const double time = timeOf([&] { volume = hypervolume(front, reference).value(); });
        std::printf("hypervolume of %4d points, %d objectives: %10.3f ms (%.6f)\n", count, objectives,
                    1e3 * time, volume);
    }
    for (const int objectives : {2, 3, 4}) {
        const ObjectiveMatrix front = sphere(100, objectives);
        const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 1.1);
        const double build =
            timeOf([&] { (void)ExpectedHypervolumeImprovement::make(front, reference).value(); });
        const auto ehvi = ExpectedHypervolumeImprovement::make(front, reference).value();
        const Eigen::VectorXd mean = Eigen::VectorXd::Constant(objectives, 0.5);
        const Eigen::VectorXd deviation = Eigen::VectorXd::Constant(objectives, 0.1);
        const double time = timeOf([&] {
            for (int i = 0; i < 100; ++i)
                (void)ehvi.logValue(mean, deviation).value();
        });
        std::printf("log EHVI with gradient, front of 100, %d objectives: %8.3f ms to prepare (%zu boxes), "
                    "%.4f ms each\n",
                    objectives, 1e3 * build, ehvi.boxCount(), 10.0 * time);
    }
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "volume";
    if (what == "speed") {
        printSpeed();
        return 0;
    }
    const int seeds = argc > 2 ? std::atoi(argv[2]) : 5;
    const std::string only = argc > 3 ? argv[3] : "";
    for (const Problem& problem : problems()) {
        if (!only.empty() && problem.name != only)
            continue;
        if (argc > 4) {
            printVolume(problem, argv[4], seeds);
            continue;
        }
        for (const char* method : {"auto", "parego", "random"})
            printVolume(problem, method, seeds);
    }
    return 0;
}
