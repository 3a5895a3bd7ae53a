#include "base/rng.h"
#include "suggest/doubt.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

Q_DECLARE_METATYPE(Method)
Q_DECLARE_METATYPE(Doubt)

// Suggestions that do not trust the fit: due when little is expected, and chosen as they say. What they are
// worth is for benchmarks to tell.

class DoubtTest : public QObject {
    Q_OBJECT
private slots:
    void areDueWhenLittleIsExpected_data();
    void areDueWhenLittleIsExpected();
    void leavesBeliefsOutInTime();
    void doubtsAConvergedFit();
    void looksFarFromTheBest();
    void checksWhatSeemsIrrelevant();

private:
    /// Without results; parameters x1, x2, ... from 0 to 1.
    static Study unitCube(std::size_t dimension, std::uint64_t seed) {
        test::Problem problem;
        problem.name = "cube";
        problem.low.assign(dimension, 0.0);
        problem.high.assign(dimension, 1.0);
        return test::studyOf(problem, seed);
    }
    static Setting at(const Study& study, const std::vector<double>& x) {
        Setting setting;
        for (std::size_t i = 0; i < x.size(); ++i)
            setting[study.definition.space.parameters[i].id] = x[i];
        return setting;
    }
    /// Two valleys in the square, each 0.1 wide, the second one by a fifth deeper; 40 results in the first
    /// one and 16 on a grid that misses both.
    static double valleys(double x, double m) {
        const auto valley = [&](double at) {
            return std::exp(-((x - at) * (x - at) + (m - at) * (m - at)) / (2.0 * 0.1 * 0.1));
        };
        return -valley(0.27) - 1.2 * valley(0.73);
    }
    static Study inOneValley() {
        Study study = unitCube(2, 2);
        study.definition.strategy.method = Method::LogEi;
        const auto add = [&](double x, double m) {
            test::addResult(study, at(study, {x, m}), Origin::Manual, valleys(x, m));
        };
        for (int i = 0; i < 16; ++i)
            add((i % 4) / 3.0, (i / 4) / 3.0);
        Rng rng(4, "valley");
        for (int i = 0; i < 40; ++i)
            add(std::clamp(0.27 + 0.06 * rng.normal(), 0.0, 1.0),
                std::clamp(0.27 + 0.06 * rng.normal(), 0.0, 1.0));
        return study;
    }
};

void DoubtTest::areDueWhenLittleIsExpected_data() {
    QTest::addColumn<Method>("method");
    QTest::addColumn<double>("expected"); // log of it, in standard deviations of the outcomes
    QTest::addColumn<int>("index");
    QTest::addColumn<Doubt>("doubt");
    const double much = std::log(0.1);
    const double little = std::log(0.009);
    const double littleWithNoise = std::log(0.04);
    const double nothing = std::log(0.9e-4);
    QTest::newRow("much") << Method::LogEi << much << 16 << Doubt::None;
    QTest::newRow("little") << Method::LogEi << little << 20 << Doubt::Roughness;
    QTest::newRow("little, out of turn") << Method::LogEi << little << 21 << Doubt::None;
    QTest::newRow("little, turn of relevance") << Method::LogEi << little << 22 << Doubt::None;
    QTest::newRow("little, every sixteenth") << Method::LogEi << little << 32 << Doubt::Place;
    QTest::newRow("little, eighth") << Method::LogEi << little << 24 << Doubt::Roughness;
    QTest::newRow("nothing") << Method::LogEi << nothing << 22 << Doubt::Relevance;
    QTest::newRow("in a batch as without") << Method::QLogEi << littleWithNoise << 20 << Doubt::None;
    QTest::newRow("in a batch, little") << Method::QLogEi << little << 20 << Doubt::Roughness;
    QTest::newRow("in a batch, eighth") << Method::QLogEi << little << 24 << Doubt::Roughness;
    QTest::newRow("noise, much") << Method::LogNei << much << 16 << Doubt::None;
    QTest::newRow("noise, little") << Method::LogNei << littleWithNoise << 20 << Doubt::Roughness;
    QTest::newRow("noise, eighth") << Method::LogNei << littleWithNoise << 24 << Doubt::Place;
}

