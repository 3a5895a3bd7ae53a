#include "plots/desirability_items.h"

#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kHistogramShare = 0.3; // of the height of the plot
constexpr double kReach = 10.0;         // pixels round a handle
constexpr double kCurveHandleSize = 11.0;
constexpr double kBarShare = 0.6;      // of the distance between two levels
constexpr double kCurveKeyStep = 0.01; // of the visible range
constexpr double kFineStep = 0.001;    // with Shift
constexpr double kGapShare = 1.0e-3;   // of the visible range

bool isBend(const DesirabilityHandle& handle) {
    return handle.kind == DesirabilityHandle::Kind::Bend || handle.kind == DesirabilityHandle::Kind::HighBend;
}
} // namespace

HistogramItem::HistogramItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kShade);
    setName(PlotText::tr("measured values"));
}

void HistogramItem::setValues(std::vector<double> values) {
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    m_edges.clear();
    m_counts.clear();
    m_total = values.size();
    if (values.empty())
        return;
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    double low = *lowest;
    double high = *highest;
    if (!(low < high)) {
        const double half = low == 0.0 ? 0.05 : 0.005 * std::abs(low);
        low -= half;
        high += half;
    }
    const auto bins = static_cast<std::size_t>(
        std::clamp(std::ceil(2.0 * std::cbrt(static_cast<double>(values.size()))), 4.0, 40.0));
    m_counts.assign(bins, 0);
    for (std::size_t i = 0; i <= bins; ++i)
        m_edges.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(bins));
    for (const double value : values) {
        const auto bin = static_cast<std::size_t>(static_cast<double>(bins) * (value - low) / (high - low));
        ++m_counts[std::min(bin, bins - 1)];
    }
}

void HistogramItem::updateGeometry() {
    prepareGeometryChange();
    m_bars.clear();
    if (m_counts.empty())
        return;
    const double tallest = *std::max_element(m_counts.begin(), m_counts.end());
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        const double height = kHistogramShare * plotRect().height() * m_counts[i] / tallest;
        const QPointF left(xAxis().toPixel(m_edges[i]), plotRect().bottom() - height);
        const QPointF right(xAxis().toPixel(m_edges[i + 1]) - 1.0, plotRect().bottom());
        m_bars.push_back(QRectF(left, right).normalized().intersected(plotRect()));
    }
}

DataBounds HistogramItem::bounds() const {
    DataBounds bounds;
    if (!m_edges.empty()) {
        bounds.addX(m_edges.front());
        bounds.addX(m_edges.back());
    }
    return bounds;
}

std::optional<PlotHit> HistogramItem::hitTest(const QPointF& scenePosition) const {
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        if (m_counts[i] == 0 || !m_bars[i].contains(scenePosition))
            continue;
        PlotHit hit;
        hit.distance = 6.0; // a point or the curve in front goes first
        hit.anchor = QPointF(m_bars[i].center().x(), m_bars[i].top());
        hit.text = PlotText::tr("%1 of %2 trials\n%3 … %4")
                       .arg(m_counts[i])
                       .arg(m_total)
                       .arg(xAxis().plainText(m_edges[i]), xAxis().valueText(m_edges[i + 1]));
        return hit;
    }
    return std::nullopt;
}

std::vector<PlotRow> HistogramItem::rows() const {
    std::vector<PlotRow> rows;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        PlotRow row;
        row.series = name();
        row.x = 0.5 * (m_edges[i] + m_edges[i + 1]);
        row.y = row.low = row.high = std::nan("");
        row.value = m_counts[i];
        rows.push_back(row);
    }
    return rows;
}

int HistogramItem::legendCount() const {
    return m_counts.empty() ? 0 : ChartItem::legendCount();
}

QColor HistogramItem::color() const {
    QColor color = theme().color(PlotRole::Observed);
    color.setAlphaF(0.45F);
    return color;
}

void HistogramItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    painter->fillRect(QRectF(rect.left(), rect.center().y() - 5.0, rect.width(), 10.0), color());
}

void HistogramItem::draw(QPainter* painter, QWidget*) {
    for (const QRectF& bar : m_bars)
        if (bar.height() > 0.0)
            painter->fillRect(bar, color());
}

DesirabilityHandlesItem::DesirabilityHandlesItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kCursor);
}

