#include "project_file/opening.h"

#include "project_file/definition_rows.h"
#include "project_file/file_system.h"
#include "project_file/migration.h"
#include "project_file/project_file_state.h"
#include "project_file/schema.h"

#include <unistd.h>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Transaction;

Error foreignFile(const std::filesystem::path& path, const std::string& why) {
    return makeError(ErrorCode::ForeignFile, "This is not an Alidade project: " + why, path.string());
}

/// Folders in which no lock file can be made hold projects that nobody writes (a read-only medium).
Result<Database> connect(const std::filesystem::path& path, const FileOptions& options) {
    ALIDADE_ASSIGN(Database database, Database::open(path, sqlite::Access::ReadWrite, options.lockWait));
    const auto identified = database.queryInteger("PRAGMA application_id");
    if (!identified.ok() && !hasCompanionFiles(path) &&
        (identified.error().code == ErrorCode::InputOutput || identified.error().code == ErrorCode::ReadOnly))
        return Database::openImmutable(path);
    return database;
}

bool mayWriteFolderOf(const std::filesystem::path& path) {
    return ::access(std::filesystem::absolute(path).parent_path().c_str(), W_OK) == 0;
}

constexpr const char* kRecoverHint = " Its content may be recovered into a new file.";

} // namespace

Result<void> checkPlausibleFile(const std::filesystem::path& path) {
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (status.type() == std::filesystem::file_type::not_found)
        return makeError(ErrorCode::NotFound, "There is no such file.", path.string());
    if (failure)
        return systemError(failure.value(), "The file cannot be examined", path);
    if (std::filesystem::is_directory(status))
        return foreignFile(path, "it is a folder.");
    if (!std::filesystem::is_regular_file(status))
        return foreignFile(path, "it is not a regular file.");
    if (std::filesystem::file_size(path, failure) == 0 && !failure)
        return foreignFile(path, "the file is empty.");
    if (::access(path.c_str(), R_OK) != 0)
        return systemError(errno, "The file cannot be read", path);
    return {};
}

Result<void> checkFreeForNewFile(const std::filesystem::path& path) {
    std::error_code failure;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, failure)))
        return makeError(ErrorCode::AlreadyExists,
                         "There is a file with this name already. Choose another name.", path.string());
    const auto folder = std::filesystem::absolute(path).parent_path();
    if (!std::filesystem::is_directory(folder, failure))
        return makeError(ErrorCode::InputOutput, "The folder " + folder.string() + " does not exist.",
                         path.string());
    if (hasCompanionFiles(path))
        return makeError(
            ErrorCode::AlreadyExists,
            "Beside it are the remains of another project (-wal, -shm or -journal). Remove them or "
            "choose another name.",
            path.string());
    return {};
}

Result<void> writeNewProject(const std::filesystem::path& path, const Definition& definition,
                             const FileOptions& options, int version) {
    ALIDADE_ASSIGN(Database database, Database::open(path, sqlite::Access::Create, options.lockWait));
    ALIDADE_CHECK(configureConnection(database));
    ALIDADE_ASSIGN(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
    ALIDADE_CHECK(createSchema(database, version));
    ALIDADE_ASSIGN(auto insert,
                   database.prepare("INSERT INTO project (id, revision, created_ms) VALUES (1, 1, ?)"));
    ALIDADE_CHECK(insert.run(nowMs()));
    ALIDADE_CHECK(writeDefinition(database, definition, 1, nowMs()));
    return transaction.commit();
}

Result<void> configureConnection(Database& database) {
    return database.execute(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON");
}

Result<void> configureJournal(Database& database, bool networkFileSystem) {
    const auto chosen =
        database.queryText(networkFileSystem ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
    if (!chosen.ok() && chosen.error().code != ErrorCode::Locked)
        return chosen.error();
    return {};
}

void returnToPlainFile(Database& database) {
    database.setLockWait(std::chrono::milliseconds(0));
    // Refused while others have the file open; then the last of them leaves the plain file.
    static_cast<void>(database.queryText("PRAGMA journal_mode = DELETE").ok());
}

Result<OpenedDatabase> openDatabase(const std::filesystem::path& path, const FileOptions& options) {
    ALIDADE_CHECK(checkPlausibleFile(path));
    ALIDADE_ASSIGN(Database database, connect(path, options));
    ALIDADE_ASSIGN(const std::int64_t application, database.queryInteger("PRAGMA application_id"));
    if (application != kApplicationId)
        return foreignFile(path, "it is a database of another program.");
    ALIDADE_ASSIGN(const std::int64_t version, database.queryInteger("PRAGMA user_version"));

    OpenedDatabase opened{std::move(database), false, false, {}};
    if (version > kSchemaVersion) {
        opened.newer = opened.readOnly = true;
        opened.notice =
            "This project was written by a newer version of Alidade. It can be looked at, but not "
            "changed.";
    } else if (opened.database.openedReadOnly() || !mayWriteFolderOf(path)) {
        opened.readOnly = true;
        opened.notice = "The file or its folder may not be written. The project can be looked at, but not "
                        "changed.";
        if (version < kSchemaVersion)
            return makeError(ErrorCode::ReadOnly,
                             "The project is from an older version and must be converted, but its file or "
                             "folder may not be written. Copy it to another folder.",
                             path.string());
    }
    if (opened.readOnly)
        ALIDADE_CHECK(opened.database.execute("PRAGMA query_only = ON"));
    else
        ALIDADE_CHECK(configureConnection(opened.database));
    if (version < kSchemaVersion) {
        ALIDADE_ASSIGN(opened.notice,
                       migrate(opened.database, path, releasedSteps(), kSchemaVersion, options));
    }
    if (!opened.newer) {
        if (auto intact = checkSchema(opened.database); !intact.ok())
            return makeError(intact.error().code, intact.error().message + kRecoverHint, path.string());
    }
    if (!opened.readOnly) {
        ALIDADE_ASSIGN(const bool network, isOnNetworkFileSystem(path));
        ALIDADE_CHECK(configureJournal(opened.database, network || options.rollbackJournal));
    }
    return opened;
}

} // namespace alidade
