#include "plots/heat_map_item.h"

#include "plots/clip.h"
#include "plots/color_map.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {

namespace {

constexpr double kBarGap = 14.0;
constexpr double kBarWidth = 14.0;
constexpr double kStripe = 2.0; // a quarter of the area is hatched
constexpr int kIsolineCount = 9;
constexpr double kReadDistance = 11.5; // anything drawn on the map goes first
constexpr double kLightAbove = 0.62;   // Oklab lightness from which marks on the map are dark

QColor markColor(QRgb background, float opacity) {
    QColor color = oklabLightness(QColor::fromRgb(background)) > kLightAbove ? Qt::black : Qt::white;
    color.setAlphaF(opacity);
    return color;
}

/// Nearest grid position on a striped axis.
std::size_t nearestIndex(const std::vector<double>& positions, double p) {
    const auto next = std::lower_bound(positions.begin(), positions.end(), p);
    const auto index = static_cast<std::size_t>(next - positions.begin());
    if (index == 0)
        return 0;
    if (index == positions.size() || p - positions[index - 1] < positions[index] - p)
        return index - 1;
    return index;
}

/// Cell [index, index + 1] and the weight of its upper end.
struct CellPlace {
    std::size_t index = 0;
    double weight = 0.0;
};

CellPlace placeOf(const PlotAxis& axis, const std::vector<double>& positions, double p) {
    const std::size_t last = positions.size() - 2;
    if (axis.kind() == AxisKind::Category) {
        const std::size_t nearest = nearestIndex(positions, p);
        return nearest > last ? CellPlace{last, 1.0} : CellPlace{nearest, 0.0};
    }
    const auto next = std::upper_bound(positions.begin() + 1, positions.end() - 1, p);
    const auto index = static_cast<std::size_t>(next - positions.begin() - 1);
    const double weight = (p - positions[index]) / (positions[index + 1] - positions[index]);
    return {index, std::clamp(weight, 0.0, 1.0)};
}

/// Half a stripe is added at both ends of a category axis.
AxisRange extent(const PlotAxis& axis, const std::vector<double>& positions) {
    const double half = axis.kind() == AxisKind::Category ? 0.5 : 0.0;
    return {positions.front() - half, positions.back() + half};
}

} // namespace

HeatMapItem::HeatMapItem(PlotView& view) : ChartItem(view), m_bar(std::make_unique<PlotAxis>(Qt::Vertical)) {
    setZValue(PlotLayer::kImage);
}

HeatMapItem::~HeatMapItem() = default;

void HeatMapItem::setField(GridField field, const AxisSpec& quantity) {
    m_field = std::move(field);
    m_dataRange = m_field.valueRange();
    m_bar->setSpec(quantity);
    traceIsolines();
}

void HeatMapItem::setAllowed(std::vector<bool> allowed, const QString& text) {
    const bool all = std::find(allowed.begin(), allowed.end(), false) == allowed.end();
    m_allowed = all ? std::vector<bool>() : std::move(allowed);
    m_forbiddenText = text;
}

int HeatMapItem::legendCount() const {
    return m_allowed.empty() ? 0 : 1;
}

void HeatMapItem::paintLegendKey(QPainter* painter, const QRectF& rect, int) const {
    const QRectF box(rect.left(), rect.center().y() - 5.0, rect.width(), 10.0);
    painter->fillRect(box, QColor::fromRgb(sequentialColor(0.5)));
    painter->setPen(QPen(QColor(0x9a, 0x9a, 0x9a), kStripe));
    for (double x = 2.0; x < box.width() - 4.0; x += 4.0 * kStripe)
        painter->drawLine(QPointF(box.left() + x + 3.0, box.bottom() - 2.0),
                          QPointF(box.left() + x + 6.0, box.top() + 2.0));
}

void HeatMapItem::setEntryShown(int, bool shown) {
    m_hatched = shown;
    updateGeometry();
    update();
}

void HeatMapItem::setIsolinesShown(bool shown) {
    m_isolinesShown = shown;
    update();
}

std::pair<double, double> HeatMapItem::colorRange() const {
    return m_fixedRange.value_or(m_dataRange);
}

QRgb HeatMapItem::colorOf(double value) const {
    const auto [low, high] = colorRange();
    return sequentialColor((value - low) / (high - low));
}

bool HeatMapItem::isStriped() const {
    return xAxis().kind() == AxisKind::Category || yAxis().kind() == AxisKind::Category;
}

