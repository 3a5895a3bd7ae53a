#include "base/rng.h"
#include "desirability/expected_desirability.h"
#include "desirability_data.h"

#include <QTest>

#include <functional>

using namespace alidade;
using namespace alidade::test;

namespace {

const double kNan = std::nan("");

Desirability make(const DesirabilityFunction& function) {
    return Desirability::make(function).value();
}

DesirabilityFunction named(const std::string& name) {
    if (name == "dMax(0,10,s=1)")
        return maxGoal(0.0, 10.0);
    if (name == "dMax(0,10,s=2)")
        return maxGoal(0.0, 10.0, 2.0);
    if (name == "dMax(0,10,s=0.5)")
        return maxGoal(0.0, 10.0, 0.5);
    if (name == "dMin(0,10,s=1)")
        return {DesirabilityMin{0.0, 10.0, 1.0}, {}, {}, 1.0};
    if (name == "dTarget(0,4,10,s=1,1)")
        return targetGoal(0.0, 4.0, 10.0);
    if (name == "dTarget(55,57.5,60)")
        return targetGoal(55.0, 57.5, 60.0);
    if (name == "dBox(-1.682,1.682)")
        return boxGoal(-1.682, 1.682);
    if (name == "dArb")
        return {DesirabilityCustom{{-5.0, 0.0, 5.0, 10.0}, {0.0, 0.5, 1.0, 0.2}}, {}, {}, 1.0};
    throw std::runtime_error("unknown function " + name);
}

std::vector<std::pair<const char*, DesirabilityFunction>> variedFunctions() {
    DesirabilityFunction floored = targetGoal(0.0, 4.0, 10.0, 2.5, 0.3);
    floored.tolerance = 0.07;
    DesirabilityFunction flooredBox = boxGoal(2.0, 5.0);
    flooredBox.tolerance = 0.2;
    DesirabilityFunction steps{
        DesirabilityCustom{{0, 1, 1, 4, 6, 6, 8}, {.1, .3, .6, .6, 0, .4, .9}}, {}, {}, 1.0};
    DesirabilityFunction flooredSteps = steps;
    flooredSteps.tolerance = 0.25;
    return {{"max", maxGoal(0.0, 10.0, 1.7)},
            {"lenient max", maxGoal(0.0, 10.0, 0.13)},
            {"min", {DesirabilityMin{-2.0, 6.0, 0.6}, {}, {}, 1.0}},
            {"target", targetGoal(0.0, 4.0, 10.0, 0.4, 3.0)},
            {"floored target", floored},
            {"box", boxGoal(2.0, 5.0)},
            {"floored box", flooredBox},
            {"steps", steps},
            {"floored steps", flooredSteps}};
}

// Composite Simpson rule over the density between the bends, with many small intervals.
double bySimpson(const Desirability& function, double mean, double deviation, double exponent) {
    std::vector<double> cuts{mean - 12.0 * deviation, mean + 12.0 * deviation};
    for (const auto& piece : function.pieces()) {
        for (const double cut : {piece.from, piece.to}) {
            if (cut > cuts[0] && cut < cuts[1])
                cuts.push_back(cut);
        }
    }
    std::sort(cuts.begin(), cuts.end());
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        // y = a + (b - a) sin^2: smooth enough at the ends for fractional powers, and never beyond the bends.
        constexpr int kSteps = 10000;
        const double width = cuts[i + 1] - cuts[i];
        for (int k = 1; k < kSteps; ++k) {
            const double angle = 0.5 * M_PI * k / kSteps;
            const double y = cuts[i] + width * std::sin(angle) * std::sin(angle);
            const double z = (y - mean) / deviation;
            const double weight = (k % 2 == 1 ? 4.0 : 2.0) / 3.0 * 0.5 * M_PI / kSteps;
            sum += weight * width * std::sin(2.0 * angle) * std::pow(function.value(y), exponent) *
                   std::exp(-0.5 * z * z) / (deviation * std::sqrt(2.0 * M_PI));
        }
    }
    return sum;
}

double expected(const Desirability& function, double mean, double deviation, double exponent = 1.0) {
    return expectedDesirability(function, mean, deviation, exponent).value().value;
}

Eigen::MatrixXd normals(Eigen::Index count, Eigen::Index goals) {
    Rng rng(51, "normals");
    Eigen::MatrixXd matrix(count, goals);
    for (Eigen::Index i = 0; i < count; ++i) {
        for (Eigen::Index j = 0; j < goals; ++j)
            matrix(i, j) = rng.normal();
    }
    return matrix;
}

} // namespace

