#include "editors/density_editor.h"

#include "editors/widget_style.h"
#include "plots/palette.h"
#include "plots/ticks.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr int kHistogramBins = 24;

} // namespace

void DensityEditor::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const PlotTheme theme = plotThemeFor(palette());
    painter.fillRect(rect(), theme.background);
    paintMeasured(painter);
    paintShape(painter);
    paintAxis(painter);
    paintHandles(painter);
    painter.setPen(theme.text);
    painter.drawText(QRectF(12.0, 2.0, width() - 24.0, fontMetrics().height() + 2.0), Qt::AlignLeft,
                     fontMetrics().elidedText(summary(), Qt::ElideRight, width() - 24));
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(uiColors(palette()).accent, 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

/// Good trials as a histogram, all of them as ticks on the axis.
void DensityEditor::paintMeasured(QPainter& painter) const {
    const PlotTheme theme = plotThemeFor(palette());
    const QRectF plot = plotRect();
    const AxisRange shown = range();
    const int bins =
        m_spec.kind == AxisKind::Category ? static_cast<int>(m_spec.categories.size()) : kHistogramBins;
    std::vector<int> counts(static_cast<std::size_t>(std::max(bins, 1)), 0);
    for (const double value : m_good) {
        const double share = (toAxis(m_spec.kind, value) - shown.low) / shown.span();
        if (share >= 0.0 && share <= 1.0)
            ++counts[std::min(static_cast<std::size_t>(share * bins), counts.size() - 1)];
    }
    const int most = *std::max_element(counts.begin(), counts.end());
    QColor fill = theme.color(PlotRole::Observed);
    fill.setAlpha(70);
    for (std::size_t i = 0; most > 0 && i < counts.size(); ++i) {
        const double width = plot.width() / static_cast<double>(counts.size());
        const double height = 0.6 * plot.height() * counts[i] / most;
        painter.fillRect(QRectF(plot.left() + width * static_cast<double>(i) + 1.0, plot.bottom() - height,
                                width - 2.0, height),
                         fill);
    }
    painter.setPen(QPen(theme.color(PlotRole::Observed), 1.0));
    for (const double value : m_all) {
        const double x = pixelOf(value);
        if (x >= plot.left() - 0.5 && x <= plot.right() + 0.5)
            painter.drawLine(QPointF(x, plot.bottom() - 5.0), QPointF(x, plot.bottom()));
    }
}

void DensityEditor::paintShape(QPainter& painter) const {
    const PlotTheme theme = plotThemeFor(palette());
    const QRectF plot = plotRect();
    const QColor line = theme.color(PlotRole::Mean);
    QColor fill = line;
    fill.setAlpha(60);
    const auto top = [&](double height) {
        return plot.bottom() - kDensityPeak * plot.height() * std::min(height, 1.1);
    };
    if (m_spec.kind == AxisKind::Category) {
        const double slot =
            plot.width() / std::max<double>(1.0, static_cast<double>(m_spec.categories.size()));
        for (int i = 0; i < m_spec.categories.size(); ++i) {
            const QRectF bar(QPointF(plot.left() + slot * (i + 0.2), top(heightAtCoordinate(i))),
                             QPointF(plot.left() + slot * (i + 0.8), plot.bottom()));
            painter.setPen(QPen(line, hasFocus() && i == m_focus ? 3.0 : 1.5));
            painter.setBrush(fill);
            painter.drawRect(bar);
        }
        return;
    }
    QPainterPath path(QPointF(plot.left(), plot.bottom()));
    for (double x = plot.left(); x <= plot.right() + 0.5; x += 1.5)
        path.lineTo(x, top(heightAtCoordinate(coordinateOf(std::min(x, plot.right())))));
    path.lineTo(plot.right(), plot.bottom());
    painter.fillPath(path, fill);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(line, 2.0));
    painter.drawPath(path);
}

void DensityEditor::paintHandles(QPainter& painter) const {
    if (!m_editable)
        return;
    const PlotTheme theme = plotThemeFor(palette());
    const QRectF plot = plotRect();
    const QColor color = theme.color(PlotRole::Cursor);
    painter.setPen(QPen(theme.background, 1.0));
    painter.setBrush(color);
    const auto knob = [&](double coordinate, double radius) {
        const double x = pixelOfCoordinate(coordinate);
        if (x < plot.left() - 1.0 || x > plot.right() + 1.0)
            return;
        const double y = plot.bottom() -
                         kDensityPeak * plot.height() * std::clamp(heightAtCoordinate(coordinate), 0.0, 1.0);
        painter.drawEllipse(QPointF(x, y), radius, radius);
    };
    const Handles now = handles();
    if (now.any) {
        if (now.movable)
            knob(now.center, 6.5);
        knob(now.left, 5.0);
        knob(now.right, 5.0);
    } else if (hasFocus() && std::holds_alternative<DrawnDensity>(m_density)) {
        knob(range().low + range().span() * m_focus / (kDensityKnots - 1.0), 5.0);
    }
}

void DensityEditor::paintAxis(QPainter& painter) const {
    const PlotTheme theme = plotThemeFor(palette());
    const QRectF plot = plotRect();
    const double text = fontMetrics().height();
    painter.setPen(QPen(theme.axis, 1.0));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    int exponent = 0;
    if (m_spec.kind == AxisKind::Category) {
        const double slot =
            plot.width() / std::max<double>(1.0, static_cast<double>(m_spec.categories.size()));
        painter.setPen(theme.text);
        for (int i = 0; i < m_spec.categories.size(); ++i)
            painter.drawText(
                QRectF(plot.left() + slot * i, plot.bottom() + 3.0, slot, text), Qt::AlignHCenter,
                fontMetrics().elidedText(m_spec.categories[i], Qt::ElideRight, static_cast<int>(slot) - 4));
    } else {
        const AxisRange limits = m_spec.limits.value_or(AxisRange{});
        const int count = std::max(2, static_cast<int>(plot.width() / 90.0));
        const TickSet ticks = computeTicks(m_spec, limits, count, locale());
        exponent = ticks.exponent;
        double free = -1e9; // where the last label ends
        for (const Tick& tick : ticks.major) {
            const double x = pixelOf(tick.value);
            const double width = fontMetrics().horizontalAdvance(tick.label);
            painter.setPen(QPen(theme.axis, 1.0));
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4.0));
            if (x - 0.5 * width < free + 6.0)
                continue;
            painter.setPen(theme.text);
            painter.drawText(QRectF(x - 60.0, plot.bottom() + 5.0, 120.0, text), Qt::AlignHCenter,
                             tick.label);
            free = x + 0.5 * width;
        }
    }
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(plot.left(), plot.bottom() + text + 7.0, plot.width(), text), Qt::AlignHCenter,
                     axisTitle(m_spec, exponent));
}

} // namespace alidade
