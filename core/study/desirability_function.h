#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace alidade {

/// Desirability functions as data (2503.23595; Derringer & Suich 1980); core/desirability evaluates them.
struct DesirabilityMax {
    double low = 0.0;
    double high = 1.0;
    double scale = 1.0;
    bool operator==(const DesirabilityMax&) const = default;
};
struct DesirabilityMin {
    double low = 0.0;
    double high = 1.0;
    double scale = 1.0;
    bool operator==(const DesirabilityMin&) const = default;
};
struct DesirabilityTarget {
    double low = 0.0;
    double target = 0.5;
    double high = 1.0;
    double lowScale = 1.0;
    double highScale = 1.0;
    bool operator==(const DesirabilityTarget&) const = default;
};
struct DesirabilityBox {
    double low = 0.0;
    double high = 1.0;
    bool operator==(const DesirabilityBox&) const = default;
};
struct DesirabilityCustom {
    std::vector<double> x;
    std::vector<double> d;
    bool operator==(const DesirabilityCustom&) const = default;
};
struct DesirabilityCategories {
    std::map<std::string, double> values;
    bool operator==(const DesirabilityCategories&) const = default;
};

using DesirabilityShape = std::variant<DesirabilityMax, DesirabilityMin, DesirabilityTarget, DesirabilityBox,
                                       DesirabilityCustom, DesirabilityCategories>;

struct DesirabilityFunction {
    DesirabilityShape shape;
    std::optional<double> missing; ///< desirability of a missing measurement; else the non-informative value
    std::optional<double> tolerance; ///< floor instead of 0, in [0, 1]
    double weight = 1.0;             ///< importance in the overall geometric mean, > 0
    bool operator==(const DesirabilityFunction&) const = default;
};

} // namespace alidade
