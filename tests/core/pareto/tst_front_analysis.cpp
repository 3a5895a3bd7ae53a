#include "pareto/attainment.h"
#include "pareto/dominance.h"
#include "pareto/front_analysis.h"
#include "pareto/reference_point.h"
#include "pareto_data.h"

#include <QTest>

using namespace alidade;
using namespace alidade::test;

class FrontAnalysisTest : public QObject {
    Q_OBJECT
private slots:
    void crowdingEqualsReference_data();
    void crowdingEqualsReference();
    void copiesAreNotCrowdedTwice();
    void kneeEqualsReference();
    void closestToIdealIsNearest();
    void referencePointEqualsReference_data();
    void referencePointEqualsReference();
    void referencePointNeedsSomething();
    void attainmentEqualsReference();
    void attainmentFrontIsMinimal();
};

void FrontAnalysisTest::crowdingEqualsReference_data() {
    QTest::addColumn<int>("index");
    const auto cases = referenceValues()["ranks"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i) {
        // A set of equal points has no crowding; copies are tested below.
        if (cases[i]["id"] != "r2_all_equal")
            QTest::newRow(cases[i]["id"].get<std::string>().c_str()) << static_cast<int>(i);
    }
}

void FrontAnalysisTest::crowdingEqualsReference() {
    QFETCH(int, index);
    const auto values = referenceValues()["ranks"]["cases"][static_cast<std::size_t>(index)];
    const ObjectiveMatrix points = matrixOf(values["points"]);
    const auto ranks = values["rank"].get<std::vector<int>>();
    for (int rank = 0; rank <= *std::max_element(ranks.begin(), ranks.end()); ++rank) {
        std::vector<int> rows;
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            if (ranks[i] == rank)
                rows.push_back(static_cast<int>(i));
        }
        const auto distances = crowdingDistances(selectPoints(points, rows));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const double expected = number(values["crowding_deb"][static_cast<std::size_t>(rows[i])]);
            QVERIFY(close(distances[i], expected, 1e-12));
        }
    }
}

void FrontAnalysisTest::copiesAreNotCrowdedTwice() {
    ObjectiveMatrix front(5, 2);
    front << 0.0, 4.0, 1.0, 1.0, 1.0, 1.0, 3.0, 0.5, 4.0, 0.0;
    const auto distances = crowdingDistances(front);
    QCOMPARE(distances[0], HUGE_VAL);
    QVERIFY(close(distances[1], 3.0 / 4.0 + 3.5 / 4.0, 1e-12));
    QCOMPARE(distances[2], 0.0);
    QVERIFY(close(distances[3], 3.0 / 4.0 + 1.0 / 4.0, 1e-12));
    QCOMPARE(distances[4], HUGE_VAL);
    QVERIFY(crowdingDistances(ObjectiveMatrix::Ones(3, 2)) == (std::vector<double>{HUGE_VAL, 0.0, 0.0}));
    QVERIFY(crowdingDistances(ObjectiveMatrix(0, 2)).empty());
}

void FrontAnalysisTest::kneeEqualsReference() {
    const auto cases = referenceValues()["knee"];
    QVERIFY(!cases.empty());
    for (const auto& values : cases) {
        const ObjectiveMatrix front = matrixOf(values["points_min"]);
        const auto distances = kneeDistances(front);
        for (std::size_t i = 0; i < distances.size(); ++i)
            QVERIFY(close(distances[i], values["distance"][i].get<double>(), 1e-12, 1e-15));
        QCOMPARE(kneePoint(front).value(), values["knee_index"].get<int>());
    }
    ObjectiveMatrix concave(3, 2);
    concave << 0.0, 1.0, 0.8, 0.8, 1.0, 0.0;
    QVERIFY(!kneePoint(concave));
    QVERIFY(!kneePoint(ObjectiveMatrix::Ones(1, 2)));
}

void FrontAnalysisTest::closestToIdealIsNearest() {
    ObjectiveMatrix front(4, 2);
    front << 0.0, 100.0, 1.0, 40.0, 2.0, 30.0, 10.0, 0.0; // scaled: (0, 1) (.1, .4) (.2, .3) (1, 0)
    QCOMPARE(closestToIdeal(front).value(), 2);
    QVERIFY(!closestToIdeal(ObjectiveMatrix(0, 2)));
    QCOMPARE(closestToIdeal(ObjectiveMatrix::Ones(2, 3)).value(), 0);
}

