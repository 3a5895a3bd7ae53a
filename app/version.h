#pragma once

#include <string>

namespace alidade {

/// "0.1.0"
[[nodiscard]] std::string version();

} // namespace alidade
