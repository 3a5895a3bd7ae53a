#include "project_file/checksum.h"
#include "project_file/trial_rows.h"
#include "project_file/vocabulary.h"

#include <cmath>
#include <string>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Statement;

/// FROM and WHERE of one table for a selection.
std::string source(const std::string& table, const TrialSelection& selection) {
    const std::string id = table == "trial" ? "id" : "trial";
    switch (selection.kind) {
    case TrialSelection::Kind::All: return " FROM " + table;
    case TrialSelection::Kind::One: return " FROM " + table + " WHERE " + id + " = ?1";
    case TrialSelection::Kind::ChangedSince:
        return " FROM " + table + " WHERE " + id + " IN (SELECT id FROM trial WHERE revision > ?1)";
    case TrialSelection::Kind::Version: return " FROM version_" + table + " WHERE version = ?1";
    }
    return {};
}

Result<Statement> select(Database& database, const std::string& columns, const std::string& table,
                         const std::string& order, const TrialSelection& selection) {
    ALIDADE_ASSIGN(Statement rows,
                   database.prepare("SELECT " + columns + source(table, selection) + " ORDER BY " + order));
    if (selection.kind != TrialSelection::Kind::All)
        ALIDADE_CHECK(rows.bind(1, selection.argument));
    return rows;
}

Result<Statement> selectHeads(Database& database, const TrialSelection& selection) {
    return select(database,
                  "id, state, origin, reason, failure, note, is_excluded, attempt, created_ms, started_ms, "
                  "finished_ms, checksum",
                  "trial", "id", selection);
}

struct Head {
    Trial trial;
    std::int64_t checksum = 0;
};

Head readHead(Statement& rows) {
    Head head;
    Trial& trial = head.trial;
    trial.id.value = rows.integer(0);
    const auto state = stateFromStored(rows.textView(1));
    const auto origin = originFromStored(rows.textView(2));
    if (!state || !origin)
        rows.reject("Trial " + std::to_string(trial.id.value) + " has an unknown state or origin.");
    trial.state = state.value_or(TrialState::Failed);
    trial.origin = origin.value_or(Origin::Manual);
    trial.reason = rows.text(3);
    trial.failure = rows.text(4);
    trial.note = rows.text(5);
    trial.excluded = rows.integer(6) != 0;
    trial.attempt = static_cast<int>(rows.integer(7));
    trial.createdMs = rows.integer(8);
    trial.startedMs = rows.integer(9);
    trial.finishedMs = rows.integer(10);
    head.checksum = rows.integer(11);
    return head;
}

Result<std::vector<Head>> readHeads(Statement& rows) {
    std::vector<Head> heads;
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return heads;
        heads.push_back(readHead(rows));
    }
}

/// Finds the trial of each row of a table ordered by trial, given the heads ordered by id.
class Cursor {
public:
    explicit Cursor(std::vector<Head>& trials) : m_trials(&trials) {}

    [[nodiscard]] Trial* seek(Statement& rows, std::int64_t id) {
        while (m_index < m_trials->size() && (*m_trials)[m_index].trial.id.value < id)
            ++m_index;
        if (m_index < m_trials->size() && (*m_trials)[m_index].trial.id.value == id)
            return &(*m_trials)[m_index].trial;
        rows.reject("There are values of a trial " + std::to_string(id) + " that does not exist.");
        return nullptr;
    }

private:
    std::vector<Head>* m_trials;
    std::size_t m_index = 0;
};

void rejectValue(Statement& rows, TrialId trial, ParameterId parameter) {
    rows.reject("Trial " + std::to_string(trial.value) + " has an unreadable value of parameter " +
                std::to_string(parameter.value) + ".");
}

/// A value that is no number or share; nothing for other kinds.
std::optional<Value> plainValue(Statement& rows, std::string_view kind) {
    if (kind == "integer")
        return Value(rows.integer(4));
    if (kind == "boolean")
        return Value(rows.integer(4) != 0);
    if (kind == "text")
        return Value(rows.text(4));
    return std::nullopt;
}

// Nothing of a rejected row gets into a trial: recovery keeps what was read before it.

void readValue(Statement& rows, Trial& trial) {
    const ParameterId parameter{rows.integer(1)};
    const std::int64_t part = rows.integer(2);
    const std::string_view kind = rows.textView(3);
    std::optional<Value> value = plainValue(rows, kind);
    const bool isNumber = !value.has_value();
    if (isNumber) {
        if (const auto number = numberFromStored(kind, rows.optionalReal(4)))
            value = *number;
    }
    if (!value || (part != 0 && !isNumber))
        rejectValue(rows, trial.id, parameter);
    if (rows.isRejected())
        return;
    if (part == 0) {
        trial.setting[parameter] = std::move(*value);
        return;
    }
    // Rows come in the order of the parts.
    const auto known = trial.setting.find(parameter);
    auto* shares = known == trial.setting.end() ? nullptr : std::get_if<std::vector<double>>(&known->second);
    if (shares != nullptr && std::ssize(*shares) == part - 1)
        shares->push_back(std::get<double>(*value));
    else if (known == trial.setting.end() && part == 1)
        trial.setting[parameter] = std::vector<double>{std::get<double>(*value)};
    else
        rejectValue(rows, trial.id, parameter);
}

/// Columns: measure, kind, value, noise_sd from `first`.
void readMeasurement(Statement& rows, int first, TrialId trial, Measurements& values) {
    const MeasureId measure{rows.integer(first)};
    const std::string_view kind = rows.textView(first + 1);
    const std::optional<double> noiseSd = rows.optionalReal(first + 3);
    if (kind == "missing")
        return;
    const auto number = numberFromStored(kind, rows.optionalReal(first + 2));
    if (!number || (noiseSd && !(std::isfinite(*noiseSd) && *noiseSd >= 0.0)))
        rows.reject("Trial " + std::to_string(trial.value) + " has an unreadable measurement.");
    if (!rows.isRejected())
        values[measure] = {*number, noiseSd};
}

