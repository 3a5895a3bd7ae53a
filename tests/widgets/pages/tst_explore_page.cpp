// Long because: every part of the page is tested in the same small study.
#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/message_bar.h"
#include "pages/explore_column.h"
#include "pages/explore_map.h"
#include "pages/explore_optimum.h"
#include "pages/explore_page.h"
#include "pages/explore_profiler.h"
#include "plots/cursor_item.h"
#include "plots/desirability_profile.h"
#include "plots/heat_map_item.h"
#include "plots/plot_axis.h"
#include "plots/profile_panel.h"
#include "plots/series_items.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QThread>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <semaphore>

using namespace alidade;

namespace {

/// rate (log), optimizer, momentum (for sgd only); loss smallest near rate = 0.01 with adam.
Study sampleStudy(int results) {
    Study study;
    Definition& definition = study.definition;
    const auto add = [&](const char* name, Domain domain, std::vector<Condition> conditions = {}) {
        Parameter parameter;
        parameter.id = {definition.nextId++};
        parameter.name = name;
        parameter.domain = std::move(domain);
        parameter.conditions = std::move(conditions);
        definition.space.parameters.push_back(parameter);
        return parameter.id;
    };
    const ParameterId rate = add("rate", RealRange{1e-4, 1.0, Scale::Log, std::nullopt});
    const ParameterId optimizer =
        add("optimizer", CategoricalChoices{{std::string("sgd"), std::string("adam")}});
    const ParameterId momentum = add("momentum", RealRange{0.0, 0.9, Scale::Linear, std::nullopt},
                                     {{optimizer, {std::string("sgd")}}});
    definition.space.parameters[0].unit = "1/step";
    Objective loss;
    loss.id = {definition.nextId++};
    loss.name = "loss";
    loss.unit = "nat";
    definition.objectives.push_back(loss);
    for (int i = 0; i < results; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        trial.origin = Origin::Initial;
        const bool adam = i % 2 == 0;
        const double exponent = -4.0 + 4.0 * (i + 0.5) / results;
        trial.setting[rate] = std::pow(10.0, exponent);
        trial.setting[optimizer] = std::string(adam ? "adam" : "sgd");
        if (!adam)
            trial.setting[momentum] = 0.1 * (i % 9);
        trial.values[loss.id] = {1.0 + 0.2 * (exponent + 2.0) * (exponent + 2.0) + (adam ? 0.0 : 0.3),
                                 std::nullopt};
        trial.finishedMs = 1000 + i;
        study.trials.push_back(trial);
    }
    return study;
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    std::unique_ptr<DerivedCache> cache;
    std::unique_ptr<ExplorePage> page;

    explicit Fixture(int results) {
        document.openInMemory(sampleStudy(results));
        cache = std::make_unique<DerivedCache>(document, jobs);
        page = std::make_unique<ExplorePage>(document, jobs, *cache, selection);
        page->resize(1100, 700);
        page->show();
    }
    [[nodiscard]] ParameterId parameter(const char* name) const {
        return document.definition().space.find(name)->id;
    }
    [[nodiscard]] double rate() const { return std::get<double>(page->values().at(parameter("rate"))); }
    [[nodiscard]] ProfilePanel& panel(std::size_t column, std::size_t row = 0) const {
        return page->profiler().panel(column, row);
    }
    /// Perfect up to 1, useless from 3 on.
    void giveDesirability() {
        Objective objective = document.definition().objectives[0];
        objective.desirability = DesirabilityFunction{DesirabilityMin{1.0, 3.0, 1.0}, {}, {}, 1.0};
        document.push(PutObjective{objective, kKeepPlace}, QStringLiteral("desirability"));
    }
    [[nodiscard]] QString notice() const { return page->findChild<MessageBar*>("notice")->text(); }
};

QPoint at(const PlotView& view, double x, double y) {
    return view.mapFromScene(QPointF(view.xAxis().toPixel(x), view.yAxis().toPixel(y)));
}

void drag(QWidget* widget, const QPoint& from, const QPoint& to) {
    QTest::mousePress(widget, Qt::LeftButton, {}, from);
    QTest::mouseMove(widget, (from + to) / 2);
    QTest::mouseMove(widget, to);
    QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

} // namespace

class ExplorePageTest : public QObject {
    Q_OBJECT
private slots:
    void emptyStateSaysWhatToDo();
    void resultsBringThePageToLife();
    void curvesAreTheModel();
    void beliefsCanBeLookedThrough();
    void draggingTheCursorMovesTheSetting();
    void keysMoveTheSetting();
    void typingAnExactValue();
    void wrongTextIsRefused();
    void choiceActivatesConditionalParameter();
    void clickingATrialSelectsIt();
    void setFromTrialAndGoToBest();
    void movesAreTakenBack();
    void lockedParametersStay();
    void maximisesAroundLockedParameters();
    void lastRowShowsFeasibility();
    void oldCurvesFadeUntilNewOnesArrive();
    void zoomIsKeptAndShared();
    void mapShowsAndMoves();
    void addsATrialAtTheSetting();
    void followsAChangeOfTheSpace();
    void desirabilityOverParametersAndAtRowEnds();
    void maximisesTheDesirability();
    void saysHowSureThePredictedBestIs_data();
    void saysHowSureThePredictedBestIs();
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

void ExplorePageTest::draggingTheCursorMovesTheSetting() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    ProfilePanel& panel = f.panel(0);
    const AxisRange y = panel.yAxis().valueRange();
    const double top = y.low + 0.97 * y.span();
    const double before = f.rate();
    drag(panel.viewport(), at(panel, before, top), at(panel, 0.3, top));
    QVERIFY(std::abs(f.rate() / 0.3 - 1.0) < 0.05);
    QVERIFY(!f.page->isUpToDate());
    // All panels of the column, and the field, follow at once.
    QCOMPARE(f.panel(0, 1).cursor().value(), f.rate());
    QVERIFY(std::abs(f.page->profiler().column(0).field()->text().toDouble() / f.rate() - 1.0) < 1e-5);
    QTRY_VERIFY(f.page->isUpToDate());
    QCOMPARE(std::get<double>(f.page->slices()->setting.at(f.parameter("rate"))), f.rate());
}

void ExplorePageTest::keysMoveTheSetting() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    ProfilePanel& panel = f.panel(0);
    panel.setFocus();
    const double before = f.rate();
    QTest::keyClick(&panel, Qt::Key_Left);
    QVERIFY(std::abs(std::log10(before) - std::log10(f.rate()) - 0.04) < 1e-6); // 1 % of four decades
    QTest::keyClick(&panel, Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(f.rate(), 1.0);
}

void ExplorePageTest::typingAnExactValue() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    QLineEdit* field = f.page->profiler().column(0).field();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, "0.0123456789");
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(f.rate(), 0.0123456789);
    QCOMPARE(f.panel(0).cursor().value(), 0.0123456789);
    QTRY_VERIFY(f.page->isUpToDate());
}

