// How parallel coordinates are drawn.
#include "plots/color_map.h"
#include "plots/line_raster.h"
#include "plots/number_text.h"
#include "plots/parallel_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr std::size_t kMany = 1000; // lines; more are drawn as hairlines, once, into a picture
constexpr std::size_t kWhileDragging = 1000;
constexpr std::size_t kFine = 200; // of those are drawn smooth
constexpr double kNameRoom = 88.0; // of the name of a single axis, pixels
} // namespace

QColor ParallelItem::scaleColor(double share) const {
    // The ends of the scale that would vanish in the background are left out.
    return QColor::fromRgb(sequentialColor(theme().dark ? 0.2 + 0.8 * share : 0.85 * share));
}

QColor ParallelItem::lineColor(std::size_t line) const {
    const ParallelLine& shown = m_lines[line];
    if (!m_colorAxis)
        return theme().color(shown.strong ? PlotRole::Best : PlotRole::Observed);
    const double at = share(*m_colorAxis, shown.values[*m_colorAxis]);
    return std::isnan(at) ? theme().mutedText : scaleColor(at);
}

void ParallelItem::paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const {
    const QColor color =
        m_colorAxis ? theme().text : theme().color(entry == 0 ? PlotRole::Best : PlotRole::Observed);
    painter->setPen(QPen(color, entry == 0 ? 2.2 : 1.2, entry == 0 ? Qt::SolidLine : Qt::DashLine));
    painter->drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
}

std::vector<ParallelItem::Stroke> ParallelItem::strokes(std::size_t first) const {
    const bool many = m_lines.size() > kMany;
    const QColor selectedColor = theme().color(PlotRole::Selected);
    const QColor strongColor = theme().color(PlotRole::Best);
    const QColor weakColor = theme().color(PlotRole::Observed);
    std::vector<Stroke> strokes;
    strokes.reserve(m_lines.size() - first);
    // While the user drags, a part of many lines tells enough.
    const std::size_t stride = m_dragging ? std::max<std::size_t>(1, m_lines.size() / kWhileDragging) : 1;
    for (std::size_t i = first; i < m_lines.size(); ++i) {
        const bool strong = m_lines[i].strong;
        if (!isShown(i) || (i % stride != 0 && !strong))
            continue;
        const bool inside = m_inside[i];
        Stroke stroke;
        stroke.line = i;
        const bool selected = view().selectedKeys().contains(m_lines[i].key);
        stroke.rank = (inside ? 4 : 0) + (strong ? 2 : 0) + (selected ? 1 : 0);
        stroke.color = selected      ? selectedColor
                       : m_colorAxis ? lineColor(i)
                       : strong      ? strongColor
                                     : weakColor;
        float opacity = strong || selected ? 0.9F : many ? 0.3F : 0.5F;
        if (m_colorAxis && !selected)
            opacity = many ? 0.5F : 0.85F;
        stroke.color.setAlphaF(!inside ? (many ? 0.04F : 0.1F) : opacity);
        stroke.width = selected ? 3.0 : strong ? 2.0 : 1.1;
        // Hundreds of dashed lines are a grey cloud that takes long to draw.
        stroke.dashed = !strong && !selected && !m_colorAxis && m_lines.size() <= 200;
        strokes.push_back(stroke);
    }
    std::stable_sort(strokes.begin(), strokes.end(),
                     [](const Stroke& x, const Stroke& y) { return x.rank < y.rank; });
    return strokes;
}

void ParallelItem::drawStroke(QPainter* painter, const Stroke& stroke) const {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(stroke.color, stroke.width, stroke.dashed ? Qt::DashLine : Qt::SolidLine));
    painter->drawPolyline(m_polylines[stroke.line]);
}

void ParallelItem::drawPicture(QPainter* painter, QWidget* widget) {
    const QRectF area = boundingRect();
    const double ratio = widget->devicePixelRatioF();
    const QSize size = (area.size() * ratio).toSize();
    if (m_picture.isNull() || m_picture.size() != size) {
        m_picture = QImage(size, QImage::Format_ARGB32_Premultiplied);
        m_picture.fill(Qt::transparent);
        m_drawn.clear();
    }
    if (m_drawn.size() < m_lines.size()) {
        m_picture.setDevicePixelRatio(1.0);
        drawIntoPicture(strokes(m_drawn.size()),
                        QTransform::fromScale(ratio, ratio).translate(-area.left(), -area.top()));
        m_picture.setDevicePixelRatio(ratio);
        for (std::size_t i = m_drawn.size(); i < m_lines.size(); ++i)
            m_drawn.push_back(m_lines[i].strong);
    }
    painter->drawImage(area.topLeft(), m_picture);
}

