#include "base/text.h"
#include "exchange/parameter_json.h"

namespace alidade {
namespace {

struct ShapeWriter {
    Json& json;

    void operator()(const DesirabilityMax& d) const { ramp("max", d.low, d.high, d.scale); }
    void operator()(const DesirabilityMin& d) const { ramp("min", d.low, d.high, d.scale); }
    void operator()(const DesirabilityTarget& d) const {
        json["shape"] = "target";
        json["low"] = d.low;
        json["target"] = d.target;
        json["high"] = d.high;
        json["low_scale"] = d.lowScale;
        json["high_scale"] = d.highScale;
    }
    void operator()(const DesirabilityBox& d) const {
        json["shape"] = "box";
        json["low"] = d.low;
        json["high"] = d.high;
    }
    void operator()(const DesirabilityCustom& d) const {
        json["shape"] = "custom";
        json["x"] = d.x;
        json["d"] = d.d;
    }
    void operator()(const DesirabilityCategories& d) const {
        json["shape"] = "categories";
        json["values"] = Json::object();
        for (const auto& [name, value] : d.values)
            json["values"][name] = value;
    }
    void ramp(const char* shape, double low, double high, double scale) const {
        json["shape"] = shape;
        json["low"] = low;
        json["high"] = high;
        if (scale != 1.0)
            json["scale"] = scale;
    }
};

const std::vector<std::string> kCommonKeys{"shape", "missing", "tolerance", "weight"};

Result<void> keys(const JsonCursor& cursor, std::vector<std::string> own) {
    own.insert(own.begin(), kCommonKeys.begin(), kCommonKeys.end());
    return cursor.checkKeys(own);
}

Result<double> requiredNumber(const JsonCursor& cursor, const std::string& key) {
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at(key));
    return member.number();
}

template <typename Ramp>
Result<DesirabilityShape> readRamp(const JsonCursor& cursor) {
    ALIDADE_CHECK(keys(cursor, {"low", "high", "scale"}));
    Ramp ramp;
    ALIDADE_ASSIGN(ramp.low, requiredNumber(cursor, "low"));
    ALIDADE_ASSIGN(ramp.high, requiredNumber(cursor, "high"));
    ALIDADE_CHECK(readOptional(cursor, "scale", ramp.scale, readNumber()));
    return DesirabilityShape{ramp};
}

Result<DesirabilityShape> readShape(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const JsonCursor place, cursor.at("shape"));
    ALIDADE_ASSIGN(const std::string shape, place.string());
    if (shape == "max")
        return readRamp<DesirabilityMax>(cursor);
    if (shape == "min")
        return readRamp<DesirabilityMin>(cursor);
    if (shape == "target") {
        ALIDADE_CHECK(keys(cursor, {"low", "target", "high", "low_scale", "high_scale"}));
        DesirabilityTarget target;
        ALIDADE_ASSIGN(target.low, requiredNumber(cursor, "low"));
        ALIDADE_ASSIGN(target.target, requiredNumber(cursor, "target"));
        ALIDADE_ASSIGN(target.high, requiredNumber(cursor, "high"));
        ALIDADE_CHECK(readOptional(cursor, "low_scale", target.lowScale, readNumber()));
        ALIDADE_CHECK(readOptional(cursor, "high_scale", target.highScale, readNumber()));
        return DesirabilityShape{target};
    }
    if (shape == "box") {
        ALIDADE_CHECK(keys(cursor, {"low", "high"}));
        DesirabilityBox box;
        ALIDADE_ASSIGN(box.low, requiredNumber(cursor, "low"));
        ALIDADE_ASSIGN(box.high, requiredNumber(cursor, "high"));
        return DesirabilityShape{box};
    }
    if (shape == "custom") {
        ALIDADE_CHECK(keys(cursor, {"x", "d"}));
        DesirabilityCustom custom;
        ALIDADE_ASSIGN(const JsonCursor x, cursor.at("x"));
        ALIDADE_ASSIGN(custom.x, x.numbers());
        ALIDADE_ASSIGN(const JsonCursor d, cursor.at("d"));
        ALIDADE_ASSIGN(custom.d, d.numbers());
        return DesirabilityShape{custom};
    }
    if (shape == "categories") {
        ALIDADE_CHECK(keys(cursor, {"values"}));
        DesirabilityCategories categories;
        ALIDADE_ASSIGN(const JsonCursor values, cursor.at("values"));
        ALIDADE_ASSIGN(const auto members, values.members());
        for (const auto& [name, value] : members) {
            ALIDADE_ASSIGN(categories.values[name], value.number());
        }
        return DesirabilityShape{categories};
    }
    return place.error("\"" + shape + "\" is not a desirability shape" +
                       didYouMean(shape, {"max", "min", "target", "box", "custom", "categories"}));
}

