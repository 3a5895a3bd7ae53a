#include "pages/history_data.h"
#include "pages/replicate_means.h"
#include "study/best_end.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace alidade;

namespace {

constexpr MeasureId kLoss{1};
constexpr MeasureId kSpeed{2};
constexpr MeasureId kMemory{3};

Study emptyStudy() {
    Study study;
    Objective loss;
    loss.id = kLoss;
    loss.name = "loss";
    loss.knownOptimum = 1.0;
    Objective speed;
    speed.id = kSpeed;
    speed.name = "speed";
    speed.goal = Goal::Maximize;
    OutcomeConstraint memory;
    memory.id = kMemory;
    memory.name = "memory";
    memory.upper = 10.0;
    study.definition.objectives = {loss, speed};
    study.definition.outcomeConstraints = {memory};
    study.definition.nextId = 4;
    return study;
}

/// Finished `order`-th, whatever its id.
void add(Study& study, std::int64_t id, int order, double loss, double speed, double memory = 1.0) {
    Trial trial;
    trial.id = {id};
    trial.state = TrialState::Complete;
    trial.origin = Origin::Model;
    trial.values = {
        {kLoss, {loss, std::nullopt}}, {kSpeed, {speed, std::nullopt}}, {kMemory, {memory, std::nullopt}}};
    trial.finishedMs = 1000 * order;
    study.trials.push_back(trial);
}

} // namespace

class HistoryDataTest : public QObject {
    Q_OBJECT
private slots:
    void bestFollowsCompletionAndGoal();
    void infeasibleAndExcludedDoNotCount();
    void failuresAndInfinitiesAreRows();
    void targetsHaveNoBestValue_data();
    void targetsHaveNoBestValue();
    void overallDesirability();
    void regretOfBothGoals();
    void frontAgainstBruteForce_data();
    void frontAgainstBruteForce();
    void borderIsDominatedCorner();
    void lanesDoNotOverlapAndAreFewest();
    void replicatesCountWithTheirMean();
    void knownErrorsGiveTheInterval();
    void studentQuantiles();
    void waitsLieBesideTheRuns();
};

void HistoryDataTest::bestFollowsCompletionAndGoal() {
    Study study = emptyStudy();
    add(study, 1, 3, 4.0, 7.0);
    add(study, 2, 1, 5.0, 5.0);
    add(study, 3, 2, 3.0, 4.0);
    add(study, 4, 4, 3.5, 9.0);
    const MeasureHistory loss = measureHistory(study, study.definition.objectives[0]);
    QCOMPARE(loss.rows[0].id, TrialId{2});
    QCOMPARE(loss.bestOrder, std::vector<double>({1, 2, 4}));
    QCOMPARE(loss.bestValue, std::vector<double>({5.0, 3.0, 3.0}));
    QCOMPARE(loss.incumbents, std::vector<TrialId>({{2}, {3}}));
    const MeasureHistory speed = measureHistory(study, study.definition.objectives[1]);
    QCOMPARE(speed.bestValue, std::vector<double>({5.0, 7.0, 9.0}));
    QCOMPARE(speed.bestOrder, std::vector<double>({1, 3, 4}));
}

void HistoryDataTest::infeasibleAndExcludedDoNotCount() {
    Study study = emptyStudy();
    add(study, 1, 1, 5.0, 5.0);
    add(study, 2, 2, 0.1, 5.0, 99.0);
    add(study, 3, 3, 0.2, 5.0);
    study.trials.back().excluded = true;
    const MeasureHistory loss = measureHistory(study, study.definition.objectives[0]);
    QCOMPARE(loss.bestValue, std::vector<double>({5.0, 5.0}));
    QVERIFY(!loss.rows[1].feasible && loss.rows[1].value == 0.1);
    QVERIFY(loss.rows[2].excluded);
}

void HistoryDataTest::failuresAndInfinitiesAreRows() {
    Study study = emptyStudy();
    add(study, 1, 1, std::numeric_limits<double>::infinity(), 5.0);
    add(study, 2, 2, 2.0, 5.0);
    study.trials.back().state = TrialState::Failed;
    study.trials.back().values.clear();
    add(study, 3, 3, 2.0, 5.0);
    study.trials.back().state = TrialState::Running;
    const MeasureHistory loss = measureHistory(study, study.definition.objectives[0]);
    QCOMPARE(loss.rows.size(), std::size_t(2));
    QVERIFY(loss.bestValue.empty());
    QVERIFY(std::isinf(*loss.rows[0].value));
    QVERIFY(loss.rows[1].failed && !loss.rows[1].value);
}