class ExpectedDesirabilityTest : public QObject {
    Q_OBJECT
private slots:
    void singleEqualsReference();
    void equalsSimpsonRule_data();
    void equalsSimpsonRule();
    void linearRampHasItsClosedForm();
    void derivativesEqualDifferences_data() { equalsSimpsonRule_data(); }
    void derivativesEqualDifferences();
    void certaintyIsTheLimit_data() { equalsSimpsonRule_data(); }
    void certaintyIsTheLimit();
    void probabilityAboveCountsSamples_data() { equalsSimpsonRule_data(); }
    void probabilityAboveCountsSamples();
    void overallEqualsReference();
    void overallDerivativesEqualDifferences();
    void minimumEqualsSamples();
    void improvementEqualsReference();
    void improvementDerivativesEqualDifferences();
    void badArgumentsAreErrors();
};

void ExpectedDesirabilityTest::singleEqualsReference() {
    for (const auto& values : referenceValues()["expected_desirability"]["single"]) {
        const double actual = expected(make(named(values["fn"].get<std::string>())),
                                       values["mu"].get<double>(), values["sigma"].get<double>());
        QVERIFY2(close(actual, values["E_d"].get<double>(), 1e-11),
                 qPrintable(QString::fromStdString(values.dump())));
        if (values.contains("closed_form"))
            QVERIFY(close(actual, values["closed_form"].get<double>(), 1e-13));
    }
}

void ExpectedDesirabilityTest::equalsSimpsonRule_data() {
    QTest::addColumn<int>("index");
    const auto functions = variedFunctions();
    for (std::size_t i = 0; i < functions.size(); ++i)
        QTest::newRow(functions[i].first) << static_cast<int>(i);
}

void ExpectedDesirabilityTest::equalsSimpsonRule() {
    QFETCH(int, index);
    const Desirability function = make(variedFunctions()[static_cast<std::size_t>(index)].second);
    Rng rng(52, "simpson", static_cast<std::uint64_t>(index));
    for (int repeat = 0; repeat < 12; ++repeat) {
        const double mean = rng.uniform(-6.0, 16.0);
        const double deviation = std::exp(rng.uniform(-3.0, 2.0));
        const double exponent = repeat % 3 == 0 ? 1.0 : rng.uniform(0.05, 1.0);
        const double simpson = bySimpson(function, mean, deviation, exponent);
        // The comparison has the kink of the floor inside its intervals and is itself good to 1e-7 there.
        const double tolerance = function.tolerance() > 0.0 ? 1e-6 : 1e-8;
        QVERIFY2(close(expected(function, mean, deviation, exponent), simpson, tolerance, 1e-14),
                 qPrintable(QString("%1 %2 %3").arg(mean).arg(deviation).arg(exponent)));
    }
}

void ExpectedDesirabilityTest::linearRampHasItsClosedForm() {
    // E[max(0, y - c)] = (mean - c) Phi(z) + deviation phi(z); far below the range a difference of such terms
    // has no digits left, so there the leading terms of its asymptotic series are the truth.
    const Desirability ramp = make(maxGoal(0.0, 1e6));
    for (const double z : {-12.0, -20.0, -35.0}) {
        const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI);
        double series = 0.0;
        double term = 1.0 / (z * z);
        for (int k = 0; k < 12; ++k) { // sum of (-1)^k (2k + 1)!! / z^(2k + 2)
            series += term;
            term *= -(2.0 * k + 3.0) / (z * z);
        }
        QVERIFY(close(expected(ramp, z, 1.0), density * series / 1e6, 1e-7));
    }
}

void ExpectedDesirabilityTest::derivativesEqualDifferences() {
    QFETCH(int, index);
    const Desirability function = make(variedFunctions()[static_cast<std::size_t>(index)].second);
    Rng rng(53, "derivatives", static_cast<std::uint64_t>(index));
    for (int repeat = 0; repeat < 60; ++repeat) {
        const double mean = rng.uniform(-6.0, 16.0);
        const double deviation = std::exp(rng.uniform(-3.0, 2.0));
        const double exponent = repeat % 3 == 0 ? 1.0 : rng.uniform(0.05, 1.0);
        const auto at = expectedDesirability(function, mean, deviation, exponent).value();
        const double step = 1e-4 * deviation;
        const auto difference = [&](const std::function<double(double)>& of) { // fourth order
            return (8.0 * (of(step) - of(-step)) - (of(2.0 * step) - of(-2.0 * step))) / (12.0 * step);
        };
        const double byMean =
            difference([&](double h) { return expected(function, mean + h, deviation, exponent); });
        const double byDeviation =
            difference([&](double h) { return expected(function, mean, deviation + h, exponent); });
        QVERIFY(close(at.meanDerivative, byMean, 1e-7, 1e-9 / deviation));
        QVERIFY(close(at.standardDeviationDerivative, byDeviation, 1e-7, 1e-9 / deviation));
    }
}

