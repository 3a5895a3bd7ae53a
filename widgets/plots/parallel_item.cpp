#include "plots/parallel_item.h"

#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr double kAxisReach = 9.0; // pixels beside an axis that belong to it
constexpr double kNameHalfWidth = 44.0;
constexpr double kNameHalfHeight = 14.0;
constexpr double kSmallestBrush = 0.01; // of the axis; less is a click
constexpr double kBrushKeyStep = 0.05;
constexpr double kSnap = 0.02;
} // namespace

ParallelItem::ParallelItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kLine);
    setLegendTexts(PlotText::tr("not dominated"), PlotText::tr("dominated or outside a limit"));
}

void ParallelItem::setLegendTexts(const QString& strong, const QString& weak) {
    m_strongText = strong;
    m_weakText = weak;
}

void ParallelItem::setAxes(std::vector<ParallelAxis> axes) {
    if (m_axes == axes)
        return;
    const auto same = [](const ParallelAxis& a, const ParallelAxis& b) {
        return a.spec.title == b.spec.title && a.isObjective == b.isObjective;
    };
    const bool kept =
        m_axes.size() == axes.size() && std::equal(m_axes.begin(), m_axes.end(), axes.begin(), same);
    m_axes = std::move(axes);
    touch();
    if (!kept) {
        m_order.clear();
        for (std::size_t i = 0; i < m_axes.size(); ++i)
            m_order.push_back(i);
        m_brushes.assign(m_axes.size(), std::nullopt);
        m_colorAxis.reset();
        m_current.reset();
        m_under.reset();
        m_dragging = false;
    }
}

void ParallelItem::setLines(std::vector<ParallelLine> lines) {
    m_lines = std::move(lines);
    place();
}

std::size_t ParallelItem::slotOf(std::size_t axis) const {
    return static_cast<std::size_t>(std::find(m_order.begin(), m_order.end(), axis) - m_order.begin());
}

double ParallelItem::axisX(std::size_t axis) const {
    if (m_dragging && m_under && m_under->name && m_under->axis == axis)
        return m_nameX;
    return xAxis().toPixel(static_cast<double>(slotOf(axis)));
}

QPointF ParallelItem::nameCenter(std::size_t axis) const {
    return {axisX(axis), yAxis().toPixel(kNames)};
}

double ParallelItem::share(std::size_t axis, double value) const {
    const AxisSpec& spec = m_axes[axis].spec;
    if (!std::isfinite(value))
        return std::nan("");
    if (spec.kind == AxisKind::Category) {
        const auto count = static_cast<double>(spec.categories.size());
        return count > 1.0 ? value / (count - 1.0) : 0.5;
    }
    const AxisRange range = spec.limits.value_or(AxisRange{});
    const double low = toAxis(spec.kind, range.low);
    const double high = toAxis(spec.kind, range.high);
    const double at = toAxis(spec.kind, value);
    return high > low ? std::clamp((at - low) / (high - low), 0.0, 1.0) : 0.5;
}

double ParallelItem::value(std::size_t axis, double share) const {
    const AxisSpec& spec = m_axes[axis].spec;
    if (spec.kind == AxisKind::Category)
        return std::round(share * (static_cast<double>(spec.categories.size()) - 1.0));
    const AxisRange range = spec.limits.value_or(AxisRange{});
    const double low = toAxis(spec.kind, range.low);
    return fromAxis(spec.kind, low + share * (toAxis(spec.kind, range.high) - low));
}

void ParallelItem::place() {
    std::vector<double> x;
    for (const std::size_t axis : m_order)
        x.push_back(axisX(axis));
    std::vector<QPolygonF> polylines(m_lines.size());
    std::vector<bool> inside(m_lines.size(), true);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        inside[i] = isInside(i);
        polylines[i].reserve(static_cast<qsizetype>(m_order.size()));
        for (std::size_t slot = 0; slot < m_order.size(); ++slot) {
            const double at = share(m_order[slot], m_lines[i].values[m_order[slot]]);
            polylines[i] << QPointF(x[slot], yAxis().toPixel(std::isnan(at) ? kMissing : at));
        }
    }
    // Results that came in are drawn over the picture of the others.
    const auto drawn = static_cast<std::ptrdiff_t>(m_drawn.size());
    const bool extends =
        m_drawn.size() <= m_lines.size() && m_drawn.size() <= m_polylines.size() &&
        std::equal(m_polylines.begin(), m_polylines.begin() + drawn, polylines.begin()) &&
        std::equal(m_inside.begin(), m_inside.begin() + drawn, inside.begin()) &&
        std::equal(m_drawn.begin(), m_drawn.end(), m_lines.begin(),
                   [](bool strong, const ParallelLine& line) { return strong == line.strong; });
    m_polylines = std::move(polylines);
    m_inside = std::move(inside);
    if (extends)
        update();
    else
        touch();
}

void ParallelItem::filter() {
    m_inside.resize(m_lines.size());
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        m_inside[i] = isInside(i);
    touch();
}

