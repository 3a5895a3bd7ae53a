#pragma once

#include <QPolygonF>
#include <QRectF>

#include <vector>

namespace alidade {

/// Geometry is clipped before it is drawn: the SVG generator of Qt ignores painter clips, so that a zoomed
/// plot would spill over its axes in the exported file.

/// The pieces of a polyline inside the rectangle. Points that are not finite interrupt the line.
[[nodiscard]] std::vector<QPolygonF> clippedPolyline(const QPolygonF& line, const QRectF& rect);

/// A closed polygon cut to the rectangle (Sutherland & Hodgman 1974). Finite points only.
[[nodiscard]] QPolygonF clippedPolygon(const QPolygonF& polygon, const QRectF& rect);

/// At most about four points per pixel column (first, lowest, highest, last), which draws the same picture.
/// For lines that run from left to right.
[[nodiscard]] QPolygonF thinned(const QPolygonF& line);

} // namespace alidade
