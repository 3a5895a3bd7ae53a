#pragma once

#include "project_file/sqlite_database.h"

#include <cstdint>

namespace alidade {

/// "Alid" in ASCII: marks the file as a project (bytes 68 to 71 of the file).
inline constexpr std::int64_t kApplicationId = 0x416c6964;
/// user_version of the files that this program writes.
inline constexpr int kSchemaVersion = 2;

/// SQL of the tables that came with a version, 1 to kSchemaVersion.
[[nodiscard]] const char* schemaPart(int version);

/// Creates the tables of a schema in an empty database and marks it.
[[nodiscard]] Result<void> createSchema(sqlite::Database& database, int version = kSchemaVersion);

/// Every table and index of a schema is there as createSchema() makes it; else DamagedFile naming the first
/// one that is not. Further tables and indexes are nobody's business.
[[nodiscard]] Result<void> checkSchema(sqlite::Database& database, int version = kSchemaVersion);

} // namespace alidade
