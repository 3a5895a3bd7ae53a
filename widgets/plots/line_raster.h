#pragma once

#include <QColor>
#include <QImage>

#include <atomic>
#include <vector>

namespace alidade {

/// Lines one pixel wide through the same places in x, blended in their order into an image of premultiplied
/// ARGB; positions in the image's pixels, finite; what lies outside is left out. For tens of thousands of
/// lines: the painter of Qt draws some thousand a second.
struct LineBundle {
    std::vector<double> x;      ///< of the vertices; neighbours may change places
    std::vector<double> y;      ///< line after line, one per vertex
    std::vector<QColor> colors; ///< per line
};
/// False when `stop` became true meanwhile: the image is then half done.
bool blendLines(QImage& image, const LineBundle& bundle, const std::atomic<bool>* stop = nullptr);

} // namespace alidade
