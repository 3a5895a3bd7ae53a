#include "protocol/session.h"
#include "runners/study_runner.h"
#include "verbs/verbs.h"

#include <atomic>
#include <csignal>
#include <ctime>
#include <iostream>
#include <stop_token>
#include <thread>

namespace alidade {
namespace {

/// Turns SIGINT and SIGTERM into a stop request while it lives. Signals are taken by a thread of its own;
/// programs that are started get a clean signal mask.
class StopOnSignal {
public:
    explicit StopOnSignal(std::stop_source& source) {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        m_thread = std::jthread([this, &source](const std::stop_token& ending) {
            const timespec wait{0, 50000000};
            while (!ending.stop_requested()) {
                if (::sigtimedwait(&m_signals, nullptr, &wait) < 0)
                    continue;
                std::cerr << "alidade: stopping; running trials become pending again" << std::endl;
                m_interrupted = true;
                source.request_stop();
            }
        });
    }
    [[nodiscard]] bool interrupted() const { return m_interrupted; }

private:
    sigset_t m_signals{};
    std::atomic<bool> m_interrupted = false;
    std::jthread m_thread;
};

void printEvent(const RunEvent& event) {
    switch (event.kind) {
    case RunEvent::Kind::TrialStarted:
    case RunEvent::Kind::Suggested: return;
    case RunEvent::Kind::TrialFinished:
        std::cerr << "trial " << event.trial.value << ": " << event.text;
        break;
    case RunEvent::Kind::TrialFailed:
        std::cerr << "trial " << event.trial.value << " failed: " << event.text;
        break;
    case RunEvent::Kind::Started:
    case RunEvent::Kind::Message:
    case RunEvent::Kind::Finished: std::cerr << event.text; break;
    }
    std::cerr << std::endl;
}

} // namespace

int measureVerb(const Arguments& arguments) {
    RunOptions options;
    options.file = arguments.positional()[0];
    for (const auto& [name, target] :
         {std::pair{"budget", &options.budget}, std::pair{"jobs", &options.jobs}}) {
        auto number = arguments.count(name, 1);
        if (!number) {
            std::cerr << "alidade run: " << number.error().message << std::endl;
            return kUsage;
        }
        *target = *number;
    }
    if (const auto earlier = arguments.option("source")) {
        auto session = Session::open(options.file);
        if (!session) {
            reportError(session.error());
            return kCannotOpen;
        }
        if (const auto added = session->addSource(*earlier); !added)
            return reportError(added.error());
    }
    std::stop_source source;
    const StopOnSignal interruption(source);
    const auto summary = runStudy(options, Monitor(source.get_token()), printEvent);
    if (!summary) {
        const int code = reportError(summary.error());
        return summary.error().code == ErrorCode::NotFound ? static_cast<int>(kCannotOpen) : code;
    }
    std::cerr << summary->completed << " trials completed, " << summary->failed << " failed" << std::endl;
    return interruption.interrupted() ? kInterrupted : kDone;
}

} // namespace alidade
