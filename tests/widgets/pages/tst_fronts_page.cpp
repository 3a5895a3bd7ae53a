// Long because: every part of the page is tested in the same small study.
#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "pages/fronts_page.h"
#include "pages/fronts_pick.h"
#include "plots/front_plot.h"
#include "plots/parallel_plot.h"
#include "plots/plot_axis.h"
#include "plots/series_items.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// x in [0, 1] (log-free), mode in {a, b}, depth active for b only; objectives are minimised.
Study sampleStudy(int objectives) {
    Study study;
    Definition& definition = study.definition;
    Parameter x;
    x.id = {definition.nextId++};
    x.name = "x";
    x.domain = RealRange{0.0, 1.0, Scale::Linear, std::nullopt};
    definition.space.parameters.push_back(x);
    Parameter mode;
    mode.id = {definition.nextId++};
    mode.name = "mode";
    mode.domain = CategoricalChoices{{std::string("a"), std::string("b")}};
    definition.space.parameters.push_back(mode);
    Parameter depth;
    depth.id = {definition.nextId++};
    depth.name = "depth";
    depth.domain = RealRange{1.0, 5.0, Scale::Linear, std::nullopt};
    depth.conditions.push_back({mode.id, {std::string("b")}});
    definition.space.parameters.push_back(depth);
    for (int i = 0; i < objectives; ++i) {
        Objective objective;
        objective.id = {definition.nextId++};
        objective.name = std::string("f") + std::to_string(i + 1);
        objective.unit = i == 0 ? "s" : "MiB";
        objective.reference = 10.0;
        objective.desirability = DesirabilityFunction{DesirabilityMin{0.0, 10.0, 1.0}, {}, {}, 1.0};
        definition.objectives.push_back(objective);
    }
    OutcomeConstraint memory;
    memory.id = {definition.nextId++};
    memory.name = "memory";
    memory.upper = 1.0;
    definition.outcomeConstraints.push_back(memory);
    return study;
}

void add(Study& study, std::vector<double> values, double memory = 0.5) {
    const Definition& definition = study.definition;
    Trial trial;
    trial.id = {static_cast<std::int64_t>(study.trials.size()) + 1};
    trial.state = TrialState::Complete;
    trial.finishedMs = 1000 * trial.id.value;
    const bool even = trial.id.value % 2 == 0;
    trial.setting[definition.space.parameters[0].id] = 0.1 * static_cast<double>(trial.id.value);
    trial.setting[definition.space.parameters[1].id] = std::string(even ? "b" : "a");
    if (even)
        trial.setting[definition.space.parameters[2].id] = 2.0;
    for (std::size_t i = 0; i < definition.objectives.size(); ++i)
        trial.values[definition.objectives[i].id] = {values[i], std::nullopt};
    trial.values[definition.outcomeConstraints[0].id] = {memory, std::nullopt};
    study.trials.push_back(trial);
}

/// Trials 1, 2, 3 are the front; 4 is the second layer, 5 the third; 6 breaks the limit; 7 failed; 8 waits.
Study frontStudy() {
    Study study = sampleStudy(2);
    for (const auto& values : {std::pair(1.0, 8.0), std::pair(3.0, 3.0), std::pair(8.0, 1.0),
                               std::pair(4.0, 5.0), std::pair(6.0, 6.0)})
        add(study, {values.first, values.second});
    add(study, {0.5, 0.5}, 2.0);
    study.trials[1].values[study.definition.objectives[0].id].noiseSd = 0.4;
    Trial failed = study.trials[0];
    failed.id = {7};
    failed.finishedMs = 7000;
    failed.state = TrialState::Failed;
    failed.failure = "exit code 1";
    failed.values.clear();
    study.trials.push_back(failed);
    Trial waiting = study.trials[1];
    waiting.id = {8};
    waiting.state = TrialState::Pending;
    waiting.values.clear();
    waiting.setting[study.definition.space.parameters[0].id] = 0.33;
    study.trials.push_back(waiting);
    return study;
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    std::unique_ptr<DerivedCache> cache;
    std::unique_ptr<FrontsPage> page;

    explicit Fixture(Study study, bool model = false) {
        document.openInMemory(std::move(study));
        cache = std::make_unique<DerivedCache>(document, jobs);
        cache->setPaused(!model);
        page = std::make_unique<FrontsPage>(document, jobs, *cache, selection);
        page->resize(1100, 700);
        page->show();
    }
    template <typename Widget>
    [[nodiscard]] Widget* child(const char* name) const {
        return page->findChild<Widget*>(name);
    }
    [[nodiscard]] QPoint at(PlotView& view, double x, double y) const {
        return view.mapFromScene(QPointF(view.xAxis().toPixel(x), view.yAxis().toPixel(y)));
    }
    void drag(PlotView& view, const QPoint& from, const QPoint& to, bool release = true) const {
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, from);
        for (int step = 1; step <= 6; ++step)
            QTest::mouseMove(view.viewport(), from + (to - from) * step / 6);
        if (release)
            QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, to);
    }
    [[nodiscard]] std::size_t count(FrontStyle style) const {
        std::size_t found = 0;
        for (const PlotPoint& point : page->scatter().points().points())
            found += point.style == static_cast<int>(style) ? 1 : 0;
        return found;
    }
};

} // namespace