void ExplorePageTest::wrongTextIsRefused() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    const double before = f.rate();
    QLineEdit* field = f.page->profiler().column(0).field();
    field->selectAll();
    QTest::keyClicks(field, "fast");
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(f.rate(), before);
    QVERIFY(f.notice().contains("fast"));
    QVERIFY(std::abs(field->text().toDouble() / before - 1.0) < 1e-5);
    field->selectAll();
    QTest::keyClicks(field, "7");
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(f.rate(), 1.0);
    QVERIFY(f.notice().contains("between"));
}

void ExplorePageTest::choiceActivatesConditionalParameter() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    QComboBox* choices = f.page->profiler().column(1).choices();
    if (choices->currentText() != "adam") {
        QTest::keyClick(choices, Qt::Key_Down);
        QTRY_VERIFY(f.page->isUpToDate());
    }
    QCOMPARE(choices->currentText(), QString("adam"));
    QCOMPARE(f.panel(2).message(), QString("active only where optimizer is sgd"));
    QVERIFY(!f.page->profiler().column(2).field()->isEnabled());
    QTest::keyClick(choices, Qt::Key_Up);
    QTRY_VERIFY(f.page->isUpToDate());
    QCOMPARE(f.panel(2).message(), QString());
    QVERIFY(f.page->profiler().column(2).field()->isEnabled());
    QVERIFY(f.page->slices()->setting.contains(f.parameter("momentum")));
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

void ExplorePageTest::setFromTrialAndGoToBest() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    f.selection.setCurrent(TrialId{8});
    QTest::mouseClick(f.page->findChild<QPushButton*>("setFromTrial"), Qt::LeftButton);
    QCOMPARE(f.rate(),
             std::get<double>(f.document.study().find(TrialId{8})->setting.at(f.parameter("rate"))));
    QTest::mouseClick(f.page->findChild<QPushButton*>("goToBest"), Qt::LeftButton);
    const Trial* best = f.document.study().find(*f.cache->model()->bestTrial());
    QCOMPARE(f.rate(), std::get<double>(best->setting.at(f.parameter("rate"))));
    QCOMPARE(f.selection.current(), best->id);
}

