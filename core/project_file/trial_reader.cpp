#include "project_file/checksum.h"
#include "project_file/trial_rows.h"
#include "project_file/vocabulary.h"

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

Result<std::vector<CheckedTrial>> readHeads(Database& database, const TrialSelection& selection,
                                            std::vector<std::int64_t>& checksums) {
    std::vector<CheckedTrial> trials;
    ALIDADE_ASSIGN(Statement rows, select(database,
                                          "id, state, origin, reason, failure, note, is_excluded, attempt, "
                                          "created_ms, started_ms, finished_ms, checksum",
                                          "trial", "id", selection));
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return trials;
        Trial trial;
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
        checksums.push_back(rows.integer(11));
        trials.push_back({std::move(trial), true});
    }
}

/// Finds the trial of each row of a table ordered by trial, given the heads ordered by id.
class Cursor {
public:
    explicit Cursor(std::vector<CheckedTrial>& trials) : m_trials(&trials) {}

    [[nodiscard]] Trial* seek(Statement& rows, std::int64_t id) {
        while (m_index < m_trials->size() && (*m_trials)[m_index].trial.id.value < id)
            ++m_index;
        if (m_index < m_trials->size() && (*m_trials)[m_index].trial.id.value == id)
            return &(*m_trials)[m_index].trial;
        rows.reject("There are values of a trial " + std::to_string(id) + " that does not exist.");
        return nullptr;
    }

private:
    std::vector<CheckedTrial>* m_trials;
    std::size_t m_index = 0;
};

void readValue(Statement& rows, Trial& trial) {
    const ParameterId parameter{rows.integer(1)};
    const std::int64_t part = rows.integer(2);
    const std::string_view kind = rows.textView(3);
    const auto reject = [&] {
        rows.reject("Trial " + std::to_string(trial.id.value) + " has an unreadable value of parameter " +
                    std::to_string(parameter.value) + ".");
    };
    if (part == 0 && kind == "integer") {
        trial.setting[parameter] = rows.integer(4);
        return;
    }
    if (part == 0 && kind == "boolean") {
        trial.setting[parameter] = rows.integer(4) != 0;
        return;
    }
    if (part == 0 && kind == "text") {
        trial.setting[parameter] = rows.text(4);
        return;
    }
    const auto number = numberFromStored(kind, rows.optionalReal(4));
    if (!number) {
        reject();
    } else if (part == 0) {
        trial.setting[parameter] = *number;
    } else {
        // Rows come in the order of the parts.
        auto& shares = trial.setting.try_emplace(parameter, Value(std::vector<double>())).first->second;
        auto* list = std::get_if<std::vector<double>>(&shares);
        if (list == nullptr || std::ssize(*list) != part - 1)
            reject();
        else
            list->push_back(*number);
    }
}

/// Columns: measure, kind, value, noise_sd from `first`.
void readMeasurement(Statement& rows, int first, std::int64_t trial, Measurements& values) {
    const std::string_view kind = rows.textView(first + 1);
    if (kind == "missing")
        return;
    const auto number = numberFromStored(kind, rows.optionalReal(first + 2));
    if (!number)
        rows.reject("Trial " + std::to_string(trial) + " has an unreadable measurement.");
    values[MeasureId{rows.integer(first)}] = {number.value_or(0.0), rows.optionalReal(first + 3)};
}

void readStep(Statement& rows, Trial& trial) {
    if (rows.integer(1) != std::ssize(trial.steps) + 1)
        rows.reject("Trial " + std::to_string(trial.id.value) + " has a gap in its steps.");
    trial.steps.push_back({rows.real(2), {}});
}

void readStepMeasurement(Statement& rows, Trial& trial) {
    const std::int64_t number = rows.integer(1);
    if (number < 1 || number > std::ssize(trial.steps)) {
        rows.reject("Trial " + std::to_string(trial.id.value) + " has a measurement of a missing step.");
        return;
    }
    readMeasurement(rows, 2, trial.id.value, trial.steps[static_cast<std::size_t>(number) - 1].values);
}

template <typename ReadRow>
Result<void> readChildren(Database& database, const TrialSelection& selection,
                          std::vector<CheckedTrial>& trials, const std::string& columns,
                          const std::string& table, const std::string& order, ReadRow readRow) {
    ALIDADE_ASSIGN(Statement rows, select(database, columns, table, order, selection));
    Cursor cursor(trials);
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return {};
        if (Trial* trial = cursor.seek(rows, rows.integer(0)))
            readRow(rows, *trial);
    }
}

} // namespace

Result<std::vector<CheckedTrial>> readTrialsUnchecked(Database& database, const TrialSelection& selection) {
    std::vector<std::int64_t> checksums;
    ALIDADE_ASSIGN(auto trials, readHeads(database, selection, checksums));
    if (trials.empty() && selection.kind != TrialSelection::Kind::All)
        return trials;
    ALIDADE_CHECK(readChildren(database, selection, trials, "trial, parameter, part, kind, value",
                               "trial_value", "trial, parameter, part", readValue));
    ALIDADE_CHECK(readChildren(
        database, selection, trials, "trial, measure, kind, value, noise_sd", "measurement", "trial, measure",
        [](Statement& rows, Trial& trial) { readMeasurement(rows, 1, trial.id.value, trial.values); }));
    ALIDADE_CHECK(
        readChildren(database, selection, trials, "trial, number, step", "step", "trial, number", readStep));
    ALIDADE_CHECK(readChildren(database, selection, trials, "trial, number, measure, kind, value, noise_sd",
                               "step_measurement", "trial, number, measure", readStepMeasurement));
    for (std::size_t i = 0; i < trials.size(); ++i)
        trials[i].intact = trialChecksum(trials[i].trial) == checksums[i];
    return trials;
}

Result<std::vector<Trial>> readTrials(Database& database, const TrialSelection& selection) {
    ALIDADE_ASSIGN(auto checked, readTrialsUnchecked(database, selection));
    std::vector<Trial> trials;
    trials.reserve(checked.size());
    for (CheckedTrial& entry : checked) {
        if (!entry.intact)
            return makeError(ErrorCode::DamagedFile, "The project file is damaged: the content of trial " +
                                                         std::to_string(entry.trial.id.value) +
                                                         " does not fit its checksum.");
        trials.push_back(std::move(entry.trial));
    }
    return trials;
}

Result<Trial> readTrial(Database& database, TrialId id) {
    ALIDADE_ASSIGN(auto trials, readTrials(database, TrialSelection::one(id)));
    if (trials.empty())
        return makeError(ErrorCode::NotFound,
                         "There is no trial " + std::to_string(id.value) + " in this project.");
    return std::move(trials.front());
}

} // namespace alidade
