#pragma once

#include "project_file/project_file.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace alidade {

/// The whole content of a project file, at opening or after a failure.
struct StoreSnapshot {
    Study study;
    QString path;
    QString notice;
    bool readOnly = false;
};

/// The owner of a ProjectFile on the worker thread of a document. Operations are carried out in the order in
/// which they come; what other processes write is polled between them. All members run on the worker thread;
/// the document talks to it by queued calls and listens to its signals.
class ProjectStore : public QObject {
    Q_OBJECT
public:
    using Operation = std::function<Result<void>(ProjectFile&)>;

    static constexpr int kPollMs = 200;

    ProjectStore();
    ~ProjectStore() override;

    void open(const QString& path);
    void create(const QString& path, const Definition& definition);
    /// `what` names the operation for the user should it fail.
    void execute(quint64 sequence, const QString& what, Operation operation);
    /// Reads without changing; not numbered.
    void query(std::function<void(ProjectFile&)> reader);
    /// Finishes what is queued, closes the file and emits closed().
    void close();

signals:
    void opened(std::shared_ptr<alidade::StoreSnapshot> content);
    void openFailed(const alidade::Error& error);
    void committed(quint64 sequence);
    /// `sequence` is the last operation that the changes contain.
    void changed(std::shared_ptr<alidade::Changes> changes, quint64 sequence);
    /// The operation is lost; `content` is what the file holds, if it could be read.
    void failed(quint64 sequence, const QString& what, const alidade::Error& error,
                std::shared_ptr<alidade::StoreSnapshot> content);
    void pollFailed(const alidade::Error& error);
    /// Another process holds the file; the operations wait.
    void waiting(bool isWaiting);
    /// Carries the answer of an operation or query to the thread of the document.
    void answered(std::function<void()> callback);
    void closed();

private:
    struct Queued {
        quint64 sequence = 0;
        QString what;
        Operation operation;
        int attempts = 0;
    };

    void adopt(Result<ProjectFile> file);
    [[nodiscard]] Result<std::shared_ptr<StoreSnapshot>> readAll();
    void process();
    void poll();
    void finishClosing();

    std::optional<ProjectFile> m_file;
    Revision m_revision = 0;
    std::deque<Queued> m_queue;
    QTimer* m_pollTimer = nullptr;
    QTimer* m_retryTimer = nullptr;
    quint64 m_lastSequence = 0;
    QString m_lastPollError;
    bool m_waiting = false;
    bool m_closing = false;
};

/// Lives on the worker thread and ends it when told to and when the last store has closed.
class StoreHost : public QObject {
    Q_OBJECT
public:
    void adopt(ProjectStore* store);
    void finish();

private:
    void quitWhenDone();

    int m_openStores = 0;
    bool m_finishing = false;
};

} // namespace alidade