/// Scores of both kinds, of which the method decides what counts as little.
void DoubtTest::areDueWhenLittleIsExpected() {
    QFETCH(const Method, method);
    QFETCH(const double, expected);
    QFETCH(const int, index);
    QFETCH(const Doubt, doubt);
    const auto turn = static_cast<std::uint64_t>(index);
    static const StudyModel model = StudyModel::fit(inOneValley()).value();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), turn, 1, {}, method).value();
    MaximiserReport report;
    report.found.push_back({model.state()->observed.front().setting, expected});
    QVERIFY(doubtDue(method, target, report, turn) == doubt);
    report.enumerated = true;
    QVERIFY(doubtDue(method, target, report, turn) == Doubt::None);
    report.enumerated = false;
    report.stopped = true;
    QVERIFY(doubtDue(method, target, report, turn) == Doubt::None);
}

/// Every second time after five trials per coordinate, and before where little is to be gained; what the
/// beliefs make of it is no gain.
void DoubtTest::leavesBeliefsOutInTime() {
    Study study = inOneValley();
    Belief belief;
    belief.id.value = study.definition.nextId++;
    belief.claim = OptimumBelief{study.definition.space.parameters[0].id, NormalDensity{0.25, 0.1}};
    study.definition.beliefs.push_back(belief);
    for (const std::size_t trials : {std::size_t{9}, std::size_t{10}}) {
        Study part = study;
        part.trials.resize(trials);
        const StudyModel model = StudyModel::fit(part).value();
        const AcquisitionTarget target = AcquisitionTarget::next(model.state(), trials, 1, {}).value();
        QVERIFY(target.beliefs() && target.beliefs()->model);
        Setting believed = model.state()->observed.front().setting;
        believed[study.definition.space.parameters[0].id] = 0.25;
        const double factor = target.beliefs()->values(model.state()->features.row(believed))(0);
        QVERIFY(factor > 0.1);
        const auto due = [&](double gain, std::uint64_t index) {
            MaximiserReport report;
            report.found.push_back({believed, std::log(gain) + factor});
            return doubtDue(Method::LogEi, target, report, index);
        };
        QVERIFY(due(0.06, 21) == (trials < 10 ? Doubt::None : Doubt::Beliefs));
        QVERIFY(due(0.04, 21) == Doubt::Beliefs);
        QVERIFY(due(0.04, 22) == Doubt::None);
        QVERIFY(due(0.009, 20) == Doubt::Roughness);
    }
}

void DoubtTest::doubtsAConvergedFit() {
    // A valley known everywhere: nothing is to be gained, and every fourth suggestion looks away from it.
    Study study = unitCube(1, 5);
    const auto add = [&](double x) {
        test::addResult(study, at(study, {x}), Origin::Manual, -std::exp(-1000.0 * (x - 0.3) * (x - 0.3)));
    };
    for (int i = 0; i < 40; ++i)
        add(i / 39.0);
    for (const double x : {0.3, 0.301, 0.2995, 0.3002})
        add(x);
    int rough = 0;
    int far = 0;
    for (int i = 0; i < 12; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        const double x = test::coordinatesOf(study, suggestion.setting)[0];
        if (suggestion.reason.find("varies twice as fast") != std::string::npos) {
            ++rough;
            QCOMPARE(study.trials.size() % 4, std::size_t{0});
        } else if (suggestion.reason.find("far from the best") != std::string::npos) {
            ++far;
            QCOMPARE(study.trials.size() % 16, std::size_t{0});
            QVERIFY(std::abs(x - 0.3) > 0.07);
        }
        add(x);
    }
    QCOMPARE(rough, 1);
    QCOMPARE(far, 1);
}

