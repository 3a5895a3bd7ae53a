#include "exchange/study_json.h"

#include "base/text.h"
#include "exchange/json_cursor.h"
#include "exchange/parameter_json.h"

#include <cmath>
#include <limits>
#include <set>

namespace alidade {
namespace {

constexpr int kMaximumDepth = 100;

/// Finds what the parser itself lets pass: duplicate keys and deep nesting.
class StrictnessCheck {
public:
    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kMaximumDepth)
            m_tooDeep = true;
        if (event == Json::parse_event_t::object_start)
            m_keys.emplace_back();
        else if (event == Json::parse_event_t::object_end)
            m_keys.pop_back();
        else if (event == Json::parse_event_t::key && !m_keys.empty() &&
                 !m_keys.back().insert(parsed.get<std::string>()).second && m_duplicate.empty())
            m_duplicate = parsed.get<std::string>();
        return true;
    }
    [[nodiscard]] const std::string& duplicate() const { return m_duplicate; }
    [[nodiscard]] bool tooDeep() const { return m_tooDeep; }

private:
    std::vector<std::set<std::string>> m_keys;
    std::string m_duplicate;
    bool m_tooDeep = false;
};

/// Nesting is limited before parsing: the parser's own recursion ends with the destructor of a deep tree.
bool nestedTooDeeply(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaximumDepth)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

Error syntaxError(std::string_view text, std::size_t byte, const std::string& what) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n' ? 1 : 0;
    }
    // The library's message repeats the place behind a prefix in brackets; keep its reason.
    const std::size_t reason = what.find(": ", what.find("column"));
    return makeError(ErrorCode::Syntax,
                     "not valid JSON: " + (reason == std::string::npos ? what : what.substr(reason + 2)),
                     "line " + std::to_string(line) + ", column " + std::to_string(column));
}

const std::vector<std::string> kTopKeys{"alidade",    "name",        "notes",      "seed",
                                        "parameters", "constraints", "objectives", "outcome_constraints",
                                        "beliefs",    "environment", "strategy",   "runner",
                                        "fidelity"};

template <typename Item, typename Read>
Result<std::vector<Item>> readList(const JsonCursor& cursor, const std::string& key, Read read) {
    std::vector<Item> result;
    if (!cursor.has(key))
        return result;
    ALIDADE_ASSIGN(const JsonCursor list, cursor.at(key));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, list.elements());
    for (const JsonCursor& item : items) {
        auto value = read(item);
        if (!value)
            return std::move(value).error();
        result.push_back(std::move(value).value());
    }
    return result;
}

/// The stored id, or the next free one.
template <typename ItemId>
Result<void> assignId(const JsonCursor& cursor, Definition& definition, ItemId& id, JsonForm form) {
    if (form == JsonForm::Configuration) {
        id.value = definition.nextId++;
        return {};
    }
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("id"));
    ALIDADE_ASSIGN(id.value, member.integer());
    if (!id.valid())
        return member.error("an id is above 0");
    return {};
}

Result<void> readSpace(const JsonCursor& cursor, Definition& definition, JsonForm form) {
    if (!cursor.has("parameters") && form == JsonForm::Stored)
        return {};
    ALIDADE_ASSIGN(const JsonCursor list, cursor.at("parameters"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, list.elements());
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(Parameter parameter, parameterFromJson(item, form));
        ALIDADE_CHECK(assignId(item, definition, parameter.id, form));
        definition.space.parameters.push_back(std::move(parameter));
    }
    if (form == JsonForm::Configuration) {
        ALIDADE_CHECK(resolveConditions(definition.space, items));
    }
    if (!cursor.has("constraints"))
        return {};
    ALIDADE_ASSIGN(const JsonCursor constraints, cursor.at("constraints"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> expressions, constraints.elements());
    for (const JsonCursor& item : expressions) {
        Constraint constraint;
        if (form == JsonForm::Stored) {
            ALIDADE_ASSIGN(const JsonCursor text, item.at("expression"));
            ALIDADE_ASSIGN(constraint.expression, text.string());
        } else {
            ALIDADE_ASSIGN(constraint.expression, item.string());
        }
        ALIDADE_CHECK(assignId(item, definition, constraint.id, form));
        definition.space.constraints.push_back(std::move(constraint));
    }
    return {};
}

Result<void> readSeed(const JsonCursor& cursor, Definition& definition) {
    if (!cursor.has("seed"))
        return {};
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("seed"));
    if (member.json().is_number_unsigned()) {
        definition.seed = member.json().get<std::uint64_t>();
        return {};
    }
    ALIDADE_ASSIGN(const std::int64_t seed, member.integer());
    if (seed < 0)
        return member.error("the seed is a whole number of at least 0");
    definition.seed = static_cast<std::uint64_t>(seed);
    return {};
}