void ExplorePageTest::movesAreTakenBack() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    auto* const earlier = f.page->findChild<QToolButton*>("earlierSetting");
    auto* const later = f.page->findChild<QToolButton*>("laterSetting");
    QVERIFY(!earlier->isEnabled() && !later->isEnabled());
    const Setting first = f.page->values();
    // A drag is one move, however many places it passes.
    ProfilePanel& panel = f.panel(0);
    const double y = panel.line().y()[20];
    drag(panel.viewport(), at(panel, f.rate(), y), at(panel, 0.5, y));
    const Setting dragged = f.page->values();
    QVERIFY(dragged != first);
    f.selection.setCurrent(TrialId{8});
    QTest::mouseClick(f.page->findChild<QPushButton*>("setFromTrial"), Qt::LeftButton);
    const Setting ofTrial = f.page->values();
    QVERIFY(ofTrial != dragged);
    QTest::mouseClick(earlier, Qt::LeftButton);
    QCOMPARE(f.page->values(), dragged);
    f.page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.page.get()));
    QTest::keyClick(f.page->window(), Qt::Key_BracketLeft, Qt::ControlModifier);
    QTRY_COMPARE(f.page->values(), first);
    QCOMPARE(panel.cursor().value(), f.rate());
    QVERIFY(!earlier->isEnabled());
    QTest::keyClick(f.page->window(), Qt::Key_BracketRight, Qt::ControlModifier);
    QTRY_COMPARE(f.page->values(), dragged);
    QTest::mouseClick(later, Qt::LeftButton);
    QCOMPARE(f.page->values(), ofTrial);
    QVERIFY(!later->isEnabled());
    // A new move from an earlier setting drops the later ones.
    QTest::mouseClick(earlier, Qt::LeftButton);
    QTest::mouseClick(f.page->findChild<QPushButton*>("goToBest"), Qt::LeftButton);
    QVERIFY(!later->isEnabled());
    QTest::mouseClick(earlier, Qt::LeftButton);
    QCOMPARE(f.page->values(), dragged);
}

void ExplorePageTest::lockedParametersStay() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    const double before = f.rate();
    auto* const lock = f.page->findChild<QToolButton*>("lock-rate");
    QTest::mouseClick(lock, Qt::LeftButton);
    QVERIFY(f.page->profiler().locked().contains(f.parameter("rate")));
    QVERIFY(!f.page->findChild<QLineEdit*>("value-rate")->isEnabled());
    // Neither the mouse nor the keys move it.
    ProfilePanel& panel = f.panel(0);
    const double y = panel.line().y()[20];
    drag(panel.viewport(), at(panel, before, y), at(panel, 0.5, y));
    QCOMPARE(f.rate(), before);
    panel.setFocus();
    QTest::keyClick(&panel, Qt::Key_Right);
    QCOMPARE(f.rate(), before);
    panel.resetZoom();
    QTest::mouseClick(panel.viewport(), Qt::LeftButton, {}, at(panel, 0.3, y));
    QCOMPARE(f.rate(), before);
    QCOMPARE(panel.cursor().value(), before);
    // All others follow a trial.
    f.selection.setCurrent(TrialId{8});
    QTest::mouseClick(f.page->findChild<QPushButton*>("setFromTrial"), Qt::LeftButton);
    QCOMPARE(f.rate(), before);
    QCOMPARE(std::get<std::string>(f.page->values().at(f.parameter("optimizer"))), std::string("sgd"));
    QTest::mouseClick(f.page->findChild<QPushButton*>("goToBest"), Qt::LeftButton);
    QCOMPARE(f.rate(), before);
    QCOMPARE(std::get<std::string>(f.page->values().at(f.parameter("optimizer"))), std::string("adam"));
    QTest::mouseClick(lock, Qt::LeftButton);
    QVERIFY(f.page->profiler().locked().empty());
    QTest::mouseClick(f.page->findChild<QPushButton*>("setFromTrial"), Qt::LeftButton);
    QVERIFY(f.page->findChild<QLineEdit*>("value-rate")->isEnabled());
    f.selection.setCurrent(TrialId{8});
    QTest::mouseClick(f.page->findChild<QPushButton*>("setFromTrial"), Qt::LeftButton);
    QVERIFY(f.rate() != before);
}

