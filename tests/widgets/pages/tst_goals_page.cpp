#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/desirability_card.h"
#include "editors/number_edit.h"
#include "models/study_findings.h"
#include "pages/goals_desirability.h"
#include "pages/goals_page.h"
#include "plots/desirability_plot.h"
#include "plots/plot_axis.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSlider>
#include <QTableView>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// Two objectives to be minimised, with desirabilities over 0 ... 10, and three trials.
Study sampleStudy() {
    Study study;
    for (const char* name : {"loss", "seconds"}) {
        Objective objective;
        objective.id = {study.definition.nextId++};
        objective.name = name;
        objective.unit = "u";
        objective.desirability = DesirabilityFunction{DesirabilityMin{0.0, 10.0, 1.0}, {}, {}, 1.0};
        study.definition.objectives.push_back(objective);
    }
    const double rows[][2] = {{1.0, 8.0}, {4.0, 4.0}, {2.0, 12.0}};
    for (const auto& row : rows) {
        Trial trial;
        trial.id = {static_cast<std::int64_t>(study.trials.size()) + 1};
        trial.state = TrialState::Complete;
        for (std::size_t i = 0; i < 2; ++i)
            trial.values[study.definition.objectives[i].id] = {row[i], std::nullopt};
        study.trials.push_back(trial);
    }
    return study;
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    std::unique_ptr<StudyFindings> findings;
    std::unique_ptr<GoalsPage> page;

    explicit Fixture(Study study) {
        document.openInMemory(std::move(study));
        findings = std::make_unique<StudyFindings>(document);
        page = std::make_unique<GoalsPage>(document, jobs, *findings, selection);
        page->resize(1180, 2000);
        page->show();
    }
    [[nodiscard]] DesirabilityCard& card(std::size_t i) const { return *page->desirability().cards()[i]; }
    [[nodiscard]] DesirabilityPlot& plot(std::size_t i) const { return card(i).plot(); }
    [[nodiscard]] const DesirabilityFunction& function(std::size_t i) const {
        return *document.definition().objectives[i].desirability;
    }
    [[nodiscard]] QPoint at(std::size_t i, double x, double d) const {
        PlotView& view = plot(i);
        return view.mapFromScene(QPointF(view.xAxis().toPixel(x), view.yAxis().toPixel(d)));
    }
    /// Presses on the handle and moves to (x, d) in steps, without releasing.
    void drag(std::size_t i, std::size_t handle, double x, double d) const {
        PlotView& view = plot(i);
        const QPoint from = view.mapFromScene(plot(i).handles().scenePosition(handle));
        const QPoint to = at(i, x, d);
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, from);
        for (int step = 1; step <= 8; ++step)
            QTest::mouseMove(view.viewport(), from + (to - from) * step / 8);
    }
    void release(std::size_t i, double x, double d) const {
        QTest::mouseRelease(plot(i).viewport(), Qt::LeftButton, {}, at(i, x, d));
    }
    template <typename Widget>
    [[nodiscard]] Widget* child(std::size_t i, const char* name) const {
        return card(i).findChild<Widget*>(name);
    }
    void type(QLineEdit* edit, const QString& text) const {
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    [[nodiscard]] qint64 bestRanked() const { return page->desirability().ranking().trialAt(0).value; }
};

} // namespace

class GoalsPageTest : public QObject {
    Q_OBJECT
private slots:
    void showsCurveHistogramAndBest();
    void draggingIsOneStepAndRanksLive();
    void escapeTakesADragBack();
    void bendingSetsTheExponent();
    void keysMoveHandles();
    void typingMerges();
    void knotsComeAndGo();
    void slidingTheWeight();
    void typedRulesForMissingAndFloor();
    void crossedLimitsAreExplained();
    void addsAndRemovesADesirability();
    void selectionIsShared();
    void readOnlyCannotBeDragged();
    void categoriesAreBars();
    void fitsBesideTheRailOfASmallScreen();
    void choosesHowBeliefsAct();
};

void GoalsPageTest::showsCurveHistogramAndBest() {
    Fixture f(sampleStudy());
    QTRY_VERIFY(f.page->desirability().isUpToDate());
    QCOMPARE(f.page->desirability().cards().size(), std::size_t(2));
    int measured = 0;
    for (const int count : f.plot(0).histogram().counts())
        measured += count;
    QCOMPARE(measured, 3);
    QCOMPARE(f.bestRanked(), 2); // sqrt(0.6 * 0.6) beats sqrt(0.9 * 0.2)
    QCOMPARE(f.plot(0).best().points().size(), std::size_t(1));
    QCOMPARE(f.plot(0).best().points()[0].x, 4.0);
    QVERIFY(std::abs(f.plot(0).best().points()[0].y - 0.6) < 1e-12);
    QVERIFY(f.plot(0).xAxis().spec().unit == "u");
    const auto* summary = f.page->findChild<QLabel*>("desirabilitySummary");
    QVERIFY2(summary->text().contains("trial 2"), qPrintable(summary->text()));
}

