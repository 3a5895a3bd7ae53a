#include "plots/parallel_item.h"

#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <algorithm>
#include <cmath>
#include <limits>

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
    m_state.theme = view.theme();
    setLegendTexts(PlotText::tr("not dominated"), PlotText::tr("dominated or outside a limit"));
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &ParallelItem::pictureDone);
}

ParallelItem::~ParallelItem() {
    if (m_stop)
        m_stop->store(true); // what it draws into is its own
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
        m_lines.clear();
        m_state.places = std::make_shared<ParallelLines::Places>();
        m_state.selected.clear();
        m_state.order.clear();
        for (std::size_t i = 0; i < m_axes.size(); ++i)
            m_state.order.push_back(i);
        m_state.brushes.assign(m_axes.size(), std::nullopt);
        m_state.colorAxis.reset();
        m_picture = {};
        m_current.reset();
        m_under.reset();
        m_dragging = false;
        place();
    }
}

void ParallelItem::setLines(std::vector<ParallelLine> lines) {
    m_lines = std::move(lines);
    placeLines();
    place();
}

void ParallelItem::placeLines() {
    auto places = std::make_shared<ParallelLines::Places>();
    places->axes = m_axes.size();
    places->keys.reserve(m_lines.size());
    places->strong.reserve(m_lines.size());
    places->shares.reserve(m_lines.size() * m_axes.size());
    m_anyMissing = false;
    for (const ParallelLine& line : m_lines) {
        places->keys.push_back(line.key);
        places->strong.push_back(line.strong ? 1 : 0);
        for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
            places->shares.push_back(share(axis, line.values[axis]));
            m_anyMissing = m_anyMissing || std::isnan(line.values[axis]);
        }
    }
    // Results that came in are drawn over the picture of the others.
    const bool extends = m_picture.lines > 0 && places->startsLike(*m_state.places, m_picture.lines);
    m_state.places = std::move(places);
    selectionChanged();
    if (extends)
        update();
    else
        touch();
}

void ParallelItem::selectionChanged() {
    const std::set<qint64>& keys = view().selectedKeys();
    std::vector<char> selected(m_state.places->count(), 0);
    for (std::size_t i = 0; !keys.empty() && i < selected.size(); ++i)
        selected[i] = keys.contains(m_state.places->keys[i]) ? 1 : 0;
    const bool same = std::equal(
        m_state.selected.begin(), m_state.selected.end(), selected.begin(),
        selected.begin() + static_cast<std::ptrdiff_t>(std::min(selected.size(), m_state.selected.size())));
    m_state.selected = std::move(selected);
    if (!same)
        touch();
}

std::size_t ParallelItem::slotOf(std::size_t axis) const {
    return static_cast<std::size_t>(std::find(m_state.order.begin(), m_state.order.end(), axis) -
                                    m_state.order.begin());
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
    for (const std::size_t axis : m_state.order)
        x.push_back(axisX(axis));
    const double zero = yAxis().toPixel(0.0);
    const double one = yAxis().toPixel(1.0);
    if (x != m_state.x || zero != m_state.zero || one != m_state.one)
        touch();
    m_state.x = std::move(x);
    m_state.zero = zero;
    m_state.one = one;
    m_state.missing = yAxis().toPixel(kMissing);
}

void ParallelItem::applyTheme(const PlotTheme& theme) {
    ChartItem::applyTheme(theme);
    m_state.theme = theme;
    touch();
}

void ParallelItem::setColorAxis(std::optional<std::size_t> axis) {
    const std::optional<std::size_t> known = axis && *axis < m_axes.size() ? axis : std::nullopt;
    if (known == m_state.colorAxis)
        return;
    m_state.colorAxis = known;
    touch();
}

void ParallelItem::updateGeometry() {
    prepareGeometryChange();
    place();
}

bool ParallelItem::isBrushed() const {
    return std::any_of(m_state.brushes.begin(), m_state.brushes.end(),
                       [](const auto& brush) { return brush.has_value(); });
}

std::set<qint64> ParallelItem::inside() const {
    std::set<qint64> keys;
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (m_state.isInside(i))
            keys.insert(keys.end(), m_lines[i].key);
    return keys;
}

std::size_t ParallelItem::insideCount() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        count += m_state.isInside(i) ? 1 : 0;
    return count;
}

