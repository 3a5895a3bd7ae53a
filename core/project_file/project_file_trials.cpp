#include "project_file/checksum.h"
#include "project_file/process_identity.h"
#include "project_file/project_file.h"
#include "project_file/project_file_state.h"
#include "project_file/trial_rows.h"
#include "project_file/vocabulary.h"

namespace alidade {
namespace {

using sqlite::Database;

Result<void> moveTo(Trial& trial, TrialState state) {
    if (!canTransition(trial.state, state))
        return makeError(ErrorCode::Conflict, "Trial " + std::to_string(trial.id.value) + " is " +
                                                  std::string(storedState(trial.state)) +
                                                  " and cannot become " + std::string(storedState(state)) +
                                                  ". Edit the trial to correct it.");
    trial.state = state;
    return {};
}

/// Reads, changes and writes one trial; `change` returns Result<void>.
template <typename Change>
Result<void> changeTrial(Database& database, TrialId id, Revision revision, Change change) {
    ALIDADE_ASSIGN(const Trial before, readTrial(database, id));
    Trial after = before;
    ALIDADE_CHECK(change(after));
    ALIDADE_ASSIGN(auto writer, TrialWriter::prepare(database));
    return writer.update(before, after, revision);
}

Result<void> makePending(Trial& trial) {
    ALIDADE_CHECK(moveTo(trial, TrialState::Pending));
    trial.startedMs = 0;
    return {};
}

/// Running trials that no living process measures.
Result<std::vector<TrialId>> abandonedTrials(Database& database) {
    std::vector<TrialId> abandoned;
    ALIDADE_ASSIGN(auto rows,
                   database.prepare("SELECT id, runner_host, runner_process, runner_start FROM trial "
                                    "WHERE state = 'running' ORDER BY id"));
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return abandoned;
        if (rows.isNull(1) || hasEnded({rows.text(1), rows.integer(2), rows.integer(3)}))
            abandoned.push_back(TrialId{rows.integer(0)});
    }
}

} // namespace

Result<std::vector<TrialId>> ProjectFile::addTrials(const std::vector<Trial>& trials,
                                                    std::optional<Revision> expected) {
    return m_state->write([&](Revision revision) -> Result<std::vector<TrialId>> {
        if (expected && *expected != revision - 1)
            return makeError(ErrorCode::Conflict,
                             "The project has changed since these trials were made. Make them again.");
        std::vector<TrialId> ids;
        if (trials.empty())
            return ids;
        ALIDADE_ASSIGN(TrialId next, nextTrialId(m_state->database));
        ALIDADE_ASSIGN(auto writer, TrialWriter::prepare(m_state->database));
        for (Trial trial : trials) {
            trial.id = next;
            if (trial.createdMs == 0)
                trial.createdMs = nowMs();
            ALIDADE_CHECK(writer.insert(trial, revision));
            ids.push_back(next);
            ++next.value;
        }
        return ids;
    });
}

Result<void> ProjectFile::complete(TrialId id, const Measurements& values) {
    return m_state->write([&](Revision revision) -> Result<void> {
        return changeTrial(m_state->database, id, revision, [&](Trial& trial) -> Result<void> {
            ALIDADE_CHECK(moveTo(trial, TrialState::Complete));
            trial.values = values;
            trial.failure.clear();
            trial.finishedMs = nowMs();
            return {};
        });
    });
}

Result<void> ProjectFile::fail(TrialId id, const std::string& reason) {
    return m_state->write([&](Revision revision) -> Result<void> {
        return changeTrial(m_state->database, id, revision, [&](Trial& trial) -> Result<void> {
            ALIDADE_CHECK(moveTo(trial, TrialState::Failed));
            trial.failure = reason;
            trial.finishedMs = nowMs();
            return {};
        });
    });
}

Result<void> ProjectFile::withdraw(TrialId id) {
    return m_state->write([&](Revision revision) -> Result<void> {
        return changeTrial(m_state->database, id, revision, [](Trial& trial) -> Result<void> {
            ALIDADE_CHECK(moveTo(trial, TrialState::Withdrawn));
            trial.finishedMs = nowMs();
            return {};
        });
    });
}

