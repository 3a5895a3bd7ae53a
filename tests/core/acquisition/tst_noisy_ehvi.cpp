#include "acquisition/noisy_ehvi.h"
#include "base/rng.h"
#include "math/cholesky.h"
#include "pareto/hypervolume.h"
#include "test_paths.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace alidade;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

GaussianProcess processOf(const Eigen::MatrixXd& x, const Eigen::VectorXd& y, double noise, double length,
                          const Eigen::VectorXd& extraNoise = {}) {
    Hyperparameters hyper;
    hyper.lengthScales = Eigen::VectorXd::Constant(x.cols(), length);
    hyper.outputVariance = 1.3;
    hyper.noiseVariance = noise;
    hyper.mean = 0.1;
    return GaussianProcess::condition({x, y, oneGroupPerColumn(x.cols()), extraNoise}, KernelFamily::Matern52,
                                      hyper)
        .value();
}

/// Two objectives that contradict each other, measured at six places, one of them twice.
NoisyHypervolumeImprovement::Problem problemOf(double noise) {
    Rng rng(5, "places");
    Eigen::MatrixXd x(7, 2);
    for (Eigen::Index i = 0; i < 6; ++i)
        x.row(i) << rng.uniform(), rng.uniform();
    x.row(6) = x.row(2);
    const Eigen::VectorXd first = (x.col(0).array() - 0.2).square() + 0.5 * x.col(1).array();
    const Eigen::VectorXd second = -(x.col(0).array() - 0.8).square() - 0.3 * x.col(1).array();
    NoisyHypervolumeImprovement::Problem problem;
    problem.processes = {processOf(x, first, noise, 0.7), processOf(x, second, noise, 0.5)};
    problem.goals = {Goal::Minimize, Goal::Maximize};
    problem.measured = x.topRows(5);
    problem.others = x.bottomRows(2);
    problem.reference = Eigen::Vector2d(0.9, -0.9);
    return problem;
}

/// Mean of the improvement over joint samples of everything: an independent way to the same number.
std::pair<double, double> sampledImprovement(const NoisyHypervolumeImprovement& improvement,
                                             const Eigen::RowVectorXd& candidate, int samples) {
    const auto& problem = improvement.problem();
    const Eigen::Index front = problem.measured.rows() + improvement.pending().rows();
    Eigen::MatrixXd rows(front + 1, candidate.size());
    rows << problem.measured, improvement.pending(), candidate;
    std::vector<Eigen::MatrixXd> lower;
    std::vector<Eigen::VectorXd> means;
    for (const GaussianProcess& process : problem.processes) {
        lower.push_back(factorise(process.jointCovariance(rows)).value().lower);
        means.emplace_back(process.predict(rows).mean);
    }
    Rng rng(9, "joint");
    double sum = 0.0;
    double squares = 0.0;
    for (int s = 0; s < samples; ++s) {
        ObjectiveMatrix points(front + 1, 2);
        for (Eigen::Index k = 0; k < 2; ++k) {
            Eigen::VectorXd z(front + 1);
            for (double& value : z)
                value = rng.normal();
            const auto index = static_cast<std::size_t>(k);
            points.col(k) = means[index] + lower[index] * z;
            if (const auto& wanted = problem.wanted[index])
                points.col(k) = (wanted->low - points.col(k).array())
                                    .max(points.col(k).array() - wanted->high)
                                    .max(0.0)
                                    .eval();
            else if (problem.goals[index] == Goal::Maximize)
                points.col(k) *= -1.0;
        }
        const double gain =
            hypervolumeImprovement(points.topRows(front), improvement.reference(), points.row(front)).value();
        sum += gain;
        squares += gain * gain;
    }
    const double mean = sum / samples;
    return {mean, std::sqrt((squares / samples - mean * mean) / samples)};
}

} // namespace

class NoisyEhviTest : public QObject {
    Q_OBJECT
private slots:
    void resolvedIsTheProcessThroughItsValues();
    void equalsReference();
    void distancesEqualJointSamples();
    void equalsJointSamples_data();
    void equalsJointSamples();
    void knownFrontIsEhvi();
    void gradientEqualsDifferences_data() { equalsJointSamples_data(); }
    void gradientEqualsDifferences();
    void pendingSettingsLoseTheirWorth();
    void referenceIsInferred();
    void manyPlacesAreBelieved();
    void badArgumentsAreErrors();
};