void ParallelItem::touch() {
    m_picture = QImage();
    m_drawn.clear();
    update();
}

void ParallelItem::applyTheme(const PlotTheme& theme) {
    ChartItem::applyTheme(theme);
    touch();
}

void ParallelItem::setColorAxis(std::optional<std::size_t> axis) {
    const std::optional<std::size_t> known = axis && *axis < m_axes.size() ? axis : std::nullopt;
    if (known == m_colorAxis)
        return;
    m_colorAxis = known;
    touch();
}

void ParallelItem::updateGeometry() {
    prepareGeometryChange();
    place();
}

bool ParallelItem::isInside(std::size_t line) const {
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        if (!m_brushes[axis])
            continue;
        const double at = share(axis, m_lines[line].values[axis]);
        if (!(at >= m_brushes[axis]->first && at <= m_brushes[axis]->second))
            return false;
    }
    return true;
}

bool ParallelItem::isBrushed() const {
    return std::any_of(m_brushes.begin(), m_brushes.end(), [](const auto& b) { return b.has_value(); });
}

std::set<qint64> ParallelItem::inside() const {
    std::set<qint64> keys;
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (isInside(i))
            keys.insert(m_lines[i].key);
    return keys;
}

void ParallelItem::setBrush(std::size_t axis, std::optional<std::pair<double, double>> shares) {
    m_brushes[axis] = shares;
    filter();
}

bool ParallelItem::isShown(std::size_t line) const {
    return m_lines[line].strong ? m_strongShown : m_weakShown;
}

QString ParallelItem::valueText(std::size_t axis, double value) const {
    const AxisSpec& spec = m_axes[axis].spec;
    if (std::isnan(value))
        return PlotText::tr("not active");
    if (spec.kind == AxisKind::Category)
        return spec.categories.value(static_cast<int>(std::lround(value)));
    return withUnit(formatNumber(value), spec.unit);
}

QString ParallelItem::lineText(std::size_t line, std::size_t axis) const {
    QStringList rows{PlotText::tr("Trial %1").arg(m_lines[line].key)};
    rows << QStringLiteral("%1: %2").arg(m_axes[axis].spec.title,
                                         valueText(axis, m_lines[line].values[axis]));
    for (std::size_t other = 0; other < m_axes.size(); ++other)
        if (m_axes[other].isObjective && other != axis)
            rows << QStringLiteral("%1: %2").arg(m_axes[other].spec.title,
                                                 valueText(other, m_lines[line].values[other]));
    return rows.join(QLatin1Char('\n'));
}

std::optional<PlotHit> ParallelItem::hitTest(const QPointF& scenePosition) const {
    std::optional<PlotHit> best;
    for (std::size_t i = 0; i < m_polylines.size(); ++i) {
        if (!m_inside[i] || !isShown(i))
            continue;
        const QPolygonF& line = m_polylines[i];
        for (qsizetype k = 0; k + 1 < line.size(); ++k) {
            const QPointF a = line[k];
            const QPointF b = line[k + 1];
            if (scenePosition.x() < std::min(a.x(), b.x()) || scenePosition.x() > std::max(a.x(), b.x()) ||
                a.x() == b.x())
                continue;
            const double turn = (scenePosition.x() - a.x()) / (b.x() - a.x());
            const QPointF at = a + turn * (b - a);
            const QPointF along = b - a;
            const double distance =
                std::abs(at.y() - scenePosition.y()) * std::abs(along.x()) / std::hypot(along.x(), along.y());
            if (best && best->distance <= distance)
                continue;
            const qsizetype near = turn < 0.5 ? k : k + 1;
            PlotHit hit;
            hit.distance = distance;
            hit.anchor = line[near];
            hit.key = m_lines[i].key;
            hit.text = lineText(i, m_order[static_cast<std::size_t>(near)]);
            best = hit;
        }
    }
    return best;
}

std::vector<PlotHit> ParallelItem::selectable() const {
    std::vector<PlotHit> hits;
    if (m_order.empty())
        return hits;
    const auto slot = static_cast<qsizetype>(m_current ? slotOf(*m_current) : 0);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (!m_inside[i] || !isShown(i))
            continue;
        PlotHit hit;
        hit.anchor = m_polylines[i][slot];
        hit.key = m_lines[i].key;
        hit.text = lineText(i, m_order[static_cast<std::size_t>(slot)]);
        hits.push_back(hit);
    }
    return hits;
}

std::vector<PlotRow> ParallelItem::rows() const {
    std::vector<PlotRow> rows;
    for (const ParallelLine& line : m_lines)
        for (const std::size_t axis : m_order) {
            PlotRow row;
            row.series = m_axes[axis].spec.title;
            row.x = static_cast<double>(slotOf(axis));
            row.y = share(axis, line.values[axis]);
            row.low = row.high = std::nan("");
            row.key = line.key;
            row.value = line.values[axis];
            rows.push_back(row);
        }
    return rows;
}

