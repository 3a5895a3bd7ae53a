#include "desirability/desirability.h"
#include "models/desirability_ranking.h"
#include "models/value_text.h"
#include "plots/desirability_shapes.h"

#include <QTest>

#include <cmath>

using namespace alidade;

Q_DECLARE_METATYPE(alidade::DesirabilityShape)

class DesirabilityShapesTest : public QObject {
    Q_OBJECT
private slots:
    void handlesLieOnTheCurve_data();
    void handlesLieOnTheCurve();
    void movesHandles_data();
    void movesHandles();
    void crossedLimitsStayPut();
    void addsAndRemovesKnots();
    void changesTheKind_data();
    void changesTheKind();
    void startsFromMeasurements();
    void ranksTrials();
    void namesTheGoalThatForcesZero();
};

void DesirabilityShapesTest::handlesLieOnTheCurve_data() {
    QTest::addColumn<DesirabilityShape>("shape");
    QTest::newRow("max") << DesirabilityShape(DesirabilityMax{1.0, 5.0, 2.5});
    QTest::newRow("min") << DesirabilityShape(DesirabilityMin{-2.0, 3.0, 0.4});
    QTest::newRow("target") << DesirabilityShape(DesirabilityTarget{0.0, 7.0, 10.0, 3.0, 0.5});
    QTest::newRow("box") << DesirabilityShape(DesirabilityBox{2.0, 4.0});
    QTest::newRow("custom") << DesirabilityShape(DesirabilityCustom{{3.0, 1.0, 2.0}, {0.2, 0.9, 0.5}});
}

void DesirabilityShapesTest::handlesLieOnTheCurve() {
    QFETCH(DesirabilityShape, shape);
    const auto curve = Desirability::make({shape, std::nullopt, std::nullopt, 1.0});
    QVERIFY(curve.ok());
    double before = -1e300;
    for (const DesirabilityHandle& handle : desirabilityHandles(shape)) {
        QVERIFY(handle.x > before);
        before = handle.x;
        QVERIFY(std::abs(curve->value(handle.x) - handle.d) < 1e-12);
    }
}

void DesirabilityShapesTest::movesHandles_data() {
    QTest::addColumn<DesirabilityShape>("shape");
    QTest::addColumn<int>("handle");
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("d");
    QTest::addColumn<DesirabilityShape>("expected");
    const DesirabilityShape max = DesirabilityMax{0.0, 10.0, 1.0};
    const DesirabilityShape target = DesirabilityTarget{0.0, 5.0, 10.0, 1.0, 1.0};
    const DesirabilityShape custom = DesirabilityCustom{{0.0, 1.0, 2.0}, {0.0, 0.5, 1.0}};
    QTest::newRow("low limit") << max << 0 << 4.0 << 0.7
                               << DesirabilityShape(DesirabilityMax{4.0, 10.0, 1.0});
    QTest::newRow("stops at the other limit")
        << max << 0 << 40.0 << 0.0 << DesirabilityShape(DesirabilityMax{9.5, 10.0, 1.0});
    QTest::newRow("bend") << max << 1 << 3.0 << 0.25 << DesirabilityShape(DesirabilityMax{0.0, 10.0, 2.0});
    QTest::newRow("bend to the end") << max << 1 << 3.0 << 0.0
                                     << DesirabilityShape(DesirabilityMax{0.0, 10.0, 10.0});
    QTest::newRow("target stops at the low limit")
        << target << 2 << -3.0 << 1.0 << DesirabilityShape(DesirabilityTarget{0.0, 0.5, 10.0, 1.0, 1.0});
    QTest::newRow("bend above the target")
        << target << 3 << 0.0 << 0.125 << DesirabilityShape(DesirabilityTarget{0.0, 5.0, 10.0, 1.0, 3.0});
    QTest::newRow("box") << DesirabilityShape(DesirabilityBox{1.0, 3.0}) << 1 << 8.0 << 0.2
                         << DesirabilityShape(DesirabilityBox{1.0, 8.0});
    QTest::newRow("knot") << custom << 1 << 1.25 << 0.75
                          << DesirabilityShape(DesirabilityCustom{{0.0, 1.25, 2.0}, {0.0, 0.75, 1.0}});
    QTest::newRow("knot keeps its place")
        << custom << 1 << 7.0 << 1.5
        << DesirabilityShape(DesirabilityCustom{{0.0, 1.5, 2.0}, {0.0, 1.0, 1.0}});
    QTest::newRow("level") << DesirabilityShape(DesirabilityCategories{{{"a", 0.1}, {"b", 0.2}}}) << 1 << 0.0
                           << 0.9 << DesirabilityShape(DesirabilityCategories{{{"a", 0.1}, {"b", 0.9}}});
    QTest::newRow("not a number") << max << 0 << std::nan("") << 0.0 << max;
    QTest::newRow("no such handle") << max << 7 << 1.0 << 0.0 << max;
}

