#include "document/derived_cache.h"

#include "document/job_runner.h"
#include "document/project_document.h"
#include "project_file/source_reader.h"

#include <utility>

namespace alidade {

namespace {
constexpr int kDelayMs = 150;
QString modelKey() {
    return QStringLiteral("model");
}
} // namespace

DerivedCache::DerivedCache(ProjectDocument& document, JobRunner& jobs, QObject* parent)
    : QObject(parent), m_document(document), m_jobs(jobs) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &DerivedCache::fit);
    connect(&document, &ProjectDocument::definitionChanged, this, &DerivedCache::schedule);
    connect(&document, &ProjectDocument::trialsChanged, this, &DerivedCache::schedule);
    connect(&document, &ProjectDocument::trialsRemoved, this, &DerivedCache::schedule);
    connect(&document, &ProjectDocument::reset, this, &DerivedCache::forget);
    schedule();
}

bool DerivedCache::isCurrent() const {
    return m_modelRevision >= m_wantedRevision && (m_model || m_error);
}

bool DerivedCache::isFitting() const {
    return m_delay.isActive() || m_jobs.isRunning(modelKey());
}

void DerivedCache::setPaused(bool paused) {
    if (std::exchange(m_paused, paused) == paused)
        return;
    if (m_paused)
        m_delay.stop();
    else if (!isCurrent())
        m_delay.start();
}

void DerivedCache::schedule() {
    m_wantedRevision = m_document.revision();
    // Not restarted: a stream of results must not put the model off for ever.
    if (!m_paused && m_document.isOpen() && !m_delay.isActive())
        m_delay.start();
}

void DerivedCache::forget() {
    m_jobs.discard(modelKey());
    m_model.reset();
    m_error.reset();
    m_modelRevision = 0;
    schedule();
    emit modelChanged();
}

void DerivedCache::fit() {
    if (!m_document.isOpen())
        return;
    m_jobs.start(
        {modelKey(), tr("Fitting the model"), m_document.revision()}, this,
        [study = m_document.snapshot(), earlier = m_model,
         project = m_document.path().toStdString()](const Monitor& monitor) {
            const auto sources = readSources(study->definition.strategy, project);
            // An edit of beliefs needs no fit.
            if (earlier)
                if (std::optional<StudyModel> reused = earlier->reusedFor(*study, sources))
                    return Result<StudyModel>(*std::move(reused));
            Result<StudyModel> fitted = StudyModel::fit(*study, {0, sources}, monitor);
            if (fitted)
                static_cast<void>(fitted->bestTrial()); // the window asks for it: search here
            return fitted;
        },
        [this](Result<StudyModel> fitted, quint64 revision) {
            m_modelRevision = revision;
            if (fitted.ok()) {
                m_model = std::move(fitted).value();
                m_error.reset();
            } else {
                m_model.reset();
                m_error = fitted.error();
            }
            emit modelChanged();
        });
    emit modelChanged();
}

} // namespace alidade
