// Objectives whose desirability asks for a value or a range: the front of distances, against brute force; the
// switch and the colours of the page.
#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "pages/fronts_data.h"
#include "pages/fronts_page.h"
#include "pages/fronts_targets.h"
#include "plots/front_plot.h"
#include "plots/parallel_plot.h"
#include "plots/plot_axis.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTabWidget>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// cost is minimised; pH is to be 7 (between 5 and 9); clear between 20 and 30.
Study sampleStudy() {
    Study study;
    Definition& definition = study.definition;
    Parameter x;
    x.id = {definition.nextId++};
    x.name = "x";
    x.domain = RealRange{0.0, 1.0, Scale::Linear, std::nullopt};
    definition.space.parameters.push_back(x);
    const auto add = [&](const char* name, Goal goal, DesirabilityShape shape) {
        Objective objective;
        objective.id = {definition.nextId++};
        objective.name = name;
        objective.goal = goal;
        objective.desirability = DesirabilityFunction{std::move(shape), {}, {}, 1.0};
        definition.objectives.push_back(objective);
    };
    add("cost", Goal::Minimize, DesirabilityMin{0.0, 10.0, 1.0});
    add("pH", Goal::Maximize, DesirabilityTarget{5.0, 7.0, 10.0, 1.0, 1.0});
    for (int i = 0; i < 40; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        trial.finishedMs = 1000 + i;
        trial.setting[x.id] = i / 40.0;
        trial.values[definition.objectives[0].id] = {std::fmod(0.3 + 6.180339887 * i, 10.0), std::nullopt};
        trial.values[definition.objectives[1].id] = {5.0 + std::fmod(0.7 + 3.0901699437 * i, 5.0),
                                                     std::nullopt};
        study.trials.push_back(trial);
    }
    return study;
}

/// Trials that no other beats: cheaper and nearer to 7.
std::set<TrialId> bruteForce(const Study& study, bool distances) {
    const auto at = [&](const Trial& trial) {
        const double cost = trial.values.at(study.definition.objectives[0].id).value;
        const double ph = trial.values.at(study.definition.objectives[1].id).value;
        return std::pair(cost, distances ? std::abs(ph - 7.0) : -ph);
    };
    std::set<TrialId> front;
    for (const Trial& a : study.trials) {
        bool beaten = false;
        for (const Trial& b : study.trials)
            beaten = beaten || (at(b).first <= at(a).first && at(b).second <= at(a).second && at(b) != at(a));
        if (!beaten)
            front.insert(a.id);
    }
    return front;
}

std::set<TrialId> frontOf(const FrontsData& data) {
    std::set<TrialId> front;
    for (const FrontPoint& point : data.points)
        if (point.rank == 0)
            front.insert(point.id);
    return front;
}

} // namespace

class FrontsTargetsTest : public QObject {
    Q_OBJECT
private slots:
    void distances_data();
    void distances();
    void frontOfDistances();
    void pageSwitches();
    void linesTakeTheColourOfAnObjective();
};

void FrontsTargetsTest::distances_data() {
    QTest::addColumn<int>("shape");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("distance");
    QTest::addColumn<double>("worst");
    QTest::newRow("target below") << 0 << 6.0 << 1.0 << 3.0;
    QTest::newRow("target above") << 0 << 9.5 << 2.5 << 3.0;
    QTest::newRow("target hit") << 0 << 7.0 << 0.0 << 3.0;
    QTest::newRow("range inside") << 1 << 25.0 << 0.0 << 10.0;
    QTest::newRow("range below") << 1 << 18.0 << 2.0 << 10.0;
    QTest::newRow("range above") << 1 << 34.0 << 4.0 << 10.0;
    QTest::newRow("curve") << 2 << 1.0 << 1.0 << 2.0; // the best knot is at 2
    QTest::newRow("curve above") << 2 << 3.5 << 1.5 << 2.0;
    QTest::newRow("curve best at both ends") << 4 << 1.0 << 3.0 << 4.0;
    QTest::newRow("curve best at its upper end") << 5 << 3.0 << 1.0 << 4.0;
    QTest::newRow("against the goal") << 3 << 11.0 << 6.0 << 10.0;
    QTest::newRow("enough") << 3 << 4.0 << 0.0 << 10.0;
}

