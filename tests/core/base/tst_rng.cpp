#include "base/inverse_normal.h"
#include "base/rng.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class RngTest : public QObject {
    Q_OBJECT
private slots:
    void streamsRepeatAndDiffer();
    void normalHasTheRightMoments();
    void belowIsUniform();
    void quantileInvertsTheDistribution();
};

void RngTest::streamsRepeatAndDiffer() {
    Rng first(7, "a", 3);
    Rng again(7, "a", 3);
    Rng other(7, "b", 3);
    Rng next(7, "a", 4);
    const auto bits = first.bits();
    QCOMPARE(again.bits(), bits);
    QVERIFY(other.bits() != bits);
    QVERIFY(next.bits() != bits);
}

void RngTest::normalHasTheRightMoments() {
    Rng rng(1, "moments");
    constexpr int kCount = 200000;
    double sum = 0.0;
    double squares = 0.0;
    double fourth = 0.0;
    for (int i = 0; i < kCount; ++i) {
        const double z = rng.normal();
        sum += z;
        squares += z * z;
        fourth += z * z * z * z;
    }
    // Five standard errors of each sample moment.
    QVERIFY(std::abs(sum / kCount) < 5.0 / std::sqrt(kCount));
    QVERIFY(std::abs(squares / kCount - 1.0) < 5.0 * std::sqrt(2.0 / kCount));
    QVERIFY(std::abs(fourth / kCount - 3.0) < 5.0 * std::sqrt(96.0 / kCount));
}

void RngTest::belowIsUniform() {
    Rng rng(2, "below");
    std::array<int, 7> counts{};
    constexpr int kCount = 70000;
    for (int i = 0; i < kCount; ++i)
        ++counts.at(rng.below(7));
    double chiSquare = 0.0;
    for (const int count : counts)
        chiSquare += (count - 10000.0) * (count - 10000.0) / 10000.0;
    QVERIFY(chiSquare < 27.9); // 0.9999 quantile, 6 degrees of freedom
}

void RngTest::quantileInvertsTheDistribution() {
    for (const double p : {1e-12, 1e-5, 0.02425, 0.3, 0.5, 0.9, 0.999}) {
        const double z = inverseNormalCdf(p);
        QVERIFY(std::abs(0.5 * std::erfc(-z / std::sqrt(2.0)) - p) < 1e-14 + 1e-13 * p);
    }
    QCOMPARE(inverseNormalCdf(0.0), -HUGE_VAL);
    QVERIFY(std::isnan(inverseNormalCdf(1.5)));
}

QTEST_APPLESS_MAIN(RngTest)
#include "tst_rng.moc"