double HeatMapItem::valueAt(double x, double y) const {
    const AxisRange inX = extent(xAxis(), m_field.x);
    const AxisRange inY = extent(yAxis(), m_field.y);
    if (x < inX.low || x > inX.high || y < inY.low || y > inY.high)
        return std::nan("");
    if (xAxis().kind() == AxisKind::Category)
        x = m_field.x[nearestIndex(m_field.x, x)];
    if (yAxis().kind() == AxisKind::Category)
        y = m_field.y[nearestIndex(m_field.y, y)];
    return m_field.interpolated(x, y);
}

void HeatMapItem::renderImage() {
    const QRectF plot = plotRect();
    const AxisRange inX = extent(xAxis(), m_field.x);
    const AxisRange inY = extent(yAxis(), m_field.y);
    const QRectF data(QPointF(xAxis().pixelOfCoordinate(inX.low), yAxis().pixelOfCoordinate(inY.high)),
                      QPointF(xAxis().pixelOfCoordinate(inX.high), yAxis().pixelOfCoordinate(inY.low)));
    m_imageRect = data.intersected(plot);
    const double scale = view().isExporting() ? 2.0 : view().devicePixelRatioF();
    const QSize size = (m_imageRect.size() * scale).toSize().expandedTo(QSize(1, 1));
    m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
    // Cells and weights once per column and row; a million pixels then cost four products each.
    const auto places = [](const PlotAxis& axis, const std::vector<double>& positions, double from, double to,
                           int count) {
        std::vector<CellPlace> list;
        for (int k = 0; k < count; ++k)
            list.push_back(
                placeOf(axis, positions, axis.coordinateOfPixel(from + (k + 0.5) / count * (to - from))));
        return list;
    };
    const auto columns = places(xAxis(), m_field.x, m_imageRect.left(), m_imageRect.right(), size.width());
    const auto rows = places(yAxis(), m_field.y, m_imageRect.top(), m_imageRect.bottom(), size.height());
    const bool hatched = m_hatched && m_allowed.size() == m_field.values.size();
    const int stripe = std::max(2, static_cast<int>(std::lround(kStripe * scale)));
    for (int row = 0; row < size.height(); ++row) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(row));
        const auto [j, v] = rows[static_cast<std::size_t>(row)];
        for (int column = 0; column < size.width(); ++column) {
            const auto [i, u] = columns[static_cast<std::size_t>(column)];
            const double value = bilinear(m_field.at(i, j), m_field.at(i + 1, j), m_field.at(i, j + 1),
                                          m_field.at(i + 1, j + 1), u, v);
            line[column] = std::isfinite(value) ? colorOf(value) : 0U;
            const std::size_t corner = (v < 0.5 ? j : j + 1) * m_field.x.size() + (u < 0.5 ? i : i + 1);
            if (hatched && !m_allowed[corner] && (row + column) / stripe % 4 == 0)
                line[column] = qRgb(0x9a, 0x9a, 0x9a);
        }
    }
}

void HeatMapItem::traceIsolines() {
    m_isolines.clear();
    if (m_field.empty())
        return;
    const auto [low, high] = colorRange();
    for (const double level : isolineLevels(low, high, kIsolineCount))
        m_isolines.push_back({level, alidade::isolines(m_field, level)});
}

void HeatMapItem::placeIsolines() {
    m_pieces.clear();
    m_labels.clear();
    const QFontMetricsF metrics(view().plotFont());
    for (const Isoline& isoline : m_isolines) {
        QPolygonF longest;
        double longestLength = 0.0;
        for (const QPolygonF& line : isoline.lines) {
            QPolygonF placed;
            for (const QPointF& p : line)
                placed << QPointF(xAxis().pixelOfCoordinate(p.x()), yAxis().pixelOfCoordinate(p.y()));
            for (QPolygonF& piece : clippedPolyline(placed, plotRect())) {
                double length = 0.0;
                for (qsizetype i = 1; i < piece.size(); ++i)
                    length += QLineF(piece[i - 1], piece[i]).length();
                if (length > longestLength) {
                    longestLength = length;
                    longest = piece;
                }
                m_pieces.emplace_back(isoline.level, std::move(piece));
            }
        }
        const QString text = m_bar->plainText(isoline.level);
        const QSizeF size(metrics.horizontalAdvance(text), metrics.height());
        if (longestLength < 3.0 * size.width())
            continue;
        double walked = 0.0;
        for (qsizetype i = 1; i < longest.size(); ++i) {
            const QLineF step(longest[i - 1], longest[i]);
            walked += step.length();
            if (walked < longestLength / 2.0)
                continue;
            double degrees = -step.angle();
            while (degrees < -90.0)
                degrees += 180.0;
            const Label label{step.center(), degrees, text, isoline.level, size};
            const QRectF room =
                plotRect().adjusted(size.width() / 2, size.width() / 2, -size.width() / 2, -size.width() / 2);
            const bool crowded = std::any_of(m_labels.begin(), m_labels.end(), [&](const Label& other) {
                return QLineF(other.center, label.center).length() < size.width() + 10.0;
            });
            if (room.contains(label.center) && !crowded)
                m_labels.push_back(label);
            break;
        }
    }
}

