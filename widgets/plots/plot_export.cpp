#include "plots/plot_export.h"

#include <QBuffer>
#include <QFileInfo>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kScreenDpi = 96.0;
constexpr double kMmPerInch = 25.4;

QSizeF layoutSize(const PlotSource& plot, const PlotExportOptions& options) {
    if (options.sizeMm.isEmpty())
        return plot.plotSize();
    return options.sizeMm * (kScreenDpi / kMmPerInch);
}

PlotRendering rendering(const PlotExportOptions& options) {
    PlotRendering result;
    result.theme = options.dark ? darkPlotTheme() : lightPlotTheme();
    result.transparent = options.transparent;
    result.fontPixels = options.fontPoints * kScreenDpi / 72.0;
    return result;
}

QByteArray pdfBytes(PlotSource& plot, const PlotExportOptions& options) {
    const QSizeF size = layoutSize(plot, options);
    constexpr int kPdfDpi = 1200;
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kPdfDpi);
    writer.setPageSize(
        QPageSize(size * (72.0 / kScreenDpi), QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setTitle(options.description.isEmpty() ? plot.plotName() : options.description);
    writer.setCreator(QStringLiteral("Alidade"));
    QPainter painter(&writer);
    painter.scale(kPdfDpi / kScreenDpi, kPdfDpi / kScreenDpi);
    plot.render(painter, QRectF(QPointF(0, 0), size), rendering(options));
    painter.end();
    return buffer.data();
}

QByteArray pngBytes(PlotSource& plot, const PlotExportOptions& options) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    plotImage(plot, options).save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

QByteArray plotSvg(PlotSource& plot, const PlotExportOptions& options) {
    const QSizeF size = layoutSize(plot, options);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(kScreenDpi));
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(0, 0), size));
    generator.setTitle(options.description.isEmpty() ? plot.plotName() : options.description);
    generator.setDescription(QStringLiteral("Alidade"));
    QPainter painter(&generator);
    plot.render(painter, QRectF(QPointF(0, 0), size), rendering(options));
    painter.end();
    return buffer.data();
}

QImage plotImage(PlotSource& plot, const PlotExportOptions& options) {
    const QSizeF size = layoutSize(plot, options);
    const double scale = options.dpi / kScreenDpi;
    QImage image((size * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.scale(scale, scale);
    plot.render(painter, QRectF(QPointF(0, 0), size), rendering(options));
    painter.end();
    const int dotsPerMeter = static_cast<int>(std::lround(options.dpi / kMmPerInch * 1000.0));
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    return options.transparent ? image : image.convertToFormat(QImage::Format_RGB32);
}

Result<void> exportPlot(PlotSource& plot, const QString& path, const PlotExportOptions& options) {
    const std::string place = path.toStdString();
    const QSizeF size = layoutSize(plot, options);
    constexpr double kLargest = 20000.0;
    if (size.width() < 50.0 || size.height() < 50.0 || size.width() > kLargest || size.height() > kLargest)
        return makeError(ErrorCode::InvalidArgument, "the size must be between 13 mm and 5 m", place);
    if (!(options.dpi >= 50.0 && options.dpi <= 1200.0))
        return makeError(ErrorCode::InvalidArgument, "the resolution must be between 50 and 1200 dpi", place);

    const QString suffix = QFileInfo(path).suffix().toLower();
    QByteArray bytes;
    if (suffix == QLatin1String("svg"))
        bytes = plotSvg(plot, options);
    else if (suffix == QLatin1String("pdf"))
        bytes = pdfBytes(plot, options);
    else if (suffix == QLatin1String("png"))
        bytes = pngBytes(plot, options);
    else if (suffix == QLatin1String("csv"))
        bytes = toCsv(plot.table()).toUtf8();
    else
        return makeError(ErrorCode::Unsupported, "the file name must end in .svg, .pdf, .png or .csv", place);

    QSaveFile file(path);
    if (bytes.isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
        !file.commit())
        return makeError(ErrorCode::InputOutput,
                         bytes.isEmpty() ? "the picture could not be made" : file.errorString().toStdString(),
                         place);
    return {};
}

} // namespace alidade