void ParallelItem::setBrush(std::size_t axis, std::optional<std::pair<double, double>> shares) {
    m_state.brushes[axis] = shares;
    touch();
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
    struct Nearest {
        double distance = std::numeric_limits<double>::infinity();
        std::size_t line = 0;
        std::size_t slot = 0;
    } best;
    const std::vector<std::size_t>& order = m_state.order;
    for (std::size_t slot = 0; slot + 1 < order.size(); ++slot) {
        const double left = m_state.x[slot];
        const double right = m_state.x[slot + 1];
        if (scenePosition.x() < std::min(left, right) || scenePosition.x() > std::max(left, right) ||
            left == right)
            continue;
        const double turn = (scenePosition.x() - left) / (right - left);
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            if (!m_state.isShown(i) || !m_state.isInside(i))
                continue;
            const double from = m_state.height(i, order[slot]);
            const double rise = m_state.height(i, order[slot + 1]) - from;
            const double distance = std::abs(from + turn * rise - scenePosition.y()) *
                                    std::abs(right - left) / std::hypot(right - left, rise);
            if (distance < best.distance)
                best = {distance, i, turn < 0.5 ? slot : slot + 1};
        }
    }
    if (!std::isfinite(best.distance))
        return std::nullopt;
    PlotHit hit;
    hit.distance = best.distance;
    hit.anchor = QPointF(m_state.x[best.slot], m_state.height(best.line, order[best.slot]));
    hit.key = m_lines[best.line].key;
    hit.text = lineText(best.line, order[best.slot]);
    return hit;
}

std::vector<PlotHit> ParallelItem::selectable() const {
    std::vector<PlotHit> hits;
    if (m_state.order.empty())
        return hits;
    const std::size_t slot = m_current ? slotOf(*m_current) : 0;
    const std::size_t axis = m_state.order[slot];
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (!m_state.isInside(i) || !m_state.isShown(i))
            continue;
        PlotHit hit;
        hit.anchor = QPointF(m_state.x[slot], m_state.height(i, axis));
        hit.key = m_lines[i].key;
        hit.text = lineText(i, axis);
        hits.push_back(hit);
    }
    return hits;
}

std::vector<PlotRow> ParallelItem::rows() const {
    std::vector<PlotRow> rows;
    for (const ParallelLine& line : m_lines)
        for (const std::size_t axis : m_state.order) {
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
    m_state.sparse = true;
    m_current = m_under->axis;
    if (m_under->name) {
        m_nameX = std::clamp(scenePosition.x(), plotRect().left(), plotRect().right());
        const double slot = std::clamp(std::round(xAxis().toValue(m_nameX)), 0.0,
                                       static_cast<double>(m_state.order.size()) - 1.0);
        moveAxis(m_under->axis, static_cast<std::size_t>(slot));
        place();
        return;
    }
    double here = shareAt(scenePosition.y());
    // Who drags to the end means the end, to the last value.
    here = here < kSnap ? 0.0 : here > 1.0 - kSnap ? 1.0 : here;
    m_state.brushes[m_under->axis] =
        std::pair(std::min(here, m_under->start), std::max(here, m_under->start));
    touch();
    emit brushing();
}

void ParallelItem::dragEnded() {
    const std::optional<Grip> grip = std::exchange(m_under, std::nullopt);
    const bool dragged = std::exchange(m_dragging, false);
    m_state.sparse = false;
    if (dragged)
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
    auto& brush = m_state.brushes[grip->axis];
    if (!dragged || (brush && brush->second - brush->first < kSmallestBrush))
        brush.reset(); // a click takes it away
    touch();
    emit brushed();
}

void ParallelItem::moveAxis(std::size_t axis, std::size_t slot) {
    const std::size_t from = slotOf(axis);
    if (from == slot)
        return;
    m_state.order.erase(m_state.order.begin() + static_cast<std::ptrdiff_t>(from));
    m_state.order.insert(m_state.order.begin() + static_cast<std::ptrdiff_t>(slot), axis);
}

void ParallelItem::nudgeBrush(int key, Qt::KeyboardModifiers modifiers) {
    auto brush = m_state.brushes[*m_current].value_or(std::pair(0.0, 1.0));
    const double step = key == Qt::Key_Up ? kBrushKeyStep : -kBrushKeyStep;
    if (modifiers & Qt::ControlModifier)
        brush.first = std::clamp(brush.first + step, 0.0, brush.second);
    else
        brush.second = std::clamp(brush.second + step, brush.first, 1.0);
    setBrush(*m_current, brush);
    emit brushed();
}

bool ParallelItem::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    if (m_state.order.empty() || (modifiers & Qt::AltModifier))
        return false;
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const std::size_t last = m_state.order.size() - 1;
        if (!m_current) {
            m_current = m_state.order[key == Qt::Key_Right ? 0 : last];
        } else {
            const std::size_t slot = slotOf(*m_current);
            const std::size_t next =
                key == Qt::Key_Right ? std::min(slot + 1, last) : slot - (slot > 0 ? 1 : 0);
            if (modifiers & Qt::ControlModifier) {
                moveAxis(*m_current, next);
                emit orderChanged();
            } else {
                m_current = m_state.order[next];
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
        m_state.brushes.assign(m_axes.size(), std::nullopt);
        touch();
        emit brushed();
        return true;
    default: return false;
    }
}

QString ParallelItem::legendText(int entry) const {
    return entry == 0 ? m_strongText : m_weakText;
}

bool ParallelItem::isEntryShown(int entry) const {
    return entry == 0 ? m_state.strongShown : m_state.weakShown;
}

void ParallelItem::setEntryShown(int entry, bool shown) {
    (entry == 0 ? m_state.strongShown : m_state.weakShown) = shown;
    touch();
}

} // namespace alidade

#include "moc_parallel_item.cpp"