void DesirabilityShapesTest::movesHandles() {
    QFETCH(DesirabilityShape, shape);
    QFETCH(int, handle);
    QFETCH(double, x);
    QFETCH(double, d);
    QFETCH(DesirabilityShape, expected);
    const DesirabilityShape moved = movedHandle(shape, static_cast<std::size_t>(handle), x, d, 0.5);
    QVERIFY(shapeKind(moved) == shapeKind(expected));
    const auto handles = desirabilityHandles(moved);
    const auto wanted = desirabilityHandles(expected);
    QCOMPARE(handles.size(), wanted.size());
    for (std::size_t i = 0; i < handles.size(); ++i) {
        QVERIFY(std::abs(handles[i].x - wanted[i].x) < 1e-12);
        QVERIFY(std::abs(handles[i].d - wanted[i].d) < 1e-12);
    }
}

void DesirabilityShapesTest::crossedLimitsStayPut() {
    const DesirabilityShape crossed = DesirabilityTarget{5.0, 1.0, 2.0, 1.0, 1.0};
    QVERIFY(movedHandle(crossed, 2, 3.0, 1.0, 0.1) == crossed);
}

void DesirabilityShapesTest::addsAndRemovesKnots() {
    const DesirabilityShape custom = DesirabilityCustom{{2.0, 0.0}, {1.0, 0.0}};
    const auto more = withKnot(custom, 1.0, 0.7, 0.1);
    QVERIFY(more.has_value());
    QVERIFY(*more == DesirabilityShape(DesirabilityCustom{{0.0, 1.0, 2.0}, {0.0, 0.7, 1.0}}));
    QVERIFY(!withKnot(custom, 1.95, 0.7, 0.1));
    QVERIFY(!withKnot(DesirabilityMax{}, 0.5, 0.5, 0.1));
    const auto fewer = withoutKnot(*more, 0);
    QVERIFY(fewer && *fewer == DesirabilityShape(DesirabilityCustom{{1.0, 2.0}, {0.7, 1.0}}));
    QVERIFY(!withoutKnot(*fewer, 0));
}

void DesirabilityShapesTest::changesTheKind_data() {
    QTest::addColumn<DesirabilityShape>("from");
    QTest::addColumn<int>("kind");
    QTest::addColumn<DesirabilityShape>("to");
    const DesirabilityShape max = DesirabilityMax{1.0, 5.0, 2.0};
    QTest::newRow("min") << max << int(ShapeKind::Min) << DesirabilityShape(DesirabilityMin{1.0, 5.0, 2.0});
    QTest::newRow("target") << max << int(ShapeKind::Target)
                            << DesirabilityShape(DesirabilityTarget{1.0, 3.0, 5.0, 2.0, 2.0});
    QTest::newRow("box") << max << int(ShapeKind::Box) << DesirabilityShape(DesirabilityBox{1.0, 5.0});
    QTest::newRow("custom follows the curve")
        << max << int(ShapeKind::Custom)
        << DesirabilityShape(DesirabilityCustom{{1.0, 2.0, 3.0, 4.0, 5.0}, {0.0, 0.0625, 0.25, 0.5625, 1.0}});
    QTest::newRow("the same") << max << int(ShapeKind::Max) << max;
}

void DesirabilityShapesTest::changesTheKind() {
    QFETCH(DesirabilityShape, from);
    QFETCH(int, kind);
    QFETCH(DesirabilityShape, to);
    QVERIFY(shapeAs(static_cast<ShapeKind>(kind), from, {0.0, 1.0}) == to);
}

void DesirabilityShapesTest::startsFromMeasurements() {
    QVERIFY(firstDesirability(Goal::Minimize, std::pair(2.0, 6.0)).shape ==
            DesirabilityShape(DesirabilityMin{2.0, 6.0, 1.0}));
    QVERIFY(firstDesirability(Goal::Maximize, std::nullopt).shape ==
            DesirabilityShape(DesirabilityMax{0.0, 1.0, 1.0}));
    const auto one = limitsOf(firstDesirability(Goal::Maximize, std::pair(3.0, 3.0)).shape);
    QVERIFY(one && one->first < 3.0 && one->second > 3.0);
}

