#include "explore_fixture.h"
#include "pages/explore_map.h"
#include "plots/desirability_profile.h"
#include "plots/heat_map_item.h"
#include "plots/series_items.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTabWidget>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <cmath>
#include <semaphore>

using namespace alidade;
using namespace alidade::test;

class ExplorePageTest : public QObject {
    Q_OBJECT
private slots:
    void emptyStateSaysWhatToDo();
    void resultsBringThePageToLife();
    void curvesAreTheModel();
    void beliefsCanBeLookedThrough();
    void clickingATrialSelectsIt();
    void lastRowShowsFeasibility();
    void lastRowSaysWhatImproves();
    void oldCurvesFadeUntilNewOnesArrive();
    void zoomIsKeptAndShared();
    void mapShowsAndMoves();
    void mapOfAMixtureLeavesItsPartsTogether();
    void followsAChangeOfTheSpace();
    void desirabilityOverParametersAndAtRowEnds();
};

void ExplorePageTest::emptyStateSaysWhatToDo() {
    Fixture f(1);
    QTRY_VERIFY(f.cache->error().has_value());
    QTRY_VERIFY(f.page->emptyText().text.contains("Two results"));
    QVERIFY(f.page->findChild<QWidget*>("empty")->isVisible());
    QVERIFY(!f.page->profiler().isVisible());
}

void ExplorePageTest::resultsBringThePageToLife() {
    Fixture f(1);
    QTRY_VERIFY(f.cache->error().has_value());
    Study more = sampleStudy(8);
    f.document.openInMemory(more);
    QTRY_VERIFY(f.page->isUpToDate());
    QVERIFY(f.page->profiler().isVisible());
    QCOMPARE(f.page->profiler().columnCount(), std::size_t(3));
    QCOMPARE(f.page->profiler().rowCount(), std::size_t(2));
    const QString text = f.page->findChild<QLabel*>("prediction")->text();
    QVERIFY(text.contains("loss") && text.contains(QString::fromUtf8("±")) && text.contains("nat"));
    QVERIFY(text.contains("log EI"));
}

void ExplorePageTest::curvesAreTheModel() {
    Fixture f(12);
    QTRY_VERIFY(f.page->isUpToDate());
    const LineItem& line = f.panel(0).line();
    const MeasureId loss = f.document.definition().objectives[0].id;
    std::vector<Setting> settings;
    for (const double rate : line.x()) {
        Setting setting = completed(f.document.definition().space, f.page->values());
        setting[f.parameter("rate")] = rate;
        settings.push_back(setting);
    }
    QVERIFY(settings.size() > 50);
    const auto prediction = f.cache->model()->predict(loss, settings);
    for (std::size_t i = 0; i < settings.size(); ++i)
        QVERIFY(std::abs(line.y()[i] - prediction->mean(static_cast<Eigen::Index>(i))) < 1e-9);
    const auto acquisition = f.cache->model()->acquisition(AcquisitionKind::LogEi, settings);
    const LineItem& logEi = f.panel(0, 1).line();
    for (std::size_t i = 0; i < settings.size(); ++i)
        QVERIFY(std::abs(logEi.y()[i] - (*acquisition)(static_cast<Eigen::Index>(i))) < 1e-9);
    // The choice is drawn as separate positions.
    QCOMPARE(f.panel(1).bars().bars().size(), std::size_t(2));
    QVERIFY(!f.panel(1).line().isVisible());
    QCOMPARE(f.panel(0).points().points().size(), std::size_t(12));
}