void ParallelItem::drawIntoPicture(const std::vector<Stroke>& strokes, const QTransform& toPicture) {
    // The last ones are those that matter most: wide and smooth; the crowd below is one pixel wide.
    const std::size_t crowd = strokes.size() - std::min(strokes.size(), kFine);
    std::vector<const Stroke*> fine;
    LineBundle bundle;
    for (const std::size_t axis : m_order)
        bundle.x.push_back(toPicture.map(QPointF(axisX(axis), 0.0)).x());
    for (std::size_t i = 0; i < strokes.size(); ++i) {
        if (i >= crowd && strokes[i].width > 1.5) {
            fine.push_back(&strokes[i]);
            continue;
        }
        std::vector<double>& heights = bundle.y.emplace_back();
        for (const QPointF& point : m_polylines[strokes[i].line])
            heights.push_back(toPicture.map(point).y());
        bundle.colors.push_back(strokes[i].color);
    }
    blendLines(m_picture, bundle);
    QPainter inner(&m_picture);
    inner.setRenderHint(QPainter::Antialiasing);
    inner.setTransform(toPicture);
    for (const Stroke* stroke : fine)
        drawStroke(&inner, *stroke);
}

void ParallelItem::drawAxis(QPainter* painter, std::size_t axis) const {
    const double x = axisX(axis);
    const double bottom = yAxis().toPixel(0.0);
    const double top = yAxis().toPixel(1.0);
    const bool current = m_current == axis && view().hasFocus();
    if (m_colorAxis == axis) {
        constexpr double kScaleWidth = 8.0;
        QLinearGradient scale(QPointF(x, bottom), QPointF(x, top));
        for (const double at : {0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0})
            scale.setColorAt(at, scaleColor(at));
        painter->fillRect(QRectF(x - kScaleWidth / 2.0, top, kScaleWidth, bottom - top), scale);
    }
    painter->setPen(QPen(current ? theme().color(PlotRole::Cursor) : theme().axis, current ? 2.4 : 1.4));
    painter->drawLine(QPointF(x, bottom), QPointF(x, top));
    if (m_brushes[axis]) {
        const double high = yAxis().toPixel(m_brushes[axis]->second);
        const QRectF box(x - 7.0, high, 14.0, yAxis().toPixel(m_brushes[axis]->first) - high);
        QColor fill = theme().color(PlotRole::Cursor);
        fill.setAlphaF(0.25F);
        painter->fillRect(box, fill);
        painter->setPen(QPen(theme().color(PlotRole::Cursor), 1.4));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(box);
    }
    const ParallelAxis& shown = m_axes[axis];
    QFont font = view().plotFont();
    painter->setFont(font);
    const QFontMetricsF metrics(font);
    const auto label = [&](double share, const QString& text) {
        const double y = yAxis().toPixel(share);
        const QRectF box(x + 5.0, y - metrics.height() / 2.0, metrics.horizontalAdvance(text) + 4.0,
                         metrics.height());
        QColor back = theme().background;
        back.setAlphaF(0.75F);
        painter->fillRect(box, back);
        painter->setPen(theme().mutedText);
        painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
    };
    if (shown.spec.kind == AxisKind::Category) {
        constexpr qsizetype kMostLabels = 12;
        const qsizetype step = 1 + shown.spec.categories.size() / kMostLabels;
        for (qsizetype i = 0; i < shown.spec.categories.size(); i += step)
            label(share(axis, static_cast<double>(i)), shown.spec.categories[i]);
    } else {
        for (const double at : {0.0, 0.5, 1.0})
            label(at, formatNumber(value(axis, at), 3));
    }
    // The name is the handle by which the axis is moved.
    const double room =
        m_order.size() > 1 ? std::abs(xAxis().toPixel(1.0) - xAxis().toPixel(0.0)) - 6.0 : kNameRoom;
    font.setBold(true);
    painter->setFont(font);
    const QFontMetricsF bold(font);
    const QString arrow = !shown.isObjective   ? QString()
                          : shown.downIsBetter ? QStringLiteral("↓ ")
                                               : QStringLiteral("↑ ");
    painter->setPen(current ? theme().color(PlotRole::Cursor) : theme().text);
    const QPointF center = nameCenter(axis);
    const QRectF box(center.x() - room / 2.0, center.y() - bold.height(), room, bold.height());
    painter->drawText(box, Qt::AlignCenter, bold.elidedText(arrow + shown.spec.title, Qt::ElideMiddle, room));
    font.setBold(false);
    painter->setFont(font);
    painter->setPen(theme().mutedText);
    if (!shown.spec.unit.isEmpty())
        painter->drawText(box.translated(0.0, box.height()), Qt::AlignCenter, shown.spec.unit);
}

void ParallelItem::draw(QPainter* painter, QWidget* widget) {
    if (m_order.empty())
        return;
    if (widget != nullptr && m_lines.size() > kMany)
        drawPicture(painter, widget);
    else
        for (const Stroke& stroke : strokes(0))
            drawStroke(painter, stroke);
    const bool missing = std::any_of(m_lines.begin(), m_lines.end(), [](const ParallelLine& line) {
        return std::any_of(line.values.begin(), line.values.end(), [](double v) { return std::isnan(v); });
    });
    for (const std::size_t axis : m_order)
        drawAxis(painter, axis);
    if (missing) {
        painter->setPen(theme().mutedText);
        painter->setFont(view().plotFont());
        const double y = yAxis().toPixel(kMissing);
        const QRectF rect = plotRect();
        painter->drawText(QRectF(rect.left() + 4.0, y - 9.0, rect.width(), 18.0),
                          Qt::AlignLeft | Qt::AlignVCenter, PlotText::tr("not active"));
    }
}

} // namespace alidade
