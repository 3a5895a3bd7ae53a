#pragma once

#include "base/ids.h"
#include "space/parameter.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace alidade {

/// Densities over one axis. `center` is in the parameter's (or objective's) own units; `spread` is a standard
/// deviation on the parameter's scale (natural-log units on a log scale).
struct NormalDensity {
    double center = 0.0;
    double spread = 1.0;
    bool operator==(const NormalDensity&) const = default;
};
struct UniformDensity {
    double low = 0.0;
    double high = 1.0;
    bool operator==(const UniformDensity&) const = default;
};
/// Beta density over the parameter's range (position on its scale).
struct BetaDensity {
    double alpha = 2.0;
    double beta = 2.0;
    bool operator==(const BetaDensity&) const = default;
};
/// Piecewise linear, x ascending in own units, heights >= 0, not all 0.
struct DrawnDensity {
    std::vector<double> x;
    std::vector<double> height;
    bool operator==(const DrawnDensity&) const = default;
};
/// Weights of choices by their text.
struct ChoiceWeights {
    std::map<std::string, double> weights;
    bool operator==(const ChoiceWeights&) const = default;
};
using Density = std::variant<NormalDensity, UniformDensity, BetaDensity, DrawnDensity, ChoiceWeights>;

struct OptimumBelief {
    ParameterId parameter;
    Density density;
    bool operator==(const OptimumBelief&) const = default;
};
struct BestValueBelief {
    MeasureId objective;
    Density density;
    bool operator==(const BestValueBelief&) const = default;
};
/// Partial settings: parameters not named are averaged over.
struct PreferenceBelief {
    Setting better;
    Setting worse;
    bool operator==(const PreferenceBelief&) const = default;
};

struct Belief {
    BeliefId id;
    std::variant<OptimumBelief, BestValueBelief, PreferenceBelief> claim;
    double confidence = 1.0; ///< in [0, 1]; 0 = no belief
    bool operator==(const Belief&) const = default;
};

} // namespace alidade
