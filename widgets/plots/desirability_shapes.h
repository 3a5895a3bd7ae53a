#pragma once

#include "base/goal.h"
#include "study/desirability_function.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace alidade {

/// Editing of desirability functions by their handles: pure functions from a shape to a shape. Positions are
/// in the objective's unit, desirabilities in [0, 1].

enum class ShapeKind { Max, Min, Target, Box, Custom, Categories };
[[nodiscard]] ShapeKind shapeKind(const DesirabilityShape& shape);

/// A point of the curve that can be taken hold of.
struct DesirabilityHandle {
    enum class Kind {
        Low,
        Target,
        High,
        Bend,     ///< halfway between the limits (or below the target): sets the exponent
        HighBend, ///< the same above a target
        Knot,
        Level ///< x is the index of the level
    };
    Kind kind = Kind::Low;
    std::size_t index = 0; ///< of a knot or level
    double x = 0.0;
    double d = 0.0;
    bool operator==(const DesirabilityHandle&) const = default;
};

/// Ascending in x. Knots are taken in the order of their x.
[[nodiscard]] std::vector<DesirabilityHandle> desirabilityHandles(const DesirabilityShape& shape);

/// Exponents that a bend can reach; typed ones may go further.
inline constexpr double kLowestExponent = 0.1;
inline constexpr double kHighestExponent = 10.0;

/// The shape after handle number `handle` was brought to (x, d), as far as its neighbours allow: limits,
/// target and knots keep their order and stay at least `gap` (> 0) apart. A limit moves in x only, a bend and
/// a level in d only. An unknown number changes nothing.
[[nodiscard]] DesirabilityShape movedHandle(const DesirabilityShape& shape, std::size_t handle, double x,
                                            double d, double gap);

/// Custom shapes with one knot more or less; nothing when the place is taken (closer than `gap`), when the
/// shape is no custom one or has only two knots.
[[nodiscard]] std::optional<DesirabilityShape> withKnot(const DesirabilityShape& shape, double x, double d,
                                                        double gap);
[[nodiscard]] std::optional<DesirabilityShape> withoutKnot(const DesirabilityShape& shape,
                                                           std::size_t handle);

/// Lowest and highest position that the shape mentions; nothing for categories.
[[nodiscard]] std::optional<std::pair<double, double>> limitsOf(const DesirabilityShape& shape);

/// `shape` as one of another kind, keeping limits and exponents where both have them; a custom shape follows
/// the curve it replaces through five knots. `range` serves where `shape` has no limits.
[[nodiscard]] DesirabilityShape shapeAs(ShapeKind kind, const DesirabilityShape& shape,
                                        std::pair<double, double> range);

/// Where to begin: larger or smaller is better over the measured range; over 0 ... 1 without measurements.
[[nodiscard]] DesirabilityFunction firstDesirability(Goal goal,
                                                     std::optional<std::pair<double, double>> measured);

} // namespace alidade
