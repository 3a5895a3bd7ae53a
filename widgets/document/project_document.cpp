#include "document/project_document.h"

#include "document/edit_scope.h"
#include "document/project_store.h"

#include <QDateTime>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <utility>

namespace alidade {

namespace {

constexpr int kLastWaitMs = 10000;

std::vector<Trial>::iterator placeOf(std::vector<Trial>& trials, TrialId id) {
    return std::lower_bound(trials.begin(), trials.end(), id,
                            [](const Trial& trial, TrialId wanted) { return trial.id < wanted; });
}

void put(Study& study, const Trial& trial) {
    const auto place = placeOf(study.trials, trial.id);
    if (place != study.trials.end() && place->id == trial.id)
        *place = trial;
    else
        study.trials.insert(place, trial);
}

Error namedError(const QString& what, Error error) {
    error.context = what.toStdString() + (error.context.empty() ? "" : ", " + error.context);
    return error;
}

std::filesystem::path filePath(const QString& path) {
    return std::filesystem::path(path.toStdU16String());
}

} // namespace

ProjectDocument::ProjectDocument(QObject* parent)
    : QObject(parent), m_study(std::make_shared<Study>()), m_thread(new QThread), m_host(new StoreHost) {
    m_thread->setObjectName(QStringLiteral("project file"));
    m_host->moveToThread(m_thread);
    connect(m_thread, &QThread::finished, m_host, &QObject::deleteLater);
    m_thread->start();
}

ProjectDocument::~ProjectDocument() {
    releaseStore(false);
    abandonOpening();
    QMetaObject::invokeMethod(m_host, [host = m_host] { host->finish(); });
    if (m_thread->wait(kLastWaitMs))
        delete m_thread;
    // Otherwise another process holds the file: the thread is left to the end of this process.
}

std::int64_t ProjectDocument::nowMs() {
    return QDateTime::currentMSecsSinceEpoch();
}

ProjectDocument::StoreState ProjectDocument::storeState() const {
    if (!m_open)
        return StoreState::Closed;
    if (m_store == nullptr)
        return StoreState::InMemory;
    if (m_readOnly)
        return StoreState::ReadOnly;
    if (m_waiting)
        return StoreState::Waiting;
    return m_pending.empty() ? StoreState::Saved : StoreState::Saving;
}

// --- opening and closing ---------------------------------------------------------------------------------

void ProjectDocument::openFile(const QString& path) {
    startOpening(path, nullptr);
}

void ProjectDocument::createFile(const QString& path, const Definition& definition) {
    startOpening(path, &definition);
}

void ProjectDocument::abandonOpening() {
    ProjectStore* const store = std::exchange(m_openingStore, nullptr);
    if (store == nullptr)
        return;
    disconnect(store, nullptr, this, nullptr);
    QMetaObject::invokeMethod(store, [store] { store->close(); });
}

void ProjectDocument::startOpening(const QString& path, const Definition* created) {
    abandonOpening(); // the newer wish wins
    auto* const store = new ProjectStore;
    store->moveToThread(m_thread);
    m_openingStore = store;
    connect(store, &ProjectStore::opened, this,
            [this](const std::shared_ptr<StoreSnapshot>& content) { adoptStore(content); });
    connect(store, &ProjectStore::openFailed, this, [this, path](const Error& error) {
        abandonOpening();
        emit openFailed(path, error);
    });
    QMetaObject::invokeMethod(m_host, [host = m_host, store] { host->adopt(store); });
    if (created != nullptr)
        QMetaObject::invokeMethod(store,
                                  [store, path, definition = *created] { store->create(path, definition); });
    else
        QMetaObject::invokeMethod(store, [store, path] { store->open(path); });
}

void ProjectDocument::adoptStore(const std::shared_ptr<StoreSnapshot>& content) {
    releaseStore(false);
    m_store = std::exchange(m_openingStore, nullptr);
    disconnect(m_store, &ProjectStore::opened, this, nullptr);
    disconnect(m_store, &ProjectStore::openFailed, this, nullptr);
    connect(m_store, &ProjectStore::committed, this, [this](quint64 sequence) { dropConfirmed(sequence); });
    connect(m_store, &ProjectStore::changed, this,
            [this](const std::shared_ptr<Changes>& changes, quint64 sequence) { merge(*changes, sequence); });
    connect(m_store, &ProjectStore::failed, this,
            [this](quint64 sequence, const QString& what, const Error& error,
                   const std::shared_ptr<StoreSnapshot>& fresh) {
                dropConfirmed(sequence);
                adoptReloaded(fresh);
                emit storeFailed(namedError(what, error));
            });
    connect(m_store, &ProjectStore::answered, this,
            [](const std::function<void()>& callback) { callback(); });
    connect(m_store, &ProjectStore::pollFailed, this, &ProjectDocument::storeFailed);
    connect(m_store, &ProjectStore::waiting, this, [this](bool isWaiting) {
        m_waiting = isWaiting;
        emit storeStateChanged();
    });
    m_path = content->path;
    m_notice = content->notice;
    m_readOnly = content->readOnly;
    m_open = true;
    replaceStudy(std::move(content->study));
    emit noticeChanged();
}

void ProjectDocument::openInMemory(Study study) {
    releaseStore(false);
    m_path.clear();
    m_notice.clear();
    m_readOnly = false;
    m_open = true;
    m_lastTrialId = study.trials.empty() ? 0 : study.trials.back().id.value;
    replaceStudy(std::move(study));
    emit noticeChanged();
}

void ProjectDocument::close() {
    const bool hadStore = m_store != nullptr;
    releaseStore(true);
    m_path.clear();
    m_notice.clear();
    m_readOnly = false;
    m_open = false;
    replaceStudy({});
    emit noticeChanged();
    if (!hadStore)
        emit closed();
}

/// Lets go of the store: it writes what is queued, closes its file and deletes itself.
void ProjectDocument::releaseStore(bool tellClosed) {
    m_pending.clear();
    m_additions.clear();
    m_waiting = false;
    ProjectStore* const store = std::exchange(m_store, nullptr);
    if (store == nullptr)
        return;
    disconnect(store, nullptr, this, nullptr);
    // The loss of a change is told even when its project is no longer shown.
    connect(store, &ProjectStore::failed, this, [this](quint64, const QString& what, const Error& error) {
        emit storeFailed(namedError(what, error));
    });
    if (tellClosed)
        connect(store, &ProjectStore::closed, this, &ProjectDocument::closed);
    QMetaObject::invokeMethod(store, [store] { store->close(); });
}

void ProjectDocument::replaceStudy(Study study) {
    m_undoStack.clear();
    m_study = std::make_shared<Study>(std::move(study));
    ++m_revision;
    emit reset();
    emit storeStateChanged();
}

// --- changes of this process -----------------------------------------------------------------------------

/// Snapshots that jobs hold never change: the first write after one was taken copies.
Study& ProjectDocument::writable() {
    if (m_study.use_count() > 1)
        m_study = std::make_shared<Study>(*m_study);
    else
        std::atomic_thread_fence(std::memory_order_acquire); // pairs with the release by the last reader
    return *m_study;
}

bool ProjectDocument::push(const Edit& edit, const QString& text, int mergeKey) {
    if (!canEdit()) {
        emit editRefused(makeError(ErrorCode::ReadOnly,
                                   m_open ? "the project was opened read-only" : "no project is open"));
        return false;
    }
    if (changesNothing(edit, *m_study))
        return false;
    auto inverse = perform(edit, text);
    if (!inverse.ok()) {
        emit editRefused(inverse.error());
        return false;
    }
    m_undoStack.push(new EditCommand(edit, std::move(inverse).value(), text, mergeKey, performer()));
    announce(edit);
    return true;
}

Result<Edit> ProjectDocument::perform(const Edit& edit, const QString& text) {
    ALIDADE_ASSIGN(Edit inverse, apply(edit, writable()));
    ++m_revision;
    commit(
        text,
        [edit](Study& study) {
            // Part of it may be in the file's content already; what fails here is settled by the file.
            if (const auto again = apply(edit, study); !again.ok())
                return;
        },
        [edit](ProjectFile& file) -> Result<void> {
            ALIDADE_CHECK(file.apply(edit));
            return {};
        });
    return inverse;
}

EditCommand::Performer ProjectDocument::performer() {
    return [this](const Edit& next, const Edit& done, const QString& text) -> Result<EditCommand::Performed> {
        auto outcome = [&]() -> Result<EditCommand::Performed> {
            ALIDADE_ASSIGN(Edit fitted, rebasedEdit(next, done, *m_study));
            ALIDADE_ASSIGN(Edit inverse, perform(fitted, text));
            return EditCommand::Performed{std::move(fitted), std::move(inverse)};
        }();
        if (outcome.ok())
            announce(outcome->done);
        else
            emit editRefused(outcome.error());
        return outcome;
    };
}

void ProjectDocument::announce(const Edit& edit) {
    const EditScope scope = scopeOf(edit);
    if (scope.definition)
        emit definitionChanged();
    const std::set<TrialId> touched(scope.trials.begin(), scope.trials.end());
    QVector<TrialId> changed;
    QVector<TrialId> removed;
    for (const TrialId id : touched)
        (m_study->find(id) != nullptr ? changed : removed).append(id);
    if (!removed.isEmpty())
        emit trialsRemoved(removed);
    if (!changed.isEmpty())
        emit trialsChanged(changed);
}

void ProjectDocument::commit(const QString& what, std::function<void(Study&)> reapply,
                             std::function<Result<void>(ProjectFile&)> operation) {
    if (m_store == nullptr)
        return;
    const quint64 sequence = m_nextSequence++;
    m_pending.push_back({sequence, std::move(reapply)});
    QMetaObject::invokeMethod(m_store, [store = m_store, sequence, what, operation = std::move(operation)] {
        store->execute(sequence, what, operation);
    });
    if (m_pending.size() == 1)
        emit storeStateChanged();
}

void ProjectDocument::addTrials(std::vector<Trial> trials, const QString& undoText) {
    if (trials.empty() || !canEdit())
        return;
    if (m_store == nullptr) {
        Study& study = writable();
        Addition addition{{}, undoText};
        QVector<TrialId> ids;
        for (Trial& trial : trials) {
            trial.id = TrialId{++m_lastTrialId};
            ids.append(trial.id);
            addition.ids.push_back(trial.id);
            study.trials.push_back(std::move(trial));
        }
        ++m_revision;
        emit trialsChanged(ids);
        m_additions.push_back(std::move(addition));
        settleAdditions();
        return;
    }
    commit(
        tr("New trials"), [](Study&) {},
        [this, store = m_store, trials = std::move(trials), undoText](ProjectFile& file) -> Result<void> {
            ALIDADE_ASSIGN(std::vector<TrialId> ids, file.addTrials(trials));
            // `this` is used on its own thread only, through a connection that ends with it.
            emit store->answered([this, ids, undoText] { m_additions.push_back({ids, undoText}); });
            return {};
        });
}

/// Makes the undo steps of additions whose trials have arrived from the file.
void ProjectDocument::settleAdditions() {
    for (auto addition = m_additions.begin(); addition != m_additions.end();) {
        EditSequence done;
        EditSequence inverse;
        for (const TrialId id : addition->ids) {
            if (const Trial* trial = m_study->find(id)) {
                done.edits.emplace_back(PutTrial{*trial});
                inverse.edits.emplace_back(RemoveTrial{id});
            }
        }
        if (done.edits.size() < addition->ids.size()) {
            ++addition;
            continue;
        }
        if (!addition->undoText.isEmpty())
            m_undoStack.push(new EditCommand(done, inverse, addition->undoText, -1, performer()));
        addition = m_additions.erase(addition);
    }
}

void ProjectDocument::record(TrialId id, const QString& what, const std::function<void(Trial&)>& change,
                             std::function<Result<void>(ProjectFile&)> operation) {
    if (!canEdit())
        return;
    Trial* const trial = writable().find(id);
    if (trial == nullptr) {
        emit editRefused(
            makeError(ErrorCode::NotFound, "there is no such trial", "trial " + std::to_string(id.value)));
        return;
    }
    change(*trial);
    ++m_revision;
    commit(
        what,
        [id, change](Study& study) {
            if (Trial* const again = study.find(id))
                change(*again);
        },
        std::move(operation));
    emit trialsChanged({id});
}

void ProjectDocument::complete(TrialId id, const Measurements& values) {
    record(
        id, tr("Result of trial %1").arg(id.value),
        [values, now = nowMs()](Trial& trial) {
            trial.state = TrialState::Complete;
            trial.values = values;
            trial.finishedMs = now;
        },
        [id, values](ProjectFile& file) { return file.complete(id, values); });
}

void ProjectDocument::fail(TrialId id, const QString& reason) {
    record(
        id, tr("Failure of trial %1").arg(id.value),
        [text = reason.toStdString(), now = nowMs()](Trial& trial) {
            trial.state = TrialState::Failed;
            trial.failure = text;
            trial.finishedMs = now;
        },
        [id, text = reason.toStdString()](ProjectFile& file) { return file.fail(id, text); });
}

void ProjectDocument::withdraw(TrialId id) {
    record(
        id, tr("Withdrawal of trial %1").arg(id.value),
        [](Trial& trial) { trial.state = TrialState::Withdrawn; },
        [id](ProjectFile& file) { return file.withdraw(id); });
}

// --- what comes from the file ----------------------------------------------------------------------------

void ProjectDocument::dropConfirmed(quint64 sequence) {
    const bool wasBusy = !m_pending.empty();
    while (!m_pending.empty() && m_pending.front().sequence <= sequence)
        m_pending.pop_front();
    if (wasBusy && m_pending.empty())
        emit storeStateChanged();
}

void ProjectDocument::merge(const Changes& changes, quint64 sequence) {
    dropConfirmed(sequence);
    Study& study = writable();
    const Definition before = study.definition;
    std::map<TrialId, std::optional<Trial>> old;
    for (const Trial& trial : changes.trials) {
        const Trial* present = std::as_const(study).find(trial.id);
        old.emplace(trial.id, present == nullptr ? std::nullopt : std::optional<Trial>(*present));
        put(study, trial);
    }
    QVector<TrialId> removed;
    for (const TrialId id : changes.removed) {
        const auto place = placeOf(study.trials, id);
        if (place != study.trials.end() && place->id == id) {
            study.trials.erase(place);
            removed.append(id);
        }
    }
    if (changes.definition)
        study.definition = *changes.definition;
    for (const PendingChange& pending : m_pending)
        pending.reapply(study);

    QVector<TrialId> changed;
    for (const auto& [id, trial] : old) {
        const Trial* now = std::as_const(study).find(id);
        if (now != nullptr && !(trial && *trial == *now))
            changed.append(id);
    }
    settleAdditions();
    const bool definitionDiffers = !(before == study.definition);
    if (!definitionDiffers && changed.isEmpty() && removed.isEmpty())
        return; // the echo of our own changes
    ++m_revision;
    if (definitionDiffers)
        emit definitionChanged();
    if (!removed.isEmpty())
        emit trialsRemoved(removed);
    if (!changed.isEmpty())
        emit trialsChanged(changed);
}

void ProjectDocument::adoptReloaded(const std::shared_ptr<StoreSnapshot>& content) {
    if (!content)
        return;
    for (const PendingChange& pending : m_pending)
        pending.reapply(content->study);
    // The steps refer to a history that did not come to pass.
    replaceStudy(std::move(content->study));
}

// --- reading beside the study ----------------------------------------------------------------------------

void ProjectDocument::saveCopy(const QString& target, bool overwrite, QObject* context,
                               std::function<void(Result<void>)> done) {
    if (m_store == nullptr) {
        done(makeError(ErrorCode::NotFound, "no project file is open"));
        return;
    }
    QPointer<QObject> guard(context);
    QMetaObject::invokeMethod(m_store, [=, store = m_store, done = std::move(done)] {
        store->query([&](ProjectFile& file) {
            auto outcome = file.saveCopy(filePath(target), overwrite);
            emit store->answered([guard, done, outcome = std::move(outcome)] {
                if (guard)
                    done(outcome);
            });
        });
    });
}

void ProjectDocument::readOutput(TrialId id, OutputStream stream, QObject* context,
                                 std::function<void(Result<std::string>)> done) {
    if (m_store == nullptr) {
        done(std::string());
        return;
    }
    QPointer<QObject> guard(context);
    QMetaObject::invokeMethod(m_store, [=, store = m_store, done = std::move(done)] {
        store->query([&](ProjectFile& file) {
            auto outcome = file.output(id, stream);
            emit store->answered([guard, done, outcome = std::move(outcome)] {
                if (guard)
                    done(outcome);
            });
        });
    });
}

} // namespace alidade
