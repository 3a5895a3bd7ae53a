#pragma once

#include "plots/palette.h"
#include "plots/plot_table.h"

#include <QRectF>
#include <QSizeF>
#include <QString>

class QPainter;

namespace alidade {

/// How a plot is drawn outside its window.
struct PlotRendering {
    PlotTheme theme = lightPlotTheme();
    bool transparent = false;
    double fontPixels = 0.0; ///< at 96 per inch; 0: as on the screen
};

/// Something that can be copied and exported: one plot or a grid of them.
class PlotSource {
public:
    PlotSource() = default;
    virtual ~PlotSource() = default;
    PlotSource(const PlotSource&) = delete;
    PlotSource& operator=(const PlotSource&) = delete;

    /// For file names: "history-loss".
    [[nodiscard]] virtual QString plotName() const = 0;
    /// As on the screen, in device-independent pixels (96 per inch).
    [[nodiscard]] virtual QSizeF plotSize() const = 0;
    [[nodiscard]] virtual PlotTable table() const = 0;
    /// Draws the same scene, laid out for the size of `target`.
    virtual void render(QPainter& painter, const QRectF& target, const PlotRendering& rendering) = 0;
};

} // namespace alidade
