#include "plots/line_raster.h"

#include <QColor>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace alidade {

namespace {

/// (a b + 127) / 255, exactly rounded.
std::uint32_t scaled(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t t = a * b + 128U;
    return (t + (t >> 8U)) >> 8U;
}

struct Target {
    std::uint32_t* pixels = nullptr;
    std::ptrdiff_t stride = 0; ///< pixels per row
    int width = 0;
    int height = 0;
    std::uint32_t color = 0; ///< premultiplied
    std::uint32_t keep = 0;  ///< 255 - alpha

    void column(int x, int top, int bottom) const {
        if (x < 0 || x >= width)
            return;
        top = std::max(top, 0);
        bottom = std::min(bottom, height);
        std::uint32_t* pixel = pixels + top * stride + x;
        for (int y = top; y < bottom; ++y, pixel += stride) {
            const std::uint32_t p = *pixel;
            // Two channels at once, each with room for the product.
            const auto two = [this](std::uint32_t channels) {
                const std::uint32_t t = channels * keep + 0x00800080U;
                return ((t + ((t >> 8U) & 0x00ff00ffU)) >> 8U) & 0x00ff00ffU;
            };
            *pixel = color + two(p & 0x00ff00ffU) + (two((p >> 8U) & 0x00ff00ffU) << 8U);
        }
    }

    void segment(QPointF a, QPointF b) const {
        if (a.x() > b.x())
            std::swap(a, b);
        const double dx = b.x() - a.x();
        const double slope = dx > 1e-9 ? (b.y() - a.y()) / dx : 0.0;
        const int first = std::max(0, static_cast<int>(std::floor(a.x())));
        const int last = std::min(width - 1, static_cast<int>(std::floor(b.x())));
        for (int x = first; x <= last; ++x) {
            double from = a.y() + slope * (std::max<double>(x, a.x()) - a.x());
            double to = a.y() + slope * (std::min<double>(x + 1, b.x()) - a.x());
            if (dx <= 1e-9)
                to = b.y();
            if (from > to)
                std::swap(from, to);
            // Half open, so that the columns of a steep line do not overlap; at least one pixel.
            const int top = static_cast<int>(std::floor(std::clamp(from, -1e6, 1e6)));
            const int bottom = static_cast<int>(std::floor(std::clamp(to, -1e6, 1e6)));
            column(x, top, std::max(bottom, top + 1));
        }
    }
};

} // namespace

void blendPolyline(QImage& image, const QPolygonF& line, const QColor& color) {
    Target target;
    target.pixels = reinterpret_cast<std::uint32_t*>(image.bits());
    target.stride = image.bytesPerLine() / 4;
    target.width = image.width();
    target.height = image.height();
    const auto alpha = static_cast<std::uint32_t>(color.alpha());
    const auto channel = [alpha](int value) { return scaled(static_cast<std::uint32_t>(value), alpha); };
    target.color = (alpha << 24U) | (channel(color.red()) << 16U) | (channel(color.green()) << 8U) |
                   channel(color.blue());
    target.keep = 255U - alpha;
    for (qsizetype i = 0; i + 1 < line.size(); ++i)
        if (std::isfinite(line[i].y()) && std::isfinite(line[i + 1].y()))
            target.segment(line[i], line[i + 1]);
}

} // namespace alidade
