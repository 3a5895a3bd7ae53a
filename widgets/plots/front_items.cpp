#include "plots/front_items.h"

#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kReferenceGrip = 10.0;
constexpr double kReferenceSize = 11.0;
constexpr double kReferenceKeyStep = 0.01; // of the visible range
constexpr double kReferenceFineStep = 0.001;
} // namespace

CrossBarsItem::CrossBarsItem(PlotView& view, PlotRole role) : ChartItem(view), m_role(role) {
    setZValue(PlotLayer::kLine - 1.0);
}

void CrossBarsItem::setCrosses(std::vector<Cross> crosses) {
    m_crosses = std::move(crosses);
}

void CrossBarsItem::updateGeometry() {
    prepareGeometryChange();
    m_lines.clear();
    const QRectF rect = plotRect();
    for (const Cross& cross : m_crosses) {
        const QPointF center = toScene(cross.x, cross.y);
        if (!rect.contains(center))
            continue;
        // A bar that leaves a logarithmic axis ends at its border.
        const auto end = [](double pixel, double border) { return std::isfinite(pixel) ? pixel : border; };
        if (cross.sdX > 0.0)
            m_lines.emplace_back(
                std::max(rect.left(), end(xAxis().toPixel(cross.x - cross.sdX), rect.left())), center.y(),
                std::min(rect.right(), end(xAxis().toPixel(cross.x + cross.sdX), rect.right())), center.y());
        if (cross.sdY > 0.0)
            m_lines.emplace_back(
                center.x(), std::min(rect.bottom(), end(yAxis().toPixel(cross.y - cross.sdY), rect.bottom())),
                center.x(), std::max(rect.top(), end(yAxis().toPixel(cross.y + cross.sdY), rect.top())));
    }
}

std::vector<PlotRow> CrossBarsItem::rows() const {
    std::vector<PlotRow> rows;
    for (const Cross& cross : m_crosses)
        rows.push_back({name(), cross.x, cross.y, cross.y - cross.sdY, cross.y + cross.sdY, cross.key});
    return rows;
}

int CrossBarsItem::legendCount() const {
    return m_crosses.empty() ? 0 : ChartItem::legendCount();
}

void CrossBarsItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    painter->setPen(QPen(theme().color(m_role), 1.2));
    painter->drawLine(rect.center() - QPointF(7, 0), rect.center() + QPointF(7, 0));
    painter->drawLine(rect.center() - QPointF(0, 6), rect.center() + QPointF(0, 6));
}

void CrossBarsItem::draw(QPainter* painter, QWidget*) {
    QColor color = theme().color(m_role);
    color.setAlphaF(0.7F);
    painter->setPen(QPen(color, 1.2, Qt::SolidLine, Qt::FlatCap));
    for (const QLineF& line : m_lines)
        painter->drawLine(line);
}

ReferenceItem::ReferenceItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kCursor);
    setName(PlotText::tr("reference point"));
}

void ReferenceItem::setPoint(std::optional<QPointF> point, bool inferred) {
    if (m_start)
        return; // the user holds it
    m_point = point;
    m_inferred = inferred;
    updateGeometry();
}

void ReferenceItem::updateGeometry() {
    prepareGeometryChange();
    m_position = m_point ? toScene(m_point->x(), m_point->y()) : QPointF(std::nan(""), std::nan(""));
    update();
}

DataBounds ReferenceItem::bounds() const {
    DataBounds bounds;
    if (m_point)
        bounds.add(m_start ? m_start->x() : m_point->x(), m_start ? m_start->y() : m_point->y());
    return bounds;
}

std::optional<PlotHit> ReferenceItem::hitTest(const QPointF& scenePosition) const {
    if (!m_point || !plotRect().contains(m_position))
        return std::nullopt;
    PlotHit hit;
    hit.distance =
        std::max(0.0, std::hypot(scenePosition.x() - m_position.x(), scenePosition.y() - m_position.y()) -
                          kReferenceSize);
    hit.anchor = m_position;
    hit.x = m_point->x();
    hit.y = m_point->y();
    hit.text = (m_inferred ? PlotText::tr("reference point, 10 % beyond the front (drag to choose)")
                           : PlotText::tr("reference point: worst values that count (drag)")) +
               QLatin1Char('\n') + readout(hit.x, hit.y);
    return hit;
}

