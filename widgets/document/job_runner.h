#pragma once

#include "base/monitor.h"
#include "base/result.h"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>
#include <QVector>

#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

class QThreadPool;

namespace alidade {

/// What a job is for. Of the requests with one key the newest wins: an older one is asked to stop, its result
/// is dropped, and the new one starts when it has left (so a slow job is never run twice at once).
struct JobRequest {
    QString key;
    QString title;        ///< for the status bar, translated; empty = not listed
    quint64 revision = 0; ///< of the document that the work was given; handed back with the result
};

/// One running or waiting job, for display.
struct JobInfo {
    quint64 id = 0;
    QString key;
    QString title;
    QString stage;
    double fraction = 0.0; ///< in [0, 1]; 0 until the first report
    bool waiting = false;
    bool stopping = false;
};

/// Runs core functions on a thread pool, so that the GUI thread never computes. All members are called on the
/// thread of this object, and callbacks arrive there. Work must not touch QObjects of that thread; it gets
/// its input by value. Exceptions end here and arrive as an Error.
class JobRunner : public QObject {
    Q_OBJECT
public:
    explicit JobRunner(QObject* parent = nullptr);
    /// Asks all jobs to stop and waits for them, at most 5 s.
    ~JobRunner() override;

    /// `work(const Monitor&)` returns a Result<T>; `done(Result<T>, quint64 revision)` is called once, unless
    /// a newer request with the same key came or `context` is gone. A cancelled job still delivers what it
    /// returned: the best result so far, or Cancelled.
    template <typename Work, typename Done>
    quint64 start(const JobRequest& request, QObject* context, Work work, Done done);

    /// Ask to stop; the callback still comes.
    void cancel(quint64 id);
    void cancelAll();
    /// Ask to stop and drop the result.
    void discard(const QString& key);

    [[nodiscard]] QVector<JobInfo> jobs() const;
    [[nodiscard]] bool isRunning(const QString& key) const;
    [[nodiscard]] bool isIdle() const { return m_jobs.empty(); }

signals:
    void jobsChanged();                    ///< a job was added, started, ended or was asked to stop
    void jobProgress(const JobInfo& info); ///< at most ten times a second per job

private:
    using Completion = std::function<void()>;
    using Task = std::function<Completion(const Monitor&)>;
    struct Job;
    struct Mailbox;

    quint64 enqueue(const JobRequest& request, QObject* context, Task task);
    void launch(const std::shared_ptr<Job>& job);
    void finished(quint64 id, const Completion& completion);
    void reportProgress();

    std::vector<std::shared_ptr<Job>> m_jobs;
    std::shared_ptr<Mailbox> m_mailbox;
    QThreadPool* m_pool = nullptr;
    QTimer m_progressTimer;
    quint64 m_nextId = 1;
};

template <typename Work, typename Done>
quint64 JobRunner::start(const JobRequest& request, QObject* context, Work work, Done done) {
    using Outcome = std::invoke_result_t<Work, const Monitor&>;
    const quint64 revision = request.revision;
    Task task = [work = std::move(work), done = std::move(done), revision](const Monitor& monitor) mutable {
        auto outcome = std::make_shared<Outcome>(makeError(ErrorCode::Internal, "not run"));
        try {
            *outcome = work(monitor);
        } catch (const std::bad_alloc&) {
            *outcome = makeError(ErrorCode::Internal, "out of memory");
        } catch (const std::exception& exception) {
            *outcome = makeError(ErrorCode::Internal, exception.what());
        } catch (...) {
            *outcome = makeError(ErrorCode::Internal, "unknown exception");
        }
        return Completion([outcome, done, revision]() mutable { done(std::move(*outcome), revision); });
    };
    return enqueue(request, context, std::move(task));
}

} // namespace alidade
