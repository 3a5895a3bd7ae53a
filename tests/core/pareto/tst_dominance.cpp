#include "pareto/dominance.h"
#include "pareto_data.h"

#include <QTest>

using namespace alidade;
using namespace alidade::test;

using Ranks = std::vector<std::optional<int>>;

namespace {

// Peels the set layer by layer straight from the definition of dominance.
Ranks peeledRanks(const ObjectiveMatrix& points) {
    Ranks ranks(static_cast<std::size_t>(points.rows()));
    std::vector<bool> removed(ranks.size(), false);
    for (int layer = 0; layer < static_cast<int>(ranks.size()); ++layer) {
        std::vector<std::size_t> front;
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            const auto row = pointRow(points, static_cast<Eigen::Index>(i));
            if (removed[i] || !isComplete(row))
                continue;
            bool beaten = false;
            for (std::size_t j = 0; j < ranks.size(); ++j)
                beaten =
                    beaten || (!removed[j] && dominates(pointRow(points, static_cast<Eigen::Index>(j)), row));
            if (!beaten)
                front.push_back(i);
        }
        for (const std::size_t i : front) {
            ranks[i] = layer;
            removed[i] = true;
        }
    }
    return ranks;
}

Ranks ranksOf(const nlohmann::json& values) {
    Ranks ranks;
    for (const auto& value : values)
        ranks.emplace_back(value.get<int>());
    return ranks;
}

} // namespace

class DominanceTest : public QObject {
    Q_OBJECT
private slots:
    void ranksEqualReference_data();
    void ranksEqualReference();
    void ranksEqualPeeling_data();
    void ranksEqualPeeling();
    void constrainedRanksEqualReference();
    void constrainedRanksFollowTheirDefinition();
    void missingValuesHaveNoRank();
    void goalsTurnTheSign();
    void lengthsAreChecked();
};

void DominanceTest::ranksEqualReference_data() {
    QTest::addColumn<int>("index");
    const auto cases = referenceValues()["ranks"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i]["id"].get<std::string>().c_str()) << static_cast<int>(i);
}

void DominanceTest::ranksEqualReference() {
    QFETCH(int, index);
    const auto values = referenceValues()["ranks"]["cases"][static_cast<std::size_t>(index)];
    const ObjectiveMatrix points = matrixOf(values["points"]);
    QVERIFY(paretoRanks(points) == ranksOf(values["rank"]));
    const auto mask = [&](Duplicates duplicates) {
        std::vector<bool> onFront(static_cast<std::size_t>(points.rows()), false);
        for (const int row : paretoFront(points, duplicates))
            onFront[static_cast<std::size_t>(row)] = true;
        return onFront;
    };
    QVERIFY(mask(Duplicates::Keep) == values["nondominated_mask"].get<std::vector<bool>>());
    QVERIFY(mask(Duplicates::FirstOnly) == values["nondominated_mask_dedup"].get<std::vector<bool>>());
}

void DominanceTest::ranksEqualPeeling_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<int>("levels");
    for (const int objectives : {1, 2, 3, 4, 6}) {
        for (const int levels : {0, 2, 5, 20})
            QTest::addRow("m=%d levels=%d", objectives, levels) << objectives << levels;
    }
}

void DominanceTest::ranksEqualPeeling() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(11, "ranks", static_cast<std::uint64_t>(10 * objectives + levels));
    for (int repeat = 0; repeat < 40; ++repeat) {
        ObjectiveMatrix points =
            randomPoints(rng, static_cast<Eigen::Index>(rng.below(40)), objectives, levels);
        for (Eigen::Index i = 0; i < points.rows(); ++i) {
            if (rng.below(10) == 0)
                points(i, static_cast<Eigen::Index>(rng.below(static_cast<std::uint64_t>(objectives)))) =
                    std::nan("");
        }
        const Ranks expected = peeledRanks(points);
        QVERIFY(paretoRanks(points) == expected);
        std::vector<int> front;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            if (expected[i] == 0)
                front.push_back(static_cast<int>(i));
        }
        QVERIFY(paretoFront(points) == front);
    }
}

