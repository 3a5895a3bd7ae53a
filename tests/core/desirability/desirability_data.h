#pragma once

#include "desirability/desirability.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <string>

namespace alidade::test {

/// Read once and kept, so that parts of it can be iterated over.
inline const nlohmann::json& referenceValues() {
    static const nlohmann::json values =
        nlohmann::json::parse(readFile(dataPath("desirability_public.json")));
    return values;
}

/// Number, or one of the strings "nan", "inf", "-inf".
inline double number(const nlohmann::json& value) {
    if (value.is_number())
        return value.get<double>();
    return std::strtod(value.get<std::string>().c_str(), nullptr);
}

inline DesirabilityFunction functionOf(const std::string& kind, const nlohmann::json& parameters) {
    const auto get = [&](const char* key) { return parameters.at(key).get<double>(); };
    DesirabilityFunction function;
    if (kind == "max")
        function.shape = DesirabilityMax{get("low"), get("high"), get("scale")};
    else if (kind == "min")
        function.shape = DesirabilityMin{get("low"), get("high"), get("scale")};
    else if (kind == "target")
        function.shape =
            DesirabilityTarget{get("low"), get("target"), get("high"), get("low_scale"), get("high_scale")};
    else if (kind == "box")
        function.shape = DesirabilityBox{get("low"), get("high")};
    else if (kind == "arb")
        function.shape = DesirabilityCustom{parameters.at("x").get<std::vector<double>>(),
                                            parameters.at("d").get<std::vector<double>>()};
    else if (kind == "categorical")
        function.shape = DesirabilityCategories{parameters.at("values").get<std::map<std::string, double>>()};
    if (parameters.contains("tol"))
        function.tolerance = get("tol");
    return function;
}

inline DesirabilityFunction maxGoal(double low, double high, double scale = 1.0, double weight = 1.0) {
    return {DesirabilityMax{low, high, scale}, {}, {}, weight};
}

inline DesirabilityFunction targetGoal(double low, double target, double high, double lowScale = 1.0,
                                       double highScale = 1.0, double weight = 1.0) {
    return {DesirabilityTarget{low, target, high, lowScale, highScale}, {}, {}, weight};
}

inline DesirabilityFunction boxGoal(double low, double high) {
    return {DesirabilityBox{low, high}, {}, {}, 1.0};
}

inline bool close(double actual, double expected, double relative, double absolute = 0.0) {
    if (std::isnan(expected))
        return std::isnan(actual);
    if (std::isinf(expected) || std::isinf(actual))
        return actual == expected;
    return std::abs(actual - expected) <= absolute + relative * std::abs(expected);
}

} // namespace alidade::test
