#pragma once

#include <QImage>
#include <QPolygonF>

namespace alidade {

/// A line one pixel wide, blended into an image of premultiplied ARGB, in the image's pixels; what lies
/// outside is left out. For tens of thousands of lines, of which the painter of Qt draws some thousand a
/// second.
void blendPolyline(QImage& image, const QPolygonF& line, const QColor& color);

} // namespace alidade
