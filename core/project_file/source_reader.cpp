#include "project_file/source_reader.h"

#include "project_file/definition_rows.h"
#include "project_file/file_system.h"
#include "project_file/opening.h"
#include "project_file/schema.h"
#include "project_file/trial_rows.h"

#include <algorithm>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Transaction;

constexpr std::chrono::milliseconds kReadWait{2000};

Result<Study> readContent(Database& database, const std::filesystem::path& path) {
    ALIDADE_ASSIGN(const std::int64_t application, database.queryInteger("PRAGMA application_id"));
    if (application != kApplicationId)
        return makeError(ErrorCode::ForeignFile,
                         "This is not an Alidade project: it is a database of another program.",
                         path.string());
    ALIDADE_ASSIGN(const std::int64_t version, database.queryInteger("PRAGMA user_version"));
    if (version < 1)
        return makeError(ErrorCode::DamagedFile,
                         "The project file is damaged: it states a version (" + std::to_string(version) +
                             ") that was never released.",
                         path.string());
    Study study;
    ALIDADE_ASSIGN(const auto transaction, Transaction::begin(database, Transaction::Kind::Read));
    ALIDADE_ASSIGN(StoredDefinition stored, readDefinition(database));
    study.definition = std::move(stored.definition);
    ALIDADE_ASSIGN(study.trials, readTrials(database, TrialSelection::all(), version));
    return study;
}

std::filesystem::path folderOfProject(const std::filesystem::path& project) {
    return project.empty() ? std::filesystem::current_path()
                           : std::filesystem::absolute(project).parent_path();
}

} // namespace

Result<Study> readStudy(const std::filesystem::path& path) {
    ALIDADE_CHECK(checkPlausibleFile(path));
    if (!hasCompanionFiles(path)) {
        // Nobody writes it: without locks, so that nothing appears beside it. If somebody starts to just now,
        // checksums tell, and it is read again.
        ALIDADE_ASSIGN(Database closed, Database::openImmutable(path));
        auto study = readContent(closed, path);
        if (study || !hasCompanionFiles(path))
            return study;
    }
    ALIDADE_ASSIGN(Database open, Database::open(path, sqlite::Access::ReadOnly, kReadWait));
    return readContent(open, path);
}

std::shared_ptr<const SourceStudies> readSources(const Strategy& strategy,
                                                 const std::filesystem::path& project) {
    if (strategy.sources.empty())
        return nullptr;
    auto sources = std::make_shared<SourceStudies>();
    for (const std::string& text : strategy.sources) {
        const std::filesystem::path path = folderOfProject(project) / std::filesystem::path(text);
        SourceStudy source{text, path.stem().string(), nullptr, {}};
        std::error_code failure;
        if (!project.empty() && std::filesystem::equivalent(path, project, failure)) {
            source.problem = "it is this project itself";
        } else if (auto study = readStudy(path)) {
            source.study = std::make_shared<const Study>(std::move(study).value());
        } else {
            source.problem = study.error().message;
        }
        sources->push_back(std::move(source));
    }
    return sources;
}

std::string sourcePath(const std::filesystem::path& source, const std::filesystem::path& project) {
    const std::filesystem::path absolute = std::filesystem::absolute(source).lexically_normal();
    if (project.empty())
        return absolute.string();
    const std::filesystem::path relative =
        absolute.lexically_relative(folderOfProject(project).lexically_normal());
    // Further up, a project that is moved finds its source rather by the absolute path.
    const auto up = std::count(relative.begin(), relative.end(), std::filesystem::path(".."));
    return relative.empty() || up > 1 ? absolute.string() : relative.string();
}

} // namespace alidade
