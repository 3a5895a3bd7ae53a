#pragma once

#include "project_file/definition_rows.h"
#include "project_file/project_file.h"
#include "project_file/sqlite_database.h"

#include <type_traits>

namespace alidade {

/// Milliseconds since 1970 UTC.
[[nodiscard]] std::int64_t nowMs();

/// What an open project file consists of, and the frame in which each of its calls runs.
struct ProjectFile::State {
    std::filesystem::path path;
    sqlite::Database database;
    bool readOnly = false;
    bool newer = false; ///< written by a newer version
    std::string notice;
    std::optional<StoredDefinition> cachedDefinition;

    State(std::filesystem::path filePath, sqlite::Database connection)
        : path(std::move(filePath)), database(std::move(connection)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    /// ReadOnly, or InputOutput when the file is no longer where it was.
    [[nodiscard]] Result<void> checkWritable() const;
    /// The error with the file's path, and with NewerFile in place of DamagedFile for newer files.
    [[nodiscard]] Error explained(Error error) const;
    /// The definition in force, parsed only when it has changed. Within a transaction.
    [[nodiscard]] Result<const StoredDefinition*> definition();

    /// Runs `work` in one consistent read transaction.
    template <typename Work>
    auto read(Work work) -> std::invoke_result_t<Work>;
    /// Runs `work(revision)` in a write transaction, where `revision` is the number of this change. Nothing
    /// is written when it fails; nothing changed, not even the revision, when it changes no row.
    template <typename Work>
    auto write(Work work) -> std::invoke_result_t<Work, Revision>;
    /// The same for what is no change of the study (output, versions): `work()`, and the revision stays.
    template <typename Work>
    auto writeUncounted(Work work) -> std::invoke_result_t<Work>;

    /// A compact copy as the new file `copy`.
    [[nodiscard]] Result<void> copyTo(const std::filesystem::path& copy);

private:
    template <typename T>
    [[nodiscard]] Result<T> withPath(Result<T> result) const {
        if (result.ok())
            return result;
        return explained(std::move(result).error());
    }
};

template <typename Work>
auto ProjectFile::State::read(Work work) -> std::invoke_result_t<Work> {
    using Outcome = std::invoke_result_t<Work>;
    return withPath([&]() -> Outcome {
        ALIDADE_ASSIGN(auto transaction,
                       sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Read));
        return work();
    }());
}

template <typename Work>
auto ProjectFile::State::writeUncounted(Work work) -> std::invoke_result_t<Work> {
    using Outcome = std::invoke_result_t<Work>;
    ALIDADE_CHECK(checkWritable());
    return withPath([&]() -> Outcome {
        ALIDADE_ASSIGN(auto transaction,
                       sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Write));
        Outcome outcome = work();
        if (outcome.ok())
            ALIDADE_CHECK(transaction.commit());
        return outcome;
    }());
}

template <typename Work>
auto ProjectFile::State::write(Work work) -> std::invoke_result_t<Work, Revision> {
    using Outcome = std::invoke_result_t<Work, Revision>;
    return writeUncounted([&]() -> Outcome {
        ALIDADE_ASSIGN(const Revision last, database.queryInteger("SELECT revision FROM project"));
        const std::int64_t changesBefore = database.totalChanges();
        Outcome outcome = work(last + 1);
        if (!outcome.ok() || database.totalChanges() == changesBefore)
            return outcome;
        ALIDADE_ASSIGN(auto bump, database.prepare("UPDATE project SET revision = ?"));
        ALIDADE_CHECK(bump.run(last + 1));
        return outcome;
    });
}

} // namespace alidade