void HistoryDataTest::targetsHaveNoBestValue_data() {
    QTest::addColumn<QString>("shape");
    QTest::addColumn<bool>("targeted");
    QTest::newRow("as large as possible") << "max" << false;
    QTest::newRow("target") << "target" << true;
    QTest::newRow("range") << "box" << true;
    QTest::newRow("custom, rising") << "rising" << false;
    QTest::newRow("custom, falling") << "falling" << true;
    QTest::newRow("custom, a hill") << "hill" << true;
}

void HistoryDataTest::targetsHaveNoBestValue() {
    QFETCH(QString, shape);
    QFETCH(bool, targeted);
    Study study = emptyStudy();
    Objective& speed = study.definition.objectives[1]; // to be maximised
    speed.desirability.emplace();
    if (shape == "max")
        speed.desirability->shape = DesirabilityMax{0.0, 10.0};
    else if (shape == "target")
        speed.desirability->shape = DesirabilityTarget{0.0, 5.0, 10.0};
    else if (shape == "box")
        speed.desirability->shape = DesirabilityBox{4.0, 6.0};
    else if (shape == "rising")
        speed.desirability->shape = DesirabilityCustom{{5.0, 0.0, 10.0}, {0.2, 0.0, 1.0}};
    else if (shape == "falling")
        speed.desirability->shape = DesirabilityCustom{{0.0, 10.0}, {1.0, 0.0}};
    else
        speed.desirability->shape = DesirabilityCustom{{0.0, 5.0, 10.0}, {0.0, 1.0, 0.0}};
    add(study, 1, 1, 5.0, 5.0);
    add(study, 2, 2, 5.0, 9.0);
    const MeasureHistory history = measureHistory(study, speed);
    QCOMPARE(!oneEndIsBest(speed), targeted);
    QCOMPARE(history.rows.size(), std::size_t{2});
    QCOMPARE(history.bestValue, targeted ? std::vector<double>() : std::vector<double>({5.0, 9.0}));
}

void HistoryDataTest::overallDesirability() {
    Study study = emptyStudy();
    add(study, 1, 1, 6.0, 4.0);
    add(study, 2, 2, 2.0, 5.0, 99.0); // outside the limit
    add(study, 3, 3, 5.0, 10.0);      // far from the target
    add(study, 4, 4, 2.0, 4.0);
    QVERIFY(!desirabilityHistory(study));
    study.definition.objectives[0].desirability.emplace().shape = DesirabilityMin{0.0, 10.0};
    QVERIFY(!desirabilityHistory(study)); // the other objective has none
    study.definition.objectives[1].desirability.emplace().shape = DesirabilityTarget{0.0, 5.0, 10.0};
    const auto history = desirabilityHistory(study);
    QVERIFY(history.has_value());
    // (10 - loss) / 10 and 1 - |speed - 5| / 5, geometric mean.
    const double expected[] = {std::sqrt(0.4 * 0.8), std::sqrt(0.8 * 1.0), 0.0, std::sqrt(0.8 * 0.8)};
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(std::abs(history->rows[i].value.value() - expected[i]) < 1e-12);
    QVERIFY(!history->rows[1].feasible);
    QCOMPARE(history->bestOrder, std::vector<double>({1.0, 4.0}));
    QVERIFY(std::abs(history->bestValue[1] - expected[3]) < 1e-12);
    QCOMPARE(history->incumbents, std::vector<TrialId>({{1}, {4}}));
}

void HistoryDataTest::regretOfBothGoals() {
    Study study = emptyStudy();
    study.definition.objectives[1].knownOptimum = 10.0;
    add(study, 1, 1, 5.0, 4.0);
    add(study, 2, 2, 0.5, 9.5);
    QCOMPARE(measureHistory(study, study.definition.objectives[0]).regret, std::vector<double>({4.0, 0.0}));
    QCOMPARE(measureHistory(study, study.definition.objectives[1]).regret, std::vector<double>({6.0, 0.5}));
}

void HistoryDataTest::frontAgainstBruteForce_data() {
    QTest::addColumn<bool>("maximizeX");
    QTest::addColumn<bool>("maximizeY");
    QTest::newRow("min min") << false << false;
    QTest::newRow("min max") << false << true;
    QTest::newRow("max min") << true << false;
    QTest::newRow("max max") << true << true;
}

