#include "plots/points_item.h"

#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr int kOpacityLevels = 8;
constexpr double kRing = 6.0; // wider than the marker
constexpr std::size_t kDenseFrom = 3000;
constexpr double kDenseScale = 0.75;

int opacityLevel(float opacity) {
    return std::clamp(static_cast<int>(std::lround(opacity * kOpacityLevels)), 1, kOpacityLevels);
}
} // namespace

PointsItem::PointsItem(PlotView& view, std::vector<PointStyle> styles)
    : ChartItem(view), m_styles(std::move(styles)) {
    setZValue(PlotLayer::kPoints);
}

void PointsItem::setPoints(std::vector<PlotPoint> points) {
    m_points = std::move(points);
    m_used = usedStyles();
    m_positions.assign(m_points.size(), QPointF(std::nan(""), std::nan("")));
}

std::vector<int> PointsItem::usedStyles() const {
    std::set<int> used;
    for (const PlotPoint& point : m_points)
        used.insert(point.style);
    return {used.begin(), used.end()};
}

void PointsItem::updateGeometry() {
    prepareGeometryChange();
    for (std::size_t i = 0; i < m_points.size(); ++i)
        m_positions[i] = toScene(m_points[i].x, m_points[i].y);
}

void PointsItem::applyTheme(const PlotTheme& theme) {
    m_sprites.clear();
    ChartItem::applyTheme(theme);
}

DataBounds PointsItem::bounds() const {
    DataBounds bounds;
    for (const PlotPoint& point : m_points) {
        if (std::isfinite(toAxis(xAxis().kind(), point.x)))
            bounds.addX(point.x);
        if (m_scalesY && std::isfinite(toAxis(yAxis().kind(), point.y)))
            bounds.addY(point.y);
    }
    return bounds;
}

bool PointsItem::isDrawn(std::size_t i) const {
    const QPointF& at = m_positions[i];
    return std::isfinite(at.x()) && std::isfinite(at.y()) && plotRect().adjusted(-1, -1, 1, 1).contains(at) &&
           !m_hidden.contains(m_points[i].style);
}

PlotHit PointsItem::hitOf(std::size_t i) const {
    const PlotPoint& point = m_points[i];
    PlotHit hit;
    hit.anchor = m_positions[i];
    hit.key = point.key;
    hit.x = point.x;
    hit.y = point.y;
    hit.text = m_text ? m_text(point) : readout(point.x, point.y);
    return hit;
}

std::optional<PlotHit> PointsItem::hitTest(const QPointF& scenePosition) const {
    std::size_t nearest = m_points.size();
    double smallest = 1e300;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QPointF d = m_positions[i] - scenePosition;
        const double square = d.x() * d.x() + d.y() * d.y();
        if (square <= smallest && isDrawn(i)) {
            smallest = square;
            nearest = i;
        }
    }
    if (nearest == m_points.size())
        return std::nullopt;
    PlotHit hit = hitOf(nearest);
    // A marker is a thing, a line beside it only a direction: inside the marker it wins.
    hit.distance =
        std::max(0.0, std::sqrt(smallest) - m_styles[static_cast<std::size_t>(m_points[nearest].style)].size);
    return hit;
}

std::vector<PlotHit> PointsItem::selectable() const {
    std::vector<PlotHit> hits;
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if (m_points[i].key != 0 && isDrawn(i))
            hits.push_back(hitOf(i));
    return hits;
}

std::vector<PlotRow> PointsItem::rows() const {
    std::vector<PlotRow> rows;
    for (const PlotPoint& point : m_points) {
        const QString& style = m_styles[static_cast<std::size_t>(point.style)].name;
        const bool error = point.error > 0.0;
        rows.push_back({style.isEmpty() ? name() : style, point.x, point.y,
                        error ? point.y - point.error : std::nan(""),
                        error ? point.y + point.error : std::nan(""), point.key});
    }
    return rows;
}

int PointsItem::legendCount() const {
    if (!inLegend())
        return 0;
    return static_cast<int>(std::count_if(m_used.begin(), m_used.end(), [this](int style) {
        return !m_styles[static_cast<std::size_t>(style)].name.isEmpty();
    }));
}

QString PointsItem::legendText(int entry) const {
    return m_styles[static_cast<std::size_t>(m_used[static_cast<std::size_t>(entry)])].name;
}

bool PointsItem::isEntryShown(int entry) const {
    return !m_hidden.contains(m_used[static_cast<std::size_t>(entry)]);
}

void PointsItem::setEntryShown(int entry, bool shown) {
    const int style = m_used[static_cast<std::size_t>(entry)];
    if (shown)
        m_hidden.erase(style);
    else
        m_hidden.insert(style);
    update();
}

