#pragma once

#include "base/result.h"
#include "study/study.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace alidade {

using Json = nlohmann::ordered_json;

/// Parses JSON text; NaN and duplicate keys are refused; Syntax error with line and column. Nesting is
/// limited to 100 levels.
[[nodiscard]] Result<Json> parseJson(std::string_view text);

/// The study configuration of docs/configuration.md ("alidade": 1). Unknown keys are errors that name the key
/// and the nearest known one; the error's context is the JSON path ("parameters[2].low"). Ids are assigned in
/// order (parameters, constraints, measures, beliefs). The result passes validate().
[[nodiscard]] Result<Definition> definitionFromConfiguration(const Json& json);
/// The same from JSON text.
[[nodiscard]] Result<Definition> definitionFromText(std::string_view text);
/// Inverse; ids are not written. Keys with default values are left out.
[[nodiscard]] Json configurationFromDefinition(const Definition& definition);

/// Lossless forms with ids for the project file; accept definitions in mid-edit (not yet valid).
[[nodiscard]] Json definitionToJson(const Definition& definition);
[[nodiscard]] Result<Definition> definitionFromJson(const Json& json);

/// Value <-> JSON: numbers, strings, booleans; a mixture is an object of part -> share.
[[nodiscard]] Json valueToJson(const Parameter& parameter, const Value& value);
[[nodiscard]] Result<Value> valueFromJson(const Parameter& parameter, const Json& json,
                                          const std::string& path);

/// {name: value} in parameter order. Parsing checks names, ranges and, with `requireComplete`, that each
/// active parameter is present and constraints hold. `path` prefixes the context of errors.
[[nodiscard]] Json settingToJson(const SearchSpace& space, const Setting& setting);
[[nodiscard]] Result<Setting> settingFromJson(const SearchSpace& space, const Json& json,
                                              const std::string& path, bool requireComplete = true);

/// Numbers as JSON numbers, non-finite ones as "inf" and "-inf"; NaN is refused on reading, null on writing.
[[nodiscard]] Json numberToJson(double value);
[[nodiscard]] Result<double> numberFromJson(const Json& json, const std::string& path);

/// {id, state, origin, reason, parameters, values, noise_sd, failure, note, ...} as the protocol shows a
/// trial.
[[nodiscard]] Json trialToJson(const Definition& definition, const Trial& trial);

} // namespace alidade
