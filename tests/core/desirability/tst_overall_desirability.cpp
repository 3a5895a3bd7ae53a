#include "base/rng.h"
#include "desirability/overall_desirability.h"
#include "desirability_data.h"

#include <QTest>

#include <array>

using namespace alidade;
using namespace alidade::test;

namespace {

const double kNan = std::nan("");

OverallDesirability make(const std::vector<DesirabilityFunction>& functions, OverallOptions options = {}) {
    return OverallDesirability::make(functions, options).value();
}

double overall(const OverallDesirability& goals, const std::vector<double>& values) {
    return goals.evaluate(std::span<const double>(values)).value().overall;
}

// Conversion and activity of a chemical reaction over coded time, temperature and catalyst (Myers,
// Montgomery).
std::array<double, 2> reaction(const std::array<double, 3>& x) {
    const auto [t, h, c] = x;
    return {81.09 + 1.0284 * t + 4.043 * h + 6.2037 * c - 1.8366 * t * t + 2.9382 * h * h - 5.1915 * c * c +
                2.2150 * t * h + 11.375 * t * c - 3.875 * h * c,
            59.85 + 3.583 * t + 0.2546 * h + 2.2298 * c + 0.83479 * t * t + 0.07484 * h * h +
                0.05716 * c * c - 0.3875 * t * h - 0.375 * t * c + 0.3125 * h * c};
}

OverallDesirability reactionGoals() {
    return make({maxGoal(80.0, 97.0), targetGoal(55.0, 57.5, 60.0)});
}

} // namespace

class OverallDesirabilityTest : public QObject {
    Q_OBJECT
private slots:
    void equalsReference();
    void weightsEqualReference();
    void reactionEqualsReference();
    void reactionOptimaAreOptimal_data();
    void reactionOptimaAreOptimal();
    void trainingRunsEqualReference();
    void boxesMultiplyWithoutCounting();
    void missingPolicies();
    void minimumIgnoresWeights();
    void gradientEqualsDifferences_data();
    void gradientEqualsDifferences();
    void zeroIsExplained();
    void categoriesAndNumbersMix();
    void errorsNameTheGoal();
    void flatGoalsAreSeen();
};

void OverallDesirabilityTest::equalsReference() {
    const auto goals = reactionGoals();
    for (const auto& values : referenceValues()["desirability_overall"]["cases"]) {
        const std::vector<double> y{number(values["y"][0]), number(values["y"][1])};
        const auto row = goals.evaluate(std::span<const double>(y)).value();
        for (std::size_t i = 0; i < 2; ++i)
            QVERIFY(close(row.individual[i], values["d"][i].get<double>(), 1e-12));
        QVERIFY(close(row.overall, values["D"].get<double>(), 1e-12));
    }
}

void OverallDesirabilityTest::weightsEqualReference() {
    for (const auto& values : referenceValues()["weighted_overall"]["cases"]) {
        std::vector<DesirabilityFunction> functions;
        auto d = values["d"].get<std::vector<double>>();
        for (std::size_t i = 0; i < d.size(); ++i)
            functions.push_back(
                maxGoal(0.0, 1.0, 1.0, values.contains("w") ? values["w"][i].get<double>() : 1.0));
        if (values.contains("range_d")) {
            for (const auto& inside : values["range_d"]) {
                functions.push_back(boxGoal(0.0, 1.0));
                d.push_back(inside.get<double>() > 0.0 ? 0.5 : 7.0);
            }
        }
        QVERIFY(close(overall(make(functions), d), values["D"].get<double>(), 1e-13));
    }
}

void OverallDesirabilityTest::reactionEqualsReference() {
    const auto goals = reactionGoals();
    for (const auto& values : referenceValues()["chemical"]["points"]) {
        const auto y = reaction(values["x"].get<std::array<double, 3>>());
        QVERIFY(close(y[0], values["conversion"].get<double>(), 1e-13));
        QVERIFY(close(y[1], values["activity"].get<double>(), 1e-13));
        QVERIFY(close(overall(goals, {y[0], y[1]}), values["D"].get<double>(), 1e-11));
    }
}

void OverallDesirabilityTest::reactionOptimaAreOptimal_data() {
    QTest::addColumn<bool>("circular");
    QTest::newRow("square") << false;
    QTest::newRow("circular") << true;
}

