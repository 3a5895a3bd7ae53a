#include "study/slopes.h"

#include "base/text.h"

#include <cmath>

namespace alidade {

bool hasSlopes(const Parameter& parameter) {
    return std::holds_alternative<RealRange>(parameter.domain);
}

std::string slopeName(std::string_view measure, std::string_view parameter) {
    return "d" + std::string(measure) + "/d" + std::string(parameter);
}

std::optional<SlopeNames> parseSlopeName(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    if (!name.starts_with('d') || slash == std::string_view::npos || slash < 2)
        return std::nullopt;
    const std::string_view parameter = name.substr(slash + 1);
    if (!parameter.starts_with('d') || parameter.size() < 2)
        return std::nullopt;
    return SlopeNames{std::string(name.substr(1, slash - 1)), std::string(parameter.substr(1))};
}

Result<SlopeId> findSlope(const Definition& definition, const SlopeNames& names) {
    const std::string place = slopeName(names.measure, names.parameter);
    const auto measure = definition.findMeasure(names.measure);
    if (!measure)
        return makeError(ErrorCode::UnknownName,
                         "no objective or limit is called \"" + names.measure + "\"" +
                             didYouMean(names.measure, definition.measureNames()),
                         place);
    const Parameter* parameter = definition.space.find(names.parameter);
    if (!parameter)
        return makeError(ErrorCode::UnknownName,
                         "no parameter is called \"" + names.parameter + "\"" +
                             didYouMean(names.parameter, definition.space.names()),
                         place);
    if (!hasSlopes(*parameter))
        return makeError(ErrorCode::InvalidArgument,
                         "slopes are measured along real parameters; " + parameter->name + " is " +
                             std::string(kindName(parameter->domain)),
                         place);
    return SlopeId{*measure, parameter->id};
}

std::string slopeUnit(const Definition& definition, SlopeId slope) {
    const Parameter* parameter = definition.space.find(slope.parameter);
    const std::string measure = definition.measureUnit(slope.measure);
    const std::string by = parameter ? parameter->unit : std::string();
    if (by.empty())
        return measure;
    return (measure.empty() ? "1" : measure) + "/" +
           (by.find_first_of(" /*·") == std::string::npos ? by : "(" + by + ")");
}

Result<void> addSlope(const Definition& definition, const Setting& setting, SlopeId id, const Slope& slope,
                      Measurements& values) {
    const Parameter* parameter = definition.space.find(id.parameter);
    const std::string measure = definition.measureName(id.measure);
    const auto refuse = [&](const std::string& what) {
        return makeError(ErrorCode::InvalidArgument, what,
                         slopeName(measure, parameter ? parameter->name : "?"));
    };
    if (!std::isfinite(slope.value))
        return refuse("a slope is a finite number");
    if (slope.noiseSd && !(std::isfinite(*slope.noiseSd) && *slope.noiseSd >= 0.0))
        return refuse("a standard error is finite and at least 0");
    const auto value = values.find(id.measure);
    if (value == values.end() || !std::isfinite(value->second.value))
        return refuse("a slope belongs to a finite value of " + measure + "; report both");
    if (!parameter || !setting.contains(id.parameter))
        return refuse("the parameter is not active in this trial");
    value->second.slopes[id.parameter] = slope;
    return {};
}

} // namespace alidade
