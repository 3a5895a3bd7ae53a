#include "plots/series_items.h"

#include "plots/clip.h"
#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"
#include "plots/series_color.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace alidade {

namespace {

constexpr float kBandOpacity = 0.22F;
constexpr double kCap = 4.0;
constexpr double kMarker = 8.0;

QString intervalText(const PlotAxis& axis, double low, double high) {
    return PlotText::tr("interval: %1 … %2").arg(axis.plainText(low), axis.plainText(high));
}

/// Up and down at most points: such a line, when it has several points per pixel, is seen as a filled area.
bool zigzags(const QPolygonF& line) {
    qsizetype turns = 0;
    for (qsizetype i = 2; i < line.size(); ++i)
        turns += (line[i].y() - line[i - 1].y()) * (line[i - 1].y() - line[i - 2].y()) < 0.0 ? 1 : 0;
    return 4 * turns > line.size();
}

} // namespace

LineItem::LineItem(PlotView& view, const LineStyle& style, bool steps)
    : ChartItem(view), m_style(style), m_steps(steps) {
    setZValue(PlotLayer::kLine);
}

void LineItem::setData(std::vector<double> x, std::vector<double> y) {
    m_x = std::move(x);
    m_y = std::move(y);
    m_y.resize(m_x.size(), std::nan(""));
}

QPen LineItem::pen() const {
    QPen result(m_style.series >= 0 ? seriesColor(m_style.series, theme()) : theme().color(m_style.role),
                m_style.width, m_style.dash);
    result.setJoinStyle(Qt::RoundJoin);
    result.setCapStyle(Qt::FlatCap);
    return result;
}

void LineItem::updateGeometry() {
    prepareGeometryChange();
    QPolygonF line;
    line.reserve(static_cast<qsizetype>(m_steps ? 2 * m_x.size() : m_x.size()));
    for (std::size_t i = 0; i < m_x.size(); ++i) {
        const QPointF at = toScene(m_x[i], m_y[i]);
        if (m_steps && i > 0)
            line << QPointF(at.x(), line.back().y());
        line << at;
    }
    m_pieces = clippedPolyline(thinned(line), plotRect());
}

DataBounds LineItem::bounds() const {
    DataBounds bounds;
    for (std::size_t i = 0; i < m_x.size(); ++i) {
        if (!std::isfinite(toAxis(yAxis().kind(), m_y[i])) || !std::isfinite(toAxis(xAxis().kind(), m_x[i])))
            continue;
        bounds.addX(m_x[i]);
        if (m_scalesY)
            bounds.addY(m_y[i]);
    }
    return bounds;
}

std::optional<PlotHit> LineItem::hitTest(const QPointF& scenePosition) const {
    if (m_x.empty())
        return std::nullopt;
    const double value = xAxis().toValue(scenePosition.x());
    const auto next = std::upper_bound(m_x.begin(), m_x.end(), value);
    // The nearest computed point (for steps: the one that holds), so that the read-out shows a true value.
    auto index = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, next - m_x.begin() - 1));
    if (!m_steps && index + 1 < m_x.size() &&
        std::abs(xAxis().toPixel(m_x[index + 1]) - scenePosition.x()) <
            std::abs(xAxis().toPixel(m_x[index]) - scenePosition.x()))
        ++index;
    QPointF at = toScene(m_x[index], m_y[index]);
    if (m_steps && scenePosition.x() > at.x())
        at.setX(scenePosition.x());
    if (!std::isfinite(at.y()) || !plotRect().adjusted(-1, -1, 1, 1).contains(at))
        return std::nullopt;
    // The distance counts from the line, not from its points, which may be far apart.
    double y = at.y();
    if (!m_steps && index + 1 < m_x.size() && index > 0) {
        const std::size_t other = scenePosition.x() > at.x() ? index + 1 : index - 1;
        const QPointF second = toScene(m_x[other], m_y[other]);
        if (std::isfinite(second.y()) && second.x() != at.x())
            y += (scenePosition.x() - at.x()) / (second.x() - at.x()) * (second.y() - at.y());
    }
    PlotHit hit;
    hit.distance = std::abs(y - scenePosition.y());
    hit.anchor = at;
    hit.x = m_x[index];
    hit.y = m_y[index];
    hit.text = m_text ? m_text(index)
                      : (name().isEmpty() ? QString() : name() + QLatin1Char('\n')) + readout(hit.x, hit.y);
    return hit;
}

