// The values behind the page Learning rate: files, curves, handles.
#include "learning_rate/bound.h"
#include "pages/learning_rate_curve.h"
#include "pages/learning_rate_handles.h"
#include "pages/learning_rate_shapes.h"
#include "pages/learning_rate_state.h"

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

bool near(double a, double b, double relative) {
    return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

LoggedSeriesPtr fallingNorms() {
    LoggedSeries series{"run.csv", {}, {}};
    for (int i = 0; i < 50; ++i)
        series.values.push_back(2.0 - i / 50.0);
    return std::make_shared<const LoggedSeries>(series);
}

} // namespace

class LearningRateStateTest : public QObject {
    Q_OBJECT
private slots:
    void fileRoundTrip();
    void wrongFilesAreNamed_data();
    void wrongFilesAreNamed();
    void everyKindIsValid_data();
    void everyKindIsValid();
    void coarseCurveIsExactWhereItIs_data();
    void coarseCurveIsExactWhereItIs();
    void distanceAndNormScale();
    void normsAreStretchedOverTheRun();
    void endsWhereTheRateIsPositive();
    void handlesMove_data();
    void handlesMove();
    void namesFollowTheShape();
};

void LearningRateStateTest::fileRoundTrip() {
    LearningRateState state = initialLearningRateState();
    for (const QString& kind : offeredShapes())
        if (kind != "table" && kind != "two_stage")
            state.add({shapeOfKind(kind), 7, 0.25}, kind + " of mine");
    state.add({TableShape{std::vector<double>(10000, 0.5)}});
    state.add({TwoStageShape{300, 0.52, 0.1}});
    state.entries[2].shown = false;
    state.entries[3].atOptimum = false;
    state.entries[3].baseRate = 0.123;
    state.steps = 4321;
    state.distance = 3.5;
    state.gradientNorm = 0.25;
    state.norms = fallingNorms();
    state.losses = std::make_shared<const LoggedSeries>(LoggedSeries{"loss.csv", {1, 5, 9}, {3, 2, 1}});
    const auto read = learningRateFromJson(learningRateToJson(state));
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
    QCOMPARE(read->entries.size(), state.entries.size());
    for (std::size_t i = 0; i < state.entries.size(); ++i)
        QVERIFY2(read->entries[i].schedule == state.entries[i].schedule, qPrintable(state.entries[i].name));
    QVERIFY(*read == state);
}

void LearningRateStateTest::wrongFilesAreNamed_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("no json") << QByteArray("{") << QByteArray();
    QTest::newRow("other file") << QByteArray(R"({"alidade": 1})") << QByteArray();
    QTest::newRow("kind") << QByteArray(
                                 R"({"alidade_learning_rate": 1, "schedules": [{"shape": {"kind": "wds"}}]})")
                          << QByteArray("schedules[0].shape");
    QTest::newRow("cooldown")
        << QByteArray(
               R"({"alidade_learning_rate": 1, "schedules": [{"shape": {"kind": "wsd", "cooldown": 2}}]})")
        << QByteArray("schedules[0].shape.cooldown");
    QTest::newRow("steps") << QByteArray(R"({"alidade_learning_rate": 1, "steps": 0})")
                           << QByteArray("steps");
}

void LearningRateStateTest::wrongFilesAreNamed() {
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, part);
    const auto read = learningRateFromJson(json);
    QVERIFY(!read.ok());
    QVERIFY2(QByteArray::fromStdString(read.error().context).contains(part), read.error().context.c_str());
}

void LearningRateStateTest::everyKindIsValid_data() {
    QTest::addColumn<QString>("kind");
    for (const QString& kind : offeredShapes())
        if (kind != "table")
            QTest::newRow(qPrintable(kind)) << kind;
}

void LearningRateStateTest::everyKindIsValid() {
    QFETCH(QString, kind);
    for (const std::size_t steps : {std::size_t(2), std::size_t(10), std::size_t(1000)}) {
        const Schedule schedule = fitted({shapeOfKind(kind), 3}, steps);
        QVERIFY(validate(schedule, steps).ok());
        for (const ShapeField& field : shapeFields(schedule.shape)) {
            Schedule changed = schedule;
            setShapeField(changed.shape, field.key, field.high);
            QVERIFY(validate(changed, steps).ok());
        }
    }
    QVERIFY(shapeTitle(kind) != kind);
}

void LearningRateStateTest::coarseCurveIsExactWhereItIs_data() {
    QTest::addColumn<int>("steps");
    QTest::addColumn<bool>("measured");
    QTest::newRow("short") << 40 << false;
    QTest::newRow("long") << 3000 << false;
    QTest::newRow("measured norms") << 3000 << true;
}