void ExplorePageTest::maximisesAroundLockedParameters() {
    Fixture f(16);
    f.giveDesirability();
    QTRY_VERIFY(f.page->isUpToDate());
    // The best lies at 0.01; with the rate held far from it, the other choice is still found.
    f.selection.setCurrent(TrialId{2});
    QTest::mouseClick(f.page->findChild<QPushButton*>("setFromTrial"), Qt::LeftButton);
    const double held = f.rate();
    QTest::mouseClick(f.page->findChild<QToolButton*>("lock-rate"), Qt::LeftButton);
    auto* const maximise = f.page->findChild<QPushButton*>("maximiseDesirability");
    QTRY_VERIFY(maximise->isEnabled());
    QTest::mouseClick(maximise, Qt::LeftButton);
    QTRY_VERIFY(f.notice().contains("Locked"));
    QCOMPARE(f.rate(), held);
    QCOMPARE(std::get<std::string>(f.page->values().at(f.parameter("optimizer"))), std::string("adam"));
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

void ExplorePageTest::addsATrialAtTheSetting() {
    Fixture f(8);
    QTRY_VERIFY(f.page->isUpToDate());
    f.page->setValues({{f.parameter("rate"), 0.125}, {f.parameter("optimizer"), std::string("adam")}});
    QTest::mouseClick(f.page->findChild<QPushButton*>("addTrialHere"), Qt::LeftButton);
    QTRY_COMPARE(f.document.study().trials.size(), std::size_t(9));
    const Trial& added = f.document.study().trials.back();
    QCOMPARE(added.state, TrialState::Pending);
    QCOMPARE(added.origin, Origin::Manual);
    QCOMPARE(std::get<double>(added.setting.at(f.parameter("rate"))), 0.125);
    QVERIFY(!added.setting.contains(f.parameter("momentum")));
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

void ExplorePageTest::maximisesTheDesirability() {
    Fixture f(12);
    QTRY_VERIFY(f.page->isUpToDate());
    auto* const button = f.page->findChild<QPushButton*>("maximiseDesirability");
    QVERIFY(!button->isEnabled()); // no objective has one
    f.giveDesirability();
    QTRY_VERIFY(f.cache->isCurrent() && f.page->isUpToDate());
    Setting far = f.page->values();
    far[f.parameter("rate")] = 1.0;
    f.page->setValues(far);
    QTRY_VERIFY(button->isEnabled());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(f.notice().contains("Best predicted"), 60000);
    QVERIFY2(std::abs(std::log10(f.rate()) + 2.0) < 0.3, qPrintable(QString::number(f.rate())));
    QCOMPARE(std::get<std::string>(f.page->values().at(f.parameter("optimizer"))), std::string("adam"));
    QCOMPARE(f.panel(0, 1).cursor().value(), f.rate());
    QVERIFY2(f.notice().contains("The best measured trial"), qPrintable(f.notice()));
    QVERIFY(button->isEnabled());
}

void ExplorePageTest::saysHowSureThePredictedBestIs_data() {
    QTest::addColumn<double>("expected");
    QTest::addColumn<double>("deviation");
    QTest::addColumn<double>("overall");
    QTest::addColumn<double>("feasibility");
    QTest::addColumn<QString>("says");
    QTest::newRow("sure") << 0.94 << 0.005 << 0.941 << 1.0 << "is sure";
    QTest::newRow("fairly sure") << 0.9 << 0.05 << 0.92 << 1.0 << "fairly sure";
    QTest::newRow("a guess") << 0.5 << 0.3 << 0.8 << 1.0 << "measure this setting";
    QTest::newRow("hopeless") << 0.001 << 0.01 << 0.0 << 1.0 << "loss is what it fails";
    QTest::newRow("may fail") << 0.9 << 0.05 << 0.92 << 0.7 << "probability 0.7";
}

void ExplorePageTest::saysHowSureThePredictedBestIs() {
    QFETCH(double, expected);
    QFETCH(double, deviation);
    QFETCH(double, overall);
    QFETCH(double, feasibility);
    QFETCH(QString, says);
    const Study study = sampleStudy(2);
    PredictedBest best;
    best.optimum.goals = {study.definition.objectives[0].id};
    best.optimum.individual = {overall};
    best.optimum.overall = overall;
    best.optimum.expected = expected;
    best.optimum.deviation = deviation;
    best.optimum.feasibility = feasibility;
    const QString text = predictedBestText(best, study.definition);
    QVERIFY2(text.contains(says), qPrintable(text));
    QCOMPARE(text.contains("probability"), feasibility < 0.99);
    QVERIFY(!text.contains("measured trial"));
}

QTEST_MAIN(ExplorePageTest)
#include "tst_explore_page.moc"