void HistoryDataTest::frontAgainstBruteForce() {
    QFETCH(bool, maximizeX);
    QFETCH(bool, maximizeY);
    Study study = emptyStudy();
    study.definition.objectives[0].goal = maximizeX ? Goal::Maximize : Goal::Minimize;
    study.definition.objectives[1].goal = maximizeY ? Goal::Maximize : Goal::Minimize;
    unsigned state = 12345;
    for (int i = 1; i <= 60; ++i) {
        state = state * 1664525U + 1013904223U;
        const double x = (state >> 8) % 997;
        state = state * 1664525U + 1013904223U;
        const double y = (state >> 8) % 997;
        add(study, i, i, x, y, i % 7 == 0 ? 99.0 : 1.0);
    }
    const TrialFront front =
        trialFront(study, study.definition.objectives[0], study.definition.objectives[1]);
    const auto notWorse = [&](const FrontRow& a, const FrontRow& b) {
        return (maximizeX ? a.x >= b.x : a.x <= b.x) && (maximizeY ? a.y >= b.y : a.y <= b.y);
    };
    int members = 0;
    for (const FrontRow& row : front.rows) {
        bool dominated = !row.feasible;
        for (const FrontRow& other : front.rows)
            dominated = dominated || (other.feasible && notWorse(other, row) && !notWorse(row, other));
        QCOMPARE(row.onFront, !dominated);
        members += row.onFront ? 1 : 0;
    }
    QVERIFY(members >= 2);
    for (std::size_t i = 1; i < front.borderX.size(); ++i)
        QVERIFY(front.borderX[i] >= front.borderX[i - 1]);
}

void HistoryDataTest::borderIsDominatedCorner() {
    Study study = emptyStudy(); // loss smaller, speed larger
    add(study, 1, 1, 1.0, 3.0);
    add(study, 2, 2, 2.0, 8.0);
    const TrialFront front =
        trialFront(study, study.definition.objectives[0], study.definition.objectives[1]);
    QCOMPARE(front.borderX, std::vector<double>({1.0, 2.0, 2.0}));
    QCOMPARE(front.borderY, std::vector<double>({3.0, 3.0, 8.0}));
}

void HistoryDataTest::lanesDoNotOverlapAndAreFewest() {
    Study study = emptyStudy();
    unsigned state = 99;
    for (int i = 1; i <= 80; ++i) {
        add(study, i, i, 1.0, 1.0);
        state = state * 1664525U + 1013904223U;
        study.trials.back().startedMs = 1'000'000 + static_cast<std::int64_t>((state >> 8) % 60000);
        state = state * 1664525U + 1013904223U;
        study.trials.back().finishedMs =
            study.trials.back().startedMs + 100 + static_cast<std::int64_t>((state >> 8) % 5000);
    }
    study.trials[3].state = TrialState::Running;
    study.trials[3].finishedMs = 0;
    const std::int64_t now = 1'100'000;
    const auto bars = timelineBars(study, now);
    QCOMPARE(bars.size(), std::size_t(80));
    QCOMPARE(bars.front().start, 0.0);
    std::int64_t firstMs = now;
    for (const Trial& trial : study.trials)
        firstMs = std::min(firstMs, trial.startedMs);
    int lanes = 0;
    std::size_t most = 0;
    for (const TimelineBar& bar : bars) {
        lanes = std::max(lanes, bar.lane + 1);
        std::size_t atOnce = 0;
        for (const TimelineBar& other : bars) {
            atOnce += other.start <= bar.start && bar.start < other.end ? 1 : 0;
            if (other.id != bar.id && other.lane == bar.lane)
                QVERIFY(other.end <= bar.start || bar.end <= other.start);
        }
        most = std::max(most, atOnce);
        if (bar.id == TrialId{4})
            QVERIFY(std::abs(bar.end - static_cast<double>(now - firstMs) / 1000.0) < 1e-9);
    }
    QCOMPARE(static_cast<std::size_t>(lanes), most);
}

