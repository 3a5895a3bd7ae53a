#pragma once

#include "project_file/project_file.h"
#include "project_file/schema.h"
#include "project_file/sqlite_database.h"

namespace alidade {

struct OpenedDatabase {
    sqlite::Database database;
    bool readOnly = false;
    bool newer = false;
    std::string notice;
};

/// AlreadyExists when there is a file, or the remains of one; InputOutput when the folder is missing.
[[nodiscard]] Result<void> checkFreeForNewFile(const std::filesystem::path& path);

/// NotFound, ForeignFile or InputOutput unless it is a readable regular file that is not empty.
[[nodiscard]] Result<void> checkPlausibleFile(const std::filesystem::path& path);

/// Writes a whole project with the tables of a schema into a new file and closes it.
[[nodiscard]] Result<void> writeNewProject(const std::filesystem::path& path, const Definition& definition,
                                           const FileOptions& options, int version = kSchemaVersion);

/// Opens, identifies, migrates and checks a project, and sets the journal.
[[nodiscard]] Result<OpenedDatabase> openDatabase(const std::filesystem::path& path,
                                                  const FileOptions& options);

/// Foreign keys and flushing to disk for a connection that writes.
[[nodiscard]] Result<void> configureConnection(sqlite::Database& database);

/// Write-ahead log on local disks, rollback journal on network file systems. Another connection in the midst
/// of something keeps the present journal, which is as safe, only slower.
[[nodiscard]] Result<void> configureJournal(sqlite::Database& database, bool networkFileSystem);

/// Gives the write-ahead log up, so that one plain file remains; other connections may prevent it, the last
/// one to close then does it.
void returnToPlainFile(sqlite::Database& database);

} // namespace alidade
