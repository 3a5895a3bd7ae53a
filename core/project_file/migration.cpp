#include "project_file/migration.h"

#include "project_file/file_system.h"
#include "project_file/schema.h"

#include <algorithm>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Transaction;

Result<const MigrationStep*> stepFrom(const std::vector<MigrationStep>& steps, std::int64_t version) {
    const auto step = std::find_if(steps.begin(), steps.end(), [version](const MigrationStep& candidate) {
        return candidate.from == version;
    });
    if (step == steps.end())
        return makeError(ErrorCode::DamagedFile, "The project file is damaged: it states a version (" +
                                                     std::to_string(version) + ") that was never released.");
    return &*step;
}

/// Through a second connection, while the first one holds the write lock: nothing can change in between.
Result<std::filesystem::path> copyAside(const std::filesystem::path& path, std::int64_t version,
                                        const FileOptions& options) {
    ALIDADE_ASSIGN(Database reader, Database::open(path, sqlite::Access::ReadWrite, options.lockWait));
    const std::string first = path.string() + ".bak-v" + std::to_string(version);
    std::filesystem::path name = first;
    for (int attempt = 2;; ++attempt) {
        const auto temporary = temporaryNameBeside(path);
        ALIDADE_CHECK(copyDatabase(reader, temporary));
        auto published = publishFile(temporary, name, false);
        if (published.ok())
            return name;
        if (published.error().code != ErrorCode::AlreadyExists)
            return std::move(published).error();
        name = first + "-" + std::to_string(attempt);
    }
}

Result<std::string> migrateLocked(Database& database, const std::filesystem::path& path,
                                  const std::vector<MigrationStep>& steps, int target,
                                  const FileOptions& options) {
    ALIDADE_ASSIGN(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
    ALIDADE_ASSIGN(const std::int64_t version, database.queryInteger("PRAGMA user_version"));
    if (version >= target)
        return std::string();
    for (std::int64_t from = version; from < target; ++from)
        ALIDADE_CHECK(stepFrom(steps, from));
    ALIDADE_ASSIGN(const std::filesystem::path copy, copyAside(path, version, options));
    for (std::int64_t from = version; from < target; ++from) {
        ALIDADE_ASSIGN(const MigrationStep* step, stepFrom(steps, from));
        ALIDADE_CHECK(database.execute(step->sql));
        if (step->transform != nullptr)
            ALIDADE_CHECK(step->transform(database));
        ALIDADE_CHECK(database.execute("PRAGMA user_version = " + std::to_string(from + 1)));
    }
    ALIDADE_CHECK(checkIntegrity(database));
    ALIDADE_CHECK(transaction.commit());
    return "The project was converted from version " + std::to_string(version) + " to " +
           std::to_string(target) + ". The old file is kept as " + copy.filename().string() + ".";
}

} // namespace

const std::vector<MigrationStep>& releasedSteps() {
    static const std::vector<MigrationStep> steps{{1, schemaPart(2)}};
    return steps;
}

Result<std::string> migrate(Database& database, const std::filesystem::path& path,
                            const std::vector<MigrationStep>& steps, int target, const FileOptions& options) {
    // Steps rebuild tables that others refer to; references are checked before the commit instead. The pragma
    // has no effect within a transaction.
    ALIDADE_CHECK(database.execute("PRAGMA foreign_keys = OFF"));
    auto outcome = migrateLocked(database, path, steps, target, options);
    ALIDADE_CHECK(database.execute("PRAGMA foreign_keys = ON"));
    if (!outcome.ok() && outcome.error().context.empty())
        return makeError(outcome.error().code, outcome.error().message, path.string());
    return outcome;
}

Result<void> copyDatabase(Database& database, const std::filesystem::path& copy) {
    auto written = [&]() -> Result<void> {
        ALIDADE_ASSIGN(auto statement, database.prepare("VACUUM INTO ?"));
        return statement.run(copy.string());
    }();
    if (!written.ok())
        removeWithCompanions(copy);
    return written;
}

Result<void> checkIntegrity(Database& database) {
    const auto found = database.queryText("PRAGMA integrity_check(1)");
    if (!found.ok())
        return found.error();
    if (*found != "ok")
        return makeError(ErrorCode::DamagedFile, "The project file is damaged: " + *found + ".");
    ALIDADE_ASSIGN(auto rows, database.prepare("PRAGMA foreign_key_check"));
    ALIDADE_ASSIGN(const bool orphan, rows.step());
    if (orphan)
        return makeError(ErrorCode::DamagedFile, "The project file is damaged: a row of the table \"" +
                                                     rows.text(0) + "\" refers to nothing.");
    return {};
}

} // namespace alidade