namespace {

/// Two objectives with desirabilities over 0 ... 10 (smaller, larger is better), a limit on the second.
Study sampleStudy() {
    Study study;
    for (int i = 0; i < 2; ++i) {
        Objective objective;
        objective.id = {study.definition.nextId++};
        objective.name = i == 0 ? "seconds" : "yield";
        objective.goal = i == 0 ? Goal::Minimize : Goal::Maximize;
        objective.unit = i == 0 ? "s" : "";
        objective.desirability = firstDesirability(objective.goal, std::pair(0.0, 10.0));
        study.definition.objectives.push_back(objective);
    }
    OutcomeConstraint memory;
    memory.id = {study.definition.nextId++};
    memory.name = "memory";
    memory.upper = 1.0;
    study.definition.outcomeConstraints.push_back(memory);
    const double rows[][3] = {{2.0, 5.0, 0.5}, {4.0, 9.0, 0.5}, {12.0, 9.0, 0.5}, {0.0, 10.0, 3.0}};
    for (const auto& row : rows) {
        Trial trial;
        trial.id = {static_cast<std::int64_t>(study.trials.size()) + 1};
        trial.state = TrialState::Complete;
        for (int i = 0; i < 3; ++i)
            trial.values[study.definition.measures()[static_cast<std::size_t>(i)]] = {row[i], std::nullopt};
        study.trials.push_back(trial);
    }
    return study;
}

} // namespace

void DesirabilityShapesTest::ranksTrials() {
    const Study study = sampleStudy();
    const auto ranking = rankByDesirability(study);
    QVERIFY(ranking.ok());
    QCOMPARE(ranking->rows.size(), std::size_t(4));
    QCOMPARE(ranking->rows[0].id.value, 2); // sqrt(0.6 * 0.9)
    QVERIFY(std::abs(ranking->rows[0].overall - std::sqrt(0.54)) < 1e-12);
    QCOMPARE(ranking->rows[1].id.value, 1);
    QVERIFY(std::abs(ranking->rows[1].overall - std::sqrt(0.4)) < 1e-12);
    QVERIFY(!ranking->rows[3].feasible); // last, though its D is 1
    QCOMPARE(ranking->best()->id.value, 2);
    // What is tried out takes the place of what is stored.
    DesirabilityPreview preview;
    preview[study.definition.objectives[1].id] = {DesirabilityMax{0.0, 5.0, 1.0}, {}, {}, 1.0};
    const auto tried = rankByDesirability(study, preview);
    QVERIFY(tried.ok());
    QCOMPARE(tried->best()->id.value, 1);
    preview[study.definition.objectives[1].id] = {DesirabilityMax{5.0, 5.0, 1.0}, {}, {}, 1.0};
    QVERIFY(!rankByDesirability(study, preview).ok());
    // Measured numbers have no category: such a function ranks nothing.
    preview[study.definition.objectives[1].id] = {
        DesirabilityCategories{{{"bad", 0.1}, {"good", 1.0}}}, {}, {}, 1.0};
    const auto numbers = rankByDesirability(study, preview);
    QVERIFY(numbers.ok());
    QCOMPARE(numbers->goals, std::vector<MeasureId>{study.definition.objectives[0].id});
    QCOMPARE(numbers->best()->id.value, 1);
    QVERIFY(std::abs(numbers->best()->overall - 0.8) < 1e-12);
}

void DesirabilityShapesTest::namesTheGoalThatForcesZero() {
    const auto ranking = rankByDesirability(sampleStudy());
    QVERIFY(ranking.ok());
    RankingModel model;
    model.setRanking(ranking.value(), {"seconds", "yield"}, {"s", ""});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.columnCount(), 5);
    const int row = model.rowOf(TrialId{3});
    QCOMPARE(model.index(row, RankingModel::OverallColumn).data().toString(), QStringLiteral("0.000"));
    QCOMPARE(model.index(row, 4).data().toString(),
             QStringLiteral("0: seconds = %1").arg(withUnit("12", std::string("s"))));
    QCOMPARE(model.index(model.rowOf(TrialId{4}), 4).data().toString(), QStringLiteral("outside a limit"));
}

QTEST_GUILESS_MAIN(DesirabilityShapesTest)
#include "tst_desirability_shapes.moc"