void FrontAnalysisTest::referencePointEqualsReference_data() {
    QTest::addColumn<int>("index");
    const auto cases = referenceValues()["infer_reference_point"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::addRow("case %d", static_cast<int>(i)) << static_cast<int>(i);
}

void FrontAnalysisTest::referencePointEqualsReference() {
    QFETCH(int, index);
    const auto values = referenceValues()["infer_reference_point"]["cases"][static_cast<std::size_t>(index)];
    ReferencePointOptions options;
    options.margin = values["scale"].get<double>();
    options.marginOnWorst = values["scale_max_ref_point"].get<bool>();
    if (!values["max_ref_point"].is_null())
        options.worstAcceptable = -vectorOf(values["max_ref_point"]); // the reference values maximise
    const auto reference = inferReferencePoint(-matrixOf(values["pareto_Y_max"]), options);
    if (values["result"].is_string()) {
        QVERIFY(!reference.ok());
        return;
    }
    QVERIFY(reference.ok());
    const Eigen::VectorXd expected = vectorOf(values["result"]);
    for (Eigen::Index k = 0; k < expected.size(); ++k)
        QVERIFY(close(-reference.value()[k], expected[k], 1e-12));
}

void FrontAnalysisTest::referencePointNeedsSomething() {
    QCOMPARE(inferReferencePoint(ObjectiveMatrix(0, 2)).error().context, std::string("reference"));
    ReferencePointOptions options;
    options.worstAcceptable = Eigen::VectorXd::Ones(3);
    QVERIFY(!inferReferencePoint(ObjectiveMatrix::Zero(2, 2), options).ok());
    options.worstAcceptable.reset();
    options.margin = -0.1;
    QCOMPARE(inferReferencePoint(ObjectiveMatrix::Zero(2, 2), options).error().context,
             std::string("margin"));
    ObjectiveMatrix incomplete = ObjectiveMatrix::Zero(2, 2);
    incomplete(1, 1) = std::nan("");
    QCOMPARE(inferReferencePoint(incomplete).error().context, std::string("front[1]"));
}

void FrontAnalysisTest::attainmentEqualsReference() {
    const auto values = referenceValues()["attainment"];
    std::vector<ObjectiveMatrix> runs;
    for (const auto& run : values["runs"])
        runs.push_back(matrixOf(run));
    for (std::size_t i = 0; i < values["query"].size(); ++i)
        QCOMPARE(attainmentCount(runs, vectorOf(values["query"][i])).value(), values["count"][i].get<int>());
    for (const auto& [level, points] : values["levels"].items()) {
        const auto front = attainmentFront(runs, std::stoi(level));
        QVERIFY(front.ok());
        QVERIFY(front.value() == matrixOf(points));
    }
    QCOMPARE(attainmentFront(runs, 0).error().context, std::string("level"));
    QCOMPARE(attainmentFront(runs, 4).error().context, std::string("level"));
    runs[1] = ObjectiveMatrix::Zero(1, 3);
    QCOMPARE(attainmentFront(runs, 1).error().context, std::string("runs[1]"));
}

void FrontAnalysisTest::attainmentFrontIsMinimal() {
    Rng rng(31, "attainment");
    for (int repeat = 0; repeat < 30; ++repeat) {
        std::vector<ObjectiveMatrix> runs;
        for (int run = 0; run < 4; ++run)
            runs.push_back(randomPoints(rng, static_cast<Eigen::Index>(1 + rng.below(6)), 2, 8));
        for (int level = 1; level <= 4; ++level) {
            const ObjectiveMatrix front = attainmentFront(runs, level).value();
            for (int x = 0; x < 8; ++x) {
                for (int y = 0; y < 8; ++y) {
                    const Eigen::VectorXd target = Eigen::Vector2d(x / 8.0, y / 8.0);
                    const bool reached = attainmentCount(runs, target).value() >= level;
                    QCOMPARE(attainmentCount({front}, target).value() == 1, reached);
                }
            }
            QCOMPARE(paretoFront(front).size(), static_cast<std::size_t>(front.rows()));
        }
    }
}

QTEST_APPLESS_MAIN(FrontAnalysisTest)
#include "tst_front_analysis.moc"
