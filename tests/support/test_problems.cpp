#include "test_problems.h"

#include "base/rng.h"
#include "exchange/study_json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>

namespace alidade::test {

using std::numbers::pi;

Problem branin() {
    return {"Branin", {-5.0, 0.0}, {10.0, 15.0}, 0.39788735772973816, [](const std::vector<double>& x) {
                const double a = x[1] - 5.1 / (4.0 * pi * pi) * x[0] * x[0] + 5.0 / pi * x[0] - 6.0;
                return a * a + 10.0 * (1.0 - 1.0 / (8.0 * pi)) * std::cos(x[0]) + 10.0;
            }};
}

Problem hartmann6() {
    return {"Hartmann-6", std::vector<double>(6, 0.0), std::vector<double>(6, 1.0), -3.32236801141551,
            [](const std::vector<double>& x) {
                static constexpr std::array<double, 4> kAlpha{1.0, 1.2, 3.0, 3.2};
                static constexpr double kA[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                                    {0.05, 10, 17, 0.1, 8, 14},
                                                    {3, 3.5, 1.7, 10, 17, 8},
                                                    {17, 8, 0.05, 10, 0.1, 14}};
                static constexpr double kP[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                                    {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                                    {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                                    {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
                double sum = 0.0;
                for (std::size_t i = 0; i < 4; ++i) {
                    double inner = 0.0;
                    for (std::size_t j = 0; j < 6; ++j)
                        inner += kA[i][j] * (x[j] - kP[i][j]) * (x[j] - kP[i][j]);
                    sum += kAlpha[i] * std::exp(-inner);
                }
                return -sum;
            }};
}

Problem ackley5() {
    return {"Ackley-5", std::vector<double>(5, -5.0), std::vector<double>(5, 10.0), 0.0,
            [](const std::vector<double>& x) {
                double squares = 0.0;
                double cosines = 0.0;
                for (const double xi : x) {
                    squares += xi * xi / 5.0;
                    cosines += std::cos(2.0 * pi * xi) / 5.0;
                }
                return -20.0 * std::exp(-0.2 * std::sqrt(squares)) - std::exp(cosines) + 20.0 +
                       std::numbers::e;
            }};
}

Problem levy8() {
    return {"Levy-8", std::vector<double>(8, -10.0), std::vector<double>(8, 10.0), 0.0,
            [](const std::vector<double>& x) {
                const auto w = [&](std::size_t i) { return 1.0 + (x[i] - 1.0) / 4.0; };
                const auto sine = [](double a) { return std::sin(a) * std::sin(a); };
                double sum = sine(pi * w(0));
                for (std::size_t i = 0; i + 1 < x.size(); ++i)
                    sum += (w(i) - 1.0) * (w(i) - 1.0) * (1.0 + 10.0 * sine(pi * w(i) + 1.0));
                const double last = w(x.size() - 1);
                return sum + (last - 1.0) * (last - 1.0) * (1.0 + sine(2.0 * pi * last));
            }};
}

Problem rosenbrock4() {
    return {"Rosenbrock-4", std::vector<double>(4, -5.0), std::vector<double>(4, 10.0), 0.0,
            [](const std::vector<double>& x) {
                double sum = 0.0;
                for (std::size_t i = 0; i + 1 < x.size(); ++i) {
                    const double a = x[i + 1] - x[i] * x[i];
                    sum += 100.0 * a * a + (1.0 - x[i]) * (1.0 - x[i]);
                }
                return sum;
            }};
}

Problem mixedTraining() {
    Problem problem{"Mixed training", {}, {}, 1.0, {}};
    problem.configuration = R"({"alidade": 1, "name": "mixed", "parameters": [
        {"name": "x", "type": "real", "low": 0, "high": 1},
        {"name": "y", "type": "real", "low": 1, "high": 1000, "scale": "log"},
        {"name": "n", "type": "integer", "low": 1, "high": 20},
        {"name": "kind", "type": "categorical", "choices": ["a", "b", "c"]},
        {"name": "z", "type": "real", "low": 0, "high": 1, "when": {"kind": ["b"]}}],
        "objectives": [{"name": "y_"}]})";
    problem.mixedValue = [](const SearchSpace& space, const Setting& setting) {
        const auto get = [&](const char* name) { return setting.find(space.find(name)->id); };
        const std::string kind = std::get<std::string>(get("kind")->second);
        const double x = std::get<double>(get("x")->second);
        const double y = std::log10(std::get<double>(get("y")->second) / 20.0);
        const double n = static_cast<double>(std::get<std::int64_t>(get("n")->second));
        const double f = 1.0 + 4.0 * (x - 0.3) * (x - 0.3) + y * y + 0.02 * (n - 7.0) * (n - 7.0);
        if (kind != "b")
            return f + (kind == "a" ? 0.5 : 0.8);
        const double z = std::get<double>(get("z")->second);
        return f + 2.0 * (z - 0.8) * (z - 0.8);
    };
    return problem;
}

Problem mixedBranin() {
    // The stepped first variable meets 9.5 but not 9.42478 exactly: the optimum is that over the other two.
    Problem problem{"Mixed Branin", {}, {}, 0.4250406324668585, {}};
    problem.configuration = R"({"alidade": 1, "name": "mixed Branin", "parameters": [
        {"name": "x", "type": "real", "low": -5, "high": 10, "step": 0.25},
        {"name": "y", "type": "real", "low": 0, "high": 15},
        {"name": "shift", "type": "categorical", "choices": ["none", "up", "down"]}],
        "objectives": [{"name": "y_"}]})";
    problem.mixedValue = [](const SearchSpace& space, const Setting& setting) {
        const auto get = [&](const char* name) { return setting.find(space.find(name)->id); };
        const std::string shift = std::get<std::string>(get("shift")->second);
        const double offset = shift == "none" ? 0.0 : shift == "up" ? 3.0 : -3.0;
        return branin().value(
                   {std::get<double>(get("x")->second), std::get<double>(get("y")->second) + offset}) +
               (shift == "none" ? 0.0 : 0.5);
    };
    return problem;
}

