#include "base/rng.h"
#include "pareto/indicators.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class IndicatorsTest : public QObject {
    Q_OBJECT
private slots:
    void distanceByHand();
    void distanceIsWeaklyPareto();
    void r2ByHand();
    void r2PrefersDominatingSets();
    void latticeHoldsAllWeights();
    void badArgumentsAreErrors();
};

void IndicatorsTest::distanceByHand() {
    ObjectiveMatrix known(2, 2);
    known << 0.0, 1.0, 1.0, 0.0;
    ObjectiveMatrix points(3, 2);
    points << 0.3, 1.4, 0.5, 0.5, std::nan(""), 0.0;
    // To (0, 1): min(|(0.3, 0.4)|, |(0.5, 0)|) = 0.5; to (1, 0): |(0, 0.5)| = 0.5.
    QCOMPARE(invertedGenerationalDistancePlus(points, known).value(), 0.5);
    QCOMPARE(invertedGenerationalDistancePlus(known, known).value(), 0.0);
    QVERIFY(std::isinf(invertedGenerationalDistancePlus(points.bottomRows(1), known).value()));
}

void IndicatorsTest::distanceIsWeaklyPareto() {
    Rng rng(1, "sets");
    for (int repeat = 0; repeat < 50; ++repeat) {
        ObjectiveMatrix known(6, 3);
        ObjectiveMatrix points(8, 3);
        for (double& value : known.reshaped())
            value = rng.uniform();
        for (double& value : points.reshaped())
            value = rng.uniform();
        ObjectiveMatrix better = points;
        for (double& value : better.reshaped())
            value -= 0.2 * rng.uniform();
        QVERIFY(invertedGenerationalDistancePlus(better, known).value() <=
                invertedGenerationalDistancePlus(points, known).value());
    }
}

void IndicatorsTest::r2ByHand() {
    ObjectiveMatrix points(2, 2);
    points << 1.0, 3.0, 2.0, 1.0;
    ObjectiveMatrix weights(3, 2);
    weights << 1.0, 0.0, 0.5, 0.5, 0.0, 1.0;
    // Best of max(w (p - 0)): 1, min(1.5, 1) = 1, 1.
    QCOMPARE(r2Indicator(points, Eigen::Vector2d::Zero(), weights).value(), 1.0);
    QCOMPARE(r2Indicator(points.topRows(1), Eigen::Vector2d(1.0, 1.0), weights).value(), 1.0);
}

void IndicatorsTest::r2PrefersDominatingSets() {
    Rng rng(2, "sets");
    const ObjectiveMatrix weights = simplexLattice(3, 8).value();
    for (int repeat = 0; repeat < 50; ++repeat) {
        ObjectiveMatrix points(7, 3);
        for (double& value : points.reshaped())
            value = rng.uniform();
        const double before = r2Indicator(points, Eigen::Vector3d::Zero(), weights).value();
        ObjectiveMatrix more = points;
        more.array() *= 0.9;
        QVERIFY(r2Indicator(more, Eigen::Vector3d::Zero(), weights).value() < before);
    }
}

void IndicatorsTest::latticeHoldsAllWeights() {
    for (const auto& [objectives, divisions, rows] :
         {std::tuple{2, 10, 11}, {3, 4, 15}, {4, 3, 20}, {1, 5, 1}, {5, 1, 5}}) {
        const ObjectiveMatrix lattice = simplexLattice(objectives, divisions).value();
        QCOMPARE(lattice.rows(), Eigen::Index{rows});
        for (Eigen::Index i = 0; i < lattice.rows(); ++i) {
            QVERIFY(std::abs(lattice.row(i).sum() - 1.0) < 1e-14);
            QVERIFY((lattice.row(i).array() >= 0.0).all());
            for (Eigen::Index j = 0; j < i; ++j)
                QVERIFY(lattice.row(i) != lattice.row(j));
        }
    }
}

void IndicatorsTest::badArgumentsAreErrors() {
    const ObjectiveMatrix points = ObjectiveMatrix::Ones(2, 2);
    QVERIFY(!invertedGenerationalDistancePlus(points, ObjectiveMatrix(0, 2)));
    QVERIFY(!invertedGenerationalDistancePlus(points, ObjectiveMatrix::Ones(2, 3)));
    QVERIFY(!r2Indicator(points, Eigen::Vector3d::Zero(), ObjectiveMatrix::Ones(1, 2)));
    QVERIFY(!r2Indicator(points, Eigen::Vector2d::Zero(), -ObjectiveMatrix::Ones(1, 2)));
    QVERIFY(!r2Indicator(points, Eigen::Vector2d::Zero(), ObjectiveMatrix(0, 2)));
    QVERIFY(!simplexLattice(0, 3));
    QVERIFY(!simplexLattice(10, 100));
}

QTEST_APPLESS_MAIN(IndicatorsTest)
#include "tst_indicators.moc"