void NoisyEhviTest::resolvedIsTheProcessThroughItsValues() {
    const auto problem = problemOf(0.05);
    const GaussianProcess& process = problem.processes[0];
    Eigen::MatrixXd places(7, 2);
    places << process.data().x.topRows(6), 0.45, 0.55; // all distinct data and one place more
    Rng rng(1, "z");
    Eigen::MatrixXd normals(7, 3);
    for (double& z : normals.reshaped())
        z = rng.normal();
    const auto resolved = ResolvedPosterior::make(process, places, normals).value();
    Eigen::MatrixXd at(3, 2);
    at << 0.1, 0.9, 0.5, 0.5, 0.93, 0.2;
    const auto prediction = resolved.predict(at);
    Hyperparameters hyper = process.hyperparameters();
    hyper.noiseVariance = 1e-12;
    for (Eigen::Index s = 0; s < 3; ++s) {
        const auto exact = GaussianProcess::condition(
                               {places, resolved.resolved().col(s), process.data().groups, Eigen::VectorXd()},
                               process.family(), hyper)
                               .value()
                               .predict(at);
        for (Eigen::Index i = 0; i < 3; ++i) {
            QVERIFY(std::abs(prediction.means(i, s) - exact.mean(i)) < 1e-7);
            QVERIFY(std::abs(prediction.variance(i) - exact.variance(i)) < 1e-8);
        }
    }
    // The samples themselves have the posterior's mean and deviation: column of zeros.
    const auto center =
        ResolvedPosterior::make(process, places, Eigen::MatrixXd::Zero(7, 1)).value().resolved();
    const auto mean = process.predict(places).mean;
    QVERIFY((center - mean).cwiseAbs().maxCoeff() < 1e-10);
}

void NoisyEhviTest::equalsReference() {
    const auto golden =
        nlohmann::json::parse(test::readFile(test::dataPath("desirability_public.json")))["nehvi"];
    // Places too far apart to know of each other; the noise of each makes the mean and deviation wanted.
    Eigen::MatrixXd x(4, 1);
    x << 0.0, 100.0, 200.0, 300.0;
    NoisyHypervolumeImprovement::Problem problem;
    problem.goals = {Goal::Minimize, Goal::Minimize};
    for (int k = 0; k < 2; ++k) {
        Eigen::VectorXd y(4);
        Eigen::VectorXd noise(4);
        for (int i = 0; i < 4; ++i) {
            const double mean =
                i < 3 ? golden["baseline_mu"][i][k].get<double>() : golden["cand_mu"][k].get<double>();
            const double deviation =
                i < 3 ? golden["baseline_sigma"][i][k].get<double>() : golden["cand_sigma"][k].get<double>();
            const double variance = deviation * deviation;
            noise(i) = variance * 1.3 / (1.3 - variance);
            y(i) = 0.1 + (mean - 0.1) * (1.3 + noise(i)) / 1.3;
        }
        problem.processes.push_back(processOf(x, y, 0.0, 1.0, noise));
    }
    problem.measured = x.topRows(3);
    problem.reference = Eigen::Vector2d(golden["ref"][0].get<double>(), golden["ref"][1].get<double>());
    NoisyFrontOptions options;
    options.samples = 4096;
    const auto improvement = NoisyHypervolumeImprovement::make(problem, options).value();
    const double value = std::exp(improvement.logValues(x.bottomRows(1))(0));
    QVERIFY2(std::abs(value - golden["nehvi_mc_4e6"][0].get<double>()) < 0.004,
             qPrintable(QString::number(value)));
    options.knownWithin = 10.0; // the front of the means
    const auto plain = NoisyHypervolumeImprovement::make(problem, options).value();
    QCOMPARE(plain.fronts(), std::size_t{1});
    const double ehvi = std::exp(plain.logValues(x.bottomRows(1))(0));
    QVERIFY(std::abs(ehvi - golden["ehvi_at_baseline_means"].get<double>()) < 1e-8);
}

