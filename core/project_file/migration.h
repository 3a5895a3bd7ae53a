#pragma once

#include "project_file/project_file.h"
#include "project_file/sqlite_database.h"

#include <string>
#include <vector>

namespace alidade {

/// Turns a file of version `from` into one of version `from + 1`. A step is frozen once it is released: it
/// consists of SQL and of functions that use nothing but the connection, never of today's data types.
struct MigrationStep {
    int from = 0;
    const char* sql = "";
    Result<void> (*transform)(sqlite::Database&) = nullptr; ///< after the SQL, where SQL is not enough
};

/// The steps from every released version to the newest, ascending.
[[nodiscard]] const std::vector<MigrationStep>& releasedSteps();

/// Copies the file aside (FILE.bak-vN, never over an existing file), applies the steps up to `target` in one
/// transaction and verifies the result; on any failure the file is as before. Returns a sentence for the
/// user. Another process may migrate at the same time: then there is nothing left to do. DamagedFile when the
/// version is unknown or the result is inconsistent.
[[nodiscard]] Result<std::string> migrate(sqlite::Database& database, const std::filesystem::path& path,
                                          const std::vector<MigrationStep>& steps, int target,
                                          const FileOptions& options);

/// Writes a compact copy of what the connection sees into the new file `copy`, in the rollback journal's
/// form.
[[nodiscard]] Result<void> copyDatabase(sqlite::Database& database, const std::filesystem::path& copy);

/// integrity_check and foreign_key_check: the first thing found as DamagedFile. Reads the whole file.
[[nodiscard]] Result<void> checkIntegrity(sqlite::Database& database);

} // namespace alidade
