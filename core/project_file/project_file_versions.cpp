#include "project_file/project_file.h"
#include "project_file/project_file_state.h"
#include "project_file/trial_rows.h"
#include "project_file/versions.h"

#include <algorithm>

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

Result<Study> readVersion(Database& database, std::int64_t id) {
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
}

} // namespace

Result<void> copyLiveTrials(Database& database, std::int64_t version) {
    ALIDADE_CHECK(copyTable(database, "trial",
                            "id, state, origin, reason, failure, note, is_excluded, attempt, created_ms, "
                            "started_ms, finished_ms, checksum",
                            version));
    ALIDADE_CHECK(copyTable(database, "trial_value", "trial, parameter, part, kind, value", version));
    ALIDADE_CHECK(copyTable(database, "measurement", "trial, measure, kind, value, noise_sd", version));
    ALIDADE_CHECK(copyTable(database, "slope", "trial, measure, parameter, value, noise_sd", version));
    ALIDADE_CHECK(copyTable(database, "step", "trial, number, step", version));
    return copyTable(database, "step_measurement", "trial, number, measure, kind, value, noise_sd", version);
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
    return m_state->read([this, id] { return readVersion(m_state->database, id); });
}

Result<void> ProjectFile::restoreVersion(std::int64_t id) {
    return m_state->write([this, id](Revision revision) -> Result<void> {
        Database& database = m_state->database;
        ALIDADE_ASSIGN(const auto running,
                       database.queryInteger("SELECT count(*) FROM trial WHERE state = 'running'"));
        if (running > 0)
            return makeError(ErrorCode::Conflict, "Trials are running (" + std::to_string(running) +
                                                      "). Stop them before an earlier version is restored.");
        ALIDADE_ASSIGN(Study version, readVersion(database, id));
        for (Trial& trial : version.trials) {
            if (trial.state == TrialState::Running) {
                trial.state = TrialState::Pending;
                trial.startedMs = 0;
            }
        }
        ALIDADE_ASSIGN(const auto* current, m_state->definition());
        version.definition.nextId = std::max(version.definition.nextId, current->definition.nextId);
        if (version.definition != current->definition)
            ALIDADE_CHECK(writeDefinition(database, version.definition, revision, nowMs()));
        ALIDADE_ASSIGN(const auto trials, readTrials(database, TrialSelection::all()));
        return writeTrialDifference(database, trials, version.trials, revision);
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
