#include "editors/sample_preview.h"

#include "editors/widget_style.h"
#include "models/value_text.h"
#include "plots/palette.h"
#include "space/encoding.h"

#include <QFontMetrics>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr int kStripHeight = 46;
constexpr int kNameWidth = 120;
constexpr int kSide = 16;
/// Vertical spread of the points within a strip: low-discrepancy, so that it is even and does not flicker.
double spread(std::size_t sample) {
    const double x = static_cast<double>(sample + 1) * 0.6180339887498949;
    return x - std::floor(x);
}
} // namespace

SamplePreview::SamplePreview(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("samplePreview"));
    setMouseTracking(true);
}

void SamplePreview::setSamples(const SearchSpace& space, std::vector<Setting> samples) {
    m_samples = std::move(samples);
    m_message.clear();
    m_hovered = -1;
    build(space);
    updateGeometry();
    update();
}

void SamplePreview::setMessage(const QString& message) {
    m_samples.clear();
    m_strips.clear();
    m_message = message;
    updateGeometry();
    update();
}

void SamplePreview::build(const SearchSpace& space) {
    m_strips.clear();
    for (const Parameter& parameter : space.parameters) {
        const QString name = QString::fromStdString(parameter.name);
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
            for (std::size_t part = 0; part < mixture->parts.size(); ++part) {
                Strip strip;
                strip.title = name + u'.' + QString::fromStdString(mixture->parts[part]);
                strip.lowText = numberText(0.0);
                strip.highText = withUnit(numberText(mixture->total), parameter.unit);
                for (const Setting& sample : m_samples) {
                    const auto value = sample.find(parameter.id);
                    const auto* shares =
                        value == sample.end() ? nullptr : std::get_if<std::vector<double>>(&value->second);
                    const bool known = shares != nullptr && part < shares->size();
                    strip.positions.push_back(known ? (*shares)[part] / mixture->total : -1.0);
                    strip.texts.push_back(known ? numberText((*shares)[part], 4) : QString());
                }
                m_strips.push_back(std::move(strip));
            }
            continue;
        }
        Strip strip;
        strip.title = name;
        if (const auto* real = std::get_if<RealRange>(&parameter.domain)) {
            strip.lowText = numberText(real->low);
            strip.highText = withUnit(numberText(real->high), parameter.unit);
        } else if (const auto* whole = std::get_if<IntegerRange>(&parameter.domain)) {
            strip.lowText = valueText(whole->low);
            strip.highText = withUnit(valueText(whole->high), parameter.unit);
        } else {
            const auto* ordinal = std::get_if<OrdinalChoices>(&parameter.domain);
            const auto& choices = ordinal != nullptr ? ordinal->choices
                                                     : std::get<CategoricalChoices>(parameter.domain).choices;
            for (const Value& choice : choices)
                strip.ticks.append(valueText(choice));
        }
        for (const Setting& sample : m_samples) {
            const auto value = sample.find(parameter.id);
            const bool active = value != sample.end();
            strip.positions.push_back(active ? Encoding::position(parameter, value->second) : -1.0);
            strip.texts.push_back(active ? withUnit(valueText(value->second), parameter.unit) : QString());
        }
        m_strips.push_back(std::move(strip));
    }
}

QSize SamplePreview::sizeHint() const {
    return {420, m_strips.empty() ? 80 : static_cast<int>(m_strips.size()) * kStripHeight + kGap};
}

QRectF SamplePreview::stripRect(std::size_t strip) const {
    return {qreal(kNameWidth + kSide), qreal(static_cast<int>(strip) * kStripHeight + 6),
            std::max(80.0, width() - kNameWidth - 2.0 * kSide), qreal(kStripHeight - 26)};
}

QPointF SamplePreview::pointOf(std::size_t strip, std::size_t sample) const {
    const QRectF area = stripRect(strip);
    return {area.left() + m_strips[strip].positions[sample] * area.width(),
            area.top() + 3 + spread(sample) * (area.height() - 6)};
}

