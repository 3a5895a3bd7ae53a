#include "base/rng.h"
#include "learning_rate/schedule.h"
#include "learning_rate/simulator.h"
#include "near.h"
#include "test_paths.h"

#include <QTest>

#include <array>
#include <cmath>
#include <stop_token>

using namespace alidade;

Q_DECLARE_METATYPE(ConvexProblem::Kind)

class SimulatorTest : public QObject {
    Q_OBJECT
private slots:
    void problemsHaveTheirMinimum_data();
    void problemsHaveTheirMinimum();
    void derivativesAgreeWithDifferences_data();
    void derivativesAgreeWithDifferences();
    void batchesAverageToTheWhole();
    void boundIsNeverExceeded();
    void boundHoldsInExpectation();
    void everyOptimizerRunsOnEveryProblem();
    void readsTheBundledImages();
    void stopsWithWhatThereIs();
    void repeatsItself();
    void tellsOfDivergence();
    void rejectsBadInput();
};

namespace {

const std::array<ConvexProblem::Kind, 4> kKinds{ConvexProblem::Kind::LeastSquares,
                                                ConvexProblem::Kind::Logistic, ConvexProblem::Kind::Distance,
                                                ConvexProblem::Kind::LargestTerm};

void kindRows() {
    QTest::addColumn<ConvexProblem::Kind>("kind");
    for (const ConvexProblem::Kind kind : kKinds)
        QTest::newRow(std::string(problemName(kind)).c_str()) << kind;
}

Eigen::VectorXd randomVector(Rng& rng, Eigen::Index size, double scale) {
    Eigen::VectorXd x(size);
    for (double& entry : x)
        entry = scale * rng.normal();
    return x;
}

Schedule randomSchedule(Rng& rng, std::size_t steps) {
    const std::size_t warmup = rng.below(steps / 3 + 1);
    switch (rng.below(9)) {
    case 0: return {ConstantShape{}, warmup};
    case 1: return {LinearShape{0.3 * rng.uniform()}, warmup};
    case 2: return {CosineShape{0.1 * rng.uniform()}, warmup};
    case 3: return {WsdShape{rng.uniform(), CooldownKind::OneMinusSqrt}, warmup};
    case 4: return {WsdShape{rng.uniform(), CooldownKind::Sqrt}, warmup};
    case 5: return {InverseSqrtShape{}, warmup};
    case 6: return {PolynomialShape{rng.uniform(0.2, 4.0)}, warmup};
    case 7: return {OneCycleShape{rng.uniform(0.1, 0.9), rng.uniform(), rng.uniform()}};
    default: {
        TableShape table;
        for (std::size_t i = 0; i < steps; ++i)
            table.values.push_back(std::exp(rng.normal()));
        return {table};
    }
    }
}

} // namespace

void SimulatorTest::problemsHaveTheirMinimum_data() {
    kindRows();
}

void SimulatorTest::problemsHaveTheirMinimum() {
    QFETCH(ConvexProblem::Kind, kind);
    const ConvexProblem problem = randomProblem(kind, 5, 40, 3).value();
    const Eigen::VectorXd solution = problem.solution.reshaped();
    VERIFY_NEAR(problem.value(solution), problem.minimum, 1e-12);
    if (problem.hasExamples())
        QVERIFY(problem.gradient(solution).norm() < 1e-7);
    Rng rng(4, "near the minimum");
    for (int i = 0; i < 200; ++i)
        QVERIFY(problem.value(solution + randomVector(rng, 5, std::exp(rng.uniform(-12.0, 1.0)))) >=
                problem.minimum * (1.0 - 1e-14));
}

void SimulatorTest::derivativesAgreeWithDifferences_data() {
    kindRows();
}

void SimulatorTest::derivativesAgreeWithDifferences() {
    QFETCH(ConvexProblem::Kind, kind);
    const ConvexProblem problem =
        randomProblem(kind, 3, 20, 5, kind == ConvexProblem::Kind::LeastSquares ? 2 : 1).value();
    Rng rng(6, "differences");
    const Eigen::VectorXd x = randomVector(rng, problem.size(), 1.0);
    const Eigen::VectorXd gradient = problem.gradient(x);
    const TrainingObjective objective = problem.objective();
    for (Eigen::Index j = 0; j < x.size(); ++j) {
        const Eigen::VectorXd unit = Eigen::VectorXd::Unit(x.size(), j);
        const double slope = (problem.value(x + 1e-6 * unit) - problem.value(x - 1e-6 * unit)) / 2e-6;
        QVERIFY(test::near(gradient(j), slope, 1e-6, 1e-8));
        if (!problem.hasExamples())
            continue;
        const Eigen::VectorXd column = objective.hessianTimes(x, unit);
        const Eigen::VectorXd difference =
            (problem.gradient(x + 1e-5 * unit) - problem.gradient(x - 1e-5 * unit)) / 2e-5;
        QVERIFY((column - difference).norm() < 1e-6 * (1.0 + difference.norm()));
    }
    // The chain through the outputs gives the same gradient, but for the ridge.
    const Eigen::VectorXd chained = objective.pullBack(objective.outputGradient(objective.outputs(x)));
    QVERIFY((chained + problem.ridge * x - gradient).norm() < 1e-12 * (1.0 + gradient.norm()));
}

