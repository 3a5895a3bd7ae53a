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

Result<std::map<std::string, std::string>> readTexts(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const auto members, cursor.members());
    std::map<std::string, std::string> result;
    for (const auto& [name, value] : members) {
        ALIDADE_ASSIGN(result[name], value.string());
    }
    return result;
}

struct DensityWriter {
    Json& json;

    void operator()(const NormalDensity& d) const {
        json = Json{{"family", "normal"}, {"center", d.center}, {"spread", d.spread}};
    }
    void operator()(const UniformDensity& d) const {
        json = Json{{"family", "uniform"}, {"low", d.low}, {"high", d.high}};
    }
    void operator()(const BetaDensity& d) const {
        json = Json{{"family", "beta"}, {"alpha", d.alpha}, {"beta", d.beta}};
    }
    void operator()(const DrawnDensity& d) const {
        json = Json{{"family", "drawn"}, {"x", d.x}, {"height", d.height}};
    }
    void operator()(const ChoiceWeights& d) const {
        json = Json{{"family", "weights"}, {"weights", Json::object()}};
        for (const auto& [name, weight] : d.weights)
            json["weights"][name] = weight;
    }
};

Result<double> required(const JsonCursor& cursor, const std::string& key) {
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at(key));
    return member.number();
}

Result<Density> readDensity(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const JsonCursor place, cursor.at("family"));
    ALIDADE_ASSIGN(const std::string family, place.string());
    if (family == "normal") {
        ALIDADE_CHECK(cursor.checkKeys({"family", "center", "spread"}));
        NormalDensity normal;
        ALIDADE_ASSIGN(normal.center, required(cursor, "center"));
        ALIDADE_ASSIGN(normal.spread, required(cursor, "spread"));
        return Density{normal};
    }
    if (family == "uniform") {
        ALIDADE_CHECK(cursor.checkKeys({"family", "low", "high"}));
        UniformDensity uniform;
        ALIDADE_ASSIGN(uniform.low, required(cursor, "low"));
        ALIDADE_ASSIGN(uniform.high, required(cursor, "high"));
        return Density{uniform};
    }
    if (family == "beta") {
        ALIDADE_CHECK(cursor.checkKeys({"family", "alpha", "beta"}));
        BetaDensity beta;
        ALIDADE_ASSIGN(beta.alpha, required(cursor, "alpha"));
        ALIDADE_ASSIGN(beta.beta, required(cursor, "beta"));
        return Density{beta};
    }
    if (family == "drawn") {
        ALIDADE_CHECK(cursor.checkKeys({"family", "x", "height"}));
        DrawnDensity drawn;
        ALIDADE_ASSIGN(const JsonCursor x, cursor.at("x"));
        ALIDADE_ASSIGN(drawn.x, x.numbers());
        ALIDADE_ASSIGN(const JsonCursor height, cursor.at("height"));
        ALIDADE_ASSIGN(drawn.height, height.numbers());
        return Density{drawn};
    }
    if (family == "weights") {
        ALIDADE_CHECK(cursor.checkKeys({"family", "weights"}));
        ChoiceWeights weights;
        ALIDADE_ASSIGN(const JsonCursor list, cursor.at("weights"));
        ALIDADE_ASSIGN(const auto members, list.members());
        for (const auto& [name, value] : members) {
            ALIDADE_ASSIGN(weights.weights[name], value.number());
        }
        return Density{weights};
    }
    return place.error("\"" + family + "\" is not a family of densities" +
                       didYouMean(family, {"normal", "uniform", "beta", "drawn", "weights"}));
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
    return json;
}

