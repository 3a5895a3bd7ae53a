#include "base/parallel.h"
#include "base/rng.h"
#include "near.h"
#include "optim/bounded_minimiser.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <vector>

using namespace alidade;

class BoundedMinimiserTest : public QObject {
    Q_OBJECT
private slots:
    void solvesRosenbrock();
    void endsWhenThereIsNoHope();
    void stopsAtActiveBounds();
    void startsOutsideTheBounds();
    void turnsBackFromValuesThatAreNotFinite();
    void neverWorseThanTheBestPointSeen();
    void stopsOnRequestWithTheBestPoint();
    void failsOnlyWithoutAnyFiniteValue();
    void isReentrant();

private:
    static double rosenbrock(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
        const double a = 1.0 - x(0);
        const double b = x(1) - x(0) * x(0);
        gradient(0) = -2.0 * a - 400.0 * x(0) * b;
        gradient(1) = 200.0 * b;
        return a * a + 100.0 * b * b;
    }
    static Eigen::VectorXd vector(double a, double b) { return Eigen::Vector2d(a, b); }
};

void BoundedMinimiserTest::solvesRosenbrock() {
    const BoundedReport report =
        minimiseBounded(rosenbrock, vector(-1.2, 1.0), vector(-5.0, -5.0), vector(5.0, 5.0));
    QCOMPARE(report.status, BoundedReport::Status::Converged);
    QVERIFY(report.point.isApprox(vector(1.0, 1.0), 1e-4));
    QVERIFY(report.value < 1e-8);
    QVERIFY(report.iterations > 5 && report.evaluations >= report.iterations);
}

void BoundedMinimiserTest::endsWhenThereIsNoHope() {
    const auto search = [](double hopeful) {
        BoundedOptions options;
        options.judgedAfter = 5;
        options.hopeful = hopeful;
        return minimiseBounded(rosenbrock, vector(-1.2, 1.0), vector(-5.0, -5.0), vector(5.0, 5.0), options);
    };
    const double reached = search(-1.0).value; // never below 0
    QCOMPARE(search(-1.0).status, BoundedReport::Status::IterationLimit);
    QCOMPARE(search(-1.0).iterations, 5);
    QCOMPARE(search(reached).iterations, 5);
    const BoundedReport further = search(1.001 * reached);
    QCOMPARE(further.status, BoundedReport::Status::Converged);
    QVERIFY(further.iterations > 5 && further.value < 1e-8);
}

void BoundedMinimiserTest::stopsAtActiveBounds() {
    // Within x <= 0.5 the minimum is at (0.5, 0.25): derived by hand.
    const BoundedReport report =
        minimiseBounded(rosenbrock, vector(-1.0, 1.0), vector(-2.0, -2.0), vector(0.5, 2.0));
    QVERIFY(test::near(report.point(0), 0.5, 1e-12));
    QVERIFY(test::near(report.point(1), 0.25, 1e-5));
    QVERIFY(test::near(report.value, 0.25, 1e-8));
}

void BoundedMinimiserTest::startsOutsideTheBounds() {
    const BoundedReport report =
        minimiseBounded(rosenbrock, vector(40.0, -40.0), vector(0.0, 0.0), vector(2.0, 2.0));
    QVERIFY(report.usable());
    QVERIFY((report.point.array() >= 0.0).all() && (report.point.array() <= 2.0).all());
    QVERIFY(report.point.isApprox(vector(1.0, 1.0), 1e-3));
}

void BoundedMinimiserTest::turnsBackFromValuesThatAreNotFinite() {
    // log x is undefined left of 0, the minimum of x - log x is at 1.
    const auto f = [](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
        gradient(0) = 1.0 - 1.0 / x(0);
        return x(0) > 0.0 ? x(0) - std::log(x(0)) : std::numeric_limits<double>::quiet_NaN();
    };
    const BoundedReport report =
        minimiseBounded(f, Eigen::VectorXd::Constant(1, 5.0), Eigen::VectorXd::Constant(1, -50.0),
                        Eigen::VectorXd::Constant(1, 10.0));
    QVERIFY(report.usable());
    QVERIFY(std::isfinite(report.value) && report.point(0) > 0.0);
    QVERIFY2(report.value < 5.0 - std::log(5.0), qPrintable(QString::number(report.value)));
}

void BoundedMinimiserTest::neverWorseThanTheBestPointSeen() {
    double best = HUGE_VAL;
    const auto recorded = [&](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
        const double value = rosenbrock(x, gradient);
        best = std::min(best, value);
        return value;
    };
    BoundedOptions options;
    options.maximumEvaluations = 12;
    const BoundedReport report =
        minimiseBounded(recorded, vector(-1.2, 1.0), vector(-5.0, -5.0), vector(5.0, 5.0), options);
    QCOMPARE(report.status, BoundedReport::Status::IterationLimit);
    QCOMPARE(report.evaluations, 12);
    QCOMPARE(report.value, best);
    Eigen::VectorXd gradient(2);
    QCOMPARE(rosenbrock(report.point, gradient), best);
}

void BoundedMinimiserTest::stopsOnRequestWithTheBestPoint() {
    std::stop_source source;
    int calls = 0;
    const auto stopping = [&](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
        if (++calls == 5)
            source.request_stop();
        return rosenbrock(x, gradient);
    };
    const BoundedReport report = minimiseBounded(stopping, vector(-1.2, 1.0), vector(-5.0, -5.0),
                                                 vector(5.0, 5.0), {}, Monitor(source.get_token()));
    QCOMPARE(report.status, BoundedReport::Status::Stopped);
    QCOMPARE(calls, 5);
    QVERIFY(report.usable() && std::isfinite(report.value));
}

void BoundedMinimiserTest::failsOnlyWithoutAnyFiniteValue() {
    const auto nothing = [](const Eigen::VectorXd&, Eigen::VectorXd& gradient) {
        gradient.setZero();
        return std::numeric_limits<double>::infinity();
    };
    const BoundedReport report =
        minimiseBounded(nothing, vector(0.0, 0.0), vector(-1.0, -1.0), vector(1.0, 1.0));
    QCOMPARE(report.status, BoundedReport::Status::Failed);
    QVERIFY(!report.usable());
    QCOMPARE(BoundedReport().status, BoundedReport::Status::NotRun);
}

void BoundedMinimiserTest::isReentrant() {
    constexpr std::size_t kRuns = 64;
    const auto run = [](std::size_t i) {
        Rng rng(9, "start", i);
        return minimiseBounded(rosenbrock, vector(rng.uniform(-4.0, 4.0), rng.uniform(-4.0, 4.0)),
                               vector(-5.0, -5.0), vector(5.0, 5.0));
    };
    std::vector<BoundedReport> together(kRuns);
    parallelFor(kRuns, 8, [&](std::size_t i) { together[i] = run(i); });
    for (std::size_t i = 0; i < kRuns; ++i) {
        const BoundedReport alone = run(i);
        QCOMPARE(together[i].point, alone.point);
        QCOMPARE(together[i].evaluations, alone.evaluations);
    }
}

QTEST_APPLESS_MAIN(BoundedMinimiserTest)
#include "tst_bounded_minimiser.moc"
