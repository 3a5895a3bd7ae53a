#include "plots/clip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace alidade {

namespace {

bool isFinite(const QPointF& p) {
    return std::isfinite(p.x()) && std::isfinite(p.y());
}

/// Liang & Barsky 1984.
std::optional<std::pair<QPointF, QPointF>> clippedSegment(const QPointF& a, const QPointF& b,
                                                          const QRectF& rect) {
    const QPointF d = b - a;
    double enter = 0.0;
    double leave = 1.0;
    const std::array<std::pair<double, double>, 4> edges{{{-d.x(), a.x() - rect.left()},
                                                          {d.x(), rect.right() - a.x()},
                                                          {-d.y(), a.y() - rect.top()},
                                                          {d.y(), rect.bottom() - a.y()}}};
    for (const auto& [p, q] : edges) {
        if (p == 0.0) {
            if (q < 0.0)
                return std::nullopt;
            continue;
        }
        const double t = q / p;
        if (p < 0.0)
            enter = std::max(enter, t);
        else
            leave = std::min(leave, t);
    }
    if (enter > leave)
        return std::nullopt;
    return std::pair(enter > 0.0 ? a + enter * d : a, leave < 1.0 ? a + leave * d : b);
}

} // namespace

std::vector<QPolygonF> clippedPolyline(const QPolygonF& line, const QRectF& rect) {
    std::vector<QPolygonF> pieces;
    bool connected = false;
    for (qsizetype i = 1; i < line.size(); ++i) {
        if (!isFinite(line[i - 1]) || !isFinite(line[i])) {
            connected = false;
            continue;
        }
        const auto segment = clippedSegment(line[i - 1], line[i], rect);
        if (!segment) {
            connected = false;
            continue;
        }
        if (!connected || pieces.back().back() != segment->first) {
            pieces.emplace_back();
            pieces.back() << segment->first;
        }
        pieces.back() << segment->second;
        connected = segment->second == line[i];
    }
    return pieces;
}

QPolygonF clippedPolygon(const QPolygonF& polygon, const QRectF& rect) {
    struct Edge {
        bool vertical;
        double limit;
        double sign;
    };
    const std::array<Edge, 4> edges{{{true, rect.left(), 1.0},
                                     {true, rect.right(), -1.0},
                                     {false, rect.top(), 1.0},
                                     {false, rect.bottom(), -1.0}}};
    QPolygonF result = polygon;
    for (const Edge& edge : edges) {
        const auto inside = [&edge](const QPointF& p) {
            return edge.sign * ((edge.vertical ? p.x() : p.y()) - edge.limit);
        };
        const QPolygonF input = std::exchange(result, {});
        for (qsizetype i = 0; i < input.size(); ++i) {
            const QPointF& a = input[i];
            const QPointF& b = input[(i + 1) % input.size()];
            const double da = inside(a);
            const double db = inside(b);
            if (da >= 0.0)
                result << a;
            if ((da >= 0.0) != (db >= 0.0))
                result << a + (da / (da - db)) * (b - a);
        }
    }
    return result;
}

QPolygonF thinned(const QPolygonF& line) {
    constexpr qsizetype kKeepBelow = 2000;
    if (line.size() < kKeepBelow)
        return line;
    QPolygonF result;
    for (qsizetype begin = 0; begin < line.size();) {
        const double column = std::floor(line[begin].x());
        qsizetype end = begin;
        qsizetype lowest = begin;
        qsizetype highest = begin;
        while (end < line.size() && std::floor(line[end].x()) == column) {
            if (line[end].y() < line[lowest].y())
                lowest = end;
            if (line[end].y() > line[highest].y())
                highest = end;
            ++end;
        }
        if (end == begin) { // not a number: keeps the gap
            result << line[begin];
            ++begin;
            continue;
        }
        std::array<qsizetype, 4> kept{begin, lowest, highest, end - 1};
        std::sort(kept.begin(), kept.end());
        for (std::size_t k = 0; k < kept.size(); ++k)
            if (k == 0 || kept[k] != kept[k - 1])
                result << line[kept[k]];
        begin = end;
    }
    return result;
}

} // namespace alidade
