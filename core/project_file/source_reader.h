#pragma once

#include "study/source_study.h"

#include <filesystem>

namespace alidade {

/// The study in a project file, which is only read: no lock file, no migration, nothing reconciled, whether
/// another process has it open or not. Errors: as ProjectFile::open(); Unsupported for a file of an older
/// version, which has to be opened once to be converted.
[[nodiscard]] Result<Study> readStudy(const std::filesystem::path& path);

/// The earlier studies that a strategy names, as they are now. Relative paths are seen from the folder of
/// `project` (empty: from the current one). A file that cannot be read, or that is the project itself, gives
/// an entry that says why. Null without any.
[[nodiscard]] std::shared_ptr<const SourceStudies> readSources(const Strategy& strategy,
                                                               const std::filesystem::path& project);

/// How a project writes the path of a source: relative to its own folder when the source lies there or
/// below, or in a folder beside it; else absolute.
[[nodiscard]] std::string sourcePath(const std::filesystem::path& source,
                                     const std::filesystem::path& project);

} // namespace alidade
