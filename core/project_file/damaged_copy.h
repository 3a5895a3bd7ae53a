#pragma once

#include "project_file/sqlite_database.h"

#include <filesystem>

namespace alidade {

/// A private copy of a damaged project, with its write-ahead log, that recovery may mend; removed at the end.
class DamagedCopy {
public:
    [[nodiscard]] static Result<DamagedCopy> make(const std::filesystem::path& damaged,
                                                  const std::filesystem::path& copy);
    DamagedCopy(DamagedCopy&& other) noexcept;
    DamagedCopy& operator=(DamagedCopy&&) = delete;
    ~DamagedCopy();

    /// Corrects what the first 100 bytes of every project have in common.
    [[nodiscard]] Result<void> mendHeader();
    /// Replaces the table of contents by the one of `donor`, a project of the same layout.
    [[nodiscard]] Result<void> transplantSchema(const std::filesystem::path& donor);
    [[nodiscard]] Result<sqlite::Database> open() const;

private:
    explicit DamagedCopy(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

} // namespace alidade
