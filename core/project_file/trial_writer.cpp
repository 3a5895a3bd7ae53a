#include "project_file/checksum.h"
#include "project_file/trial_rows.h"
#include "project_file/vocabulary.h"

#include <cmath>
#include <string>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Statement;

/// Ids beyond are not exact in programs that keep all numbers as doubles (JSON).
constexpr std::int64_t kLargestId = (std::int64_t{1} << 53) - 1;

enum : std::size_t {
    kInsertHead,
    kUpdateHead,
    kDeleteTrial,
    kDeleteValues,
    kInsertValue,
    kDeleteMeasurements,
    kInsertMeasurement,
    kInsertSlope,
    kDeleteSteps,
    kInsertStep,
    kInsertStepMeasurement,
    kInsertRemoval,
    kDeleteRemoval,
    kStatementCount
};

constexpr const char* kSql[kStatementCount] = {
    // The parentheses tell clang-tidy that no comma is missing.
    ("INSERT INTO trial (id, revision, state, origin, reason, failure, note, is_excluded, attempt, "
     "created_ms, started_ms, finished_ms, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    ("UPDATE trial SET revision = ?2, state = ?3, origin = ?4, reason = ?5, failure = ?6, note = ?7, "
     "is_excluded = ?8, attempt = ?9, created_ms = ?10, started_ms = ?11, finished_ms = ?12, checksum = ?13, "
     "runner_host = iif(state = 'running' AND ?3 = 'running', runner_host, NULL), "
     "runner_process = iif(state = 'running' AND ?3 = 'running', runner_process, NULL), "
     "runner_start = iif(state = 'running' AND ?3 = 'running', runner_start, NULL) WHERE id = ?1"),
    "DELETE FROM trial WHERE id = ?",
    "DELETE FROM trial_value WHERE trial = ?",
    "INSERT INTO trial_value (trial, parameter, part, kind, value) VALUES (?, ?, ?, ?, ?)",
    "DELETE FROM measurement WHERE trial = ?",
    "INSERT INTO measurement (trial, measure, kind, value, noise_sd) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO slope (trial, measure, parameter, value, noise_sd) VALUES (?, ?, ?, ?, ?)",
    "DELETE FROM step WHERE trial = ?",
    "INSERT INTO step (trial, number, step) VALUES (?, ?, ?)",
    "INSERT INTO step_measurement (trial, number, measure, kind, value, noise_sd) VALUES (?, ?, ?, ?, ?, ?)",
    "INSERT INTO removal (trial, revision) VALUES (?, ?)",
    "DELETE FROM removal WHERE trial = ?",
};

std::string placeOf(const Trial& trial) {
    return "trial " + std::to_string(trial.id.value);
}

Result<void> checkMeasurements(const Measurements& values, const std::string& place) {
    for (const auto& [measure, measurement] : values) {
        const std::string here = place + ", measure " + std::to_string(measure.value);
        if (std::isnan(measurement.value))
            return makeError(
                ErrorCode::InvalidArgument,
                "A measurement is not a number (NaN). Leave it out, or report the trial as failed.", here);
        if (measurement.noiseSd && (!std::isfinite(*measurement.noiseSd) || *measurement.noiseSd < 0.0))
            return makeError(ErrorCode::InvalidArgument,
                             "A standard error must be a finite number that is not negative.", here);
        for (const auto& [parameter, slope] : measurement.slopes)
            if (!std::isfinite(slope.value) ||
                (slope.noiseSd && !(std::isfinite(*slope.noiseSd) && *slope.noiseSd >= 0.0)))
                return makeError(ErrorCode::InvalidArgument,
                                 "A slope must be a finite number, its standard error not negative.",
                                 here + ", parameter " + std::to_string(parameter.value));
    }
    return {};
}

bool isStorable(const Value& value) {
    if (const auto* number = std::get_if<double>(&value))
        return !std::isnan(*number);
    if (const auto* shares = std::get_if<std::vector<double>>(&value)) {
        for (const double share : *shares)
            if (std::isnan(share))
                return false;
        return !shares->empty();
    }
    return true;
}

} // namespace

Result<void> checkStorable(const StepReport& report, const std::string& place) {
    if (!std::isfinite(report.step))
        return makeError(ErrorCode::InvalidArgument, "A step must be a finite number.", place);
    for (const auto& [measure, measurement] : report.values)
        if (!measurement.slopes.empty())
            return makeError(ErrorCode::InvalidArgument,
                             "Slopes belong to final measurements, not to those of a step.", place);
    return checkMeasurements(report.values, place + ", step " + std::to_string(report.step));
}

Result<void> checkStorable(const Trial& trial) {
    const std::string place = placeOf(trial);
    if (!trial.id.valid() || trial.id.value > kLargestId)
        return makeError(ErrorCode::InvalidArgument, "The id is out of range.", place);
    for (const auto& [parameter, value] : trial.setting)
        if (!isStorable(value))
            return makeError(ErrorCode::InvalidArgument, "A value is not a number (NaN) or empty.",
                             place + ", parameter " + std::to_string(parameter.value));
    ALIDADE_CHECK(checkMeasurements(trial.values, place));
    for (const StepReport& report : trial.steps)
        ALIDADE_CHECK(checkStorable(report, place));
    return {};
}

Result<TrialId> nextTrialId(Database& database) {
    ALIDADE_ASSIGN(const std::int64_t last,
                   database.queryInteger("SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = "
                                         "'trial'), 0), coalesce((SELECT max(id) FROM trial), 0), "
                                         "coalesce((SELECT max(trial) FROM removal), 0))"));
    return TrialId{last + 1};
}

