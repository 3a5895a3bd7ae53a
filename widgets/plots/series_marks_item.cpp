#include "plots/series_marks_item.h"

#include "plots/plot_axis.h"
#include "plots/series_color.h"

#include <QPainter>

#include <cmath>

namespace alidade {

namespace {
constexpr double kSize = 10.0;
} // namespace

SeriesMarksItem::SeriesMarksItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kPoints);
}

DataBounds SeriesMarksItem::bounds() const {
    DataBounds bounds;
    for (const SeriesMark& mark : m_marks)
        if (std::isfinite(toAxis(xAxis().kind(), mark.x)) && std::isfinite(toAxis(yAxis().kind(), mark.y)))
            bounds.add(mark.x, mark.y);
    return bounds;
}

std::optional<PlotHit> SeriesMarksItem::hitTest(const QPointF& scenePosition) const {
    std::optional<PlotHit> best;
    for (const SeriesMark& mark : m_marks) {
        const QPointF at = toScene(mark.x, mark.y);
        const double distance = std::hypot(at.x() - scenePosition.x(), at.y() - scenePosition.y());
        if (!std::isfinite(distance) || distance > kSize || (best && distance > best->distance))
            continue;
        PlotHit hit;
        hit.distance = 0.1 * distance; // wins against the line it lies on
        hit.anchor = at;
        hit.text = mark.text + QLatin1Char('\n') + readout(mark.x, mark.y);
        hit.x = mark.x;
        hit.y = mark.y;
        best = hit;
    }
    return best;
}

std::vector<PlotRow> SeriesMarksItem::rows() const {
    std::vector<PlotRow> rows;
    for (const SeriesMark& mark : m_marks)
        rows.push_back({mark.text, mark.x, mark.y, std::nan(""), std::nan(""), 0});
    return rows;
}

void SeriesMarksItem::drawMark(QPainter* painter, const SeriesMark& mark, const QColor& color,
                               const QPointF& at) const {
    painter->setPen(QPen(mark.filled ? theme().background : color, mark.filled ? 1.2 : 2.0));
    painter->setBrush(mark.filled ? color : theme().background);
    painter->drawPath(markerPath(mark.shape, kSize).translated(at));
}

void SeriesMarksItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    if (!m_marks.empty())
        drawMark(painter, m_marks.front(), theme().mutedText, rect.center());
}

void SeriesMarksItem::draw(QPainter* painter, QWidget*) {
    for (const SeriesMark& mark : m_marks) {
        const QPointF at = toScene(mark.x, mark.y);
        if (std::isfinite(at.x()) && std::isfinite(at.y()) && plotRect().adjusted(-1, -1, 1, 1).contains(at))
            drawMark(painter, mark, seriesColor(mark.series, theme()), at);
    }
}

} // namespace alidade
