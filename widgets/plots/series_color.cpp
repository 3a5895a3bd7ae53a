#include "plots/series_color.h"

#include "plots/palette.h"

namespace alidade {

QColor seriesColor(int index, const PlotTheme& theme) {
    const bool darken = relativeLuminance(theme.background) > 0.5;
    const double wanted = darken ? 3.0 : 4.5;
    const QColor original = seriesColor(index);
    QColor result = original;
    for (int i = 1; i <= 50 && contrastRatio(result, theme.background) < wanted; ++i) {
        const float share = static_cast<float>(i) / 50.0F;
        const float target = darken ? 0.0F : 1.0F;
        const auto mix = [&](float c) { return c + share * (target - c); };
        result = QColor::fromRgbF(mix(original.redF()), mix(original.greenF()), mix(original.blueF()));
    }
    return result;
}

} // namespace alidade
