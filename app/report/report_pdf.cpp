// Pages are laid out here rather than by one QTextDocument, so that pictures stay vectors, captions stay with
// what they belong to and headings with what follows.
#include "report/report.h"
#include "report/report_parts.h"

#include <QBuffer>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>
#include <QTextOption>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace alidade {
namespace {

// In 1/96 inch, like the plots.
constexpr int kPdfDpi = 1200;
constexpr double kUnit = 96.0 / 25.4; // per millimetre
constexpr double kPageWidth = 210.0 * kUnit;
constexpr double kPageHeight = 297.0 * kUnit;
constexpr double kMargin = 20.0 * kUnit;
constexpr double kWidth = kPageWidth - 2.0 * kMargin;
constexpr double kHeight = kPageHeight - 2.0 * kMargin;
constexpr double kSmallestFigure = 0.78; // of its size, to fit on what is left of a page
constexpr double kCaptionGap = 6.0;
constexpr qsizetype kLinesAtOnce = 20;
constexpr int kNumberGap = 12; // behind right-aligned cells
constexpr int kTextGap = 8;

/// Something that stays in one piece on a page.
struct Piece {
    double height = 0.0;
    double gapBefore = 0.0;
    bool keepWithNext = false;
    std::function<void(QPainter&)> draw; ///< with the origin at its top left
    /// Drawn above it where it begins a page: the header of a table that goes on.
    double headHeight = 0.0;
    std::function<void(QPainter&)> drawHead = {};
    /// The same, smaller, for so much room; nothing where that would be too small.
    std::function<std::optional<Piece>(double)> shrunk = {};
};

QFont textFont(const char* family, double points) {
    QFont font(QString::fromLatin1(family));
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(points * 96.0 / 72.0))));
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

Piece htmlPiece(const QString& html, const QFont& font, double gapBefore, bool keepWithNext = false) {
    auto document = std::make_shared<QTextDocument>();
    document->setUseDesignMetrics(true);
    document->setDocumentMargin(0.0);
    document->setDefaultFont(font);
    document->setHtml(html);
    document->setTextWidth(kWidth);
    return {document->size().height(), gapBefore, keepWithNext,
            [document](QPainter& painter) { document->drawContents(&painter); }};
}

struct Layouter {
    std::vector<Piece> pieces;
    int figures = 0;
    int tables = 0;
    const QFont body = textFont("DejaVu Serif", 9.5);
    const QFont small = textFont("DejaVu Sans", 8.0);

    void rule(double width, double gap) {
        pieces.push_back({width, gap, true, [width](QPainter& painter) {
                              painter.fillRect(QRectF(0.0, 0.0, kWidth, width), QColor(0x1a, 0x1a, 0x1a));
                          }});
    }

