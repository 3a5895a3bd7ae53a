#pragma once

namespace alidade {

/// Direction in which an objective improves.
enum class Goal { Minimize, Maximize };

} // namespace alidade
