#pragma once

#include <QColor>

namespace alidade {

struct PlotTheme;

/// seriesColor() of palette.h, darker or lighter where the background of the theme asks for it (3:1, on dark
/// grounds 4.5:1), hue kept.
[[nodiscard]] QColor seriesColor(int index, const PlotTheme& theme);

} // namespace alidade
