#include "plots/handles_item.h"

#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_color.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kReach = 9.0; // pixels
constexpr double kHandleSize = 11.0;
constexpr double kHandleKeyStep = 4.0; // pixels
constexpr int kShiftFactor = 10;
} // namespace

HandlesItem::HandlesItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kCursor);
}

void HandlesItem::setHandles(std::vector<PlotHandle> handles) {
    m_handles = std::move(handles);
    if (m_active >= static_cast<int>(m_handles.size()))
        m_active = -1;
    update();
}

QPointF HandlesItem::scenePosition(std::size_t i) const {
    const PlotHandle& handle = m_handles[i];
    QPointF at = toScene(handle.x, handle.y);
    if (handle.atLeftBorder)
        at = {plotRect().left() + 0.5 * kHandleSize, yAxis().toPixel(handle.y)};
    return at;
}

int HandlesItem::handleAt(const QPointF& scenePosition) const {
    int best = -1;
    double nearest = kReach;
    for (std::size_t i = 0; i < m_handles.size(); ++i) {
        const QPointF distance = this->scenePosition(i) - scenePosition;
        const double length = std::hypot(distance.x(), distance.y());
        if (length <= nearest) { // later ones lie on top
            nearest = length;
            best = static_cast<int>(i);
        }
    }
    return best;
}

bool HandlesItem::canDrag(const QPointF& scenePosition) const {
    m_candidate = handleAt(scenePosition);
    m_candidateAt = scenePosition;
    return m_candidate >= 0;
}

void HandlesItem::dragTo(const QPointF& scenePosition) {
    if (!m_dragging) {
        if (m_candidate < 0 || m_candidate >= static_cast<int>(m_handles.size()))
            return;
        m_active = m_candidate;
        m_dragging = true;
        m_grabOffset = this->scenePosition(static_cast<std::size_t>(m_active)) - m_candidateAt;
    }
    if (m_active < 0)
        return;
    const PlotHandle handle = m_handles[static_cast<std::size_t>(m_active)];
    const QPointF at = scenePosition + m_grabOffset;
    const double x = handle.movesX ? xAxis().toValue(at.x()) : handle.x;
    const double y = handle.movesY ? yAxis().toValue(at.y()) : handle.y;
    if (std::isfinite(x) && std::isfinite(y))
        emit moved(m_active, x, y);
}

void HandlesItem::dragEnded() {
    m_dragging = false;
    emit settled();
    update();
}

void HandlesItem::moveBy(double dx, double dy) {
    const PlotHandle handle = m_handles[static_cast<std::size_t>(m_active)];
    const QPointF at(xAxis().toPixel(handle.x), yAxis().toPixel(handle.y));
    const double x = handle.movesX && dx != 0.0 ? xAxis().toValue(at.x() + dx) : handle.x;
    const double y = handle.movesY && dy != 0.0 ? yAxis().toValue(at.y() + dy) : handle.y;
    if (!std::isfinite(x) || !std::isfinite(y))
        return;
    emit moved(m_active, x, y);
    emit settled();
}

bool HandlesItem::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    const int count = static_cast<int>(m_handles.size());
    if (count == 0)
        return false;
    if (key == Qt::Key_Period || key == Qt::Key_Comma) {
        const int step = key == Qt::Key_Period ? 1 : -1;
        m_active = m_active < 0 ? (step > 0 ? 0 : count - 1) : (m_active + step + count) % count;
        update();
        return true;
    }
    if (m_active < 0)
        return false;
    const double pixels = kHandleKeyStep * (modifiers & Qt::ShiftModifier ? kShiftFactor : 1);
    switch (key) {
    case Qt::Key_Left: moveBy(-pixels, 0.0); return true;
    case Qt::Key_Right: moveBy(pixels, 0.0); return true;
    case Qt::Key_Up: moveBy(0.0, -pixels); return true;
    case Qt::Key_Down: moveBy(0.0, pixels); return true;
    case Qt::Key_Escape:
        m_active = -1;
        update();
        return true;
    default: return false;
    }
}

std::optional<PlotHit> HandlesItem::hitTest(const QPointF& scenePosition) const {
    const int index = handleAt(scenePosition);
    if (index < 0)
        return std::nullopt;
    const auto i = static_cast<std::size_t>(index);
    PlotHit hit;
    hit.distance = 0.0; // a handle wins against the line below it
    hit.anchor = this->scenePosition(i);
    hit.text = m_handles[i].text;
    hit.x = m_handles[i].x;
    hit.y = m_handles[i].y;
    return hit;
}

void HandlesItem::draw(QPainter* painter, QWidget* widget) {
    if (widget == nullptr)
        return; // an export shows the curves only
    const QColor color = seriesColor(m_series, theme());
    for (std::size_t i = 0; i < m_handles.size(); ++i) {
        const QPointF at = scenePosition(i);
        if (!std::isfinite(at.x()) || !std::isfinite(at.y()) ||
            !plotRect().adjusted(-1, -1, 1, 1).contains(at))
            continue;
        const PlotHandle& handle = m_handles[i];
        const bool active = static_cast<int>(i) == m_active;
        painter->setPen(QPen(active ? theme().text : color, active ? 2.2 : 1.8));
        painter->setBrush(theme().background);
        const MarkerShape shape = handle.atLeftBorder ? MarkerShape::Square
                                  : handle.movesX     ? MarkerShape::Circle
                                                      : MarkerShape::Diamond;
        painter->drawPath(markerPath(shape, kHandleSize).translated(at));
        // Short strokes say which way it moves.
        const double reach = 0.5 * kHandleSize + 4.0;
        if (handle.movesX) {
            painter->drawLine(at - QPointF(reach, 0), at - QPointF(reach - 3.0, 0));
            painter->drawLine(at + QPointF(reach - 3.0, 0), at + QPointF(reach, 0));
        }
        if (handle.movesY) {
            painter->drawLine(at - QPointF(0, reach), at - QPointF(0, reach - 3.0));
            painter->drawLine(at + QPointF(0, reach - 3.0), at + QPointF(0, reach));
        }
    }
}

} // namespace alidade

#include "moc_handles_item.cpp"
