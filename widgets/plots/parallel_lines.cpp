#include "plots/parallel_lines.h"

#include "plots/color_map.h"
#include "plots/line_raster.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace alidade {

namespace {
constexpr std::size_t kManyLines = 1000;
constexpr std::size_t kWhileDragging = 1000;
constexpr std::size_t kSmoothWhileDragging = 100;
constexpr std::size_t kFine = 200; // of many lines are drawn smooth
constexpr std::size_t kDashed = 200;
} // namespace

bool ParallelLines::Places::startsLike(const Places& other, std::size_t lines) const {
    if (axes != other.axes || count() < lines || other.count() < lines)
        return false;
    const auto end = static_cast<std::ptrdiff_t>(lines);
    return std::equal(keys.begin(), keys.begin() + end, other.keys.begin()) &&
           std::equal(strong.begin(), strong.begin() + end, other.strong.begin()) &&
           (lines == 0 ||
            std::memcmp(shares.data(), other.shares.data(), lines * axes * sizeof(double)) == 0);
}

double ParallelLines::height(std::size_t line, std::size_t axis) const {
    const double at = share(line, axis);
    return std::isnan(at) ? missing : zero + at * (one - zero);
}

QPolygonF ParallelLines::polyline(std::size_t line) const {
    QPolygonF points;
    points.reserve(static_cast<qsizetype>(order.size()));
    for (std::size_t slot = 0; slot < order.size(); ++slot)
        points << QPointF(x[slot], height(line, order[slot]));
    return points;
}

bool ParallelLines::isInside(std::size_t line) const {
    for (std::size_t axis = 0; axis < brushes.size(); ++axis) {
        if (!brushes[axis])
            continue;
        const double at = share(line, axis);
        if (!(at >= brushes[axis]->first && at <= brushes[axis]->second))
            return false;
    }
    return true;
}

QColor ParallelLines::scaleColor(double at) const {
    // The ends of the scale that would vanish in the background are left out.
    return QColor::fromRgb(sequentialColor(theme.dark ? 0.2 + 0.8 * at : 0.85 * at));
}

QColor ParallelLines::color(std::size_t line) const {
    if (!colorAxis)
        return theme.color(places->strong[line] != 0 ? PlotRole::Best : PlotRole::Observed);
    const double at = share(line, *colorAxis);
    return std::isnan(at) ? theme.mutedText : scaleColor(at);
}

std::vector<ParallelLines::Stroke> ParallelLines::strokes(std::size_t first) const {
    const std::size_t count = places->count();
    const bool many = count > kManyLines;
    const QColor chosenColor = theme.color(PlotRole::Selected);
    const QColor strongColor = theme.color(PlotRole::Best);
    const QColor weakColor = theme.color(PlotRole::Observed);
    std::vector<Stroke> strokes;
    strokes.reserve(count - std::min(first, count));
    // While the user drags, a part of many lines tells enough.
    const std::size_t stride = sparse ? std::max<std::size_t>(1, count / kWhileDragging) : 1;
    for (std::size_t i = first; i < count; ++i) {
        const bool strong = places->strong[i] != 0;
        if (!isShown(i) || (i % stride != 0 && !strong))
            continue;
        const bool inside = isInside(i);
        const bool chosen = i < selected.size() && selected[i] != 0;
        Stroke stroke;
        stroke.line = i;
        stroke.rank = (inside ? 4 : 0) + (strong ? 2 : 0) + (chosen ? 1 : 0);
        stroke.color = chosen ? chosenColor : colorAxis ? color(i) : strong ? strongColor : weakColor;
        float opacity = strong || chosen ? 0.9F : many ? 0.3F : 0.5F;
        if (colorAxis && !chosen)
            opacity = many ? 0.5F : 0.85F;
        stroke.color.setAlphaF(!inside ? (many ? 0.04F : 0.1F) : opacity);
        stroke.width = chosen ? 3.0 : strong ? 2.0 : 1.1;
        // Hundreds of dashed lines are a grey cloud that takes long to draw.
        stroke.dashed = !strong && !chosen && !colorAxis && count <= kDashed;
        strokes.push_back(stroke);
    }
    std::stable_sort(strokes.begin(), strokes.end(),
                     [](const Stroke& a, const Stroke& b) { return a.rank < b.rank; });
    return strokes;
}

void ParallelLines::drawStroke(QPainter* painter, const Stroke& stroke) const {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(stroke.color, stroke.width, stroke.dashed ? Qt::DashLine : Qt::SolidLine));
    painter->drawPolyline(polyline(stroke.line));
}

void ParallelLines::draw(QPainter* painter) const {
    for (const Stroke& stroke : strokes(0))
        drawStroke(painter, stroke);
}

bool ParallelLines::drawInto(QImage& image, const QPointF& origin, double ratio, std::size_t first,
                             const std::atomic<bool>* stop) const {
    const std::vector<Stroke> all = strokes(first);
    const auto painted = [&](const std::vector<const Stroke*>& smooth) {
        QPainter inner(&image);
        inner.setRenderHint(QPainter::Antialiasing);
        inner.scale(ratio, ratio);
        inner.translate(-origin);
        for (const Stroke* stroke : smooth) {
            if (stop != nullptr && stop->load(std::memory_order_relaxed))
                return false;
            drawStroke(&inner, *stroke);
        }
        return true;
    };
    if (places->count() <= (sparse ? kSmoothWhileDragging : kManyLines)) {
        std::vector<const Stroke*> smooth;
        for (const Stroke& stroke : all)
            smooth.push_back(&stroke);
        return painted(smooth);
    }
    // The last ones are those that matter most: wide and smooth; the crowd below is one pixel wide.
    const std::size_t crowd = all.size() - std::min(all.size(), kFine);
    std::vector<const Stroke*> fine;
    LineBundle bundle;
    for (const double at : x)
        bundle.x.push_back((at - origin.x()) * ratio);
    bundle.y.reserve(all.size() * order.size());
    bundle.colors.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i >= crowd && all[i].width > 1.5) {
            fine.push_back(&all[i]);
            continue;
        }
        for (const std::size_t axis : order)
            bundle.y.push_back((height(all[i].line, axis) - origin.y()) * ratio);
        bundle.colors.push_back(all[i].color);
    }
    return blendLines(image, bundle, stop) && painted(fine);
}

} // namespace alidade
