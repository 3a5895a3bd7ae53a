#include "project_file/project_file.h"

#include "project_file/file_system.h"
#include "project_file/opening.h"
#include "project_file/project_file_state.h"
#include "project_file/schema.h"
#include "project_file/trial_rows.h"

#include <set>

namespace alidade {
namespace {

using sqlite::Database;

void collectTrials(const Edit& edit, std::set<TrialId>& ids) {
    if (const auto* put = std::get_if<PutTrial>(&edit))
        ids.insert(put->trial.id);
    else if (const auto* remove = std::get_if<RemoveTrial>(&edit))
        ids.insert(remove->id);
    else if (const auto* sequence = std::get_if<EditSequence>(&edit))
        for (const Edit& part : sequence->edits)
            collectTrials(part, ids);
}

Result<std::vector<TrialId>> removedSince(Database& database, Revision revision) {
    std::vector<TrialId> removed;
    ALIDADE_ASSIGN(auto rows,
                   database.prepare("SELECT trial FROM removal WHERE revision > ? ORDER BY trial"));
    ALIDADE_CHECK(rows.bindAll(revision));
    for (;;) {
        ALIDADE_ASSIGN(const bool row, rows.step());
        if (!row)
            return removed;
        removed.push_back(TrialId{rows.integer(0)});
    }
}

} // namespace

ProjectFile::ProjectFile(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ProjectFile::ProjectFile(ProjectFile&&) noexcept = default;
ProjectFile& ProjectFile::operator=(ProjectFile&&) noexcept = default;
ProjectFile::~ProjectFile() = default;

Result<ProjectFile> ProjectFile::create(const std::filesystem::path& path, const Definition& definition,
                                        const FileOptions& options) {
    ALIDADE_CHECK(checkFreeForNewFile(path));
    const std::filesystem::path temporary = temporaryNameBeside(path);
    auto written = writeNewProject(temporary, definition, options);
    if (!written.ok()) {
        removeWithCompanions(temporary);
        return std::move(written).error();
    }
    ALIDADE_CHECK(publishFile(temporary, path, false));
    return open(path, options);
}

Result<ProjectFile> ProjectFile::open(const std::filesystem::path& path, const FileOptions& options) {
    ALIDADE_ASSIGN(OpenedDatabase opened, openDatabase(path, options));
    auto state = std::make_unique<State>(path, std::move(opened.database));
    state->readOnly = opened.readOnly;
    state->newer = opened.newer;
    state->notice = opened.notice;
    ProjectFile file(std::move(state));
    if (file.isReadOnly())
        return file;
    ALIDADE_ASSIGN(const auto released, file.reconcile());
    if (!released.empty())
        file.m_state->notice += (file.m_state->notice.empty() ? "" : "\n") + std::to_string(released.size()) +
                                (released.size() == 1 ? " running trial is" : " running trials are") +
                                " pending again, because the program that measured has ended.";
    return file;
}

const std::filesystem::path& ProjectFile::path() const {
    return m_state->path;
}
bool ProjectFile::isReadOnly() const {
    return m_state->readOnly;
}
const std::string& ProjectFile::notice() const {
    return m_state->notice;
}

Result<Study> ProjectFile::load() {
    return m_state->read([this]() -> Result<Study> {
        Study study;
        ALIDADE_ASSIGN(const auto* stored, m_state->definition());
        study.definition = stored->definition;
        ALIDADE_ASSIGN(study.trials, readTrials(m_state->database, TrialSelection::all()));
        return study;
    });
}

Result<Revision> ProjectFile::revision() {
    return m_state->read([this] { return m_state->database.queryInteger("SELECT revision FROM project"); });
}

Result<Changes> ProjectFile::changesSince(Revision revision) {
    return m_state->read([this, revision]() -> Result<Changes> {
        Database& database = m_state->database;
        Changes changes;
        ALIDADE_ASSIGN(changes.revision, database.queryInteger("SELECT revision FROM project"));
        if (changes.revision == revision)
            return changes;
        if (changes.revision < revision)
            return makeError(ErrorCode::InvalidArgument, "Changes since revision " +
                                                             std::to_string(revision) +
                                                             " were asked for, but the file is at " +
                                                             std::to_string(changes.revision) + ".");
        ALIDADE_ASSIGN(const Revision newest, definitionRevision(database));
        if (newest > revision) {
            ALIDADE_ASSIGN(const auto* stored, m_state->definition());
            changes.definition = stored->definition;
        }
        ALIDADE_ASSIGN(changes.trials, readTrials(database, TrialSelection::changedSince(revision)));
        ALIDADE_ASSIGN(changes.removed, removedSince(database, revision));
        return changes;
    });
}

Result<Edit> ProjectFile::apply(const Edit& edit) {
    return m_state->write([this, &edit](Revision revision) -> Result<Edit> {
        Database& database = m_state->database;
        Study study;
        ALIDADE_ASSIGN(const auto* stored, m_state->definition());
        study.definition = stored->definition;
        std::set<TrialId> touched;
        collectTrials(edit, touched);
        for (const TrialId id : touched) {
            ALIDADE_ASSIGN(auto found, readTrials(database, TrialSelection::one(id)));
            for (Trial& trial : found)
                study.trials.push_back(std::move(trial));
        }
        const Study before = study;
        ALIDADE_ASSIGN(Edit inverse, alidade::apply(edit, study));
        if (study.definition != before.definition)
            ALIDADE_CHECK(writeDefinition(database, study.definition, revision, nowMs()));
        ALIDADE_CHECK(writeTrialDifference(database, before.trials, study.trials, revision));
        return inverse;
    });
}

} // namespace alidade
