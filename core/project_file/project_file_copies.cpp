#include "project_file/file_system.h"
#include "project_file/migration.h"
#include "project_file/project_file.h"
#include "project_file/project_file_state.h"
#include "project_file/vocabulary.h"

namespace alidade {

Result<void> ProjectFile::storeOutput(TrialId id, OutputStream stream, const std::string& text) {
    return m_state->writeUncounted([&]() -> Result<void> {
        ALIDADE_ASSIGN(auto exists, m_state->database.prepare("SELECT 1 FROM trial WHERE id = ?"));
        ALIDADE_CHECK(exists.bindAll(id.value));
        ALIDADE_ASSIGN(const bool found, exists.step());
        if (!found)
            return makeError(ErrorCode::NotFound,
                             "There is no trial " + std::to_string(id.value) + " in this project.");
        ALIDADE_ASSIGN(auto statement,
                       m_state->database.prepare("INSERT OR REPLACE INTO output (trial, stream, content) "
                                                 "VALUES (?, ?, ?)"));
        return statement.run(id.value, storedStream(stream), sqlite::Blob{text});
    });
}

Result<std::string> ProjectFile::output(TrialId id, OutputStream stream) {
    return m_state->read([&]() -> Result<std::string> {
        ALIDADE_ASSIGN(auto rows, m_state->database.prepare(
                                      "SELECT content FROM output WHERE trial = ? AND stream = ?"));
        ALIDADE_CHECK(rows.bindAll(id.value, storedStream(stream)));
        ALIDADE_ASSIGN(const bool found, rows.step());
        std::string content = found ? rows.blob(0) : std::string();
        ALIDADE_CHECK(rows.finish());
        return content;
    });
}

Result<void> ProjectFile::saveCopy(const std::filesystem::path& target, bool overwrite) {
    std::error_code failure;
    const bool exists = std::filesystem::exists(target, failure);
    if (exists && std::filesystem::equivalent(target, path(), failure))
        return makeError(ErrorCode::InvalidArgument,
                         "This is the open project itself. Choose another name for the copy.",
                         target.string());
    if (exists && !overwrite)
        return makeError(ErrorCode::AlreadyExists,
                         "There is a file with this name already. Choose another name.", target.string());
    // A write-ahead log that stays behind would be replayed into the new file.
    if (hasCompanionFiles(target))
        return makeError(
            ErrorCode::Locked,
            "A project of this name is open in another program or was not closed properly. Close "
            "it there, or choose another name.",
            target.string());
    const auto folder = std::filesystem::absolute(target).parent_path();
    if (!std::filesystem::is_directory(folder, failure))
        return makeError(ErrorCode::InputOutput, "The folder " + folder.string() + " does not exist.",
                         target.string());
    const auto temporary = temporaryNameBeside(target);
    if (auto copied = m_state->copyTo(temporary); !copied.ok())
        return m_state->explained(std::move(copied).error());
    return publishFile(temporary, target, overwrite);
}

} // namespace alidade
