// Frames per second while a density of the page Beliefs is dragged: mouse events as fast as the window
// follows (raster, as without a graphics card), sample functions weighed anew in the background.
#include "base/rng.h"
#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/density_editor.h"
#include "pages/beliefs_editor.h"
#include "pages/beliefs_page.h"
#include "pages/beliefs_preview.h"
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
constexpr int kParameters = 6;

/// Of this thread: what a frame takes however busy the machine is.
double processorSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Six parameters, a quadratic loss, a belief about each of the first parameters.
Study makeStudy(int trials, int beliefs) {
    Study study;
    Definition& d = study.definition;
    for (int i = 0; i < kParameters; ++i) {
        Parameter parameter;
        parameter.id = {d.nextId++};
        parameter.name = "x" + std::to_string(i + 1);
        parameter.domain = RealRange{0.0, 1.0, Scale::Linear, std::nullopt};
        d.space.parameters.push_back(parameter);
    }
    Objective objective;
    objective.id = {d.nextId++};
    objective.name = "loss";
    d.objectives.push_back(objective);
    for (int i = 0; i < beliefs; ++i) {
        Belief belief;
        belief.id = {d.nextId++};
        belief.claim = OptimumBelief{d.space.parameters[static_cast<std::size_t>(i % kParameters)].id,
                                     NormalDensity{0.5, 0.2}};
        belief.confidence = 0.8;
        d.beliefs.push_back(belief);
    }
    Rng rng(1, "bench");
    for (int i = 0; i < trials; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        double loss = 0.05 * rng.normal();
        for (const Parameter& parameter : d.space.parameters) {
            const double x = rng.uniform();
            trial.setting[parameter.id] = x;
            loss += (x - 0.6) * (x - 0.6);
        }
        trial.values[objective.id].value = loss;
        study.trials.push_back(trial);
    }
    return study;
}

void mouse(QWidget& widget, QEvent::Type type, const QPointF& at) {
    QMouseEvent event(type, at, widget.mapToGlobal(at),
                      type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                      type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
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

} // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const int trials = argc > 1 ? std::atoi(argv[1]) : 50;
    const int beliefs = argc > 2 ? std::atoi(argv[2]) : 3;
    JobRunner jobs;
    ProjectDocument document;
    document.openInMemory(makeStudy(trials, beliefs));
    TrialSelection selection;
    DerivedCache cache(document, jobs);
    BeliefsPage page(document, jobs, cache, selection);
    page.resize(1190, 720);
    page.show();
    const auto settle = [&] {
        QElapsedTimer timer;
        timer.start();
        while (!cache.isCurrent() || !page.isUpToDate() || !page.sketch() || !page.sketch()->measured)
            QApplication::processEvents(QEventLoop::AllEvents, 5);
        return static_cast<long long>(timer.elapsed());
    };
    settle();
    DensityEditor& density = page.editor().density();
    const double y = 0.5 * density.height();
    const double left = density.pixelOf(0.2);
    const double right = density.pixelOf(0.8);
    FrameCounter counter;
    page.installEventFilter(&counter);
    int moves = 0;
    int frames = 0;
    int sketches = 0;
    const BeliefModel* last = page.sketch()->model.get();
    double longest = 0.0;
    QElapsedTimer timer;
    timer.start();
    const double before = processorSeconds();
    mouse(density, QEvent::MouseButtonPress, {density.pixelOf(0.5), y});
    while (static_cast<double>(timer.elapsed()) < 1000.0 * kSeconds) {
        QElapsedTimer one;
        one.start();
        const double way = (moves * 5) % 200 / 100.0; // there and back
        mouse(density, QEvent::MouseMove, {left + (right - left) * (way < 1.0 ? way : 2.0 - way), y});
        QApplication::processEvents();
        ++moves;
        frames += counter.painted ? 1 : 0;
        counter.painted = false;
        sketches += page.sketch()->model.get() != last ? 1 : 0;
        last = page.sketch()->model.get();
        longest = std::max(longest, static_cast<double>(one.nsecsElapsed()) / 1e6);
    }
    mouse(density, QEvent::MouseButtonRelease, {left, y});
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    const double processor = processorSeconds() - before;
    std::printf("%d trials, %d beliefs: %.1f frames/s, %.1f of them with functions weighed anew, "
                "%.1f ms of processor time per frame, longest %.1f ms",
                trials, beliefs, frames / seconds, sketches / seconds,
                1000.0 * processor / std::max(1, frames), longest);
    std::printf(", all drawn anew %lld ms after release\n", settle());
    return 0;
}
