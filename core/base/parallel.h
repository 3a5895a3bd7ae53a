#pragma once

#include <cstddef>
#include <functional>

namespace alidade {

/// Calls body(index) for each index in [0, count), spread over at most `threads` threads (0 = all cores).
/// Each index is independent work that writes only to its own slot, so results do not depend on `threads`.
/// The first exception (lowest index) is rethrown in the caller after all threads have ended.
void parallelFor(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& body);

} // namespace alidade
