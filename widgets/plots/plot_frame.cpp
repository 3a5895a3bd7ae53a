#include "plots/plot_frame.h"

#include "plots/plot_axis.h"
#include "plots/plot_view.h"

#include <QChart>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace alidade {

namespace {
constexpr double kKeyWidth = 26.0;
constexpr double kKeyGap = 5.0;
constexpr double kEntryGap = 16.0;
constexpr double kReadoutPadding = 6.0;
constexpr double kReadoutOffset = 12.0;
constexpr double kHitRing = 7.0;
constexpr double kLargestShare = 0.3; // of the canvas: a legend that needs more is left out
} // namespace

GridItem::GridItem(PlotView& view) : QGraphicsItem(view.chart()), m_view(view) {
    setZValue(PlotLayer::kGrid);
    setAcceptedMouseButtons(Qt::NoButton);
}

QRectF GridItem::boundingRect() const {
    return m_view.plotRect();
}

void GridItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    if (!m_view.message().isEmpty())
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    m_view.xAxis().paintGrid(painter, m_view.theme());
    m_view.yAxis().paintGrid(painter, m_view.theme());
    painter->restore();
}

AxesItem::AxesItem(PlotView& view) : QGraphicsItem(view.chart()), m_view(view) {
    setZValue(PlotLayer::kAxes);
    setAcceptedMouseButtons(Qt::NoButton);
}

void AxesItem::setTexts(const QString& title, const QString& message) {
    m_title = title;
    m_message = message;
    update();
}

void AxesItem::setCanvas(const QSizeF& size, double leftThickness, double bottomThickness) {
    prepareGeometryChange();
    m_canvas = size;
    m_left = leftThickness;
    m_bottom = bottomThickness;
}

QRectF AxesItem::boundingRect() const {
    return {QPointF(0, 0), m_canvas};
}

void AxesItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const PlotTheme& theme = m_view.theme();
    const QRectF rect = m_view.plotRect();
    painter->save();
    QFont font = m_view.plotFont();
    if (!m_title.isEmpty()) {
        QFont bold = font;
        bold.setBold(true);
        painter->setFont(bold);
        painter->setPen(theme.text);
        const QFontMetricsF metrics(bold);
        const QString shown =
            metrics.elidedText(m_title, Qt::ElideRight, m_canvas.width() - rect.left() - 4.0);
        painter->drawText(QRectF(rect.left(), 4.0, m_canvas.width() - rect.left() - 4.0, metrics.height()),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, shown);
    }
    if (!m_message.isEmpty()) {
        painter->setFont(font);
        painter->setPen(theme.mutedText);
        const QRectF room = QRectF(QPointF(0, 0), m_canvas).adjusted(12, 12, -12, -12);
        painter->drawText(room, Qt::AlignCenter | Qt::TextWordWrap, m_message);
        painter->restore();
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(theme.axis, 1.0));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(rect);
    m_view.xAxis().paint(painter, theme, font, m_bottom);
    m_view.yAxis().paint(painter, theme, font, m_left);
    if (m_view.hasFocus() && !m_view.isExporting()) {
        painter->setPen(QPen(theme.color(PlotRole::Cursor), 1.0, Qt::DotLine));
        painter->drawRect(rect.adjusted(-2, -2, 2, 2));
    }
    painter->restore();
}

LegendItem::LegendItem(PlotView& view) : QGraphicsItem(view.chart()), m_view(view) {
    setZValue(PlotLayer::kAxes);
    setAcceptedMouseButtons(Qt::NoButton);
}

void LegendItem::setShown(bool onScreen, bool inExports) {
    m_onScreen = onScreen;
    m_inExports = inExports;
}