void OverallDesirabilityTest::reactionOptimaAreOptimal() {
    QFETCH(bool, circular);
    const auto goals = reactionGoals();
    const auto known = referenceValues()["chemical"]["optimum_refined_SLSQP"]
                                        [circular ? "refined_circular_1.682" : "refined_square_1.682"];
    // Outside the region the run is not allowed.
    const auto score = [&](const std::array<double, 3>& x) {
        constexpr double kAlpha = 1.682;
        const double norm = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
        const double largest = std::max({std::abs(x[0]), std::abs(x[1]), std::abs(x[2])});
        if (circular ? norm > kAlpha * kAlpha : largest > kAlpha)
            return 0.0;
        const auto y = reaction(x);
        return overall(goals, {y[0], y[1]});
    };
    // Random search with shrinking steps from the best point of a coarse grid.
    std::array<double, 3> best{};
    for (int i = 0; i < 125; ++i) {
        const std::array<double, 3> x{-1.5 + 0.75 * (i % 5), -1.5 + 0.75 * (i / 5 % 5),
                                      -1.5 + 0.75 * (i / 25)};
        if (score(x) > score(best))
            best = x;
    }
    Rng rng(41, "search");
    double step = 0.5;
    for (int i = 0; i < 60000; ++i) {
        auto x = best;
        for (double& value : x)
            value += step * rng.normal();
        if (score(x) > score(best))
            best = x;
        else
            step = std::max(1e-9, step * 0.9995);
        if (i % 10000 == 9999)
            step = 0.05;
    }
    const double expected = known["D"].get<double>();
    QVERIFY2(score(best) > expected - 1e-4 && score(best) < expected + 1e-7,
             qPrintable(QString::number(score(best), 'g', 12)));
}

void OverallDesirabilityTest::trainingRunsEqualReference() {
    const auto goals = make(
        {{DesirabilityMin{10.0, 6000.0, 1.0}, {}, {}, 1.0}, {DesirabilityMin{32.0, 64.0, 1.0}, {}, {}, 1.0}});
    for (const auto& run : referenceValues()["paper_hpo"]["rows"]) {
        const double d = overall(goals, {run["loss"].get<double>(), run["epochs"].get<double>()});
        QVERIFY(close(d, run["D"].get<double>(), 1e-12));
    }
}

void OverallDesirabilityTest::boxesMultiplyWithoutCounting() {
    const auto goals = make({maxGoal(0.0, 1.0), boxGoal(0.0, 1.0), maxGoal(0.0, 1.0)});
    QVERIFY(close(overall(goals, {0.5, 0.3, 0.8}), std::sqrt(0.4), 1e-15));
    QCOMPARE(overall(goals, {0.5, 1.3, 0.8}), 0.0);
    DesirabilityFunction lenient = boxGoal(0.0, 1.0);
    lenient.tolerance = 0.1;
    QVERIFY(close(overall(make({maxGoal(0.0, 1.0), lenient}), {0.5, 2.0}), 0.05, 1e-15));
    QVERIFY(close(overall(make({lenient, lenient}), {2.0, 2.0}), 0.01, 1e-15));
    QCOMPARE(goals.exponent(0), 0.5);
    QCOMPARE(goals.exponent(1), 1.0);
}

void OverallDesirabilityTest::missingPolicies() {
    const std::vector<DesirabilityFunction> functions{
        maxGoal(0.0, 1.0, 1.0, 1.0), maxGoal(0.0, 1.0, 1.0, 3.0), maxGoal(0.0, 1.0, 1.0, 1.0)};
    const std::vector<double> values{0.5, kNan, 0.8};
    const double imputed = std::pow(0.5 * std::pow(0.5, 3.0) * 0.8, 0.2);
    QVERIFY(close(overall(make(functions), values), imputed, 1e-12));
    const OverallOptions skip{DesirabilityAggregate::GeometricMean, MissingGoal::Skip};
    QVERIFY(close(overall(make(functions, skip), values), std::sqrt(0.4), 1e-14));
    QVERIFY(std::isnan(overall(make(functions, skip), {kNan, kNan, kNan})));
    QCOMPARE(overall(make(functions, skip), {0.0, kNan, kNan}), 0.0);
    const OverallOptions propagate{DesirabilityAggregate::GeometricMean, MissingGoal::Propagate};
    QVERIFY(std::isnan(overall(make(functions, propagate), values)));
    QVERIFY(!std::isnan(overall(make(functions, propagate), {0.5, 0.5, 0.5})));
    for (const auto& values2 : referenceValues()["desirability2"]["d_overall"]) {
        std::vector<DesirabilityFunction> equal(values2["d"].size(), maxGoal(0.0, 1.0));
        std::vector<double> d;
        for (const auto& value : values2["d"])
            d.push_back(number(value));
        QVERIFY(close(overall(make(equal, skip), d), number(values2["D"]), 1e-14));
    }
}

