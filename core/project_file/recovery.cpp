#include "project_file/checksum.h"
#include "project_file/damaged_copy.h"
#include "project_file/file_system.h"
#include "project_file/migration.h"
#include "project_file/opening.h"
#include "project_file/project_file.h"
#include "project_file/salvage.h"
#include "project_file/schema.h"
#include "project_file/versions.h"
#include "project_file/vocabulary.h"

#include <algorithm>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Transaction;

/// Higher version numbers are taken for damage.
constexpr std::int64_t kPlausibleVersions = 100;

constexpr const char* kIncompleteNote =
    "Recovered in part from a damaged file: compare with your records before you include it.";

/// How much of a reading makes sense: what is intact counts for it, what is not against it.
std::ptrdiff_t merit(const Salvage& salvage) {
    const auto intact = std::count_if(salvage.trials.begin(), salvage.trials.end(),
                                      [](const SalvagedTrial& trial) { return trial.intact; });
    return 2 * intact - std::ssize(salvage.trials) + std::ssize(salvage.definitions) +
           std::ssize(salvage.outputs) + std::ssize(salvage.versions) - salvage.lostTrials -
           salvage.lostVersions;
}

/// An incomplete trial as it goes into the new file: visible, and kept from the models.
Trial marked(SalvagedTrial salvaged) {
    Trial trial = std::move(salvaged.trial);
    if (!salvaged.hasHead && !trial.values.empty())
        trial.state = TrialState::Complete;
    trial.excluded = true;
    trial.note = trial.note.empty() ? kIncompleteNote : std::string(kIncompleteNote) + "\n" + trial.note;
    return trial;
}

/// Not the damage, but the program or version to which the file belongs may forbid recovery.
Result<void> checkOwnership(Database& database) {
    const auto application = database.queryInteger("PRAGMA application_id");
    const auto version = database.queryInteger("PRAGMA user_version");
    const bool isOurs = application.ok() && *application == kApplicationId;
    if (isOurs && version.ok() && *version > kSchemaVersion &&
        *version <= kSchemaVersion + kPlausibleVersions)
        return makeError(ErrorCode::NewerFile,
                         "The project was written by a newer version of Alidade: recover it with that one.");
    const auto tables = database.queryInteger("SELECT count(*) FROM sqlite_schema");
    if (application.ok() && !isOurs && tables.ok() && *tables > 0 &&
        !database.prepare("SELECT checksum FROM trial").ok())
        return makeError(ErrorCode::ForeignFile,
                         "This is not an Alidade project: it is a database of another program.");
    return {};
}

/// Of the file's schema; the newest where that is damaged, too.
int versionOf(Database& database) {
    const auto version = database.queryInteger("PRAGMA user_version");
    const bool older = version.ok() && *version >= 1 && *version < kSchemaVersion;
    return older && !checkSchema(database).ok() ? static_cast<int>(*version) : kSchemaVersion;
}

/// Reads a fresh copy of the damaged file, after giving it the table of contents of a donor of this version.
Result<Salvage> readWith(const std::filesystem::path& damaged, const std::filesystem::path& scratch,
                         const std::filesystem::path& donor, int version) {
    ALIDADE_ASSIGN(DamagedCopy copy, DamagedCopy::make(damaged, scratch));
    ALIDADE_CHECK(copy.mendHeader());
    ALIDADE_CHECK(copy.transplantSchema(donor));
    ALIDADE_ASSIGN(Database database, copy.open());
    return salvage(database, version);
}

/// Reads the file as it is, and if its table of contents is gone, with that of an equal project: of either
/// version, as it was created or as it was copied. The reading that makes most sense wins.
Result<Salvage> readBest(const std::filesystem::path& damaged, const std::filesystem::path& scratch) {
    Salvage best;
    {
        ALIDADE_ASSIGN(DamagedCopy copy, DamagedCopy::make(damaged, scratch));
        ALIDADE_CHECK(copy.mendHeader());
        ALIDADE_ASSIGN(Database database, copy.open());
        const int version = versionOf(database);
        if (checkSchema(database, version).ok())
            return salvage(database, version);
        ALIDADE_CHECK(checkOwnership(database));
        best = salvage(database, version);
    }
    const std::filesystem::path created = scratch.string() + ".created";
    const std::filesystem::path copied = scratch.string() + ".copied";
    const auto attempt = [&](int version) -> Result<void> {
        ALIDADE_CHECK(writeNewProject(created, Definition{}, {}, version));
        ALIDADE_ASSIGN(Database database,
                       Database::open(created, sqlite::Access::ReadWrite, std::chrono::milliseconds(0)));
        ALIDADE_CHECK(copyDatabase(database, copied));
        for (const auto& donor : {created, copied}) {
            ALIDADE_ASSIGN(Salvage other, readWith(damaged, scratch, donor, version));
            if (merit(other) > merit(best))
                best = std::move(other);
        }
        return {};
    };
    for (int version = kSchemaVersion; version >= 1; --version) {
        auto attempted = attempt(version);
        removeWithCompanions(created);
        removeWithCompanions(copied);
        if (!attempted.ok())
            return std::move(attempted).error();
    }
    return best;
}

Result<void> writeDefinitions(Database& database, const Salvage& salvage) {
    ALIDADE_ASSIGN(auto insert, database.prepare("INSERT INTO definition (id, revision, saved_ms, checksum, "
                                                 "json) VALUES (?, ?, ?, ?, ?)"));
    for (const StoredDefinition& stored : salvage.definitions) {
        ALIDADE_ASSIGN(const std::string text, definitionText(stored.definition));
        ALIDADE_CHECK(insert.run(stored.id, stored.revision, stored.savedMs, definitionChecksum(text), text));
    }
    return {};
}