double LegendItem::layoutEntries(const QPointF& topLeft, double width, double canvasHeight) {
    prepareGeometryChange();
    m_entries.clear();
    m_bounds = QRectF(topLeft, QSizeF(0, 0));
    if (!(m_view.isExporting() ? m_inExports : m_onScreen))
        return 0.0;
    const QFontMetricsF metrics(m_view.plotFont());
    const double height = metrics.height() + 4.0;
    QPointF at = topLeft;
    for (ChartItem* item : m_view.items()) {
        for (int i = 0; i < item->legendCount(); ++i) {
            if (m_view.isExporting() && !item->isEntryShown(i))
                continue;
            const double needed = kKeyWidth + kKeyGap + metrics.horizontalAdvance(item->legendText(i));
            if (at.x() > topLeft.x() && at.x() + needed > topLeft.x() + width)
                at = QPointF(topLeft.x(), at.y() + height);
            m_entries.push_back({item, i, QRectF(at, QSizeF(needed, height))});
            at.rx() += needed + kEntryGap;
        }
    }
    if (m_entries.empty())
        return 0.0;
    const double used = at.y() + height - topLeft.y();
    if (used > kLargestShare * canvasHeight) {
        m_entries.clear();
        return 0.0;
    }
    m_bounds = QRectF(topLeft, QSizeF(width, used));
    return used + 4.0;
}

bool LegendItem::toggleAt(const QPointF& position) {
    for (const Entry& entry : m_entries) {
        if (entry.rect.contains(position)) {
            toggle(entry);
            return true;
        }
    }
    return false;
}

void LegendItem::toggle(const Entry& entry) {
    entry.item->setEntryShown(entry.index, !entry.item->isEntryShown(entry.index));
    m_view.viewport()->update();
}

QRectF LegendItem::boundingRect() const {
    return m_bounds;
}

void LegendItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    if (!m_view.message().isEmpty())
        return;
    painter->setFont(m_view.plotFont());
    for (const Entry& entry : m_entries) {
        const bool shown = entry.item->isEntryShown(entry.index);
        painter->save();
        painter->setOpacity(shown ? 1.0 : 0.35);
        const QRectF key(entry.rect.left(), entry.rect.top(), kKeyWidth, entry.rect.height());
        painter->save();
        entry.item->paintLegendKey(painter, key, entry.index);
        painter->restore();
        painter->setPen(m_view.theme().text);
        QFont font = m_view.plotFont();
        font.setStrikeOut(!shown);
        painter->setFont(font);
        painter->drawText(entry.rect.adjusted(kKeyWidth + kKeyGap, 0, 0, 0),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                          entry.item->legendText(entry.index));
        painter->restore();
    }
}

ReadoutItem::ReadoutItem(PlotView& view) : QGraphicsItem(view.chart()), m_view(view) {
    setZValue(PlotLayer::kReadout);
    setAcceptedMouseButtons(Qt::NoButton);
    hide();
}

void ReadoutItem::setContent(const QPointF& anchor, const QString& text, const QSizeF& canvas) {
    prepareGeometryChange();
    m_anchor = anchor;
    m_text = text;
    setVisible(!text.isEmpty());
    if (text.isEmpty())
        return;
    const QFontMetricsF metrics(m_view.plotFont());
    const QSizeF size = metrics.size(0, text) + QSizeF(2 * kReadoutPadding, 2 * kReadoutPadding);
    double x = anchor.x() + kReadoutOffset;
    if (x + size.width() > canvas.width())
        x = anchor.x() - kReadoutOffset - size.width();
    double y = anchor.y() - kReadoutOffset - size.height();
    if (y < 0.0)
        y = anchor.y() + kReadoutOffset;
    x = std::clamp(x, 0.0, std::max(0.0, canvas.width() - size.width() - 1.0));
    y = std::clamp(y, 0.0, std::max(0.0, canvas.height() - size.height() - 1.0));
    m_box = QRectF(QPointF(x, y), size);
}

QRectF ReadoutItem::boundingRect() const {
    const QRectF ring(m_anchor.x() - kHitRing - 2, m_anchor.y() - kHitRing - 2, 2 * kHitRing + 4,
                      2 * kHitRing + 4);
    return m_box.united(ring).adjusted(-1, -1, 1, 1);
}

void ReadoutItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const PlotTheme& theme = m_view.theme();
    painter->setPen(QPen(theme.text, 1.2));
    painter->setBrush(Qt::NoBrush);
    painter->drawEllipse(m_anchor, kHitRing, kHitRing);
    painter->setPen(QPen(theme.axis, 1.0));
    painter->setBrush(theme.readout);
    painter->drawRoundedRect(m_box, 3.0, 3.0);
    painter->setPen(theme.text);
    painter->setFont(m_view.plotFont());
    painter->drawText(m_box.adjusted(kReadoutPadding, kReadoutPadding, 0, 0), Qt::AlignLeft | Qt::AlignTop,
                      m_text);
}

} // namespace alidade
