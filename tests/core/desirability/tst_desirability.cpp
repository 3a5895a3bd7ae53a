#include "base/rng.h"
#include "desirability/desirability.h"
#include "desirability_data.h"
#include "study/best_end.h"

#include <QTest>

#include <limits>

using namespace alidade;
using namespace alidade::test;

namespace {

Desirability make(const DesirabilityFunction& function) {
    return Desirability::make(function).value();
}

const double kNan = std::nan("");

/// Nowhere between -5 and 15 does a result that is better by the goal have a smaller desirability.
bool neverFalls(const DesirabilityFunction& function, Goal goal) {
    const Desirability desirability = make(function);
    bool never = true;
    for (int i = 0; i < 20000; ++i) {
        const double worse = goal == Goal::Maximize ? -5.0 + 1e-3 * i : 15.0 - 1e-3 * i;
        const double better = worse + (goal == Goal::Maximize ? 1e-3 : -1e-3);
        never = never && desirability.value(better) >= desirability.value(worse) - 1e-12;
    }
    return never;
}

bool oneEnd(const DesirabilityFunction& function, Goal goal) {
    Objective objective;
    objective.goal = goal;
    objective.desirability = function;
    return oneEndIsBest(objective);
}

} // namespace

Q_DECLARE_METATYPE(alidade::DesirabilityFunction)

class DesirabilityTest : public QObject {
    Q_OBJECT
private slots:
    void equalsReference_data();
    void equalsReference();
    void equalsOtherImplementation_data();
    void equalsOtherImplementation();
    void stepsAreRightContinuous();
    void toleranceIsAMonotoneFloor();
    void oneEndIsBestByBruteForce_data();
    void oneEndIsBestByBruteForce();
    void oneEndIsBestOfRandomTables();
    void missingValueFollowsTheRule();
    void categoriesNameTheUnknownLevel();
    void derivativeEqualsDifferences_data();
    void derivativeEqualsDifferences();
    void derivativeAtBendsIsTheRightOne();
    void noNegativeZeros();
    void scaleThroughGoesThrough();
    void invalidFunctionsNameTheField_data();
    void invalidFunctionsNameTheField();
};

void DesirabilityTest::equalsReference_data() {
    QTest::addColumn<int>("index");
    const auto cases = referenceValues()["desirability"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i]["id"].get<std::string>().c_str()) << static_cast<int>(i);
}

void DesirabilityTest::equalsReference() {
    QFETCH(int, index);
    const auto values = referenceValues()["desirability"]["cases"][static_cast<std::size_t>(index)];
    const auto kind = values["kind"].get<std::string>();
    const auto function = functionOf(kind, values["params"]);
    const Desirability desirability = make(function);
    QVERIFY(close(desirability.missingValue(), values["r_missing"].get<double>(), 1e-12));
    const double tolerance = function.tolerance.value_or(0.0);
    for (std::size_t i = 0; i < values["x"].size(); ++i) {
        if (kind == "categorical") {
            const auto d = desirability.value(DesirabilityInput(values["x"][i].get<std::string>()));
            QVERIFY(d.ok());
            QCOMPARE(*d, values["r"][i].get<double>());
            continue;
        }
        const double x = number(values["x"][i]);
        if (values["r"][i] == "error") { // the reference implementation cannot replace a missing value here
            QVERIFY(std::isnan(x));
            QVERIFY(close(desirability.value(x), values["r_missing"].get<double>(), 1e-12));
            continue;
        }
        // The reference lifts exact zeros only; ours is a floor.
        const double expected = std::max(values["r"][i].get<double>(), tolerance);
        QVERIFY2(close(desirability.value(x), expected, 1e-12, 1e-300),
                 qPrintable(QString::number(x, 'g', 17)));
    }
}

void DesirabilityTest::equalsOtherImplementation_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("parameters");
    QTest::newRow("max") << "d_max_0_10_scale2"
                         << "max"
                         << R"({"low": 0, "high": 10, "scale": 2})";
    QTest::newRow("min") << "d_min_0_10_scale2"
                         << "min"
                         << R"({"low": 0, "high": 10, "scale": 2})";
    QTest::newRow("target") << "d_target_0_4_10_low2_high0p5"
                            << "target"
                            << R"({"low": 0, "target": 4, "high": 10, "low_scale": 2, "high_scale": 0.5})";
    QTest::newRow("box") << "d_box_0_10"
                         << "box"
                         << R"({"low": 0, "high": 10})";
    // That implementation falls to 0 below and rises to 1 above its table; a table with steps says the same.
    QTest::newRow("custom") << "d_custom_x_0_5_10_d_p2_1_p4"
                            << "arb"
                            << R"({"x": [0, 0, 5, 10, 10.000001], "d": [0, 0.2, 1, 0.4, 1]})";
}

