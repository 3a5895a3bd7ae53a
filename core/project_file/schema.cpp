#include "project_file/schema.h"

#include <map>
#include <string>

namespace alidade {
namespace {

// docs/file-format.md explains the tables. What is written here belongs to released files and stays; what
// later versions add is appended, each as a part of its own.
constexpr const char* kFirst = R"sql(
CREATE TABLE project (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL CHECK (revision >= 0),
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE definition (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL UNIQUE,
    saved_ms INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE TABLE trial (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('pending', 'running', 'complete', 'failed', 'stopped', 'withdrawn')),
    origin TEXT NOT NULL CHECK (origin IN ('manual', 'imported', 'initial', 'random', 'model')),
    reason TEXT NOT NULL,
    failure TEXT NOT NULL,
    note TEXT NOT NULL,
    is_excluded INTEGER NOT NULL CHECK (is_excluded IN (0, 1)),
    attempt INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    runner_host TEXT,
    runner_process INTEGER,
    runner_start INTEGER,
    CHECK (state = 'running' OR runner_host IS NULL)
) STRICT;
CREATE INDEX trial_by_revision ON trial (revision);
CREATE INDEX trial_unfinished ON trial (state, id) WHERE state IN ('pending', 'running');

CREATE TABLE trial_value (
    trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    parameter INTEGER NOT NULL,
    part INTEGER NOT NULL CHECK (part >= 0),
    kind TEXT NOT NULL,
    value ANY,
    PRIMARY KEY (trial, parameter, part),
    CHECK (CASE kind
        WHEN 'finite' THEN typeof(value) = 'real' AND abs(value) <= 1.7976931348623157e308
        WHEN '+inf' THEN value IS NULL
        WHEN '-inf' THEN value IS NULL
        WHEN 'integer' THEN typeof(value) = 'integer'
        WHEN 'boolean' THEN value IN (0, 1)
        WHEN 'text' THEN typeof(value) = 'text'
        ELSE 0 END)
) STRICT, WITHOUT ROWID;

CREATE TABLE measurement (
    trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    measure INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value REAL,
    noise_sd REAL CHECK (noise_sd >= 0 AND noise_sd <= 1.7976931348623157e308),
    PRIMARY KEY (trial, measure),
    CHECK (CASE kind
        WHEN 'finite' THEN value IS NOT NULL AND abs(value) <= 1.7976931348623157e308
        WHEN '+inf' THEN value IS NULL
        WHEN '-inf' THEN value IS NULL
        WHEN 'missing' THEN value IS NULL AND noise_sd IS NULL
        ELSE 0 END)
) STRICT, WITHOUT ROWID;

CREATE TABLE step (
    trial INTEGER NOT NULL REFERENCES trial (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 1),
    step REAL NOT NULL CHECK (abs(step) <= 1.7976931348623157e308),
    PRIMARY KEY (trial, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE step_measurement (
    trial INTEGER NOT NULL,
    number INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value REAL,
    noise_sd REAL CHECK (noise_sd >= 0 AND noise_sd <= 1.7976931348623157e308),
    PRIMARY KEY (trial, number, measure),
    FOREIGN KEY (trial, number) REFERENCES step (trial, number) ON DELETE CASCADE,
    CHECK (CASE kind
        WHEN 'finite' THEN value IS NOT NULL AND abs(value) <= 1.7976931348623157e308
        WHEN '+inf' THEN value IS NULL
        WHEN '-inf' THEN value IS NULL
        WHEN 'missing' THEN value IS NULL AND noise_sd IS NULL
        ELSE 0 END)
) STRICT, WITHOUT ROWID;

CREATE TABLE removal (
    trial INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX removal_by_revision ON removal (revision);

CREATE TABLE output (
    trial INTEGER NOT NULL,
    stream TEXT NOT NULL CHECK (stream IN ('stdout', 'stderr')),
    content BLOB NOT NULL,
    PRIMARY KEY (trial, stream)
) STRICT;

CREATE TABLE version (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    definition INTEGER NOT NULL REFERENCES definition (id)
) STRICT;
CREATE INDEX version_by_definition ON version (definition);

CREATE TABLE version_trial (
    version INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    state TEXT NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    failure TEXT NOT NULL,
    note TEXT NOT NULL,
    is_excluded INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (version, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE version_trial_value (
    version INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    parameter INTEGER NOT NULL,
    part INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value ANY,
    PRIMARY KEY (version, trial, parameter, part),
    FOREIGN KEY (version, trial) REFERENCES version_trial (version, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE version_measurement (
    version INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value REAL,
    noise_sd REAL,
    PRIMARY KEY (version, trial, measure),
    FOREIGN KEY (version, trial) REFERENCES version_trial (version, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE version_step (
    version INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    number INTEGER NOT NULL,
    step REAL NOT NULL,
    PRIMARY KEY (version, trial, number),
    FOREIGN KEY (version, trial) REFERENCES version_trial (version, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE version_step_measurement (
    version INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    number INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value REAL,
    noise_sd REAL,
    PRIMARY KEY (version, trial, number, measure),
    FOREIGN KEY (version, trial, number) REFERENCES version_step (version, trial, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
)sql";

/// Version 2: slopes of measurements.
constexpr const char* kSlopes = R"sql(
CREATE TABLE slope (
    trial INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    parameter INTEGER NOT NULL,
    value REAL NOT NULL CHECK (abs(value) <= 1.7976931348623157e308),
    noise_sd REAL CHECK (noise_sd >= 0 AND noise_sd <= 1.7976931348623157e308),
    PRIMARY KEY (trial, measure, parameter),
    FOREIGN KEY (trial, measure) REFERENCES measurement (trial, measure) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE version_slope (
    version INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    measure INTEGER NOT NULL,
    parameter INTEGER NOT NULL,
    value REAL NOT NULL,
    noise_sd REAL,
    PRIMARY KEY (version, trial, measure, parameter),
    FOREIGN KEY (version, trial, measure) REFERENCES version_measurement (version, trial, measure)
        ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kCreate = "CREATE ";

Result<std::map<std::string, std::string>> schemaObjects(sqlite::Database& database) {
    std::map<std::string, std::string> objects;
    ALIDADE_ASSIGN(auto rows, database.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"));
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return objects;
        objects[rows.text(0)] = rows.text(1);
    }
}

} // namespace

const char* schemaPart(int version) {
    static_assert(kSchemaVersion == 2);
    return version == 1 ? kFirst : kSlopes;
}

Result<void> createSchema(sqlite::Database& database, int version) {
    for (int part = 1; part <= version; ++part)
        ALIDADE_CHECK(database.execute(schemaPart(part)));
    ALIDADE_CHECK(database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
    return database.execute("PRAGMA user_version = " + std::to_string(version));
}

Result<void> checkSchema(sqlite::Database& database, int version) {
    ALIDADE_ASSIGN(const auto found, schemaObjects(database));
    // SQLite keeps the text of each statement as it is.
    std::string all;
    for (int part = 1; part <= version; ++part)
        all += schemaPart(part);
    for (std::string_view rest = all; rest.find(kCreate) != std::string_view::npos;) {
        rest.remove_prefix(rest.find(kCreate));
        const std::string_view sql = rest.substr(0, rest.find(';'));
        const std::size_t nameStart = sql.find(' ', kCreate.size()) + 1;
        const std::string name(sql.substr(nameStart, sql.find(' ', nameStart) - nameStart));
        const auto object = found.find(name);
        if (object == found.end() || object->second != sql)
            return makeError(ErrorCode::DamagedFile,
                             "The project file is damaged: its table \"" + name + "\" is " +
                                 (object == found.end() ? "missing." : "not as it should be."));
        rest.remove_prefix(sql.size());
    }
    return {};
}

} // namespace alidade