Result<Definition> readDefinition(const JsonCursor& cursor, JsonForm form) {
    const bool stored = form == JsonForm::Stored;
    std::vector<std::string> keys = kTopKeys;
    if (stored)
        keys.emplace_back("next_id");
    ALIDADE_CHECK(cursor.checkKeys(keys));
    ALIDADE_ASSIGN(const JsonCursor version, cursor.at("alidade"));
    ALIDADE_ASSIGN(const std::int64_t number, version.integer());
    if (number != 1)
        return version.error("configuration version " + std::to_string(number) +
                                 " is not known; this version of Alidade reads version 1",
                             ErrorCode::Unsupported);
    Definition definition;
    ALIDADE_CHECK(readOptional(cursor, "name", definition.name, readString()));
    ALIDADE_CHECK(readOptional(cursor, "notes", definition.notes, readString()));
    ALIDADE_CHECK(readSeed(cursor, definition));
    ALIDADE_CHECK(readSpace(cursor, definition, form));
    ALIDADE_ASSIGN(
        definition.objectives,
        readList<Objective>(cursor, "objectives", [&](const JsonCursor& item) -> Result<Objective> {
            ALIDADE_ASSIGN(Objective objective, objectiveFromJson(item, form));
            ALIDADE_CHECK(assignId(item, definition, objective.id, form));
            return objective;
        }));
    ALIDADE_ASSIGN(definition.outcomeConstraints,
                   readList<OutcomeConstraint>(cursor, "outcome_constraints",
                                               [&](const JsonCursor& item) -> Result<OutcomeConstraint> {
                                                   ALIDADE_ASSIGN(OutcomeConstraint limit,
                                                                  outcomeConstraintFromJson(item, form));
                                                   ALIDADE_CHECK(assignId(item, definition, limit.id, form));
                                                   return limit;
                                               }));
    ALIDADE_ASSIGN(definition.beliefs,
                   readList<Belief>(cursor, "beliefs", [&](const JsonCursor& item) -> Result<Belief> {
                       ALIDADE_ASSIGN(Belief belief, beliefFromJson(item, definition, form));
                       ALIDADE_CHECK(assignId(item, definition, belief.id, form));
                       return belief;
                   }));
    ALIDADE_ASSIGN(definition.environment,
                   readList<EnvironmentCondition>(cursor, "environment", [&](const JsonCursor& item) {
                       return environmentFromJson(item, definition, form);
                   }));
    ALIDADE_CHECK(readOptional(cursor, "strategy", definition.strategy, strategyFromJson));
    ALIDADE_CHECK(readOptional(cursor, "runner", definition.runner, runnerFromJson));
    ALIDADE_CHECK(readOptional(cursor, "fidelity", definition.fidelity, fidelityFromJson));
    if (stored) {
        ALIDADE_ASSIGN(const JsonCursor next, cursor.at("next_id"));
        ALIDADE_ASSIGN(definition.nextId, next.integer());
    }
    return definition;
}

