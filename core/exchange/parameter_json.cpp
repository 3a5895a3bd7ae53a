#include "exchange/parameter_json.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace alidade {
namespace {

constexpr std::array<std::pair<Scale, std::string_view>, 3> kScales{
    {{Scale::Linear, "linear"}, {Scale::Log, "log"}, {Scale::Logit, "logit"}}};

std::string scaleName(Scale scale) {
    for (const auto& [value, name] : kScales)
        if (value == scale)
            return std::string(name);
    return {};
}

Result<Scale> readScale(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    for (const auto& [value, name] : kScales)
        if (name == text)
            return value;
    return cursor.error("\"" + text + "\" is not a scale" + didYouMean(text, {"linear", "log", "logit"}));
}

Result<std::vector<Value>> readChoices(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, cursor.elements());
    std::vector<Value> choices;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(Value choice, scalarFromJson(item));
        choices.push_back(std::move(choice));
    }
    return choices;
}

std::vector<std::string> parameterKeys(std::vector<std::string> own, JsonForm form) {
    own.insert(own.begin(), {"name", "type", "unit", "default"});
    if (form == JsonForm::Stored)
        own.insert(own.end(), {"id", "conditions"});
    else
        own.emplace_back("when");
    return own;
}

Result<Domain> readReal(const JsonCursor& cursor, JsonForm form) {
    ALIDADE_CHECK(cursor.checkKeys(parameterKeys({"low", "high", "scale", "step"}, form)));
    RealRange range;
    ALIDADE_ASSIGN(const JsonCursor low, cursor.at("low"));
    ALIDADE_ASSIGN(range.low, low.number());
    ALIDADE_ASSIGN(const JsonCursor high, cursor.at("high"));
    ALIDADE_ASSIGN(range.high, high.number());
    ALIDADE_CHECK(readOptional(cursor, "scale", range.scale, readScale));
    ALIDADE_CHECK(readOptional(cursor, "step", range.step, readNumber()));
    return Domain{range};
}

Result<Domain> readInteger(const JsonCursor& cursor, JsonForm form) {
    ALIDADE_CHECK(cursor.checkKeys(parameterKeys({"low", "high", "scale", "step"}, form)));
    IntegerRange range;
    ALIDADE_ASSIGN(const JsonCursor low, cursor.at("low"));
    ALIDADE_ASSIGN(range.low, low.integer());
    ALIDADE_ASSIGN(const JsonCursor high, cursor.at("high"));
    ALIDADE_ASSIGN(range.high, high.integer());
    ALIDADE_CHECK(readOptional(cursor, "scale", range.scale, readScale));
    ALIDADE_CHECK(readOptional(cursor, "step", range.step, [](const JsonCursor& c) { return c.integer(); }));
    return Domain{range};
}

Result<Domain> readMixture(const JsonCursor& cursor, JsonForm form) {
    ALIDADE_CHECK(cursor.checkKeys(parameterKeys({"parts", "low", "high", "total"}, form)));
    MixtureParts mixture;
    ALIDADE_ASSIGN(const JsonCursor parts, cursor.at("parts"));
    ALIDADE_ASSIGN(mixture.parts, parts.strings());
    const auto list = [](const JsonCursor& c) { return c.numbers(); };
    ALIDADE_CHECK(readOptional(cursor, "low", mixture.low, list));
    ALIDADE_CHECK(readOptional(cursor, "high", mixture.high, list));
    ALIDADE_CHECK(readOptional(cursor, "total", mixture.total, readNumber()));
    return Domain{mixture};
}

struct DomainWriter {
    Json& json;

    template <typename Range>
    void range(const Range& r) const {
        json["low"] = r.low;
        json["high"] = r.high;
        if (r.scale != Scale::Linear)
            json["scale"] = scaleName(r.scale);
    }
    void operator()(const RealRange& r) const {
        range(r);
        if (r.step)
            json["step"] = *r.step;
    }
    void operator()(const IntegerRange& r) const {
        range(r);
        if (r.step != 1)
            json["step"] = r.step;
    }
    void choices(const std::vector<Value>& values) const {
        json["choices"] = Json::array();
        for (const Value& value : values)
            json["choices"].push_back(scalarToJson(value));
    }
    void operator()(const OrdinalChoices& c) const { choices(c.choices); }
    void operator()(const CategoricalChoices& c) const { choices(c.choices); }
    void operator()(const MixtureParts& m) const {
        json["parts"] = m.parts;
        if (!m.low.empty())
            json["low"] = m.low;
        if (!m.high.empty())
            json["high"] = m.high;
        if (m.total != 1.0)
            json["total"] = m.total;
    }
};

} // namespace

Json scalarToJson(const Value& value) {
    return std::visit([](const auto& v) { return Json(v); }, value);
}

Result<Value> scalarFromJson(const JsonCursor& cursor) {
    const Json& json = cursor.json();
    if (json.is_boolean())
        return Value{json.get<bool>()};
    if (json.is_string())
        return Value{json.get<std::string>()};
    if (json.is_number_integer()) {
        ALIDADE_ASSIGN(const std::int64_t integer, cursor.integer());
        return Value{integer};
    }
    if (json.is_number()) {
        ALIDADE_ASSIGN(const double number, cursor.number());
        return Value{number};
    }
    return cursor.error("a text, a number or true/false is needed here, not " + jsonTypeName(json));
}

