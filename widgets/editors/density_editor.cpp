#include "editors/density_editor.h"

#include "plots/number_text.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {
namespace {

constexpr double kReach = 9.0;

bool isLog(AxisKind kind) {
    return kind == AxisKind::Log || kind == AxisKind::Logit;
}

} // namespace

DensityEditor::DensityEditor(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Density"));
}

void DensityEditor::setAxis(const AxisSpec& spec) {
    m_spec = spec;
    update();
}

void DensityEditor::setDensity(const Density& density) {
    if (m_handle != Handle::None)
        return; // the hand that drags it knows better
    m_density = density;
    update();
}

void DensityEditor::setMeasured(std::vector<double> good, std::vector<double> all) {
    m_good = std::move(good);
    m_all = std::move(all);
    update();
}

QRectF DensityEditor::plotRect() const {
    const double text = fontMetrics().height();
    return QRectF(rect()).adjusted(12.0, text + 6.0, -12.0, -2.0 * text - 12.0);
}

AxisRange DensityEditor::range() const {
    if (m_spec.kind == AxisKind::Category)
        return {-0.5, static_cast<double>(m_spec.categories.size()) - 0.5};
    const AxisRange limits = m_spec.limits.value_or(AxisRange{});
    return {toAxis(m_spec.kind, limits.low), toAxis(m_spec.kind, limits.high)};
}

double DensityEditor::pixelOfCoordinate(double coordinate) const {
    const AxisRange shown = range();
    return plotRect().left() + plotRect().width() * (coordinate - shown.low) / std::max(shown.span(), 1e-300);
}

double DensityEditor::coordinateOf(double pixel) const {
    const AxisRange shown = range();
    return shown.low + shown.span() * (pixel - plotRect().left()) / std::max(plotRect().width(), 1.0);
}

double DensityEditor::pixelOf(double value) const {
    return pixelOfCoordinate(toAxis(m_spec.kind, value));
}

double DensityEditor::valueAt(double pixel) const {
    return fromAxis(m_spec.kind, coordinateOf(pixel));
}

double DensityEditor::spreadUnit() const {
    return isLog(m_spec.kind) ? 1.0 / std::numbers::ln10 : 1.0;
}

double DensityEditor::heightAt(double value) const {
    return heightAtCoordinate(toAxis(m_spec.kind, value));
}

double DensityEditor::heightAtCoordinate(double at) const {
    const auto axis = [&](double value) { return toAxis(m_spec.kind, value); };
    if (const auto* normal = std::get_if<NormalDensity>(&m_density)) {
        if ((normal->low && at < axis(*normal->low)) || (normal->high && at > axis(*normal->high)))
            return 0.0;
        const double z = (at - axis(normal->center)) / (normal->spread * spreadUnit());
        return std::exp(-0.5 * z * z);
    }
    if (const auto* uniform = std::get_if<UniformDensity>(&m_density))
        return at >= axis(uniform->low) && at <= axis(uniform->high) ? 1.0 : 0.0;
    if (const auto* bounds = std::get_if<ValueBounds>(&m_density))
        return (bounds->low && at < axis(*bounds->low)) || (bounds->high && at > axis(*bounds->high)) ? 0.0
                                                                                                      : 1.0;
    if (const auto* beta = std::get_if<BetaDensity>(&m_density)) {
        const double u = std::clamp((at - range().low) / range().span(), 1e-3, 1.0 - 1e-3);
        const auto shape = [&](double x) {
            return std::pow(x, beta->alpha - 1.0) * std::pow(1.0 - x, beta->beta - 1.0);
        };
        const double total = beta->alpha + beta->beta - 2.0;
        const double mode = total > 0.0 ? std::clamp((beta->alpha - 1.0) / total, 1e-3, 1.0 - 1e-3) : 0.5;
        const double peak = std::max({shape(mode), shape(1e-3), shape(1.0 - 1e-3)});
        return shape(u) / peak;
    }
    if (const auto* drawn = std::get_if<DrawnDensity>(&m_density)) {
        const double peak = *std::max_element(drawn->height.begin(), drawn->height.end());
        for (std::size_t i = 1; i < drawn->x.size(); ++i) {
            const double left = axis(drawn->x[i - 1]);
            const double right = axis(drawn->x[i]);
            if (at < left || at > right || !(peak > 0.0))
                continue;
            const double share = right > left ? (at - left) / (right - left) : 1.0;
            return (drawn->height[i - 1] + share * (drawn->height[i] - drawn->height[i - 1])) / peak;
        }
        return 0.0;
    }
    const auto& weights = std::get<ChoiceWeights>(m_density).weights;
    double peak = 0.0;
    for (const auto& [name, weight] : weights)
        peak = std::max(peak, weight);
    const auto found = weights.find(m_spec.categories.value(static_cast<int>(std::lround(at))).toStdString());
    return found == weights.end() || !(peak > 0.0) ? 0.0 : found->second / peak;
}