double ParallelItem::shareAt(double sceneY) const {
    return std::clamp(yAxis().toValue(sceneY), 0.0, 1.0);
}

std::optional<ParallelItem::Grip> ParallelItem::gripAt(const QPointF& scenePosition) const {
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        const QPointF d = scenePosition - nameCenter(axis);
        if (std::abs(d.x()) <= kNameHalfWidth && std::abs(d.y()) <= kNameHalfHeight)
            return Grip{axis, true, 0.0};
        const double y = yAxis().toValue(scenePosition.y());
        if (std::abs(scenePosition.x() - axisX(axis)) <= kAxisReach && y >= -0.03 && y <= 1.03)
            return Grip{axis, false, shareAt(scenePosition.y())};
    }
    return std::nullopt;
}

bool ParallelItem::canDrag(const QPointF& scenePosition) const {
    m_under = gripAt(scenePosition);
    return m_under.has_value();
}

void ParallelItem::dragTo(const QPointF& scenePosition) {
    if (!m_under)
        return;
    m_dragging = true;
    m_current = m_under->axis;
    if (m_under->name) {
        m_nameX = std::clamp(scenePosition.x(), plotRect().left(), plotRect().right());
        const double slot =
            std::clamp(std::round(xAxis().toValue(m_nameX)), 0.0, static_cast<double>(m_order.size()) - 1.0);
        moveAxis(m_under->axis, static_cast<std::size_t>(slot));
        place();
        return;
    }
    double here = shareAt(scenePosition.y());
    // Who drags to the end means the end, to the last value.
    here = here < kSnap ? 0.0 : here > 1.0 - kSnap ? 1.0 : here;
    m_brushes[m_under->axis] = std::pair(std::min(here, m_under->start), std::max(here, m_under->start));
    filter();
    emit brushing();
}

void ParallelItem::dragEnded() {
    const std::optional<Grip> grip = std::exchange(m_under, std::nullopt);
    const bool dragged = std::exchange(m_dragging, false);
    touch(); // of many lines some were left out meanwhile
    if (!grip)
        return;
    m_current = grip->axis;
    if (grip->name) {
        place();
        if (dragged)
            emit orderChanged();
        return;
    }
    auto& brush = m_brushes[grip->axis];
    if (!dragged || (brush && brush->second - brush->first < kSmallestBrush))
        brush.reset(); // a click takes it away
    filter();
    emit brushed();
}

void ParallelItem::moveAxis(std::size_t axis, std::size_t slot) {
    const std::size_t from = slotOf(axis);
    if (from == slot)
        return;
    m_order.erase(m_order.begin() + static_cast<std::ptrdiff_t>(from));
    m_order.insert(m_order.begin() + static_cast<std::ptrdiff_t>(slot), axis);
}

void ParallelItem::nudgeBrush(int key, Qt::KeyboardModifiers modifiers) {
    auto brush = m_brushes[*m_current].value_or(std::pair(0.0, 1.0));
    const double step = key == Qt::Key_Up ? kBrushKeyStep : -kBrushKeyStep;
    if (modifiers & Qt::ControlModifier)
        brush.first = std::clamp(brush.first + step, 0.0, brush.second);
    else
        brush.second = std::clamp(brush.second + step, brush.first, 1.0);
    setBrush(*m_current, brush);
    emit brushed();
}

bool ParallelItem::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    if (m_order.empty() || (modifiers & Qt::AltModifier))
        return false;
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const std::size_t last = m_order.size() - 1;
        if (!m_current) {
            m_current = m_order[key == Qt::Key_Right ? 0 : last];
        } else {
            const std::size_t slot = slotOf(*m_current);
            const std::size_t next =
                key == Qt::Key_Right ? std::min(slot + 1, last) : slot - (slot > 0 ? 1 : 0);
            if (modifiers & Qt::ControlModifier) {
                moveAxis(*m_current, next);
                emit orderChanged();
            } else {
                m_current = m_order[next];
            }
        }
        place();
        return true;
    }
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!m_current)
            return false;
        nudgeBrush(key, modifiers);
        return true;
    case Qt::Key_Delete:
        if (!m_current)
            return false;
        setBrush(*m_current, std::nullopt);
        emit brushed();
        return true;
    case Qt::Key_Escape:
        if (!isBrushed())
            return false;
        m_brushes.assign(m_axes.size(), std::nullopt);
        filter();
        emit brushed();
        return true;
    default: return false;
    }
}

QString ParallelItem::legendText(int entry) const {
    return entry == 0 ? m_strongText : m_weakText;
}

bool ParallelItem::isEntryShown(int entry) const {
    return entry == 0 ? m_strongShown : m_weakShown;
}

void ParallelItem::setEntryShown(int entry, bool shown) {
    (entry == 0 ? m_strongShown : m_weakShown) = shown;
    touch();
}

} // namespace alidade

#include "moc_parallel_item.cpp"
