#include "plots/plot_axis.h"
#include "plots/plot_frame.h"
#include "plots/plot_view.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QGraphicsRectItem>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kReach = 12.0;           // pixels within which the pointer reads a thing
constexpr double kDragThreshold = 4.0;    // a shorter move is a click
constexpr double kWheelStep = 1.2;        // zoom per notch
constexpr qint64 kWheelPauseMs = 600;     // notches within this time are one step of the history
constexpr double kKeyPan = 0.1;           // of the visible range
constexpr std::size_t kHistoryLimit = 50; // views
} // namespace

void PlotView::showRange(const PlotRange& range) {
    m_xAxis->setRange(range.x);
    m_yAxis->setRange(range.y);
    m_zoomed = !(this->range() == m_home);
    layoutPlot(QSizeF(size()));
}

void PlotView::remember() {
    m_back.push_back(range());
    if (m_back.size() > kHistoryLimit)
        m_back.erase(m_back.begin());
    m_forward.clear();
}

void PlotView::zoomTo(const PlotRange& range) {
    remember();
    showRange(range);
    emit rangeChanged();
}

void PlotView::follow(const PlotRange& range, bool zoomed) {
    if (!zoomed) {
        m_zoomed = false;
        showRange(m_home);
        return;
    }
    showRange(range);
}

void PlotView::resetZoom() {
    if (!m_zoomed)
        return;
    remember();
    showRange(m_home);
    emit rangeChanged();
}

void PlotView::goBack() {
    if (m_back.empty())
        return;
    m_forward.push_back(range());
    const PlotRange target = m_back.back();
    m_back.pop_back();
    showRange(target);
    emit rangeChanged();
}

void PlotView::goForward() {
    if (m_forward.empty())
        return;
    m_back.push_back(range());
    const PlotRange target = m_forward.back();
    m_forward.pop_back();
    showRange(target);
    emit rangeChanged();
}

void PlotView::zoomBy(double factor, const QPointF& center) {
    const auto scaled = [factor](const PlotAxis& axis, double pixel) {
        const AxisRange range = axis.range();
        if (axis.kind() == AxisKind::Category)
            return range;
        const double fixed = axis.coordinateOfPixel(pixel);
        return AxisRange{fixed + (range.low - fixed) / factor, fixed + (range.high - fixed) / factor};
    };
    showRange({scaled(*m_xAxis, center.x()), scaled(*m_yAxis, center.y())});
    emit rangeChanged();
}

void PlotView::panBy(const QPointF& pixels) {
    const auto moved = [](const PlotAxis& axis, double distance) {
        const double shift = axis.coordinateOfPixel(0.0) - axis.coordinateOfPixel(distance);
        const AxisRange range = axis.range();
        return axis.kind() == AxisKind::Category ? range : AxisRange{range.low + shift, range.high + shift};
    };
    showRange({moved(*m_xAxis, pixels.x()), moved(*m_yAxis, pixels.y())});
    emit rangeChanged();
}

ChartItem* PlotView::draggableAt(const QPointF& position) const {
    for (auto it = m_items.rbegin(); it != m_items.rend(); ++it)
        if ((*it)->isVisible() && (*it)->canDrag(position))
            return *it;
    return nullptr;
}

std::optional<PlotHit> PlotView::hitAt(const QPointF& position) const {
    if (!m_message.isEmpty() || !m_plotRect.adjusted(-kReach, -kReach, kReach, kReach).contains(position))
        return std::nullopt;
    std::optional<PlotHit> best;
    for (const ChartItem* item : m_items) {
        if (!item->isVisible())
            continue;
        auto hit = item->hitTest(position);
        if (hit && hit->distance <= kReach && (!best || hit->distance <= best->distance))
            best = std::move(hit);
    }
    return best;
}

void PlotView::mousePressEvent(QMouseEvent* event) {
    const QPointF position = mapToScene(event->pos());
    m_pressPosition = m_lastPosition = position;
    m_gesture = Gesture::None;
    m_dragged = nullptr;
    event->accept();
    if (event->button() == Qt::BackButton)
        return goBack();
    if (event->button() == Qt::ForwardButton)
        return goForward();
    const bool pan = event->button() == Qt::MiddleButton ||
                     (event->button() == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier));
    if (event->button() == Qt::LeftButton && m_legend->toggleAt(position)) {
        event->accept();
        return;
    }
    if (!m_message.isEmpty() || !m_plotRect.contains(position)) {
        event->ignore();
        return;
    }
    if (event->button() == Qt::LeftButton && !pan) {
        m_dragged = draggableAt(position);
        m_gesture = m_dragged ? Gesture::DragItem : Gesture::Press;
    } else if (pan) {
        remember();
        m_gesture = Gesture::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
    event->accept();
}

void PlotView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF position = mapToScene(event->pos());
    switch (m_gesture) {
    case Gesture::None:
        viewport()->setCursor(draggableAt(position) && m_plotRect.contains(position) ? Qt::SplitHCursor
                                                                                     : Qt::ArrowCursor);
        m_pointer = position;
        showHit(hitAt(position));
        break;
    case Gesture::Press:
    case Gesture::RubberBand:
        if (m_gesture == Gesture::Press &&
            (position - m_pressPosition).manhattanLength() < 2.0 * kDragThreshold)
            break;
        m_gesture = Gesture::RubberBand;
        showHit(std::nullopt);
        m_band->setPen(QPen(m_theme.color(PlotRole::Cursor), 1.0, Qt::DashLine));
        m_band->setRect(QRectF(m_pressPosition, position).normalized().intersected(m_plotRect));
        m_band->show();
        break;
    case Gesture::Pan:
        panBy(position - m_lastPosition);
        m_lastPosition = position;
        break;
    case Gesture::DragItem:
        if (m_dragged)
            m_dragged->dragTo(position);
        break;
    }
    event->accept();
}