void DesirabilityHandlesItem::setShape(const DesirabilityShape& shape) {
    if (m_start)
        return; // the user holds it
    m_shape = shape;
    m_handles = desirabilityHandles(shape);
    m_positions.assign(m_handles.size(), QPointF(std::nan(""), std::nan("")));
    if (m_current && *m_current >= m_handles.size())
        m_current.reset();
    updateGeometry();
}

void DesirabilityHandlesItem::setEditable(bool editable) {
    m_editable = editable;
    update();
}

double DesirabilityHandlesItem::gap() const {
    return kGapShare * xAxis().range().span();
}

void DesirabilityHandlesItem::updateGeometry() {
    prepareGeometryChange();
    for (std::size_t i = 0; i < m_handles.size(); ++i)
        m_positions[i] = toScene(m_handles[i].x, m_handles[i].d);
    update();
}

std::optional<std::size_t> DesirabilityHandlesItem::handleAt(const QPointF& scenePosition) const {
    std::optional<std::size_t> nearest;
    double best = kReach;
    for (std::size_t i = 0; i < m_positions.size(); ++i) {
        QPointF d = m_positions[i] - scenePosition;
        if (m_handles[i].kind == DesirabilityHandle::Kind::Level && std::abs(d.x()) < 30.0)
            d.setX(0.0); // the whole top of the bar
        const double distance = std::hypot(d.x(), d.y());
        if (distance <= best) { // the later one lies on top
            best = distance;
            nearest = i;
        }
    }
    return nearest;
}

QString DesirabilityHandlesItem::handleText(const DesirabilityHandle& handle) const {
    const QString d = PlotText::tr("desirability %1").arg(formatNumber(handle.d, 3));
    if (handle.kind == DesirabilityHandle::Kind::Level)
        return m_levels.value(static_cast<int>(handle.index)) + QLatin1Char('\n') + d;
    if (isBend(handle))
        return PlotText::tr("exponent %1 (drag up or down)").arg(formatNumber(-std::log2(handle.d), 3));
    return xAxis().valueText(handle.x) + QLatin1Char('\n') + d;
}

std::optional<PlotHit> DesirabilityHandlesItem::hitTest(const QPointF& scenePosition) const {
    const auto handle = handleAt(scenePosition);
    if (!handle)
        return std::nullopt;
    PlotHit hit;
    hit.anchor = m_positions[*handle];
    hit.x = m_handles[*handle].x;
    hit.y = m_handles[*handle].d;
    hit.text = handleText(m_handles[*handle]);
    return hit;
}

bool DesirabilityHandlesItem::canDrag(const QPointF& scenePosition) const {
    m_under = m_editable ? handleAt(scenePosition) : std::nullopt;
    return m_under.has_value();
}

void DesirabilityHandlesItem::change(const DesirabilityShape& shape) {
    m_shape = shape;
    m_handles = desirabilityHandles(shape);
    m_positions.resize(m_handles.size());
    updateGeometry();
}

void DesirabilityHandlesItem::dragTo(const QPointF& scenePosition) {
    if (m_cancelled || !m_under)
        return;
    if (!m_start)
        m_start = m_shape;
    m_current = m_under;
    const QRectF rect = plotRect();
    const double x = xAxis().toValue(std::clamp(scenePosition.x(), rect.left(), rect.right()));
    const double d = yAxis().toValue(std::clamp(scenePosition.y(), rect.top(), rect.bottom()));
    const DesirabilityShape next = movedHandle(m_shape, *m_under, x, d, gap());
    if (next == m_shape)
        return;
    change(next);
    emit moved(m_shape);
}

void DesirabilityHandlesItem::dragEnded() {
    if (!m_start && !m_cancelled)
        m_current = m_under; // a click only: for the keys that follow
    const bool changed = m_start && !(*m_start == m_shape);
    m_start.reset();
    m_cancelled = false;
    m_under.reset();
    update();
    if (changed)
        emit settled(m_shape, false);
}

void DesirabilityHandlesItem::addKnot(double x, double d) {
    const auto next = m_editable ? withKnot(m_shape, x, d, gap()) : std::nullopt;
    if (!next)
        return;
    change(*next);
    for (std::size_t i = 0; i < m_handles.size(); ++i)
        if (m_handles[i].x == x)
            m_current = i;
    emit settled(m_shape, false);
}