void SimulatorTest::batchesAverageToTheWhole() {
    for (const auto kind : {ConvexProblem::Kind::LeastSquares, ConvexProblem::Kind::Logistic}) {
        const ConvexProblem problem = randomProblem(kind, 4, 15, 7).value();
        Rng rng(8, "batches");
        const Eigen::VectorXd x = randomVector(rng, 4, 1.0);
        Eigen::VectorXd mean = Eigen::VectorXd::Zero(4);
        for (Eigen::Index row = 0; row < 15; ++row)
            mean += problem.gradient(x, {row}) / 15.0;
        QVERIFY((mean - problem.gradient(x)).norm() < 1e-13);
    }
}

void SimulatorTest::boundIsNeverExceeded() {
    // Whole gradients: the theorem then speaks of every run, not only of expectations.
    double closest = 0.0;
    int compared = 0;
    for (std::uint64_t run = 0; run < 4000; ++run) {
        Rng rng(run, "random runs");
        const ConvexProblem::Kind kind = kKinds.at(rng.below(4));
        const auto dimension = static_cast<Eigen::Index>(1 + rng.below(6));
        const auto samples = static_cast<Eigen::Index>(1 + rng.below(20));
        const ConvexProblem problem = randomProblem(kind, dimension, samples, run).value();
        const std::size_t steps = 2 + rng.below(50);
        SimulationOptions options;
        options.rates = rates(randomSchedule(rng, steps), steps).value();
        options.baseRate = std::exp(rng.uniform(-7.0, 1.5));
        const Simulation simulation = simulate(problem, options).value();
        QVERIFY(simulation.bounded);
        for (std::size_t t = 0; t < simulation.bound.size(); ++t) {
            const double rounding = 1e-12 * (1.0 + problem.minimum);
            QVERIFY2(simulation.gaps[t] <= simulation.bound[t] * (1.0 + 1e-9) + rounding,
                     qPrintable(QString("run %1, step %2: %3 above %4")
                                    .arg(run)
                                    .arg(t + 1)
                                    .arg(simulation.gaps[t])
                                    .arg(simulation.bound[t])));
            closest = std::max(closest, simulation.gaps[t] / simulation.bound[t]);
            ++compared;
        }
    }
    QVERIFY(compared > 50000);
    QVERIFY2(closest > 0.9, qPrintable(QString::number(closest))); // the bound is nearly reached somewhere
}

void SimulatorTest::boundHoldsInExpectation() {
    for (const auto kind : {ConvexProblem::Kind::LeastSquares, ConvexProblem::Kind::Logistic})
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const ConvexProblem problem = randomProblem(kind, 5, 50, seed).value();
            SimulationOptions options;
            options.rates = rates({WsdShape{0.3}, 5}, 80).value();
            options.batch = 1;
            options.repeats = 100;
            options.seed = seed;
            options.baseRate =
                suggestedBaseRate(problem, *findOptimizer("sgd"), options.rates, 1, seed).value();
            const Simulation run = simulate(problem, options).value();
            QCOMPARE(run.gaps.size(), std::size_t{80});
            for (std::size_t t = 0; t < run.gaps.size(); ++t)
                QVERIFY(run.gaps[t] <= run.bound[t]);
            QVERIFY(run.finalGap < run.gaps.front());
        }
}