std::vector<PlotRow> LineItem::rows() const {
    std::vector<PlotRow> rows;
    for (std::size_t i = 0; i < m_x.size(); ++i)
        rows.push_back({name(), m_x[i], m_y[i], std::nan(""), std::nan(""), 0});
    return rows;
}

void LineItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    painter->setPen(pen());
    painter->drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
}

void LineItem::draw(QPainter* painter, QWidget* widget) {
    painter->setPen(pen());
    painter->setBrush(Qt::NoBrush);
    for (const QPolygonF& piece : m_pieces) {
        // A line that crosses every pixel column several times is a filled area: smooth edges would take
        // seconds and not be seen.
        const bool dense = widget != nullptr &&
                           static_cast<double>(piece.size()) > 2.0 * plotRect().width() && zigzags(piece);
        if (dense) {
            painter->setRenderHint(QPainter::Antialiasing, false);
            painter->setPen(QPen(pen().color(), 1.0));
        }
        painter->drawPolyline(piece);
        if (dense) {
            painter->setRenderHint(QPainter::Antialiasing, true);
            painter->setPen(pen());
        }
    }
}

BandItem::BandItem(PlotView& view, PlotRole role, int series)
    : ChartItem(view), m_role(role), m_series(series) {
    setZValue(PlotLayer::kBand);
}

void BandItem::setData(std::vector<double> x, std::vector<double> low, std::vector<double> high) {
    m_x = std::move(x);
    m_low = std::move(low);
    m_high = std::move(high);
}

void BandItem::setSteps(const std::vector<double>& x, const std::vector<double>& low,
                        const std::vector<double>& high) {
    m_x.clear();
    m_low.clear();
    m_high.clear();
    for (std::size_t i = 0; i < low.size(); ++i) {
        if (!m_x.empty()) {
            m_x.push_back(x[i]);
            m_low.push_back(m_low.back());
            m_high.push_back(m_high.back());
        }
        m_x.push_back(x[i]);
        m_low.push_back(low[i]);
        m_high.push_back(high[i]);
    }
}

QBrush BandItem::fill() const {
    QColor color = m_series >= 0 ? seriesColor(m_series, theme()) : theme().color(m_role);
    color.setAlphaF(kBandOpacity);
    return color;
}

void BandItem::updateGeometry() {
    prepareGeometryChange();
    QPolygonF outline;
    for (std::size_t i = 0; i < m_x.size(); ++i)
        outline << toScene(m_x[i], m_high[i]);
    for (std::size_t i = m_x.size(); i-- > 0;)
        outline << toScene(m_x[i], m_low[i]);
    outline.removeIf([](const QPointF& p) { return !std::isfinite(p.x()) || !std::isfinite(p.y()); });
    m_polygon = clippedPolygon(outline, plotRect());
}

DataBounds BandItem::bounds() const {
    DataBounds bounds;
    for (std::size_t i = 0; i < m_x.size(); ++i) {
        bounds.add(m_x[i], m_low[i]);
        bounds.add(m_x[i], m_high[i]);
    }
    return bounds;
}

std::vector<PlotRow> BandItem::rows() const {
    std::vector<PlotRow> rows;
    for (std::size_t i = 0; i < m_x.size(); ++i)
        rows.push_back({name(), m_x[i], std::nan(""), m_low[i], m_high[i], 0});
    return rows;
}

void BandItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    painter->fillRect(QRectF(rect.left(), rect.center().y() - 5.0, rect.width(), 10.0), fill());
}

