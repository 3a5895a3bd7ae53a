// How parallel coordinates are drawn.
#include "plots/number_text.h"
#include "plots/parallel_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QtConcurrent>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr std::size_t kAtOnce = 100; // lines that came in and are drawn by the thread of the window
constexpr double kNameRoom = 88.0;   // of the name of a single axis, pixels
} // namespace

void ParallelItem::paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const {
    const QColor color =
        m_state.colorAxis ? theme().text : theme().color(entry == 0 ? PlotRole::Best : PlotRole::Observed);
    painter->setPen(QPen(color, entry == 0 ? 2.2 : 1.2, entry == 0 ? Qt::SolidLine : Qt::DashLine));
    painter->drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
}

void ParallelItem::touch() {
    ++m_version;
    // While the user drags, what is seen has to follow soon; else what has been begun is worth seeing.
    if (m_dragging && m_stop && !m_sparseRuns)
        m_stop->store(true);
    update();
}

bool ParallelItem::isPictureReady() const {
    return !isMany() || (m_picture.version == m_version && m_picture.lines == m_lines.size());
}

void ParallelItem::startPicture(const QSize& size, double ratio) {
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_sparseRuns = m_state.sparse;
    m_watcher.setFuture(QtConcurrent::run(
        [state = m_state, area = boundingRect(), version = m_version, size, ratio, stop = m_stop] {
            Picture picture{QImage(size, QImage::Format_ARGB32_Premultiplied), area, version,
                            state.places->count(), false};
            picture.image.fill(Qt::transparent);
            picture.done = state.drawInto(picture.image, area.topLeft(), ratio, 0, stop.get());
            picture.image.setDevicePixelRatio(ratio);
            return picture;
        }));
}

void ParallelItem::pictureDone() {
    const Picture picture = m_watcher.result();
    m_stop.reset();
    // One that is out of date already is still nearer to the truth than the last one.
    if (picture.done && picture.lines <= m_lines.size())
        m_picture = picture;
    update(); // which starts the next one
}

void ParallelItem::drawPicture(QPainter* painter, QWidget* widget) {
    const QRectF area = boundingRect();
    const double ratio = widget->devicePixelRatioF();
    const QSize size = (area.size() * ratio).toSize();
    if (size.isEmpty())
        return;
    if (m_picture.image.size() != size || m_picture.area != area)
        m_picture.version = 0;
    const bool current = m_picture.version == m_version;
    if (current && m_picture.lines < m_lines.size() && m_lines.size() - m_picture.lines <= kAtOnce) {
        m_picture.image.setDevicePixelRatio(1.0);
        (void)m_state.drawInto(m_picture.image, area.topLeft(), ratio, m_picture.lines);
        m_picture.image.setDevicePixelRatio(ratio);
        m_picture.lines = m_lines.size();
    }
    if ((!current || m_picture.lines < m_lines.size()) && !m_stop)
        startPicture(size, ratio);
    if (!m_picture.image.isNull())
        painter->drawImage(area, m_picture.image);
}

void ParallelItem::drawAxis(QPainter* painter, std::size_t axis) const {
    const double x = axisX(axis);
    const double bottom = yAxis().toPixel(0.0);
    const double top = yAxis().toPixel(1.0);
    const bool current = m_current == axis && view().hasFocus();
    if (m_state.colorAxis == axis) {
        constexpr double kScaleWidth = 8.0;
        QLinearGradient scale(QPointF(x, bottom), QPointF(x, top));
        for (const double at : {0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0})
            scale.setColorAt(at, m_state.scaleColor(at));
        painter->fillRect(QRectF(x - kScaleWidth / 2.0, top, kScaleWidth, bottom - top), scale);
    }
    painter->setPen(QPen(current ? theme().color(PlotRole::Cursor) : theme().axis, current ? 2.4 : 1.4));
    painter->drawLine(QPointF(x, bottom), QPointF(x, top));
    if (m_state.brushes[axis]) {
        const double high = yAxis().toPixel(m_state.brushes[axis]->second);
        const QRectF box(x - 7.0, high, 14.0, yAxis().toPixel(m_state.brushes[axis]->first) - high);
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
        m_state.order.size() > 1 ? std::abs(xAxis().toPixel(1.0) - xAxis().toPixel(0.0)) - 6.0 : kNameRoom;
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
    if (m_state.order.empty())
        return;
    if (widget != nullptr && isMany())
        drawPicture(painter, widget);
    else
        m_state.draw(painter);
    for (const std::size_t axis : m_state.order)
        drawAxis(painter, axis);
    if (m_anyMissing) {
        painter->setPen(theme().mutedText);
        painter->setFont(view().plotFont());
        const double y = yAxis().toPixel(kMissing);
        const QRectF rect = plotRect();
        painter->drawText(QRectF(rect.left() + 4.0, y - 9.0, rect.width(), 18.0),
                          Qt::AlignLeft | Qt::AlignVCenter, PlotText::tr("not active"));
    }
}

} // namespace alidade
