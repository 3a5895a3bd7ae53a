#pragma once

#include "base/error.h"
#include "suggest/study_model.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace alidade {

class JobRunner;
class ProjectDocument;

/// What is computed from the study and shared by pages: the fitted model. Computed in the background some
/// moments after a change; the previous model stays available meanwhile.
class DerivedCache : public QObject {
    Q_OBJECT
public:
    DerivedCache(ProjectDocument& document, JobRunner& jobs, QObject* parent = nullptr);

    /// The newest model that was fitted; nothing before the first, after another project was opened, or when
    /// the study has too few results (see error()).
    [[nodiscard]] const std::optional<StudyModel>& model() const { return m_model; }
    /// Revision of the document that model() and error() belong to.
    [[nodiscard]] quint64 modelRevision() const { return m_modelRevision; }
    /// Why there is no model for modelRevision().
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// Whether model() or error() describes the document as it is now.
    [[nodiscard]] bool isCurrent() const;
    [[nodiscard]] bool isFitting() const;

    /// A paused cache fits nothing (no page shows the model); it catches up when resumed.
    void setPaused(bool paused);
    [[nodiscard]] bool isPaused() const { return m_paused; }

signals:
    /// model(), error() or isFitting() changed.
    void modelChanged();

private:
    void schedule();
    void fit();
    void forget();

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    QTimer m_delay;
    std::optional<StudyModel> m_model;
    std::optional<Error> m_error;
    quint64 m_modelRevision = 0;
    quint64 m_wantedRevision = 0; ///< of the last change that can matter to a model
    bool m_paused = false;
};

} // namespace alidade
