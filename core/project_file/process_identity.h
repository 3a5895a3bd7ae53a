#pragma once

#include "project_file/project_file.h"

#include <optional>
#include <string_view>

namespace alidade {

/// Start time of a process in clock ticks since boot: field 22 of /proc/PID/stat. The second field is the
/// program's name in parentheses and may contain spaces and parentheses itself.
[[nodiscard]] std::optional<std::int64_t> startTimeFromStat(std::string_view stat);
[[nodiscard]] std::optional<std::int64_t> processStartTime(std::int64_t processId);

/// Whether the process is known to have ended. Processes of other hosts are never known to have ended.
[[nodiscard]] bool hasEnded(const RunnerIdentity& runner);

} // namespace alidade