/// The box shows what protocol and suggestions see with beliefs, and the plain curves dashed beside it.
void ExplorePageTest::beliefsCanBeLookedThrough() {
    Fixture f(3); // few enough that sample functions differ in where their optimum is
    auto* const box = f.page->findChild<QCheckBox*>("withBeliefs");
    QTRY_VERIFY_WITH_TIMEOUT(f.page->isUpToDate(), 60000);
    QVERIFY(!box->isVisibleTo(f.page.get())); // nothing is believed
    Belief belief;
    belief.id.value = f.document.definition().nextId;
    belief.claim = OptimumBelief{f.parameter("rate"), NormalDensity{0.3, 0.4}};
    f.document.push(PutBelief{belief, 0}, QStringLiteral("belief"));
    QVERIFY(box->isVisibleTo(f.page.get()));
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->isCurrent() && f.page->isUpToDate(), 60000);
    const std::vector<double> plain = f.panel(0).line().y();
    const std::vector<double> plainValue = f.panel(0, 1).line().y();
    QVERIFY(f.panel(0).reference().y().empty());
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    QVERIFY(box->isChecked());
    QTRY_VERIFY_WITH_TIMEOUT(f.page->isUpToDate() && !f.panel(0, 1).reference().y().empty(), 60000);
    QVERIFY(f.panel(0).reference().y() == plain);
    QVERIFY(f.panel(0, 1).reference().y() == plainValue);
    const WeightedView view(*f.cache->model());
    std::vector<Setting> settings;
    for (const double rate : f.panel(0).line().x()) {
        Setting setting = f.page->values();
        setting[f.parameter("rate")] = rate;
        settings.push_back(completed(f.document.definition().space, setting));
    }
    const Prediction weighted = view.predict(f.document.definition().objectives[0].id, settings).value();
    const Eigen::VectorXd values = view.acquisition(settings).value();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const auto at = static_cast<Eigen::Index>(i);
        QVERIFY(std::abs(f.panel(0).line().y()[i] - weighted.mean(at)) < 1e-9);
        QVERIFY(std::abs(f.panel(0, 1).line().y()[i] - values(at)) < 1e-3);
    }
    QVERIFY(f.panel(0, 1).line().y() != plainValue);
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    QTRY_VERIFY_WITH_TIMEOUT(f.page->isUpToDate() && f.panel(0, 1).reference().y().empty(), 60000);
    QVERIFY(f.panel(0).line().y() == plain);
}

void ExplorePageTest::clickingATrialSelectsIt() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    const PointsItem& points = f.panel(0).points();
    const std::size_t last = points.points().size() - 1;
    const qint64 key = points.points()[last].key;
    // Beside the cursor, which would take the press.
    const QPoint position = f.panel(0).mapFromScene(points.scenePosition(last));
    f.page->setValues({{f.parameter("rate"), points.points()[last].x > 0.1 ? 1e-4 : 1.0}});
    QTest::mouseClick(f.panel(0).viewport(), Qt::LeftButton, {}, position);
    QCOMPARE(f.selection.current().value, key);
    QVERIFY(f.panel(1).selectedKeys().contains(key));
    f.selection.setCurrent(TrialId{2});
    QVERIFY(f.panel(1).selectedKeys().contains(2));
}

void ExplorePageTest::lastRowShowsFeasibility() {
    Fixture f(12);
    QTRY_VERIFY(f.page->isUpToDate());
    auto* const kind = f.page->findChild<QComboBox*>("acquisitionKind");
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_End);
    QCOMPARE(kind->currentText(), QStringLiteral("probability of feasibility"));
    QTRY_VERIFY(f.page->isUpToDate());
    ProfilePanel& panel = f.panel(0, f.page->profiler().rowCount() - 1);
    QTRY_COMPARE(panel.yAxis().spec().title, QStringLiteral("feasibility"));
    QTRY_VERIFY(panel.line().y().size() > 10);
    std::vector<Setting> settings;
    for (const double rate : panel.line().x()) {
        Setting setting = completed(f.document.definition().space, f.page->values());
        setting[f.parameter("rate")] = rate;
        settings.push_back(setting);
    }
    const Eigen::VectorXd expected = f.cache->model()->feasibility(settings);
    for (std::size_t i = 0; i < settings.size(); ++i)
        QVERIFY(std::abs(panel.line().y()[i] - expected(static_cast<Eigen::Index>(i))) < 1e-9);
    QVERIFY(panel.range().y.low <= 0.0 && panel.range().y.high >= 1.0);
}

void ExplorePageTest::lastRowSaysWhatImproves() {
    Study study = sampleStudy(8);
    Objective time;
    time.id = {study.definition.nextId++};
    time.name = "time";
    study.definition.objectives.push_back(time);
    for (Trial& trial : study.trials)
        trial.values[time.id] = {static_cast<double>(trial.id.value * trial.id.value % 7), std::nullopt};
    Fixture f(study);
    QTRY_VERIFY(f.page->isUpToDate());
    const auto title = [&] { return f.panel(0, f.page->profiler().rowCount() - 1).yAxis().spec().title; };
    QCOMPARE(title(), QStringLiteral("log EHVI"));
    QVERIFY(f.page->findChild<QLabel*>("prediction")->text().contains("log EHVI"));
    f.page->findChild<QTabWidget*>("exploreTabs")->setCurrentIndex(1);
    ExploreMapPanel& map = f.page->map();
    ExploreMapPanel::Choice choice = *map.choice();
    choice.quantity = MapQuantity::Acquisition;
    choice.acquisition = AcquisitionKind::LogEi;
    map.setChoice(choice);
    QTRY_VERIFY(f.page->isUpToDate());
    QCOMPARE(map.map().name(), QStringLiteral("log EHVI"));
    study.definition.strategy.method = Method::ParEgo;
    f.document.openInMemory(study);
    QTRY_COMPARE(title(), QStringLiteral("log EI"));
    for (Objective& objective : study.definition.objectives)
        objective.desirability = DesirabilityFunction{DesirabilityMin{0.0, 8.0, 1.0}, {}, {}, 1.0};
    study.definition.strategy.method = Method::Auto;
    f.document.openInMemory(study);
    QTRY_COMPARE(title(), QStringLiteral("log EI of D"));
}

