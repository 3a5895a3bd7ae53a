#include "math/sobol.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;

class SobolTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithPublishedPoints();
    void skipsPoints();
    void scramblingKeepsTheNet();
    void seedsDiffer();
};

void SobolTest::agreesWithPublishedPoints() {
    const auto golden = nlohmann::json::parse(test::readFile(test::dataPath("gaussian_process.json")));
    SobolSequence sequence(12, 0, false);
    for (const auto& expected : golden["sobol"]["points"])
        QCOMPARE(sequence.next(), expected.get<std::vector<double>>());
}

void SobolTest::skipsPoints() {
    for (const std::uint64_t skipped : {1U, 2U, 7U}) {
        SobolSequence whole(5, 3);
        for (std::uint64_t i = 0; i < skipped; ++i)
            (void)whole.next();
        SobolSequence rest(5, 3);
        rest.skip(skipped);
        QCOMPARE(rest.next(), whole.next());
    }
}

void SobolTest::scramblingKeepsTheNet() {
    // Each coordinate of the first 2^k points falls once into each of 2^k equal cells, and every pair of the
    // first two coordinates once into each cell of the elementary partitions.
    SobolSequence sequence(6, 17);
    constexpr int kBits = 8;
    std::array<std::array<int, 1 << kBits>, 6> cells{};
    std::array<std::array<int, 1 << kBits>, kBits + 1> boxes{};
    for (int i = 0; i < (1 << kBits); ++i) {
        const auto point = sequence.next();
        for (std::size_t j = 0; j < 6; ++j) {
            QVERIFY(point[j] >= 0.0 && point[j] < 1.0);
            ++cells[j][static_cast<std::size_t>(point[j] * (1 << kBits))];
        }
        for (int split = 0; split <= kBits; ++split) {
            const auto x = static_cast<std::size_t>(point[0] * (1 << split));
            const auto y = static_cast<std::size_t>(point[1] * (1 << (kBits - split)));
            ++boxes[static_cast<std::size_t>(split)][(x << (kBits - split)) + y];
        }
    }
    for (const auto& coordinate : cells)
        for (const int count : coordinate)
            QCOMPARE(count, 1);
    for (const auto& partition : boxes)
        for (const int count : partition)
            QCOMPARE(count, 1);
}

void SobolTest::seedsDiffer() {
    SobolSequence first(3, 1);
    SobolSequence second(3, 2);
    SobolSequence again(3, 1);
    const auto point = first.next();
    QVERIFY(point != second.next());
    QCOMPARE(again.next(), point);
}

QTEST_APPLESS_MAIN(SobolTest)
#include "tst_sobol.moc"