void ExpectedDesirabilityTest::certaintyIsTheLimit() {
    QFETCH(int, index);
    const Desirability function = make(variedFunctions()[static_cast<std::size_t>(index)].second);
    for (const double mean : {-3.3, 0.7, 2.7, 4.4, 5.3, 7.1, 12.0}) { // away from bends and steps
        const double d = function.value(mean);
        QCOMPARE(expected(function, mean, 0.0, 0.4), std::pow(d, 0.4));
        QVERIFY(close(expected(function, mean, 1e-9), d, 1e-8));
        const auto near = expectedDesirability(function, mean, 1e-7).value();
        QVERIFY(close(near.meanDerivative, function.derivative(mean), 1e-5, 1e-9));
        const auto certain = expectedDesirability(function, mean, 0.0).value();
        QVERIFY(close(certain.meanDerivative, function.derivative(mean), 1e-14));
    }
}

void ExpectedDesirabilityTest::probabilityAboveCountsSamples() {
    QFETCH(int, index);
    const Desirability function = make(variedFunctions()[static_cast<std::size_t>(index)].second);
    constexpr int kSamples = 40000;
    const Eigen::MatrixXd z = normals(kSamples, 1);
    for (const double level : {0.0, 0.05, 0.3, 0.59, 0.61, 0.95}) {
        for (const double mean : {-2.0, 3.0, 7.0}) {
            int above = 0;
            for (int i = 0; i < kSamples; ++i)
                above += function.value(mean + 2.5 * z(i, 0)) > level ? 1 : 0;
            const double share = static_cast<double>(above) / kSamples;
            const double actual = probabilityAbove(function, mean, 2.5, level).value();
            const double error = std::sqrt(std::max(share * (1.0 - share), 1e-4) / kSamples);
            QVERIFY(std::abs(actual - share) < 5.0 * error);
        }
    }
}

void ExpectedDesirabilityTest::overallEqualsReference() {
    const auto goals = OverallDesirability::make({maxGoal(80.0, 97.0), targetGoal(55.0, 57.5, 60.0)}).value();
    for (const auto& values : referenceValues()["expected_desirability"]["overall"]) {
        const auto mean = values["mu"].get<std::vector<double>>();
        const auto deviation = values["sigma"].get<std::vector<double>>();
        const auto result = expectedOverall(goals, mean, deviation).value();
        QVERIFY(close(result.value, values["E_D"].get<double>(), 1e-11));
        const double positive = values["P_D_gt_0"].get<double>(); // 4e6 samples
        QVERIFY(std::abs(result.probabilityPositive - positive) <
                5.0 * std::sqrt(std::max(positive * (1.0 - positive), 1e-6) / 4e6));
    }
}

void ExpectedDesirabilityTest::overallDerivativesEqualDifferences() {
    const auto goals = OverallDesirability::make({maxGoal(0.0, 10.0, 0.7, 2.0), boxGoal(-1.0, 4.0),
                                                  targetGoal(-3.0, 1.0, 4.0, 2.0, 0.5, 0.5)})
                           .value();
    const std::vector<double> mean{4.0, 1.5, 0.3};
    const std::vector<double> deviation{2.0, 1.4, 0.8};
    const auto at = expectedOverall(goals, mean, deviation).value();
    for (std::size_t i = 0; i < mean.size(); ++i) {
        constexpr double kStep = 1e-5;
        const auto moved = [&](double meanStep, double deviationStep) {
            auto m = mean;
            auto s = deviation;
            m[i] += meanStep;
            s[i] += deviationStep;
            return expectedOverall(goals, m, s).value().value;
        };
        const double byMean = (moved(kStep, 0.0) - moved(-kStep, 0.0)) / (2.0 * kStep);
        const double byDeviation = (moved(0.0, kStep) - moved(0.0, -kStep)) / (2.0 * kStep);
        QVERIFY(close(at.meanDerivatives[i], byMean, 1e-7));
        QVERIFY(close(at.standardDeviationDerivatives[i], byDeviation, 1e-7));
    }
}

