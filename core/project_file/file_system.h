#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>

namespace alidade {

/// Whether a file-system type number (f_type of statfs) belongs to a file system shared between machines,
/// where the shared memory of SQLite's write-ahead log does not work.
[[nodiscard]] bool isNetworkFileSystem(std::uint64_t type);

/// The same for the file system that holds `path` (a file or folder that exists).
[[nodiscard]] Result<bool> isOnNetworkFileSystem(const std::filesystem::path& path);

/// A name beside `target` that no other process uses, for a file that is published when it is finished.
[[nodiscard]] std::filesystem::path temporaryNameBeside(const std::filesystem::path& target);

/// Makes the finished file `temporary` appear as `target` in one step and durably. Without `overwrite`,
/// AlreadyExists when the target exists. The temporary file is removed on failure.
[[nodiscard]] Result<void> publishFile(const std::filesystem::path& temporary,
                                       const std::filesystem::path& target, bool overwrite);

/// The files that SQLite keeps beside a database while it is in use or after a crash.
[[nodiscard]] bool hasCompanionFiles(const std::filesystem::path& database);
void removeWithCompanions(const std::filesystem::path& database);

/// InputOutput with the system's reason.
[[nodiscard]] Error systemError(int errorNumber, const std::string& doing, const std::filesystem::path& path);

} // namespace alidade