DensityEditor::Handles DensityEditor::handles() const {
    const auto axis = [&](double value) { return toAxis(m_spec.kind, value); };
    if (const auto* normal = std::get_if<NormalDensity>(&m_density)) {
        const double center = axis(normal->center);
        const double spread = normal->spread * spreadUnit();
        return {true, center, center - spread, center + spread, true};
    }
    if (const auto* beta = std::get_if<BetaDensity>(&m_density)) {
        const double total = beta->alpha + beta->beta;
        const double mean = range().low + range().span() * beta->alpha / total;
        const double sd =
            range().span() * std::sqrt(beta->alpha * beta->beta / (total * total * (total + 1.0)));
        return {true, mean, mean - sd, mean + sd, true};
    }
    if (const auto* uniform = std::get_if<UniformDensity>(&m_density)) {
        const double low = axis(uniform->low);
        const double high = axis(uniform->high);
        return {true, 0.5 * (low + high), low, high, true};
    }
    if (const auto* bounds = std::get_if<ValueBounds>(&m_density)) {
        const double low = bounds->low ? axis(*bounds->low) : range().low - range().span();
        const double high = bounds->high ? axis(*bounds->high) : range().high + range().span();
        return {true, 0.5 * (low + high), low, high, false};
    }
    return {};
}

/// A centre and a spread (half a width for ends), axis coordinates.
void DensityEditor::setHandles(double center, double spread) {
    const AxisRange shown = range();
    const double least = shown.span() * 0.004;
    const auto user = [&](double coordinate) { return fromAxis(m_spec.kind, coordinate); };
    center = std::clamp(center, shown.low, shown.high);
    spread = std::max(spread, least);
    if (auto* normal = std::get_if<NormalDensity>(&m_density)) {
        normal->center = user(center);
        normal->spread = std::min(spread, 2.0 * shown.span()) / spreadUnit();
    } else if (auto* beta = std::get_if<BetaDensity>(&m_density)) {
        const double mean = std::clamp((center - shown.low) / shown.span(), 0.01, 0.99);
        const double sd = std::min(spread / shown.span(), 0.98 * std::sqrt(mean * (1.0 - mean)));
        const double total = mean * (1.0 - mean) / (sd * sd) - 1.0;
        beta->alpha = std::max(mean * total, 0.02);
        beta->beta = std::max((1.0 - mean) * total, 0.02);
    } else if (auto* uniform = std::get_if<UniformDensity>(&m_density)) {
        uniform->low = user(std::max(center - spread, shown.low));
        uniform->high = user(std::min(center + spread, shown.high));
    }
}

DensityEditor::Handle DensityEditor::handleAt(const QPointF& position) const {
    if (std::holds_alternative<ChoiceWeights>(m_density))
        return Handle::Bar;
    if (std::holds_alternative<DrawnDensity>(m_density))
        return Handle::Curve;
    const Handles found = handles();
    if (!found.any)
        return Handle::None;
    const double center = std::abs(position.x() - pixelOfCoordinate(found.center));
    const double left = std::abs(position.x() - pixelOfCoordinate(found.left));
    const double right = std::abs(position.x() - pixelOfCoordinate(found.right));
    const double side = std::min(left, right);
    if (found.movable && (center <= side || side > kReach))
        return Handle::Center; // also from anywhere in the shape
    if (!found.movable && side > 3.0 * kReach)
        return Handle::None;
    return left < right ? Handle::Left : Handle::Right;
}

void DensityEditor::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_editable)
        return QWidget::mousePressEvent(event);
    m_handle = handleAt(event->position());
    m_last = event->position();
    if (m_handle == Handle::Curve || m_handle == Handle::Bar)
        dragTo(event->position());
    event->accept();
}

