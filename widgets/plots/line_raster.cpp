#include "plots/line_raster.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace alidade {

namespace {

/// round(a b / 255)
std::uint32_t scaled(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t t = a * b + 128U;
    return (t + (t >> 8U)) >> 8U;
}

struct Ink {
    std::uint32_t color = 0; ///< premultiplied
    std::uint32_t keep = 0;  ///< 255 - alpha
};

Ink inkOf(const QColor& color) {
    const auto alpha = static_cast<std::uint32_t>(color.alpha());
    const auto channel = [alpha](int value) { return scaled(static_cast<std::uint32_t>(value), alpha); };
    return {(alpha << 24U) | (channel(color.red()) << 16U) | (channel(color.green()) << 8U) |
                channel(color.blue()),
            255U - alpha};
}

void blend(std::uint32_t* pixel, const std::uint32_t* end, Ink ink) {
    for (; pixel < end; ++pixel) {
        // Two channels at once, each with room for its product.
        std::uint32_t even = (*pixel & 0x00ff00ffU) * ink.keep + 0x00800080U;
        std::uint32_t odd = ((*pixel >> 8U) & 0x00ff00ffU) * ink.keep + 0x00800080U;
        even = ((even + ((even >> 8U) & 0x00ff00ffU)) >> 8U) & 0x00ff00ffU;
        odd = (odd + ((odd >> 8U) & 0x00ff00ffU)) & 0xff00ff00U;
        *pixel = ink.color + even + odd;
    }
}

/// One line between two vertices, while the columns are walked from left to right.
struct Piece {
    float at = 0.0F; ///< y at the left border of the column
    float step = 0.0F;
    Ink ink;
};

/// Some columns between two vertices. Column by column, so that the pixels stay in the fastest memory.
struct Gap {
    const LineBundle& bundle;
    const std::vector<Ink>& inks;
    std::size_t left = 0;
    std::size_t right = 0;
    std::uint32_t* pixels = nullptr;
    std::ptrdiff_t stride = 0; ///< pixels per row
    int height = 0;

    void blendColumns(int first, int last) const {
        const double low = bundle.x[left];
        const double span = bundle.x[right] - low;
        std::vector<Piece> pieces;
        pieces.reserve(inks.size());
        for (std::size_t i = 0; i < inks.size(); ++i) {
            const double* const y = bundle.y.data() + i * bundle.x.size();
            const double slope = (y[right] - y[left]) / span;
            pieces.push_back(
                {static_cast<float>(y[left] + slope * (first - low)), static_cast<float>(slope), inks[i]});
        }
        std::vector<std::uint32_t> column(static_cast<std::size_t>(height));
        for (int x = first; x < last; ++x) {
            for (int y = 0; y < height; ++y)
                column[static_cast<std::size_t>(y)] = pixels[y * stride + x];
            for (Piece& piece : pieces) {
                const float next = piece.at + piece.step;
                // Half open, so that the columns of a steep line do not overlap; at least one pixel.
                const int top = static_cast<int>(std::floor(std::min(piece.at, next)));
                const int bottom = std::max(top + 1, static_cast<int>(std::floor(std::max(piece.at, next))));
                piece.at = next;
                if (top < height && bottom > 0)
                    blend(column.data() + std::max(top, 0), column.data() + std::min(bottom, height),
                          piece.ink);
            }
            for (int y = 0; y < height; ++y)
                pixels[y * stride + x] = column[static_cast<std::size_t>(y)];
        }
    }
};

} // namespace

bool blendLines(QImage& image, const LineBundle& bundle, const std::atomic<bool>* stop) {
    constexpr int kColumnsAtOnce = 64;
    std::vector<Ink> inks;
    for (const QColor& color : bundle.colors)
        inks.push_back(inkOf(color));
    auto* const pixels = reinterpret_cast<std::uint32_t*>(image.bits());
    for (std::size_t k = 0; k + 1 < bundle.x.size(); ++k) {
        const bool ordered = bundle.x[k] <= bundle.x[k + 1];
        const Gap gap{
            bundle,        inks, ordered ? k : k + 1, ordered ? k + 1 : k, pixels, image.bytesPerLine() / 4,
            image.height()};
        const int first = std::max(0, static_cast<int>(std::floor(bundle.x[gap.left])));
        const int last = std::min(image.width(), static_cast<int>(std::ceil(bundle.x[gap.right])));
        if (first >= last)
            continue;
        const auto chunks = static_cast<std::size_t>((last - first + kColumnsAtOnce - 1) / kColumnsAtOnce);
        const std::size_t threads = inks.size() < 500 ? 1 : 0;
        parallelFor(chunks, threads, [&](std::size_t chunk) {
            if (stop != nullptr && stop->load(std::memory_order_relaxed))
                return;
            const int from = first + static_cast<int>(chunk) * kColumnsAtOnce;
            gap.blendColumns(from, std::min(last, from + kColumnsAtOnce));
        });
    }
    return stop == nullptr || !stop->load(std::memory_order_relaxed);
}

} // namespace alidade
