#pragma once

#include "base/ids.h"
#include "space/parameter.h"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace alidade {

/// Densities over one axis. For a parameter they are truncated to its range: what a density says beyond the
/// range is cut off, and the rest counts as 1. `center` is in the parameter's (or objective's) own units;
/// `spread` is a standard deviation on the parameter's scale (natural-log units on a log scale, log-odds on a
/// logit scale).
struct NormalDensity {
    double center = 0.0;
    double spread = 1.0;
    /// Truncates further, own units; nothing: only the parameter's range does.
    std::optional<double> low{};
    std::optional<double> high{};
    bool operator==(const NormalDensity&) const = default;
};
/// Flat between low and high on the parameter's scale.
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
/// "Not below low, not above high", and nothing more; at least one. Only for the best value.
struct ValueBounds {
    std::optional<double> low{};
    std::optional<double> high{};
    bool operator==(const ValueBounds&) const = default;
};
using Density =
    std::variant<NormalDensity, UniformDensity, BetaDensity, DrawnDensity, ChoiceWeights, ValueBounds>;

/// Where the optimum is, along one parameter. Beliefs about several parameters multiply.
struct OptimumBelief {
    ParameterId parameter;
    Density density;
    bool operator==(const OptimumBelief&) const = default;
};
/// How good the objective gets at its optimum (without noise).
struct BestValueBelief {
    MeasureId objective;
    Density density;
    bool operator==(const BestValueBelief&) const = default;
};
/// One setting is better than another in one objective. Partial settings: parameters not named are taken at
/// their defaults, or the middle of their scale.
struct PreferenceBelief {
    Setting better;
    Setting worse;
    MeasureId objective{}; ///< none: the first one
    bool operator==(const PreferenceBelief&) const = default;
};
/// The optimum is near one of these settings; parameters that a setting does not name may take any value.
/// `spread` is a standard deviation as a share of each parameter's range on its scale; a categorical
/// parameter has the named choice, or with the odds of 0.1 to 1 another one.
struct GoodPointsBelief {
    std::vector<Setting> points;
    double spread = 0.1;
    bool operator==(const GoodPointsBelief&) const = default;
};
/// The objective's value rises (or falls) along a numeric parameter between `from` and `to` (own units; the
/// ends of the range where absent), whatever the other parameters are.
struct TrendBelief {
    MeasureId objective;
    ParameterId parameter;
    bool rises = false;
    std::optional<double> from{};
    std::optional<double> to{};
    bool operator==(const TrendBelief&) const = default;
};

/// A claim and how sure the user is. `confidence` is the probability that the claim may be relied on; with
/// the rest of it, the belief says nothing: the density of functions becomes
///   confidence * (density given the claim) + (1 - confidence) * (density without it).
/// So 0 is no belief at all, and a belief below 1 can be overruled at bounded cost.
struct Belief {
    BeliefId id;
    std::variant<OptimumBelief, BestValueBelief, PreferenceBelief, GoodPointsBelief, TrendBelief> claim;
    double confidence = 1.0; ///< in [0, 1]
    bool operator==(const Belief&) const = default;
};

} // namespace alidade
