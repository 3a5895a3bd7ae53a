#pragma once

#include "base/result.h"
#include "study/edit.h"
#include "study/study.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// Number of the last committed change of a file; grows by one with each transaction of any process.
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

enum class OutputStream { StandardOutput, StandardError };

/// An open project file: SQLite, the live document. Each call is one transaction, durable when it returns
/// (synchronous=FULL). One object per thread; several objects and processes may have the same file open.
/// Waiting for a lock ends after 5 s with Locked. Close leaves one plain file.
class ProjectFile {
public:
    /// Errors: AlreadyExists, InputOutput.
    [[nodiscard]] static Result<ProjectFile> create(const std::filesystem::path& path,
                                                    const Definition& definition);
    /// Errors: NotFound, ForeignFile, DamagedFile, Locked. A newer version opens read-only (see
    /// isReadOnly()). Older ones are copied aside (.bak-vN) and migrated. Running trials of dead processes on
    /// this host become Pending again.
    [[nodiscard]] static Result<ProjectFile> open(const std::filesystem::path& path);
    /// Reads what can be read from a damaged file into a new one; the damaged file is not touched.
    [[nodiscard]] static Result<std::string> recover(const std::filesystem::path& damaged,
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

    /// Applies the edit to the stored study (its newest state, whoever wrote it); returns the inverse.
    [[nodiscard]] Result<Edit> apply(const Edit& edit);

    /// Registers new trials, ids assigned in order (ids in the argument are ignored). With `expected`, fails
    /// with Conflict when the file has moved on since that revision.
    [[nodiscard]] Result<std::vector<TrialId>> addTrials(const std::vector<Trial>& trials,
                                                         std::optional<Revision> expected = {});

    /// Final measurements. Complete from Pending or Running; else Conflict.
    [[nodiscard]] Result<void> complete(TrialId id, const Measurements& values);
    [[nodiscard]] Result<void> addStep(TrialId id, const StepReport& report);
    [[nodiscard]] Result<void> fail(TrialId id, const std::string& reason);
    [[nodiscard]] Result<void> withdraw(TrialId id);

    /// Takes the oldest Pending trial (or `id`) for this process: Pending -> Running, attempt + 1. Nothing
    /// when none is left.
    [[nodiscard]] Result<std::optional<Trial>> claim(const RunnerIdentity& runner,
                                                     std::optional<TrialId> id = {});
    /// Running -> Pending.
    [[nodiscard]] Result<void> release(TrialId id);
    /// Releases Running trials whose process on this host is gone; returns their ids.
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

private:
    struct State;
    explicit ProjectFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// This process.
[[nodiscard]] RunnerIdentity currentProcess();

} // namespace alidade
