#pragma once

#include "plots/axis_scale.h"
#include "space/search_space.h"

#include <cstddef>
#include <vector>

namespace alidade {

/// One axis along which a setting can be moved: a parameter, or one share of a mixture. Positions are
/// numbers: the value itself for reals, integers and shares, the index for choices.
struct ExploreAxis {
    ParameterId parameter;
    std::size_t part = 0; ///< of a mixture
    bool operator==(const ExploreAxis&) const = default;
    auto operator<=>(const ExploreAxis&) const = default;
};

/// In the order of the space; a mixture has one axis per part.
[[nodiscard]] std::vector<ExploreAxis> exploreAxes(const SearchSpace& space);

/// Title (name, or name.part), unit, scale and limits for a plot.
[[nodiscard]] AxisSpec axisSpec(const Parameter& parameter, const ExploreAxis& axis);

/// Position of a value on the axis.
[[nodiscard]] double axisPosition(const Parameter& parameter, const ExploreAxis& axis, const Value& value);

/// The nearest allowed value of the parameter with this position. For a share, `present` are the shares now:
/// the others keep their proportions as far as their bounds allow (the direction of Cox 1971).
[[nodiscard]] Value valueAtPosition(const Parameter& parameter, const ExploreAxis& axis, double position,
                                    const Value& present);

/// Positions to evaluate, ascending: all allowed ones when there are at most `count` (or of choices), else
/// `count` spread evenly over the scale.
[[nodiscard]] std::vector<double> axisPositions(const Parameter& parameter, const ExploreAxis& axis,
                                                int count);

/// Where a cursor may stand: all allowed positions of a discrete parameter with at most 2,000 of them, empty
/// for others.
[[nodiscard]] std::vector<double> axisStops(const Parameter& parameter, const ExploreAxis& axis);

/// Shown as separate positions with error bars instead of a line.
[[nodiscard]] bool isShownDiscrete(const Parameter& parameter);

/// `values` holds a value for every parameter, also for inactive ones (remembered for when they become
/// active). Fills in what is missing and mends what no longer fits the space.
[[nodiscard]] Setting fullValues(const SearchSpace& space, const Setting& values);

/// `values` with the axis moved to `position`.
[[nodiscard]] Setting movedValues(const SearchSpace& space, const Setting& values, const ExploreAxis& axis,
                                  double position);

} // namespace alidade
