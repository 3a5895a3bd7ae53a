#pragma once

#include "base/result.h"
#include "study/desirability_function.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace alidade {

/// A measured value as it reaches a desirability function: missing, a number, or a category.
using DesirabilityInput = std::variant<std::monostate, double, std::string>;

/// Checks limits (finite, strictly ordered), scales (finite, > 0), knots (at least two different x, none more
/// than twice, 0 <= d <= 1), levels (at least two, named, 0 <= d <= 1), missing and tolerance in [0, 1],
/// weight > 0. Error InvalidConfiguration; its context is the key in the study file ("low", "high_scale",
/// "x[2]", "values[\"red\"]", ...).
[[nodiscard]] Result<void> validateDesirability(const DesirabilityFunction& function);

/// One desirability function ready for evaluation: y (user's units) -> d in [0, 1]; Derringer & Suich 1980 in
/// the form of 2503.23595:
///     max     0 below low, ((y - low) / (high - low))^scale, 1 above high
///     min     1 below low, ((high - y) / (high - low))^scale, 0 above high
///     target  0 outside low..high, rising to 1 at target with low_scale, falling with high_scale
///     box     1 on low..high with both ends, 0 outside
///     custom  linear between the knots (sorted by x), the end values beyond them; a repeated x is a step,
///             whose value at x is that of the second knot
///     categories  the level's value
/// A scale above 1 demands more (d stays low until near the goal), below 1 less. A missing value gets
/// missingValue(). Last of all, values below the tolerance are raised to it.
class Desirability {
public:
    [[nodiscard]] static Result<Desirability> make(const DesirabilityFunction& function);

    [[nodiscard]] bool isCategorical() const { return !m_levels.empty(); }
    /// True for a box: it demands, but being inside earns nothing (see OverallDesirability).
    [[nodiscard]] bool isConstraint() const { return m_closedRight; }
    [[nodiscard]] double weight() const { return m_weight; }
    [[nodiscard]] double tolerance() const { return m_tolerance; }

    /// d for a missing value: what the function says, else the mean of d (without tolerance) over 100 equally
    /// spaced values of its range, ends included, or over the levels.
    [[nodiscard]] double missingValue() const { return m_missing; }

    /// d of a number; infinite y takes the limit, NaN is a missing value. NaN if the function is categorical.
    [[nodiscard]] double value(double y) const;
    /// d of any input. Errors: UnknownName (no such level), InvalidArgument (number for a categorical
    /// function or the reverse).
    [[nodiscard]] Result<double> value(const DesirabilityInput& input) const;
    /// value() of each element; equal lengths.
    void values(std::span<const double> y, std::span<double> d) const;

    /// dd/dy of value(): 0 on flat parts, below the tolerance and for a missing value. At kinks and steps the
    /// derivative from the right. For scales below 1 the slope at the zero is infinite; it is cut where the
    /// distance from the zero is below 1e-12 of the range.
    [[nodiscard]] double derivative(double y) const;

    /// Part of the function: (from, to) with d = u^exponent, u linear from `start` to `end`.
    struct Piece {
        double from;
        double to;
        double start;
        double end;
        double exponent;
    };
    /// The function as pieces over its range, without gaps and in order, and its values on both sides; before
    /// the tolerance. Empty if categorical.
    [[nodiscard]] std::span<const Piece> pieces() const { return m_pieces; }
    [[nodiscard]] double leftValue() const { return m_left; }
    [[nodiscard]] double rightValue() const { return m_right; }

private:
    Desirability() = default;
    [[nodiscard]] const Piece* pieceAt(double y) const;
    [[nodiscard]] double exactValue(double y) const;

    std::vector<Piece> m_pieces;
    std::map<std::string, double> m_levels;
    double m_left = 0.0;
    double m_right = 0.0;
    bool m_closedRight = false; // a box holds its right end, steps do not
    double m_missing = 0.0;
    double m_tolerance = 0.0;
    double m_weight = 1.0;
};

/// The scale that bends a max, min or one side of a target through desirability `d` at share `u` of the way
/// from the zero to the goal: ln d / ln u. Nothing unless u and d both lie strictly inside (0, 1).
[[nodiscard]] std::optional<double> scaleThrough(double u, double d);

} // namespace alidade
