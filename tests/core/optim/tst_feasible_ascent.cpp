#include "optim/feasible_ascent.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class FeasibleAscentTest : public QObject {
    Q_OBJECT
private slots:
    void knownOptima_data();
    void knownOptima();
};

struct Case {
    FeasibleProblem problem;
    Eigen::VectorXd start;
    Eigen::VectorXd optimum;
};
Q_DECLARE_METATYPE(Case)

void FeasibleAscentTest::knownOptima_data() {
    QTest::addColumn<Case>("given");
    const auto towards = [](Eigen::Vector2d goal) {
        return [goal](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
            gradient = -2.0 * (x - goal);
            return -(x - goal).squaredNorm();
        };
    };
    const Eigen::Vector2d zero(0.0, 0.0);
    const Eigen::Vector2d one(1.0, 1.0);
    const auto slack = [](auto function) {
        return [function](const Eigen::VectorXd& x) { return Eigen::VectorXd::Constant(1, function(x)); };
    };
    // Projections onto a line, a disc and a corner, known in closed form.
    QTest::newRow("line") << Case{
        {towards({1.0, 0.6}), slack([](const Eigen::VectorXd& x) { return 0.8 - x(0) - x(1); }), zero, one},
        Eigen::Vector2d(0.1, 0.1),
        Eigen::Vector2d(0.6, 0.2)};
    QTest::newRow("line and bound") << Case{
        {towards({1.0, -0.5}), slack([](const Eigen::VectorXd& x) { return 0.8 - x(0) - x(1); }), zero, one},
        Eigen::Vector2d(0.1, 0.4),
        Eigen::Vector2d(0.8, 0.0)};
    QTest::newRow("disc") << Case{{towards({0.9, 0.9}),
                                   slack([](const Eigen::VectorXd& x) { return 0.25 - x.squaredNorm(); }),
                                   zero, one},
                                  Eigen::Vector2d(0.05, 0.3),
                                  Eigen::Vector2d(std::sqrt(0.125), std::sqrt(0.125))};
    QTest::newRow("outside a disc") << Case{
        {towards({0.2, 0.1}), slack([](const Eigen::VectorXd& x) { return x.squaredNorm() - 0.25; }), zero,
         one},
        Eigen::Vector2d(0.9, 0.9),
        0.5 * Eigen::Vector2d(0.2, 0.1).normalized()};
    QTest::newRow("two lines") << Case{{towards({1.0, 1.0}),
                                        [](const Eigen::VectorXd& x) {
                                            return Eigen::VectorXd(
                                                Eigen::Vector2d(0.5 - x(0), 0.7 - x(0) - x(1)));
                                        },
                                        zero, one},
                                       Eigen::Vector2d(0.1, 0.1),
                                       Eigen::Vector2d(0.35, 0.35)};
    QTest::newRow("inside") << Case{
        {towards({0.4, 0.3}), slack([](const Eigen::VectorXd& x) { return 0.8 - x(0) - x(1); }), zero, one},
        Eigen::Vector2d(0.0, 0.0),
        Eigen::Vector2d(0.4, 0.3)};
}

void FeasibleAscentTest::knownOptima() {
    QFETCH(Case, given);
    const FeasibleReport report = ascendFeasibly(given.problem, given.start, 100);
    QVERIFY(given.problem.slacks(report.point).minCoeff() >= 0.0);
    QVERIFY2(
        (report.point - given.optimum).norm() < 1e-4,
        qPrintable(
            QString("%1, %2 after %3").arg(report.point(0)).arg(report.point(1)).arg(report.iterations)));
    std::stop_source source;
    source.request_stop();
    const FeasibleReport stopped =
        ascendFeasibly(given.problem, given.start, 100, Monitor(source.get_token()));
    QVERIFY(stopped.point == given.start);
}

QTEST_APPLESS_MAIN(FeasibleAscentTest)
#include "tst_feasible_ascent.moc"
