#include "base/text.h"
#include "exchange/parameter_json.h"

namespace alidade {
namespace {

Result<Method> readMethod(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    std::vector<std::string> names;
    for (const Method method : workingMethods()) {
        if (methodName(method) == text)
            return method;
        names.emplace_back(methodName(method));
    }
    return cursor.error("\"" + text + "\" is not a method" + didYouMean(text, names));
}

Result<Exploration> readExploration(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    if (text == "random")
        return Exploration::Random;
    if (text == "front")
        return Exploration::Front;
    return cursor.error("\"" + text + "\" is neither random nor front");
}

Result<Inference> readInference(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    for (const Inference inference : {Inference::Map, Inference::Bayesian})
        if (inferenceName(inference) == text)
            return inference;
    return cursor.error("\"" + text + "\" is neither map nor bayesian");
}

Result<std::map<std::string, std::string>> readTexts(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const auto members, cursor.members());
    std::map<std::string, std::string> result;
    for (const auto& [name, value] : members) {
        ALIDADE_ASSIGN(result[name], value.string());
    }
    return result;
}

Result<std::vector<std::string>> readPaths(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, cursor.elements());
    std::vector<std::string> result;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(std::string path, item.string());
        result.push_back(std::move(path));
    }
    return result;
}

constexpr std::array kBeliefUses{BeliefUse::Auto, BeliefUse::ColaBo, BeliefUse::PiBo, BeliefUse::Off};

Result<BeliefUse> readBeliefUse(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    std::vector<std::string> names;
    for (const BeliefUse use : kBeliefUses) {
        if (beliefUseName(use) == text)
            return use;
        names.emplace_back(beliefUseName(use));
    }
    return cursor.error("\"" + text + "\" is not a use of beliefs" + didYouMean(text, names));
}

} // namespace

Json strategyToJson(const Strategy& strategy) {
    Json json;
    json["method"] = methodName(strategy.method);
    json["batch"] = strategy.batch;
    if (strategy.initial)
        json["initial"] = *strategy.initial;
    if (strategy.budget)
        json["budget"] = *strategy.budget;
    if (strategy.beliefs != BeliefUse::Auto)
        json["beliefs"] = beliefUseName(strategy.beliefs);
    const Strategy standard;
    if (!strategy.cost.empty())
        json["cost"] = strategy.cost;
    if (strategy.beta != standard.beta)
        json["beta"] = strategy.beta;
    if (strategy.epsilon != standard.epsilon)
        json["epsilon"] = strategy.epsilon;
    if (strategy.exploration != standard.exploration)
        json["exploration"] = "random";
    if (strategy.inference != standard.inference)
        json["inference"] = inferenceName(strategy.inference);
    if (!strategy.sources.empty())
        json["sources"] = strategy.sources;
    return json;
}

Result<Strategy> strategyFromJson(const JsonCursor& cursor) {
    ALIDADE_CHECK(cursor.checkKeys({"method", "batch", "initial", "budget", "beliefs", "cost", "beta",
                                    "epsilon", "exploration", "inference", "sources"}));
    Strategy strategy;
    ALIDADE_CHECK(readOptional(cursor, "method", strategy.method, readMethod));
    ALIDADE_CHECK(readOptional(cursor, "batch", strategy.batch, readInt));
    ALIDADE_CHECK(readOptional(cursor, "initial", strategy.initial, readInt));
    ALIDADE_CHECK(readOptional(cursor, "budget", strategy.budget, readInt));
    ALIDADE_CHECK(readOptional(cursor, "beliefs", strategy.beliefs, readBeliefUse));
    ALIDADE_CHECK(readOptional(cursor, "cost", strategy.cost, readString()));
    ALIDADE_CHECK(readOptional(cursor, "beta", strategy.beta, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "epsilon", strategy.epsilon, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "exploration", strategy.exploration, readExploration));
    ALIDADE_CHECK(readOptional(cursor, "inference", strategy.inference, readInference));
    ALIDADE_CHECK(readOptional(cursor, "sources", strategy.sources, readPaths));
    return strategy;
}

Json runnerToJson(const RunnerConfiguration& runner) {
    const RunnerConfiguration standard;
    Json json;
    json["kind"] = runner.kind;
    json["command"] = runner.command;
    if (runner.shell)
        json["shell"] = true;
    if (runner.jobs != standard.jobs)
        json["jobs"] = runner.jobs;
    if (runner.timeoutSeconds != standard.timeoutSeconds)
        json["timeout_s"] = numberToJson(runner.timeoutSeconds);
    if (runner.retries != standard.retries)
        json["retries"] = runner.retries;
    if (!runner.environment.empty())
        json["environment"] = runner.environment;
    if (!runner.directory.empty())
        json["directory"] = runner.directory;
    if (!runner.measures.empty())
        json["measures"] = runner.measures;
    return json;
}

Result<RunnerConfiguration> runnerFromJson(const JsonCursor& cursor) {
    ALIDADE_CHECK(cursor.checkKeys({"kind", "command", "shell", "jobs", "timeout_s", "retries", "environment",
                                    "directory", "measures"}));
    RunnerConfiguration runner;
    ALIDADE_CHECK(readOptional(cursor, "kind", runner.kind, readString()));
    ALIDADE_ASSIGN(const JsonCursor command, cursor.at("command"));
    ALIDADE_ASSIGN(runner.command, command.string());
    ALIDADE_CHECK(
        readOptional(cursor, "shell", runner.shell, [](const JsonCursor& c) { return c.boolean(); }));
    ALIDADE_CHECK(readOptional(cursor, "jobs", runner.jobs, readInt));
    ALIDADE_CHECK(readOptional(cursor, "timeout_s", runner.timeoutSeconds, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "retries", runner.retries, readInt));
    ALIDADE_CHECK(readOptional(cursor, "environment", runner.environment, readTexts));
    ALIDADE_CHECK(readOptional(cursor, "directory", runner.directory, readString()));
    ALIDADE_CHECK(readOptional(cursor, "measures", runner.measures, readTexts));
    return runner;
}

Json fidelityToJson(const Fidelity& fidelity) {
    return Json{{"name", fidelity.name},
                {"low", numberToJson(fidelity.low)},
                {"high", numberToJson(fidelity.high)},
                {"scheduler", fidelity.scheduler},
                {"eta", numberToJson(fidelity.eta)}};
}

Result<Fidelity> fidelityFromJson(const JsonCursor& cursor) {
    ALIDADE_CHECK(cursor.checkKeys({"name", "low", "high", "scheduler", "eta"}));
    Fidelity fidelity;
    ALIDADE_CHECK(readOptional(cursor, "name", fidelity.name, readString()));
    ALIDADE_CHECK(readOptional(cursor, "low", fidelity.low, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "high", fidelity.high, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "scheduler", fidelity.scheduler, readString()));
    ALIDADE_CHECK(readOptional(cursor, "eta", fidelity.eta, readNumber()));
    return fidelity;
}

} // namespace alidade
