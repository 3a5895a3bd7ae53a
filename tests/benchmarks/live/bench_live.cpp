// Pages that show many trials: time of a frame, the longest time that one event holds the GUI thread, memory;
// then as many results as ten minutes bring at ten a second, faster, with the memory in use along the way.
#include "../measured_application.h"
#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "exchange/study_json.h"
#include "pages/fronts_page.h"
#include "pages/history_page.h"
#include "pages/history_parallel_panel.h"
#include "pages/trials_page.h"
#include "plots/history_plots.h"
#include "plots/parallel_plot.h"
#include "plots/plot_axis.h"
#include "space/sampling.h"

#include <QAbstractItemView>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <string>
#include <vector>

using namespace alidade;

namespace {

/// Processor time of the thread of the window: other work on the machine does not count.
template <typename Call>
double medianMs(int repetitions, Call call) {
    std::vector<double> times;
    for (int i = 0; i < repetitions; ++i) {
        const double before = threadMs();
        call(i);
        times.push_back(threadMs() - before);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

double residentMib() {
    QFile file("/proc/self/statm");
    if (!file.open(QIODevice::ReadOnly))
        return 0.0;
    return file.readAll().split(' ').value(1).toDouble() * 4096.0 / 1048576.0;
}

double heapMib() {
    return static_cast<double>(mallinfo2().uordblks) / 1048576.0;
}

Measurements outcomeOf(const Definition& definition, const Setting& setting) {
    double sum = 0.0;
    for (const auto& [id, value] : setting)
        if (const auto* number = std::get_if<double>(&value))
            sum += std::pow(std::log10(std::max(1e-6, *number)) + 1.0, 2);
    Measurements values{{definition.objectives[0].id, {sum + 0.1 * std::sin(50.0 * sum), std::nullopt}}};
    if (definition.objectives.size() > 1)
        values[definition.objectives[1].id] = {std::cos(3.0 * sum) * sum, std::nullopt};
    return values;
}

double frameMs(QWidget& widget) {
    QImage frame(widget.size(), QImage::Format_ARGB32_Premultiplied);
    return medianMs(15, [&](int) { widget.render(&frame); });
}

struct Bench {
    explicit Bench(MeasuredApplication& measured) : application(measured) {
        stack.addWidget(new QWidget);
        stack.resize(1280, 800);
        stack.show();
        wait(300);
    }

    MeasuredApplication& application;
    ProjectDocument document;
    JobRunner jobs;
    TrialSelection selection;
    std::vector<TrialId> pending;
    QStackedWidget stack; ///< of a window that is on screen already, as when the user changes pages

    void measureNext() {
        const TrialId id = pending.back();
        pending.pop_back();
        document.complete(id, outcomeOf(document.definition(), document.study().find(id)->setting));
    }

    /// Shows the page, then brings ten results while it is shown.
    void page(const char* name, QWidget& widget) {
        stack.addWidget(&widget);
        wait(100);
        (void)application.longest();
        QTimer::singleShot(0, &stack, [&] { stack.setCurrentWidget(&widget); });
        wait(1500);
        application.report((std::string(name) + ", shown").c_str());
        const double frame = frameMs(widget);
        (void)application.longest();
        for (int i = 0; i < 10; ++i) {
            measureNext();
            wait(250);
        }
        application.report("  ten results");
        std::printf("  frame %6.1f ms; heap %5.0f MiB, resident %5.0f MiB\n", frame, heapMib(),
                    residentMib());
    }
};

void fill(Bench& bench, std::size_t trials, std::size_t results, bool two) {
    Study study;
    std::string text = R"({"alidade": 1, "name": "many", "seed": 1,
        "objectives": [{"name": "loss", "unit": "nat"}OTHER], "parameters": [
        {"name": "rate", "type": "real", "low": 1e-5, "high": 0.1, "scale": "log"},
        {"name": "decay", "type": "real", "low": 1e-6, "high": 0.01, "scale": "log"},
        {"name": "layers", "type": "integer", "low": 1, "high": 12},
        {"name": "batch", "type": "ordinal", "choices": [16, 32, 64, 128]},
        {"name": "optimizer", "type": "categorical", "choices": ["sgd", "adam"]},
        {"name": "momentum", "type": "real", "low": 0, "high": 0.99, "when": {"optimizer": ["sgd"]}}]})";
    const std::string other = "OTHER";
    text.replace(text.find(other), other.size(), two ? R"(, {"name": "seconds", "goal": "maximize"})" : "");
    study.definition = definitionFromText(text).value();
    const auto settings = sampleFeasible(study.definition.space, trials + results, SamplingOptions{});
    for (std::size_t i = 0; i < settings->size(); ++i) {
        Trial trial;
        trial.id = {static_cast<std::int64_t>(i) + 1};
        trial.setting = (*settings)[i];
        trial.origin = i % 3 == 0 ? Origin::Initial : Origin::Model;
        if (i < trials) {
            trial.state = i % 50 == 49 ? TrialState::Failed : TrialState::Complete;
            if (trial.state == TrialState::Complete)
                trial.values = outcomeOf(study.definition, trial.setting);
            trial.startedMs = 1'700'000'000'000 + 1000 * static_cast<std::int64_t>(i / 4);
            trial.finishedMs = trial.startedMs + 900;
        } else {
            bench.pending.push_back(trial.id);
        }
        study.trials.push_back(std::move(trial));
    }
    bench.document.openInMemory(std::move(study));
}

void parallel(Bench& bench, HistoryPage& page) {
    page.findChild<QTabWidget*>("historyTabs")->setCurrentIndex(1);
    bench.page("Parallel coordinates", page);
    ParallelPlot& plot = page.parallel().plot();
    QImage frame(plot.size(), QImage::Format_ARGB32_Premultiplied);
    ParallelItem& item = plot.parallel();
    const auto at = [&](double share) { return QPointF(item.axisX(0), plot.yAxis().toPixel(share)); };
    const auto ready = [&] {
        QElapsedTimer timer;
        timer.start();
        while (!item.isPictureReady()) {
            plot.viewport()->render(&frame);
            wait(1);
        }
        return static_cast<double>(timer.nsecsElapsed()) / 1e6;
    };
    (void)ready();
    (void)item.canDrag(at(0.2));
    const double brushing = medianMs(15, [&](int i) {
        item.dragTo(at(0.4 + 0.03 * i));
        plot.viewport()->render(&frame);
    });
    const double follows = ready();
    const double released = medianMs(1, [&](int) {
        item.dragEnded(); // selects on every page
        plot.viewport()->render(&frame);
    });
    const double all = ready();
    const double hover = medianMs(15, [&](int i) {
        (void)plot.hitAt({200.0 + 20.0 * i, 300.0});
        plot.viewport()->render(&frame);
    });
    std::printf(
        "%-22s a step of a range %6.1f ms (picture of a part %6.1f ms later); released %6.1f ms (picture "
        "of all %6.1f ms later); hover and repaint %6.1f ms\n",
        "", brushing, follows, released, all, hover);
    // What the range selected stays selected, everywhere.
    item.setBrush(0, std::nullopt);
}

} // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // figures are seen as they come
    MeasuredApplication application(argc, argv);
    const auto trials = static_cast<std::size_t>(argc > 1 ? std::atoi(argv[1]) : 10000);
    const auto results = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 6000);
    Bench bench(application);
    fill(bench, trials, results + 100, false);
    DerivedCache cache(bench.document, bench.jobs);
    cache.setPaused(true); // pages without the model
    std::printf("%zu trials measured; heap %.0f MiB, resident %.0f MiB\n", trials, heapMib(), residentMib());
    {
        TrialsPage page(bench.document, bench.jobs, bench.selection);
        bench.page("Trials", page);
        auto* view = page.findChild<QAbstractItemView*>();
        QImage frame(view->size(), QImage::Format_ARGB32_Premultiplied);
        const int last = view->verticalScrollBar()->maximum();
        const double scroll = medianMs(30, [&](int i) {
            view->verticalScrollBar()->setValue(last * i / 30);
            view->viewport()->render(&frame);
        });
        std::printf("%-22s scroll and repaint %6.1f ms\n", "", scroll);
    }
    HistoryPage page(bench.document, bench.jobs, cache, bench.selection);
    bench.page("History", page);
    parallel(bench, page);

    page.findChild<QTabWidget*>("historyTabs")->setCurrentIndex(0);
    wait(500);
    std::printf("History, %zu results, each after 10 ms of idle time:\n", results);
    const std::size_t all = bench.pending.size();
    const std::size_t stop = all - std::min(all, results);
    const auto stage = [&](const char* when) {
        application.report(when);
        std::printf("%-34s heap %.1f MiB, resident %.1f MiB\n", "", heapMib(), residentMib());
    };
    (void)application.longest();
    for (std::size_t step = 0; bench.pending.size() > stop; ++step) {
        if (step % std::max<std::size_t>(1, results / 6) == 0)
            stage(("  after " + std::to_string(all - bench.pending.size())).c_str());
        bench.measureNext();
        wait(10);
    }
    stage("  at the end");
    Bench other(application);
    fill(other, trials, 100, true);
    DerivedCache otherCache(other.document, other.jobs);
    otherCache.setPaused(true);
    FrontsPage fronts(other.document, other.jobs, otherCache, other.selection);
    other.page("Fronts", fronts);
    fronts.findChild<QTabWidget*>("frontTabs")->setCurrentIndex(1);
    other.page("Fronts, parallel", fronts);
    return 0;
}
