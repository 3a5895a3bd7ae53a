#pragma once

#include "pareto/objectives.h"
#include "test_paths.h"

#include "base/rng.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace alidade::test {

inline nlohmann::json referenceValues() {
    return nlohmann::json::parse(readFile(dataPath("desirability_public.json")));
}

/// Number, or one of the strings "nan", "inf", "-inf".
inline double number(const nlohmann::json& value) {
    if (value.is_number())
        return value.get<double>();
    return std::strtod(value.get<std::string>().c_str(), nullptr);
}

inline Eigen::VectorXd vectorOf(const nlohmann::json& values) {
    Eigen::VectorXd vector(static_cast<Eigen::Index>(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
        vector[static_cast<Eigen::Index>(i)] = number(values[i]);
    return vector;
}

inline ObjectiveMatrix matrixOf(const nlohmann::json& rows) {
    const auto columns = rows.empty() ? 0 : rows[0].size();
    ObjectiveMatrix matrix(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns));
    for (std::size_t i = 0; i < rows.size(); ++i)
        matrix.row(static_cast<Eigen::Index>(i)) = vectorOf(rows[i]).transpose();
    return matrix;
}

/// Values in [0, 1), on a grid of `levels` values where that is positive, so that ties and copies occur.
inline ObjectiveMatrix randomPoints(Rng& rng, Eigen::Index count, Eigen::Index objectives, int levels = 0) {
    ObjectiveMatrix points(count, objectives);
    for (Eigen::Index i = 0; i < count; ++i) {
        for (Eigen::Index k = 0; k < objectives; ++k)
            points(i, k) = levels > 0
                               ? static_cast<double>(rng.below(static_cast<std::uint64_t>(levels))) / levels
                               : rng.uniform();
    }
    return points;
}

inline bool close(double actual, double expected, double relative, double absolute = 0.0) {
    if (std::isinf(expected) || std::isinf(actual))
        return actual == expected;
    return std::abs(actual - expected) <= absolute + relative * std::abs(expected);
}

} // namespace alidade::test