void OverallDesirabilityTest::minimumIgnoresWeights() {
    const auto goals = make({maxGoal(0.0, 1.0, 1.0, 5.0), maxGoal(0.0, 1.0), boxGoal(0.0, 1.0)},
                            {DesirabilityAggregate::Minimum, MissingGoal::Impute});
    QCOMPARE(overall(goals, {0.3, 0.7, 0.5}), 0.3);
    QCOMPARE(overall(goals, {0.3, 0.7, 1.5}), 0.0);
}

void OverallDesirabilityTest::gradientEqualsDifferences_data() {
    QTest::addColumn<bool>("minimum");
    QTest::newRow("geometric mean") << false;
    QTest::newRow("minimum") << true;
}

void OverallDesirabilityTest::gradientEqualsDifferences() {
    QFETCH(bool, minimum);
    OverallOptions options;
    options.aggregate = minimum ? DesirabilityAggregate::Minimum : DesirabilityAggregate::GeometricMean;
    const auto goals = make({maxGoal(0.0, 10.0, 0.7, 2.0),
                             targetGoal(-3.0, 1.0, 4.0, 2.0, 0.5, 0.5),
                             boxGoal(-10.0, 10.0),
                             {DesirabilityMin{1.0, 5.0, 3.0}, {}, 0.01, 1.0}},
                            options);
    Rng rng(42, "gradient");
    int informative = 0;
    for (int repeat = 0; repeat < 200; ++repeat) {
        const std::vector<double> y{rng.uniform(-1.0, 12.0), rng.uniform(-4.0, 5.0), rng.uniform(-12.0, 12.0),
                                    rng.uniform(0.0, 6.0)};
        const auto gradient = goals.gradient(y).value();
        for (std::size_t i = 0; i < y.size(); ++i) {
            constexpr double kStep = 1e-6;
            auto up = y;
            auto down = y;
            up[i] += kStep;
            down[i] -= kStep;
            const double difference = (overall(goals, up) - overall(goals, down)) / (2.0 * kStep);
            QVERIFY2(close(gradient[i], difference, 1e-4, 1e-8), qPrintable(QString::number(difference)));
            informative += gradient[i] != 0.0 ? 1 : 0;
        }
    }
    QVERIFY(informative > 40);
}

void OverallDesirabilityTest::zeroIsExplained() {
    const auto goals = reactionGoals();
    const std::vector<DesirabilityInput> values{90.0, 61.0};
    const auto row = goals.evaluate(values).value();
    QCOMPARE(row.overall, 0.0);
    QVERIFY(goalsAtZero(row.individual) == std::vector<std::size_t>{1});
    QCOMPARE(explainZero(row.individual, {"conversion", "activity"}, values),
             std::string("overall desirability is 0: \"activity\" = 61"));
    QVERIFY(explainZero(std::vector<double>{0.1, 0.2}, {"a", "b"}, values).empty());
}

void OverallDesirabilityTest::categoriesAndNumbersMix() {
    const auto goals =
        make({{DesirabilityCategories{{{"a", 0.25}, {"b", 1.0}}}, {}, {}, 1.0}, maxGoal(0.0, 1.0)});
    const auto row = goals.evaluate({DesirabilityInput(std::string("a")), DesirabilityInput(1.0)}).value();
    QCOMPARE(row.overall, 0.5);
}

void OverallDesirabilityTest::errorsNameTheGoal() {
    QCOMPARE(OverallDesirability::make({}).error().code, ErrorCode::InvalidConfiguration);
    const auto invalid = OverallDesirability::make({maxGoal(0.0, 1.0), maxGoal(1.0, 0.0)});
    QCOMPARE(invalid.error().context, std::string("[1].high"));
    const auto goals = reactionGoals();
    QCOMPARE(goals.evaluate({DesirabilityInput(1.0)}).error().code, ErrorCode::InvalidArgument);
    const auto text = goals.evaluate({DesirabilityInput(1.0), DesirabilityInput(std::string("x"))});
    QCOMPARE(text.error().context, std::string("[1]"));
}

void OverallDesirabilityTest::flatGoalsAreSeen() {
    QCOMPARE(spreadOf(std::vector<double>{0.0, kNan, 0.0}), DesirabilitySpread::AllZero);
    QCOMPARE(spreadOf(std::vector<double>{1.0, 1.0}), DesirabilitySpread::AllOne);
    QCOMPARE(spreadOf(std::vector<double>{1.0, 0.0}), DesirabilitySpread::Varies);
    QCOMPARE(spreadOf(std::vector<double>{0.5}), DesirabilitySpread::Varies);
    QCOMPARE(spreadOf(std::vector<double>{kNan}), DesirabilitySpread::Varies);
}

QTEST_APPLESS_MAIN(OverallDesirabilityTest)
#include "tst_overall_desirability.moc"
