#include "plots/palette.h"

#include <array>

namespace alidade {

QColor seriesColor(int index) {
    static constexpr std::array<QRgb, 7> kColors{0xff0072b2, 0xffd55e00, 0xff009e73, 0xffcc79a7,
                                                 0xffe69f00, 0xff56b4e9, 0xff999999};
    return QColor::fromRgb(kColors[static_cast<std::size_t>(index) % kColors.size()]);
}

} // namespace alidade