double valueOf(const Problem& problem, const Study& study, const Setting& setting) {
    return problem.mixedValue ? problem.mixedValue(study.definition.space, setting)
                              : problem.value(coordinatesOf(study, setting));
}

Study studyOf(const Problem& problem, std::uint64_t seed) {
    Study study;
    Definition& definition = study.definition;
    if (!problem.configuration.empty()) {
        definition = definitionFromConfiguration(parseJson(problem.configuration).value()).value();
        definition.seed = seed;
        return study;
    }
    definition.name = problem.name;
    definition.seed = seed;
    for (std::size_t i = 0; i < problem.low.size(); ++i) {
        Parameter parameter;
        parameter.id.value = definition.nextId++;
        parameter.name = "x" + std::to_string(i + 1);
        parameter.domain = RealRange{problem.low[i], problem.high[i], Scale::Linear, std::nullopt};
        definition.space.parameters.push_back(std::move(parameter));
    }
    Objective objective;
    objective.id.value = definition.nextId++;
    objective.name = "y";
    definition.objectives.push_back(std::move(objective));
    return study;
}

std::vector<double> coordinatesOf(const Study& study, const Setting& setting) {
    std::vector<double> x;
    for (const Parameter& parameter : study.definition.space.parameters)
        x.push_back(std::get<double>(setting.at(parameter.id)));
    return x;
}

Study randomStudy(const Problem& problem, int count, std::uint64_t seed,
                  const std::function<double(const std::vector<double>&)>& value) {
    Study study = studyOf(problem, seed);
    Rng rng(seed, "settings");
    for (int i = 0; i < count; ++i) {
        Setting setting;
        for (std::size_t k = 0; k < problem.low.size(); ++k)
            setting[study.definition.space.parameters[k].id] = rng.uniform(problem.low[k], problem.high[k]);
        addResult(study, setting, Origin::Manual, value(coordinatesOf(study, setting)));
    }
    return study;
}

Method methodCalled(const std::string& name) {
    for (const Method method : workingMethods())
        if (methodName(method) == name)
            return method;
    std::fprintf(stderr, "no method is called %s\n", name.c_str());
    std::exit(2);
}

void addResult(Study& study, const Setting& setting, Origin origin, double value) {
    Trial trial;
    trial.id.value = static_cast<std::int64_t>(study.trials.size()) + 1;
    trial.state = TrialState::Complete;
    trial.origin = origin;
    trial.setting = setting;
    trial.values[study.definition.objectives.front().id] = {value, std::nullopt};
    study.trials.push_back(std::move(trial));
}

} // namespace alidade::test
