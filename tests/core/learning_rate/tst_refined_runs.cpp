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
    // Each at the better of the base rates around its optimum.
    const auto best = [&](const std::vector<double>& eta, std::initializer_list<double> baseRates) {
        std::vector<double> found;
        for (const double rate : baseRates) {
            const auto gaps = finalGaps(problem, eta, rate);
            if (found.empty() || mean(gaps) < mean(found))
                found = gaps;
        }
        return found;
    };
    const auto before = best(logged, {0.5, 0.7});
    const auto after = best(refined, {0.7, 1.0});
    QVERIFY2(mean(after) < 0.95 * mean(before),
             qPrintable(QString("%1 against %2").arg(mean(after)).arg(mean(before))));
    int wins = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
        wins += after[i] < before[i] ? 1 : 0;
    QVERIFY2(wins >= 7, qPrintable(QString::number(wins)));
}

QTEST_APPLESS_MAIN(RefinedRunsTest)
#include "tst_refined_runs.moc"