void GoalsPageTest::draggingIsOneStepAndRanksLive() {
    Fixture f(sampleStudy());
    QTRY_COMPARE(f.bestRanked(), 2);
    // With "seconds" useless only from 40 on, trial 1 is the best.
    f.document.push(PutObjective{[&] {
                                     Objective o = f.document.definition().objectives[1];
                                     o.desirability->shape = DesirabilityMin{0.0, 12.0, 1.0};
                                     return o;
                                 }(),
                                 kKeepPlace},
                    "prepare");
    QTRY_VERIFY(f.page->desirability().isUpToDate());
    const int steps = f.document.undoStack().count();
    f.drag(0, 2, 4.5, 0.0); // "loss" useless from 4.5 on
    QTRY_COMPARE(f.bestRanked(), 1);
    QCOMPARE(f.document.undoStack().count(), steps); // a preview only
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityMin{0.0, 10.0, 1.0}));
    f.release(0, 4.5, 0.0);
    QCOMPARE(f.document.undoStack().count(), steps + 1);
    QVERIFY(std::abs(std::get<DesirabilityMin>(f.function(0).shape).high - 4.5) < 0.1);
    QVERIFY(std::abs(*f.child<NumberEdit>(0, "desirabilityHigh")->value() - 4.5) < 0.1);
    f.document.undoStack().undo();
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityMin{0.0, 10.0, 1.0}));
    QTRY_COMPARE(f.bestRanked(), 2);
}

void GoalsPageTest::escapeTakesADragBack() {
    Fixture f(sampleStudy());
    f.plot(0).setFocus();
    f.drag(0, 2, 5.0, 0.0);
    QVERIFY(std::get<DesirabilityMin>(f.plot(0).handles().present()).high < 6.0);
    QTest::keyClick(&f.plot(0), Qt::Key_Escape);
    f.release(0, 5.0, 0.0);
    QCOMPARE(f.document.undoStack().count(), 0);
    QVERIFY(f.plot(0).handles().present() == f.function(0).shape);
}

void GoalsPageTest::bendingSetsTheExponent() {
    Fixture f(sampleStudy());
    f.drag(0, 1, 5.0, 0.25);
    f.release(0, 5.0, 0.25);
    const auto shape = std::get<DesirabilityMin>(f.function(0).shape);
    QVERIFY2(std::abs(shape.scale - 2.0) < 0.15, qPrintable(QString::number(shape.scale)));
    QCOMPARE(shape.high, 10.0);
    QCOMPARE(f.document.undoStack().count(), 1);
}

void GoalsPageTest::keysMoveHandles() {
    Fixture f(sampleStudy());
    f.plot(0).setFocus();
    QTest::keyClick(&f.plot(0), Qt::Key_PageDown);
    QCOMPARE(f.plot(0).handles().current(), std::optional<std::size_t>(0));
    QTest::keyClick(&f.plot(0), Qt::Key_PageUp);
    QCOMPARE(f.plot(0).handles().current(), std::optional<std::size_t>(2));
    const double span = f.plot(0).xAxis().range().span();
    QTest::keyClick(&f.plot(0), Qt::Key_Left);
    QVERIFY(std::abs(std::get<DesirabilityMin>(f.function(0).shape).high - (10.0 - 0.01 * span)) < 1e-9);
    const double second = f.plot(0).xAxis().range().span();
    QTest::keyClick(&f.plot(0), Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(std::abs(std::get<DesirabilityMin>(f.function(0).shape).high -
                     (10.0 - 0.01 * span - 0.001 * second)) < 1e-9);
    QCOMPARE(f.document.undoStack().count(), 1); // presses in a row are one step
    QTest::keyClick(&f.plot(0), Qt::Key_Escape);
    QVERIFY(!f.plot(0).handles().current());
}

void GoalsPageTest::typingMerges() {
    Fixture f(sampleStudy());
    f.type(f.child<NumberEdit>(0, "desirabilityHigh"), "8");
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityMin{0.0, 8.0, 1.0}));
    f.type(f.child<NumberEdit>(0, "desirabilityHigh"), "6");
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityMin{0.0, 6.0, 1.0}));
    QCOMPARE(f.document.undoStack().count(), 1);
    f.type(f.child<NumberEdit>(0, "desirabilityLowScale"), "2.5");
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityMin{0.0, 6.0, 2.5}));
    QCOMPARE(f.document.undoStack().count(), 2);
}

