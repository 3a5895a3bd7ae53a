#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "pages/history_page.h"
#include "pages/history_plot_data.h"
#include "pages/history_text.h"
#include "plots/history_plots.h"
#include "plots/plot_axis.h"
#include "plots/series_items.h"
#include "plots/timeline_plot.h"

#include <QCheckBox>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

Study sampleStudy(int objectives) {
    Study study;
    Definition& definition = study.definition;
    Parameter x;
    x.id = {definition.nextId++};
    x.name = "x";
    x.domain = RealRange{0.0, 1.0, Scale::Linear, std::nullopt};
    definition.space.parameters.push_back(x);
    for (int i = 0; i < objectives; ++i) {
        Objective objective;
        objective.id = {definition.nextId++};
        objective.name = i == 0 ? "loss" : "speed";
        objective.goal = i == 0 ? Goal::Minimize : Goal::Maximize;
        if (i == 0)
            objective.knownOptimum = 0.5;
        definition.objectives.push_back(objective);
    }
    return study;
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    std::unique_ptr<DerivedCache> cache;
    std::unique_ptr<HistoryPage> page;

    explicit Fixture(Study study) {
        document.openInMemory(std::move(study));
        cache = std::make_unique<DerivedCache>(document, jobs);
        cache->setPaused(true);
        page = std::make_unique<HistoryPage>(document, jobs, *cache, selection);
        page->resize(1100, 800);
        page->show();
    }
    /// Adds a trial and measures it, as a runner would.
    void measure(double loss, double speed = 0.0) {
        Trial trial;
        trial.origin = Origin::Model;
        const std::size_t before = document.study().trials.size();
        trial.setting[document.definition().space.parameters[0].id] =
            0.25 + 0.01 * static_cast<double>(before);
        document.addTrials({trial});
        QTRY_COMPARE(document.study().trials.size(), before + 1);
        Measurements values{{document.definition().objectives[0].id, {loss, std::nullopt}}};
        if (document.definition().objectives.size() > 1)
            values[document.definition().objectives[1].id] = {speed, std::nullopt};
        document.complete(document.study().trials.back().id, values);
    }
};

} // namespace

class HistoryPageTest : public QObject {
    Q_OBJECT
private slots:
    void emptyStateSaysWhatToDo();
    void resultsArriveLive();
    void liveResultsKeepTheZoom();
    void twoObjectivesShowAFront();
    void desirabilitiesShowTheOverallOne();
    void failuresAreMarksWithTheirReason();
    void farValuesAreMarkedNotDrawn();
    void regretIsLogarithmic();
    void logarithmicValues();
    void clickSelectsAndSelectionShows();
    void timelineShowsRuns();
    void bulkRange_data();
    void bulkRange();
};

void HistoryPageTest::emptyStateSaysWhatToDo() {
    Fixture f(sampleStudy(1));
    QTRY_VERIFY(f.page->findChild<QWidget*>("empty")->isVisible());
    QVERIFY(f.page->emptyText().text.contains("Trials"));
}

void HistoryPageTest::resultsArriveLive() {
    Fixture f(sampleStudy(1));
    f.measure(3.0);
    f.measure(4.0);
    f.measure(2.0);
    QTRY_COMPARE(f.page->bestPlots().size(), std::size_t(1));
    const BestSoFarPlot& plot = *f.page->bestPlots()[0];
    QTRY_COMPARE(plot.trials().points().size(), std::size_t(3));
    QCOMPARE(plot.best().x(), std::vector<double>({1, 3}));
    QCOMPARE(plot.best().y(), std::vector<double>({3.0, 2.0}));
    f.measure(1.0);
    QTRY_COMPARE(plot.best().y().back(), 1.0);
    QCOMPARE(plot.trials().points().back().style, static_cast<int>(TrialStyle::Model));
}

void HistoryPageTest::liveResultsKeepTheZoom() {
    Fixture f(sampleStudy(1));
    for (const double loss : {3.0, 4.0, 2.0, 1.5})
        f.measure(loss);
    BestSoFarPlot& plot = *f.page->bestPlots()[0];
    QTRY_COMPARE(plot.trials().points().size(), std::size_t(4));
    plot.zoomTo({{1.5, 3.5}, {1.0, 3.0}});
    f.measure(0.7);
    QTRY_COMPARE(plot.trials().points().size(), std::size_t(5));
    QCOMPARE(plot.range(), (PlotRange{{1.5, 3.5}, {1.0, 3.0}}));
}