void NoisyEhviTest::distancesEqualJointSamples() {
    for (const double noise : {1e-8, 0.05}) {
        auto problem = problemOf(noise);
        problem.wanted = {std::nullopt, WantedInterval{-0.3, -0.2}}; // reachable on both sides
        problem.reference = Eigen::Vector2d(0.9, 0.5);
        const auto improvement = NoisyHypervolumeImprovement::make(problem, {256, 3, 0.0})
                                     .value()
                                     .withPending(Eigen::RowVector2d(0.4, 0.3))
                                     .value();
        for (const double x : {0.15, 0.5, 0.9}) {
            const Eigen::RowVectorXd at = Eigen::RowVector2d(x, 0.25);
            const auto [mean, error] = sampledImprovement(improvement, at, 20000);
            Eigen::VectorXd gradient;
            const double value = std::exp(improvement.logValue(at, gradient));
            // The 256 fronts are drawn, too.
            QVERIFY2(std::abs(value - mean) < 4.5 * error + 0.03 * mean,
                     qPrintable(QString("%1 for %2 ± %3").arg(value).arg(mean).arg(error)));
            for (Eigen::Index c = 0; c < 2; ++c) {
                const auto moved = [&](double h) {
                    Eigen::RowVectorXd near = at;
                    near(c) += h;
                    return improvement.logValues(near)(0);
                };
                const double slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                QVERIFY(std::abs(gradient(c) - slope) < 1e-5 * std::max(1.0, std::abs(slope)));
            }
        }
    }
}

void NoisyEhviTest::equalsJointSamples_data() {
    QTest::addColumn<double>("noise");
    QTest::addColumn<int>("pending");
    QTest::newRow("noise") << 0.05 << 0;
    QTest::newRow("noise and two pending") << 0.05 << 2;
    QTest::newRow("pending only") << 1e-6 << 1;
}

void NoisyEhviTest::equalsJointSamples() {
    QFETCH(double, noise);
    QFETCH(int, pending);
    NoisyFrontOptions options;
    options.samples = 2048;
    auto improvement = NoisyHypervolumeImprovement::make(problemOf(noise), options).value();
    if (pending > 0) {
        Eigen::MatrixXd rows(2, 2);
        rows << 0.3, 0.05, 0.62, 0.4;
        improvement = improvement.withPending(rows.topRows(pending)).value();
    }
    QCOMPARE(improvement.fronts(), std::size_t{2048});
    Eigen::MatrixXd at(2, 2);
    at << 0.5, 0.1, 0.95, 0.6;
    for (Eigen::Index i = 0; i < 2; ++i) {
        const auto [mean, error] = sampledImprovement(improvement, at.row(i), 20000);
        const double value = std::exp(improvement.logValues(at.row(i))(0));
        QVERIFY2(std::abs(value - mean) < 5.0 * error + 1e-3 * mean,
                 qPrintable(QString("%1 against %2 +- %3").arg(value).arg(mean).arg(error)));
    }
}

void NoisyEhviTest::knownFrontIsEhvi() {
    const auto problem = problemOf(1e-8);
    const auto improvement = NoisyHypervolumeImprovement::make(problem).value();
    QCOMPARE(improvement.fronts(), std::size_t{1});
    ObjectiveMatrix front(5, 2);
    front.col(0) = problem.processes[0].predict(problem.measured).mean;
    front.col(1) = -problem.processes[1].predict(problem.measured).mean;
    const auto plain = ExpectedHypervolumeImprovement::make(front, Eigen::Vector2d(0.9, 0.9)).value();
    const Eigen::RowVector2d at(0.4, 0.2);
    const auto first = problem.processes[0].predict(at);
    const auto second = problem.processes[1].predict(at);
    const double expected =
        plain
            .logValue(Eigen::Vector2d(first.mean(0), -second.mean(0)),
                      Eigen::Vector2d(std::sqrt(first.variance(0)), std::sqrt(second.variance(0))))
            .value()
            .logValue;
    QVERIFY(std::abs(improvement.logValues(at)(0) - expected) < 1e-12);
}

