#pragma once

#include "base/result.h"
#include "study/edit.h"
#include "study/study.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// Number of the last committed change of definition or trials; grows by one with each such transaction of
/// any process. Captured output and named versions are not counted.
using Revision = std::int64_t;

/// What other connections (or this one) changed since a revision.
struct Changes {
    Revision revision = 0;
    std::optional<Definition> definition; ///< present when it changed
    std::vector<Trial> trials;            ///< new or changed, by id
    std::vector<TrialId> removed;
};

/// A measuring process, so that a crash leaves nothing running for ever.
struct RunnerIdentity {
    std::string host;
    std::int64_t processId = 0;
    std::int64_t processStart = 0; ///< start time of the process, against reuse of ids
};

/// What was rescued from a damaged file.
struct Recovery {
    int intact = 0;                  ///< trials that are as they were
    std::vector<TrialId> incomplete; ///< trials of which a part is missing or doubtful
    int lost = 0;                    ///< trials of which no more than the id is known
    bool definitionIsNewest = true;  ///< else an earlier definition was taken
    int versions = 0;                ///< named versions rescued
    int versionsLost = 0;

    /// One paragraph for the log.
    [[nodiscard]] std::string summary() const;
};

struct FileOptions {
    std::chrono::milliseconds lockWait{5000}; ///< longest wait for another process, per call
    /// No write-ahead log: for shared folders that do not look like a network file system.
    bool rollbackJournal = false;
};

enum class OutputStream { StandardOutput, StandardError };

/// An open project file: SQLite, the live document. Each call is one transaction, durable when it returns
/// (synchronous=FULL), and not begun when it fails. One object per thread; several objects and processes may
/// have the same file open. Waiting for a lock ends after FileOptions::lockWait with Locked. Writing fails
/// with ReadOnly, or with InputOutput when the file was moved or replaced behind the object. Closing the last
/// object leaves one plain file. The errors' context is the path.
class ProjectFile {
public:
    /// The file appears complete or not at all. Errors: AlreadyExists, InputOutput.
    [[nodiscard]] static Result<ProjectFile>
    create(const std::filesystem::path& path, const Definition& definition, const FileOptions& options = {});
    /// Errors: NotFound, ForeignFile, DamagedFile, Locked, InputOutput. Files of a newer version, and those
    /// that may not be written, open read-only (see isReadOnly()). Older ones are copied aside (.bak-vN) and
    /// migrated. Running trials of dead processes on this host become Pending again.
    [[nodiscard]] static Result<ProjectFile> open(const std::filesystem::path& path,
                                                  const FileOptions& options = {});
    /// Reads what can be read from a damaged file into a new one; the damaged file is not touched. Trials of
    /// which only a part could be read are excluded and say so in their note. DamagedFile when there is
    /// nothing to rescue (no readable definition), ForeignFile for other programs' files, AlreadyExists.
    [[nodiscard]] static Result<Recovery> recover(const std::filesystem::path& damaged,
                                                  const std::filesystem::path& target);

    ProjectFile(ProjectFile&&) noexcept;
    ProjectFile& operator=(ProjectFile&&) noexcept;
    ~ProjectFile();

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] bool isReadOnly() const;
    /// Why it is read-only, or what was repaired at opening; empty when nothing.
    [[nodiscard]] const std::string& notice() const;

    [[nodiscard]] Result<Study> load();
    [[nodiscard]] Result<Revision> revision();
    /// Cheap when nothing happened.
    [[nodiscard]] Result<Changes> changesSince(Revision revision);

    /// Applies the edit to the stored study (its newest state, whoever wrote it); returns the inverse. Writes
    /// only what differs: an edit of the definition costs the same with any number of trials.
    [[nodiscard]] Result<Edit> apply(const Edit& edit);

    /// Registers new trials, ids assigned in order (ids in the argument are ignored). With `expected`, fails
    /// with Conflict when the file has moved on since that revision.
    [[nodiscard]] Result<std::vector<TrialId>> addTrials(const std::vector<Trial>& trials,
                                                         std::optional<Revision> expected = {});

    /// Final measurements. Complete from Pending or Running; else Conflict. NaN: InvalidArgument.
    [[nodiscard]] Result<void> complete(TrialId id, const Measurements& values);
    /// Intermediate report of a Pending or Running trial; a second report of the same step replaces the
    /// first.
    [[nodiscard]] Result<void> addStep(TrialId id, const StepReport& report);
    [[nodiscard]] Result<void> fail(TrialId id, const std::string& reason);
    [[nodiscard]] Result<void> withdraw(TrialId id);

    /// Takes the oldest Pending trial for this process: Pending -> Running, attempt + 1. Nothing when none is
    /// left. With `id`, that trial: Conflict when it is not Pending, NotFound when there is none.
    [[nodiscard]] Result<std::optional<Trial>> claim(const RunnerIdentity& runner,
                                                     std::optional<TrialId> id = {});
    /// Running -> Pending.
    [[nodiscard]] Result<void> release(TrialId id);
    /// Releases Running trials whose process on this host is gone or that nobody claimed (a measurement that
    /// was undone); returns their ids.
    [[nodiscard]] Result<std::vector<TrialId>> reconcile();

    /// Captured output of the latest attempt, replaced as a whole (already truncated by the runner).
    [[nodiscard]] Result<void> storeOutput(TrialId id, OutputStream stream, const std::string& text);
    [[nodiscard]] Result<std::string> output(TrialId id, OutputStream stream);

    /// Copies the whole project into a new file (Save As); refuses to overwrite unless asked.
    [[nodiscard]] Result<void> saveCopy(const std::filesystem::path& target, bool overwrite = false);

    /// Named versions of definition and trials.
    struct Version {
        std::int64_t id = 0;
        std::string name;
        std::int64_t createdMs = 0;
    };
    [[nodiscard]] Result<std::int64_t> keepVersion(const std::string& name);
    [[nodiscard]] Result<std::vector<Version>> versions();
    [[nodiscard]] Result<Study> versionContent(std::int64_t id);
    /// Makes definition and trials what they were. Ids given since are not given again. What is there now is
    /// gone, so keep a version of it before. Conflict while trials are running: their results would be lost.
    [[nodiscard]] Result<void> restoreVersion(std::int64_t id);

    /// When the definition was changed (edits within seconds count as one), oldest first.
    struct DefinitionChange {
        Revision revision = 0;
        std::int64_t savedMs = 0;
    };
    [[nodiscard]] Result<std::vector<DefinitionChange>> definitionHistory();
    /// The definition that was in force at a revision. NotFound before the first.
    [[nodiscard]] Result<Definition> definitionAt(Revision revision);

private:
    struct State;
    explicit ProjectFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// This process.
[[nodiscard]] RunnerIdentity currentProcess();

} // namespace alidade
