#pragma once

#include "study/definition.h"
#include "study/trial.h"

#include <optional>
#include <string>
#include <string_view>

namespace alidade {

/// Which slope: of a measure, along a parameter.
struct SlopeId {
    MeasureId measure;
    ParameterId parameter;
    bool operator==(const SlopeId&) const = default;
};

/// Slopes are measured along real parameters, stepped ones included: a share of a mixture cannot move alone,
/// and between whole numbers or choices there is nothing.
[[nodiscard]] bool hasSlopes(const Parameter& parameter);

/// How a slope is called where measures are columns or keys: "dloss/dlr". A measure of that very name comes
/// first; names of parameters have no slash.
[[nodiscard]] std::string slopeName(std::string_view measure, std::string_view parameter);

struct SlopeNames {
    std::string measure;
    std::string parameter;
};
/// Reads such a name; nothing when it is none (no slash, or not d.../d...).
[[nodiscard]] std::optional<SlopeNames> parseSlopeName(std::string_view name);

/// What such a name means in a study. Errors: UnknownName, InvalidArgument (the parameter is of a kind that
/// has no slopes); both with the remedy.
[[nodiscard]] Result<SlopeId> findSlope(const Definition& definition, const SlopeNames& names);

/// "nat/ms": the unit of a slope; empty where neither side has one.
[[nodiscard]] std::string slopeUnit(const Definition& definition, SlopeId slope);

/// Adds a slope to the measurements of a trial with this setting. Errors: InvalidArgument when the value is
/// not finite, the standard error negative or not finite, the measure has no finite value, or the parameter
/// is not active in the setting. The context is the slope's name.
[[nodiscard]] Result<void> addSlope(const Definition& definition, const Setting& setting, SlopeId id,
                                    const Slope& slope, Measurements& values);

} // namespace alidade
