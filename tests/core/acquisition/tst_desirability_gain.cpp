#include "acquisition/desirability_gain.h"
#include "base/rng.h"
#include "desirability/expected_desirability.h"

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

DesirabilityFunction withWeight(DesirabilityShape shape, double weight = 1.0) {
    DesirabilityFunction function;
    function.shape = std::move(shape);
    function.weight = weight;
    return function;
}

/// Conversion and activity of the reaction example, or other sets of goals.
OverallDesirability goalsOf(int kind) {
    std::vector<DesirabilityFunction> functions;
    if (kind == 0)
        functions = {withWeight(DesirabilityMax{80.0, 97.0, 1.0}),
                     withWeight(DesirabilityTarget{55.0, 57.5, 60.0, 1.0, 1.0})};
    else if (kind == 1)
        functions = {withWeight(DesirabilityMin{70.0, 95.0, 0.5}, 2.0),
                     withWeight(DesirabilityMax{50.0, 65.0, 2.0}), withWeight(DesirabilityBox{-1.0, 3.0})};
    else
        functions = {withWeight(DesirabilityCustom{{70.0, 80.0, 90.0, 100.0}, {0.1, 0.9, 0.4, 0.2}}, 3.0),
                     withWeight(DesirabilityMax{50.0, 65.0, 1.0})};
    return OverallDesirability::make(functions).value();
}

std::vector<OutcomeTransform> transformsOf(std::size_t count, bool warped) {
    std::vector<OutcomeTransform> transforms(count);
    for (std::size_t i = 0; i < count; ++i) {
        transforms[i].center = i == 0 ? 84.0 : i == 1 ? 58.0 : 0.5;
        transforms[i].scale = i == 0 ? 6.0 : i == 1 ? 3.0 : 1.0;
    }
    if (warped)
        transforms[0] = {60.0, 5.0, std::asinh(24.0 / 5.0), 0.5};
    return transforms;
}

DesirabilityGain gainOf(int kind, bool warped, double best, int samples) {
    OverallDesirability goals = goalsOf(kind);
    const std::size_t count = goals.goals().size();
    return DesirabilityGain::make(std::move(goals), transformsOf(count, warped), best, {samples, 4}).value();
}

} // namespace

class DesirabilityGainTest : public QObject {
    Q_OBJECT
private slots:
    void equalsSamples_data();
    void equalsSamples();
    void expectationEqualsClosedForm();
    void gradientEqualsDifferences_data() { equalsSamples_data(); }
    void gradientEqualsDifferences();
    void farAwayItPointsTheWay();
    void nothingLeftToGainBecomesExpectation();
    void rangesHoldTheLevel();
    void badArgumentsAreErrors();
};

void DesirabilityGainTest::equalsSamples_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("warped");
    QTest::addColumn<double>("best");
    for (const int kind : {0, 1, 2})
        for (const bool warped : {false, true})
            for (const double best : {0.0, 0.3, 0.7})
                QTest::addRow("goals %d%s best %g", kind, warped ? " warped" : "", best)
                    << kind << warped << best;
}

void DesirabilityGainTest::equalsSamples() {
    QFETCH(int, kind);
    QFETCH(bool, warped);
    QFETCH(double, best);
    const DesirabilityGain gain = gainOf(kind, warped, best, 4096);
    const auto count = static_cast<Eigen::Index>(gain.goals().goals().size());
    Rng rng(7, "outcomes", static_cast<std::uint64_t>(kind));
    const Eigen::VectorXd mean = Eigen::VectorXd::Constant(count, 0.3);
    const Eigen::VectorXd deviation = Eigen::VectorXd::Constant(count, 0.6);
    double sum = 0.0;
    double squares = 0.0;
    constexpr int kSamples = 100000;
    Eigen::VectorXd outcomes(count);
    for (int s = 0; s < kSamples; ++s) {
        for (Eigen::Index i = 0; i < count; ++i)
            outcomes(i) = mean(i) + deviation(i) * rng.normal();
        const double over = std::max(0.0, gain.overall(outcomes) - best);
        sum += over;
        squares += over * over;
    }
    const double average = sum / kSamples;
    const double error = std::sqrt((squares / kSamples - average * average) / kSamples);
    const double value = std::exp(gain.logValue(mean, deviation).logValue);
    QVERIFY2(std::abs(value - average) < 4.5 * error + 5e-3 * average,
             qPrintable(QString("%1 against %2 +- %3").arg(value).arg(average).arg(error)));
}

void DesirabilityGainTest::expectationEqualsClosedForm() {
    for (const int kind : {0, 1, 2}) {
        const DesirabilityGain gain = gainOf(kind, false, 0.0, 1024);
        const std::size_t count = gain.goals().goals().size();
        const auto transforms = transformsOf(count, false);
        Rng rng(2, "predictions");
        for (int repeat = 0; repeat < 10; ++repeat) {
            Eigen::VectorXd mean(static_cast<Eigen::Index>(count));
            Eigen::VectorXd deviation(mean.size());
            std::vector<double> means;
            std::vector<double> deviations;
            for (Eigen::Index i = 0; i < mean.size(); ++i) {
                mean(i) = rng.uniform(-1.0, 1.0);
                deviation(i) = rng.uniform(0.01, 0.8);
                const auto& transform = transforms[static_cast<std::size_t>(i)];
                means.push_back(transform.toUser(mean(i)));
                deviations.push_back(transform.scale * deviation(i));
            }
            const double expected = expectedOverall(gain.goals(), means, deviations).value().value;
            const double value = std::exp(gain.logValue(mean, deviation).logValue);
            QVERIFY2(std::abs(value - expected) < 1e-3 * expected,
                     qPrintable(QString("%1 against %2").arg(value).arg(expected)));
        }
    }
}

