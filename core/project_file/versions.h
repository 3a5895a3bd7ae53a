#pragma once

#include "project_file/sqlite_database.h"

namespace alidade {

/// Copies all trials of the live tables behind the number of a named version.
[[nodiscard]] Result<void> copyLiveTrials(sqlite::Database& database, std::int64_t version);

} // namespace alidade
