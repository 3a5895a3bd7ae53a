#pragma once

#include "study/belief.h"

#include <vector>

namespace alidade {

/// A density of the optimum along one parameter, relative to knowing nothing: the ratio to the flat density
/// over the parameter's positions (its scale mapped to [0, 1]; choices: over the choices). A ratio of 1 says
/// nothing, its mean over the range is 1. Normal densities are truncated to the range (and their own ends)
/// and normalised inside. Valid densities of a known parameter only (study/belief_check.h).
class AxisDensity {
public:
    AxisDensity(const Parameter& parameter, const Density& density);

    /// log ratio at a value of the parameter, at least log 1e-12.
    [[nodiscard]] double logRatio(const Value& value) const;
    /// The same at a position in [0, 1]; for choices, of the nearest one.
    [[nodiscard]] double logRatioAt(double position) const;
    /// The value below which a share `u` in [0, 1) of the density lies: sampling by inversion.
    [[nodiscard]] Value quantile(double u) const;
    /// Where the density is largest.
    [[nodiscard]] Value mode() const;
    /// Whether it says nothing (a ratio of 1 everywhere within 1e-9).
    [[nodiscard]] bool flat() const { return m_flat; }

private:
    void tabulate();
    [[nodiscard]] double rawLogRatio(double position) const;

    Parameter m_parameter;
    std::vector<Value> m_choices;        ///< only for choices
    std::vector<double> m_logOfChoice;   ///< log ratio of each
    std::vector<double> m_cellPositions; ///< cells of the table for quantiles, m + 1 borders
    std::vector<double> m_cumulative;    ///< m + 1, from 0 to 1
    // Normal: centre and spread in positions, its truncation, and the log of the mass inside.
    double m_center = 0.5;
    double m_spread = 0.0; ///< 0: not a normal density
    double m_from = 0.0;
    double m_to = 1.0;
    double m_logNormaliser = 0.0;
    double m_alpha = 0.0; ///< 0: not a beta density
    double m_beta = 0.0;
    std::vector<double> m_knots; ///< drawn: positions and heights, normalised
    std::vector<double> m_heights;
    bool m_flat = false;
};

/// How long the parameter's range is on its scale: high - low, log(high / low), or the difference of
/// log-odds. A spread on the scale divided by it is a spread in positions. Numeric parameters only; 1
/// otherwise.
[[nodiscard]] double scaleWidth(const Parameter& parameter);

/// Position of a number along the scale, also outside the range (below 0, above 1): where a centre or an end
/// lies. On a log or logit scale the number must be inside the scale's domain; it is clipped to it otherwise.
[[nodiscard]] double scalePosition(const Parameter& parameter, double value);

/// The number at a position in [0, 1] of a numeric parameter, not rounded to a step.
[[nodiscard]] double numberAtPosition(const Parameter& parameter, double position);

inline constexpr double kLogRatioFloor = -27.631021115928547; ///< log 1e-12

} // namespace alidade