class FrontsPageTest : public QObject {
    Q_OBJECT
private slots:
    void emptyStates_data();
    void emptyStates();
    void tellsTrialsApart();
    void layersAndTheirLines();
    void errorBarsOfGivenNoise();
    void hypervolumeHistory();
    void draggingTheReference();
    void keysMoveTheReference();
    void clickSelectsAndSelectionShows();
    void neighboursAndActions();
    void picksByRule();
    void swapsObjectives();
    void matrixOfThree();
    void brushesByMouse();
    void axesMoveByMouseAndKeys();
    void brushesByKeys();
    void inactiveParametersAreMissing();
    void modelPlacesFailedAndWaiting();
    void modelledFrontIsABandThatFollowsResults();
    void modelledFrontOfThreeIsPoints();
    void bandLiesBetweenItsLevels();
    void frontLine_data();
    void frontLine();
};

void FrontsPageTest::emptyStates_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<QString>("says");
    QTest::newRow("none") << 0 << "Goals";
    QTest::newRow("one") << 1 << "second objective";
    QTest::newRow("two, nothing measured") << 2 << "Trials";
}

void FrontsPageTest::emptyStates() {
    QFETCH(int, objectives);
    QFETCH(QString, says);
    Fixture f(sampleStudy(objectives));
    QTRY_VERIFY(f.child<QWidget>("empty")->isVisible());
    QVERIFY2(f.page->emptyText().text.contains(says), qPrintable(f.page->emptyText().text));
}

void FrontsPageTest::tellsTrialsApart() {
    Fixture f(frontStudy());
    QTRY_COMPARE(f.page->scatter().points().points().size(), std::size_t(6));
    QCOMPARE(f.count(FrontStyle::OnFront), std::size_t(3));
    QCOMPARE(f.count(FrontStyle::SecondLayer), std::size_t(1));
    QCOMPARE(f.count(FrontStyle::Dominated), std::size_t(1));
    QCOMPARE(f.count(FrontStyle::Infeasible), std::size_t(1));
    const std::vector<PointStyle> styles = frontStyles();
    for (std::size_t a = 0; a < styles.size(); ++a)
        for (std::size_t b = 0; b < a; ++b)
            QVERIFY(styles[a].shape != styles[b].shape || styles[a].filled != styles[b].filled);
    float front = 0.0F;
    float dominated = 1.0F;
    for (const PlotPoint& point : f.page->scatter().points().points())
        (point.style == static_cast<int>(FrontStyle::OnFront) ? front : dominated) = point.opacity;
    QVERIFY(front == 1.0F);
    QCOMPARE(f.page->scatter().xAxis().spec().unit, QStringLiteral("s"));
}

