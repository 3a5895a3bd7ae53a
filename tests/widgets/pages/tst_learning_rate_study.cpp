// The study that tunes a schedule, and what the tabs compute.
#include "pages/learning_rate_extend.h"
#include "pages/learning_rate_study.h"
#include "pages/learning_rate_transfer.h"
#include "study/study.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class LearningRateStudyTest : public QObject {
    Q_OBJECT
private slots:
    void studyIsValid_data();
    void studyIsValid();
    void noOptimumIsSaid();
    void extensionFactorsOfThePaper_data();
    void extensionFactorsOfThePaper();
    void extensionNeedsACooldown();
    void transferRatiosOfThePaper();
};

void LearningRateStudyTest::studyIsValid_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("parameters");
    QTest::newRow("wsd") << 0 << 3;
    QTest::newRow("linear") << 1 << 2;
    QTest::newRow("cosine") << 2 << 2;
}

void LearningRateStudyTest::studyIsValid() {
    QFETCH(int, kind);
    QFETCH(int, parameters);
    LearningRateState state = initialLearningRateState();
    state.steps = 500;
    state.distance = 7.0;
    state.gradientNorm = 0.03;
    const auto study = tuningStudy(state.entries[std::size_t(kind)], state);
    QVERIFY2(study.ok(), study.ok() ? "" : study.error().message.c_str());
    QCOMPARE(study->space.parameters.size(), std::size_t(parameters));
    for (const Finding& finding : validate(*study))
        QVERIFY2(finding.severity != Finding::Severity::Problem, finding.message.c_str());
    const auto& claim = std::get<OptimumBelief>(study->beliefs[0].claim);
    const double center = std::get<NormalDensity>(claim.density).center;
    const auto eta = rates(state.entries[std::size_t(kind)].schedule, 500);
    const double optimum = boundAt(*eta, {7.0, {0.03}}, 500)->optimalBaseRate();
    QVERIFY(std::abs(center / optimum - 1.0) < 5e-3);
    const auto& range = std::get<RealRange>(study->space.find(claim.parameter)->domain);
    QVERIFY(range.scale == Scale::Log && range.low < center && range.high > center);
    if (kind == 0) { // constant norms: the whole run is the best cooldown
        const auto& cooldown = std::get<OptimumBelief>(study->beliefs[1].claim);
        QVERIFY(std::get<NormalDensity>(cooldown.density).center > 0.9);
    }
}

void LearningRateStudyTest::noOptimumIsSaid() {
    LearningRateState state;
    state.steps = 10;
    const LearningRateEntry& entry = state.add({TableShape{std::vector<double>(10, 0.0)}});
    QVERIFY(!tuningStudy(entry, state).ok());
}

void LearningRateStudyTest::extensionFactorsOfThePaper_data() {
    QTest::addColumn<double>("multiple");
    QTest::addColumn<double>("cooldown"); // 2501.18965, on its grids of 33 points
    QTest::addColumn<double>("factor");
    QTest::newRow("1.5") << 1.5 << .4375 << .625;
    QTest::newRow("2") << 2.0 << .634375 << .525;
    QTest::newRow("3") << 3.0 << .8875 << .425;
    QTest::newRow("4") << 4.0 << 0.0 << .375;
}

void LearningRateStudyTest::extensionFactorsOfThePaper() {
    QFETCH(double, multiple);
    QFETCH(double, cooldown);
    QFETCH(double, factor);
    const std::size_t steps = 4000;
    const auto newSteps = static_cast<std::size_t>(multiple * steps);
    const auto result = computeExtension({WsdShape{}}, steps, newSteps, {});
    QVERIFY(result.ok());
    QCOMPARE(result->extension.cooldown.has_value(), cooldown > 0.0);
    if (cooldown > 0.0)
        QVERIFY(std::abs(*result->extension.cooldown - cooldown) < 0.015);
    QVERIFY(std::abs(*result->extension.rateFactor - factor) < 0.0125);
    // The variants keep the base rate and are better than going on as before.
    const double rate = result->extension.original.optimalBaseRate();
    const double unchanged = result->variants.front().curve.end.at(rate);
    for (std::size_t i = 1; i < result->variants.size(); ++i)
        QVERIFY(result->variants[i].curve.end.at(result->variants[i].baseRate) < unchanged);
    QVERIFY(std::abs(result->variants[1].curve.end.optimalBaseRate() / rate - 1.0) < 2e-3);
}

void LearningRateStudyTest::extensionNeedsACooldown() {
    const auto result = computeExtension({CosineShape{}}, 100, 200, {});
    QVERIFY(!result.ok());
}

void LearningRateStudyTest::transferRatiosOfThePaper() {
    const TransferRequest request{{WsdShape{}}, 4000, 4000, {{LinearShape{}}, {WsdShape{}}, {CosineShape{}}}};
    const auto result = computeTransfer(request, {});
    QVERIFY(result.ok());
    // ln ratio .6645 from a cooldown of .2 to linear decay; cosine 1.887 in the limit.
    QVERIFY(std::abs(std::log(*result->factors[0]) - 0.6645) < 2e-3);
    QVERIFY(std::abs(*result->factors[1] - 1.0) < 1e-12);
    QVERIFY(std::abs(*result->factors[2] - 1.887) < 0.01);
    QCOMPARE(result->cooldowns.size(), std::size_t(50));
    QVERIFY(std::abs(result->linear[9] - 1.0) < 1e-12); // a fifth
    QVERIFY(std::abs(result->linear.back() / *result->factors[0] - 1.0) < 1e-6);
}

QTEST_GUILESS_MAIN(LearningRateStudyTest)
#include "tst_learning_rate_study.moc"