void NoisyEhviTest::gradientEqualsDifferences() {
    QFETCH(double, noise);
    QFETCH(int, pending);
    auto improvement = NoisyHypervolumeImprovement::make(problemOf(noise)).value();
    if (pending > 0)
        improvement = improvement.withPending(Eigen::RowVector2d(0.3, 0.05)).value();
    Rng rng(3, "points");
    for (int repeat = 0; repeat < 10; ++repeat) {
        const Eigen::RowVector2d at(rng.uniform(), rng.uniform());
        Eigen::VectorXd gradient;
        const double value = improvement.logValue(at, gradient);
        QVERIFY(std::abs(value - improvement.logValues(at)(0)) < 1e-9 * (1.0 + std::abs(value)));
        for (Eigen::Index c = 0; c < 2; ++c) {
            constexpr double kStep = 1e-6;
            Eigen::MatrixXd both = at.replicate(2, 1);
            both(0, c) += kStep;
            both(1, c) -= kStep;
            const Eigen::VectorXd values = improvement.logValues(both);
            const double slope = (values(0) - values(1)) / (2.0 * kStep);
            QVERIFY2(std::abs(gradient(c) - slope) < 1e-4 * (1.0 + std::abs(slope)),
                     qPrintable(QString("%1 against %2").arg(gradient(c)).arg(slope)));
        }
    }
}

void NoisyEhviTest::pendingSettingsLoseTheirWorth() {
    for (const double noise : {1e-8, 0.02}) {
        const auto improvement = NoisyHypervolumeImprovement::make(problemOf(noise)).value();
        const Eigen::RowVector2d at(0.5, 0.02);
        const auto later = improvement.withPending(at).value();
        const double before = improvement.logValues(at)(0);
        QVERIFY(later.logValues(at)(0) < before - 0.5);
        const Eigen::RowVector2d elsewhere(0.98, 0.97);
        QVERIFY(later.logValues(elsewhere)(0) > improvement.logValues(elsewhere)(0) - 1.0);
    }
}

void NoisyEhviTest::referenceIsInferred() {
    auto problem = problemOf(1e-8);
    problem.reference = Eigen::Vector2d(kNaN, kNaN);
    const auto improvement = NoisyHypervolumeImprovement::make(problem).value();
    QVERIFY(improvement.reference().allFinite());
    QCOMPARE(improvement.withPending(Eigen::RowVector2d(0.5, 0.0)).value().reference(),
             improvement.reference());
    problem.measured.resize(0, 2);
    QVERIFY(!NoisyHypervolumeImprovement::make(problem));
    problem.reference = Eigen::Vector2d(0.9, -0.9);
    const auto nothing = NoisyHypervolumeImprovement::make(problem).value();
    QVERIFY(std::isfinite(nothing.logValues(Eigen::RowVector2d(0.5, 0.5))(0)));
}

void NoisyEhviTest::manyPlacesAreBelieved() {
    NoisyFrontOptions options;
    options.mostPlaces = 3;
    const auto improvement = NoisyHypervolumeImprovement::make(problemOf(0.05), options).value();
    QCOMPARE(improvement.fronts(), std::size_t{1});
    const Eigen::RowVector2d at(0.5, 0.02);
    const auto once = improvement.withPending(at).value();
    QVERIFY(once.logValues(at)(0) < improvement.logValues(at)(0));
    // Two steps equal one.
    const Eigen::RowVector2d other(0.1, 0.3);
    Eigen::MatrixXd both(2, 2);
    both << at, other;
    const Eigen::RowVector2d place(0.7, 0.4);
    const double stepwise = once.withPending(other).value().logValues(place)(0);
    QVERIFY(std::abs(stepwise - improvement.withPending(both).value().logValues(place)(0)) < 1e-9);
}

void NoisyEhviTest::badArgumentsAreErrors() {
    auto problem = problemOf(0.05);
    problem.goals.pop_back();
    QVERIFY(!NoisyHypervolumeImprovement::make(problem));
    problem = problemOf(0.05);
    problem.measured.resize(2, 3);
    QVERIFY(!NoisyHypervolumeImprovement::make(problem));
    QVERIFY(!NoisyHypervolumeImprovement::make(problemOf(0.05))
                 .value()
                 .withPending(Eigen::RowVector3d(1.0, 2.0, 3.0)));
}

QTEST_APPLESS_MAIN(NoisyEhviTest)
#include "tst_noisy_ehvi.moc"