void DesirabilityTest::equalsOtherImplementation() {
    QFETCH(QString, key);
    QFETCH(QString, kind);
    QFETCH(QString, parameters);
    const auto values = referenceValues()["desirability2"];
    const Desirability desirability =
        make(functionOf(kind.toStdString(), nlohmann::json::parse(parameters.toStdString())));
    const auto expected = values[key.toStdString()];
    std::vector<double> x;
    for (const auto& at : values["x"])
        x.push_back(number(at));
    std::vector<double> d(x.size());
    desirability.values(x, d);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) // the last is the missing value, another rule there
        QVERIFY(close(d[i], number(expected[i]), 1e-12));
}

void DesirabilityTest::stepsAreRightContinuous() {
    const Desirability inner =
        make({DesirabilityCustom{{0.0, 1.0, 1.0, 2.0}, {0.0, 0.4, 0.6, 1.0}}, {}, {}, 1.0});
    QVERIFY(close(inner.value(0.5), 0.2, 1e-15));
    QVERIFY(close(inner.value(std::nextafter(1.0, 0.0)), 0.4, 1e-12));
    QCOMPARE(inner.value(1.0), 0.6);
    QVERIFY(close(inner.value(1.5), 0.8, 1e-15));
    const Desirability ends =
        make({DesirabilityCustom{{0.0, 0.0, 1.0, 1.0}, {0.1, 0.3, 0.5, 0.9}}, {}, {}, 1.0});
    QCOMPARE(ends.value(-1e-9), 0.1);
    QCOMPARE(ends.value(0.0), 0.3);
    QVERIFY(close(ends.value(std::nextafter(1.0, 0.0)), 0.5, 1e-12));
    QCOMPARE(ends.value(1.0), 0.9);
}

void DesirabilityTest::toleranceIsAMonotoneFloor() {
    DesirabilityFunction function = maxGoal(0.0, 10.0);
    function.tolerance = 0.05;
    const Desirability desirability = make(function);
    QCOMPARE(desirability.value(-1.0), 0.05);
    QCOMPARE(desirability.value(1e-9), 0.05);
    QCOMPARE(desirability.value(0.4), 0.05);
    QVERIFY(close(desirability.value(0.6), 0.06, 1e-14));
    QVERIFY(close(desirability.missingValue(), 0.5, 1e-14)); // without the tolerance
    function.missing = 0.0;
    QCOMPARE(make(function).value(kNan), 0.05); // the floor comes after the missing value
}

void DesirabilityTest::oneEndIsBestByBruteForce_data() {
    QTest::addColumn<DesirabilityFunction>("function");
    QTest::addColumn<bool>("smallest"); // is best when results are to be small
    QTest::addColumn<bool>("largest");
    const auto row = [](const char* name, const DesirabilityShape& shape, bool smallest, bool largest) {
        QTest::newRow(name) << DesirabilityFunction{shape, {}, {}, 1.0} << smallest << largest;
    };
    row("large", DesirabilityMax{0.0, 10.0, 2.0}, false, true);
    row("small", DesirabilityMin{0.0, 10.0, 0.5}, true, false);
    row("target", DesirabilityTarget{0.0, 4.0, 10.0, 1.0, 1.0}, false, false);
    row("range", DesirabilityBox{2.0, 6.0}, false, false);
    row("rising table", DesirabilityCustom{{0.0, 5.0, 10.0}, {0.1, 0.1, 1.0}}, false, true);
    row("falling table", DesirabilityCustom{{0.0, 5.0, 10.0}, {1.0, 0.4, 0.0}}, true, false);
    row("level table", DesirabilityCustom{{0.0, 10.0}, {0.5, 0.5}}, true, true);
    row("hill", DesirabilityCustom{{0.0, 5.0, 10.0}, {0.0, 1.0, 0.2}}, false, false);
    row("valley", DesirabilityCustom{{0.0, 5.0, 10.0}, {1.0, 0.0, 0.9}}, false, false);
    row("rising table, in disorder", DesirabilityCustom{{10.0, 0.0, 5.0}, {1.0, 0.0, 0.3}}, false, true);
    row("step down", DesirabilityCustom{{0.0, 5.0, 5.0, 10.0}, {1.0, 0.8, 0.2, 0.0}}, true, false);
}

void DesirabilityTest::oneEndIsBestByBruteForce() {
    QFETCH(const DesirabilityFunction, function);
    QFETCH(const bool, smallest);
    QFETCH(const bool, largest);
    QCOMPARE(neverFalls(function, Goal::Minimize), smallest);
    QCOMPARE(neverFalls(function, Goal::Maximize), largest);
    QCOMPARE(oneEnd(function, Goal::Minimize), smallest);
    QCOMPARE(oneEnd(function, Goal::Maximize), largest);
    // Without a desirability of a number the goal alone counts.
    for (const Goal goal : {Goal::Minimize, Goal::Maximize}) {
        Objective plain;
        plain.goal = goal;
        QVERIFY(oneEndIsBest(plain));
        QVERIFY(oneEnd({DesirabilityCategories{{{"a", 0.2}, {"b", 1.0}}}, {}, {}, 1.0}, goal));
    }
}

