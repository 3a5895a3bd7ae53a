#include "plots/chart_item.h"

#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QChart>

#include <algorithm>
#include <cmath>

namespace alidade {

void DataBounds::addX(double x) {
    if (!std::isfinite(x))
        return;
    lowX = hasX ? std::min(lowX, x) : x;
    highX = hasX ? std::max(highX, x) : x;
    hasX = true;
}

void DataBounds::addY(double y) {
    if (!std::isfinite(y))
        return;
    lowY = hasY ? std::min(lowY, y) : y;
    highY = hasY ? std::max(highY, y) : y;
    hasY = true;
}

void DataBounds::add(double x, double y) {
    addX(x);
    addY(y);
}

void DataBounds::unite(const DataBounds& other) {
    if (other.hasX) {
        addX(other.lowX);
        addX(other.highX);
    }
    if (other.hasY) {
        addY(other.lowY);
        addY(other.highY);
    }
}

ChartItem::ChartItem(PlotView& view) : QGraphicsItem(view.chart()), m_view(view) {
    setAcceptedMouseButtons(Qt::NoButton);
}

ChartItem::~ChartItem() = default;

void ChartItem::setName(const QString& name) {
    m_name = name;
}

void ChartItem::applyTheme(const PlotTheme&) {
    update();
}

std::optional<PlotHit> ChartItem::hitTest(const QPointF&) const {
    return std::nullopt;
}

void ChartItem::setEntryShown(int, bool shown) {
    setVisible(shown);
}

QRectF ChartItem::boundingRect() const {
    // Marks at the border reach over it a little.
    constexpr double kClipMargin = 8.0;
    return m_view.plotRect().adjusted(-kClipMargin, -kClipMargin, kClipMargin, kClipMargin);
}

void ChartItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget) {
    if (m_view.message().isEmpty())
        draw(painter, m_view.isExporting() ? nullptr : widget);
}

const PlotTheme& ChartItem::theme() const {
    return m_view.theme();
}

PlotAxis& ChartItem::xAxis() const {
    return m_view.xAxis();
}

PlotAxis& ChartItem::yAxis() const {
    return m_view.yAxis();
}

QPointF ChartItem::toScene(double x, double y) const {
    return {m_view.xAxis().toPixel(x), m_view.yAxis().toPixel(y)};
}

QRectF ChartItem::plotRect() const {
    return m_view.plotRect();
}

QString ChartItem::readout(double x, double y) const {
    return m_view.xAxis().valueText(x) + QLatin1Char('\n') + m_view.yAxis().valueText(y);
}

} // namespace alidade
