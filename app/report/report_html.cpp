#include "plots/plot_export.h"
#include "report/report.h"
#include "report/report_parts.h"

#include <QRegularExpression>

namespace alidade {
namespace {

const char* const kStyle = R"(
:root { color-scheme: light; }
body { font: 11pt/1.45 "DejaVu Serif", Georgia, serif; color: #1a1a1a; background: #fff; max-width: 46em; margin: 2.5em auto; padding: 0 1.2em; }
h1 { font-size: 1.9em; line-height: 1.15; margin: 0 0 .1em; }
.subtitle { color: #5c5c5c; margin: 0 0 2em; }
h2 { font-size: 1.25em; margin: 2em 0 .5em; border-bottom: 1px solid #ccc; padding-bottom: .15em; }
h1, h2, th, figcaption, caption { font-family: "DejaVu Sans", Helvetica, Arial, sans-serif; }
table { border-collapse: collapse; width: 100%; margin: 1.2em 0; font-size: .86em; border-top: 1.5px solid #1a1a1a; border-bottom: 1.5px solid #1a1a1a; }
caption { caption-side: top; text-align: left; color: #333; padding-bottom: .4em; }
th { text-align: left; font-weight: 600; border-bottom: 1px solid #1a1a1a; }
th, td { padding: .25em .7em .25em 0; vertical-align: top; }
th.n, td.n { text-align: right; padding-right: 1.4em; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody tr + tr td { border-top: 1px solid #e4e4e4; }
figure { margin: 1.6em 0; text-align: center; }
figure svg { max-width: 100%; height: auto; }
figcaption, .code-caption { text-align: left; font-size: .84em; color: #333; font-family: "DejaVu Sans", Helvetica, Arial, sans-serif; }
pre { font: 8.5pt/1.35 "DejaVu Sans Mono", monospace; background: #f6f6f6; padding: .8em 1em; white-space: pre-wrap; overflow-wrap: anywhere; }
@page { size: A4; margin: 20mm; }
@media print {
  body { margin: 0; max-width: none; padding: 0; font-size: 10pt; }
  figure, tr { break-inside: avoid; }
  h2, caption, .code-caption { break-after: avoid; }
  thead { display: table-header-group; }
  pre { background: none; border: 1px solid #ccc; }
}
)";

/// An SVG file as an element of the page: no prologue, and names that no other picture uses.
QString inlineSvg(const QByteArray& file, int number) {
    QString svg = QString::fromUtf8(file);
    svg.remove(0, std::max<qsizetype>(0, svg.indexOf(QLatin1String("<svg"))));
    const QString prefix = QStringLiteral("f%1-").arg(number);
    static const QRegularExpression id(QStringLiteral("\\bid=\"([^\"]+)\""));
    static const QRegularExpression use(QStringLiteral("url\\(#([^)]+)\\)"));
    static const QRegularExpression link(QStringLiteral("href=\"#([^\"]+)\""));
    svg.replace(id, QStringLiteral("id=\"") + prefix + QStringLiteral("\\1\""));
    svg.replace(use, QStringLiteral("url(#") + prefix + QStringLiteral("\\1)"));
    svg.replace(link, QStringLiteral("href=\"#") + prefix + QStringLiteral("\\1\""));
    return svg;
}

struct Writer {
    QString html;
    int figures = 0;
    int tables = 0;

    void operator()(const ReportHeading& heading) {
        html += QStringLiteral("<h2>%1</h2>\n").arg(heading.text.toHtmlEscaped());
    }
    void operator()(const ReportText& paragraph) {
        html += QStringLiteral("<p>%1</p>\n").arg(paragraph.text.toHtmlEscaped());
    }
    void operator()(const ReportCode& code) {
        html += QStringLiteral("<p class=\"code-caption\">%1</p>\n<pre>%2</pre>\n")
                    .arg(code.caption.toHtmlEscaped(), code.text.toHtmlEscaped());
    }
    void operator()(const ReportTable& table) {
        const auto cell = [&table](const char* tag, qsizetype column, const QString& content) {
            const bool numeric = table.numeric[static_cast<std::size_t>(column)];
            return QStringLiteral("<%1%2>%3</%1>")
                .arg(QLatin1String(tag), QLatin1String(numeric ? " class=\"n\"" : ""),
                     content.toHtmlEscaped());
        };
        html += QStringLiteral("<table>\n<caption><b>%1.</b> %2</caption>\n<thead><tr>")
                    .arg(tableLabel(++tables), table.caption.toHtmlEscaped());
        for (qsizetype i = 0; i < table.header.size(); ++i)
            html += cell("th", i, table.header[i]);
        html += QStringLiteral("</tr></thead>\n<tbody>\n");
        for (const QStringList& row : table.rows) {
            html += QStringLiteral("<tr>");
            for (qsizetype i = 0; i < row.size(); ++i)
                html += cell("td", i, row[i]);
            html += QStringLiteral("</tr>\n");
        }
        html += QStringLiteral("</tbody>\n</table>\n");
    }
    void operator()(ReportFigure& figure) {
        MadePlot& plot = figure.prepare();
        ++figures;
        PlotExportOptions options;
        options.sizeMm = plot.sizeMm;
        options.description = figure.caption;
        html += QStringLiteral("<figure id=\"%1\">\n%2\n<figcaption><b>%3.</b> %4</figcaption>\n</figure>\n")
                    .arg(figure.name.toHtmlEscaped(), inlineSvg(plotSvg(*plot.source, options), figures),
                         figureLabel(figures), figure.caption.toHtmlEscaped());
    }
};

} // namespace

QByteArray reportHtml(Report& report) {
    Writer writer;
    for (ReportBlock& block : report.blocks)
        std::visit(writer, block);
    QString page =
        QStringLiteral("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                       "<meta name=\"generator\" content=\"Alidade\"/>\n<title>");
    page += report.title.toHtmlEscaped() + QStringLiteral("</title>\n<style>") + QLatin1String(kStyle) +
            QStringLiteral("</style>\n</head>\n<body>\n<h1>") + report.title.toHtmlEscaped() +
            QStringLiteral("</h1>\n<p class=\"subtitle\">") + report.subtitle.toHtmlEscaped() +
            QStringLiteral("</p>\n") + writer.html + QStringLiteral("</body>\n</html>\n");
    return page.toUtf8();
}

} // namespace alidade
