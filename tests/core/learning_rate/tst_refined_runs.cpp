#include "learning_rate/gradient_log.h"
#include "learning_rate/schedule.h"
#include "learning_rate/simulator.h"
#include "test_paths.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

/// The bundled log of gradient norms: refining the schedule that it was made with lowers the measured loss.
class RefinedRunsTest : public QObject {
    Q_OBJECT
private slots:
    void logIsReadWithoutComplaint();
    void refinedScheduleBeatsTheLoggedOne();
};

namespace {

constexpr std::size_t kSteps = 1000; // as in the log
constexpr int kSeeds = 10;

std::string bundledLog() {
    return test::readFile(test::sourcePath("resources/examples/classifier/gradient_norms.csv"));
}

/// Final losses above the minimum, one per seed, other batches than those of the log.
std::vector<double> finalGaps(const ConvexProblem& problem, const std::vector<double>& eta, double baseRate) {
    std::vector<double> gaps;
    for (std::uint64_t seed = 2; seed < 2 + kSeeds; ++seed) {
        SimulationOptions options;
        options.rates = eta;
        options.baseRate = baseRate;
        options.batch = 8;
        options.seed = seed;
        gaps.push_back(simulate(problem, options).value().finalGap);
    }
    return gaps;
}

double mean(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

} // namespace

void RefinedRunsTest::logIsReadWithoutComplaint() {
    const GradientLog log = readGradientLog(bundledLog()).value();
    QCOMPARE(log.norms.size(), kSteps);
    QCOMPARE(log.normColumn, std::string("grad_norm"));
    QCOMPARE(log.missing, std::size_t{0});
    GradientLogOptions absolute;
    absolute.power = 1;
    QCOMPARE(readGradientLog(bundledLog(), absolute)->normColumn, std::string("grad_norm_l1"));
}

void RefinedRunsTest::refinedScheduleBeatsTheLoggedOne() {
    const ConvexProblem problem =
        digitsProblem(test::readFile(test::sourcePath("resources/examples/classifier/digits.csv")), 1200)
            .value();
    const auto logged = rates({WsdShape{0.2}}, kSteps).value();
    const auto refined = refineLog(readGradientLog(bundledLog()).value(), kSteps).value().rates;
    // Each at its best base rate: the best of a grid over ten seeds of batches that are not compared here
    // (benchmark_learning_rate paired). The same batches for both, so that differences can be taken by seed.
    const auto before = finalGaps(problem, logged, 0.595);
    const auto after = finalGaps(problem, refined, 1.189);
    std::vector<double> differences;
    for (std::size_t i = 0; i < before.size(); ++i)
        differences.push_back(after[i] - before[i]);
    double squares = 0.0;
    for (const double difference : differences)
        squares += std::pow(difference - mean(differences), 2.0);
    const double standardError = std::sqrt(squares / (kSeeds - 1.0) / kSeeds);
    const auto wins = std::count_if(differences.begin(), differences.end(), [](double d) { return d < 0.0; });
    const QString result = QString("%1 against %2, standard error %3, %4 wins")
                               .arg(mean(after))
                               .arg(mean(before))
                               .arg(standardError)
                               .arg(wins);
    QVERIFY2(mean(after) < 0.95 * mean(before), qPrintable(result));
    // The 0.5 % point of Student's distribution with 9 degrees of freedom.
    QVERIFY2(mean(differences) < -3.25 * standardError, qPrintable(result));
    QVERIFY2(wins >= 8, qPrintable(result));
}

QTEST_APPLESS_MAIN(RefinedRunsTest)
#include "tst_refined_runs.moc"