    void operator()(const ReportHeading& heading) {
        pieces.push_back(htmlPiece(
            heading.text.toHtmlEscaped(),
            [] {
                QFont font = textFont("DejaVu Sans", 13.0);
                font.setBold(true);
                return font;
            }(),
            22.0, true));
    }
    void operator()(const ReportText& paragraph) {
        pieces.push_back(htmlPiece(paragraph.text.toHtmlEscaped(), body, 8.0));
    }
    void operator()(const ReportCode& code) {
        pieces.push_back(htmlPiece(code.caption.toHtmlEscaped(), small, 12.0, true));
        const QFont mono = textFont("DejaVu Sans Mono", 7.0);
        const QStringList lines = code.text.split(QLatin1Char('\n'));
        for (qsizetype i = 0; i < lines.size(); i += kLinesAtOnce)
            pieces.push_back(htmlPiece(
                QStringLiteral("<div style=\"white-space: pre-wrap\">%1</div>")
                    .arg(QStringList(lines.mid(i, kLinesAtOnce)).join(QLatin1Char('\n')).toHtmlEscaped()),
                mono, i == 0 ? 4.0 : 0.0));
    }
    void operator()(const ReportTable& table) {
        pieces.push_back(htmlPiece(
            QStringLiteral("<b>%1.</b> %2").arg(tableLabel(++tables), table.caption.toHtmlEscaped()), small,
            14.0, true));
        rule(1.3, 4.0);
        pieces.back().keepWithNext = true;
        addRows(table);
        rule(1.3, 2.0);
        pieces.back().keepWithNext = false;
    }
    /// Columns take the room that their longest text asks for, within reason.
    [[nodiscard]] std::vector<double> columnWidths(const ReportTable& table) const {
        QFont bold = small;
        bold.setBold(true);
        const QFontMetricsF metrics(small);
        const QFontMetricsF headings(bold);
        std::vector<double> wanted;
        for (qsizetype i = 0; i < table.header.size(); ++i) {
            double width = headings.horizontalAdvance(table.header[i]);
            for (const QStringList& row : table.rows)
                width = std::max(width, metrics.horizontalAdvance(row[i]));
            wanted.push_back(width + 18.0 + (table.numeric[static_cast<std::size_t>(i)] ? kNumberGap : 0));
        }
        double sum = 0.0;
        for (const double width : wanted)
            sum += width;
        if (sum <= kWidth)
            return wanted;
        // The widest shrink first.
        double cap = kWidth;
        for (int step = 0; step < 200 && sum > kWidth; ++step) {
            cap *= 0.97;
            sum = 0.0;
            for (const double width : wanted)
                sum += std::min(width, cap);
        }
        for (double& width : wanted)
            width = std::min(width, cap);
        return wanted;
    }
    void addRows(const ReportTable& table) {
        const std::vector<double> widths = columnWidths(table);
        double sum = 0.0;
        for (const double width : widths)
            sum += width;
        // Every row is a piece, so that a page is filled before the table goes on at the next one.
        const auto row = [&](const QStringList& cells, const char* tag) {
            QString html = QStringLiteral("<table width=\"%1\" cellspacing=\"0\" cellpadding=\"3\"><tr>")
                               .arg(static_cast<int>(sum));
            for (qsizetype i = 0; i < cells.size(); ++i) {
                const auto column = static_cast<std::size_t>(i);
                // Numbers end, and the text of the next column begins, at the same place without it.
                html += QStringLiteral("<%1 width=\"%2\" align=\"%3\" valign=\"top\" "
                                       "style=\"padding-right:%5px\">%4</%1>")
                            .arg(QLatin1String(tag))
                            .arg(static_cast<int>(widths[column]))
                            .arg(QLatin1String(table.numeric[column] ? "right" : "left"),
                                 cells[i].toHtmlEscaped())
                            .arg(table.numeric[column] ? kNumberGap : kTextGap);
            }
            return htmlPiece(html + QStringLiteral("</tr></table>"), small, 0.0, true);
        };
        const Piece header = row(table.header, "th");
        pieces.push_back(header);
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            Piece piece = row(table.rows[i], "td");
            // No row is alone at the end of a page or at the beginning of the next one.
            piece.keepWithNext = i == 0 || i + 2 >= table.rows.size();
            piece.headHeight = header.height + 1.3;
            piece.drawHead = [header](QPainter& painter) {
                painter.fillRect(QRectF(0.0, 0.0, kWidth, 1.3), QColor(0x1a, 0x1a, 0x1a));
                painter.translate(0.0, 1.3);
                header.draw(painter);
            };
            pieces.push_back(std::move(piece));
        }
    }
    [[nodiscard]] static Piece figurePiece(const std::shared_ptr<MadePlot>& plot, const Piece& caption,
                                           double scale) {
        const QSizeF size = plot->sizeMm * kUnit;
        const double height = size.height() * scale;
        Piece piece{height + kCaptionGap + caption.height, 16.0, false,
                    [plot, size, scale, height, caption](QPainter& painter) {
                        painter.save();
                        painter.translate(0.5 * (kWidth - size.width() * scale), 0.0);
                        painter.scale(scale, scale);
                        plot->source->render(painter, QRectF(QPointF(0, 0), size), PlotRendering{});
                        painter.restore();
                        painter.translate(0.0, height + kCaptionGap);
                        caption.draw(painter);
                    }};
        piece.shrunk = [plot, caption, scale, size](double room) -> std::optional<Piece> {
            const double smaller = (room - kCaptionGap - caption.height) / size.height();
            if (smaller < kSmallestFigure * scale || smaller >= scale)
                return std::nullopt;
            return figurePiece(plot, caption, smaller);
        };
        return piece;
    }
    void operator()(ReportFigure& figure) {
        figure.prepare();
        const Piece caption = htmlPiece(
            QStringLiteral("<b>%1.</b> %2").arg(figureLabel(++figures), figure.caption.toHtmlEscaped()),
            small, 0.0);
        const QSizeF size = figure.made->sizeMm * kUnit;
        const double most = kHeight - caption.height - 20.0;
        pieces.push_back(
            figurePiece(figure.made, caption, std::min({1.0, kWidth / size.width(), most / size.height()})));
    }
};