void HeatMapItem::updateGeometry() {
    prepareGeometryChange();
    m_image = {};
    if (m_field.empty() || m_field.x.size() < 2 || m_field.y.size() < 2)
        return;
    renderImage();
    const auto [low, high] = colorRange();
    m_bar->setRange({low, high});
    m_bar->setPlotRect(barRect());
    m_bar->layoutTicks(view().plotFont());
    if (m_isolinesShown && !isStriped())
        placeIsolines();
    else
        m_pieces.clear();
}

QRectF HeatMapItem::barRect() const {
    const QRectF plot = plotRect();
    return {plot.right() + kBarGap, plot.top(), kBarWidth, plot.height()};
}

double HeatMapItem::rightMargin() const {
    if (m_field.empty())
        return 0.0;
    const auto [low, high] = colorRange();
    m_bar->setRange({low, high});
    m_bar->setPlotRect(QRectF(0, 0, kBarWidth, std::max(60.0, plotRect().height())));
    m_bar->layoutTicks(view().plotFont());
    return kBarGap + kBarWidth + m_bar->thickness(view().plotFont());
}

QRectF HeatMapItem::boundingRect() const {
    // To the right border of the canvas, wherever the colour bar's labels end.
    const QRectF plot = plotRect();
    constexpr double kBarRoom = 220.0;
    return plot.adjusted(-10, -10, kBarRoom, 10);
}

std::optional<PlotHit> HeatMapItem::hitTest(const QPointF& scenePosition) const {
    if (m_image.isNull() || !m_imageRect.contains(scenePosition))
        return std::nullopt;
    const double value =
        valueAt(xAxis().coordinateOfPixel(scenePosition.x()), yAxis().coordinateOfPixel(scenePosition.y()));
    if (!std::isfinite(value))
        return std::nullopt;
    PlotHit hit;
    hit.distance = kReadDistance;
    hit.anchor = scenePosition;
    hit.x = xAxis().toValue(scenePosition.x());
    hit.y = yAxis().toValue(scenePosition.y());
    hit.text = readout(hit.x, hit.y) + QLatin1Char('\n') + m_bar->valueText(value);
    return hit;
}

std::vector<PlotRow> HeatMapItem::rows() const {
    std::vector<PlotRow> rows;
    for (std::size_t j = 0; j < m_field.y.size(); ++j)
        for (std::size_t i = 0; i < m_field.x.size(); ++i) {
            PlotRow row{name(),
                        fromAxis(xAxis().kind(), m_field.x[i]),
                        fromAxis(yAxis().kind(), m_field.y[j]),
                        std::nan(""),
                        std::nan(""),
                        0};
            row.value = m_field.at(i, j);
            rows.push_back(row);
        }
    return rows;
}

void HeatMapItem::paintIsolines(QPainter* painter) const {
    for (const auto& [level, piece] : m_pieces) {
        painter->setPen(QPen(markColor(colorOf(level), 0.75F), 1.2));
        painter->setBrush(Qt::NoBrush);
        painter->drawPolyline(piece);
    }
    painter->setFont(view().plotFont());
    for (const Label& label : m_labels) {
        painter->save();
        painter->translate(label.center);
        painter->rotate(label.degrees);
        const QRectF box(-label.size.width() / 2.0 - 2.0, -label.size.height() / 2.0,
                         label.size.width() + 4.0, label.size.height());
        painter->fillRect(box, QColor::fromRgb(colorOf(label.level)));
        painter->setPen(markColor(colorOf(label.level), 1.0F));
        painter->drawText(box, Qt::AlignCenter | Qt::TextDontClip, label.text);
        painter->restore();
    }
}

void HeatMapItem::draw(QPainter* painter, QWidget*) {
    if (m_image.isNull())
        return;
    painter->drawImage(m_imageRect, m_image);
    paintIsolines(painter);

    const QRectF bar = barRect();
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    constexpr int kStops = 32;
    for (int i = 0; i <= kStops; ++i) {
        const double at = static_cast<double>(i) / kStops;
        gradient.setColorAt(at, QColor::fromRgb(sequentialColor(at)));
    }
    painter->setPen(QPen(theme().axis, 1.0));
    painter->setBrush(gradient);
    painter->drawRect(bar);
    m_bar->paint(painter, theme(), view().plotFont(), m_bar->thickness(view().plotFont()), true);
}

} // namespace alidade