void ExplorePageTest::oldCurvesFadeUntilNewOnesArrive() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    QVERIFY(!f.panel(0).isStale());
    // All workers are busy: the window must go on, with the old curves faded.
    const int workers = QThread::idealThreadCount() + 2;
    std::counting_semaphore<64> gate(0);
    for (int i = 0; i < workers; ++i)
        f.jobs.start(
            {QString::number(i), {}, 0}, f.page.get(),
            [&gate](const Monitor&) -> Result<int> {
                gate.acquire();
                return 1;
            },
            [](const Result<int>&, quint64) {});
    const std::vector<double> before = f.panel(0).line().y();
    ProfilePanel& panel = f.panel(0);
    panel.setFocus();
    QTest::keyClick(&panel, Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(f.rate(), 1e-4);
    QTRY_VERIFY(panel.isStale());
    QVERIFY(panel.line().opacity() < 1.0);
    QCOMPARE(panel.line().y(), before);
    gate.release(workers);
    QTRY_VERIFY(f.page->isUpToDate());
    QVERIFY(!panel.isStale());
    QCOMPARE(panel.line().opacity(), 1.0);
}

void ExplorePageTest::zoomIsKeptAndShared() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    const PlotRange home = f.panel(0).range();
    const AxisRange narrow{home.y.low + 0.3 * home.y.span(), home.y.low + 0.6 * home.y.span()};
    f.panel(0).zoomTo({{-3.0, -1.0}, narrow});
    QCOMPARE(f.panel(0, 1).range().x, (AxisRange{-3.0, -1.0}));
    QCOMPARE(f.panel(1).range().y, narrow);
    f.page->setValues({{f.parameter("rate"), 0.5}});
    QTRY_VERIFY(f.page->isUpToDate());
    QCOMPARE(f.panel(0).range(), (PlotRange{{-3.0, -1.0}, narrow}));
    f.panel(0).resetZoom();
    QVERIFY(f.panel(1).range().y.span() > narrow.span());
}

void ExplorePageTest::mapShowsAndMoves() {
    Fixture f(10);
    QTRY_VERIFY(f.page->isUpToDate());
    f.page->findChild<QTabWidget*>("exploreTabs")->setCurrentIndex(1);
    // rate against momentum; momentum is inactive for adam, so the map is flat along it there.
    ExploreMapPanel& map = f.page->map();
    ExploreMapPanel::Choice choice = *map.choice();
    choice.x = {f.parameter("rate"), 0};
    choice.y = {f.parameter("optimizer"), 0};
    map.setChoice(choice);
    QTRY_VERIFY(f.page->isUpToDate());
    const GridField& field = map.map().field();
    QCOMPARE(field.x.size(), std::size_t(61));
    QCOMPARE(field.y.size(), std::size_t(2));
    const MeasureId loss = f.document.definition().objectives[0].id;
    Setting setting = completed(f.document.definition().space, f.page->values());
    setting.erase(f.parameter("momentum"));
    setting[f.parameter("optimizer")] = std::string("adam");
    setting[f.parameter("rate")] = std::pow(10.0, field.x[20]);
    const auto prediction = f.cache->model()->predict(loss, {setting});
    QVERIFY(std::abs(field.at(20, 1) - prediction->mean(0)) < 1e-9);
    QTest::mouseClick(map.view().viewport(), Qt::LeftButton, {}, at(map.view(), 0.05, 0.3));
    QVERIFY(std::abs(f.rate() / 0.05 - 1.0) < 0.02);
    QCOMPARE(std::get<std::string>(f.page->values().at(f.parameter("optimizer"))), std::string("sgd"));
}