void DensityEditor::mouseMoveEvent(QMouseEvent* event) {
    if (m_handle == Handle::None) {
        const Handle under = m_editable ? handleAt(event->position()) : Handle::None;
        setCursor(under == Handle::Left || under == Handle::Right ? Qt::SizeHorCursor
                  : under == Handle::Center                       ? Qt::OpenHandCursor
                  : under == Handle::None                         ? Qt::ArrowCursor
                                                                  : Qt::CrossCursor);
        return;
    }
    dragTo(event->position());
}

void DensityEditor::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_handle == Handle::None)
        return;
    m_handle = Handle::None;
    edited(true);
}

void DensityEditor::dragTo(const QPointF& position) {
    const Handles now = handles();
    const double at = coordinateOf(position.x());
    const double moved = at - coordinateOf(m_last.x());
    const double half = 0.5 * (now.right - now.left);
    switch (m_handle) {
    case Handle::None: return;
    case Handle::Center: setHandles(now.center + moved, half); break;
    case Handle::Left:
    case Handle::Right:
        if (auto* bounds = std::get_if<ValueBounds>(&m_density)) {
            const double value = fromAxis(m_spec.kind, std::clamp(at, range().low, range().high));
            if (m_handle == Handle::Left)
                bounds->low = bounds->high ? std::min(value, *bounds->high) : value;
            else
                bounds->high = bounds->low ? std::max(value, *bounds->low) : value;
        } else if (std::holds_alternative<UniformDensity>(m_density)) {
            const double fixed = m_handle == Handle::Left ? now.right : now.left;
            setHandles(0.5 * (fixed + at), 0.5 * std::abs(fixed - at));
        } else {
            setHandles(now.center, std::abs(at - now.center));
        }
        break;
    case Handle::Curve: draw(m_last, position); break;
    case Handle::Bar: {
        const int bar = static_cast<int>(std::lround(coordinateOf(m_last.x())));
        setBar(bar, (plotRect().bottom() - position.y()) / (kDensityPeak * plotRect().height()));
        edited(false);
        return; // m_last keeps the bar that was pressed
    }
    }
    m_last = position;
    edited(false);
}

/// The curve follows the pointer between two positions.
void DensityEditor::draw(const QPointF& from, const QPointF& to) {
    const AxisRange shown = range();
    DrawnDensity curve;
    for (int i = 0; i < kDensityKnots; ++i) {
        const double coordinate = shown.low + shown.span() * i / (kDensityKnots - 1.0);
        curve.height.push_back(heightAtCoordinate(coordinate));
        // The ends exactly, so that the curve covers the range.
        const AxisRange limits = m_spec.limits.value_or(AxisRange{});
        curve.x.push_back(i == 0                   ? limits.low
                          : i == kDensityKnots - 1 ? limits.high
                                                   : fromAxis(m_spec.kind, coordinate));
    }
    const double step = plotRect().width() / (kDensityKnots - 1.0);
    const double left = std::min(from.x(), to.x()) - 0.6 * step;
    const double right = std::max(from.x(), to.x()) + 0.6 * step;
    for (int i = 0; i < kDensityKnots; ++i) {
        const double pixel = plotRect().left() + step * i;
        if (pixel < left || pixel > right)
            continue;
        const double span = to.x() - from.x();
        const double share = std::abs(span) > 0.5 ? std::clamp((pixel - from.x()) / span, 0.0, 1.0) : 1.0;
        const double y = from.y() + share * (to.y() - from.y());
        curve.height[static_cast<std::size_t>(i)] = std::clamp(
            (plotRect().bottom() - y) / (kDensityPeak * plotRect().height()), 0.0, 1.0 / kDensityPeak);
    }
    if (*std::max_element(curve.height.begin(), curve.height.end()) > 0.0)
        m_density = std::move(curve);
}

void DensityEditor::setBar(int bar, double height) {
    auto& weights = std::get<ChoiceWeights>(m_density).weights;
    if (bar < 0 || bar >= m_spec.categories.size())
        return;
    m_focus = bar;
    double peak = 0.0;
    for (const auto& [name, weight] : weights)
        peak = std::max(peak, weight);
    if (!(peak > 0.0))
        peak = 1.0;
    std::map<std::string, double> changed;
    double largest = 0.0;
    for (int i = 0; i < m_spec.categories.size(); ++i) {
        const std::string name = m_spec.categories[i].toStdString();
        const auto found = weights.find(name);
        const double share = i == bar ? std::clamp(height, 0.0, 1.0 / kDensityPeak)
                                      : (found == weights.end() ? 0.0 : found->second / peak);
        changed[name] = share;
        largest = std::max(largest, share);
    }
    if (largest > 0.0)
        weights = std::move(changed);
}

