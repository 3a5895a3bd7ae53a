// Frames per second while a handle of the page Learning rate is dragged: mouse events as fast as the window
// follows (raster, as without a graphics card), curves computed in the background. And the time of one bound
// and of whole curves.
#include "document/job_runner.h"
#include "pages/learning_rate_compare.h"
#include "pages/learning_rate_curve.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_page.h"
#include "pages/learning_rate_plots.h"
#include "plots/handles_item.h"
#include "plots/plot_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace alidade;

namespace {

constexpr double kSeconds = 5.0;

/// Of this thread: what a frame takes however busy the machine is.
double processorSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void benchCurves(const Schedule& schedule, std::size_t steps) {
    const CurveKey key{schedule, steps, nullptr};
    const auto time = [&](auto work) {
        QElapsedTimer timer;
        timer.start();
        int repeats = 0;
        while (timer.elapsed() < 300 || repeats < 3) {
            work();
            ++repeats;
        }
        return static_cast<double>(timer.nsecsElapsed()) / 1e6 / repeats;
    };
    const auto eta = rates(schedule, steps);
    const double one = time([&] { (void)boundAt(*eta, {}, steps); });
    const double coarse = time([&] { (void)computeCurve(key, true); });
    const double fine = time([&] { (void)computeCurve(key, false); });
    std::printf("%8zu steps: one bound %8.3f ms, coarse curve %8.2f ms, whole curve %8.2f ms\n", steps, one,
                coarse, fine);
}

void mouse(PlotView& view, QEvent::Type type, const QPointF& scene) {
    const QPointF at = view.mapFromScene(scene);
    QMouseEvent event(type, at, view.viewport()->mapToGlobal(at), Qt::LeftButton,
                      type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(view.viewport(), &event);
}

/// Notes whether the window painted by itself; all that it paints after one mouse event is one frame.
class FrameCounter : public QObject {
public:
    bool painted = false;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        painted = painted || event->type() == QEvent::UpdateRequest;
        return false;
    }
};

void benchDrag(std::size_t steps, int schedules) {
    JobRunner jobs;
    LearningRatePage page(jobs);
    page.resize(1190, 720);
    page.show();
    LearningRateModel& model = page.model();
    model.change("bench", [&](LearningRateState& state) {
        state.steps = steps;
        while (static_cast<int>(state.entries.size()) < schedules)
            state.add({WsdShape{0.1 * static_cast<double>(state.entries.size())}});
        state.current = state.entries.front().id;
    });
    while (!model.isUpToDate())
        QApplication::processEvents(QEventLoop::AllEvents, 10);
    PlotView& view = *page.compare().plots().schedules();
    HandlesItem& handles = page.compare().plots().handles();
    std::size_t index = 0;
    for (std::size_t i = 0; i < handles.handles().size(); ++i)
        if (handles.handles()[i].movesX && handles.handles()[i].x > handles.handles()[index].x)
            index = i;
    const QPointF from = handles.scenePosition(index);
    int results = 0;
    QObject::connect(&model, &LearningRateModel::curvesChanged, &page, [&] { ++results; });
    FrameCounter counter;
    page.installEventFilter(&counter);
    QElapsedTimer timer;
    timer.start();
    int moves = 0;
    int frames = 0;
    double longest = 0.0;
    const double before = processorSeconds();
    mouse(view, QEvent::MouseButtonPress, from);
    while (static_cast<double>(timer.elapsed()) < 1000.0 * kSeconds) {
        QElapsedTimer one;
        one.start();
        mouse(view, QEvent::MouseMove, from - QPointF(1 + (moves * 3) % 400, 0.0));
        QApplication::processEvents();
        ++moves;
        frames += counter.painted ? 1 : 0;
        counter.painted = false;
        longest = std::max(longest, static_cast<double>(one.nsecsElapsed()) / 1e6);
    }
    mouse(view, QEvent::MouseButtonRelease, from - QPointF(200, 0.0));
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    const double processor = processorSeconds() - before;
    QElapsedTimer settle;
    settle.start();
    while (!model.isUpToDate())
        QApplication::processEvents(QEventLoop::AllEvents, 5);
    std::printf(
        "%8zu steps, %d schedules: %5.1f frames/s, %5.1f ms of processor time per frame, %5.1f new curves/s, "
        "longest frame %5.1f ms, fine curves %lld ms after release\n",
        steps, schedules, frames / seconds, 1000.0 * processor / std::max(1, frames), results / seconds,
        longest, static_cast<long long>(settle.elapsed()));
}

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const std::size_t steps = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10000;
    const int schedules = argc > 2 ? std::atoi(argv[2]) : 5;
    for (const std::size_t count : {std::size_t(1000), steps, std::size_t(100000)})
        benchCurves({WsdShape{}}, count);
    benchDrag(steps, schedules);
    return 0;
}
