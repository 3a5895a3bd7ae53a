#include "plots/layer_picture.h"

#include <QPainter>

#include <algorithm>
#include <cstdint>

namespace alidade {

void blendSprite(QImage& target, const QImage& sprite, int left, int top) {
    const int firstX = std::max(0, -left);
    const int lastX = std::min(sprite.width(), target.width() - left);
    const int firstY = std::max(0, -top);
    const int lastY = std::min(sprite.height(), target.height() - top);
    if (firstX >= lastX)
        return;
    const auto* const source = reinterpret_cast<const std::uint32_t*>(sprite.constBits());
    auto* const pixels = reinterpret_cast<std::uint32_t*>(target.bits());
    const std::ptrdiff_t sourceStride = sprite.bytesPerLine() / 4;
    const std::ptrdiff_t stride = target.bytesPerLine() / 4;
    for (int y = firstY; y < lastY; ++y) {
        const std::uint32_t* const from = source + y * sourceStride;
        std::uint32_t* const to = pixels + (top + y) * stride + left;
        for (int x = firstX; x < lastX; ++x) {
            const std::uint32_t ink = from[x];
            if (ink == 0U)
                continue;
            const std::uint32_t keep = 255U - (ink >> 24U);
            // Two channels at once, each with room for its product.
            std::uint32_t even = (to[x] & 0x00ff00ffU) * keep + 0x00800080U;
            std::uint32_t odd = ((to[x] >> 8U) & 0x00ff00ffU) * keep + 0x00800080U;
            even = ((even + ((even >> 8U) & 0x00ff00ffU)) >> 8U) & 0x00ff00ffU;
            odd = (odd + ((odd >> 8U) & 0x00ff00ffU)) & 0xff00ff00U;
            to[x] = ink + even + odd;
        }
    }
}

void LayerPicture::draw(QPainter* painter, const QRectF& area, double ratio,
                        const std::function<void(QImage&)>& fill) {
    const QSize size = (area.size() * ratio).toSize();
    if (size.isEmpty())
        return;
    if (m_image.isNull() || m_area != area || m_ratio != ratio) {
        m_area = area;
        m_ratio = ratio;
        m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
        m_image.fill(Qt::transparent);
        fill(m_image);
        m_image.setDevicePixelRatio(ratio);
    }
    painter->drawImage(area.topLeft(), m_image);
}

} // namespace alidade
