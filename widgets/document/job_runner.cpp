#include "document/job_runner.h"

#include <QMutex>
#include <QMutexLocker>
#include <QThread>
#include <QThreadPool>

#include <algorithm>
#include <atomic>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace alidade {

namespace {

/// The window's thread goes first: workers (and the threads they start) give way a little. Not IdlePriority,
/// which would starve beside measurements that use all cores.
void lowerPriority() {
#ifdef Q_OS_LINUX
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 5);
#endif
}

} // namespace

struct JobRunner::Job {
    quint64 id = 0;
    JobRequest request;
    QPointer<QObject> context;
    Task task;
    std::stop_source stop;
    bool waiting = true;
    bool superseded = false;
    bool stopping = false;
    double shownFraction = -1.0;
    QString shownStage;

    QMutex mutex; // guards what the worker reports
    double fraction = 0.0;
    QString stage;
};

/// Where workers leave results; survives the runner.
struct JobRunner::Mailbox {
    QMutex mutex;
    JobRunner* runner = nullptr;
};

JobRunner::JobRunner(QObject* parent)
    : QObject(parent), m_mailbox(std::make_shared<Mailbox>()), m_pool(new QThreadPool) {
    m_mailbox->runner = this;
    m_pool->setMaxThreadCount(std::max(2, QThread::idealThreadCount()));
    m_progressTimer.setInterval(100);
    connect(&m_progressTimer, &QTimer::timeout, this, &JobRunner::reportProgress);
}

JobRunner::~JobRunner() {
    {
        const QMutexLocker lock(&m_mailbox->mutex);
        m_mailbox->runner = nullptr;
    }
    for (const auto& job : m_jobs)
        job->stop.request_stop();
    // A worker that does not listen is left to the end of the process rather than freezing the window.
    if (m_pool->waitForDone(5000))
        delete m_pool;
}

quint64 JobRunner::enqueue(const JobRequest& request, QObject* context, Task task) {
    auto job = std::make_shared<Job>();
    job->id = m_nextId++;
    job->request = request;
    job->context = context;
    job->task = std::move(task);

    bool busy = false;
    if (!request.key.isEmpty()) {
        for (const auto& other : m_jobs) {
            if (other->request.key != request.key)
                continue;
            other->superseded = true;
            other->stop.request_stop();
            busy = busy || !other->waiting;
        }
        std::erase_if(m_jobs, [](const auto& other) { return other->waiting && other->superseded; });
    }
    m_jobs.push_back(job);
    if (!busy)
        launch(job);
    emit jobsChanged();
    return job->id;
}

void JobRunner::launch(const std::shared_ptr<Job>& job) {
    job->waiting = false;
    if (!m_progressTimer.isActive())
        m_progressTimer.start();
    m_pool->start([job, mailbox = m_mailbox] {
        lowerPriority();
        // The monitor's sink must not keep the job alive beyond its task.
        Job* const raw = job.get();
        const Monitor monitor(job->stop.get_token(), [raw](double fraction, std::string_view stage) {
            const QMutexLocker lock(&raw->mutex);
            raw->fraction = std::clamp(fraction, 0.0, 1.0);
            raw->stage = QString::fromUtf8(stage.data(), static_cast<qsizetype>(stage.size()));
        });
        Completion completion = job->task(monitor);
        const QMutexLocker lock(&mailbox->mutex);
        if (JobRunner* const runner = mailbox->runner)
            QMetaObject::invokeMethod(
                runner, [runner, id = job->id, completion] { runner->finished(id, completion); },
                Qt::QueuedConnection);
    });
}

void JobRunner::finished(quint64 id, const Completion& completion) {
    const auto found =
        std::find_if(m_jobs.begin(), m_jobs.end(), [id](const auto& job) { return job->id == id; });
    if (found == m_jobs.end())
        return;
    const std::shared_ptr<Job> job = *found;
    m_jobs.erase(found);
    for (const auto& other : m_jobs) {
        if (other->waiting && other->request.key == job->request.key) {
            launch(other);
            break;
        }
    }
    if (m_jobs.empty())
        m_progressTimer.stop();
    emit jobsChanged();
    if (!job->superseded && job->context)
        completion();
}

void JobRunner::cancel(quint64 id) {
    for (const auto& job : m_jobs) {
        if (job->id == id && !job->stopping) {
            job->stopping = true;
            job->stop.request_stop();
            emit jobsChanged();
            return;
        }
    }
}

void JobRunner::cancelAll() {
    for (const auto& job : m_jobs) {
        job->stopping = true;
        job->stop.request_stop();
    }
    emit jobsChanged();
}

void JobRunner::discard(const QString& key) {
    for (const auto& job : m_jobs) {
        if (job->request.key == key) {
            job->superseded = true;
            job->stopping = true;
            job->stop.request_stop();
        }
    }
    std::erase_if(m_jobs, [&key](const auto& job) { return job->waiting && job->request.key == key; });
    emit jobsChanged();
}

QVector<JobInfo> JobRunner::jobs() const {
    QVector<JobInfo> list;
    for (const auto& job : m_jobs) {
        if (job->superseded)
            continue;
        const QMutexLocker lock(&job->mutex);
        list.append({job->id, job->request.key, job->request.title, job->stage, job->fraction, job->waiting,
                     job->stopping});
    }
    return list;
}

bool JobRunner::isRunning(const QString& key) const {
    return std::any_of(m_jobs.begin(), m_jobs.end(),
                       [&key](const auto& job) { return job->request.key == key && !job->superseded; });
}

void JobRunner::reportProgress() {
    for (const JobInfo& info : jobs()) {
        const auto found = std::find_if(m_jobs.begin(), m_jobs.end(),
                                        [&info](const auto& job) { return job->id == info.id; });
        if (found == m_jobs.end()) // a receiver of the signal ended it
            continue;
        Job& job = **found;
        if (job.shownFraction == info.fraction && job.shownStage == info.stage)
            continue;
        job.shownFraction = info.fraction;
        job.shownStage = info.stage;
        emit jobProgress(info);
    }
}

} // namespace alidade
