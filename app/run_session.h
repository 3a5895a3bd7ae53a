#pragma once

#include "base/error.h"
#include "runners/study_runner.h"

#include <QObject>

#include <optional>
#include <thread>

namespace alidade {

/// A run of the study's command in the window: on a thread of its own, through the project file, like any
/// other process.
class RunSession : public QObject {
    Q_OBJECT

public:
    explicit RunSession(QObject* parent = nullptr);
    /// Stops and waits until the running programs have ended (they get two seconds).
    ~RunSession() override;

    void start(const QString& file, std::optional<int> budget);
    void stop();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] bool isStopping() const { return m_stopping; }

signals:
    void stateChanged();
    void line(const QString& text);
    void finished(const QString& reason);
    void failed(const alidade::Error& error);

private:
    std::jthread m_thread;
    bool m_running = false;
    bool m_stopping = false;
};

} // namespace alidade
