#pragma once

#include <QColor>

namespace alidade {

/// Colours that stay distinct for colour-blind readers (Okabe & Ito), by role.
[[nodiscard]] QColor seriesColor(int index);

} // namespace alidade