void GoalsPageTest::knotsComeAndGo() {
    Fixture f(sampleStudy());
    auto* const kind = f.child<QComboBox>(0, "desirabilityShape");
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_End); // the last is the own curve
    QCOMPARE(kind->currentData().toInt(), static_cast<int>(ShapeKind::Custom));
    QTRY_VERIFY(shapeKind(f.function(0).shape) == ShapeKind::Custom);
    const auto knots = [&f] { return std::get<DesirabilityCustom>(f.function(0).shape).x.size(); };
    QCOMPARE(knots(), std::size_t(5));
    QTest::mouseDClick(f.plot(0).viewport(), Qt::LeftButton, {}, f.at(0, 3.8, 0.2));
    QCOMPARE(knots(), std::size_t(6));
    QTest::mouseDClick(f.plot(0).viewport(), Qt::LeftButton, {}, f.at(0, 3.8, 0.2));
    QCOMPARE(knots(), std::size_t(5));
    f.plot(0).setFocus();
    QTest::keyClick(&f.plot(0), Qt::Key_PageDown);
    QTest::keyClick(&f.plot(0), Qt::Key_Insert);
    QCOMPARE(knots(), std::size_t(6));
    QTest::keyClick(&f.plot(0), Qt::Key_Delete);
    QCOMPARE(knots(), std::size_t(5));
    f.type(f.child<QLineEdit>(0, "desirabilityKnots"), "0: 1; 4: 0.5; 9: 0");
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityCustom{{0.0, 4.0, 9.0}, {1.0, 0.5, 0.0}}));
    f.type(f.child<QLineEdit>(0, "desirabilityKnots"), "0: 1; 4: 2");
    QCOMPARE(knots(), std::size_t(3)); // refused, and the field says why
    QVERIFY(!f.child<QLineEdit>(0, "desirabilityKnots")->toolTip().isEmpty());
}

void GoalsPageTest::slidingTheWeight() {
    Fixture f(sampleStudy());
    QTRY_VERIFY(f.page->desirability().isUpToDate());
    auto* const slider = f.child<QSlider>(0, "desirabilityWeightSlider");
    slider->setSliderDown(true);
    for (int position = 0; position <= 80; position += 10)
        slider->setValue(position);
    QTRY_COMPARE(f.bestRanked(), 1); // loss counts 6.3 times
    QCOMPARE(f.document.undoStack().count(), 0);
    slider->setSliderDown(false);
    QCOMPARE(f.document.undoStack().count(), 1);
    QVERIFY(std::abs(f.function(0).weight - 6.3) < 1e-12);
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Left);
    QTest::keyClick(slider, Qt::Key_Left);
    QVERIFY(f.function(0).weight < 6.3);
    QCOMPARE(f.document.undoStack().count(), 2);
}

void GoalsPageTest::typedRulesForMissingAndFloor() {
    Fixture f(sampleStudy());
    f.type(f.child<NumberEdit>(1, "desirabilityTolerance"), "0.05");
    QCOMPARE(f.function(1).tolerance, std::optional(0.05));
    f.type(f.child<NumberEdit>(1, "desirabilityMissing"), "0.3");
    QCOMPARE(f.function(1).missing, std::optional(0.3));
    f.type(f.child<NumberEdit>(1, "desirabilityMissing"), "1.5");
    QTRY_VERIFY(f.child<QLabel>(1, "desirabilityProblem")->isVisible());
}

void GoalsPageTest::crossedLimitsAreExplained() {
    Fixture f(sampleStudy());
    f.type(f.child<NumberEdit>(0, "desirabilityLow"), "20");
    QTRY_VERIFY(f.child<QLabel>(0, "desirabilityProblem")->isVisible());
    QVERIFY(!f.plot(0).message().isEmpty());
    f.type(f.child<NumberEdit>(0, "desirabilityHigh"), "30");
    QTRY_VERIFY(!f.child<QLabel>(0, "desirabilityProblem")->isVisible());
    QVERIFY(f.plot(0).message().isEmpty());
}

void GoalsPageTest::addsAndRemovesADesirability() {
    Fixture f(sampleStudy());
    QTest::mouseClick(f.child<QPushButton>(0, "removeDesirability"), Qt::LeftButton);
    QVERIFY(!f.document.definition().objectives[0].desirability);
    QVERIFY(f.child<QPushButton>(0, "addDesirability")->isVisible());
    QTRY_COMPARE(f.page->desirability().ranking().ranking().goals.size(), std::size_t(1));
    QTest::mouseClick(f.child<QPushButton>(0, "addDesirability"), Qt::LeftButton);
    QVERIFY(f.function(0).shape == DesirabilityShape(DesirabilityMin{1.0, 4.0, 1.0})); // as measured
}

