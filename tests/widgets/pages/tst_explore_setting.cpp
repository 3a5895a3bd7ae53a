#include "explore_fixture.h"
#include "pages/explore_column.h"
#include "pages/explore_optimum.h"
#include "plots/cursor_item.h"
#include "plots/desirability_profile.h"
#include "plots/series_items.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace alidade;
using namespace alidade::test;

class ExploreSettingTest : public QObject {
    Q_OBJECT
private slots:
    void draggingTheCursorMovesTheSetting();
    void keysMoveTheSetting();
    void typingAnExactValue();
    void wrongTextIsRefused();
    void choiceActivatesConditionalParameter();
    void setFromTrialAndGoToBest();
    void movesAreTakenBack();
    void lockedParametersStay();
    void maximisesAroundLockedParameters();
    void addsATrialAtTheSetting();
    void maximisesTheDesirability();
    void saysHowSureThePredictedBestIs_data();
    void saysHowSureThePredictedBestIs();
};

void ExploreSettingTest::draggingTheCursorMovesTheSetting() {
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

void ExploreSettingTest::keysMoveTheSetting() {
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

void ExploreSettingTest::typingAnExactValue() {
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

void ExploreSettingTest::wrongTextIsRefused() {
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

void ExploreSettingTest::choiceActivatesConditionalParameter() {
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

void ExploreSettingTest::setFromTrialAndGoToBest() {
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

void ExploreSettingTest::movesAreTakenBack() {
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

void ExploreSettingTest::lockedParametersStay() {
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

void ExploreSettingTest::maximisesAroundLockedParameters() {
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

void ExploreSettingTest::addsATrialAtTheSetting() {
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

void ExploreSettingTest::maximisesTheDesirability() {
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

void ExploreSettingTest::saysHowSureThePredictedBestIs_data() {
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

void ExploreSettingTest::saysHowSureThePredictedBestIs() {
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

QTEST_MAIN(ExploreSettingTest)
#include "tst_explore_setting.moc"
