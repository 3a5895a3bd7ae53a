#include "plots/plot_axis.h"

#include "plots/number_text.h"
#include "plots/palette.h"
#include "plots/plot_table.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {

namespace {

constexpr double kTickLength = 5.0;
constexpr double kMinorTickLength = 3.0;
constexpr double kLabelGap = 3.0;
constexpr double kTitleGap = 4.0;
constexpr double kLabelSpacing = 8.0;
constexpr double kSlantDegrees = 35.0;
constexpr double kLongestLabel = 130.0;
constexpr double kLongestSlanted = 80.0;
constexpr double kSmallestSpan = 1e-9; // of the magnitude: below, labels would run out of digits

} // namespace

PlotAxis::PlotAxis(Qt::Orientation orientation, QObject* parent)
    : QObject(parent), m_orientation(orientation), m_axis(new QValueAxis(this)) {
    m_axis->setRange(0.0, 1.0);
    m_axis->setVisible(false);
}

void PlotAxis::setSpec(const AxisSpec& spec) {
    if (m_spec == spec)
        return;
    m_spec = spec;
    emit changed();
}

AxisRange PlotAxis::range() const {
    return {m_axis->min(), m_axis->max()};
}

void PlotAxis::setRange(AxisRange range) {
    if (!std::isfinite(range.low) || !std::isfinite(range.high))
        return;
    const double magnitude = std::max({std::abs(range.low), std::abs(range.high), 1e-300});
    if (range.span() < kSmallestSpan * magnitude) {
        const double center = 0.5 * (range.low + range.high);
        const double half = std::max(kSmallestSpan * magnitude, 1e-12) / 2.0;
        range = {center - half, center + half};
    }
    if (range == this->range())
        return;
    m_axis->setRange(range.low, range.high);
    emit changed();
}

AxisRange PlotAxis::valueRange() const {
    return {fromAxis(kind(), range().low), fromAxis(kind(), range().high)};
}

double PlotAxis::pixelOfCoordinate(double coordinate) const {
    const AxisRange visible = range();
    const double fraction = (coordinate - visible.low) / visible.span();
    return isHorizontal() ? m_rect.left() + fraction * m_rect.width()
                          : m_rect.bottom() - fraction * m_rect.height();
}

double PlotAxis::coordinateOfPixel(double pixel) const {
    const AxisRange visible = range();
    const double fraction = isHorizontal() ? (pixel - m_rect.left()) / m_rect.width()
                                           : (m_rect.bottom() - pixel) / m_rect.height();
    return visible.low + fraction * visible.span();
}

double PlotAxis::toPixel(double value) const {
    return pixelOfCoordinate(toAxis(kind(), value));
}

double PlotAxis::toValue(double pixel) const {
    return fromAxis(kind(), coordinateOfPixel(pixel));
}

QString PlotAxis::plainText(double value) const {
    if (kind() == AxisKind::Category) {
        const auto index = static_cast<qsizetype>(std::lround(value));
        return index >= 0 && index < m_spec.categories.size() ? m_spec.categories.at(index) : QString();
    }
    if (kind() == AxisKind::Integer)
        return formatNumber(std::round(value), 7);
    const AxisRange visible = valueRange();
    const double ratio = std::max(std::abs(visible.low), std::abs(visible.high)) / visible.span();
    const int digits = 4 + static_cast<int>(std::max(0.0, std::ceil(std::log10(std::max(1.0, ratio)) - 0.5)));
    return formatNumber(value, std::min(12, digits));
}

QString PlotAxis::valueText(double value) const {
    const QString number = withUnit(plainText(value), m_spec.unit);
    return m_spec.title.isEmpty() ? number : m_spec.title + QStringLiteral(": ") + number;
}

QString PlotAxis::csvText(double value) const {
    return kind() == AxisKind::Category ? plainText(value) : csvNumber(value);
}

