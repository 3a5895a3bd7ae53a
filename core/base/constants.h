#pragma once

#include <limits>

namespace alidade {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

} // namespace alidade
