#pragma once

#include "project_file/project_file.h"
#include "suggest/study_model.h"

#include <filesystem>
#include <optional>

namespace alidade {

/// What a sequence of method calls works on: at most one open project, kept up to date with what other
/// processes write, and the model fitted to it last.
class Session {
public:
    /// Without a project: only calculators can be called.
    Session() = default;
    [[nodiscard]] static Result<Session> open(const std::filesystem::path& path);

    [[nodiscard]] bool hasProject() const { return m_file.has_value(); }
    [[nodiscard]] ProjectFile& file() { return *m_file; }

    /// The study as it is in the file now.
    [[nodiscard]] Result<const Study*> study();
    [[nodiscard]] Revision revision() const { return m_revision; }
    /// The model of study(), fitted when something changed since the last call.
    [[nodiscard]] Result<StudyModel> model();

    /// The earlier studies that the study learns from, read now; null without any.
    [[nodiscard]] std::shared_ptr<const SourceStudies> sources();
    /// Lets the study learn from another project, too; nothing happens when it does already. Errors: those of
    /// readStudy() and of the strategy.
    [[nodiscard]] Result<void> addSource(const std::filesystem::path& source);
    /// As the strategy names it or as seen from the current folder; false when the study does not learn from
    /// it.
    [[nodiscard]] Result<bool> removeSource(const std::string& source);

    /// Suggests and registers `count` pending trials; starts again when another process wrote meanwhile.
    [[nodiscard]] Result<std::vector<Trial>> suggestTrials(std::size_t count,
                                                           std::vector<std::string>& warnings);

private:
    std::optional<ProjectFile> m_file;
    Study m_study;
    Revision m_revision = -1;
    std::optional<StudyModel> m_model;
    Revision m_modelRevision = -1;
};

} // namespace alidade
