#include "protocol/session.h"

#include "project_file/source_reader.h"
#include "suggest/suggest.h"

#include <algorithm>

namespace alidade {

Result<Session> Session::open(const std::filesystem::path& path) {
    Session session;
    ALIDADE_ASSIGN(session.m_file, ProjectFile::open(path));
    return session;
}

Result<const Study*> Session::study() {
    if (!m_file)
        return makeError(ErrorCode::InvalidArgument, "this method needs a project: name a file");
    if (m_revision < 0) {
        // The revision first: what is written between the two calls is then read again, never missed.
        ALIDADE_ASSIGN(const Revision revision, m_file->revision());
        ALIDADE_ASSIGN(m_study, m_file->load());
        m_revision = revision;
        return &m_study;
    }
    ALIDADE_ASSIGN(const Revision revision, m_file->revision());
    if (revision == m_revision)
        return &m_study;
    ALIDADE_ASSIGN(Changes changes, m_file->changesSince(m_revision));
    if (changes.definition)
        m_study.definition = std::move(*changes.definition);
    for (Trial& trial : changes.trials) {
        const auto place = std::lower_bound(m_study.trials.begin(), m_study.trials.end(), trial.id,
                                            [](const Trial& other, TrialId id) { return other.id < id; });
        if (place != m_study.trials.end() && place->id == trial.id)
            *place = std::move(trial);
        else
            m_study.trials.insert(place, std::move(trial));
    }
    for (const TrialId id : changes.removed)
        std::erase_if(m_study.trials, [&](const Trial& trial) { return trial.id == id; });
    m_revision = changes.revision;
    return &m_study;
}

std::shared_ptr<const SourceStudies> Session::sources() {
    return readSources(m_study.definition.strategy, m_file->path());
}

Result<void> Session::addSource(const std::filesystem::path& source) {
    ALIDADE_ASSIGN(const Study* current, study());
    std::error_code failure;
    if (std::filesystem::equivalent(source, m_file->path(), failure))
        return makeError(ErrorCode::InvalidArgument, "a study cannot learn from itself", source.string());
    ALIDADE_CHECK(readStudy(source));
    Strategy strategy = current->definition.strategy;
    std::string path = sourcePath(source, m_file->path());
    if (std::find(strategy.sources.begin(), strategy.sources.end(), path) != strategy.sources.end())
        return {};
    strategy.sources.push_back(std::move(path));
    Definition changed = current->definition;
    changed.strategy = strategy;
    ALIDADE_CHECK(checkedDefinition(changed));
    ALIDADE_CHECK(m_file->apply(SetStrategy{std::move(strategy)}));
    return {};
}

Result<bool> Session::removeSource(const std::string& source) {
    ALIDADE_ASSIGN(const Study* current, study());
    Strategy strategy = current->definition.strategy;
    const std::string path = sourcePath(source, m_file->path());
    if (std::erase_if(strategy.sources,
                      [&](const std::string& other) { return other == source || other == path; }) == 0)
        return false;
    ALIDADE_CHECK(m_file->apply(SetStrategy{std::move(strategy)}));
    return true;
}

Result<StudyModel> Session::model() {
    ALIDADE_ASSIGN(const Study* current, study());
    if (!m_model || m_modelRevision != m_revision) {
        const auto earlier = sources();
        std::optional<StudyModel> reused = m_model ? m_model->reusedFor(*current, earlier) : std::nullopt;
        if (reused) {
            m_model = std::move(reused);
        } else {
            ALIDADE_ASSIGN(m_model, StudyModel::fit(*current, {0, earlier}));
        }
        m_modelRevision = m_revision;
    }
    return *m_model;
}

Result<std::vector<Trial>> Session::suggestTrials(std::size_t count, std::vector<std::string>& warnings) {
    constexpr int kTries = 20;
    for (int attempt = 0; attempt < kTries; ++attempt) {
        ALIDADE_ASSIGN(const Study* current, study());
        ALIDADE_ASSIGN(SuggestReport report, suggest(*current, count, {0, sources()}));
        std::vector<Trial> trials;
        for (Suggestion& suggestion : report.suggestions) {
            Trial trial;
            trial.origin = suggestion.origin;
            trial.reason = std::move(suggestion.reason);
            trial.setting = std::move(suggestion.setting);
            trials.push_back(std::move(trial));
        }
        const auto ids = m_file->addTrials(trials, m_revision);
        if (!ids && ids.error().code == ErrorCode::Conflict)
            continue;
        if (!ids)
            return ids.error();
        for (std::size_t i = 0; i < trials.size(); ++i)
            trials[i].id = (*ids)[i];
        warnings = std::move(report.warnings);
        if (report.exhausted)
            warnings.push_back("the space has only " + std::to_string(trials.size()) +
                               " untried settings left");
        return trials;
    }
    return makeError(ErrorCode::Conflict, "other processes write to the project all the time; try again");
}

} // namespace alidade