std::vector<PlotRow> ReferenceItem::rows() const {
    if (!m_point)
        return {};
    return {{name(), m_point->x(), m_point->y(), std::nan(""), std::nan(""), 0}};
}

bool ReferenceItem::canDrag(const QPointF& scenePosition) const {
    return m_editable && m_point &&
           std::hypot(scenePosition.x() - m_position.x(), scenePosition.y() - m_position.y()) <=
               kReferenceGrip;
}

void ReferenceItem::dragTo(const QPointF& scenePosition) {
    if (m_cancelled || !m_point)
        return;
    const QRectF rect = plotRect();
    const QPointF next(xAxis().toValue(std::clamp(scenePosition.x(), rect.left(), rect.right())),
                       yAxis().toValue(std::clamp(scenePosition.y(), rect.top(), rect.bottom())));
    if (!m_start)
        m_start = m_point;
    if (next == *m_point)
        return;
    m_point = next;
    updateGeometry();
    emit moved(next);
}

void ReferenceItem::dragEnded() {
    const bool changed = m_start && m_point && *m_start != *m_point;
    m_start.reset();
    m_cancelled = false;
    if (changed)
        emit settled(*m_point, false);
}

bool ReferenceItem::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    if (!m_point)
        return false;
    if (key == Qt::Key_Escape && m_start) {
        m_point = m_start;
        m_start.reset();
        m_cancelled = true;
        updateGeometry();
        emit moved(*m_point);
        return true;
    }
    if (!m_editable || m_start || !(modifiers & Qt::ControlModifier))
        return false;
    const double step = modifiers & Qt::ShiftModifier ? kReferenceFineStep : kReferenceKeyStep;
    QPointF next = *m_point;
    const auto shifted = [step](const PlotAxis& axis, double value, double sign) {
        return fromAxis(axis.kind(), toAxis(axis.kind(), value) + sign * step * axis.range().span());
    };
    switch (key) {
    case Qt::Key_Left: next.setX(shifted(xAxis(), next.x(), -1.0)); break;
    case Qt::Key_Right: next.setX(shifted(xAxis(), next.x(), 1.0)); break;
    case Qt::Key_Down: next.setY(shifted(yAxis(), next.y(), -1.0)); break;
    case Qt::Key_Up: next.setY(shifted(yAxis(), next.y(), 1.0)); break;
    default: return false;
    }
    m_point = next;
    updateGeometry();
    emit settled(next, true);
    return true;
}

int ReferenceItem::legendCount() const {
    return m_point ? ChartItem::legendCount() : 0;
}

void ReferenceItem::drawMark(QPainter* painter, const QPointF& at) const {
    const QColor color = theme().color(PlotRole::Cursor);
    painter->setPen(QPen(color, 2.0));
    painter->setBrush(m_inferred ? theme().background : color);
    painter->drawPath(markerPath(MarkerShape::Square, kReferenceSize).translated(at));
}

void ReferenceItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    drawMark(painter, rect.center());
}

void ReferenceItem::draw(QPainter* painter, QWidget*) {
    if (!m_point || !std::isfinite(m_position.x()) || !std::isfinite(m_position.y()))
        return;
    const QRectF rect = plotRect();
    painter->setPen(QPen(theme().color(PlotRole::Cursor), 1.2, Qt::DotLine));
    if (m_position.x() >= rect.left() && m_position.x() <= rect.right())
        painter->drawLine(QPointF(m_position.x(), rect.top()), QPointF(m_position.x(), rect.bottom()));
    if (m_position.y() >= rect.top() && m_position.y() <= rect.bottom())
        painter->drawLine(QPointF(rect.left(), m_position.y()), QPointF(rect.right(), m_position.y()));
    if (rect.contains(m_position))
        drawMark(painter, m_position);
}

} // namespace alidade

#include "moc_front_items.cpp"
