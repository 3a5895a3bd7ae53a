#include "learning_rate/applications.h"
#include "learning_rate/schedule_export.h"
#include "learning_rate/simulator.h"
#include "protocol/methods.h"
#include "protocol/schedule_json.h"
#include "runners/command_template.h"

#include <fstream>
#include <iterator>
#include <optional>

namespace alidade {
namespace {

constexpr std::int64_t kMaximumSize = 2000;

Result<std::int64_t> integerOr(const JsonCursor& params, const std::string& key, std::int64_t standard,
                               std::int64_t low, std::int64_t high) {
    if (!params.has(key))
        return standard;
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::int64_t value, member.integer());
    if (value < low || value > high)
        return member.error("must be between " + std::to_string(low) + " and " + std::to_string(high));
    return value;
}

Result<std::string> textOr(const JsonCursor& params, const std::string& key, const std::string& standard) {
    if (!params.has(key))
        return standard;
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    return member.string();
}

Result<std::vector<double>> readRates(const JsonCursor& params, std::size_t steps) {
    ALIDADE_ASSIGN(const JsonCursor shape, params.at("shape"));
    ALIDADE_ASSIGN(const Schedule schedule, readSchedule(shape, steps));
    return rates(schedule, steps);
}

Result<std::optional<double>> readBaseRate(const JsonCursor& params) {
    if (!params.has("base_lr"))
        return std::optional<double>();
    ALIDADE_ASSIGN(const JsonCursor member, params.at("base_lr"));
    ALIDADE_ASSIGN(const double rate, member.number());
    if (!(rate > 0.0))
        return member.error("must be above 0");
    return std::optional<double>(rate);
}

Result<Json> fitMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"shape", "steps", "base_lr", "points"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    ALIDADE_ASSIGN(const std::vector<double> eta, readRates(params, steps));
    ALIDADE_ASSIGN(const JsonCursor rate, params.at("base_lr"));
    ALIDADE_ASSIGN(const double baseRate, rate.number());
    ALIDADE_ASSIGN(const JsonCursor list, params.at("points"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, list.elements());
    std::vector<LossPoint> points;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(const std::vector<JsonCursor> pair, item.elements());
        if (pair.size() != 2)
            return item.error("must be a step and a loss");
        ALIDADE_ASSIGN(const std::int64_t t, pair[0].integer());
        if (t < 1 || t > static_cast<std::int64_t>(steps))
            return pair[0].error("must be between 1 and " + std::to_string(steps));
        ALIDADE_ASSIGN(const double loss, pair[1].number());
        points.push_back({static_cast<std::size_t>(t), loss});
    }
    auto fit = fitBound(eta, baseRate, points);
    if (!fit)
        return placed(params, fit.error());
    return Json{{"distance", fit->distance},
                {"gradient_norm", fit->gradientNorm},
                {"floor", fit->floor},
                {"root_mean_square_error", fit->rootMeanSquareError},
                {"fitted", numbersToJson(fit->fitted)},
                {"residuals", numbersToJson(fit->residuals)}};
}

Result<ConvexProblem> readConvexProblem(const JsonCursor& params, std::uint64_t seed) {
    ALIDADE_ASSIGN(const std::string name, textOr(params, "problem", "least_squares"));
    ALIDADE_ASSIGN(const std::int64_t samples, integerOr(params, "samples", 200, 1, kMaximumSize));
    if (name == "digits") {
        const std::filesystem::path path = examplesDirectory() / "classifier" / "digits.csv";
        std::ifstream file(path, std::ios::binary);
        if (!file)
            return makeError(ErrorCode::NotFound, "the bundled images cannot be read", path.string());
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        return digitsProblem(text, samples);
    }
    auto kind = problemKind(name);
    if (!kind)
        return placed(params, kind.error());
    ALIDADE_ASSIGN(const std::int64_t dimension, integerOr(params, "dimension", 20, 1, kMaximumSize));
    ALIDADE_ASSIGN(const std::int64_t outputs, integerOr(params, "outputs", 1, 1, 100));
    return randomProblem(*kind, dimension, samples, seed, outputs);
}

Result<Json> simulateMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"shape", "steps", "problem", "dimension", "samples", "outputs",
                                    "optimizer", "base_lr", "batch", "repeats", "seed"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    SimulationOptions options;
    ALIDADE_ASSIGN(options.rates, readRates(params, steps));
    ALIDADE_ASSIGN(const std::int64_t seed, integerOr(params, "seed", 0, 0, std::int64_t{1} << 53));
    options.seed = static_cast<std::uint64_t>(seed);
    ALIDADE_ASSIGN(const ConvexProblem problem, readConvexProblem(params, options.seed));
    ALIDADE_ASSIGN(options.batch, integerOr(params, "batch", 0, 0, kMaximumSize));
    ALIDADE_ASSIGN(const std::int64_t repeats, integerOr(params, "repeats", 1, 1, 1000));
    options.repeats = static_cast<int>(repeats);
    ALIDADE_ASSIGN(const std::string name, textOr(params, "optimizer", "sgd"));
    auto optimizer = makeOptimizer(name);
    if (!optimizer)
        return placed(params, optimizer.error());
    options.optimizer = std::move(optimizer).value();
    ALIDADE_ASSIGN(const std::optional<double> baseRate, readBaseRate(params));
    if (baseRate) {
        options.baseRate = *baseRate;
    } else {
        ALIDADE_ASSIGN(options.baseRate, suggestedBaseRate(problem, *findOptimizer(name), options.rates,
                                                           options.batch, options.seed));
    }
    auto run = simulate(problem, options);
    if (!run)
        return placed(params, run.error());
    return Json{{"base_lr", options.baseRate},
                {"distance", run->distance},
                {"final_gap", numberToJson(run->finalGap)},
                {"gaps", numbersToJson(run->gaps)},
                {"bound", numbersToJson(run->bound)},
                {"gradient_norms", numbersToJson(run->gradientNorms)},
                {"absolute_norms", numbersToJson(run->absoluteNorms)},
                {"bound_applies", run->bounded},
                {"diverged", run->diverged}};
}

Result<Json> exportMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"shape", "steps", "base_lr", "format"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    ALIDADE_ASSIGN(const JsonCursor shape, params.at("shape"));
    ALIDADE_ASSIGN(const Schedule schedule, readSchedule(shape, steps));
    ALIDADE_ASSIGN(const std::vector<double> eta, rates(schedule, steps));
    ALIDADE_ASSIGN(const std::optional<double> given, readBaseRate(params));
    const double baseRate = given.value_or(1.0);
    ALIDADE_ASSIGN(const std::string format, textOr(params, "format", "csv"));
    std::string text;
    if (format == "csv") {
        text = scheduleCsv(eta, baseRate);
    } else if (format == "json") {
        text = scheduleJsonText(eta, baseRate);
    } else if (format == "pytorch") {
        ALIDADE_ASSIGN(text, lambdaLrCode(schedule, steps, baseRate));
    } else if (format == "optax") {
        ALIDADE_ASSIGN(text, optaxCode(schedule, steps, baseRate));
    } else {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("format"));
        return member.error("must be \"csv\", \"json\", \"pytorch\" or \"optax\"");
    }
    return Json{{"text", text}};
}

} // namespace

std::vector<ProtocolMethod> scheduleRunMethods() {
    return {{"schedule.fit", fitMethod},
            {"schedule.simulate", simulateMethod},
            {"schedule.export", exportMethod}};
}

} // namespace alidade