void DominanceTest::constrainedRanksEqualReference() {
    const auto values = referenceValues()["constrained_rank"];
    const auto violation = values["violation"].get<std::vector<double>>();
    const auto ranks = constrainedRanks(matrixOf(values["points"]), violation);
    QVERIFY(ranks.ok());
    QVERIFY(*ranks == ranksOf(values["rank"]));
}

void DominanceTest::constrainedRanksFollowTheirDefinition() {
    Rng rng(12, "constrained");
    for (int repeat = 0; repeat < 100; ++repeat) {
        const ObjectiveMatrix points = randomPoints(rng, 25, 2, 6);
        std::vector<double> violation(25);
        for (double& value : violation)
            value = static_cast<double>(rng.below(5)) - 2.0;
        const auto beats = [&](std::size_t a, std::size_t b) {
            const double left = std::max(0.0, violation[a]);
            const double right = std::max(0.0, violation[b]);
            return left < right || (left == 0.0 && right == 0.0 &&
                                    dominates(pointRow(points, static_cast<Eigen::Index>(a)),
                                              pointRow(points, static_cast<Eigen::Index>(b))));
        };
        const auto ranks = constrainedRanks(points, violation);
        QVERIFY(ranks.ok());
        for (std::size_t b = 0; b < 25; ++b) {
            int expected = 0; // one more than the deepest point that beats it
            for (std::size_t a = 0; a < 25; ++a) {
                if (beats(a, b))
                    expected = std::max(expected, ranks.value()[a].value() + 1);
            }
            QCOMPARE(ranks.value()[b].value(), expected);
        }
    }
}

void DominanceTest::missingValuesHaveNoRank() {
    ObjectiveMatrix points(3, 2);
    points << 0.0, std::nan(""), 1.0, 1.0, std::nan(""), std::nan("");
    QVERIFY((paretoRanks(points) == Ranks{std::nullopt, 0, std::nullopt}));
    QVERIFY(paretoFront(points) == std::vector<int>{1});
    QVERIFY(paretoRanks(ObjectiveMatrix(0, 2)).empty());
    const std::vector<double> violation{0.0, std::nan(""), 0.0};
    QVERIFY(constrainedRanks(points, violation).value() == Ranks(3));
}

void DominanceTest::goalsTurnTheSign() {
    ObjectiveMatrix points(3, 2);
    points << 1.0, 0.0, 2.0, 3.0, 3.0, std::nan("");
    const std::vector<Goal> goals{Goal::Minimize, Goal::Maximize};
    const auto turned = toMinimization(points, goals);
    QVERIFY(turned.ok());
    QCOMPARE(turned.value()(0, 1), 0.0);
    QVERIFY(!std::signbit(turned.value()(0, 1)));
    QCOMPARE(turned.value()(1, 1), -3.0);
    QVERIFY(std::isnan(turned.value()(2, 1)));
    QVERIFY((paretoRanks(*turned) == Ranks{0, 0, std::nullopt}));
    const Eigen::VectorXd reference = Eigen::Vector2d(4.0, -1.0);
    QCOMPARE(toMinimization(reference, goals).value()[1], 1.0);
}

void DominanceTest::lengthsAreChecked() {
    ObjectiveMatrix points = ObjectiveMatrix::Zero(2, 2);
    QCOMPARE(toMinimization(points, {Goal::Minimize}).error().code, ErrorCode::InvalidArgument);
    points(1, 0) = HUGE_VAL;
    const auto infinite = toMinimization(points, {Goal::Minimize, Goal::Minimize});
    QCOMPARE(infinite.error().context, std::string("points[1][0]"));
    QCOMPARE(constrainedRanks(points, std::vector<double>{0.0}).error().context, std::string("violation"));
}

QTEST_APPLESS_MAIN(DominanceTest)
#include "tst_dominance.moc"