void HistoryPageTest::twoObjectivesShowAFront() {
    Fixture f(sampleStudy(2));
    f.measure(3.0, 5.0);
    f.measure(2.0, 3.0);
    f.measure(4.0, 4.0);
    QVERIFY(f.page->frontPlot() != nullptr);
    QTRY_COMPARE(f.page->frontPlot()->front().points().size(), std::size_t(2));
    QCOMPARE(f.page->bestPlots().size(), std::size_t(2));
    QCOMPARE(f.page->bestPlots()[1]->best().y(), std::vector<double>({5.0, 5.0}));
    QCOMPARE(f.page->frontPlot()->border().x(), std::vector<double>({2.0, 3.0, 3.0}));
    QCOMPARE(f.page->frontPlot()->border().y(), std::vector<double>({3.0, 3.0, 5.0}));
    QCOMPARE(f.page->regretPlots().size(), std::size_t(1));
}

void HistoryPageTest::desirabilitiesShowTheOverallOne() {
    Fixture f(sampleStudy(2));
    QVERIFY(f.page->desirability() == nullptr);
    EditSequence edits;
    for (Objective objective : f.document.definition().objectives) {
        objective.desirability.emplace();
        objective.desirability->shape = edits.edits.empty()
                                            ? DesirabilityShape(DesirabilityMin{0.0, 10.0})
                                            : DesirabilityShape(DesirabilityTarget{0.0, 5.0, 10.0});
        edits.edits.emplace_back(PutObjective{objective, kKeepPlace});
    }
    QVERIFY(f.document.push(edits, QStringLiteral("desirabilities")));
    f.measure(6.0, 4.0);
    f.measure(2.0, 4.0);
    QTRY_VERIFY(f.page->desirability() != nullptr);
    QTRY_COMPARE(f.page->desirability()->trials().points().size(), std::size_t{2});
    QVERIFY(std::abs(f.page->desirability()->best().y().back() - 0.8) < 1e-12); // sqrt((10 - 2) / 10 * 4 / 5)
    QVERIFY(f.page->bestPlots()[1]->best().y().empty());
    QVERIFY(f.page->bestPlots()[1]->wanted()[0]->isVisible());
    QVERIFY(!f.page->bestPlots()[1]->wanted()[1]->isVisible());
    QVERIFY(!f.page->bestPlots()[0]->wanted()[0]->isVisible());
    QCOMPARE(directionTitle(f.document.definition().objectives[1]), QStringLiteral("speed: 5 is best"));
}

void HistoryPageTest::failuresAreMarksWithTheirReason() {
    Fixture f(sampleStudy(1));
    f.measure(3.0);
    f.measure(3.5);
    Trial trial = f.document.study().trials.back();
    trial.state = TrialState::Failed;
    trial.values.clear();
    trial.failure = "exit code 137";
    QVERIFY(f.document.push(PutTrial{trial}, "correct"));
    const BestSoFarPlot& plot = *f.page->bestPlots()[0];
    QTRY_COMPARE(plot.failed().marks().size(), std::size_t(1));
    QCOMPARE(plot.failed().marks()[0].x, 2.0);
    const auto hit = plot.failed().hitTest(plot.failed().scenePosition(0));
    QVERIFY(hit && hit->text.contains("exit code 137"));
    QVERIFY(plot.plotRect().contains(plot.failed().scenePosition(0)));
}

void HistoryPageTest::farValuesAreMarkedNotDrawn() {
    Fixture f(sampleStudy(1));
    for (int i = 0; i < 12; ++i)
        f.measure(i == 4 ? 1e6 : 1.0 + 0.1 * (i % 5));
    const BestSoFarPlot& plot = *f.page->bestPlots()[0];
    QTRY_COMPARE(plot.trials().points().size(), std::size_t(12));
    QCOMPARE(plot.above().marks().size(), std::size_t(1));
    QCOMPARE(plot.above().marks()[0].x, 5.0);
    QVERIFY(plot.range().y.high < 3.0);
}

