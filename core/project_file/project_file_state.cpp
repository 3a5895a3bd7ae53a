#include "project_file/project_file_state.h"

#include "project_file/migration.h"
#include "project_file/opening.h"

namespace alidade {

std::int64_t nowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

ProjectFile::State::~State() {
    if (!readOnly)
        returnToPlainFile(database);
}

Result<void> ProjectFile::State::checkWritable() const {
    if (readOnly)
        return makeError(ErrorCode::ReadOnly, notice, path.string());
    if (database.hasMoved())
        return makeError(
            ErrorCode::InputOutput,
            "The file was moved, renamed, deleted or replaced while it was open. Save a copy under "
            "another name, then open the project again.",
            path.string());
    return {};
}

Error ProjectFile::State::explained(Error error) const {
    if (newer && error.code == ErrorCode::DamagedFile)
        error =
            makeError(ErrorCode::NewerFile, "The project was written by a newer version of Alidade that this "
                                            "one cannot read. Update Alidade.");
    if (error.context.empty() || error.context == std::filesystem::absolute(path).string())
        error.context = path.string();
    return error;
}

Result<void> ProjectFile::State::copyTo(const std::filesystem::path& copy) {
    if (!readOnly)
        return copyDatabase(database, copy);
    // The pragma refuses writing to any file, also to the copy.
    ALIDADE_CHECK(database.execute("PRAGMA query_only = OFF"));
    auto copied = copyDatabase(database, copy);
    ALIDADE_CHECK(database.execute("PRAGMA query_only = ON"));
    return copied;
}

Result<const StoredDefinition*> ProjectFile::State::definition() {
    ALIDADE_ASSIGN(const Revision newest, definitionRevision(database));
    if (!cachedDefinition || cachedDefinition->revision != newest) {
        ALIDADE_ASSIGN(cachedDefinition, readDefinition(database));
    }
    return &*cachedDefinition;
}

} // namespace alidade