void DesirabilityGainTest::gradientEqualsDifferences() {
    QFETCH(int, kind);
    QFETCH(bool, warped);
    QFETCH(double, best);
    const DesirabilityGain gain = gainOf(kind, warped, best, 512);
    const auto count = static_cast<Eigen::Index>(gain.goals().goals().size());
    Rng rng(3, "points");
    for (int repeat = 0; repeat < 10; ++repeat) {
        Eigen::VectorXd mean(count);
        Eigen::VectorXd deviation(count);
        for (Eigen::Index i = 0; i < count; ++i) {
            mean(i) = rng.uniform(-1.0, 1.0);
            deviation(i) = rng.uniform(0.2, 0.9);
        }
        const auto value = gain.logValue(mean, deviation);
        constexpr double kStep = 1e-6;
        for (Eigen::Index i = 0; i < count; ++i) {
            const auto slope = [&](Eigen::VectorXd& moved) {
                const double before = moved(i);
                moved(i) = before + kStep;
                const double up = gain.logValue(mean, deviation).logValue;
                moved(i) = before - kStep;
                const double down = gain.logValue(mean, deviation).logValue;
                moved(i) = before;
                return (up - down) / (2.0 * kStep);
            };
            // Samples that lie within a step of a kink differ; their share is small.
            const double byMean = slope(mean);
            const double byDeviation = slope(deviation);
            QVERIFY2(std::abs(value.byMean(i) - byMean) < 5e-3 * (1.0 + std::abs(byMean)),
                     qPrintable(QString("%1 against %2").arg(value.byMean(i)).arg(byMean)));
            QVERIFY2(std::abs(value.byStandardDeviation(i) - byDeviation) <
                         5e-3 * (1.0 + std::abs(byDeviation)),
                     qPrintable(QString("%1 against %2").arg(value.byStandardDeviation(i)).arg(byDeviation)));
        }
    }
}

void DesirabilityGainTest::farAwayItPointsTheWay() {
    // Conversion 12 to 60 deviations below what is wanted.
    const DesirabilityGain gain = gainOf(0, false, 0.9, 128);
    double previous = -std::numeric_limits<double>::infinity();
    for (const double mean : {-60.0, -40.0, -20.0, -12.0, -4.0}) {
        const auto value = gain.logValue(Eigen::Vector2d(mean, 0.0), Eigen::Vector2d(1.0, 1.0));
        QVERIFY(std::isfinite(value.logValue));
        QVERIFY(value.logValue > previous);
        QVERIFY(value.byMean(0) > 0.0);
        previous = value.logValue;
    }
}

void DesirabilityGainTest::nothingLeftToGainBecomesExpectation() {
    QCOMPARE(gainOf(0, false, 1.0, 128).best(), 0.0);
    QCOMPARE(gainOf(2, false, 0.95, 128).best(), 0.0); // its first goal gives 0.9 at most
    QCOMPARE(gainOf(2, false, 0.9, 128).best(), 0.9);
    // The more certain of two ideal predictions wins.
    const DesirabilityGain gain = gainOf(0, false, 1.0, 128);
    const Eigen::Vector2d ideal((98.0 - 84.0) / 6.0, -0.5 / 3.0);
    QVERIFY(gain.logValue(ideal, Eigen::Vector2d(0.01, 0.01)).logValue >
            gain.logValue(ideal, Eigen::Vector2d(0.5, 0.5)).logValue);
}

void DesirabilityGainTest::rangesHoldTheLevel() {
    for (const int kind : {0, 1, 2}) {
        const OverallDesirability goals = goalsOf(kind);
        for (const Desirability& function : goals.goals()) {
            for (const double level : {0.0, 0.05, 0.2, 0.5, 0.85, 0.9}) {
                const auto range = rangeAtLeast(function, level);
                double low = std::numeric_limits<double>::infinity();
                double high = -low;
                for (int i = 0; i <= 30000; ++i) {
                    const double y = -50.0 + 0.01 * i;
                    const double d = function.value(y);
                    if (level > 0.0 ? d >= level : d > 0.0) {
                        low = std::min(low, y);
                        high = std::max(high, y);
                    }
                }
                QCOMPARE(range.has_value(), low <= high);
                if (!range)
                    continue;
                QVERIFY(std::abs(std::max(range->first, -50.0) - low) < 0.011);
                QVERIFY(std::abs(std::min(range->second, 250.0) - high) < 0.011);
            }
        }
    }
    QCOMPARE(largestValue(goalsOf(2).goals()[0]), 0.9);
}

void DesirabilityGainTest::badArgumentsAreErrors() {
    QVERIFY(!DesirabilityGain::make(goalsOf(0), transformsOf(1, false), 0.5));
    QVERIFY(!DesirabilityGain::make(goalsOf(0), transformsOf(2, false), 1.5));
    const auto categories =
        OverallDesirability::make({withWeight(DesirabilityCategories{{{"a", 1.0}, {"b", 0.0}}})}).value();
    QVERIFY(!DesirabilityGain::make(categories, transformsOf(1, false), 0.5));
    const auto minimum = OverallDesirability::make({withWeight(DesirabilityMax{})},
                                                   {DesirabilityAggregate::Minimum, MissingGoal::Impute})
                             .value();
    QVERIFY(!DesirabilityGain::make(minimum, transformsOf(1, false), 0.5));
}

QTEST_APPLESS_MAIN(DesirabilityGainTest)
#include "tst_desirability_gain.moc"