/// Pages of indices into the pieces, some of which become smaller.
std::vector<std::vector<std::size_t>> paginated(std::vector<Piece>& pieces) {
    std::vector<std::vector<std::size_t>> pages(1);
    double y = 0.0;
    for (std::size_t i = 0; i < pieces.size();) {
        std::size_t end = i + 1;
        double height = pieces[i].height;
        while (pieces[end - 1].keepWithNext && end < pieces.size() &&
               height + pieces[end].gapBefore + pieces[end].height <= kHeight) {
            height += pieces[end].gapBefore + pieces[end].height;
            ++end;
        }
        const double gap = pages.back().empty() ? 0.0 : pieces[i].gapBefore;
        if (y + gap + height > kHeight && !pages.back().empty()) {
            Piece& last = pieces[end - 1];
            const double others = height - last.height;
            const auto smaller =
                last.shrunk ? last.shrunk(kHeight - y - gap - others) : std::optional<Piece>();
            if (smaller) {
                const double gapBefore = last.gapBefore;
                last = *smaller;
                last.gapBefore = gapBefore;
                height = others + last.height;
            } else {
                pages.emplace_back();
                y = 0.0;
            }
        }
        y += pages.back().empty() ? pieces[i].headHeight : pieces[i].gapBefore;
        y += height;
        for (; i < end; ++i)
            pages.back().push_back(i);
    }
    return pages;
}

} // namespace

Result<QByteArray> reportPdf(Report& report) {
    Layouter layouter;
    QFont title = textFont("DejaVu Sans", 20.0);
    title.setBold(true);
    layouter.pieces.push_back(htmlPiece(report.title.toHtmlEscaped(), title, 0.0, true));
    layouter.pieces.push_back(htmlPiece(
        QStringLiteral("<span style=\"color:#5c5c5c\">%1</span>").arg(report.subtitle.toHtmlEscaped()),
        layouter.body, 2.0, true));
    for (ReportBlock& block : report.blocks)
        std::visit(layouter, block);
    const auto pages = paginated(layouter.pieces);

    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setResolution(kPdfDpi);
    pdf.setPageSize(QPageSize(QPageSize::A4));
    pdf.setPageMargins(QMarginsF(0, 0, 0, 0));
    pdf.setTitle(report.title);
    pdf.setCreator(QStringLiteral("Alidade"));
    QPainter painter(&pdf);
    painter.scale(kPdfDpi / 96.0, kPdfDpi / 96.0);
    for (std::size_t page = 0; page < pages.size(); ++page) {
        if (page > 0 && !pdf.newPage())
            return makeError(ErrorCode::InputOutput, "a page could not be written");
        double y = kMargin;
        for (std::size_t k = 0; k < pages[page].size(); ++k) {
            const Piece& piece = layouter.pieces[pages[page][k]];
            if (k == 0 && piece.drawHead) {
                painter.save();
                painter.translate(kMargin, y);
                piece.drawHead(painter);
                painter.restore();
                y += piece.headHeight;
            }
            y += k == 0 ? 0.0 : piece.gapBefore;
            painter.save();
            painter.translate(kMargin, y);
            piece.draw(painter);
            painter.restore();
            y += piece.height;
        }
        painter.setFont(layouter.small);
        painter.setPen(QColor(0x5c, 0x5c, 0x5c));
        const QRectF foot(kMargin, kPageHeight - 0.75 * kMargin, kWidth, 0.3 * kMargin);
        painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, report.title);
        painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter,
                         ReportTr::tr("%1 / %2").arg(page + 1).arg(pages.size()));
    }
    painter.end();
    return buffer.data();
}

} // namespace alidade
