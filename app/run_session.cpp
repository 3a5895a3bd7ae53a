#include "run_session.h"

#include <QMetaObject>

#include <new>

namespace alidade {
namespace {

QString textOf(const RunEvent& event) {
    const QString text = QString::fromStdString(event.text);
    const QString trial = QString::number(event.trial.value);
    switch (event.kind) {
    case RunEvent::Kind::Suggested: return RunSession::tr("Trial %1 suggested. %2").arg(trial, text);
    case RunEvent::Kind::TrialStarted: return RunSession::tr("Trial %1 started").arg(trial);
    case RunEvent::Kind::TrialFinished: return RunSession::tr("Trial %1: %2").arg(trial, text);
    case RunEvent::Kind::TrialFailed: return RunSession::tr("Trial %1 failed: %2").arg(trial, text);
    case RunEvent::Kind::Started:
    case RunEvent::Kind::Message:
    case RunEvent::Kind::Finished: break;
    }
    return text;
}

} // namespace

RunSession::RunSession(QObject* parent) : QObject(parent) {}

RunSession::~RunSession() = default; // the thread is asked to stop and joined

void RunSession::start(const QString& file, std::optional<int> budget) {
    if (m_running)
        return;
    m_running = true;
    m_stopping = false;
    RunOptions options;
    options.file = file.toStdString();
    options.budget = budget;
    options.threads = 1; // the window and the programs need the other cores
    m_thread = std::jthread([this, options](const std::stop_token& stop) {
        const auto report = [this](const RunEvent& event) {
            QMetaObject::invokeMethod(this, [this, text = textOf(event)] { emit line(text); });
        };
        Result<RunSummary> summary = makeError(ErrorCode::Internal, "not run");
        try {
            summary = runStudy(options, Monitor(stop), report);
        } catch (const std::exception& failure) {
            summary = makeError(ErrorCode::Internal, failure.what());
        }
        QMetaObject::invokeMethod(this, [this, summary] {
            m_running = false;
            m_stopping = false;
            if (summary)
                emit finished(QString::fromStdString(summary->reason));
            else
                emit failed(summary.error());
            emit stateChanged();
        });
    });
    emit stateChanged();
}

void RunSession::stop() {
    if (!m_running || m_stopping)
        return;
    m_stopping = true;
    m_thread.request_stop();
    emit stateChanged();
}

} // namespace alidade
