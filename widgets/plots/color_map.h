#pragma once

#include <QColor>

#include <array>

namespace alidade {

/// Dark blue - teal - yellow with evenly rising lightness: equal steps of a value look equally large, also in
/// grey print and to colour-blind readers. A curve of our own in the Oklab space (B. Ottosson, "A perceptual
/// color space for image processing", 2020): lightness linear, hue turning evenly, chroma inside sRGB.
/// `fraction` is clipped to [0, 1].
[[nodiscard]] QRgb sequentialColor(double fraction);

/// The 256 colours of sequentialColor.
[[nodiscard]] const std::array<QRgb, 256>& sequentialColors();

/// Lightness L of Oklab, 0 (black) ... 1 (white).
[[nodiscard]] double oklabLightness(const QColor& color);

} // namespace alidade
