#include "plots/mark_items.h"

#include "plots/clip.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kMarkSize = 8.0;
constexpr double kInset = 7.0;
constexpr double kHatchGap = 7.0;
} // namespace

BorderMarksItem::BorderMarksItem(PlotView& view, PlotRole role, MarkerShape shape, Border border)
    : ChartItem(view), m_role(role), m_shape(shape), m_border(border) {
    setZValue(PlotLayer::kPoints);
}

void BorderMarksItem::setMarks(std::vector<Mark> marks) {
    m_marks = std::move(marks);
    m_positions.assign(m_marks.size(), QPointF(std::nan(""), std::nan("")));
}

void BorderMarksItem::updateGeometry() {
    prepareGeometryChange();
    const double y = m_border == Border::Bottom ? plotRect().bottom() - kInset : plotRect().top() + kInset;
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        m_positions[i] = QPointF(xAxis().toPixel(m_marks[i].x), y);
}

DataBounds BorderMarksItem::bounds() const {
    DataBounds bounds;
    for (const Mark& mark : m_marks)
        if (std::isfinite(toAxis(xAxis().kind(), mark.x)))
            bounds.addX(mark.x);
    return bounds;
}

PlotHit BorderMarksItem::hitOf(std::size_t i) const {
    PlotHit hit;
    hit.anchor = m_positions[i];
    hit.key = m_marks[i].key;
    hit.x = m_marks[i].x;
    hit.y = std::nan("");
    hit.text = m_text ? m_text(m_marks[i]) : name() + QLatin1Char('\n') + xAxis().valueText(hit.x);
    return hit;
}

std::optional<PlotHit> BorderMarksItem::hitTest(const QPointF& scenePosition) const {
    std::optional<PlotHit> best;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const QPointF d = m_positions[i] - scenePosition;
        const double distance = std::max(0.0, std::hypot(d.x(), d.y()) - kMarkSize);
        if (!plotRect().contains(m_positions[i]) || (best && best->distance <= distance))
            continue;
        best = hitOf(i);
        best->distance = distance;
    }
    return best;
}

std::vector<PlotHit> BorderMarksItem::selectable() const {
    std::vector<PlotHit> hits;
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        if (m_marks[i].key != 0 && plotRect().contains(m_positions[i]))
            hits.push_back(hitOf(i));
    return hits;
}

std::vector<PlotRow> BorderMarksItem::rows() const {
    std::vector<PlotRow> rows;
    for (const Mark& mark : m_marks)
        rows.push_back({name(), mark.x, std::nan(""), std::nan(""), std::nan(""), mark.key});
    return rows;
}

int BorderMarksItem::legendCount() const {
    return m_marks.empty() ? 0 : ChartItem::legendCount();
}

void BorderMarksItem::drawMark(QPainter* painter, const QPointF& at) const {
    const QPainterPath path = markerPath(m_shape, kMarkSize).translated(at);
    if (isOpenMarker(m_shape)) {
        painter->setPen(QPen(theme().color(m_role), 2.0));
        painter->setBrush(Qt::NoBrush);
    } else {
        painter->setPen(QPen(theme().background, 0.8));
        painter->setBrush(theme().color(m_role));
    }
    painter->drawPath(path);
}

void BorderMarksItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    drawMark(painter, rect.center());
}

void BorderMarksItem::draw(QPainter* painter, QWidget*) {
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        if (!plotRect().contains(m_positions[i]))
            continue;
        drawMark(painter, m_positions[i]);
        if (m_marks[i].key != 0 && view().selectedKeys().contains(m_marks[i].key)) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(theme().color(PlotRole::Selected), 2.0));
            painter->drawEllipse(m_positions[i], kMarkSize - 1.0, kMarkSize - 1.0);
        }
    }
}

ShadeItem::ShadeItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kShade);
}

void ShadeItem::setIntervals(std::vector<Interval> intervals) {
    m_intervals = std::move(intervals);
}

void ShadeItem::updateGeometry() {
    prepareGeometryChange();
    m_rects.clear();
    for (const Interval& interval : m_intervals) {
        const double left = xAxis().toPixel(interval.low);
        const double right = xAxis().toPixel(interval.high);
        if (!std::isfinite(left) || !std::isfinite(right))
            continue;
        const QRectF rect = QRectF(QPointF(left, plotRect().top()), QPointF(right, plotRect().bottom()));
        if (rect.intersects(plotRect()))
            m_rects.push_back(rect.intersected(plotRect()));
    }
}

int ShadeItem::legendCount() const {
    return m_intervals.empty() ? 0 : ChartItem::legendCount();
}

void ShadeItem::hatch(QPainter* painter, const QRectF& rect) const {
    QColor wash = theme().shade;
    wash.setAlphaF(0.12F);
    painter->fillRect(rect, wash);
    painter->setPen(QPen(theme().shade, 1.0));
    // Lines at fixed places of the scene, so that neighbours join.
    const double first = std::floor((rect.left() - rect.height()) / kHatchGap) * kHatchGap;
    const auto count = static_cast<int>(std::ceil((rect.right() - first) / kHatchGap));
    for (int i = 0; i <= count; ++i) {
        const double x = first + i * kHatchGap;
        const QPolygonF line{{QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top())}};
        for (const QPolygonF& piece : clippedPolyline(line, rect))
            painter->drawPolyline(piece);
    }
}

void ShadeItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    hatch(painter, QRectF(rect.left(), rect.center().y() - 5.0, rect.width(), 10.0));
}

void ShadeItem::draw(QPainter* painter, QWidget*) {
    for (const QRectF& rect : m_rects)
        hatch(painter, rect);
}

LevelItem::LevelItem(PlotView& view, PlotRole role, Qt::PenStyle dash)
    : ChartItem(view), m_role(role), m_dash(dash) {
    setZValue(PlotLayer::kBand);
}

DataBounds LevelItem::bounds() const {
    DataBounds bounds;
    if (std::isfinite(toAxis(yAxis().kind(), m_y)))
        bounds.addY(m_y);
    return bounds;
}

std::vector<PlotRow> LevelItem::rows() const {
    return {{name(), std::nan(""), m_y, std::nan(""), std::nan(""), 0}};
}

std::optional<PlotHit> LevelItem::hitTest(const QPointF& scenePosition) const {
    const double y = yAxis().toPixel(m_y);
    if (!std::isfinite(y) || y < plotRect().top() || y > plotRect().bottom())
        return std::nullopt;
    PlotHit hit;
    hit.distance = std::abs(y - scenePosition.y()) + 4.0; // anything else near goes first
    hit.anchor = QPointF(scenePosition.x(), y);
    hit.y = m_y;
    hit.text = name() + QLatin1Char('\n') + yAxis().valueText(m_y);
    return hit;
}

void LevelItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    painter->setPen(QPen(theme().color(m_role), 1.4, m_dash));
    painter->drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
}

void LevelItem::draw(QPainter* painter, QWidget*) {
    const double y = yAxis().toPixel(m_y);
    if (!std::isfinite(y) || y < plotRect().top() || y > plotRect().bottom())
        return;
    painter->setPen(QPen(theme().color(m_role), 1.4, m_dash));
    painter->drawLine(QPointF(plotRect().left(), y), QPointF(plotRect().right(), y));
}

} // namespace alidade