void DesirabilityHandlesItem::removeKnot(std::size_t handle) {
    const auto next = m_editable ? withoutKnot(m_shape, handle) : std::nullopt;
    if (!next)
        return;
    m_current.reset();
    change(*next);
    emit settled(m_shape, false);
}

void DesirabilityHandlesItem::moveByKey(int key, Qt::KeyboardModifiers modifiers) {
    const double step = modifiers & Qt::ShiftModifier ? kFineStep : kCurveKeyStep;
    const DesirabilityHandle& handle = m_handles[*m_current];
    double x = handle.x;
    double d = handle.d;
    if (key == Qt::Key_Left || key == Qt::Key_Right)
        x = xAxis().toValue(xAxis().pixelOfCoordinate(
            toAxis(xAxis().kind(), x) + (key == Qt::Key_Right ? step : -step) * xAxis().range().span()));
    else
        d += key == Qt::Key_Up ? step : -step;
    const DesirabilityShape next = movedHandle(m_shape, *m_current, x, d, gap());
    if (next == m_shape)
        return;
    change(next);
    emit settled(m_shape, true);
}

bool DesirabilityHandlesItem::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    if (key == Qt::Key_Escape && m_start) {
        const DesirabilityShape before = *m_start;
        m_start.reset();
        m_cancelled = true;
        change(before);
        emit moved(m_shape);
        return true;
    }
    if (!m_editable || m_handles.empty() || m_start || (modifiers & Qt::AltModifier))
        return false;
    const std::size_t last = m_handles.size() - 1;
    switch (key) {
    case Qt::Key_PageDown:
        m_current = m_current ? (*m_current == last ? 0 : *m_current + 1) : 0;
        update();
        return true;
    case Qt::Key_PageUp:
        m_current = m_current && *m_current > 0 ? *m_current - 1 : last;
        update();
        return true;
    default: break;
    }
    if (!m_current)
        return false;
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: moveByKey(key, modifiers); return true;
    case Qt::Key_Delete: removeKnot(*m_current); return true;
    case Qt::Key_Insert: {
        const std::size_t from = std::min(*m_current, last - 1);
        addKnot(0.5 * (m_handles[from].x + m_handles[from + 1].x),
                0.5 * (m_handles[from].d + m_handles[from + 1].d));
        return true;
    }
    case Qt::Key_Escape:
        m_current.reset();
        update();
        return true;
    default: return false;
    }
}

void DesirabilityHandlesItem::drawBars(QPainter* painter) const {
    QColor fill = theme().color(PlotRole::Mean);
    fill.setAlphaF(0.5F);
    for (std::size_t i = 0; i < m_handles.size(); ++i) {
        const double left = xAxis().toPixel(m_handles[i].x - 0.5 * kBarShare);
        const double right = xAxis().toPixel(m_handles[i].x + 0.5 * kBarShare);
        painter->fillRect(QRectF(QPointF(left, m_positions[i].y()), QPointF(right, yAxis().toPixel(0.0))),
                          fill);
    }
}

void DesirabilityHandlesItem::draw(QPainter* painter, QWidget* widget) {
    if (shapeKind(m_shape) == ShapeKind::Categories)
        drawBars(painter);
    if (!m_editable || widget == nullptr)
        return; // exports show the curve, not what moves it
    const QRectF rect = plotRect().adjusted(-1, -1, 1, 1);
    for (std::size_t i = 0; i < m_handles.size(); ++i) {
        if (!rect.contains(m_positions[i]))
            continue;
        const bool current = m_current == i;
        const MarkerShape shape = isBend(m_handles[i])                                  ? MarkerShape::Diamond
                                  : m_handles[i].kind == DesirabilityHandle::Kind::Knot ? MarkerShape::Circle
                                                                                        : MarkerShape::Square;
        painter->setPen(QPen(theme().color(PlotRole::Mean), 2.0));
        painter->setBrush(current ? theme().color(PlotRole::Mean) : theme().background);
        painter->drawPath(markerPath(shape, current ? kCurveHandleSize + 3.0 : kCurveHandleSize)
                              .translated(m_positions[i]));
    }
}

} // namespace alidade

#include "moc_desirability_items.cpp"
