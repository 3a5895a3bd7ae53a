#pragma once

#include "base/result.h"
#include "plots/plot_source.h"

#include <QByteArray>
#include <QImage>
#include <QString>

namespace alidade {

struct PlotExportOptions {
    QSizeF sizeMm;           ///< empty: as on the screen, at 96 pixels per inch
    double dpi = 300.0;      ///< of PNG images, 50 ... 1200
    double fontPoints = 0.0; ///< 0: as on the screen
    bool dark = false;
    bool transparent = false;
    QString description; ///< title inside the file
};

/// Writes the plot (svg, pdf, png) or its data (csv) by the suffix of `path`. Replaces an existing file only
/// when the new one is complete. Errors: Unsupported (suffix), InvalidArgument (size, dpi), InputOutput.
[[nodiscard]] Result<void> exportPlot(PlotSource& plot, const QString& path,
                                      const PlotExportOptions& options);

/// The plot as an SVG file.
[[nodiscard]] QByteArray plotSvg(PlotSource& plot, const PlotExportOptions& options);

/// The plot as an image with the resolution of the options.
[[nodiscard]] QImage plotImage(PlotSource& plot, const PlotExportOptions& options);

} // namespace alidade