void DensityEditor::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const bool sideways = key == Qt::Key_Left || key == Qt::Key_Right;
    const bool upright = key == Qt::Key_Up || key == Qt::Key_Down;
    if ((!sideways && !upright) || !m_editable)
        return QWidget::keyPressEvent(event);
    const double sign = key == Qt::Key_Right || key == Qt::Key_Up ? 1.0 : -1.0;
    const double far = event->modifiers().testFlag(Qt::ShiftModifier) ? 5.0 : 1.0;
    const Handles now = handles();
    const bool bars = std::holds_alternative<ChoiceWeights>(m_density);
    if (now.any && now.movable) {
        const double half = 0.5 * (now.right - now.left);
        if (sideways)
            setHandles(now.center + sign * far * 0.01 * range().span(), half);
        else
            setHandles(now.center, half * std::pow(1.1, sign * far));
    } else if (now.any) {
        auto& bounds = std::get<ValueBounds>(m_density);
        std::optional<double>& end = bounds.low ? bounds.low : bounds.high;
        end = fromAxis(m_spec.kind, std::clamp(toAxis(m_spec.kind, *end) + sign * far * 0.01 * range().span(),
                                               range().low, range().high));
        if (bounds.low && bounds.high && *bounds.low > *bounds.high)
            bounds.low = bounds.high;
    } else {
        const int count = bars ? static_cast<int>(m_spec.categories.size()) : kDensityKnots;
        if (sideways) {
            m_focus = std::clamp(m_focus + static_cast<int>(sign), 0, count - 1);
            update();
            return;
        }
        const double coordinate =
            bars ? m_focus : range().low + range().span() * m_focus / (kDensityKnots - 1.0);
        const double height = heightAtCoordinate(coordinate) + sign * far * 0.05;
        const double y = plotRect().bottom() - height * kDensityPeak * plotRect().height();
        if (bars)
            setBar(m_focus, height);
        else
            draw({pixelOfCoordinate(coordinate), y}, {pixelOfCoordinate(coordinate), y});
    }
    edited(true);
}

void DensityEditor::edited(bool settled) {
    update();
    emit densityEdited(m_density, settled);
}

void DensityEditor::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void DensityEditor::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

QString DensityEditor::summary() const {
    const auto number = [&](double coordinate) {
        return formatNumber(fromAxis(m_spec.kind, std::clamp(coordinate, range().low, range().high)), 3);
    };
    const Handles now = handles();
    if (const auto* bounds = std::get_if<ValueBounds>(&m_density)) {
        if (bounds->low && bounds->high)
            return withUnit(
                tr("between %1 and %2").arg(formatNumber(*bounds->low, 3), formatNumber(*bounds->high, 3)),
                m_spec.unit);
        return withUnit(bounds->low ? tr("not below %1").arg(formatNumber(*bounds->low, 3))
                                    : tr("not above %1").arg(formatNumber(bounds->high.value_or(0.0), 3)),
                        m_spec.unit);
    }
    if (std::holds_alternative<UniformDensity>(m_density))
        return withUnit(tr("between %1 and %2").arg(number(now.left), number(now.right)), m_spec.unit);
    if (now.any)
        return withUnit(
            tr("%1, mostly %2 to %3").arg(number(now.center), number(now.left), number(now.right)),
            m_spec.unit);
    // The highest place.
    const AxisRange shown = range();
    double best = shown.low;
    for (int i = 0; i < kDensityKnots; ++i) {
        const double at = m_spec.kind == AxisKind::Category
                              ? std::min<double>(i, shown.high - 0.5)
                              : shown.low + shown.span() * i / (kDensityKnots - 1.0);
        if (heightAtCoordinate(at) > heightAtCoordinate(best))
            best = at;
    }
    if (m_spec.kind == AxisKind::Category)
        return tr("most likely %1").arg(m_spec.categories.value(static_cast<int>(std::lround(best))));
    return tr("most likely %1").arg(withUnit(number(best), m_spec.unit));
}

} // namespace alidade

#include "moc_density_editor.cpp"