void GoalsPageTest::selectionIsShared() {
    Fixture f(sampleStudy());
    QTRY_VERIFY(f.page->desirability().isUpToDate());
    auto* const table = f.page->findChild<QTableView*>("rankingTable");
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                      table->visualRect(table->model()->index(1, 0)).center());
    QCOMPARE(f.selection.current().value, 1);
    f.selection.setCurrent(TrialId{3});
    QCOMPARE(table->currentIndex().row(), 2);
    const QPointF star = f.plot(0).best().scenePosition(0);
    QTest::mouseClick(f.plot(0).viewport(), Qt::LeftButton, {}, f.plot(0).mapFromScene(star));
    QCOMPARE(f.selection.current().value, 2);
}

void GoalsPageTest::readOnlyCannotBeDragged() {
    Fixture f(sampleStudy());
    f.plot(0).setEditable(false);
    f.drag(0, 2, 5.0, 0.0);
    f.release(0, 5.0, 0.0);
    QCOMPARE(f.document.undoStack().count(), 0);
}

void GoalsPageTest::categoriesAreBars() {
    Study study = sampleStudy();
    study.definition.objectives[0].desirability->shape =
        DesirabilityCategories{{{"bad", 0.1}, {"fair", 0.5}, {"good", 1.0}}};
    Fixture f(study);
    QCOMPARE(f.plot(0).xAxis().spec().categories, QStringList({"bad", "fair", "good"}));
    f.drag(0, 1, 1.0, 0.8);
    f.release(0, 1.0, 0.8);
    const auto levels = std::get<DesirabilityCategories>(f.function(0).shape).values;
    QVERIFY(std::abs(levels.at("fair") - 0.8) < 0.05);
    QCOMPARE(levels.at("bad"), 0.1);
}

void GoalsPageTest::fitsBesideTheRailOfASmallScreen() {
    Study study = sampleStudy();
    Objective third = study.definition.objectives[0];
    third.id = {study.definition.nextId++};
    third.name = "memory";
    third.desirability->shape = DesirabilityTarget{1.0, 2.0, 4.0, 1.0, 1.0};
    study.definition.objectives.push_back(third);
    for (Trial& trial : study.trials)
        trial.values[third.id] = {2.0, std::nullopt};
    Fixture f(study);
    f.page->resize(1280 - 112, 700); // 1280 x 800 without rail, menus and status
    QTRY_VERIFY(f.page->desirability().isUpToDate());
    auto* const scroll = f.page->findChild<QScrollArea*>();
    QTRY_COMPARE(scroll->viewport()->width(), scroll->widget()->width());
    QCOMPARE(scroll->horizontalScrollBar()->maximum(), 0);
    auto* const table = f.page->findChild<QTableView*>("rankingTable");
    QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
    QVERIFY(table->mapTo(f.page.get(), QPoint(table->width(), 0)).x() <= f.page->width());
}

void GoalsPageTest::choosesHowBeliefsAct() {
    Fixture f(sampleStudy());
    auto* const box = f.page->findChild<QComboBox*>("strategyBeliefs");
    auto* const text = f.page->findChild<QLabel*>("strategyBeliefsExplanation");
    QVERIFY(box && text);
    QCOMPARE(box->count(), 4);
    QCOMPARE(box->currentData().toInt(), static_cast<int>(BeliefUse::Auto));
    const auto use = [&] { return f.document.definition().strategy.beliefs; };
    const int undo = f.document.undoStack().count();
    for (const BeliefUse wanted : {BeliefUse::ColaBo, BeliefUse::PiBo, BeliefUse::Off}) {
        box->setCurrentIndex(box->findData(static_cast<int>(wanted)));
        emit box->activated(box->currentIndex());
        QCOMPARE(use(), wanted);
    }
    QCOMPARE(f.document.undoStack().count(), undo + 3);
    f.document.undoStack().undo();
    QCOMPARE(use(), BeliefUse::PiBo);
    QCOMPARE(box->currentData().toInt(), static_cast<int>(BeliefUse::PiBo));
    // The line below says what it does once there is a belief to use.
    const QString without = text->text();
    Belief belief;
    belief.id = {f.document.definition().nextId};
    belief.claim = BestValueBelief{f.document.definition().objectives[0].id, NormalDensity{1.0, 0.5}};
    f.document.push(PutBelief{belief, 0}, "belief");
    QVERIFY(text->text() != without);
    QCOMPARE(text->text(), box->itemData(box->currentIndex(), Qt::ToolTipRole).toString());
}

QTEST_MAIN(GoalsPageTest)
#include "tst_goals_page.moc"
