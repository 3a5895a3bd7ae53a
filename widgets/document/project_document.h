#pragma once

#include "document/edit_command.h"
#include "project_file/project_file.h"
#include "study/edit.h"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThread>
#include <QUndoStack>
#include <QVector>

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace alidade {

class ProjectStore;
class StoreHost;
struct StoreSnapshot;

/// The open project as the window sees it: a study, its undo steps, a revision and precise signals. The GUI
/// thread is the only writer. Changes apply in memory at once and are committed in order by a worker thread,
/// which owns the file; what other processes write arrives within a fraction of a second. Nothing here waits.
class ProjectDocument : public QObject {
    Q_OBJECT
public:
    enum class StoreState {
        Closed,
        InMemory, ///< a study without a file
        Saved,
        Saving,
        Waiting, ///< another process holds the file; changes are kept and tried again
        ReadOnly
    };

    explicit ProjectDocument(QObject* parent = nullptr);
    /// Waits for queued changes to be written, at most 10 s.
    ~ProjectDocument() override;

    /// Opening is asynchronous: reset() follows, or openFailed() and the present project stays open.
    void openFile(const QString& path);
    void createFile(const QString& path, const Definition& definition);
    /// A study without a file (ids of trials are given here).
    void openInMemory(Study study);
    /// Asynchronous: writes what is queued, then reset() and closed().
    void close();

    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] bool isOpening() const { return m_openingStore != nullptr; }
    [[nodiscard]] bool isReadOnly() const { return m_readOnly; }
    [[nodiscard]] bool canEdit() const { return m_open && !m_readOnly; }
    [[nodiscard]] const QString& path() const { return m_path; } ///< empty: no file
    /// Why it is read-only, or what was repaired at opening; empty when nothing.
    [[nodiscard]] const QString& notice() const { return m_notice; }
    [[nodiscard]] StoreState storeState() const;

    /// Valid until the next change; take a snapshot() for a job.
    [[nodiscard]] const Study& study() const { return *m_study; }
    [[nodiscard]] const Definition& definition() const { return m_study->definition; }
    /// Shared, never changing; copies nothing now.
    [[nodiscard]] std::shared_ptr<const Study> snapshot() const { return m_study; }
    /// Grows with every change in memory, also over projects.
    [[nodiscard]] quint64 revision() const { return m_revision; }
    [[nodiscard]] QUndoStack& undoStack() { return m_undoStack; }

    /// Performs an undoable edit; `text` is what Undo shows. Successive pushes with the same mergeKey (>= 0)
    /// and text become one step. False when it changes nothing or was refused (editRefused tells why).
    bool push(const Edit& edit, const QString& text, int mergeKey = -1);

    /// Registers trials; the file gives the ids, and trialsChanged follows. With `undoText` an undo step is
    /// made that removes them as long as nothing was measured.
    void addTrials(std::vector<Trial> trials, const QString& undoText = {});
    /// Results from outside, not undoable by accident.
    void complete(TrialId id, const Measurements& values);
    void fail(TrialId id, const QString& reason);
    void withdraw(TrialId id);

    /// Copies the project into another file; `done` is called here.
    void saveCopy(const QString& target, bool overwrite, QObject* context,
                  std::function<void(Result<void>)> done);
    /// Captured output of a trial's latest attempt.
    void readOutput(TrialId id, OutputStream stream, QObject* context,
                    std::function<void(Result<std::string>)> done);

    /// Milliseconds since 1970 UTC, for new trials.
    [[nodiscard]] static std::int64_t nowMs();

signals:
    void definitionChanged();
    void trialsChanged(const QVector<alidade::TrialId>& changedOrAdded);
    void trialsRemoved(const QVector<alidade::TrialId>& removed);
    /// Another project, or none: everything is new.
    void reset();
    void closed();
    void openFailed(const QString& path, const alidade::Error& error);
    /// A change could not be written and is lost, or the file cannot be read any more.
    void storeFailed(const alidade::Error& error);
    void editRefused(const alidade::Error& error);
    void noticeChanged();
    void storeStateChanged();

private:
    /// A change that the file has not confirmed; done again when newer content arrives from the file.
    struct PendingChange {
        quint64 sequence = 0;
        std::function<void(Study&)> reapply;
    };
    struct Addition {
        std::vector<TrialId> ids;
        QString undoText;
    };

    void startOpening(const QString& path, const Definition* created);
    void adoptStore(const std::shared_ptr<StoreSnapshot>& content);
    void releaseStore(bool tellClosed);
    void abandonOpening();
    void replaceStudy(Study study);
    void adoptReloaded(const std::shared_ptr<StoreSnapshot>& content);
    void merge(const Changes& changes, quint64 sequence);
    void dropConfirmed(quint64 sequence);
    void settleAdditions();

    [[nodiscard]] Study& writable();
    [[nodiscard]] Result<Edit> perform(const Edit& edit, const QString& text);
    [[nodiscard]] EditCommand::Performer performer();
    void announce(const Edit& edit);
    void record(TrialId id, const QString& what, const std::function<void(Trial&)>& change,
                std::function<Result<void>(ProjectFile&)> operation);
    void commit(const QString& what, std::function<void(Study&)> reapply,
                std::function<Result<void>(ProjectFile&)> operation);

    std::shared_ptr<Study> m_study;
    QUndoStack m_undoStack;
    quint64 m_revision = 0;
    quint64 m_nextSequence = 1;
    std::deque<PendingChange> m_pending;
    std::vector<Addition> m_additions;
    QString m_path;
    QString m_notice;
    QString m_openingPath;
    QThread* m_thread = nullptr;
    StoreHost* m_host = nullptr;            ///< lives on m_thread, like the stores
    ProjectStore* m_store = nullptr;        ///< lives on m_thread
    ProjectStore* m_openingStore = nullptr; ///< likewise, until it has opened
    std::int64_t m_lastTrialId = 0;         ///< of a study without a file
    bool m_open = false;
    bool m_readOnly = false;
    bool m_waiting = false;
};

} // namespace alidade
