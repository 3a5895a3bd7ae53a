#include "base/text.h"
#include "exchange/parameter_json.h"

namespace alidade {
namespace {

struct DensityWriter {
    Json& json;

    void operator()(const NormalDensity& d) const {
        json = Json{{"family", "normal"}, {"center", d.center}, {"spread", d.spread}};
        ends(d.low, d.high);
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
    void operator()(const ValueBounds& d) const {
        json = Json{{"family", "bounds"}};
        ends(d.low, d.high);
    }
    void ends(std::optional<double> low, std::optional<double> high) const {
        if (low)
            json["low"] = *low;
        if (high)
            json["high"] = *high;
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
        ALIDADE_CHECK(cursor.checkKeys({"family", "center", "spread", "low", "high"}));
        NormalDensity normal;
        ALIDADE_ASSIGN(normal.center, required(cursor, "center"));
        ALIDADE_ASSIGN(normal.spread, required(cursor, "spread"));
        ALIDADE_CHECK(readOptional(cursor, "low", normal.low, readNumber()));
        ALIDADE_CHECK(readOptional(cursor, "high", normal.high, readNumber()));
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
    if (family == "bounds") {
        ALIDADE_CHECK(cursor.checkKeys({"family", "low", "high"}));
        ValueBounds bounds;
        ALIDADE_CHECK(readOptional(cursor, "low", bounds.low, readNumber()));
        ALIDADE_CHECK(readOptional(cursor, "high", bounds.high, readNumber()));
        return Density{bounds};
    }
    return place.error("\"" + family + "\" is not a family of densities" +
                       didYouMean(family, {"normal", "uniform", "beta", "drawn", "weights", "bounds"}));
}

/// Writes a claim; parameters and objectives by name, or by id in the stored form.
struct ClaimWriter {
    const Definition& definition;
    JsonForm form;
    Json& json;

    void operator()(const OptimumBelief& optimum) const {
        json["about"] = "optimum";
        json["parameter"] = parameter(optimum.parameter);
        std::visit(DensityWriter{json["density"]}, optimum.density);
    }
    void operator()(const BestValueBelief& best) const {
        json["about"] = "best_value";
        json["objective"] = objective(best.objective);
        std::visit(DensityWriter{json["density"]}, best.density);
    }
    void operator()(const PreferenceBelief& preference) const {
        json["about"] = "preference";
        json["better"] = setting(preference.better);
        json["worse"] = setting(preference.worse);
        if (preference.objective.valid())
            json["objective"] = objective(preference.objective);
    }
    void operator()(const GoodPointsBelief& good) const {
        json["about"] = "good_points";
        json["points"] = Json::array();
        for (const Setting& point : good.points)
            json["points"].push_back(setting(point));
        json["spread"] = good.spread;
    }
    void operator()(const TrendBelief& trend) const {
        json["about"] = "trend";
        json["objective"] = objective(trend.objective);
        json["parameter"] = parameter(trend.parameter);
        json["direction"] = trend.rises ? "rises" : "falls";
        if (trend.from)
            json["from"] = *trend.from;
        if (trend.to)
            json["to"] = *trend.to;
    }

    [[nodiscard]] Json parameter(ParameterId id) const {
        if (form == JsonForm::Stored)
            return id.value;
        const Parameter* found = definition.space.find(id);
        return found ? found->name : "";
    }
    [[nodiscard]] Json objective(MeasureId id) const {
        return form == JsonForm::Stored ? Json(id.value) : Json(definition.measureName(id));
    }
    [[nodiscard]] Json setting(const Setting& values) const {
        if (form == JsonForm::Configuration)
            return settingToJson(definition.space, values);
        Json pairs = Json::array();
        for (const auto& [id, value] : values)
            pairs.push_back(Json::array({id.value, scalarToJson(value)}));
        return pairs;
    }
};

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

/// Reads the claim of one kind; `keys` checks the keys of its object.
class ClaimReader {
public:
    ClaimReader(const JsonCursor& cursor, const Definition& definition, JsonForm form)
        : m_cursor(cursor), m_definition(definition), m_form(form) {}

    [[nodiscard]] Result<decltype(Belief::claim)> read() const {
        ALIDADE_ASSIGN(const JsonCursor place, m_cursor.at("about"));
        ALIDADE_ASSIGN(const std::string about, place.string());
        if (about == "optimum")
            return optimum();
        if (about == "best_value")
            return bestValue();
        if (about == "preference")
            return preference();
        if (about == "good_points")
            return goodPoints();
        if (about == "trend")
            return trend();
        return place.error(
            "\"" + about + "\" is not something a belief is about" +
            didYouMean(about, {"optimum", "best_value", "preference", "good_points", "trend"}));
    }

private:
    using Claim = decltype(Belief::claim);

    [[nodiscard]] Result<void> keys(std::vector<std::string> own) const {
        own.insert(own.end(), {"about", "confidence"});
        if (m_form == JsonForm::Stored)
            own.emplace_back("id");
        return m_cursor.checkKeys(own);
    }
    [[nodiscard]] Result<ParameterId> parameter() const {
        ALIDADE_ASSIGN(const JsonCursor name, m_cursor.at("parameter"));
        return readParameter(name, m_definition, m_form);
    }
    [[nodiscard]] Result<MeasureId> objective() const {
        ALIDADE_ASSIGN(const JsonCursor name, m_cursor.at("objective"));
        return readObjective(name, m_definition, m_form);
    }
    [[nodiscard]] Result<Density> density() const {
        ALIDADE_ASSIGN(const JsonCursor place, m_cursor.at("density"));
        return readDensity(place);
    }
    [[nodiscard]] Result<Setting> setting(const std::string& key) const {
        ALIDADE_ASSIGN(const JsonCursor place, m_cursor.at(key));
        return readPartialSetting(place, m_definition, m_form);
    }

    [[nodiscard]] Result<Claim> optimum() const {
        ALIDADE_CHECK(keys({"parameter", "density"}));
        OptimumBelief belief;
        ALIDADE_ASSIGN(belief.parameter, parameter());
        ALIDADE_ASSIGN(belief.density, density());
        return Claim{belief};
    }
    [[nodiscard]] Result<Claim> bestValue() const {
        ALIDADE_CHECK(keys({"objective", "density"}));
        BestValueBelief belief;
        ALIDADE_ASSIGN(belief.objective, objective());
        ALIDADE_ASSIGN(belief.density, density());
        return Claim{belief};
    }
    [[nodiscard]] Result<Claim> preference() const {
        ALIDADE_CHECK(keys({"better", "worse", "objective"}));
        PreferenceBelief belief;
        ALIDADE_ASSIGN(belief.better, setting("better"));
        ALIDADE_ASSIGN(belief.worse, setting("worse"));
        if (m_cursor.has("objective")) {
            ALIDADE_ASSIGN(belief.objective, objective());
        }
        return Claim{belief};
    }
    [[nodiscard]] Result<Claim> goodPoints() const {
        ALIDADE_CHECK(keys({"points", "spread"}));
        GoodPointsBelief belief;
        ALIDADE_ASSIGN(const JsonCursor list, m_cursor.at("points"));
        ALIDADE_ASSIGN(const std::vector<JsonCursor> points, list.elements());
        for (const JsonCursor& point : points) {
            ALIDADE_ASSIGN(belief.points.emplace_back(), readPartialSetting(point, m_definition, m_form));
        }
        ALIDADE_CHECK(readOptional(m_cursor, "spread", belief.spread, readNumber()));
        return Claim{belief};
    }
    [[nodiscard]] Result<Claim> trend() const {
        ALIDADE_CHECK(keys({"objective", "parameter", "direction", "from", "to"}));
        TrendBelief belief;
        ALIDADE_ASSIGN(belief.objective, objective());
        ALIDADE_ASSIGN(belief.parameter, parameter());
        ALIDADE_ASSIGN(const JsonCursor place, m_cursor.at("direction"));
        ALIDADE_ASSIGN(const std::string direction, place.string());
        if (direction != "rises" && direction != "falls")
            return place.error("\"" + direction + "\" is not a direction" +
                               didYouMean(direction, {"rises", "falls"}));
        belief.rises = direction == "rises";
        ALIDADE_CHECK(readOptional(m_cursor, "from", belief.from, readNumber()));
        ALIDADE_CHECK(readOptional(m_cursor, "to", belief.to, readNumber()));
        return Claim{belief};
    }

    const JsonCursor& m_cursor;
    const Definition& m_definition;
    JsonForm m_form;
};

} // namespace

Json environmentToJson(const Definition& definition, const EnvironmentCondition& condition, JsonForm form) {
    Json json;
    ClaimWriter{definition, form, json}(OptimumBelief{condition.parameter, condition.density});
    json.erase("about");
    return json;
}

Result<EnvironmentCondition> environmentFromJson(const JsonCursor& cursor, const Definition& definition,
                                                 JsonForm form) {
    ALIDADE_CHECK(cursor.checkKeys({"parameter", "density"}));
    EnvironmentCondition condition;
    ALIDADE_ASSIGN(const JsonCursor name, cursor.at("parameter"));
    ALIDADE_ASSIGN(condition.parameter, readParameter(name, definition, form));
    ALIDADE_ASSIGN(const JsonCursor density, cursor.at("density"));
    ALIDADE_ASSIGN(condition.density, readDensity(density));
    return condition;
}

Json beliefToJson(const Definition& definition, const Belief& belief, JsonForm form) {
    Json json;
    std::visit(ClaimWriter{definition, form, json}, belief.claim);
    if (belief.confidence != 1.0)
        json["confidence"] = belief.confidence;
    return json;
}

Result<Belief> beliefFromJson(const JsonCursor& cursor, const Definition& definition, JsonForm form) {
    Belief belief;
    ALIDADE_ASSIGN(belief.claim, ClaimReader(cursor, definition, form).read());
    ALIDADE_CHECK(readOptional(cursor, "confidence", belief.confidence, readNumber()));
    return belief;
}

} // namespace alidade