void DoubtTest::looksFarFromTheBest() {
    const Study study = inOneValley();
    const StudyModel model = StudyModel::fit(study).value();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 80, 1, {}, Method::LogEi).value();
    const ObservedTrial* best = target.observedIncumbent();
    QVERIFY(best != nullptr);
    const AcquisitionTarget rougher = roughened(target).value();
    const Hyperparameters& fitted = target.process().process.hyperparameters();
    const Hyperparameters& rough = rougher.process().process.hyperparameters();
    for (Eigen::Index i = 0; i < fitted.lengthScales.size(); ++i)
        QCOMPARE(rough.lengthScales(i), std::min(0.5 * fitted.lengthScales(i), 0.5));

    const auto setting = settingElsewhere(target, 80, {}, {}).value();
    QVERIFY(setting.has_value());
    const GaussianProcess& process = rougher.process().process;
    const auto related = [&](const Eigen::RowVectorXd& row) {
        return correlation(
                   process.family(),
                   ((row - best->features).array() / rough.lengthScales.transpose().array()).square().sum()) >
               0.1;
    };
    const Eigen::RowVectorXd row = model.state()->features.row(*setting);
    QVERIFY(!related(row));
    // Of a fine grid beyond that distance, no more than one point in a hundred promises more.
    const double value = rougher.values(row)(0);
    int better = 0;
    int all = 0;
    for (int i = 0; i <= 60; ++i)
        for (int j = 0; j <= 60; ++j) {
            const Eigen::RowVectorXd other = model.state()->features.row(at(study, {i / 60.0, j / 60.0}));
            if (related(other))
                continue;
            ++all;
            better += rougher.values(other)(0) > value ? 1 : 0;
        }
    QVERIFY2(100 * better <= all, qPrintable(QString("%1 of %2").arg(better).arg(all)));
    QVERIFY(settingElsewhere(target, 80, {settingKey(*setting)}, {}).value() != setting);
    QVERIFY(settingElsewhere(target, 88, {}, {}).value() != setting);

    // Beliefs have no say in it.
    Study believing = study;
    Belief belief;
    belief.claim = OptimumBelief{believing.definition.space.parameters[0].id, NormalDensity{1.0, 0.05}};
    believing.definition.beliefs.push_back(belief);
    believing.definition.strategy.beliefs = BeliefUse::PiBo;
    const StudyModel led = StudyModel::fit(believing).value();
    const AcquisitionTarget ledTarget =
        AcquisitionTarget::next(led.state(), 80, 1, {}, Method::LogEi).value();
    QVERIFY(ledTarget.beliefs().has_value());
    QVERIFY(settingElsewhere(ledTarget, 80, {}, {}).value() == setting);
}

void DoubtTest::checksWhatSeemsIrrelevant() {
    // m was measured at 0 only, where it has a local minimum; the global one is 0.2 lower at m = 0.7.
    Study study = unitCube(2, 3);
    const auto add = [&](const std::vector<double>& xm) {
        const double u = xm[0] - 0.3;
        const double v = xm[1];
        const double y =
            u * u + 1.5 * v * v * std::exp(-8.0 * v) - 0.2 * std::exp(-50.0 * (v - 0.7) * (v - 0.7));
        test::addResult(study, at(study, xm), Origin::Manual, y);
        return y;
    };
    for (int i = 0; i < 16; ++i)
        add({i / 15.0, 0.0});
    for (const double near : {0.3, 0.301, 0.2995, 0.3002})
        add({near, 0.0});
    double best = HUGE_VAL;
    for (int i = 0; i < 16; ++i)
        best = std::min(best, add(test::coordinatesOf(study, suggest(study, 1)->suggestions[0].setting)));
    QVERIFY2(best < -0.15, qPrintable(QString::number(best)));

    // Where everything is known, the checks change one parameter of the best trial.
    Study known = unitCube(2, 3);
    const auto tell = [&](const std::vector<double>& x) {
        test::addResult(known, at(known, x), Origin::Manual,
                        std::pow(x[0] - 0.5, 2) + std::pow(x[1] - 0.5, 2));
    };
    for (int i = 0; i < 25; ++i)
        tell({(i % 5) / 4.0, (i / 5) / 4.0});
    int checks = 0;
    for (int i = 0; i < 12; ++i) {
        const Suggestion suggestion = suggest(known, 1)->suggestions[0];
        if (suggestion.reason.find("differs from the best in one parameter") != std::string::npos) {
            ++checks;
            const std::vector<double> x = test::coordinatesOf(known, suggestion.setting);
            const auto measured = [&](std::size_t axis) {
                return std::any_of(known.trials.begin(), known.trials.end(), [&](const Trial& trial) {
                    return test::coordinatesOf(known, trial.setting)[axis] == x[axis];
                });
            };
            QVERIFY(measured(0) || measured(1));
        }
        tell(test::coordinatesOf(known, suggestion.setting));
    }
    QVERIFY(checks >= 1 && checks <= 3);
}

QTEST_APPLESS_MAIN(DoubtTest)
#include "tst_doubt.moc"
