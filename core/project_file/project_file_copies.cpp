#include "project_file/file_system.h"
#include "project_file/migration.h"
#include "project_file/project_file.h"
#include "project_file/project_file_state.h"
#include "project_file/trial_rows.h"
#include "project_file/versions.h"
#include "project_file/vocabulary.h"

namespace alidade {
namespace {

using sqlite::Database;

/// Copies the rows of the live tables behind a version's number.
Result<void> copyTable(Database& database, const std::string& table, const std::string& columns,
                       std::int64_t version) {
    ALIDADE_ASSIGN(auto statement, database.prepare("INSERT INTO version_" + table + " (version, " + columns +
                                                    ") SELECT ?, " + columns + " FROM " + table));
    return statement.run(version);
}

} // namespace

Result<void> copyLiveTrials(Database& database, std::int64_t version) {
    ALIDADE_CHECK(copyTable(database, "trial",
                            "id, state, origin, reason, failure, note, is_excluded, attempt, created_ms, "
                            "started_ms, finished_ms, checksum",
                            version));
    ALIDADE_CHECK(copyTable(database, "trial_value", "trial, parameter, part, kind, value", version));
    ALIDADE_CHECK(copyTable(database, "measurement", "trial, measure, kind, value, noise_sd", version));
    ALIDADE_CHECK(copyTable(database, "step", "trial, number, step", version));
    return copyTable(database, "step_measurement", "trial, number, measure, kind, value, noise_sd", version);
}

Result<void> ProjectFile::storeOutput(TrialId id, OutputStream stream, const std::string& text) {
    return m_state->writeUncounted([&]() -> Result<void> {
        ALIDADE_ASSIGN(auto exists, m_state->database.prepare("SELECT 1 FROM trial WHERE id = ?"));
        ALIDADE_CHECK(exists.bindAll(id.value));
        ALIDADE_ASSIGN(const bool found, exists.step());
        if (!found)
            return makeError(ErrorCode::NotFound,
                             "There is no trial " + std::to_string(id.value) + " in this project.");
        ALIDADE_ASSIGN(auto statement,
                       m_state->database.prepare("INSERT OR REPLACE INTO output (trial, stream, content) "
                                                 "VALUES (?, ?, ?)"));
        return statement.run(id.value, storedStream(stream), sqlite::Blob{text});
    });
}

Result<std::string> ProjectFile::output(TrialId id, OutputStream stream) {
    return m_state->read([&]() -> Result<std::string> {
        ALIDADE_ASSIGN(auto rows, m_state->database.prepare(
                                      "SELECT content FROM output WHERE trial = ? AND stream = ?"));
        ALIDADE_CHECK(rows.bindAll(id.value, storedStream(stream)));
        ALIDADE_ASSIGN(const bool found, rows.step());
        std::string content = found ? rows.blob(0) : std::string();
        ALIDADE_CHECK(rows.finish());
        return content;
    });
}

Result<void> ProjectFile::saveCopy(const std::filesystem::path& target, bool overwrite) {
    std::error_code failure;
    const bool exists = std::filesystem::exists(target, failure);
    if (exists && std::filesystem::equivalent(target, path(), failure))
        return makeError(ErrorCode::InvalidArgument,
                         "This is the open project itself. Choose another name for the copy.",
                         target.string());
    if (exists && !overwrite)
        return makeError(ErrorCode::AlreadyExists,
                         "There is a file with this name already. Choose another name.", target.string());
    // A write-ahead log that stays behind would be replayed into the new file.
    if (hasCompanionFiles(target))
        return makeError(
            ErrorCode::Locked,
            "A project of this name is open in another program or was not closed properly. Close "
            "it there, or choose another name.",
            target.string());
    const auto folder = std::filesystem::absolute(target).parent_path();
    if (!std::filesystem::is_directory(folder, failure))
        return makeError(ErrorCode::InputOutput, "The folder " + folder.string() + " does not exist.",
                         target.string());
    const auto temporary = temporaryNameBeside(target);
    if (auto copied = m_state->copyTo(temporary); !copied.ok())
        return m_state->explained(std::move(copied).error());
    return publishFile(temporary, target, overwrite);
}

Result<std::int64_t> ProjectFile::keepVersion(const std::string& name) {
    return m_state->writeUncounted([&]() -> Result<std::int64_t> {
        Database& database = m_state->database;
        ALIDADE_ASSIGN(auto insert,
                       database.prepare("INSERT INTO version (name, created_ms, definition) VALUES (?, ?, "
                                        "(SELECT max(id) FROM definition))"));
        ALIDADE_CHECK(insert.run(name, nowMs()));
        const std::int64_t version = database.lastInsertId();
        ALIDADE_CHECK(copyLiveTrials(database, version));
        return version;
    });
}

Result<std::vector<ProjectFile::Version>> ProjectFile::versions() {
    return m_state->read([this]() -> Result<std::vector<Version>> {
        std::vector<Version> versions;
        ALIDADE_ASSIGN(auto rows,
                       m_state->database.prepare("SELECT id, name, created_ms FROM version ORDER BY id"));
        for (;;) {
            ALIDADE_ASSIGN(const bool row, rows.step());
            if (!row)
                return versions;
            versions.push_back({rows.integer(0), rows.text(1), rows.integer(2)});
        }
    });
}

Result<Study> ProjectFile::versionContent(std::int64_t id) {
    return m_state->read([this, id]() -> Result<Study> {
        Database& database = m_state->database;
        ALIDADE_ASSIGN(auto rows, database.prepare("SELECT definition FROM version WHERE id = ?"));
        ALIDADE_CHECK(rows.bindAll(id));
        ALIDADE_ASSIGN(const bool found, rows.step());
        if (!found)
            return makeError(ErrorCode::NotFound, "There is no version " + std::to_string(id) + ".");
        const std::int64_t definition = rows.integer(0);
        ALIDADE_CHECK(rows.finish());
        Study study;
        ALIDADE_ASSIGN(StoredDefinition stored, readDefinition(database, definition));
        study.definition = std::move(stored.definition);
        ALIDADE_ASSIGN(study.trials, readTrials(database, TrialSelection::version(id)));
        return study;
    });
}

Result<std::vector<ProjectFile::DefinitionChange>> ProjectFile::definitionHistory() {
    return m_state->read([this]() -> Result<std::vector<DefinitionChange>> {
        std::vector<DefinitionChange> history;
        ALIDADE_ASSIGN(auto rows,
                       m_state->database.prepare("SELECT revision, saved_ms FROM definition ORDER BY id"));
        for (;;) {
            ALIDADE_ASSIGN(const bool row, rows.step());
            if (!row)
                return history;
            history.push_back({rows.integer(0), rows.integer(1)});
        }
    });
}

Result<Definition> ProjectFile::definitionAt(Revision revision) {
    return m_state->read([this, revision]() -> Result<Definition> {
        Database& database = m_state->database;
        ALIDADE_ASSIGN(auto rows, database.prepare("SELECT id FROM definition WHERE revision <= ? ORDER BY "
                                                   "revision DESC LIMIT 1"));
        ALIDADE_CHECK(rows.bindAll(revision));
        ALIDADE_ASSIGN(const bool found, rows.step());
        if (!found)
            return makeError(ErrorCode::NotFound,
                             "There is no definition of revision " + std::to_string(revision) + ".");
        const std::int64_t id = rows.integer(0);
        ALIDADE_CHECK(rows.finish());
        ALIDADE_ASSIGN(StoredDefinition stored, readDefinition(database, id));
        return std::move(stored.definition);
    });
}

} // namespace alidade