void FrontsPageTest::layersAndTheirLines() {
    Fixture f(frontStudy());
    QTRY_VERIFY(!f.page->scatter().layer(0).x().empty());
    QCOMPARE(f.page->scatter().layer(0).x(), std::vector<double>({1.0, 3.0, 3.0, 8.0, 8.0}));
    QCOMPARE(f.page->scatter().layer(0).y(), std::vector<double>({8.0, 8.0, 3.0, 3.0, 1.0}));
    QCOMPARE(f.page->scatter().layer(1).x(), std::vector<double>({4.0}));
    QVERIFY(!f.page->scatter().layer(1).isVisible());
    QTest::mouseClick(f.child<QCheckBox>("frontLayers"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(f.page->scatter().layer(1).isVisible());
}

void FrontsPageTest::errorBarsOfGivenNoise() {
    Fixture f(frontStudy());
    QTRY_VERIFY(!f.page->scatter().errors().crosses().empty());
    QVERIFY(!f.page->scatter().errors().isVisible());
    f.child<QCheckBox>("frontErrors")->setFocus();
    QTest::keyClick(f.child<QCheckBox>("frontErrors"), Qt::Key_Space);
    QVERIFY(f.page->scatter().errors().isVisible());
    double given = 0.0;
    for (const CrossBarsItem::Cross& cross : f.page->scatter().errors().crosses())
        given += cross.sdX + cross.sdY;
    QCOMPARE(given, 0.4);
}

void FrontsPageTest::hypervolumeHistory() {
    Fixture f(frontStudy());
    // Reference (10, 10): 9 * 2 = 18; + 7 * 5 = 53; + 2 * 2 = 57. Nothing afterwards, also not by the
    // failure.
    QTRY_COMPARE(f.page->hypervolume().line().y(),
                 std::vector<double>({18.0, 53.0, 57.0, 57.0, 57.0, 57.0, 57.0}));
    QCOMPARE(f.page->hypervolume().yAxis().spec().unit, QStringLiteral("s·MiB"));
    QVERIFY(f.child<QLabel>("frontFigures")->text().contains("57"));
}

void FrontsPageTest::draggingTheReference() {
    Fixture f(frontStudy());
    QTRY_VERIFY(f.page->scatter().reference().point().has_value());
    QCOMPARE(*f.page->scatter().reference().point(), QPointF(10.0, 10.0));
    FrontScatter& plot = f.page->scatter();
    const QPoint to = f.at(plot, 9.0, 9.0);
    f.drag(plot, f.at(plot, 10.0, 10.0), to, false);
    QTRY_VERIFY(f.page->data().hypervolume && *f.page->data().hypervolume < 50.0);
    QCOMPARE(f.document.undoStack().count(), 0);
    QTest::mouseRelease(plot.viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(f.document.undoStack().count(), 1);
    QVERIFY(std::abs(*f.document.definition().objectives[0].reference - 9.0) < 0.1);
    QVERIFY(std::abs(*f.document.definition().objectives[1].reference - 9.0) < 0.1);
    f.document.undoStack().undo();
    QCOMPARE(f.document.definition().objectives[0].reference, std::optional(10.0));
    QTRY_VERIFY(f.page->data().hypervolume && *f.page->data().hypervolume == 57.0);
    // Escape takes a drag back.
    QTRY_COMPARE(*plot.reference().point(), QPointF(10.0, 10.0));
    plot.setFocus();
    f.drag(plot, f.at(plot, 10.0, 10.0), to, false);
    QTest::keyClick(&plot, Qt::Key_Escape);
    QTest::mouseRelease(plot.viewport(), Qt::LeftButton, {}, to);
    QCOMPARE(*plot.reference().point(), QPointF(10.0, 10.0));
    QCOMPARE(f.document.undoStack().count(), 1); // undone, not replaced
    QVERIFY(f.document.undoStack().canRedo());
}

void FrontsPageTest::keysMoveTheReference() {
    Fixture f(frontStudy());
    QTRY_VERIFY(f.page->scatter().reference().point().has_value());
    f.page->scatter().setFocus();
    const double span = f.page->scatter().xAxis().range().span();
    QTest::keyClick(&f.page->scatter(), Qt::Key_Left, Qt::ControlModifier);
    QTest::keyClick(&f.page->scatter(), Qt::Key_Left, Qt::ControlModifier);
    QVERIFY(std::abs(*f.document.definition().objectives[0].reference - (10.0 - 0.02 * span)) < 1e-9);
    QCOMPARE(f.document.undoStack().count(), 1);
}

void FrontsPageTest::clickSelectsAndSelectionShows() {
    Fixture f(frontStudy());
    QTRY_COMPARE(f.page->scatter().points().points().size(), std::size_t(6));
    QTest::mouseClick(f.page->scatter().viewport(), Qt::LeftButton, {}, f.at(f.page->scatter(), 4.0, 5.0));
    QCOMPARE(f.selection.current().value, 4);
    f.selection.setCurrent(TrialId{2});
    QCOMPARE(f.page->scatter().selectedKeys(), std::set<qint64>({2}));
    QCOMPARE(f.page->parallel().selectedKeys(), std::set<qint64>({2}));
    const QString picked = f.page->pick().text();
    QVERIFY2(picked.contains("0.7"), qPrintable(picked)); // D = 0.7
    QVERIFY2(picked.contains("depth 2") && picked.contains("mode b"), qPrintable(picked));
}

void FrontsPageTest::neighboursAndActions() {
    Fixture f(frontStudy());
    QTRY_COMPARE(f.page->scatter().points().points().size(), std::size_t(6));
    f.selection.setCurrent(TrialId{2});
    QTest::mouseClick(f.child<QPushButton>("pickBefore"), Qt::LeftButton);
    QCOMPARE(f.selection.current().value, 1);
    QVERIFY(!f.child<QPushButton>("pickBefore")->isEnabled());
    f.child<QPushButton>("pickAfter")->setFocus();
    QTest::keyClick(f.child<QPushButton>("pickAfter"), Qt::Key_Space);
    QCOMPARE(f.selection.current().value, 2);
    QTest::mouseClick(f.child<QPushButton>("pickCopy"), Qt::LeftButton);
    const QJsonObject copied =
        QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object();
    QCOMPARE(copied.value("mode").toString(), QStringLiteral("b"));
    QCOMPARE(copied.value("depth").toDouble(), 2.0);
    QTest::mouseClick(f.child<QPushButton>("pickAgain"), Qt::LeftButton);
    QTRY_COMPARE(f.document.study().trials.size(), std::size_t(9));
    QVERIFY(f.document.study().trials.back().setting == f.document.study().find(TrialId{2})->setting);
    QVERIFY(f.document.study().trials.back().state == TrialState::Pending);
}

void FrontsPageTest::picksByRule() {
    Fixture f(frontStudy());
    QTRY_COMPARE(f.page->scatter().points().points().size(), std::size_t(6));
    QCOMPARE(f.page->data().knee, std::optional(TrialId{2}));
    QCOMPARE(f.page->data().closestToIdeal, std::optional(TrialId{2}));
    QVERIFY(f.page->data().ranking.best() != nullptr);
    QCOMPARE(f.page->data().ranking.best()->id.value, 2);
}

void FrontsPageTest::swapsObjectives() {
    Fixture f(frontStudy());
    QTRY_COMPARE(f.page->scatter().points().points().size(), std::size_t(6));
    auto* const x = f.child<QComboBox>("frontX");
    x->setFocus();
    QTest::keyClick(x, Qt::Key_Down);
    QVERIFY(!f.page->scatter().message().isEmpty()); // twice the same
    auto* const y = f.child<QComboBox>("frontY");
    y->setFocus();
    QTest::keyClick(y, Qt::Key_Up);
    QVERIFY(f.page->scatter().message().isEmpty());
    QCOMPARE(f.page->scatter().xAxis().spec().unit, QStringLiteral("MiB"));
}

void FrontsPageTest::matrixOfThree() {
    Study study = sampleStudy(3);
    add(study, {1.0, 8.0, 3.0});
    add(study, {3.0, 3.0, 2.0});
    add(study, {8.0, 1.0, 4.0});
    add(study, {9.0, 9.0, 9.0});
    Fixture f(study);
    QTRY_COMPARE(f.page->scatter().points().points().size(), std::size_t(4));
    QCOMPARE(f.page->matrix().size(), std::size_t(3));
    f.child<QTabWidget>("frontTabs")->setCurrentIndex(2);
    FrontScatter& plot = *f.page->matrix()[1];
    QTRY_VERIFY(plot.isVisible());
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, f.at(plot, 9.0, 9.0));
    QCOMPARE(f.selection.current().value, 4);
    Fixture two(frontStudy());
    QVERIFY(two.page->matrix().empty());
    QVERIFY(!two.child<QTabWidget>("frontTabs")->isTabVisible(2));
}

namespace {
QPoint onAxis(ParallelPlot& plot, std::size_t axis, double share) {
    return plot.mapFromScene(QPointF(plot.parallel().axisX(axis), plot.yAxis().toPixel(share)));
}
} // namespace

void FrontsPageTest::brushesByMouse() {
    Fixture f(frontStudy());
    f.child<QTabWidget>("frontTabs")->setCurrentIndex(1);
    ParallelPlot& plot = f.page->parallel();
    QTRY_COMPARE(plot.parallel().lines().size(), std::size_t(6));
    QTRY_VERIFY(plot.isVisible());
    // The lower half of f1: trials 1 (1), 2 (3), 4 (4) and 6 (0.5) of 0.5 ... 8.
    f.drag(plot, onAxis(plot, 0, 0.5), onAxis(plot, 0, 0.0));
    QCOMPARE(plot.parallel().inside(), std::set<qint64>({1, 2, 4, 6}));
    QCOMPARE(f.selection.selected(), std::set<TrialId>({{1}, {2}, {4}, {6}}));
    f.drag(plot, onAxis(plot, 1, 0.5), onAxis(plot, 1, 0.0));
    QCOMPARE(plot.parallel().inside(), std::set<qint64>({2, 6}));
    QVERIFY(f.child<QLabel>("brushText")->text().contains("2"));
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, onAxis(plot, 1, 0.7));
    QVERIFY(!plot.parallel().brush(1));
    QCOMPARE(plot.parallel().inside().size(), std::size_t(4));
}

void FrontsPageTest::axesMoveByMouseAndKeys() {
    Fixture f(frontStudy());
    f.child<QTabWidget>("frontTabs")->setCurrentIndex(1);
    ParallelPlot& plot = f.page->parallel();
    QTRY_COMPARE(plot.parallel().lines().size(), std::size_t(6));
    QTRY_VERIFY(plot.isVisible());
    using Order = std::vector<std::size_t>;
    QCOMPARE(plot.parallel().order(), Order({0, 1, 2, 3, 4}));
    const QPoint name = plot.mapFromScene(plot.parallel().nameCenter(0));
    f.drag(plot, name, plot.mapFromScene(plot.parallel().nameCenter(2)));
    QCOMPARE(plot.parallel().order(), Order({1, 2, 0, 3, 4}));
    plot.setFocus();
    QTest::keyClick(&plot, Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(plot.parallel().order(), Order({1, 0, 2, 3, 4}));
    QTest::keyClick(&plot, Qt::Key_Right);
    QCOMPARE(plot.parallel().current(), std::optional<std::size_t>(2));
    // New results keep the order.
    f.document.withdraw(TrialId{8});
    QTRY_VERIFY(f.page->data().pending.empty());
    QCOMPARE(plot.parallel().order(), Order({1, 0, 2, 3, 4}));
}

void FrontsPageTest::brushesByKeys() {
    Fixture f(frontStudy());
    f.child<QTabWidget>("frontTabs")->setCurrentIndex(1);
    ParallelPlot& plot = f.page->parallel();
    QTRY_COMPARE(plot.parallel().lines().size(), std::size_t(6));
    plot.setFocus();
    QTest::keyClick(&plot, Qt::Key_Right);
    for (int i = 0; i < 10; ++i)
        QTest::keyClick(&plot, Qt::Key_Down);
    QVERIFY(plot.parallel().brush(0).has_value());
    QVERIFY(std::abs(plot.parallel().brush(0)->second - 0.5) < 1e-9);
    QTest::keyClick(&plot, Qt::Key_Up, Qt::ControlModifier);
    QVERIFY(std::abs(plot.parallel().brush(0)->first - 0.05) < 1e-9);
    QTest::keyClick(&plot, Qt::Key_Delete);
    QVERIFY(!plot.parallel().isBrushed());
    QTest::keyClick(&plot, Qt::Key_Down);
    QTest::keyClick(&plot, Qt::Key_Escape);
    QVERIFY(!plot.parallel().isBrushed());
    QVERIFY(f.selection.selected().empty());
}

void FrontsPageTest::inactiveParametersAreMissing() {
    Fixture f(frontStudy());
    QTRY_COMPARE(f.page->parallel().parallel().lines().size(), std::size_t(6));
    const ParallelItem& item = f.page->parallel().parallel();
    QVERIFY(std::isnan(item.lines()[0].values[4])); // depth, with mode a
    QCOMPARE(item.lines()[1].values[4], 2.0);
    QCOMPARE(item.lines()[1].values[3], 1.0); // mode b
    const PlotTable table = f.page->parallel().table();
    QCOMPARE(table.header, QStringList({"trial", "f1 (s)", "f2 (MiB)", "x", "mode", "depth"}));
    QCOMPARE(table.rows[0].last(), QString());
    QCOMPARE(table.rows[1][4], QStringLiteral("b"));
}

void FrontsPageTest::modelPlacesFailedAndWaiting() {
    Fixture f(frontStudy(), true);
    QTRY_VERIFY_WITH_TIMEOUT(f.page->model().has_value(), 60000);
    QTRY_COMPARE(f.count(FrontStyle::Failed), std::size_t(1));
    QCOMPARE(f.count(FrontStyle::Pending), std::size_t(1));
    const FrontsModel& model = *f.page->model();
    QVERIFY(model.gain && model.gain->value >= 0.0);
    QVERIFY(model.reference == f.page->data().reference);
    QTRY_VERIFY(f.child<QLabel>("frontFigures")->text().contains("expected to add"));
    QTest::mouseClick(f.child<QCheckBox>("frontModel"), Qt::LeftButton, {}, QPoint(8, 8));
    QCOMPARE(f.count(FrontStyle::Pending), std::size_t(0));
}

void FrontsPageTest::modelledFrontIsABandThatFollowsResults() {
    Fixture f(frontStudy(), true);
    const auto shows = [&f] { return !f.page->scatter().band().polygon().isEmpty(); };
    QTRY_VERIFY_WITH_TIMEOUT(f.page->belief() != nullptr && shows(), 60000);
    QVERIFY(f.page->belief()->front.reference == f.page->data().reference);
    QVERIFY(f.child<QLabel>("frontFigures")->text().contains("whole front"));
    const double before = f.page->belief()->front.hypervolumeMean;
    const QPolygonF band = f.page->scatter().band().polygon();
    QTest::mouseClick(f.child<QCheckBox>("frontModel"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(!shows());
    QTest::mouseClick(f.child<QCheckBox>("frontModel"), Qt::LeftButton, {}, QPoint(8, 8));
    QCOMPARE(f.page->scatter().band().polygon(), band);
    // Swapped axes show the same band from its other side.
    QTest::keyClick(f.child<QComboBox>("frontX"), Qt::Key_Down);
    QTest::keyClick(f.child<QComboBox>("frontY"), Qt::Key_Up);
    QVERIFY(shows() && f.page->scatter().band().polygon() != band);
    // A new result moves it: it is then that of the new model.
    const std::vector<Objective> objectives = f.document.definition().objectives;
    const MeasureId memory = f.document.definition().outcomeConstraints[0].id;
    f.document.complete(TrialId{8}, {{objectives[0].id, {0.5, std::nullopt}},
                                     {objectives[1].id, {0.5, std::nullopt}},
                                     {memory, {0.5, std::nullopt}}});
    QTRY_VERIFY_WITH_TIMEOUT(f.page->belief()->front.hypervolumeMean != before, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->isCurrent() && f.jobs.isIdle(), 60000);
    const auto expected = believeFronts(*f.cache->model(), objectives, f.page->data().reference);
    QVERIFY(expected.ok());
    QCOMPARE(f.page->belief()->front.hypervolumeMean, expected->front.hypervolumeMean);
    QCOMPARE(f.page->belief()->bands[1].low, expected->bands[1].low);
    // Another project has another front.
    f.document.openInMemory(sampleStudy(2));
    QVERIFY(f.page->belief() == nullptr);
}

void FrontsPageTest::modelledFrontOfThreeIsPoints() {
    Study study = sampleStudy(3);
    for (const auto& values : std::vector<std::vector<double>>{
             {1.0, 8.0, 3.0}, {3.0, 3.0, 2.0}, {8.0, 1.0, 4.0}, {9.0, 9.0, 9.0}, {5.0, 2.0, 7.0}})
        add(study, values);
    Fixture f(study, true);
    QTRY_VERIFY_WITH_TIMEOUT(f.count(FrontStyle::Modelled) > 0, 60000);
    QVERIFY(f.page->scatter().band().polygon().isEmpty());
    QCOMPARE(f.count(FrontStyle::Modelled), f.page->belief()->front.settings.size());
    // They are no trials: nothing is selected by a click on one, and none is "off the axes".
    for (const PlotPoint& point : f.page->scatter().points().points())
        if (point.style == static_cast<int>(FrontStyle::Modelled))
            QCOMPARE(point.key, qint64(0));
}

void FrontsPageTest::bandLiesBetweenItsLevels() {
    ModelledFront front;
    front.reference = {10.0, 10.0};
    for (const double shift : {0.0, 1.0, 2.0}) {
        ObjectiveMatrix points(2, 2);
        points << 2.0 + shift, 6.0 + shift, 5.0 + shift, 3.0 + shift;
        front.band.push_back({0.1 + 0.4 * shift, points});
    }
    std::vector<Objective> objectives = sampleStudy(2).definition.objectives;
    const FrontBand band = bandOf(front, objectives, 0);
    using Line = std::vector<double>;
    QCOMPARE(band.x, Line({2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 10}));
    QCOMPARE(band.low, Line({6, 6, 6, 6, 6, 6, 3, 3, 3, 3, 3, 3}));
    QCOMPARE(band.high, Line({10, 10, 10, 10, 8, 8, 8, 8, 8, 8, 5, 5}));
    QVERIFY(std::isnan(band.middle[0]) && std::isnan(band.middle[1]));
    QCOMPARE(Line(band.middle.begin() + 2, band.middle.end()), Line({7, 7, 7, 7, 7, 7, 4, 4, 4, 4}));
    // Nothing is drawn beyond the reference.
    front.reference = {6.5, 6.5};
    const FrontBand near = bandOf(front, objectives, 0);
    QCOMPARE(near.x, Line({2, 3, 3, 4, 4, 5, 5, 6, 6, 6.5}));
    QCOMPARE(near.low, Line({6, 6, 6, 6, 6, 6, 3, 3, 3, 3}));
    QCOMPARE(near.high, Line(10, 6.5));
    QVERIFY(std::isnan(near.middle[7]));
    QCOMPARE(near.middle[8], 4.0);
    front.reference = {10.0, 10.0};
    // The same front with the first objective maximised, seen along the second one.
    for (ModelledFront::Level& level : front.band)
        level.points.col(0) *= -1.0;
    front.reference[0] = -10.0;
    objectives[0].goal = Goal::Maximize;
    const FrontBand turned = bandOf(front, objectives, 1);
    QCOMPARE(turned.x, Line({3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 10}));
    QCOMPARE(turned.high, Line({-5, -5, -5, -5, -5, -5, -2, -2, -2, -2, -2, -2}));
    QCOMPARE(turned.low, Line({-10, -10, -10, -10, -7, -7, -7, -7, -7, -7, -4, -4}));
    QVERIFY(bandOf(front, sampleStudy(3).definition.objectives, 0).x.empty());
}

void FrontsPageTest::frontLine_data() {
    QTest::addColumn<bool>("maximizeX");
    QTest::addColumn<QList<QPointF>>("points");
    QTest::addColumn<QList<double>>("x");
    QTest::addColumn<QList<double>>("y");
    QTest::newRow("none") << false << QList<QPointF>() << QList<double>() << QList<double>();
    QTest::newRow("one") << false << QList<QPointF>{{2, 3}} << QList<double>{2} << QList<double>{3};
    QTest::newRow("repeated") << false << QList<QPointF>{{2, 3}, {2, 3}} << QList<double>{2}
                              << QList<double>{3};
    QTest::newRow("minimised") << false << QList<QPointF>{{1, 4}, {2, 2}, {3, 3}} << QList<double>{1, 2, 2}
                               << QList<double>{4, 4, 2};
    QTest::newRow("x maximised") << true << QList<QPointF>{{1, 1}, {3, 2}, {2, 3}} << QList<double>{1, 1, 3}
                                 << QList<double>{1, 2, 2};
}

void FrontsPageTest::frontLine() {
    QFETCH(bool, maximizeX);
    QFETCH(QList<QPointF>, points);
    QFETCH(QList<double>, x);
    QFETCH(QList<double>, y);
    const FrontLine line = alidade::frontLine({points.begin(), points.end()},
                                              maximizeX ? Goal::Maximize : Goal::Minimize, Goal::Minimize);
    QCOMPARE(QList<double>(line.x.begin(), line.x.end()), x);
    QCOMPARE(QList<double>(line.y.begin(), line.y.end()), y);
}

QTEST_MAIN(FrontsPageTest)
#include "tst_fronts_page.moc"