void FrontsTargetsTest::distances() {
    QFETCH(int, shape);
    QFETCH(double, value);
    QFETCH(double, distance);
    QFETCH(double, worst);
    Study study = sampleStudy();
    const DesirabilityShape shapes[] = {DesirabilityTarget{5.0, 7.0, 10.0, 1.0, 1.0},
                                        DesirabilityBox{20.0, 30.0},
                                        DesirabilityCustom{{0.0, 2.0, 4.0}, {0.0, 1.0, 0.0}},
                                        DesirabilityMin{5.0, 15.0, 1.0},
                                        DesirabilityCustom{{0.0, 2.0, 4.0}, {1.0, 0.0, 1.0}},
                                        DesirabilityCustom{{0.0, 2.0, 4.0}, {0.5, 0.0, 1.0}}};
    Objective& objective = study.definition.objectives[1];
    objective.desirability->shape = shapes[shape];
    study.trials[0].values[objective.id].value = value;
    QCOMPARE(targetedObjectives(study.definition), std::vector<bool>({false, true}));
    const Study folded = distancesFromTargets(study);
    const Objective& measured = folded.definition.objectives[1];
    QVERIFY(std::abs(folded.trials[0].values.at(measured.id).value - distance) < 1e-12);
    QVERIFY(measured.goal == Goal::Minimize);
    QCOMPARE(*measured.reference, worst);
    QVERIFY(folded.definition.objectives[0] == study.definition.objectives[0]);
    QCOMPARE(folded.trials[0].values.at(folded.definition.objectives[0].id).value,
             study.trials[0].values.at(study.definition.objectives[0].id).value);
}

void FrontsTargetsTest::frontOfDistances() {
    const Study study = sampleStudy();
    const auto distances = collectFronts(study, {}, true);
    QVERIFY(distances.ok());
    QCOMPARE(frontOf(*distances), bruteForce(study, true));
    QCOMPARE(distances->distances, std::vector<bool>({false, true}));
    QVERIFY(!distances->ranking.rows.empty()); // by the desirabilities themselves
    const auto directions = collectFronts(study, {}, false);
    QVERIFY(directions.ok());
    QCOMPARE(frontOf(*directions), bruteForce(study, false));
    QVERIFY(frontOf(*directions) != frontOf(*distances));
    QCOMPARE(distances->reference[1], 3.0);
    // Without desirabilities there is nothing but directions.
    Study plain = study;
    for (Objective& objective : plain.definition.objectives)
        objective.desirability.reset();
    const auto same = collectFronts(plain, {}, false);
    QVERIFY(same.ok());
    QCOMPARE(directions->reference, same->reference);
    QCOMPARE(directions->hypervolume, same->hypervolume);
    QCOMPARE(directions->knee, same->knee);
}

void FrontsTargetsTest::pageSwitches() {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    document.openInMemory(sampleStudy());
    DerivedCache cache(document, jobs);
    cache.setPaused(true);
    FrontsPage page(document, jobs, cache, selection);
    page.resize(1100, 700);
    page.show();
    QTRY_COMPARE(frontOf(page.data()), bruteForce(document.study(), true));
    auto* const figures = page.findChild<QLabel*>("frontFigures");
    QTRY_VERIFY(figures->text().contains("distance"));
    QVERIFY(page.scatter().yAxis().spec().title.contains("distance from 7"));
    auto* const check = page.findChild<QCheckBox*>("frontDistances");
    QVERIFY(check->isVisible() && check->isChecked());
    QTest::mouseClick(check, Qt::LeftButton, {}, QPoint(8, check->height() / 2));
    QTRY_COMPARE(frontOf(page.data()), bruteForce(document.study(), false));
    QTRY_VERIFY(figures->text().contains("direction"));
    QTRY_COMPARE(page.scatter().yAxis().spec().title, QStringLiteral("↑ pH"));
    // Without a target there is nothing to switch.
    Objective objective = document.definition().objectives[1];
    objective.desirability->shape = DesirabilityMax{5.0, 9.0, 1.0};
    QVERIFY(document.push(PutObjective{objective, kKeepPlace}, "shape"));
    QTRY_VERIFY(!check->isVisible());
}

void FrontsTargetsTest::linesTakeTheColourOfAnObjective() {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    document.openInMemory(sampleStudy());
    DerivedCache cache(document, jobs);
    cache.setPaused(true);
    FrontsPage page(document, jobs, cache, selection);
    page.resize(1100, 700);
    page.show();
    page.findChild<QTabWidget*>("frontTabs")->setCurrentIndex(1);
    QTRY_COMPARE(page.parallel().parallel().lines().size(), std::size_t{40});
    auto* const box = page.findChild<QComboBox*>("frontColor");
    QCOMPARE(page.parallel().parallel().colorAxis(), std::optional<std::size_t>(0));
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Down);
    QCOMPARE(page.parallel().parallel().colorAxis(), std::optional<std::size_t>(1));
    QTest::keyClick(box, Qt::Key_Home);
    QCOMPARE(box->currentText(), QStringLiteral("front"));
    QCOMPARE(page.parallel().parallel().colorAxis(), std::optional<std::size_t>());
    // New results keep the choice.
    Trial corrected = document.study().trials[0];
    corrected.values[document.definition().objectives[0].id].value = 0.125;
    QVERIFY(document.push(PutTrial{corrected}, "correct"));
    QTRY_COMPARE(page.parallel().parallel().lines()[0].values[0], 0.125);
    QCOMPARE(box->currentText(), QStringLiteral("front"));
}

QTEST_MAIN(FrontsTargetsTest)
#include "tst_fronts_targets.moc"
