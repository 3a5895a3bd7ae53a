#include "project_file/sqlite_database.h"

#include <sqlite3.h>

#include <cstring>
#include <thread>
#include <utility>

namespace alidade::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLockStep = std::chrono::milliseconds(20);

} // namespace

struct Database::Handle {
    sqlite3* connection = nullptr;
    std::chrono::milliseconds lockWait{0};
    Clock::time_point lockedSince;

    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { sqlite3_close(connection); }

    static int onBusy(void* self, int calls) {
        auto* handle = static_cast<Handle*>(self);
        const auto now = Clock::now();
        if (calls == 0)
            handle->lockedSince = now;
        if (now - handle->lockedSince + kLockStep > handle->lockWait)
            return 0;
        std::this_thread::sleep_for(kLockStep);
        return 1;
    }
};

Error errorFromCode(sqlite3* connection, int code) {
    const char* file = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
    const std::string path = file == nullptr ? "" : file;
    const std::string detail = connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return makeError(ErrorCode::Locked,
                         "Another program keeps the project busy. Try again when it has finished.", path);
    case SQLITE_READONLY:
        if (code == SQLITE_READONLY_DBMOVED)
            return makeError(ErrorCode::InputOutput,
                             "The file was moved, renamed or replaced while it was open.", path);
        return makeError(ErrorCode::ReadOnly, "The file or its folder may not be written.", path);
    case SQLITE_FULL:
        return makeError(ErrorCode::InputOutput, "The disk is full. Free some space and try again.", path);
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: {
        const int system = connection == nullptr ? 0 : sqlite3_system_errno(connection);
        return makeError(ErrorCode::InputOutput,
                         "The file cannot be read or written: " +
                             (system != 0 ? std::string(std::strerror(system)) : detail) + ".",
                         path);
    }
    case SQLITE_NOTADB:
        return makeError(ErrorCode::ForeignFile, "This is not an Alidade project (not an SQLite database).",
                         path);
    case SQLITE_CORRUPT:
    case SQLITE_MISMATCH:
    // Statements are fixed, so an error in one of them means that the tables are not what they should be.
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
        return makeError(ErrorCode::DamagedFile, "The project file is damaged: " + detail + ".", path);
    case SQLITE_TOOBIG:
        return makeError(ErrorCode::InvalidArgument, "The text is too long for a project file (1 GB).", path);
    case SQLITE_CONSTRAINT:
        return makeError(ErrorCode::InvalidArgument, "The file's rules refuse this content: " + detail + ".",
                         path);
    default:
        return makeError(ErrorCode::Internal, "SQLite: " + detail + " (code " + std::to_string(code) + ").",
                         path);
    }
}

Result<Database> Database::openUri(const std::string& name, int flags, std::chrono::milliseconds lockWait) {
    auto handle = std::make_unique<Handle>();
    const int code = sqlite3_open_v2(name.c_str(), &handle->connection,
                                     flags | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK)
        return errorFromCode(handle->connection, code);
    handle->lockWait = lockWait;
    sqlite3_busy_handler(handle->connection, &Handle::onBusy, handle.get());
    for (const int forbidden : {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                                SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION})
        sqlite3_db_config(handle->connection, forbidden, 0, nullptr);
    sqlite3_db_config(handle->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return Database(std::move(handle));
}

Result<Database> Database::open(const std::filesystem::path& path, Access access,
                                std::chrono::milliseconds lockWait) {
    const int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY
                      : access == Access::Create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                 : SQLITE_OPEN_READWRITE;
    return openUri(std::filesystem::absolute(path).string(), flags, lockWait);
}

Result<Database> Database::openInMemory() {
    return openUri(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, std::chrono::milliseconds(0));
}

Result<Database> Database::openImmutable(const std::filesystem::path& path) {
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(path).string()) {
        if (c == '%' || c == '?' || c == '#') {
            constexpr char kDigits[] = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        } else {
            uri += c;
        }
    }
    return openUri(uri + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                   std::chrono::milliseconds(0));
}

Database::Database(std::unique_ptr<Handle> handle) : m_handle(std::move(handle)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<void> Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(m_handle->connection, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return errorFromCode(m_handle->connection, code);
    return {};
}

Result<Statement> Database::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(m_handle->connection, sql.c_str(), static_cast<int>(sql.size()) + 1,
                                        &statement, nullptr);
    if (code != SQLITE_OK)
        return errorFromCode(m_handle->connection, code);
    return Statement(statement);
}

Result<std::int64_t> Database::queryInteger(const std::string& sql) {
    ALIDADE_ASSIGN(Statement statement, prepare(sql));
    ALIDADE_ASSIGN(const bool row, statement.step());
    if (!row)
        statement.reject("A row is missing that every project has.");
    const std::int64_t value = row ? statement.integer(0) : 0;
    ALIDADE_CHECK(statement.finish());
    return value;
}

Result<std::string> Database::queryText(const std::string& sql) {
    ALIDADE_ASSIGN(Statement statement, prepare(sql));
    ALIDADE_ASSIGN(const bool row, statement.step());
    if (!row)
        statement.reject("A row is missing that every project has.");
    std::string value = row ? statement.text(0) : std::string();
    ALIDADE_CHECK(statement.finish());
    return value;
}

bool Database::openedReadOnly() const {
    return sqlite3_db_readonly(m_handle->connection, "main") == 1;
}

bool Database::inTransaction() const {
    return sqlite3_get_autocommit(m_handle->connection) == 0;
}

bool Database::hasMoved() const {
    int moved = 0;
    const int code = sqlite3_file_control(m_handle->connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return code == SQLITE_OK && moved != 0;
}

std::int64_t Database::totalChanges() const {
    return sqlite3_total_changes64(m_handle->connection);
}

std::int64_t Database::lastInsertId() const {
    return sqlite3_last_insert_rowid(m_handle->connection);
}

void Database::tolerateDamagedSchema() {
    sqlite3_db_config(m_handle->connection, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    sqlite3_db_config(m_handle->connection, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, nullptr);
}

void Database::setLockWait(std::chrono::milliseconds wait) {
    m_handle->lockWait = wait;
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
    ALIDADE_CHECK(database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
    // Nothing can be reported here; a rollback fails only when SQLite has already rolled back by itself.
    if (m_database != nullptr && m_database->inTransaction())
        static_cast<void>(m_database->execute("ROLLBACK").ok());
}

Result<void> Transaction::commit() {
    ALIDADE_CHECK(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace alidade::sqlite