Result<TrialWriter> TrialWriter::prepare(Database& database) {
    TrialWriter writer(database);
    for (const char* sql : kSql) {
        ALIDADE_ASSIGN(Statement statement, database.prepare(sql));
        writer.m_statements.push_back(std::move(statement));
    }
    return writer;
}

Result<void> TrialWriter::insert(const Trial& trial, Revision revision) {
    ALIDADE_CHECK(checkStorable(trial));
    const std::int64_t id = trial.id.value;
    ALIDADE_CHECK(statement(kInsertHead)
                      .run(id, revision, storedState(trial.state), storedOrigin(trial.origin), trial.reason,
                           trial.failure, trial.note, trial.excluded, trial.attempt, trial.createdMs,
                           trial.startedMs, trial.finishedMs, trialChecksum(trial)));
    ALIDADE_CHECK(statement(kDeleteRemoval).run(id));
    ALIDADE_CHECK(writeSetting(trial));
    ALIDADE_CHECK(writeMeasurements(trial));
    return writeSteps(trial);
}

Result<void> TrialWriter::update(const Trial& before, const Trial& after, Revision revision) {
    ALIDADE_CHECK(checkStorable(after));
    const std::int64_t id = after.id.value;
    ALIDADE_CHECK(statement(kUpdateHead)
                      .run(id, revision, storedState(after.state), storedOrigin(after.origin), after.reason,
                           after.failure, after.note, after.excluded, after.attempt, after.createdMs,
                           after.startedMs, after.finishedMs, trialChecksum(after)));
    if (before.setting != after.setting) {
        ALIDADE_CHECK(statement(kDeleteValues).run(id));
        ALIDADE_CHECK(writeSetting(after));
    }
    if (before.values != after.values) {
        ALIDADE_CHECK(statement(kDeleteMeasurements).run(id));
        ALIDADE_CHECK(writeMeasurements(after));
    }
    if (before.steps != after.steps) {
        ALIDADE_CHECK(statement(kDeleteSteps).run(id));
        ALIDADE_CHECK(writeSteps(after));
    }
    return {};
}

Result<void> TrialWriter::writeSetting(const Trial& trial) {
    for (const auto& [parameter, value] : trial.setting) {
        const std::int64_t owner = parameter.value;
        const auto writeNumber = [&, this](int part, double number) {
            const StoredNumber stored = storedNumber(number);
            return statement(kInsertValue).run(trial.id.value, owner, part, stored.kind, stored.value);
        };
        if (const auto* flag = std::get_if<bool>(&value)) {
            ALIDADE_CHECK(statement(kInsertValue).run(trial.id.value, owner, 0, "boolean", *flag));
        } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            ALIDADE_CHECK(statement(kInsertValue).run(trial.id.value, owner, 0, "integer", *whole));
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            ALIDADE_CHECK(statement(kInsertValue).run(trial.id.value, owner, 0, "text", *text));
        } else if (const auto* number = std::get_if<double>(&value)) {
            ALIDADE_CHECK(writeNumber(0, *number));
        } else {
            int part = 0;
            for (const double share : std::get<std::vector<double>>(value))
                ALIDADE_CHECK(writeNumber(++part, share));
        }
    }
    return {};
}

Result<void> TrialWriter::writeMeasurements(const Trial& trial) {
    for (const auto& [measure, measurement] : trial.values) {
        const StoredNumber stored = storedNumber(measurement.value);
        ALIDADE_CHECK(
            statement(kInsertMeasurement)
                .run(trial.id.value, measure.value, stored.kind, stored.value, measurement.noiseSd));
        for (const auto& [parameter, slope] : measurement.slopes)
            ALIDADE_CHECK(
                statement(kInsertSlope)
                    .run(trial.id.value, measure.value, parameter.value, slope.value, slope.noiseSd));
    }
    return {};
}

Result<void> TrialWriter::writeSteps(const Trial& trial) {
    std::int64_t number = 0;
    for (const StepReport& report : trial.steps)
        ALIDADE_CHECK(insertStep(trial.id, report, ++number));
    return {};
}

Result<void> TrialWriter::insertStep(TrialId trial, const StepReport& report, std::int64_t number) {
    ALIDADE_CHECK(statement(kInsertStep).run(trial.value, number, report.step));
    for (const auto& [measure, measurement] : report.values) {
        const StoredNumber stored = storedNumber(measurement.value);
        ALIDADE_CHECK(
            statement(kInsertStepMeasurement)
                .run(trial.value, number, measure.value, stored.kind, stored.value, measurement.noiseSd));
    }
    return {};
}

Result<void> TrialWriter::remove(TrialId trial, Revision revision) {
    ALIDADE_CHECK(statement(kDeleteTrial).run(trial.value));
    return statement(kInsertRemoval).run(trial.value, revision);
}

Result<void> writeTrialDifference(Database& database, const std::vector<Trial>& before,
                                  const std::vector<Trial>& after, Revision revision) {
    if (before == after)
        return {};
    ALIDADE_ASSIGN(auto writer, TrialWriter::prepare(database));
    auto old = before.begin();
    auto changed = after.begin();
    while (old != before.end() || changed != after.end()) {
        if (changed == after.end() || (old != before.end() && old->id < changed->id)) {
            ALIDADE_CHECK(writer.remove(old->id, revision));
            ++old;
        } else if (old == before.end() || changed->id < old->id) {
            ALIDADE_CHECK(writer.insert(*changed, revision));
            ++changed;
        } else {
            if (*old != *changed)
                ALIDADE_CHECK(writer.update(*old, *changed, revision));
            ++old;
            ++changed;
        }
    }
    return {};
}

} // namespace alidade