void PointsItem::drawMarker(QPainter* painter, const PointStyle& style) const {
    const QColor color = theme().color(style.role);
    // Among thousands, outlines would be all that is seen.
    const bool dense = m_points.size() > kDenseFrom;
    const QPainterPath path = markerPath(style.shape, dense ? kDenseScale * style.size : style.size);
    if (isOpenMarker(style.shape) || !style.filled) {
        painter->setPen(QPen(color, isOpenMarker(style.shape) ? 2.0 : 1.6));
        painter->setBrush(Qt::NoBrush);
    } else {
        painter->setPen(dense ? QPen(Qt::NoPen)
                              : QPen(style.outlined ? QColor(Qt::black) : theme().background,
                                     style.outlined ? 1.2 : 0.8));
        painter->setBrush(style.outlined ? QColor(Qt::white) : color);
    }
    painter->drawPath(path);
}

void PointsItem::paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const {
    painter->translate(rect.center());
    drawMarker(painter, m_styles[static_cast<std::size_t>(m_used[static_cast<std::size_t>(entry)])]);
    painter->translate(-rect.center());
}

const QPixmap& PointsItem::sprite(int style, int level, double scale) const {
    if (scale != m_spriteScale) {
        m_sprites.clear();
        m_spriteScale = scale;
    }
    QPixmap& pixmap = m_sprites[style * (kOpacityLevels + 1) + level];
    if (pixmap.isNull()) {
        const PointStyle& look = m_styles[static_cast<std::size_t>(style)];
        const int side = static_cast<int>(std::ceil((1.6 * look.size + 4.0) * scale)) | 1;
        pixmap = QPixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setOpacity(static_cast<double>(level) / kOpacityLevels);
        painter.translate(side / 2.0, side / 2.0);
        painter.scale(scale, scale);
        drawMarker(&painter, look);
        painter.end();
        pixmap.setDevicePixelRatio(scale);
    }
    return pixmap;
}

void PointsItem::draw(QPainter* painter, QWidget* widget) {
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const PlotPoint& point = m_points[i];
        if (point.error <= 0.0 || !isDrawn(i))
            continue;
        const QRectF rect = plotRect();
        const double top = std::max(rect.top(), yAxis().toPixel(point.y + point.error));
        const double bottom = std::min(rect.bottom(), yAxis().toPixel(point.y - point.error));
        painter->setPen(QPen(theme().color(m_styles[static_cast<std::size_t>(point.style)].role), 1.0));
        painter->drawLine(QPointF(m_positions[i].x(), top), QPointF(m_positions[i].x(), bottom));
    }
    // Pictures of the markers on the screen, where thousands are drawn again and again; outlines in exports.
    const bool onScreen = widget != nullptr;
    const double scale = onScreen ? widget->devicePixelRatioF() : 1.0;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        if (!isDrawn(i))
            continue;
        const PlotPoint& point = m_points[i];
        const int level = opacityLevel(point.opacity);
        if (onScreen) {
            const QPixmap& pixmap = sprite(point.style, level, scale);
            const QSizeF size = pixmap.deviceIndependentSize();
            const QPointF corner = m_positions[i] - QPointF(size.width() / 2.0, size.height() / 2.0);
            painter->drawPixmap(
                QPointF(std::round(corner.x() * scale), std::round(corner.y() * scale)) / scale, pixmap);
        } else {
            painter->save();
            painter->translate(m_positions[i]);
            painter->setOpacity(painter->opacity() * level / kOpacityLevels);
            drawMarker(painter, m_styles[static_cast<std::size_t>(point.style)]);
            painter->restore();
        }
    }
    if (view().selectedKeys().empty())
        return;
    const auto drawRing = [this](QPainter* target, const QPointF& center, double size) {
        const double radius = (size + kRing) / 2.0;
        target->setBrush(Qt::NoBrush);
        target->setPen(QPen(theme().background, 4.0));
        target->drawEllipse(center, radius, radius);
        target->setPen(QPen(theme().color(PlotRole::Selected), 2.0));
        target->drawEllipse(center, radius, radius);
    };
    // A range of parallel coordinates selects thousands: on the screen each ring is a copy of one.
    std::map<int, QPixmap> rings;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const PlotPoint& point = m_points[i];
        if (point.key == 0 || !view().selectedKeys().contains(point.key) || !isDrawn(i))
            continue;
        const double size = m_styles[static_cast<std::size_t>(point.style)].size;
        if (widget == nullptr) {
            drawRing(painter, m_positions[i], size);
            continue;
        }
        QPixmap& ring = rings[point.style];
        if (ring.isNull()) {
            const int side = static_cast<int>(std::ceil((size + kRing + 6.0) * scale)) | 1;
            ring = QPixmap(side, side);
            ring.fill(Qt::transparent);
            QPainter inner(&ring);
            inner.setRenderHint(QPainter::Antialiasing);
            inner.scale(scale, scale);
            drawRing(&inner, QPointF(side, side) / (2.0 * scale), size);
            inner.end();
            ring.setDevicePixelRatio(scale);
        }
        const QSizeF room = ring.deviceIndependentSize();
        const QPointF corner = m_positions[i] - QPointF(room.width() / 2.0, room.height() / 2.0);
        painter->drawPixmap(QPointF(std::round(corner.x() * scale), std::round(corner.y() * scale)) / scale,
                            ring);
    }
}

} // namespace alidade
