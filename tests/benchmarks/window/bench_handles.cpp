// What one mouse move costs while a desirability handle is dragged in a study of 500 trials: the event, the
// new curve, fields and axis, and the repaint of everything that changed; and how long the ranking takes to
// follow. Busy time is the processor's, so that it does not depend on what else the machine does.
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/desirability_card.h"
#include "models/study_findings.h"
#include "pages/goals_desirability.h"
#include "pages/goals_page.h"
#include "plots/desirability_plot.h"
#include "plots/plot_axis.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

using namespace alidade;

namespace {

constexpr int kTrials = 500;
constexpr int kMoves = 300;

double threadMs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

Study sampleStudy() {
    Study study;
    for (const char* name : {"size", "seconds", "memory"}) {
        Objective objective;
        objective.id = {study.definition.nextId++};
        objective.name = name;
        objective.unit = "u";
        objective.desirability = DesirabilityFunction{DesirabilityMin{0.0, 10.0, 1.5}, {}, {}, 1.0};
        study.definition.objectives.push_back(objective);
    }
    for (int i = 0; i < kTrials; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        for (std::size_t k = 0; k < 3; ++k)
            trial.values[study.definition.objectives[k].id] = {
                5.0 + 4.9 * std::sin(0.37 * (i + 1) * static_cast<double>(k + 1)), std::nullopt};
        study.trials.push_back(trial);
    }
    return study;
}

void mouse(PlotView& view, QEvent::Type type, const QPointF& scene) {
    const QPointF at = view.mapFromScene(scene);
    const bool up = type == QEvent::MouseButtonRelease;
    QMouseEvent event(type, at, view.viewport()->mapToGlobal(at),
                      type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                      up ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

void print(const char* what, std::vector<double> times) {
    std::sort(times.begin(), times.end());
    std::printf("%-32s median %.2f ms, 95 %% %.2f ms, longest %.2f ms\n", what, times[times.size() / 2],
                times[times.size() * 95 / 100], times.back());
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    JobRunner jobs;
    ProjectDocument document;
    document.openInMemory(sampleStudy());
    StudyFindings findings(document);
    TrialSelection selection;
    GoalsPage page(document, jobs, findings, selection);
    page.resize(1180, 1600);
    page.show();
    const auto settle = [&] {
        while (!page.desirability().isUpToDate())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::processEvents();
    };
    settle();

    DesirabilityPlot& plot = page.desirability().cards()[0]->plot();
    const QPointF from = plot.handles().scenePosition(2);
    mouse(plot, QEvent::MouseButtonPress, from);
    std::vector<double> frames;
    std::vector<double> busy;
    std::vector<double> rankings;
    for (int i = 0; i < kMoves; ++i) {
        const double shift = -0.25 * plot.plotRect().width() * (1.0 - std::cos(0.05 * i));
        QElapsedTimer timer;
        timer.start();
        const double before = threadMs();
        mouse(plot, QEvent::MouseMove, from + QPointF(shift, 0.0));
        QCoreApplication::processEvents(QEventLoop::ExcludeSocketNotifiers); // repaints
        busy.push_back(threadMs() - before);
        frames.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        settle();
        rankings.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    mouse(plot, QEvent::MouseButtonRelease, from);
    std::printf("%d trials, 3 goals, %d moves of a handle\n", kTrials, kMoves);
    print("frame", frames);
    print("frame, processor time", busy);
    print("until the ranking is shown", rankings);
    return 0;
}