void SimulatorTest::everyOptimizerRunsOnEveryProblem() {
    for (const ConvexProblem::Kind kind : kKinds)
        for (const OptimizerInfo& info : optimizerInfos()) {
            const ConvexProblem problem =
                randomProblem(kind, 6, 30, 9, kind == ConvexProblem::Kind::LeastSquares ? 3 : 1).value();
            SimulationOptions options;
            options.rates = rates({WsdShape{0.2}}, 60).value();
            options.optimizer = makeOptimizer(info.name).value();
            options.batch = problem.hasExamples() ? 10 : 0;
            options.baseRate = suggestedBaseRate(problem, info, options.rates, options.batch, 1).value();
            const Simulation run = simulate(problem, options).value();
            const QByteArray place =
                QByteArray(info.name.data()) + " on " + QByteArray(problemName(kind).data());
            QVERIFY2(!run.diverged, place.constData());
            QCOMPARE(run.gaps.size(), std::size_t{60});
            QCOMPARE(run.bounded, info.bounded);
            // Methods that grow their own step may overshoot in so few steps.
            QVERIFY2(info.relative || run.finalGap < 2.0 * run.gaps.front(), place.constData());
        }
}

void SimulatorTest::readsTheBundledImages() {
    const std::string text = test::readFile(test::sourcePath("resources/examples/classifier/digits.csv"));
    const ConvexProblem problem = digitsProblem(text, 300).value();
    QCOMPARE(problem.data.rows(), Eigen::Index{300});
    QCOMPARE(problem.size(), Eigen::Index{65});
    QVERIFY(problem.gradient(problem.solution.reshaped()).norm() < 1e-9);
    VERIFY_NEAR(problem.value(problem.start.reshaped()), std::log(2.0), 1e-12);
    SimulationOptions options;
    options.rates = rates({LinearShape{}}, 100).value();
    options.baseRate = 0.5;
    const Simulation run = simulate(problem, options).value();
    for (std::size_t t = 0; t < 100; ++t)
        QVERIFY(run.gaps[t] <= run.bound[t]);
    QCOMPARE(digitsProblem("1,2\n").error().context, std::string("line 1"));
    QVERIFY(!digitsProblem("").ok());
}

void SimulatorTest::stopsWithWhatThereIs() {
    const ConvexProblem problem = randomProblem(ConvexProblem::Kind::Distance, 3, 1, 1).value();
    SimulationOptions options;
    options.rates = std::vector<double>(5000, 1.0);
    options.baseRate = 0.01;
    std::stop_source source;
    const Monitor monitor(source.get_token(), [&](double fraction, std::string_view) {
        if (fraction > 0.3)
            source.request_stop();
    });
    const Simulation run = simulate(problem, options, monitor).value();
    QVERIFY(run.stopped);
    QVERIFY(run.gaps.size() > 1000 && run.gaps.size() < 2500);
    QCOMPARE(run.bound.size(), run.gaps.size());
}

void SimulatorTest::repeatsItself() {
    const ConvexProblem problem = randomProblem(ConvexProblem::Kind::Logistic, 4, 30, 2).value();
    SimulationOptions options;
    options.rates = std::vector<double>(30, 1.0);
    options.batch = 3;
    options.seed = 5;
    const Simulation first = simulate(problem, options).value();
    QCOMPARE(simulate(problem, options).value().gaps, first.gaps);
    options.seed = 6;
    QVERIFY(simulate(problem, options).value().gaps != first.gaps);
}

void SimulatorTest::tellsOfDivergence() {
    const ConvexProblem problem = randomProblem(ConvexProblem::Kind::LeastSquares, 4, 30, 2).value();
    SimulationOptions options;
    options.rates = std::vector<double>(2000, 1.0);
    options.baseRate = 100.0;
    const Simulation run = simulate(problem, options).value();
    QVERIFY(run.diverged);
    QVERIFY(run.gaps.size() < 2000);
    for (const double gap : run.gaps)
        QVERIFY(std::isfinite(gap));
}

void SimulatorTest::rejectsBadInput() {
    const ConvexProblem problem = randomProblem(ConvexProblem::Kind::Distance, 2, 1, 1).value();
    SimulationOptions options;
    QCOMPARE(simulate(problem, options).error().context, std::string("steps"));
    options.rates = {1.0, NAN};
    QCOMPARE(simulate(problem, options).error().context, std::string("schedule[1]"));
    options.rates = {1.0};
    options.baseRate = 0.0;
    QCOMPARE(simulate(problem, options).error().context, std::string("base_lr"));
    options.baseRate = 1.0;
    options.batch = 1;
    QCOMPARE(simulate(problem, options).error().context, std::string("batch"));
    QCOMPARE(randomProblem(ConvexProblem::Kind::Distance, 0, 1, 1).error().context, std::string("dimension"));
    QVERIFY(problemKind("logistics").error().message.find("logistic") != std::string::npos);
}

QTEST_APPLESS_MAIN(SimulatorTest)
#include "tst_simulator.moc"
