#include "plots/points_item.h"

#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr int kOpacityLevels = 8;
constexpr double kRing = 6.0; // wider than the marker
constexpr std::size_t kDenseFrom = 3000;
constexpr double kDenseScale = 0.75;
constexpr std::size_t kPictureFrom = 500;
constexpr double kStroke = 13.0; // of a slope, to either side
constexpr double kNearby = 1e-3; // of the axis: as far as a slope is followed to see its direction

int opacityLevel(float opacity) {
    return std::clamp(static_cast<int>(std::lround(opacity * kOpacityLevels)), 1, kOpacityLevels);
}
} // namespace

PointsItem::PointsItem(PlotView& view, std::vector<PointStyle> styles)
    : ChartItem(view), m_styles(std::move(styles)) {
    setZValue(PlotLayer::kPoints);
}

void PointsItem::setPoints(std::vector<PlotPoint> points) {
    if ((points.size() > kDenseFrom) != (m_points.size() > kDenseFrom))
        m_sprites.clear(); // many are drawn smaller than few
    m_points = std::move(points);
    m_used = usedStyles();
    m_positions.assign(m_points.size(), QPointF(std::nan(""), std::nan("")));
    touch();
}

void PointsItem::touch() {
    m_picture.clear();
    update();
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
    m_picture.clear();
}

void PointsItem::applyTheme(const PlotTheme& theme) {
    m_sprites.clear();
    m_picture.clear();
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
        const bool error = point.error > 0.0 || point.above.value_or(0.0) > 0.0;
        rows.push_back({style.isEmpty() ? name() : style, point.x, point.y,
                        error ? point.y - point.error : std::nan(""),
                        error ? point.y + point.above.value_or(point.error) : std::nan(""), point.key});
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
    touch();
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

const QImage& PointsItem::sprite(int style, int level, double scale) const {
    if (scale != m_spriteScale) {
        m_sprites.clear();
        m_spriteScale = scale;
    }
    QImage& image = m_sprites[style * (kOpacityLevels + 1) + level];
    if (image.isNull()) {
        const PointStyle& look = m_styles[static_cast<std::size_t>(style)];
        const int side = static_cast<int>(std::ceil((1.6 * look.size + 4.0) * scale)) | 1;
        image = QImage(side, side, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setOpacity(static_cast<double>(level) / kOpacityLevels);
        painter.translate(side / 2.0, side / 2.0);
        painter.scale(scale, scale);
        drawMarker(&painter, look);
    }
    return image;
}

const QImage& PointsItem::ring(int style, double scale) const {
    QImage& image = m_sprites[-1 - style];
    if (image.isNull()) {
        const double size = m_styles[static_cast<std::size_t>(style)].size;
        const int side = static_cast<int>(std::ceil((size + kRing + 6.0) * scale)) | 1;
        image = QImage(side, side, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(scale, scale);
        drawRing(&painter, QPointF(side, side) / (2.0 * scale), size);
    }
    return image;
}

void PointsItem::drawRing(QPainter* painter, const QPointF& center, double size) const {
    const double radius = (size + kRing) / 2.0;
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme().background, 4.0));
    painter->drawEllipse(center, radius, radius);
    painter->setPen(QPen(theme().color(PlotRole::Selected), 2.0));
    painter->drawEllipse(center, radius, radius);
}

void PointsItem::drawErrorBars(QPainter* painter) const {
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const PlotPoint& point = m_points[i];
        if ((point.error <= 0.0 && point.above.value_or(0.0) <= 0.0) || !isDrawn(i))
            continue;
        const QRectF rect = plotRect();
        const double top = std::max(rect.top(), yAxis().toPixel(point.y + point.above.value_or(point.error)));
        const double bottom = std::min(rect.bottom(), yAxis().toPixel(point.y - point.error));
        painter->setPen(QPen(theme().color(m_styles[static_cast<std::size_t>(point.style)].role), 1.0));
        painter->drawLine(QPointF(m_positions[i].x(), top), QPointF(m_positions[i].x(), bottom));
    }
}