Result<Value> storedValueFromJson(const JsonCursor& cursor) {
    if (!cursor.json().is_array())
        return scalarFromJson(cursor);
    ALIDADE_ASSIGN(std::vector<double> shares, cursor.numbers());
    return Value{std::move(shares)};
}

Result<int> readInt(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::int64_t value, cursor.integer());
    if (value < -1000000000 || value > 1000000000)
        return cursor.error("the number is too large");
    return static_cast<int>(value);
}

Json parameterToJson(const SearchSpace& space, const Parameter& parameter, JsonForm form) {
    Json json;
    json["name"] = parameter.name;
    json["type"] = kindName(parameter.domain);
    std::visit(DomainWriter{json}, parameter.domain);
    if (!parameter.unit.empty())
        json["unit"] = parameter.unit;
    if (parameter.defaultValue)
        json["default"] = form == JsonForm::Stored ? scalarToJson(*parameter.defaultValue)
                                                   : valueToJson(parameter, *parameter.defaultValue);
    for (const Condition& condition : parameter.conditions) {
        Json values = Json::array();
        for (const Value& value : condition.values)
            values.push_back(scalarToJson(value));
        if (form == JsonForm::Stored)
            json["conditions"].push_back(
                Json{{"parent", condition.parent.value}, {"values", std::move(values)}});
        else if (const Parameter* parent = space.find(condition.parent))
            json["when"][parent->name] = std::move(values);
    }
    return json;
}

Result<Parameter> parameterFromJson(const JsonCursor& cursor, JsonForm form) {
    Parameter parameter;
    ALIDADE_ASSIGN(const JsonCursor name, cursor.at("name"));
    ALIDADE_ASSIGN(parameter.name, name.string());
    ALIDADE_ASSIGN(const JsonCursor type, cursor.at("type"));
    ALIDADE_ASSIGN(const std::string kind, type.string());
    if (kind == "real") {
        ALIDADE_ASSIGN(parameter.domain, readReal(cursor, form));
    } else if (kind == "integer") {
        ALIDADE_ASSIGN(parameter.domain, readInteger(cursor, form));
    } else if (kind == "ordinal" || kind == "categorical") {
        ALIDADE_CHECK(cursor.checkKeys(parameterKeys({"choices"}, form)));
        ALIDADE_ASSIGN(const JsonCursor choices, cursor.at("choices"));
        ALIDADE_ASSIGN(std::vector<Value> values, readChoices(choices));
        if (kind == "ordinal")
            parameter.domain = OrdinalChoices{std::move(values)};
        else
            parameter.domain = CategoricalChoices{std::move(values)};
    } else if (kind == "mixture") {
        ALIDADE_ASSIGN(parameter.domain, readMixture(cursor, form));
    } else {
        return type.error("\"" + kind + "\" is not a parameter type" +
                          didYouMean(kind, {"real", "integer", "ordinal", "categorical", "mixture"}));
    }
    ALIDADE_CHECK(readOptional(cursor, "unit", parameter.unit, readString()));
    if (form == JsonForm::Configuration) {
        // Before the default is read against a range that makes no sense.
        if (const auto checked = validate(parameter); !checked)
            return makeError(checked.error().code, checked.error().message,
                             cursor.pathOf(checked.error().context));
    }
    ALIDADE_CHECK(readOptional(cursor, "default", parameter.defaultValue, [&](const JsonCursor& member) {
        return form == JsonForm::Stored ? storedValueFromJson(member)
                                        : valueFromJson(parameter, member.json(), member.path());
    }));
    if (form == JsonForm::Configuration || !cursor.has("conditions"))
        return parameter;
    ALIDADE_ASSIGN(const JsonCursor conditions, cursor.at("conditions"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, conditions.elements());
    for (const JsonCursor& item : items) {
        Condition condition;
        ALIDADE_ASSIGN(const JsonCursor parent, item.at("parent"));
        ALIDADE_ASSIGN(condition.parent.value, parent.integer());
        ALIDADE_ASSIGN(const JsonCursor values, item.at("values"));
        ALIDADE_ASSIGN(condition.values, readChoices(values));
        parameter.conditions.push_back(std::move(condition));
    }
    return parameter;
}

Result<void> resolveConditions(SearchSpace& space, const std::vector<JsonCursor>& cursors) {
    for (std::size_t i = 0; i < cursors.size(); ++i) {
        if (!cursors[i].has("when"))
            continue;
        ALIDADE_ASSIGN(const JsonCursor when, cursors[i].at("when"));
        ALIDADE_ASSIGN(const auto members, when.members());
        for (const auto& [name, list] : members) {
            const Parameter* parent = space.find(name);
            if (!parent)
                return list.error("unknown parameter \"" + name + "\"" + didYouMean(name, space.names()));
            Condition condition;
            condition.parent = parent->id;
            ALIDADE_ASSIGN(const std::vector<Value> values, readChoices(list));
            for (const Value& value : values) {
                // The declared spelling of the value, so that equal settings are equal values.
                const auto checked = checkedValue(*parent, value);
                condition.values.push_back(checked ? *checked : value);
            }
            space.parameters[i].conditions.push_back(std::move(condition));
        }
    }
    return {};
}

} // namespace alidade
