#include "plots/color_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {

namespace {

double gammaEncoded(double linear) {
    const double c = std::clamp(linear, 0.0, 1.0);
    return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1.0 / 2.4) - 0.055;
}

double gammaDecoded(double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

QRgb fromOklab(double lightness, double a, double b) {
    const auto cube = [](double v) { return v * v * v; };
    const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    const double red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    const double green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    const double blue = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
    const auto byte = [](double c) { return static_cast<int>(std::lround(255.0 * gammaEncoded(c))); };
    return qRgb(byte(red), byte(green), byte(blue));
}

std::array<QRgb, 256> computeColors() {
    std::array<QRgb, 256> colors{};
    for (std::size_t i = 0; i < colors.size(); ++i) {
        const double t = static_cast<double>(i) / 255.0;
        const double lightness = 0.27 + 0.66 * t;
        const double hue = (305.0 - 199.0 * t) * std::numbers::pi / 180.0;
        // Inside sRGB all along the way; the tightest place is the teal at 0.42.
        const double chroma = 0.098 + 0.2 * (t - 0.42) * (t - 0.42);
        colors[i] = fromOklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
    }
    return colors;
}

} // namespace

const std::array<QRgb, 256>& sequentialColors() {
    static const std::array<QRgb, 256> kColors = computeColors();
    return kColors;
}

QRgb sequentialColor(double fraction) {
    const double index = std::clamp(std::isnan(fraction) ? 0.0 : fraction, 0.0, 1.0) * 255.0;
    return sequentialColors()[static_cast<std::size_t>(std::lround(index))];
}

double oklabLightness(const QColor& color) {
    const double red = gammaDecoded(color.redF());
    const double green = gammaDecoded(color.greenF());
    const double blue = gammaDecoded(color.blueF());
    const double l = std::cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const double m = std::cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const double s = std::cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
}

} // namespace alidade