void ExplorePageTest::mapOfAMixtureLeavesItsPartsTogether() {
    Study study;
    Definition& definition = study.definition;
    const ParameterId mix = addParameter(definition, "mix", MixtureParts{{"a", "b", "c"}, {}, {}, 1.0});
    const ParameterId heat =
        addParameter(definition, "heat", RealRange{0.0, 1.0, Scale::Linear, std::nullopt});
    Objective loss;
    loss.id = {definition.nextId++};
    loss.name = "loss";
    definition.objectives.push_back(loss);
    for (int i = 0; i < 8; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        const double a = 0.1 * (i + 1);
        trial.setting = {{mix, std::vector<double>{a, 0.6 * (1.0 - a), 1.0 - a - 0.6 * (1.0 - a)}},
                         {heat, 0.125 * (3 * i % 8)}};
        trial.values[loss.id] = {a * a + std::get<double>(trial.setting[heat]), std::nullopt};
        study.trials.push_back(trial);
    }
    Fixture f(std::move(study));
    QTRY_VERIFY(f.page->isUpToDate());
    f.page->findChild<QTabWidget*>("exploreTabs")->setCurrentIndex(1);
    ExploreMapPanel& map = f.page->map();
    QCOMPARE(map.choice()->x, (ExploreAxis{mix, 0}));
    QCOMPARE(map.choice()->y.parameter, heat);
    QTRY_VERIFY(!map.map().field().empty());
    QVERIFY(map.view().message().isEmpty());
    map.findChild<QComboBox*>("mapY")->setCurrentText("mix.b");
    QCOMPARE(map.choice()->y, (ExploreAxis{mix, 1}));
    QTRY_VERIFY(map.view().message().contains("parts of one mixture"));
    map.findChild<QComboBox*>("mapY")->setCurrentText("mix.a");
    QTRY_VERIFY(map.view().message().contains("two different parameters"));
}

void ExplorePageTest::followsAChangeOfTheSpace() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    Parameter width;
    Definition copy = f.document.definition();
    width.id = {takeId(copy)};
    width.name = "width";
    width.domain = IntegerRange{1, 64, Scale::Log, 1};
    width.defaultValue = Value(std::int64_t{8});
    QVERIFY(f.document.push(PutParameter{width, 1}, "add parameter"));
    QTRY_COMPARE(f.page->profiler().columnCount(), std::size_t(4));
    QCOMPARE(std::get<std::int64_t>(f.page->values().at(width.id)), std::int64_t{8});
    f.document.undoStack().undo();
    QTRY_COMPARE(f.page->profiler().columnCount(), std::size_t(3));
    QTRY_VERIFY(f.page->isUpToDate());
}

void ExplorePageTest::desirabilityOverParametersAndAtRowEnds() {
    Fixture f(12);
    QTRY_VERIFY(f.page->isUpToDate());
    QVERIFY(!f.page->profiler().hasDesirabilityRow());
    f.giveDesirability();
    QTRY_VERIFY(f.cache->isCurrent() && f.page->isUpToDate());
    const ExploreProfiler& profiler = f.page->profiler();
    QCOMPARE(profiler.rowCount(), std::size_t(3));
    const LineItem& curve = f.panel(0, 1).line();
    QVERIFY(curve.x().size() > 50);
    const auto best = std::max_element(curve.y().begin(), curve.y().end());
    const double at = curve.x()[static_cast<std::size_t>(best - curve.y().begin())];
    QVERIFY2(std::abs(std::log10(at) + 2.0) < 0.5, qPrintable(QString::number(at)));
    QVERIFY(*best > 0.8 && *best <= 1.0 && curve.y().back() < 0.7);
    // At the end of the row: d of the prediction here, on the row's own axis.
    const DesirabilityProfile* end = profiler.ends().at(0);
    QVERIFY(end != nullptr && end->isVisible());
    const auto mean = f.cache->model()->predict(f.document.definition().objectives[0].id,
                                                {completed(f.document.definition().space, f.page->values())});
    QVERIFY(std::abs(*end->desirability() - std::clamp((3.0 - mean->mean(0)) / 2.0, 0.0, 1.0)) < 1e-9);
    QCOMPARE(end->yAxis().range(), f.panel(0, 0).yAxis().range());
    QVERIFY(end->geometry().left() >= f.panel(2, 0).geometry().right());
    QVERIFY(f.page->findChild<QLabel*>("prediction")->text().contains("<b>D</b>"));
    // Taken away again, the row goes.
    f.document.undoStack().undo();
    QTRY_VERIFY(f.page->isUpToDate() && profiler.rowCount() == 2);
    QVERIFY(profiler.ends().at(0) == nullptr);
}

QTEST_MAIN(ExplorePageTest)
#include "tst_explore_page.moc"
