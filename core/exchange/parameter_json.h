#pragma once

#include "exchange/json_cursor.h"
#include "study/definition.h"

namespace alidade {

/// The configuration names things; the stored form refers by id and keeps values as they are, so that a
/// definition in the middle of an edit survives.
enum class JsonForm { Configuration, Stored };

/// Parts of the study configuration. Written forms leave out defaults; reading checks types and keys, not
/// ranges between fields (validate() does).

[[nodiscard]] Json parameterToJson(const SearchSpace& space, const Parameter& parameter, JsonForm form);
/// Conditions of a configuration are resolved by resolveConditions() once all parameters are known.
[[nodiscard]] Result<Parameter> parameterFromJson(const JsonCursor& cursor, JsonForm form);
/// Reads "when" of each parameter; `cursors` in the order of the space's parameters.
[[nodiscard]] Result<void> resolveConditions(SearchSpace& space, const std::vector<JsonCursor>& cursors);

[[nodiscard]] Json objectiveToJson(const Objective& objective);
[[nodiscard]] Result<Objective> objectiveFromJson(const JsonCursor& cursor, JsonForm form);
[[nodiscard]] Json outcomeConstraintToJson(const OutcomeConstraint& limit);
[[nodiscard]] Result<OutcomeConstraint> outcomeConstraintFromJson(const JsonCursor& cursor, JsonForm form);

[[nodiscard]] Json desirabilityToJson(const DesirabilityFunction& function);
[[nodiscard]] Result<DesirabilityFunction> desirabilityFromJson(const JsonCursor& cursor);

[[nodiscard]] Json beliefToJson(const Definition& definition, const Belief& belief, JsonForm form);
[[nodiscard]] Result<Belief> beliefFromJson(const JsonCursor& cursor, const Definition& definition,
                                            JsonForm form);

[[nodiscard]] Json environmentToJson(const Definition& definition, const EnvironmentCondition& condition,
                                     JsonForm form);
[[nodiscard]] Result<EnvironmentCondition> environmentFromJson(const JsonCursor& cursor,
                                                               const Definition& definition, JsonForm form);

[[nodiscard]] Json strategyToJson(const Strategy& strategy);
[[nodiscard]] Result<Strategy> strategyFromJson(const JsonCursor& cursor);
[[nodiscard]] Json runnerToJson(const RunnerConfiguration& runner);
[[nodiscard]] Result<RunnerConfiguration> runnerFromJson(const JsonCursor& cursor);
[[nodiscard]] Json fidelityToJson(const Fidelity& fidelity);
[[nodiscard]] Result<Fidelity> fidelityFromJson(const JsonCursor& cursor);

/// A plain value as JSON, and a JSON scalar as the value it spells.
[[nodiscard]] Json scalarToJson(const Value& value);
[[nodiscard]] Result<Value> scalarFromJson(const JsonCursor& cursor);
/// The same, with a list of numbers for shares.
[[nodiscard]] Result<Value> storedValueFromJson(const JsonCursor& cursor);

/// Reads an optional member into `target` with `read`; keeps `target` when it is absent.
template <typename T, typename Read>
[[nodiscard]] Result<void> readOptional(const JsonCursor& cursor, const std::string& key, T& target,
                                        Read read) {
    if (!cursor.has(key))
        return {};
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at(key));
    auto value = read(member);
    if (!value)
        return std::move(value).error();
    target = std::move(value).value();
    return {};
}

[[nodiscard]] inline auto readNumber() {
    return [](const JsonCursor& c) { return c.number(); };
}
[[nodiscard]] inline auto readString() {
    return [](const JsonCursor& c) { return c.string(); };
}
/// Whole number that fits an int.
[[nodiscard]] Result<int> readInt(const JsonCursor& cursor);

} // namespace alidade
