#pragma once

#include "project_file/definition_rows.h"
#include "project_file/project_file.h"
#include "project_file/sqlite_database.h"
#include "project_file/trial_rows.h"

namespace alidade {

/// A named version of which everything is intact.
struct SalvagedVersion {
    ProjectFile::Version version;
    std::int64_t definition = 0;
    std::vector<Trial> trials;
};

struct SalvagedOutput {
    TrialId trial;
    OutputStream stream = OutputStream::StandardOutput;
    std::string content;
};

/// What can be read of a damaged project. Nothing here fails: what is unreadable is left out.
struct Salvage {
    std::vector<StoredDefinition> definitions; ///< intact ones, oldest first
    bool definitionIsNewest = false;
    std::vector<SalvagedTrial> trials; ///< with a head or at least one value
    int lostTrials = 0;
    std::vector<SalvagedOutput> outputs;
    std::vector<SalvagedVersion> versions;
    int lostVersions = 0;
    Revision revision = 1;
    std::int64_t createdMs = 0;
    std::int64_t lastTrialId = 0; ///< the highest ever given, as far as known
};

/// `version`: of the file's schema.
[[nodiscard]] Salvage salvage(sqlite::Database& database, int version);

} // namespace alidade