void ExpectedDesirabilityTest::minimumEqualsSamples() {
    const auto goals = OverallDesirability::make({maxGoal(0.0, 10.0, 0.4), boxGoal(-1.0, 4.0),
                                                  targetGoal(-3.0, 1.0, 4.0, 2.0, 0.5)},
                                                 {DesirabilityAggregate::Minimum, MissingGoal::Impute})
                           .value();
    constexpr int kSamples = 50000;
    const Eigen::MatrixXd z = normals(kSamples, 3);
    const std::vector<double> mean{4.0, 1.5, 0.3};
    for (const double scale : {1.0, 0.01}) {
        const std::vector<double> deviation{2.0 * scale, 1.4 * scale, 0.8 * scale};
        double sum = 0.0;
        double squares = 0.0;
        for (int i = 0; i < kSamples; ++i) {
            std::vector<double> y(3);
            for (std::size_t k = 0; k < 3; ++k)
                y[k] = mean[k] + deviation[k] * z(i, static_cast<Eigen::Index>(k));
            const double d = goals.evaluate(std::span<const double>(y)).value().overall;
            sum += d;
            squares += d * d;
        }
        const double average = sum / kSamples;
        const double error = std::sqrt((squares / kSamples - average * average) / kSamples);
        const auto result = expectedOverall(goals, mean, deviation).value();
        QVERIFY(std::abs(result.value - average) < 4.0 * error);
    }
    const auto certain = expectedOverall(goals, mean, std::vector<double>{0.0, 0.0, 0.0}).value();
    QVERIFY(close(certain.value, goals.evaluate(std::span<const double>(mean)).value().overall, 1e-12));
}

void ExpectedDesirabilityTest::improvementEqualsReference() {
    const auto goals = OverallDesirability::make({maxGoal(80.0, 97.0), targetGoal(55.0, 57.5, 60.0)}).value();
    const Eigen::MatrixXd z = normals(50000, 2);
    for (const auto& values : referenceValues()["expected_desirability"]["overall"]) {
        const auto result =
            expectedDesirabilityImprovement(goals, values["mu"].get<std::vector<double>>(),
                                            values["sigma"].get<std::vector<double>>(), 0.7, z)
                .value();
        const double reference = values["EI_D_best_0p7_mc"][0].get<double>();
        const double error = std::hypot(values["EI_D_best_0p7_mc"][1].get<double>(), result.standardError);
        QVERIFY(std::abs(result.value - reference) < 4.0 * error);
    }
}

void ExpectedDesirabilityTest::improvementDerivativesEqualDifferences() {
    const auto goals =
        OverallDesirability::make({maxGoal(0.0, 10.0, 0.7, 2.0), targetGoal(-3.0, 1.0, 4.0)}).value();
    const Eigen::MatrixXd z = normals(64, 2);
    const std::vector<double> mean{4.0, 0.4};
    const std::vector<double> deviation{2.0, 0.8};
    const auto value = [&](const std::vector<double>& m, const std::vector<double>& s) {
        return expectedDesirabilityImprovement(goals, m, s, 0.5, z).value();
    };
    const auto at = value(mean, deviation);
    QVERIFY(at.value > 0.0);
    for (std::size_t i = 0; i < 2; ++i) {
        constexpr double kStep = 1e-8; // no sample crosses a bend on the way
        auto up = mean;
        auto down = mean;
        up[i] += kStep;
        down[i] -= kStep;
        QVERIFY(close(at.meanDerivatives[i],
                      (value(up, deviation).value - value(down, deviation).value) / (2.0 * kStep), 1e-5));
        up = deviation;
        down = deviation;
        up[i] += kStep;
        down[i] -= kStep;
        QVERIFY(close(at.standardDeviationDerivatives[i],
                      (value(mean, up).value - value(mean, down).value) / (2.0 * kStep), 1e-5));
    }
}

void ExpectedDesirabilityTest::badArgumentsAreErrors() {
    const Desirability ramp = make(maxGoal(0.0, 1.0));
    QVERIFY(!expectedDesirability(ramp, kNan, 1.0).ok());
    QVERIFY(!expectedDesirability(ramp, 0.0, -1.0).ok());
    QVERIFY(!expectedDesirability(ramp, 0.0, 1.0, 0.0).ok());
    QVERIFY(!probabilityAbove(ramp, 0.0, 1.0, 1.0).ok());
    const Desirability levels = make({DesirabilityCategories{{{"a", 0.1}, {"b", 0.9}}}, {}, {}, 1.0});
    QCOMPARE(expectedDesirability(levels, 0.0, 1.0).error().code, ErrorCode::InvalidArgument);
    const auto goals = OverallDesirability::make({maxGoal(0.0, 1.0), maxGoal(0.0, 1.0)}).value();
    const std::vector<double> ones{1.0, 1.0};
    QVERIFY(!expectedOverall(goals, ones, std::vector<double>{1.0}).ok());
    QCOMPARE(expectedOverall(goals, ones, std::vector<double>{1.0, -1.0}).error().context,
             std::string("[1]"));
    const auto shape = expectedDesirabilityImprovement(goals, ones, ones, 0.5, normals(10, 3));
    QCOMPARE(shape.error().context, std::string("normals"));
}

QTEST_APPLESS_MAIN(ExpectedDesirabilityTest)
#include "tst_expected_desirability.moc"