void DesirabilityTest::oneEndIsBestOfRandomTables() {
    Rng rng(6, "tables");
    int monotone = 0;
    for (int i = 0; i < 60; ++i) {
        DesirabilityCustom table;
        for (int k = 0; k < 2 + i % 3; ++k) {
            table.x.push_back(10.0 * rng.uniform());
            table.d.push_back(std::floor(4.0 * rng.uniform()) / 4.0);
        }
        const DesirabilityFunction function{table, {}, {}, 1.0};
        for (const Goal goal : {Goal::Minimize, Goal::Maximize}) {
            QCOMPARE(oneEnd(function, goal), neverFalls(function, goal));
            monotone += oneEnd(function, goal) ? 1 : 0;
        }
    }
    QVERIFY(monotone > 20 && monotone < 100); // both kinds were among them
}

void DesirabilityTest::missingValueFollowsTheRule() {
    QCOMPARE(make(boxGoal(2.0, 3.0)).value(kNan), 1.0);
    QVERIFY(close(make(maxGoal(0.0, 10.0, 2.0)).value(kNan), 0.335016835016835, 1e-12)); // not 1/3
    DesirabilityFunction function = maxGoal(0.0, 10.0);
    function.missing = 0.3;
    QCOMPARE(make(function).value(kNan), 0.3);
    QCOMPARE(make(function).value(DesirabilityInput()).value(), 0.3);
    const Desirability levels =
        make({DesirabilityCategories{{{"a", 0.1}, {"b", 0.9}, {"c", 0.2}}}, {}, {}, 1.0});
    QVERIFY(close(levels.value(DesirabilityInput()).value(), 0.4, 1e-15));
    QVERIFY(close(levels.value(DesirabilityInput(kNan)).value(), 0.4, 1e-15));
}

void DesirabilityTest::categoriesNameTheUnknownLevel() {
    const Desirability levels =
        make({DesirabilityCategories{{{"green", 0.1}, {"blue", 0.0}}}, {}, 0.05, 1.0});
    QVERIFY(levels.isCategorical());
    QCOMPARE(levels.value(DesirabilityInput(std::string("blue"))).value(), 0.05);
    const auto unknown = levels.value(DesirabilityInput(std::string("gren")));
    QCOMPARE(unknown.error().code, ErrorCode::UnknownName);
    QVERIFY(unknown.error().message.find("\"green\"") != std::string::npos);
    QCOMPARE(levels.value(DesirabilityInput(1.0)).error().code, ErrorCode::InvalidArgument);
    const auto text = make(maxGoal(0.0, 1.0)).value(DesirabilityInput(std::string("blue")));
    QCOMPARE(text.error().code, ErrorCode::InvalidArgument);
    QVERIFY(std::isnan(levels.value(1.0)));
}

void DesirabilityTest::derivativeEqualsDifferences_data() {
    QTest::addColumn<int>("index");
    const auto cases = referenceValues()["desirability"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (cases[i]["kind"] != "categorical")
            QTest::newRow(cases[i]["id"].get<std::string>().c_str()) << static_cast<int>(i);
    }
}

void DesirabilityTest::derivativeEqualsDifferences() {
    QFETCH(int, index);
    const auto values = referenceValues()["desirability"]["cases"][static_cast<std::size_t>(index)];
    const Desirability desirability = make(functionOf(values["kind"].get<std::string>(), values["params"]));
    const double low = desirability.pieces().front().from;
    const double high = desirability.pieces().back().to;
    const double width = high - low;
    // Points that do not meet the bends of the cases.
    for (int i = -3; i < 41; ++i) {
        const double y = low + width * (0.0137 + static_cast<double>(i) / 37.0);
        const double step = 1e-5 * width;
        const double difference =
            (desirability.value(y + step) - desirability.value(y - step)) / (2.0 * step);
        QVERIFY2(close(desirability.derivative(y), difference, 2e-5, 1e-9 / width),
                 qPrintable(QString::number(y)));
    }
}

