#pragma once

#include "base/monitor.h"
#include "base/result.h"
#include "report/plot_catalog.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>
#include <variant>
#include <vector>

namespace alidade {

/// Parts of a report, in reading order. Texts are plain, translated.
struct ReportHeading {
    QString text;
};
struct ReportText {
    QString text;
};
struct ReportTable {
    QString caption;
    QStringList header;
    std::vector<QStringList> rows;
    std::vector<bool> numeric; ///< per column: right aligned
};
struct ReportFigure {
    QString name; ///< of the plot
    QString caption;
    PlotMaker maker;
    std::shared_ptr<MadePlot> made; ///< once prepared

    /// Makes the plot unless it is made. On the thread of the QApplication.
    MadePlot& prepare() {
        if (!made)
            made = std::make_shared<MadePlot>(maker());
        return *made;
    }
};
/// Text to copy: a configuration, commands.
struct ReportCode {
    QString caption;
    QString text;
};
using ReportBlock = std::variant<ReportHeading, ReportText, ReportTable, ReportFigure, ReportCode>;

struct Report {
    QString title;
    QString subtitle;
    std::vector<ReportBlock> blocks;
};

/// Everything worth knowing about a study: question, space, goals, beliefs, what was tried and found,
/// diagnostics, the recommended setting with its uncertainty, how to repeat it. Fits models, so it takes
/// seconds: for a worker thread. `path` of the project, if it has a file: earlier studies are sought beside
/// it, and the name of the file is told where it says how to repeat the study. Errors: Cancelled. What cannot
/// be said yet is said to be missing.
[[nodiscard]] Result<Report> makeReport(const std::shared_ptr<const Study>& study, const QString& path,
                                        const Monitor& monitor = {});

/// One self-contained file, pictures inside as SVG; prints well. On the thread of the QApplication.
[[nodiscard]] QByteArray reportHtml(Report& report);

/// A4 pages with vector pictures. On the thread of the QApplication. Errors: InputOutput.
[[nodiscard]] Result<QByteArray> reportPdf(Report& report);

/// .html or .pdf by the suffix of `path`; replaces an existing file only when the new one is complete.
/// Errors: Unsupported (suffix), InputOutput.
[[nodiscard]] Result<void> writeReport(Report& report, const QString& path);

/// The texts of a figure's number: "Figure 3".
[[nodiscard]] QString figureLabel(int number);
[[nodiscard]] QString tableLabel(int number);

} // namespace alidade
