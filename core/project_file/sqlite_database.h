#pragma once

#include "base/result.h"
#include "project_file/sqlite_statement.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

struct sqlite3;

namespace alidade::sqlite {

enum class Access { ReadOnly, ReadWrite, Create };

/// One connection to a database file. Waiting for a lock ends after `lockWait`, in steps of 20 ms. Triggers
/// and views of the file are never executed, because a file may come from anybody.
class Database {
public:
    /// Errors: InputOutput (cannot be opened). SQLite reads the file only at the first statement.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, Access access,
                                               std::chrono::milliseconds lockWait);
    /// A private database in memory.
    [[nodiscard]] static Result<Database> openInMemory();
    /// A file that nobody writes, without any lock: for folders in which no lock can be taken.
    [[nodiscard]] static Result<Database> openImmutable(const std::filesystem::path& path);

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// Runs one or several statements without results.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    [[nodiscard]] Result<Statement> prepare(const std::string& sql);
    /// The only value of the only row; DamagedFile when there is no row or another type.
    [[nodiscard]] Result<std::int64_t> queryInteger(const std::string& sql);
    [[nodiscard]] Result<std::string> queryText(const std::string& sql);

    [[nodiscard]] bool openedReadOnly() const;
    [[nodiscard]] bool inTransaction() const;
    /// The file was renamed, deleted or replaced behind the connection.
    [[nodiscard]] bool hasMoved() const;
    /// Rows inserted, changed or deleted since the connection was opened.
    [[nodiscard]] std::int64_t totalChanges() const;
    [[nodiscard]] std::int64_t lastInsertId() const;
    /// Reads what it can of a file whose table of contents is damaged. For recovery from a copy only.
    void tolerateDamagedSchema();
    void setLockWait(std::chrono::milliseconds wait);

private:
    struct Handle;
    explicit Database(std::unique_ptr<Handle> handle);
    [[nodiscard]] static Result<Database> openUri(const std::string& name, int flags,
                                                  std::chrono::milliseconds lockWait);
    std::unique_ptr<Handle> m_handle;
};

/// What an SQLite result code means to the user; the context is the path of the file.
[[nodiscard]] Error errorFromCode(sqlite3* connection, int code);

/// Rolls back at the end of its scope unless committed.
class Transaction {
public:
    /// Read sees one consistent state until the end. Write takes the write lock at once, so that it cannot
    /// fail half way because of another writer.
    enum class Kind { Read, Write };

    [[nodiscard]] static Result<Transaction> begin(Database& database, Kind kind);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}
    Database* m_database;
};

} // namespace alidade::sqlite