Result<void> ProjectFile::addStep(TrialId id, const StepReport& report) {
    return m_state->write([&](Revision revision) -> Result<void> {
        Database& database = m_state->database;
        ALIDADE_CHECK(checkStorable(report, "trial " + std::to_string(id.value)));
        ALIDADE_ASSIGN(auto head,
                       database.prepare("SELECT state IN ('pending', 'running'), checksum, "
                                        "(SELECT coalesce(max(number), 0) FROM step WHERE trial = ?1), "
                                        "EXISTS (SELECT 1 FROM step WHERE trial = ?1 AND step = ?2) "
                                        "FROM trial WHERE id = ?1"));
        ALIDADE_CHECK(head.bindAll(id.value, report.step));
        ALIDADE_ASSIGN(const bool found, head.step());
        if (!found)
            return makeError(ErrorCode::NotFound,
                             "There is no trial " + std::to_string(id.value) + " in this project.");
        const bool unfinished = head.integer(0) != 0;
        const std::int64_t checksum = head.integer(1);
        const std::int64_t number = head.integer(2) + 1;
        const bool repeated = head.integer(3) != 0;
        ALIDADE_CHECK(head.finish());
        if (!unfinished)
            return makeError(ErrorCode::Conflict,
                             "Trial " + std::to_string(id.value) + " is finished and takes no more steps.");
        if (repeated) {
            return changeTrial(database, id, revision, [&](Trial& trial) -> Result<void> {
                for (StepReport& known : trial.steps)
                    if (known.step == report.step)
                        known.values = report.values;
                return {};
            });
        }
        // The usual case writes one step, however many there are.
        ALIDADE_ASSIGN(auto writer, TrialWriter::prepare(database));
        ALIDADE_CHECK(writer.insertStep(id, report, number));
        ALIDADE_ASSIGN(auto update,
                       database.prepare("UPDATE trial SET revision = ?, checksum = ? WHERE id = ?"));
        return update.run(revision, addedChecksums(checksum, stepChecksum(report, number)), id.value);
    });
}

Result<std::optional<Trial>> ProjectFile::claim(const RunnerIdentity& runner, std::optional<TrialId> id) {
    return m_state->write([&](Revision revision) -> Result<std::optional<Trial>> {
        Database& database = m_state->database;
        if (!id) {
            ALIDADE_ASSIGN(
                auto oldest,
                database.prepare("SELECT id FROM trial WHERE state = 'pending' ORDER BY id LIMIT 1"));
            ALIDADE_ASSIGN(const bool found, oldest.step());
            if (!found)
                return std::optional<Trial>();
            id = TrialId{oldest.integer(0)};
            ALIDADE_CHECK(oldest.finish());
        }
        const auto start = [](Trial& pending) -> Result<void> {
            ALIDADE_CHECK(moveTo(pending, TrialState::Running));
            ++pending.attempt;
            pending.startedMs = nowMs();
            return {};
        };
        ALIDADE_CHECK(changeTrial(database, *id, revision, start));
        ALIDADE_ASSIGN(auto mark, database.prepare("UPDATE trial SET runner_host = ?, runner_process = ?, "
                                                   "runner_start = ? WHERE id = ?"));
        ALIDADE_CHECK(mark.run(runner.host, runner.processId, runner.processStart, id->value));
        ALIDADE_ASSIGN(Trial trial, readTrial(database, *id));
        return std::optional(std::move(trial));
    });
}

Result<void> ProjectFile::release(TrialId id) {
    return m_state->write([&](Revision revision) -> Result<void> {
        return changeTrial(m_state->database, id, revision, makePending);
    });
}

Result<std::vector<TrialId>> ProjectFile::reconcile() {
    // Mostly there is nothing to do: no write lock for that.
    ALIDADE_ASSIGN(const auto suspects, m_state->read([this] { return abandonedTrials(m_state->database); }));
    if (suspects.empty())
        return suspects;
    return m_state->write([this](Revision revision) -> Result<std::vector<TrialId>> {
        ALIDADE_ASSIGN(auto abandoned, abandonedTrials(m_state->database));
        for (const TrialId id : abandoned)
            ALIDADE_CHECK(changeTrial(m_state->database, id, revision, makePending));
        return abandoned;
    });
}

} // namespace alidade