Result<Goal> readGoal(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    const std::string lower = lowerCase(text);
    if (lower == "minimize" || lower == "minimise")
        return Goal::Minimize;
    if (lower == "maximize" || lower == "maximise")
        return Goal::Maximize;
    return cursor.error("\"" + text + "\" is not a goal" + didYouMean(text, {"minimize", "maximize"}));
}

} // namespace

Json desirabilityToJson(const DesirabilityFunction& function) {
    Json json;
    std::visit(ShapeWriter{json}, function.shape);
    if (function.missing)
        json["missing"] = *function.missing;
    if (function.tolerance)
        json["tolerance"] = *function.tolerance;
    if (function.weight != 1.0)
        json["weight"] = function.weight;
    return json;
}

Result<DesirabilityFunction> desirabilityFromJson(const JsonCursor& cursor) {
    DesirabilityFunction function;
    ALIDADE_ASSIGN(function.shape, readShape(cursor));
    ALIDADE_CHECK(readOptional(cursor, "missing", function.missing, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "tolerance", function.tolerance, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "weight", function.weight, readNumber()));
    return function;
}

Json objectiveToJson(const Objective& objective) {
    Json json;
    json["name"] = objective.name;
    json["goal"] = goalName(objective.goal);
    if (!objective.unit.empty())
        json["unit"] = objective.unit;
    if (objective.reference)
        json["reference"] = *objective.reference;
    if (objective.knownOptimum)
        json["known_optimum"] = *objective.knownOptimum;
    if (objective.desirability)
        json["desirability"] = desirabilityToJson(*objective.desirability);
    return json;
}

Result<Objective> objectiveFromJson(const JsonCursor& cursor, JsonForm form) {
    std::vector<std::string> known{"name", "goal", "unit", "reference", "known_optimum", "desirability"};
    if (form == JsonForm::Stored)
        known.emplace_back("id");
    ALIDADE_CHECK(cursor.checkKeys(known));
    Objective objective;
    ALIDADE_ASSIGN(const JsonCursor name, cursor.at("name"));
    ALIDADE_ASSIGN(objective.name, name.string());
    ALIDADE_CHECK(readOptional(cursor, "goal", objective.goal, readGoal));
    ALIDADE_CHECK(readOptional(cursor, "unit", objective.unit, readString()));
    ALIDADE_CHECK(readOptional(cursor, "reference", objective.reference, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "known_optimum", objective.knownOptimum, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "desirability", objective.desirability, desirabilityFromJson));
    return objective;
}

Json outcomeConstraintToJson(const OutcomeConstraint& limit) {
    Json json;
    json["name"] = limit.name;
    if (limit.lower)
        json["lower"] = *limit.lower;
    if (limit.upper)
        json["upper"] = *limit.upper;
    if (!limit.unit.empty())
        json["unit"] = limit.unit;
    return json;
}

Result<OutcomeConstraint> outcomeConstraintFromJson(const JsonCursor& cursor, JsonForm form) {
    std::vector<std::string> known{"name", "lower", "upper", "unit"};
    if (form == JsonForm::Stored)
        known.emplace_back("id");
    ALIDADE_CHECK(cursor.checkKeys(known));
    OutcomeConstraint limit;
    ALIDADE_ASSIGN(const JsonCursor name, cursor.at("name"));
    ALIDADE_ASSIGN(limit.name, name.string());
    ALIDADE_CHECK(readOptional(cursor, "lower", limit.lower, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "upper", limit.upper, readNumber()));
    ALIDADE_CHECK(readOptional(cursor, "unit", limit.unit, readString()));
    return limit;
}

} // namespace alidade