void LearningRateStateTest::coarseCurveIsExactWhereItIs() {
    QFETCH(int, steps);
    QFETCH(bool, measured);
    const CurveKey key{{WsdShape{}, 10}, std::size_t(steps), measured ? fallingNorms() : nullptr};
    const auto exact =
        boundCurveExact(*rates(key.schedule, key.steps), {1.0, normsPerStep(key.norms, key.steps)});
    QVERIFY(exact.ok());
    for (const bool coarse : {true, false}) {
        const auto curve = computeCurve(key, coarse);
        QVERIFY(curve.ok() && !curve->error);
        QCOMPARE(curve->step.front(), 1.0);
        QCOMPARE(curve->step.back(), double(steps));
        QCOMPARE(curve->endStep, key.steps);
        QVERIFY(curve->step.size() <= std::size_t(coarse ? 90 : 1500));
        for (std::size_t i = 0; i < curve->step.size(); ++i) {
            const BoundTerms& truth = (*exact)[static_cast<std::size_t>(curve->step[i]) - 1];
            QVERIFY(near(curve->terms[i].distanceTerm, truth.distanceTerm, 1e-10));
            QVERIFY(near(curve->terms[i].noiseTerm, truth.noiseTerm, 1e-10));
        }
        QVERIFY(near(curve->end.optimalBound(), exact->back().optimalBound(), 1e-10));
    }
}

void LearningRateStateTest::distanceAndNormScale() {
    const Schedule schedule{WsdShape{}};
    const auto eta = rates(schedule, 400);
    const auto direct = boundAt(*eta, {3.0, {0.5}}, 400);
    const auto curve = computeCurve({schedule, 400, nullptr}, false);
    const BoundTerms scaled = scaledTerms(curve->end, 3.0, 0.5);
    QVERIFY(near(scaled.optimalBaseRate(), direct->optimalBaseRate(), 1e-12));
    QVERIFY(near(scaled.optimalBound(), direct->optimalBound(), 1e-12));
    // The published value for these steps.
    QVERIFY(std::abs(curve->end.optimalBound() - 0.109323) < 1e-6);
}

void LearningRateStateTest::normsAreStretchedOverTheRun() {
    const auto constant = normsPerStep(nullptr, 100);
    QCOMPARE(constant.size(), std::size_t(1));
    const auto series = std::make_shared<const LoggedSeries>(LoggedSeries{"", {}, {1.0, 3.0}});
    const auto norms = normsPerStep(series, 5);
    QCOMPARE(norms, (std::vector<double>{1.0, 1.5, 2.0, 2.5, 3.0}));
    const auto uneven = std::make_shared<const LoggedSeries>(LoggedSeries{"", {0, 10, 40}, {1.0, 2.0, 5.0}});
    QCOMPARE(normsPerStep(uneven, 5), (std::vector<double>{1.0, 2.0, 3.0, 4.0, 5.0}));
}

void LearningRateStateTest::endsWhereTheRateIsPositive() {
    std::vector<double> values(100, 1.0);
    values[98] = values[99] = 0.0;
    const auto curve = computeCurve({{TableShape{values}}, 100, nullptr}, false);
    QVERIFY(curve.ok() && !curve->error);
    QCOMPARE(curve->endStep, std::size_t(98));
    QVERIFY(std::isfinite(curve->end.optimalBound()));
    const auto tooShort = computeCurve({{TableShape{values}}, 200, nullptr}, true);
    QVERIFY(tooShort.ok() && tooShort->error.has_value());
}

void LearningRateStateTest::handlesMove_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("step");
    QTest::addColumn<double>("height");
    QTest::newRow("warm-up") << int(ScheduleHandle::Kind::WarmupEnd) << 101.0 << 0.3;
    QTest::newRow("cooldown") << int(ScheduleHandle::Kind::CooldownStart) << 501.0 << 0.3;
    QTest::newRow("floor") << int(ScheduleHandle::Kind::Floor) << 501.0 << 0.3;
}

void LearningRateStateTest::handlesMove() {
    QFETCH(int, kind);
    QFETCH(double, step);
    QFETCH(double, height);
    const Schedule schedule{WsdShape{}};
    const auto find = [&](const Schedule& in) {
        for (const ScheduleHandle& handle : scheduleHandles(in, 1000))
            if (int(handle.kind) == kind)
                return handle;
        return ScheduleHandle{};
    };
    const Schedule moved = withHandleAt(schedule, 1000, find(schedule), step, height);
    const ScheduleHandle after = find(moved);
    QVERIFY(validate(moved, 1000).ok());
    if (after.movesStep)
        QVERIFY2(std::abs(after.step - step) <= 1.0, qPrintable(QString::number(after.step)));
    else
        QVERIFY2(std::abs(after.height - height) < 0.01, qPrintable(QString::number(after.height)));
    // Far outside is cut, not refused.
    for (const double far : {-1e6, 1e6})
        QVERIFY(validate(withHandleAt(schedule, 1000, find(schedule), far, far), 1000).ok());
}

void LearningRateStateTest::namesFollowTheShape() {
    LearningRateState state;
    LearningRateEntry& entry = state.add({WsdShape{}});
    QVERIFY(entry.name.contains("20"));
    reshape(entry, {WsdShape{0.4}});
    QVERIFY(entry.name.contains("40"));
    entry.name = "mine";
    reshape(entry, {LinearShape{}});
    QCOMPARE(entry.name, QString("mine"));
}

QTEST_GUILESS_MAIN(LearningRateStateTest)
#include "tst_learning_rate_state.moc"
