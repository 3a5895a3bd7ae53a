#pragma once

#include "project_file/project_file.h"
#include "project_file/schema.h"
#include "project_file/sqlite_database.h"

namespace alidade {

/// Which trials to read.
struct TrialSelection {
    enum class Kind { All, ChangedSince, One, Version };
    Kind kind = Kind::All;
    std::int64_t argument = 0; ///< a revision, a trial or a version

    [[nodiscard]] static TrialSelection all() { return {}; }
    [[nodiscard]] static TrialSelection changedSince(Revision revision) {
        return {Kind::ChangedSince, revision};
    }
    [[nodiscard]] static TrialSelection one(TrialId id) { return {Kind::One, id.value}; }
    [[nodiscard]] static TrialSelection version(std::int64_t id) { return {Kind::Version, id}; }
};

/// The selected trials by id, in a consistent state if the caller holds a transaction. DamagedFile when a row
/// is unreadable, contradictory or does not fit the trial's checksum. `version`: of the file's schema. Costs
/// O(selected rows).
[[nodiscard]] Result<std::vector<Trial>> readTrials(sqlite::Database& database,
                                                    const TrialSelection& selection,
                                                    std::int64_t version = kSchemaVersion);
/// NotFound when there is none.
[[nodiscard]] Result<Trial> readTrial(sqlite::Database& database, TrialId id);

/// What can be read of one trial of a damaged file.
struct SalvagedTrial {
    Trial trial;          ///< with its id at least
    bool hasHead = false; ///< state, origin and texts were readable
    bool intact = false;  ///< everything is there and fits the checksum
};
/// Reads single trials of a damaged file; never fails.
class TrialSalvager {
public:
    TrialSalvager(sqlite::Database& database, int version);
    [[nodiscard]] SalvagedTrial read(TrialId id);

private:
    int m_version;
    std::vector<Result<sqlite::Statement>> m_statements; ///< heads, then the other tables
};

/// Whether the file can hold the trial: no NaN, finite steps and slopes (none in steps), standard errors
/// finite and >= 0, shares not empty. The context names the trial and the place.
[[nodiscard]] Result<void> checkStorable(const Trial& trial);
[[nodiscard]] Result<void> checkStorable(const StepReport& report, const std::string& place);

/// The smallest id that no trial of this project has or had.
[[nodiscard]] Result<TrialId> nextTrialId(sqlite::Database& database);

/// Prepared statements for writing trials; for many trials keep one writer.
class TrialWriter {
public:
    [[nodiscard]] static Result<TrialWriter> prepare(sqlite::Database& database);

    /// Inserts the trial under its id, which must be free.
    [[nodiscard]] Result<void> insert(const Trial& trial, Revision revision);
    /// Writes what differs between the stored trial `before` and `after` (same id). The runner is forgotten
    /// unless both are Running.
    [[nodiscard]] Result<void> update(const Trial& before, const Trial& after, Revision revision);
    [[nodiscard]] Result<void> insertStep(TrialId trial, const StepReport& report, std::int64_t number);
    [[nodiscard]] Result<void> remove(TrialId trial, Revision revision);

private:
    explicit TrialWriter(sqlite::Database& database) : m_database(&database) {}
    [[nodiscard]] Result<void> writeSetting(const Trial& trial);
    [[nodiscard]] Result<void> writeMeasurements(const Trial& trial);
    [[nodiscard]] Result<void> writeSteps(const Trial& trial);
    [[nodiscard]] sqlite::Statement& statement(std::size_t index) { return m_statements[index]; }

    sqlite::Database* m_database;
    std::vector<sqlite::Statement> m_statements;
};

/// Turns the stored trials `before` into `after`; both ordered by id.
[[nodiscard]] Result<void> writeTrialDifference(sqlite::Database& database, const std::vector<Trial>& before,
                                                const std::vector<Trial>& after, Revision revision);

} // namespace alidade