void BandItem::draw(QPainter* painter, QWidget*) {
    if (m_polygon.size() < 3)
        return;
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill());
    painter->drawPolygon(m_polygon);
}

ErrorBarItem::ErrorBarItem(PlotView& view, PlotRole role) : ChartItem(view), m_role(role) {
    setZValue(PlotLayer::kLine);
}

void ErrorBarItem::setData(std::vector<double> x, std::vector<double> y, std::vector<double> low,
                           std::vector<double> high) {
    m_x = std::move(x);
    m_y = std::move(y);
    m_low = std::move(low);
    m_high = std::move(high);
}

void ErrorBarItem::updateGeometry() {
    prepareGeometryChange();
    m_bars.clear();
    for (std::size_t i = 0; i < m_x.size(); ++i)
        m_bars.push_back({toScene(m_x[i], m_y[i]), yAxis().toPixel(m_high[i]), yAxis().toPixel(m_low[i])});
}

DataBounds ErrorBarItem::bounds() const {
    DataBounds bounds;
    for (std::size_t i = 0; i < m_x.size(); ++i) {
        bounds.add(m_x[i], m_low[i]);
        bounds.add(m_x[i], m_high[i]);
    }
    return bounds;
}

std::optional<PlotHit> ErrorBarItem::hitTest(const QPointF& scenePosition) const {
    std::optional<PlotHit> best;
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars[i];
        const double outside = std::max({0.0, bar.top - scenePosition.y(), scenePosition.y() - bar.bottom});
        const double distance = std::hypot(scenePosition.x() - bar.center.x(), outside);
        if (!std::isfinite(distance) || (best && best->distance <= distance) ||
            !plotRect().contains(bar.center))
            continue;
        PlotHit hit;
        hit.distance = distance;
        hit.anchor = bar.center;
        hit.x = m_x[i];
        hit.y = m_y[i];
        hit.text = readout(hit.x, hit.y) + QLatin1Char('\n') + intervalText(yAxis(), m_low[i], m_high[i]);
        best = hit;
    }
    return best;
}

std::vector<PlotRow> ErrorBarItem::rows() const {
    std::vector<PlotRow> rows;
    for (std::size_t i = 0; i < m_x.size(); ++i)
        rows.push_back({name(), m_x[i], m_y[i], m_low[i], m_high[i], 0});
    return rows;
}

void ErrorBarItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    const QPointF center = rect.center();
    painter->setPen(QPen(theme().color(m_role), 1.6));
    painter->drawLine(center - QPointF(0, 7), center + QPointF(0, 7));
    painter->translate(center);
    painter->fillPath(markerPath(MarkerShape::Circle, kMarker - 2.0), theme().color(m_role));
}

void ErrorBarItem::draw(QPainter* painter, QWidget*) {
    const QColor color = theme().color(m_role);
    const QRectF rect = plotRect();
    painter->setBrush(Qt::NoBrush);
    for (const Bar& bar : m_bars) {
        const double x = bar.center.x();
        if (!std::isfinite(bar.top) || !std::isfinite(bar.bottom) || x < rect.left() || x > rect.right() ||
            bar.bottom < rect.top() || bar.top > rect.bottom())
            continue;
        painter->setPen(QPen(color, 1.6, Qt::SolidLine, Qt::FlatCap));
        const double top = std::max(bar.top, rect.top());
        const double bottom = std::min(bar.bottom, rect.bottom());
        painter->drawLine(QPointF(x, top), QPointF(x, bottom));
        if (bar.top >= rect.top())
            painter->drawLine(QPointF(x - kCap, top), QPointF(x + kCap, top));
        if (bar.bottom <= rect.bottom())
            painter->drawLine(QPointF(x - kCap, bottom), QPointF(x + kCap, bottom));
        if (rect.contains(bar.center)) {
            painter->setPen(QPen(theme().background, 1.0));
            painter->setBrush(color);
            painter->drawPath(markerPath(MarkerShape::Circle, kMarker).translated(bar.center));
            painter->setBrush(Qt::NoBrush);
        }
    }
}

} // namespace alidade