Result<Strategy> strategyFromJson(const JsonCursor& cursor) {
    ALIDADE_CHECK(cursor.checkKeys({"method", "batch", "initial", "budget"}));
    Strategy strategy;
    ALIDADE_CHECK(readOptional(cursor, "method", strategy.method, readMethod));
    ALIDADE_CHECK(readOptional(cursor, "batch", strategy.batch, readInt));
    ALIDADE_CHECK(readOptional(cursor, "initial", strategy.initial, readInt));
    ALIDADE_CHECK(readOptional(cursor, "budget", strategy.budget, readInt));
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

Json beliefToJson(const Definition& definition, const Belief& belief, JsonForm form) {
    const bool stored = form == JsonForm::Stored;
    const auto setting = [&](const Setting& values) {
        if (!stored)
            return settingToJson(definition.space, values);
        Json json = Json::array();
        for (const auto& [id, value] : values)
            json.push_back(Json::array({id.value, scalarToJson(value)}));
        return json;
    };
    Json json;
    if (const auto* optimum = std::get_if<OptimumBelief>(&belief.claim)) {
        const Parameter* parameter = definition.space.find(optimum->parameter);
        json["about"] = "optimum";
        json["parameter"] = stored ? Json(optimum->parameter.value) : Json(parameter ? parameter->name : "");
        std::visit(DensityWriter{json["density"]}, optimum->density);
    } else if (const auto* best = std::get_if<BestValueBelief>(&belief.claim)) {
        json["about"] = "best_value";
        json["objective"] =
            stored ? Json(best->objective.value) : Json(definition.measureName(best->objective));
        std::visit(DensityWriter{json["density"]}, best->density);
    } else if (const auto* preference = std::get_if<PreferenceBelief>(&belief.claim)) {
        json["about"] = "preference";
        json["better"] = setting(preference->better);
        json["worse"] = setting(preference->worse);
    }
    if (belief.confidence != 1.0)
        json["confidence"] = belief.confidence;
    return json;
}

namespace {

Result<ParameterId> readParameter(const JsonCursor& cursor, const Definition& definition, JsonForm form) {
    ParameterId id;
    if (form == JsonForm::Stored) {
        ALIDADE_ASSIGN(id.value, cursor.integer());
        return id;
    }
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    const Parameter* parameter = definition.space.find(text);
    if (!parameter)
        return cursor.error("unknown parameter \"" + text + "\"" +
                            didYouMean(text, definition.space.names()));
    return parameter->id;
}

Result<MeasureId> readObjective(const JsonCursor& cursor, const Definition& definition, JsonForm form) {
    MeasureId id;
    if (form == JsonForm::Stored) {
        ALIDADE_ASSIGN(id.value, cursor.integer());
        return id;
    }
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    const auto measure = definition.findMeasure(text);
    if (!measure || !definition.findObjective(*measure))
        return cursor.error("unknown objective \"" + text + "\"" +
                            didYouMean(text, definition.measureNames()));
    return *measure;
}

Result<Setting> readPartialSetting(const JsonCursor& cursor, const Definition& definition, JsonForm form) {
    if (form == JsonForm::Configuration)
        return settingFromJson(definition.space, cursor.json(), cursor.path(), false);
    Setting setting;
    ALIDADE_ASSIGN(const std::vector<JsonCursor> pairs, cursor.elements());
    for (const JsonCursor& pair : pairs) {
        ALIDADE_ASSIGN(const std::vector<JsonCursor> entry, pair.elements());
        if (entry.size() != 2)
            return pair.error("an id and a value are needed");
        ParameterId id;
        ALIDADE_ASSIGN(id.value, entry[0].integer());
        ALIDADE_ASSIGN(setting[id], storedValueFromJson(entry[1]));
    }
    return setting;
}

} // namespace

Result<Belief> beliefFromJson(const JsonCursor& cursor, const Definition& definition, JsonForm form) {
    const auto keys = [&](std::vector<std::string> own) {
        own.insert(own.end(), {"about", "confidence"});
        if (form == JsonForm::Stored)
            own.emplace_back("id");
        return cursor.checkKeys(own);
    };
    Belief belief;
    ALIDADE_ASSIGN(const JsonCursor place, cursor.at("about"));
    ALIDADE_ASSIGN(const std::string about, place.string());
    if (about == "optimum") {
        ALIDADE_CHECK(keys({"parameter", "density"}));
        OptimumBelief optimum;
        ALIDADE_ASSIGN(const JsonCursor name, cursor.at("parameter"));
        ALIDADE_ASSIGN(optimum.parameter, readParameter(name, definition, form));
        ALIDADE_ASSIGN(const JsonCursor density, cursor.at("density"));
        ALIDADE_ASSIGN(optimum.density, readDensity(density));
        belief.claim = std::move(optimum);
    } else if (about == "best_value") {
        ALIDADE_CHECK(keys({"objective", "density"}));
        BestValueBelief best;
        ALIDADE_ASSIGN(const JsonCursor name, cursor.at("objective"));
        ALIDADE_ASSIGN(best.objective, readObjective(name, definition, form));
        ALIDADE_ASSIGN(const JsonCursor density, cursor.at("density"));
        ALIDADE_ASSIGN(best.density, readDensity(density));
        belief.claim = std::move(best);
    } else if (about == "preference") {
        ALIDADE_CHECK(keys({"better", "worse"}));
        PreferenceBelief preference;
        ALIDADE_ASSIGN(const JsonCursor better, cursor.at("better"));
        ALIDADE_ASSIGN(preference.better, readPartialSetting(better, definition, form));
        ALIDADE_ASSIGN(const JsonCursor worse, cursor.at("worse"));
        ALIDADE_ASSIGN(preference.worse, readPartialSetting(worse, definition, form));
        belief.claim = std::move(preference);
    } else {
        return place.error("\"" + about + "\" is not something a belief is about" +
                           didYouMean(about, {"optimum", "best_value", "preference"}));
    }
    ALIDADE_CHECK(readOptional(cursor, "confidence", belief.confidence, readNumber()));
    return belief;
}

} // namespace alidade