void PlotView::mouseReleaseEvent(QMouseEvent* event) {
    const QPointF position = mapToScene(event->pos());
    const Gesture gesture = std::exchange(m_gesture, Gesture::None);
    if (gesture == Gesture::Press) {
        const auto hit = hitAt(position);
        if (hit && hit->key != 0)
            emit keyClicked(hit->key, event->modifiers());
        else
            emit emptyClicked({m_xAxis->toValue(position.x()), m_yAxis->toValue(position.y())});
    } else if (gesture == Gesture::RubberBand) {
        m_band->hide();
        const QRectF band = m_band->rect();
        // A flat band zooms one axis only.
        PlotRange target = range();
        if (band.width() > kDragThreshold && m_xAxis->kind() != AxisKind::Category)
            target.x = {m_xAxis->coordinateOfPixel(band.left()), m_xAxis->coordinateOfPixel(band.right())};
        if (band.height() > kDragThreshold && m_yAxis->kind() != AxisKind::Category)
            target.y = {m_yAxis->coordinateOfPixel(band.bottom()), m_yAxis->coordinateOfPixel(band.top())};
        if (!(target == range()))
            zoomTo(target);
    } else if (gesture == Gesture::DragItem && m_dragged) {
        m_dragged->dragEnded();
        m_dragged = nullptr;
    }
    viewport()->setCursor(Qt::ArrowCursor);
    event->accept();
}

void PlotView::mouseDoubleClickEvent(QMouseEvent* event) {
    m_gesture = Gesture::None;
    resetZoom();
    event->accept();
}

void PlotView::wheelEvent(QWheelEvent* event) {
    const QPointF position = mapToScene(event->position().toPoint());
    const bool wanted = hasFocus() || (event->modifiers() & Qt::ControlModifier);
    const double notches = event->angleDelta().y() / 120.0;
    if (!wanted || notches == 0.0 || !m_message.isEmpty() || !m_plotRect.contains(position)) {
        event->ignore(); // the page scrolls
        return;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (now - m_lastWheelMs > kWheelPauseMs)
        remember();
    m_lastWheelMs = now;
    zoomBy(std::pow(kWheelStep, notches), position);
    event->accept();
}

void PlotView::stepSelectable(int direction) {
    std::vector<PlotHit> hits;
    for (const ChartItem* item : m_items) {
        if (!item->isVisible())
            continue;
        for (PlotHit& hit : item->selectable())
            hits.push_back(std::move(hit));
    }
    if (hits.empty())
        return;
    std::sort(hits.begin(), hits.end(), [](const PlotHit& a, const PlotHit& b) {
        return std::pair(a.anchor.x(), a.key) < std::pair(b.anchor.x(), b.key);
    });
    const auto count = static_cast<std::ptrdiff_t>(hits.size());
    std::ptrdiff_t index = direction > 0 ? 0 : count - 1;
    if (m_hit && m_hit->key != 0) {
        const auto at = std::find_if(hits.begin(), hits.end(), [this](const PlotHit& hit) {
            return hit.key == m_hit->key && hit.anchor == m_hit->anchor;
        });
        if (at != hits.end())
            index = ((at - hits.begin()) + direction + count) % count;
    }
    showHit(hits[static_cast<std::size_t>(index)]);
}

void PlotView::keyPressEvent(QKeyEvent* event) {
    event->accept();
    if (event->modifiers() == Qt::AltModifier && event->key() == Qt::Key_Left)
        return goBack();
    if (event->modifiers() == Qt::AltModifier && event->key() == Qt::Key_Right)
        return goForward();
    for (ChartItem* item : m_items)
        if (item->isVisible() && item->keyPressed(event->key(), event->modifiers()))
            return;
    if (event->matches(QKeySequence::Copy))
        return copyImage(*this, devicePixelRatioF());
    const QSizeF step = kKeyPan * m_plotRect.size();
    switch (event->key()) {
    case Qt::Key_Home:
    case Qt::Key_0: return resetZoom();
    case Qt::Key_Plus:
    case Qt::Key_Equal: remember(); return zoomBy(kWheelStep, m_plotRect.center());
    case Qt::Key_Minus: remember(); return zoomBy(1.0 / kWheelStep, m_plotRect.center());
    case Qt::Key_Left: remember(); return panBy({step.width(), 0.0});
    case Qt::Key_Right: remember(); return panBy({-step.width(), 0.0});
    case Qt::Key_Up: remember(); return panBy({0.0, step.height()});
    case Qt::Key_Down: remember(); return panBy({0.0, -step.height()});
    case Qt::Key_Period: return stepSelectable(1);
    case Qt::Key_Comma: return stepSelectable(-1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_hit && m_hit->key != 0)
            emit keyClicked(m_hit->key, event->modifiers());
        return;
    case Qt::Key_Escape:
        if (m_hit)
            return showHit(std::nullopt);
        break;
    default: break;
    }
    event->ignore();
}

void PlotView::leaveEvent(QEvent* event) {
    m_pointer.reset();
    showHit(std::nullopt);
    QChartView::leaveEvent(event);
}

void PlotView::focusInEvent(QFocusEvent* event) {
    QChartView::focusInEvent(event);
    viewport()->update();
}

void PlotView::focusOutEvent(QFocusEvent* event) {
    QChartView::focusOutEvent(event);
    viewport()->update();
}

void PlotView::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillPlotMenu(*menu, *this, m_hooks);
    menu->popup(event->globalPos());
}

} // namespace alidade