void SamplePreview::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const UiColors colors = uiColors(palette());
    if (m_strips.empty()) {
        painter.setPen(colors.secondaryText);
        painter.drawText(rect().adjusted(kMargin, 0, -kMargin, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         m_message);
        return;
    }
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    const QFontMetrics metrics(font());
    const QFontMetrics smallMetrics(small);
    QColor dot = seriesColor(0);
    dot.setAlpha(isDark(palette()) ? 200 : 140);
    for (std::size_t s = 0; s < m_strips.size(); ++s) {
        const Strip& strip = m_strips[s];
        const QRectF area = stripRect(s);
        painter.setPen(palette().color(QPalette::Text));
        painter.setFont(font());
        painter.drawText(QRectF(kGap, area.top(), kNameWidth - kGap, area.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(strip.title, Qt::ElideRight, kNameWidth - kGap));
        painter.setPen(QPen(colors.border, 1));
        painter.drawLine(QPointF(area.left(), area.bottom() + 1), QPointF(area.right(), area.bottom() + 1));
        painter.setFont(small);
        painter.setPen(colors.secondaryText);
        const QRectF labels(area.left() - kSide, area.bottom() + 2, area.width() + 2 * kSide,
                            smallMetrics.height());
        const bool hovered = m_hovered >= 0 && static_cast<std::size_t>(m_hovered) < strip.positions.size();
        if (!strip.ticks.isEmpty()) {
            const auto count = strip.ticks.size();
            const double slot = area.width() / static_cast<double>(std::max<qsizetype>(1, count - 1));
            for (qsizetype i = 0; i < count; ++i) {
                const double x = area.left() + (count > 1 ? static_cast<double>(i) * slot : 0.0);
                QRectF box(x - slot / 2, labels.top(), slot, labels.height());
                Qt::Alignment align = Qt::AlignHCenter;
                if (i == 0) {
                    box = QRectF(x - kSide / 2.0, labels.top(), slot / 2 + kSide, labels.height());
                    align = Qt::AlignLeft;
                } else if (i == count - 1) {
                    box = QRectF(x - slot / 2, labels.top(), slot / 2 + kSide / 2.0, labels.height());
                    align = Qt::AlignRight;
                }
                painter.drawText(box, align,
                                 smallMetrics.elidedText(strip.ticks.at(i), Qt::ElideRight,
                                                         static_cast<int>(box.width())));
            }
        } else if (!hovered) {
            painter.drawText(labels, Qt::AlignLeft, strip.lowText);
            painter.drawText(labels, Qt::AlignRight, strip.highText);
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(dot);
        for (std::size_t i = 0; i < strip.positions.size(); ++i)
            if (strip.positions[i] >= 0)
                painter.drawEllipse(pointOf(s, i), 2.2, 2.2);
        if (hovered) {
            const auto sample = static_cast<std::size_t>(m_hovered);
            const bool active = strip.positions[sample] >= 0;
            if (active) {
                painter.setBrush(Qt::NoBrush);
                painter.setPen(QPen(colors.error, 2));
                painter.drawEllipse(pointOf(s, sample), 4.5, 4.5);
            }
            if (strip.ticks.isEmpty()) {
                painter.setPen(palette().color(QPalette::Text));
                painter.drawText(labels, Qt::AlignHCenter, active ? strip.texts[sample] : tr("not active"));
            }
        }
    }
}

void SamplePreview::mouseMoveEvent(QMouseEvent* event) {
    int nearest = -1;
    double best = 100.0; // within ten pixels
    for (std::size_t s = 0; s < m_strips.size(); ++s) {
        if (!stripRect(s).adjusted(-8, -8, 8, 8).contains(event->position()))
            continue;
        for (std::size_t i = 0; i < m_strips[s].positions.size(); ++i) {
            if (m_strips[s].positions[i] < 0)
                continue;
            const QPointF d = pointOf(s, i) - event->position();
            const double distance = QPointF::dotProduct(d, d);
            if (distance < best) {
                best = distance;
                nearest = static_cast<int>(i);
            }
        }
    }
    if (std::exchange(m_hovered, nearest) != nearest)
        update();
}

void SamplePreview::leaveEvent(QEvent*) {
    if (std::exchange(m_hovered, -1) != -1)
        update();
}

} // namespace alidade