void HistoryPageTest::regretIsLogarithmic() {
    Fixture f(sampleStudy(1));
    f.measure(10.5);
    f.measure(0.6);
    f.measure(0.5);
    QTRY_COMPARE(f.page->regretPlots()[0]->line().y().size(), std::size_t(3));
    const RegretPlot& plot = *f.page->regretPlots()[0];
    QCOMPARE(static_cast<int>(plot.yAxis().kind()), static_cast<int>(AxisKind::Log));
    QVERIFY(std::abs(plot.line().y()[0] - 10.0) < 1e-12);
    QVERIFY(std::abs(plot.line().y()[1] - 0.1) < 1e-12);
    QCOMPARE(plot.reached().marks().size(), std::size_t(1)); // regret 0 at trial 3
    QCOMPARE(plot.reached().marks()[0].x, 3.0);
}

void HistoryPageTest::logarithmicValues() {
    Fixture f(sampleStudy(1));
    f.measure(100.0);
    f.measure(0.01);
    f.measure(-1.0);
    const BestSoFarPlot& plot = *f.page->bestPlots()[0];
    QTRY_COMPARE(plot.trials().points().size(), std::size_t(3));
    auto* box = f.page->findChild<QCheckBox*>("logarithmic");
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    QVERIFY(box->isChecked());
    QCOMPARE(static_cast<int>(plot.yAxis().kind()), static_cast<int>(AxisKind::Log));
    QCOMPARE(plot.below().marks().size(), std::size_t(1));
    QVERIFY(plot.range().y.low < -2.0 && plot.range().y.high > 2.0);
}

void HistoryPageTest::clickSelectsAndSelectionShows() {
    Fixture f(sampleStudy(1));
    f.measure(3.0);
    f.measure(4.0);
    f.measure(2.0);
    BestSoFarPlot& plot = *f.page->bestPlots()[0];
    QTRY_COMPARE(plot.trials().points().size(), std::size_t(3));
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, plot.mapFromScene(plot.trials().scenePosition(1)));
    QCOMPARE(f.selection.current(), f.document.study().trials[1].id);
    QVERIFY(plot.selectedKeys().contains(f.document.study().trials[1].id.value));
    QVERIFY(trialText(f.document.study(), f.selection.current()).contains("loss: 4"));
}

void HistoryPageTest::timelineShowsRuns() {
    Study study = sampleStudy(1);
    for (int i = 0; i < 4; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = i == 3 ? TrialState::Failed : TrialState::Complete;
        trial.values[study.definition.objectives[0].id] = {1.0, std::nullopt};
        trial.startedMs = 1'000'000 + 60'000 * (i / 2);
        trial.finishedMs = trial.startedMs + 60'000;
        study.trials.push_back(trial);
    }
    Fixture f(study);
    QTRY_COMPARE(f.page->timelinePlot().timeline().bars().size(), std::size_t(4));
    const TimelinePlot& plot = f.page->timelinePlot();
    QCOMPARE(plot.yAxis().spec().categories.size(), 2);
    const auto& rects = plot.timeline().rects();
    QVERIFY(std::abs(rects[0].right() - rects[2].left()) < 1e-6);
    QVERIFY(!rects[0].intersects(rects[1]));
    QCOMPARE(plot.timeline().bars()[3].kind, TimelineBarData::Kind::Failed);
}

void HistoryPageTest::bulkRange_data() {
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("few") << QList<double>{1, 2, 1000} << 1.0 << 1000.0;
    QTest::newRow("regular") << QList<double>{1, 2, 3, 4, 5, 6, 7, 8, 9} << 1.0 << 9.0;
    QTest::newRow("far") << QList<double>{1, 2, 3, 4, 5, 6, 7, 8, 900} << 1.0 << 8.0;
    QTest::newRow("both sides") << QList<double>{-900, 2, 3, 4, 5, 6, 7, 8, 900} << 2.0 << 8.0;
    QTest::newRow("equal") << QList<double>{3, 3, 3, 3, 3, 3, 3, 3, 4} << 3.0 << 4.0;
}

void HistoryPageTest::bulkRange() {
    QFETCH(QList<double>, values);
    QFETCH(double, low);
    QFETCH(double, high);
    QCOMPARE(alidade::bulkRange({values.begin(), values.end()}), (AxisRange{low, high}));
}

QTEST_MAIN(HistoryPageTest)
#include "tst_history_page.moc"
