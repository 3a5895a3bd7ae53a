#include "plots/cursor_item.h"

#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kGrip = 6.0;     // pixels at both sides
constexpr double kKeyStep = 0.01; // of the range
constexpr int kShiftFactor = 10;
} // namespace

CursorItem::CursorItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kCursor);
}

void CursorItem::setValue(double value) {
    m_value = value;
    updateGeometry();
}

void CursorItem::setStops(std::vector<double> stops) {
    m_stops = std::move(stops);
}

void CursorItem::setLocked(bool locked) {
    m_locked = locked;
    update();
}

void CursorItem::updateGeometry() {
    const double pixel = xAxis().toPixel(m_value);
    if (pixel == m_pixel)
        return;
    m_pixel = pixel;
    update();
}

double CursorItem::allowed(double value) const {
    if (m_stops.empty())
        return std::clamp(value, m_range.low, m_range.high);
    const double at = toAxis(xAxis().kind(), value);
    return *std::min_element(m_stops.begin(), m_stops.end(), [&](double a, double b) {
        return std::abs(toAxis(xAxis().kind(), a) - at) < std::abs(toAxis(xAxis().kind(), b) - at);
    });
}

void CursorItem::moveTo(double value) {
    const double next = allowed(value);
    if (next == m_value || !std::isfinite(next))
        return;
    setValue(next);
    emit moved(next);
}

bool CursorItem::canDrag(const QPointF& scenePosition) const {
    return !m_locked && std::isfinite(m_pixel) && std::abs(scenePosition.x() - m_pixel) <= kGrip;
}

void CursorItem::dragTo(const QPointF& scenePosition) {
    moveTo(xAxis().toValue(std::clamp(scenePosition.x(), plotRect().left(), plotRect().right())));
}

void CursorItem::dragEnded() {
    emit settled(m_value);
}

bool CursorItem::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    if (m_locked)
        return false;
    if (key == Qt::Key_Home || key == Qt::Key_End) {
        if (!(modifiers & Qt::ControlModifier))
            return false;
        moveTo(key == Qt::Key_Home ? m_range.low : m_range.high);
        emit settled(m_value);
        return true;
    }
    if (key != Qt::Key_Left && key != Qt::Key_Right)
        return false;
    const int steps = (key == Qt::Key_Right ? 1 : -1) * (modifiers & Qt::ShiftModifier ? kShiftFactor : 1);
    if (m_stops.empty()) {
        const AxisKind kind = xAxis().kind();
        const double low = toAxis(kind, m_range.low);
        const double high = toAxis(kind, m_range.high);
        moveTo(fromAxis(kind, toAxis(kind, m_value) + steps * kKeyStep * (high - low)));
    } else {
        const auto at = std::find(m_stops.begin(), m_stops.end(), allowed(m_value)) - m_stops.begin();
        const auto last = static_cast<std::ptrdiff_t>(m_stops.size()) - 1;
        moveTo(m_stops[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + steps, 0, last))]);
    }
    emit settled(m_value);
    return true;
}

void CursorItem::draw(QPainter* painter, QWidget*) {
    const QRectF rect = plotRect();
    if (!std::isfinite(m_pixel) || m_pixel < rect.left() || m_pixel > rect.right())
        return;
    const QColor color = theme().color(PlotRole::Cursor);
    painter->setPen(QPen(color, 1.6, Qt::DashLine, Qt::FlatCap));
    painter->drawLine(QPointF(m_pixel, rect.top()), QPointF(m_pixel, rect.bottom()));
    if (m_locked)
        return;
    // A grip says that it can be taken.
    painter->setPen(QPen(theme().background, 1.0));
    painter->setBrush(color);
    painter->drawPath(markerPath(MarkerShape::TriangleDown, 9.0).translated(m_pixel, rect.top() + 2.0));
}

} // namespace alidade
