#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace alidade {

inline double threadMs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Remembers what the longest outermost events cost; takes no memory that grows.
class MeasuredApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        if (m_depth++ > 0) {
            const bool result = QApplication::notify(receiver, event);
            --m_depth;
            return result;
        }
        QElapsedTimer timer;
        timer.start();
        const double busyBefore = threadMs();
        const char* const name = receiver->metaObject()->className();
        const int type = event->type();
        const bool result = QApplication::notify(receiver, event);
        --m_depth;
        ++m_count;
        Cost cost{static_cast<double>(timer.nsecsElapsed()) / 1e6, threadMs() - busyBefore, name, type};
        for (Cost& longest : m_longest)
            if (cost.ms > longest.ms)
                std::swap(cost, longest);
        return result;
    }

    /// Of the events since the last question, ms of wall time.
    double longest() {
        m_count = 0;
        return std::exchange(m_longest, {})[0].ms;
    }

    /// Prints the three longest events since the last question.
    void report(const char* phase) {
        std::printf("%-34s %6zu events; longest:", phase, m_count);
        for (const Cost& cost : m_longest)
            if (cost.receiver != nullptr)
                std::printf("  %.1f ms (%.1f busy; %s, event %d)", cost.ms, cost.busyMs, cost.receiver,
                            cost.event);
        std::printf("\n");
        std::fflush(stdout);
        (void)longest();
    }

private:
    struct Cost {
        double ms = 0.0;
        double busyMs = 0.0;            ///< of the processor; the rest was waiting for one
        const char* receiver = nullptr; ///< class name, which lives as long as the program
        int event = 0;
    };
    int m_depth = 0;
    std::size_t m_count = 0;
    std::array<Cost, 3> m_longest{}; ///< longest first
};

inline void wait(int ms) {
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace alidade