QString PlotAxis::shownLabel(const Tick& tick, const QFont& font) const {
    // Without a title there is no other place for the common power of ten.
    if (m_ticks.exponent != 0 && (!m_titleShown || m_spec.title.isEmpty()) && tick.value != 0.0)
        return tick.label + QStringLiteral("×10") + superscript(m_ticks.exponent);
    if (m_labelLimit <= 0.0)
        return tick.label;
    return QFontMetricsF(font).elidedText(tick.label, Qt::ElideMiddle, m_labelLimit);
}

std::vector<QRectF> PlotAxis::labelRects(const QFont& font, bool mirrored) const {
    const QFontMetricsF metrics(font);
    std::vector<QRectF> rects;
    for (const Tick& tick : m_ticks.major) {
        const double pixel = toPixel(tick.value);
        const double width = metrics.horizontalAdvance(shownLabel(tick, font));
        const double height = metrics.height();
        if (isHorizontal())
            rects.emplace_back(pixel - width / 2.0, m_rect.bottom() + kTickLength + kLabelGap, width, height);
        else if (mirrored)
            rects.emplace_back(m_rect.right() + kTickLength + kLabelGap, pixel - height / 2.0, width, height);
        else
            rects.emplace_back(m_rect.left() - kTickLength - kLabelGap - width, pixel - height / 2.0, width,
                               height);
    }
    return rects;
}

bool PlotAxis::labelsFit(const QFont& font) const {
    std::vector<QRectF> rects = labelRects(font);
    std::sort(rects.begin(), rects.end(), [this](const QRectF& a, const QRectF& b) {
        return isHorizontal() ? a.left() < b.left() : a.top() < b.top();
    });
    for (std::size_t i = 1; i < rects.size(); ++i) {
        const double gap = isHorizontal() ? rects[i].left() - rects[i - 1].right() - kLabelSpacing
                                          : rects[i].top() - rects[i - 1].bottom();
        if (gap < 0.0)
            return false;
    }
    return true;
}

void PlotAxis::layoutTicks(const QFont& font) {
    const QFontMetricsF metrics(font);
    const double length = isHorizontal() ? m_rect.width() : m_rect.height();
    m_slanted = false;
    m_labelLimit = isHorizontal() ? 0.0 : kLongestLabel;
    const AxisRange visible = valueRange();
    if (kind() == AxisKind::Category) {
        m_ticks = computeTicks(m_spec, visible, 2);
        if (isHorizontal() && !labelsFit(font)) {
            const double slot = length / std::max(1.0, visible.span()) - kLabelSpacing;
            constexpr double kReadableCharacters = 6.0;
            m_slanted = slot < kReadableCharacters * metrics.averageCharWidth();
            m_labelLimit = m_slanted ? kLongestSlanted : slot;
        }
        return;
    }
    const double perLabel = isHorizontal() ? 5.0 * metrics.averageCharWidth() : 2.2 * metrics.height();
    int count = std::clamp(static_cast<int>(length / perLabel), 2, 10);
    for (; count >= 2; --count) {
        m_ticks = computeTicks(m_spec, visible, count);
        if (labelsFit(font))
            return;
    }
    // Not even two labels fit: every other one goes.
    while (m_ticks.major.size() > 1 && !labelsFit(font)) {
        std::vector<Tick> kept;
        for (std::size_t i = 0; i < m_ticks.major.size(); i += 2)
            kept.push_back(m_ticks.major[i]);
        m_ticks.major = std::move(kept);
    }
}

double PlotAxis::thickness(const QFont& font) const {
    const QFontMetricsF metrics(font);
    double extent = kTickLength;
    if (m_labelsShown && !m_ticks.major.empty()) {
        double widest = 0.0;
        for (const Tick& tick : m_ticks.major)
            widest = std::max(widest, metrics.horizontalAdvance(shownLabel(tick, font)));
        const double radians = kSlantDegrees * std::numbers::pi / 180.0;
        if (!isHorizontal())
            extent += kLabelGap + widest;
        else if (m_slanted)
            extent += kLabelGap + widest * std::sin(radians) + metrics.height() * std::cos(radians);
        else
            extent += kLabelGap + metrics.height();
    }
    if (m_titleShown && !m_spec.title.isEmpty())
        extent += kTitleGap + metrics.height();
    return std::ceil(extent);
}

