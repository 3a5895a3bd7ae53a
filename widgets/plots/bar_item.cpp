#include "plots/bar_item.h"

#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_color.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kCap = 3.0;
constexpr int kLightAlpha = 70;
} // namespace

BarItem::BarItem(PlotView& view, PlotRole role, Fill fill, double offset, double thickness, int series)
    : ChartItem(view), m_role(role), m_fill(fill), m_offset(offset), m_thickness(thickness),
      m_series(series) {
    setZValue(PlotLayer::kBand);
}

void BarItem::setBars(std::vector<Bar> bars) {
    m_bars = std::move(bars);
}

void BarItem::updateGeometry() {
    prepareGeometryChange();
    m_rects.clear();
    const QRectF plot = plotRect();
    for (const Bar& bar : m_bars) {
        const double zero = std::clamp(xAxis().toPixel(0.0), plot.left(), plot.right());
        const double end = std::clamp(xAxis().toPixel(bar.value), plot.left(), plot.right());
        const double a = yAxis().toPixel(bar.place + m_offset - 0.5 * m_thickness);
        const double b = yAxis().toPixel(bar.place + m_offset + 0.5 * m_thickness);
        m_rects.push_back(QRectF(QPointF(zero, a), QPointF(end, b)).normalized());
    }
}

DataBounds BarItem::bounds() const {
    DataBounds bounds;
    for (const Bar& bar : m_bars) {
        bounds.add(0.0, bar.place);
        bounds.add(bar.value, bar.place);
        if (std::isfinite(bar.low) && std::isfinite(bar.high)) {
            bounds.addX(bar.low);
            bounds.addX(bar.high);
        }
    }
    return bounds;
}

std::optional<PlotHit> BarItem::hitTest(const QPointF& scenePosition) const {
    for (std::size_t i = 0; i < m_rects.size(); ++i) {
        // A bar of no length can be met at its root.
        if (!m_rects[i].adjusted(-2.0, 0.0, 4.0, 0.0).contains(scenePosition))
            continue;
        const Bar& bar = m_bars[i];
        PlotHit hit;
        hit.anchor = QPointF(m_rects[i].right(), m_rects[i].center().y());
        hit.x = bar.value;
        hit.y = bar.place;
        hit.text = yAxis().plainText(bar.place) + QLatin1Char('\n') + name() + QStringLiteral(": ") +
                   xAxis().plainText(bar.value);
        if (std::isfinite(bar.low) && std::isfinite(bar.high))
            hit.text +=
                QStringLiteral(" (%1 … %2)").arg(xAxis().plainText(bar.low), xAxis().plainText(bar.high));
        return hit;
    }
    return std::nullopt;
}

std::vector<PlotRow> BarItem::rows() const {
    std::vector<PlotRow> rows;
    for (const Bar& bar : m_bars)
        rows.push_back({name(), bar.value, bar.place, bar.low, bar.high, 0});
    return rows;
}

void BarItem::drawBar(QPainter* painter, const QRectF& rect) const {
    QColor color = m_series >= 0 ? seriesColor(m_series, theme()) : theme().color(m_role);
    painter->setPen(QPen(color, 1.0));
    if (m_fill == Fill::Light)
        color.setAlpha(kLightAlpha);
    painter->setBrush(color);
    painter->drawRect(rect);
}

void BarItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    drawBar(painter, QRectF(rect.left() + 2.0, rect.center().y() - 4.0, rect.width() - 4.0, 8.0));
}

void BarItem::draw(QPainter* painter, QWidget*) {
    const QRectF plot = plotRect();
    for (std::size_t i = 0; i < m_rects.size(); ++i) {
        drawBar(painter, m_rects[i]);
        const Bar& bar = m_bars[i];
        if (!std::isfinite(bar.low) || !std::isfinite(bar.high))
            continue;
        const double y = m_rects[i].center().y();
        const double low = std::clamp(xAxis().toPixel(bar.low), plot.left(), plot.right());
        const double high = std::clamp(xAxis().toPixel(bar.high), plot.left(), plot.right());
        painter->setPen(QPen(theme().text, 1.2, Qt::SolidLine, Qt::FlatCap));
        painter->drawLine(QPointF(low, y), QPointF(high, y));
        painter->drawLine(QPointF(low, y - kCap), QPointF(low, y + kCap));
        painter->drawLine(QPointF(high, y - kCap), QPointF(high, y + kCap));
    }
}

} // namespace alidade
