#include "document/project_store.h"

#include <QThread>

#include <exception>
#include <filesystem>
#include <utility>

namespace alidade {

namespace {

constexpr int kRetryMs = 250;
/// Each attempt waits 5 s for the lock by itself.
constexpr int kMaximumAttempts = 5;

std::filesystem::path pathOf(const QString& path) {
    return std::filesystem::path(path.toStdU16String());
}

/// The border at which exceptions of the worker end.
template <typename Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& exception) {
        return makeError(ErrorCode::Internal, exception.what());
    }
}

} // namespace

ProjectStore::ProjectStore() = default;
ProjectStore::~ProjectStore() = default;

void ProjectStore::open(const QString& path) {
    adopt(guarded([&] { return ProjectFile::open(pathOf(path)); }));
}

void ProjectStore::create(const QString& path, const Definition& definition) {
    adopt(guarded([&] { return ProjectFile::create(pathOf(path), definition); }));
}

void ProjectStore::adopt(Result<ProjectFile> file) {
    if (!file.ok()) {
        emit openFailed(file.error());
        return;
    }
    m_file.emplace(std::move(file).value());
    auto content = readAll();
    if (!content.ok()) {
        m_file.reset();
        emit openFailed(content.error());
        return;
    }
    // Timers belong to the worker thread, so they are made here and not in the constructor.
    m_pollTimer = new QTimer(this);
    m_pollTimer->setInterval(kPollMs);
    connect(m_pollTimer, &QTimer::timeout, this, &ProjectStore::poll);
    m_pollTimer->start();
    m_retryTimer = new QTimer(this);
    m_retryTimer->setSingleShot(true);
    m_retryTimer->setInterval(kRetryMs);
    connect(m_retryTimer, &QTimer::timeout, this, &ProjectStore::process);
    emit opened(std::move(content).value());
}

Result<std::shared_ptr<StoreSnapshot>> ProjectStore::readAll() {
    return guarded([this]() -> Result<std::shared_ptr<StoreSnapshot>> {
        auto content = std::make_shared<StoreSnapshot>();
        // The revision first: what is written between the two reads is then polled once more, never missed.
        ALIDADE_ASSIGN(const Revision revision, m_file->revision());
        ALIDADE_ASSIGN(content->study, m_file->load());
        m_revision = revision;
        content->path = QString::fromStdU16String(m_file->path().u16string());
        content->notice = QString::fromStdString(m_file->notice());
        content->readOnly = m_file->isReadOnly();
        return content;
    });
}

void ProjectStore::execute(quint64 sequence, const QString& what, Operation operation) {
    m_queue.push_back({sequence, what, std::move(operation), 0});
    if (m_retryTimer == nullptr || !m_retryTimer->isActive())
        process();
}

void ProjectStore::query(std::function<void(ProjectFile&)> reader) {
    if (m_file)
        reader(*m_file);
}

void ProjectStore::process() {
    while (m_file && !m_queue.empty()) {
        Queued& head = m_queue.front();
        const auto outcome = guarded([&] { return head.operation(*m_file); });
        if (!outcome.ok() && outcome.error().code == ErrorCode::Locked &&
            ++head.attempts < kMaximumAttempts) {
            if (!std::exchange(m_waiting, true))
                emit waiting(true);
            m_retryTimer->start();
            return;
        }
        if (std::exchange(m_waiting, false))
            emit waiting(false);
        const Queued done = std::move(head);
        m_queue.pop_front();
        m_lastSequence = done.sequence;
        if (outcome.ok()) {
            emit committed(done.sequence);
            continue;
        }
        auto content = readAll();
        emit failed(done.sequence, done.what, outcome.error(), content.ok() ? content.value() : nullptr);
    }
    poll();
    if (m_closing)
        finishClosing();
}

void ProjectStore::poll() {
    if (!m_file || !m_queue.empty())
        return;
    auto changes = guarded([this] { return m_file->changesSince(m_revision); });
    if (!changes.ok()) {
        // Told once, not five times a second; a lock passes by itself.
        const QString text = QString::fromStdString(changes.error().text());
        if (changes.error().code != ErrorCode::Locked && text != m_lastPollError)
            emit pollFailed(changes.error());
        m_lastPollError = text;
        return;
    }
    m_lastPollError.clear();
    m_revision = changes->revision;
    if (changes->definition || !changes->trials.empty() || !changes->removed.empty())
        emit changed(std::make_shared<Changes>(std::move(changes).value()), m_lastSequence);
}

void ProjectStore::close() {
    m_closing = true;
    if (m_queue.empty() || !m_file)
        finishClosing();
}

void ProjectStore::finishClosing() {
    if (m_pollTimer != nullptr)
        m_pollTimer->stop();
    m_file.reset();
    emit closed();
}

void StoreHost::adopt(ProjectStore* store) {
    ++m_openStores;
    connect(store, &ProjectStore::closed, this, [this, store] {
        --m_openStores;
        store->deleteLater();
        quitWhenDone();
    });
}

void StoreHost::finish() {
    m_finishing = true;
    quitWhenDone();
}

void StoreHost::quitWhenDone() {
    if (m_finishing && m_openStores == 0)
        thread()->quit();
}

} // namespace alidade