void HistoryDataTest::replicatesCountWithTheirMean() {
    Study study = emptyStudy();
    const ParameterId x{9};
    const auto at = [&](double place, double loss) {
        const auto id = static_cast<std::int64_t>(study.trials.size()) + 1;
        add(study, id, static_cast<int>(id), loss, 1.0);
        study.trials.back().setting[x] = place;
    };
    at(0.1, 4.0);
    at(0.2, 2.0); // lucky
    at(0.2, 5.0);
    at(0.1, 3.0);
    at(0.1, 3.5);
    const MeasureHistory loss = measureHistory(study, study.definition.objectives[0]);
    QVERIFY(loss.replicated);
    QCOMPARE(loss.bestOrder, std::vector<double>({1, 2, 3, 4, 5}));
    QCOMPARE(loss.bestValue, std::vector<double>({4.0, 2.0, 3.5, 3.5, 3.5}));
    QCOMPARE(loss.incumbents, std::vector<TrialId>({{1}, {2}, {3}, {4}}));
    QVERIFY(std::isnan(loss.bestLow[1]));
    // After three trials one degree of freedom, deviations 1.5: 12.706 sqrt(4.5 / 1 / 2).
    QVERIFY(std::abs(loss.bestHigh[2] - (3.5 + 12.706 * std::sqrt(4.5 / 2.0))) < 1e-9);
    // At the end squares 4.5 + 0.5 over 3 degrees, three replicates at 0.1 (scipy: t = 3.1824).
    QVERIFY(std::abs(loss.bestLow[4] - (3.5 - 3.182 * std::sqrt(5.0 / 3.0 / 3.0))) < 1e-9);
    QCOMPARE(loss.regret.back(), 2.5);
}

void HistoryDataTest::knownErrorsGiveTheInterval() {
    Study study = emptyStudy();
    add(study, 1, 1, 4.0, 1.0);
    study.trials[0].values[kLoss].noiseSd = 0.5;
    study.trials[0].setting[ParameterId{9}] = 0.1;
    add(study, 2, 2, 3.0, 1.0);
    study.trials[1].setting[ParameterId{9}] = 0.2;
    const MeasureHistory loss = measureHistory(study, study.definition.objectives[0]);
    QVERIFY(!loss.replicated);
    QVERIFY(std::abs(loss.bestHigh[0] - (4.0 + 1.959964 * 0.5)) < 1e-9);
    QVERIFY(std::isnan(loss.bestHigh[1]));
    study.trials[0].values[kLoss].noiseSd.reset();
    QVERIFY(measureHistory(study, study.definition.objectives[0]).bestLow.empty());
}

void HistoryDataTest::studentQuantiles() {
    // scipy.stats.t.ppf(0.975, d)
    QCOMPARE(studentQuantile95(1), 12.706);
    QCOMPARE(studentQuantile95(10), 2.228);
    QVERIFY(std::abs(studentQuantile95(31) - 2.0395134) < 1e-3);
    QVERIFY(std::abs(studentQuantile95(60) - 2.0002978) < 1e-4);
    QVERIFY(std::abs(studentQuantile95(1000) - 1.9623391) < 1e-5);
}

void HistoryDataTest::waitsLieBesideTheRuns() {
    Study study = emptyStudy();
    for (int i = 0; i < 4; ++i) {
        add(study, i + 1, i, 1.0, 1.0);
        Trial& trial = study.trials.back();
        trial.createdMs = 1'000'000; // all at once, one worker
        trial.startedMs = 1'000'000 + 10'000 * i;
        trial.finishedMs = trial.startedMs + 10'000;
    }
    study.trials[3].state = TrialState::Pending;
    study.trials[3].startedMs = study.trials[3].finishedMs = 0;
    const Timeline shown = timeline(study, 9'000'000);
    QCOMPARE(shown.ran.size(), std::size_t{3});
    QCOMPARE(shown.waited.size(), std::size_t{3});
    QCOMPARE(shown.waited[0].id, TrialId{2});
    QCOMPARE(shown.waited[0].end, 10.0);
    QCOMPARE(shown.waited[1].end, 20.0);
    QCOMPARE(shown.waited[2].end, 30.0); // still waiting, but nothing runs any more
    QVERIFY(shown.waited[0].lane == 0 && shown.waited[1].lane == 1 && shown.waited[2].lane == 2);
    const Timeline one = timeline(study, 9'000'000, 1);
    QCOMPARE(one.waited.size(), std::size_t{1});
    QCOMPARE(one.unshown, std::size_t{2});
    study.trials[1].createdMs = 1000; // registered long before: shown from shortly before the first start
    QCOMPARE(timeline(study, 9'000'000).waited[0].start, -3.0);
}

QTEST_APPLESS_MAIN(HistoryDataTest)
#include "tst_history_data.moc"