void readSlope(Statement& rows, Trial& trial) {
    const auto measured = trial.values.find(MeasureId{rows.integer(1)});
    const ParameterId parameter{rows.integer(2)};
    const double value = rows.real(3);
    const std::optional<double> noiseSd = rows.optionalReal(4);
    if (measured == trial.values.end() || !std::isfinite(value) ||
        (noiseSd && !(std::isfinite(*noiseSd) && *noiseSd >= 0.0)))
        rows.reject("Trial " + std::to_string(trial.id.value) + " has an unreadable slope.");
    if (!rows.isRejected())
        measured->second.slopes[parameter] = {value, noiseSd};
}

void readStep(Statement& rows, Trial& trial) {
    const double step = rows.real(2);
    if (rows.integer(1) != std::ssize(trial.steps) + 1 || !std::isfinite(step))
        rows.reject("Trial " + std::to_string(trial.id.value) +
                    " has a gap in its steps or an unreadable one.");
    if (!rows.isRejected())
        trial.steps.push_back({step, {}});
}

void readStepMeasurement(Statement& rows, Trial& trial) {
    const std::int64_t number = rows.integer(1);
    if (number < 1 || number > std::ssize(trial.steps))
        rows.reject("Trial " + std::to_string(trial.id.value) + " has a measurement of a missing step.");
    else
        readMeasurement(rows, 2, trial.id, trial.steps[static_cast<std::size_t>(number) - 1].values);
}

/// The tables of which a trial consists beside its head, in the order in which they are read.
struct Table {
    const char* name;
    const char* columns;
    const char* order;
    void (*readRow)(Statement& rows, Trial& trial);
    int since = 1; ///< version of the schema
};

constexpr Table kTables[] = {
    {"trial_value", "trial, parameter, part, kind, value", "trial, parameter, part", readValue},
    {"measurement", "trial, measure, kind, value, noise_sd", "trial, measure",
     [](Statement& rows, Trial& trial) { readMeasurement(rows, 1, trial.id, trial.values); }},
    {"slope", "trial, measure, parameter, value, noise_sd", "trial, measure, parameter", readSlope, 2},
    {"step", "trial, number, step", "trial, number", readStep},
    {"step_measurement", "trial, number, measure, kind, value, noise_sd", "trial, number, measure",
     readStepMeasurement},
};

Result<Statement> selectChildren(Database& database, const Table& table, const TrialSelection& selection) {
    return select(database, table.columns, table.name, table.order, selection);
}

Result<void> readChildren(Statement& rows, const Table& table, std::vector<Head>& trials) {
    Cursor cursor(trials);
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return {};
        if (Trial* trial = cursor.seek(rows, rows.integer(0)))
            table.readRow(rows, *trial);
    }
}

} // namespace

Result<std::vector<Trial>> readTrials(Database& database, const TrialSelection& selection,
                                      std::int64_t version) {
    ALIDADE_ASSIGN(Statement headRows, selectHeads(database, selection));
    ALIDADE_ASSIGN(auto heads, readHeads(headRows));
    std::vector<Trial> trials;
    if (heads.empty() && selection.kind != TrialSelection::Kind::All)
        return trials;
    for (const Table& table : kTables) {
        if (table.since > version)
            continue;
        ALIDADE_ASSIGN(Statement rows, selectChildren(database, table, selection));
        ALIDADE_CHECK(readChildren(rows, table, heads));
    }
    trials.reserve(heads.size());
    for (Head& head : heads) {
        if (trialChecksum(head.trial) != head.checksum)
            return makeError(ErrorCode::DamagedFile, "The project file is damaged: the content of trial " +
                                                         std::to_string(head.trial.id.value) +
                                                         " does not fit its checksum.");
        trials.push_back(std::move(head.trial));
    }
    return trials;
}

TrialSalvager::TrialSalvager(Database& database, int version) : m_version(version) {
    const TrialSelection any = TrialSelection::one(TrialId{});
    m_statements.push_back(selectHeads(database, any));
    for (const Table& table : kTables)
        m_statements.push_back(selectChildren(database, table, any));
}

SalvagedTrial TrialSalvager::read(TrialId id) {
    const auto find = [id](Result<Statement>& rows) -> Result<void> {
        if (!rows.ok())
            return rows.error();
        ALIDADE_CHECK(rows->finish());
        return rows->bindAll(id.value);
    };
    std::vector<Head> heads;
    if (find(m_statements[0]).ok())
        if (auto found = readHeads(*m_statements[0]); found.ok())
            heads = std::move(found).value();
    SalvagedTrial salvaged;
    salvaged.hasHead = !heads.empty();
    if (heads.empty())
        heads.emplace_back().trial.id = id;
    bool readable = salvaged.hasHead;
    for (std::size_t i = 0; i < std::size(kTables); ++i) {
        if (kTables[i].since > m_version)
            continue;
        Result<Statement>& rows = m_statements[i + 1];
        readable = find(rows).ok() && readChildren(*rows, kTables[i], heads).ok() && readable;
    }
    salvaged.intact = readable && trialChecksum(heads.front().trial) == heads.front().checksum;
    salvaged.trial = std::move(heads.front().trial);
    return salvaged;
}

Result<Trial> readTrial(Database& database, TrialId id) {
    ALIDADE_ASSIGN(auto trials, readTrials(database, TrialSelection::one(id)));
    if (trials.empty())
        return makeError(ErrorCode::NotFound,
                         "There is no trial " + std::to_string(id.value) + " in this project.");
    return std::move(trials.front());
}

} // namespace alidade