Json writeDefinition(const Definition& definition, JsonForm form) {
    const bool stored = form == JsonForm::Stored;
    Json json;
    json["alidade"] = 1;
    json["name"] = definition.name;
    if (!definition.notes.empty())
        json["notes"] = definition.notes;
    json["seed"] = definition.seed;
    const auto add = [&](Json& list, Json item, std::int64_t id) {
        if (stored)
            item["id"] = id;
        list.push_back(std::move(item));
    };
    json["parameters"] = Json::array();
    for (const Parameter& parameter : definition.space.parameters)
        add(json["parameters"], parameterToJson(definition.space, parameter, form), parameter.id.value);
    for (const Constraint& constraint : definition.space.constraints)
        json["constraints"].push_back(
            stored ? Json{{"expression", constraint.expression}, {"id", constraint.id.value}}
                   : Json(constraint.expression));
    json["objectives"] = Json::array();
    for (const Objective& objective : definition.objectives)
        add(json["objectives"], objectiveToJson(objective), objective.id.value);
    for (const OutcomeConstraint& limit : definition.outcomeConstraints)
        add(json["outcome_constraints"], outcomeConstraintToJson(limit), limit.id.value);
    for (const Belief& belief : definition.beliefs)
        add(json["beliefs"], beliefToJson(definition, belief, form), belief.id.value);
    for (const EnvironmentCondition& condition : definition.environment)
        json["environment"].push_back(environmentToJson(definition, condition, form));
    if (stored || definition.strategy != Strategy{})
        json["strategy"] = strategyToJson(definition.strategy);
    if (definition.runner)
        json["runner"] = runnerToJson(*definition.runner);
    if (definition.fidelity)
        json["fidelity"] = fidelityToJson(*definition.fidelity);
    if (stored)
        json["next_id"] = definition.nextId;
    return json;
}

} // namespace

Result<Json> parseJson(std::string_view text) {
    if (nestedTooDeeply(text))
        return makeError(ErrorCode::Syntax, "not valid JSON here: nested more than " +
                                                std::to_string(kMaximumDepth) + " levels deep");
    StrictnessCheck check;
    try {
        Json json = Json::parse(text.begin(), text.end(), std::ref(check));
        if (!check.duplicate().empty())
            return makeError(ErrorCode::Syntax, "the key \"" + check.duplicate() + "\" is there twice");
        return json;
    } catch (const Json::parse_error& failure) {
        return syntaxError(text, failure.byte, failure.what());
    } catch (const Json::exception& failure) {
        return makeError(ErrorCode::Syntax, std::string("not valid JSON: ") + failure.what());
    }
}

Result<Definition> definitionFromConfiguration(const Json& json) {
    ALIDADE_ASSIGN(Definition definition, readDefinition(JsonCursor(json, ""), JsonForm::Configuration));
    ALIDADE_CHECK(checkedDefinition(definition));
    return definition;
}

Result<Definition> definitionFromText(std::string_view text) {
    ALIDADE_ASSIGN(const Json json, parseJson(text));
    return definitionFromConfiguration(json);
}

Json configurationFromDefinition(const Definition& definition) {
    return writeDefinition(definition, JsonForm::Configuration);
}

Json definitionToJson(const Definition& definition) {
    return writeDefinition(definition, JsonForm::Stored);
}

Result<Definition> definitionFromJson(const Json& json) {
    return readDefinition(JsonCursor(json, ""), JsonForm::Stored);
}

Json numberToJson(double value) {
    if (std::isnan(value))
        return nullptr;
    if (std::isinf(value))
        return value > 0.0 ? "inf" : "-inf";
    return value;
}

Result<double> numberFromJson(const Json& json, const std::string& path) {
    return JsonCursor(json, path).extendedNumber();
}

Json valueToJson(const Parameter& parameter, const Value& value) {
    const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
    const auto* shares = std::get_if<std::vector<double>>(&value);
    if (!mixture || !shares)
        return scalarToJson(value);
    Json json = Json::object();
    for (std::size_t i = 0; i < mixture->parts.size() && i < shares->size(); ++i)
        json[mixture->parts[i]] = (*shares)[i];
    return json;
}

