#include "project_file/definition_rows.h"

#include "exchange/study_json.h"
#include "project_file/checksum.h"

#include <nlohmann/json.hpp>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::int64_t kMergeMs = 10'000;

Result<StoredDefinition> readOne(Statement& rows) {
    ALIDADE_ASSIGN(const bool row, rows.step());
    if (!row)
        return makeError(ErrorCode::DamagedFile, "The project file is damaged: it has no definition.");
    StoredDefinition stored;
    stored.id = rows.integer(0);
    stored.revision = rows.integer(1);
    stored.savedMs = rows.integer(2);
    const std::int64_t checksum = rows.integer(3);
    const std::string text = rows.text(4);
    ALIDADE_CHECK(rows.finish());
    if (checksum != definitionChecksum(text))
        return makeError(ErrorCode::DamagedFile,
                         "The project file is damaged: the definition does not fit its checksum.");
    ALIDADE_ASSIGN(stored.definition, definitionFromText(text));
    return stored;
}

/// Whether the newest entry may be replaced: it was the last change of the file, a moment ago, it came alone,
/// and no named version refers to it.
Result<bool> mayReplaceNewest(Database& database, Revision revision, std::int64_t nowMs) {
    ALIDADE_ASSIGN(Statement rows,
                   database.prepare(
                       "SELECT 1 FROM definition WHERE id = (SELECT max(id) FROM definition) "
                       "AND revision = ?1 - 1 AND saved_ms BETWEEN ?2 - ?3 AND ?2 "
                       "AND NOT EXISTS (SELECT 1 FROM trial WHERE trial.revision = definition.revision) "
                       "AND NOT EXISTS (SELECT 1 FROM removal WHERE removal.revision = definition.revision) "
                       "AND NOT EXISTS (SELECT 1 FROM version WHERE version.definition = definition.id)"));
    ALIDADE_CHECK(rows.bindAll(revision, nowMs, kMergeMs));
    return rows.step();
}

} // namespace

Result<std::string> definitionText(const Definition& definition) {
    try {
        return definitionToJson(definition).dump();
    } catch (const nlohmann::json::exception&) {
        return makeError(ErrorCode::InvalidArgument,
                         "A name or note of the study is not valid text (UTF-8). Type it again.");
    }
}

Result<Definition> definitionFromText(const std::string& text) {
    const auto damaged = [](const Error& error) {
        return makeError(ErrorCode::DamagedFile,
                         "The project file is damaged: its definition is unreadable (" + error.text() + ").");
    };
    const auto json = parseJson(text);
    if (!json.ok())
        return damaged(json.error());
    auto definition = definitionFromJson(*json);
    if (!definition.ok())
        return damaged(definition.error());
    return definition;
}

Result<StoredDefinition> readDefinition(Database& database) {
    ALIDADE_ASSIGN(Statement rows,
                   database.prepare("SELECT id, revision, saved_ms, checksum, json FROM definition ORDER "
                                    "BY id DESC LIMIT 1"));
    return readOne(rows);
}

Result<StoredDefinition> readDefinition(Database& database, std::int64_t id) {
    ALIDADE_ASSIGN(
        Statement rows,
        database.prepare("SELECT id, revision, saved_ms, checksum, json FROM definition WHERE id = ?"));
    ALIDADE_CHECK(rows.bindAll(id));
    return readOne(rows);
}

Result<Revision> definitionRevision(Database& database) {
    return database.queryInteger("SELECT revision FROM definition ORDER BY id DESC LIMIT 1");
}

Result<void> writeDefinition(Database& database, const Definition& definition, Revision revision,
                             std::int64_t nowMs) {
    ALIDADE_ASSIGN(const std::string text, definitionText(definition));
    ALIDADE_ASSIGN(const bool replace, mayReplaceNewest(database, revision, nowMs));
    ALIDADE_ASSIGN(
        Statement statement,
        database.prepare(
            replace
                // saved_ms stays the time of the first, so that merging ends.
                ? "UPDATE definition SET revision = ?1, checksum = ?3, json = ?4 "
                  "WHERE id = (SELECT max(id) FROM definition) AND ?2 >= saved_ms"
                : "INSERT INTO definition (revision, saved_ms, checksum, json) VALUES (?, ?, ?, ?)"));
    return statement.run(revision, nowMs, definitionChecksum(text), text);
}

} // namespace alidade