void PlotAxis::paintGrid(QPainter* painter, const PlotTheme& theme) const {
    const auto line = [&](double value) {
        const double p = toPixel(value);
        if (isHorizontal() && p >= m_rect.left() && p <= m_rect.right())
            painter->drawLine(QPointF(p, m_rect.top()), QPointF(p, m_rect.bottom()));
        if (!isHorizontal() && p >= m_rect.top() && p <= m_rect.bottom())
            painter->drawLine(QPointF(m_rect.left(), p), QPointF(m_rect.right(), p));
    };
    painter->setPen(QPen(theme.minorGrid, 1.0));
    if (kind() == AxisKind::Log)
        for (const double value : m_ticks.minor)
            line(value);
    painter->setPen(QPen(theme.grid, 1.0));
    for (const Tick& tick : m_ticks.major)
        line(tick.value);
}

void PlotAxis::paint(QPainter* painter, const PlotTheme& theme, const QFont& font, double thickness,
                     bool mirrored) const {
    painter->setFont(font);
    painter->setPen(QPen(theme.axis, 1.0));
    const double edge = isHorizontal() ? m_rect.bottom() : (mirrored ? m_rect.right() : m_rect.left());
    const double outward = isHorizontal() || mirrored ? 1.0 : -1.0;
    const auto tickMark = [&](double value, double length) {
        const double p = toPixel(value);
        if (isHorizontal())
            painter->drawLine(QPointF(p, edge), QPointF(p, edge + length));
        else
            painter->drawLine(QPointF(edge, p), QPointF(edge + outward * length, p));
    };
    for (const double value : m_ticks.minor)
        tickMark(value, kMinorTickLength);
    for (const Tick& tick : m_ticks.major)
        tickMark(tick.value, kTickLength);

    painter->setPen(theme.text);
    if (m_labelsShown) {
        const std::vector<QRectF> rects = labelRects(font, mirrored);
        for (std::size_t i = 0; i < rects.size(); ++i) {
            const QString label = shownLabel(m_ticks.major[i], font);
            if (m_slanted) {
                const double width = rects[i].width();
                painter->save();
                painter->translate(rects[i].center().x() + 3.0, rects[i].top());
                painter->rotate(-kSlantDegrees);
                painter->drawText(QRectF(-width - 2.0, 0.0, width + 2.0, rects[i].height()),
                                  Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, label);
                painter->restore();
            } else {
                painter->drawText(rects[i], Qt::AlignCenter | Qt::TextDontClip, label);
            }
        }
    }
    if (!m_titleShown || m_spec.title.isEmpty())
        return;
    const QFontMetricsF metrics(font);
    const double length = isHorizontal() ? m_rect.width() : m_rect.height();
    const QString title = metrics.elidedText(axisTitle(m_spec, m_ticks.exponent), Qt::ElideRight,
                                             std::max(length + 40.0, 60.0));
    const int flags = Qt::AlignCenter | Qt::TextDontClip;
    if (isHorizontal()) {
        painter->drawText(QRectF(m_rect.left() - 100.0, edge + thickness - metrics.height(),
                                 m_rect.width() + 200.0, metrics.height()),
                          flags, title);
        return;
    }
    painter->save();
    painter->translate(edge + outward * (thickness - metrics.height() / 2.0), m_rect.center().y());
    painter->rotate(-90.0);
    painter->drawText(QRectF(-length, -metrics.height() / 2.0, 2.0 * length, metrics.height()), flags, title);
    painter->restore();
}

} // namespace alidade
