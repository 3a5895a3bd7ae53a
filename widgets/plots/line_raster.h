#pragma once

#include <QColor>
#include <QImage>
#include <QPolygonF>

#include <vector>

namespace alidade {

/// Lines one pixel wide through the same places in x, blended in their order into an image of premultiplied
/// ARGB; positions in the image's pixels, finite; what lies outside is left out. For tens of thousands of
/// lines: the painter of Qt draws some thousand a second.
struct LineBundle {
    std::vector<double> x;              ///< of the vertices; neighbours may change places
    std::vector<std::vector<double>> y; ///< per line: one per vertex
    std::vector<QColor> colors;         ///< per line
};
void blendLines(QImage& image, const LineBundle& bundle);

} // namespace alidade
