#pragma once

#include <QColor>
#include <QPainterPath>

#include <vector>

class QPalette;

namespace alidade {

/// Colours that stay distinct for colour-blind readers (Okabe & Ito), by number.
[[nodiscard]] QColor seriesColor(int index);

/// What a mark stands for. Plots ask for colours by role, so that one thing looks the same on every page.
enum class PlotRole {
    Mean,        ///< posterior mean and its interval
    Observed,    ///< a measurement without further distinction
    Best,        ///< incumbent, best so far, measured front
    Acquisition, ///< acquisition functions
    Feasibility, ///< probability of feasibility
    Failed,      ///< failed trials
    Infeasible,  ///< measured, but outside a limit
    Pending,     ///< waiting or running
    OriginManual,
    OriginImported,
    OriginInitial,
    OriginRandom,
    OriginModel,
    Selected, ///< ring around the selected trial
    Cursor    ///< the setting that is looked at
};
inline constexpr int kPlotRoleCount = static_cast<int>(PlotRole::Cursor) + 1;

/// Colours of one appearance. Plain value; plots hand it to their items.
struct PlotTheme {
    bool dark = false;
    QColor background;
    QColor text;
    QColor mutedText;
    QColor axis;
    QColor grid;
    QColor minorGrid;
    QColor shade; ///< hatching of regions that do not count
    QColor readout;

    /// At least 3:1 against the background (WCAG 2.1, 1.4.11), hue of the role kept.
    [[nodiscard]] QColor color(PlotRole role) const;
    bool operator==(const PlotTheme&) const = default;
};

[[nodiscard]] PlotTheme lightPlotTheme();
[[nodiscard]] PlotTheme darkPlotTheme();
/// Light or dark, whichever the widgets' palette is.
[[nodiscard]] PlotTheme plotThemeFor(const QPalette& palette);

/// Relative luminance (0 ... 1) and contrast ratio (1 ... 21) of WCAG 2.1.
[[nodiscard]] double relativeLuminance(const QColor& color);
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);

/// Marks that differ in shape besides colour.
enum class MarkerShape { Circle, Square, Diamond, TriangleUp, TriangleDown, Cross, Plus, Star, Dash };

/// Outline around (0, 0); `size` is the diameter of a circle of about the same area. Cross, Plus and Dash are
/// open (to be stroked).
[[nodiscard]] QPainterPath markerPath(MarkerShape shape, double size);
[[nodiscard]] bool isOpenMarker(MarkerShape shape);
[[nodiscard]] MarkerShape roleMarker(PlotRole role);

} // namespace alidade