void DesirabilityTest::derivativeAtBendsIsTheRightOne() {
    const Desirability linear = make(maxGoal(0.0, 10.0));
    QCOMPARE(linear.derivative(0.0), 0.1);
    QCOMPARE(linear.derivative(10.0), 0.0);
    QCOMPARE(linear.derivative(-HUGE_VAL), 0.0);
    QCOMPARE(linear.derivative(kNan), 0.0);
    QCOMPARE(make(maxGoal(0.0, 10.0, 2.0)).derivative(0.0), 0.0);
    const double steep = make(maxGoal(0.0, 10.0, 0.5)).derivative(0.0); // infinite, cut at 1e-12 of the range
    QVERIFY(close(steep, 0.5 * 0.1 * 1e6, 1e-12));
    QCOMPARE(make(boxGoal(0.0, 1.0)).derivative(0.5), 0.0);
}

void DesirabilityTest::noNegativeZeros() {
    const Desirability min = make({DesirabilityMin{0.0, 10.0, 1.0}, {}, {}, 1.0});
    QVERIFY(!std::signbit(min.value(10.0)));
    QVERIFY(!std::signbit(min.value(std::nextafter(10.0, 11.0))));
}

void DesirabilityTest::scaleThroughGoesThrough() {
    const double scale = scaleThrough(0.3, 0.8).value();
    QVERIFY(close(make(maxGoal(0.0, 10.0, scale)).value(3.0), 0.8, 1e-14));
    for (const double edge : {0.0, 1.0, kNan}) {
        QVERIFY(!scaleThrough(edge, 0.5));
        QVERIFY(!scaleThrough(0.5, edge));
    }
}

void DesirabilityTest::invalidFunctionsNameTheField_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("parameters");
    QTest::addColumn<QString>("context");
    const auto row = [](const char* kind, const char* parameters, const char* context) {
        QTest::addRow("%s %s", kind, parameters) << kind << parameters << context;
    };
    row("max", R"({"low": 1, "high": 1, "scale": 1})", "high");
    row("min", R"({"low": 2, "high": 1, "scale": 1})", "high");
    row("max", R"({"low": 0, "high": 1, "scale": 0})", "scale");
    row("min", R"({"low": 0, "high": 1, "scale": -1})", "scale");
    row("box", R"({"low": 1, "high": 1})", "high");
    row("target", R"({"low": 0, "target": 0, "high": 1, "low_scale": 1, "high_scale": 1})", "target");
    row("target", R"({"low": 0, "target": 1, "high": 1, "low_scale": 1, "high_scale": 1})", "target");
    row("target", R"({"low": 0, "target": 0.5, "high": 1, "low_scale": 0, "high_scale": 1})", "low_scale");
    row("target", R"({"low": 0, "target": 0.5, "high": 1, "low_scale": 1, "high_scale": 0})", "high_scale");
    row("arb", R"({"x": [0], "d": [0]})", "x");
    row("arb", R"({"x": [0, 1], "d": [0]})", "d");
    row("arb", R"({"x": [0, 1], "d": [0, 1.5]})", "d[1]");
    row("arb", R"({"x": [1, 1], "d": [0, 1]})", "x");
    row("arb", R"({"x": [0, 1, 1, 1], "d": [0, 0, 0, 1]})", "x[1]");
    row("categorical", R"({"values": {"a": 1}})", "values");
    row("categorical", R"({"values": {"a": 1, "": 0}})", "values");
    row("categorical", R"({"values": {"a": 1, "b": -0.1}})", R"(values["b"])");
    row("max", R"({"low": 0, "high": 1, "scale": 1, "tol": 1.1})", "tolerance");
}

void DesirabilityTest::invalidFunctionsNameTheField() {
    QFETCH(QString, kind);
    QFETCH(QString, parameters);
    QFETCH(QString, context);
    const auto function = functionOf(kind.toStdString(), nlohmann::json::parse(parameters.toStdString()));
    const auto made = Desirability::make(function);
    QVERIFY(!made.ok());
    QCOMPARE(made.error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(QString::fromStdString(made.error().context), context);
    QVERIFY(!made.error().message.empty());
    // Non-finite numbers must not slip through comparisons.
    const double infinity = std::numeric_limits<double>::infinity();
    QCOMPARE(validateDesirability(maxGoal(kNan, 1.0)).error().context, std::string("low"));
    QCOMPARE(validateDesirability(maxGoal(0.0, infinity)).error().context, std::string("high"));
    QCOMPARE(validateDesirability(maxGoal(0.0, 1.0, kNan)).error().context, std::string("scale"));
    QCOMPARE(validateDesirability(targetGoal(0.0, kNan, 1.0)).error().context, std::string("target"));
    QCOMPARE(validateDesirability(maxGoal(0.0, 1.0, 1.0, 0.0)).error().context, std::string("weight"));
    DesirabilityFunction missing = maxGoal(0.0, 1.0);
    missing.missing = kNan;
    QCOMPARE(validateDesirability(missing).error().context, std::string("missing"));
}

QTEST_APPLESS_MAIN(DesirabilityTest)
#include "tst_desirability.moc"