Result<void> writeVersions(Database& database, const Salvage& salvage) {
    ALIDADE_ASSIGN(
        auto insert,
        database.prepare("INSERT INTO version (id, name, created_ms, definition) VALUES (?, ?, ?, ?)"));
    ALIDADE_ASSIGN(auto writer, TrialWriter::prepare(database));
    for (const SalvagedVersion& entry : salvage.versions) {
        ALIDADE_CHECK(
            insert.run(entry.version.id, entry.version.name, entry.version.createdMs, entry.definition));
        // By way of the live tables, which are still empty.
        for (const Trial& trial : entry.trials)
            ALIDADE_CHECK(writer.insert(trial, 1));
        ALIDADE_CHECK(copyLiveTrials(database, entry.version.id));
        ALIDADE_CHECK(database.execute("DELETE FROM trial"));
    }
    return {};
}

Result<void> writeTrials(Database& database, Salvage& salvage, Revision revision) {
    ALIDADE_ASSIGN(auto writer, TrialWriter::prepare(database));
    for (SalvagedTrial& salvaged : salvage.trials) {
        const bool intact = salvaged.intact;
        ALIDADE_CHECK(writer.insert(intact ? salvaged.trial : marked(salvaged), revision));
    }
    ALIDADE_ASSIGN(auto output,
                   database.prepare("INSERT INTO output (trial, stream, content) VALUES (?, ?, ?)"));
    for (const SalvagedOutput& entry : salvage.outputs)
        ALIDADE_CHECK(output.run(entry.trial.value, storedStream(entry.stream), sqlite::Blob{entry.content}));
    // The counter may stand higher than the last trial that is left.
    ALIDADE_ASSIGN(auto counter, database.prepare("DELETE FROM sqlite_sequence WHERE name = 'trial'"));
    ALIDADE_CHECK(counter.run());
    ALIDADE_ASSIGN(auto ahead,
                   database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('trial', ?)"));
    return ahead.run(salvage.lastTrialId);
}

Result<void> writeRecovered(const std::filesystem::path& path, Salvage& salvage) {
    ALIDADE_ASSIGN(Database database,
                   Database::open(path, sqlite::Access::Create, std::chrono::milliseconds(0)));
    ALIDADE_CHECK(configureConnection(database));
    ALIDADE_ASSIGN(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
    ALIDADE_CHECK(createSchema(database));
    // One more than before, so that everything is new to whoever knew the damaged file.
    const Revision revision = std::max(salvage.revision, salvage.definitions.back().revision) + 1;
    ALIDADE_ASSIGN(auto project,
                   database.prepare("INSERT INTO project (id, revision, created_ms) VALUES (1, ?, ?)"));
    ALIDADE_CHECK(project.run(revision, salvage.createdMs));
    ALIDADE_CHECK(writeDefinitions(database, salvage));
    ALIDADE_CHECK(writeVersions(database, salvage));
    ALIDADE_CHECK(writeTrials(database, salvage, revision));
    ALIDADE_CHECK(checkIntegrity(database));
    return transaction.commit();
}

Recovery reportOn(const Salvage& salvage) {
    Recovery recovery;
    for (const SalvagedTrial& entry : salvage.trials) {
        if (entry.intact)
            ++recovery.intact;
        else
            recovery.incomplete.push_back(entry.trial.id);
    }
    recovery.lost = salvage.lostTrials;
    recovery.definitionIsNewest = salvage.definitionIsNewest;
    recovery.versions = static_cast<int>(salvage.versions.size());
    recovery.versionsLost = salvage.lostVersions;
    return recovery;
}

} // namespace

std::string Recovery::summary() const {
    std::string text =
        std::to_string(intact) + (intact == 1 ? " trial is" : " trials are") + " rescued intact";
    if (!incomplete.empty())
        text += ", " + std::to_string(incomplete.size()) + " in part (excluded, see their notes)";
    if (lost > 0)
        text += ", " + std::to_string(lost) + " lost";
    text += definitionIsNewest ? "." : ". The newest definition was unreadable: an earlier one is in force.";
    if (versions + versionsLost > 0)
        text += " Named versions: " + std::to_string(versions) + " of " +
                std::to_string(versions + versionsLost) + " rescued.";
    return text;
}

Result<Recovery> ProjectFile::recover(const std::filesystem::path& damaged,
                                      const std::filesystem::path& target) {
    ALIDADE_CHECK(checkPlausibleFile(damaged));
    ALIDADE_CHECK(checkFreeForNewFile(target));
    const auto scratch = temporaryNameBeside(target);
    const auto recovered = temporaryNameBeside(target);
    auto content = readBest(damaged, scratch);
    const auto about = [&damaged](const Error& error) {
        return makeError(error.code, error.message, damaged.string());
    };
    if (!content.ok())
        return about(content.error());
    if (content->definitions.empty())
        return makeError(ErrorCode::DamagedFile,
                         "Nothing can be rescued: the definition of the study is unreadable.",
                         damaged.string());
    if (auto written = writeRecovered(recovered, *content); !written.ok()) {
        removeWithCompanions(recovered);
        return about(written.error());
    }
    ALIDADE_CHECK(publishFile(recovered, target, false));
    return reportOn(*content);
}

} // namespace alidade