Result<Value> valueFromJson(const Parameter& parameter, const Json& json, const std::string& path) {
    const JsonCursor cursor(json, path);
    Value raw;
    if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
        ALIDADE_CHECK(cursor.checkKeys(mixture->parts));
        std::vector<double> shares;
        for (const std::string& part : mixture->parts) {
            ALIDADE_ASSIGN(const JsonCursor member, cursor.at(part));
            ALIDADE_ASSIGN(const double share, member.number());
            shares.push_back(share);
        }
        raw = std::move(shares);
    } else {
        ALIDADE_ASSIGN(raw, scalarFromJson(cursor));
        const bool numeric = std::holds_alternative<RealRange>(parameter.domain) ||
                             std::holds_alternative<IntegerRange>(parameter.domain);
        if (numeric && !json.is_number())
            return cursor.error("a number is needed here, not " + jsonTypeName(json),
                                ErrorCode::InvalidArgument);
    }
    auto checked = checkedValue(parameter, raw);
    if (!checked)
        return makeError(checked.error().code, checked.error().message, path);
    return checked;
}

Json settingToJson(const SearchSpace& space, const Setting& setting) {
    Json json = Json::object();
    for (const Parameter& parameter : space.parameters)
        if (const auto found = setting.find(parameter.id); found != setting.end())
            json[parameter.name] = valueToJson(parameter, found->second);
    return json;
}

Result<Setting> settingFromJson(const SearchSpace& space, const Json& json, const std::string& path,
                                bool requireComplete) {
    const JsonCursor cursor(json, path);
    ALIDADE_CHECK(cursor.checkKeys(space.names()));
    ALIDADE_ASSIGN(const auto members, cursor.members());
    Setting setting;
    for (const auto& [name, member] : members) {
        const Parameter* parameter = space.find(name);
        ALIDADE_ASSIGN(Value value, valueFromJson(*parameter, member.json(), member.path()));
        setting.emplace(parameter->id, std::move(value));
    }
    if (!requireComplete)
        return setting;
    auto checked = checkedSetting(space, setting);
    if (!checked) {
        Error error = std::move(checked).error();
        error.context = error.context.empty() ? path : cursor.pathOf(error.context);
        return error;
    }
    return checked;
}

Json trialToJson(const Definition& definition, const Trial& trial) {
    Json json;
    json["id"] = trial.id.value;
    json["state"] = stateName(trial.state);
    json["origin"] = originName(trial.origin);
    json["parameters"] = settingToJson(definition.space, trial.setting);
    Json values = Json::object();
    Json noise = Json::object();
    Json slopes = Json::object();
    Json slopeNoise = Json::object();
    for (const MeasureId id : definition.measures()) {
        const auto found = trial.values.find(id);
        if (found == trial.values.end())
            continue;
        const std::string name = definition.measureName(id);
        values[name] = numberToJson(found->second.value);
        if (found->second.noiseSd)
            noise[name] = numberToJson(*found->second.noiseSd);
        for (const Parameter& parameter : definition.space.parameters) {
            const auto slope = found->second.slopes.find(parameter.id);
            if (slope == found->second.slopes.end())
                continue;
            slopes[name][parameter.name] = numberToJson(slope->second.value);
            if (slope->second.noiseSd)
                slopeNoise[name][parameter.name] = numberToJson(*slope->second.noiseSd);
        }
    }
    json["values"] = std::move(values);
    if (!noise.empty())
        json["noise_sd"] = std::move(noise);
    if (!slopes.empty())
        json["slopes"] = std::move(slopes);
    if (!slopeNoise.empty())
        json["slope_noise_sd"] = std::move(slopeNoise);
    for (const StepReport& report : trial.steps) {
        Json step{{"step", numberToJson(report.step)}};
        for (const auto& [id, measurement] : report.values)
            step["values"][definition.measureName(id)] = numberToJson(measurement.value);
        json["steps"].push_back(std::move(step));
    }
    if (!trial.reason.empty())
        json["reason"] = trial.reason;
    if (!trial.failure.empty())
        json["failure"] = trial.failure;
    if (!trial.note.empty())
        json["note"] = trial.note;
    if (trial.excluded)
        json["excluded"] = true;
    return json;
}

} // namespace alidade