void PointsItem::drawSlopes(QPainter* painter) const {
    const AxisKind kind = xAxis().kind();
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const PlotPoint& point = m_points[i];
        if (!point.slope || !isDrawn(i))
            continue;
        const double x = fromAxis(kind, toAxis(kind, point.x) + kNearby * xAxis().range().span());
        const QPointF way = toScene(x, point.y + *point.slope * (x - point.x)) - m_positions[i];
        const double length = std::hypot(way.x(), way.y());
        if (!(length > 0.0) || !std::isfinite(length))
            continue;
        const QPointF half = way * (kStroke / length);
        painter->save();
        painter->setClipRect(plotRect(), Qt::IntersectClip);
        painter->setOpacity(painter->opacity() * opacityLevel(point.opacity) / kOpacityLevels);
        painter->setPen(QPen(theme().color(m_styles[static_cast<std::size_t>(point.style)].role), 1.6,
                             Qt::SolidLine, Qt::RoundCap));
        painter->drawLine(m_positions[i] - half, m_positions[i] + half);
        painter->restore();
    }
}

void PointsItem::drawOutlines(QPainter* painter) const {
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        if (!isDrawn(i))
            continue;
        painter->save();
        painter->translate(m_positions[i]);
        painter->setOpacity(painter->opacity() * opacityLevel(m_points[i].opacity) / kOpacityLevels);
        drawMarker(painter, m_styles[static_cast<std::size_t>(m_points[i].style)]);
        painter->restore();
    }
    const std::set<qint64>& selected = view().selectedKeys();
    for (std::size_t i = 0; !selected.empty() && i < m_points.size(); ++i)
        if (m_points[i].key != 0 && selected.contains(m_points[i].key) && isDrawn(i))
            drawRing(painter, m_positions[i], m_styles[static_cast<std::size_t>(m_points[i].style)].size);
}

template <typename Put>
void PointsItem::eachSprite(double scale, Put put) const {
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if (isDrawn(i))
            put(m_positions[i], sprite(m_points[i].style, opacityLevel(m_points[i].opacity), scale));
    // A range of parallel coordinates selects thousands.
    const std::set<qint64>& selected = view().selectedKeys();
    for (std::size_t i = 0; !selected.empty() && i < m_points.size(); ++i)
        if (m_points[i].key != 0 && selected.contains(m_points[i].key) && isDrawn(i))
            put(m_positions[i], ring(m_points[i].style, scale));
}

void PointsItem::drawSprites(QPainter* painter, double scale) const {
    eachSprite(scale, [&](const QPointF& center, const QImage& image) {
        const QPointF corner = center * scale - QPointF(image.width(), image.height()) / 2.0;
        const QRectF target(QPointF(std::round(corner.x()), std::round(corner.y())) / scale,
                            QSizeF(image.size()) / scale);
        painter->drawImage(target, image);
    });
}

void PointsItem::fillPicture(QImage& picture, double scale) const {
    const QPointF origin = boundingRect().topLeft();
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    painter.translate(-origin);
    drawErrorBars(&painter);
    drawSlopes(&painter);
    painter.end();
    eachSprite(scale, [&](const QPointF& center, const QImage& image) {
        const QPointF corner = (center - origin) * scale - QPointF(image.width(), image.height()) / 2.0;
        blendSprite(picture, image, static_cast<int>(std::lround(corner.x())),
                    static_cast<int>(std::lround(corner.y())));
    });
}

void PointsItem::draw(QPainter* painter, QWidget* widget) {
    if (widget == nullptr) { // an export
        drawErrorBars(painter);
        drawSlopes(painter);
        drawOutlines(painter);
        return;
    }
    const double scale = widget->devicePixelRatioF();
    if (m_points.size() >= kPictureFrom) {
        m_picture.draw(painter, boundingRect(), scale,
                       [this, scale](QImage& picture) { fillPicture(picture, scale); });
        return;
    }
    drawErrorBars(painter);
    drawSlopes(painter);
    drawSprites(painter, scale);
}

} // namespace alidade
