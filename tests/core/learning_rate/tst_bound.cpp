#include "base/rng.h"
#include "learning_rate/bound.h"
#include "learning_rate/closed_form.h"
#include "learning_rate/schedule.h"
#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;
using Golden = nlohmann::json;

Q_DECLARE_METATYPE(Schedule)

class BoundTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_golden = Golden::parse(test::readFile(test::dataPath("learning_rate.json"))); }
    void agreesWithHighPrecision_data();
    void agreesWithHighPrecision();
    void handExample();
    void curveAgreesWithDefinition_data();
    void curveAgreesWithDefinition();
    void zeroRatesGiveInfinity();
    void closedFormsAgreeWithHighPrecision();
    void limitsAgreeWithReference();
    void sensitivityToTheBaseRate();
    void gradientAgreesWithDifferences();
    void optimalBaseRateFollowsThePublishedPowers();
    void optimalScheduleIsStationary();
    void optimalScheduleAgreesWithHighPrecision();
    void linearIsBestAmongPowers();
    void holdsForSimulatedRuns();
    void rejectsBadInput();

private:
    Golden m_golden;
};

void BoundTest::agreesWithHighPrecision_data() {
    QTest::addColumn<Schedule>("schedule");
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("norms");
    const std::vector<std::pair<const char*, Schedule>> shapes{
        {"constant", {ConstantShape{}}}, {"cosine", {CosineShape{}}},    {"linear", {LinearShape{}}},
        {"wsd0.1", {WsdShape{0.1}}},     {"wsd0.2", {WsdShape{0.2}}},    {"wsd0.4", {WsdShape{0.4}}},
        {"wsd1.0", {WsdShape{1.0}}},     {"rsqrt", {InverseSqrtShape{}}}};
    for (const char* steps : {"10", "100", "400", "4000"})
        for (const auto& [name, schedule] : shapes)
            QTest::addRow("%s %s", name, steps)
                << schedule << QString(steps) << QString(name) << QString("1");
    const auto row = [](const char* name, const Schedule& schedule, const char* norms) {
        QTest::addRow("%s", name) << schedule << QString() << QString(name) << QString(norms);
    };
    row("1-sqrt_full_c=1.0", {WsdShape{1.0, CooldownKind::OneMinusSqrt}}, "1");
    row("wsd0.2_final_lr_0.1", {WsdShape{0.2, CooldownKind::Linear, 0.1}}, "1");
    row("cosine_cycle2_final_lr_0.1_len802_eval400", {CosineShape{0.1, 2.0}}, "1");
    row("wsd0.2_linear_warmup_20steps_w0=1e-10", {WsdShape{0.2}, 20}, "1");
    row("poly_backward_alpha=2_len401", {PolynomialShape{2.0}}, "1");
    row("poly_backward_alpha=3_len401", {PolynomialShape{3.0}}, "1");
    row("G_t=t^-0.5:wsd0.2", {WsdShape{0.2}}, "-0.5");
    row("G_t=t^-0.5:linear", {LinearShape{}}, "-0.5");
    row("G_t=t^-1:cosine", {CosineShape{}}, "-1");
    row("G_t=t^-1:wsd0.2", {WsdShape{0.2}}, "-1");
    row("G_t=t^-1:constant", {ConstantShape{}}, "-1");
    row("G_t=1+4*2.718281828459045^(-t/20):wsd0.2", {WsdShape{0.2}}, "exp");
}

void BoundTest::agreesWithHighPrecision() {
    QFETCH(Schedule, schedule);
    QFETCH(QString, group);
    QFETCH(QString, key);
    QFETCH(QString, norms);
    const Golden& entry = group.isEmpty() ? m_golden["variants_T400"][key.toStdString()]
                                          : m_golden["bound_D1_G1"][group.toStdString()][key.toStdString()];
    const std::size_t steps = group.isEmpty() ? 400 : group.toUInt();
    BoundProblem problem;
    if (norms != "1") {
        problem.gradientNorms.resize(steps);
        for (std::size_t i = 0; i < steps; ++i) {
            const double t = static_cast<double>(i + 1);
            problem.gradientNorms[i] =
                norms == "exp" ? 1.0 + 4.0 * std::exp(-t / 20.0) : std::pow(t, norms.toDouble());
        }
    }
    const auto eta = rates(schedule, steps).value();
    const BoundTerms terms = boundAt(eta, problem, steps).value();
    // The shapes themselves are rounded; the cosine near its end is worth a few units more.
    constexpr double kTolerance = 1e-12;
    VERIFY_NEAR(terms.distanceTerm, entry["T1"].get<double>(), kTolerance);
    VERIFY_NEAR(terms.noiseTerm, entry["T2"].get<double>(), kTolerance);
    VERIFY_NEAR(terms.optimalBaseRate(), entry["gamma_star"].get<double>(), kTolerance);
    VERIFY_NEAR(terms.optimalBound(), entry["omega_star"].get<double>(), kTolerance);
    VERIFY_NEAR(terms.at(0.1), entry["omega_T_at_gamma_0p1"].get<double>(), kTolerance);
    const auto curve = boundCurve(eta, problem).value();
    for (const auto& [index, pair] : entry["T1_T2_at_t"].items()) {
        const std::size_t t = std::stoul(index);
        VERIFY_NEAR(curve[t - 1].distanceTerm, pair[0].get<double>(), kTolerance);
        VERIFY_NEAR(curve[t - 1].noiseTerm, pair[1].get<double>(), kTolerance);
    }
    const BoundTerms average = averageIterateBoundAt(eta, problem, steps).value();
    VERIFY_NEAR(average.optimalBound(), entry["average_iterate_bound"]["omega_star"].get<double>(),
                kTolerance);
    VERIFY_NEAR(average.optimalBaseRate(), entry["average_iterate_bound"]["gamma_star"].get<double>(),
                kTolerance);
}

void BoundTest::handExample() {
    const Golden& example = m_golden["tiny_hand_example"];
    const auto eta = example["eta"].get<std::vector<double>>();
    const BoundProblem problem{example["D"].get<double>(), example["G"].get<std::vector<double>>()};
    for (std::size_t t = 1; t <= 3; ++t) {
        const BoundTerms terms = boundAt(eta, problem, t).value();
        VERIFY_NEAR(terms.distanceTerm, example["per_t"][std::to_string(t)][0].get<double>(), 1e-14);
        VERIFY_NEAR(terms.noiseTerm, example["per_t"][std::to_string(t)][1].get<double>(), 1e-14);
    }
}

void BoundTest::curveAgreesWithDefinition_data() {
    QTest::addColumn<Schedule>("schedule");
    QTest::newRow("constant") << Schedule{ConstantShape{}};
    QTest::newRow("linear") << Schedule{LinearShape{}};
    QTest::newRow("cosine") << Schedule{CosineShape{}};
    QTest::newRow("wsd") << Schedule{WsdShape{0.2, CooldownKind::OneMinusSqrt}, 100};
    QTest::newRow("steps") << Schedule{StepShape{{0.3, 0.6}, 0.01}};
    QTest::newRow("steep") << Schedule{PolynomialShape{6.0}};
}

void BoundTest::curveAgreesWithDefinition() {
    QFETCH(Schedule, schedule);
    constexpr std::size_t kSteps = 5000;
    Rng rng(3, "norms");
    BoundProblem problem{2.5, std::vector<double>(kSteps)};
    for (double& norm : problem.gradientNorms)
        norm = std::exp(rng.normal());
    const auto eta = rates(schedule, kSteps).value();
    const auto fast = boundCurve(eta, problem).value();
    const auto exact = boundCurveExact(eta, problem).value();
    for (std::size_t i = 0; i < kSteps; ++i) {
        VERIFY_NEAR(fast[i].distanceTerm, exact[i].distanceTerm, 1e-12);
        VERIFY_NEAR(fast[i].noiseTerm, exact[i].noiseTerm, 1e-11);
    }
    const std::vector<std::size_t> places{kSteps, 1, 17, 2500};
    const auto some = boundCurveAt(eta, problem, places).value();
    for (std::size_t i = 0; i < places.size(); ++i)
        QCOMPARE(some[i].noiseTerm, fast[places[i] - 1].noiseTerm);
}

void BoundTest::zeroRatesGiveInfinity() {
    const BoundProblem problem;
    const std::vector<double> ended{1.0, 0.0};
    QVERIFY(std::isinf(boundAt(ended, problem, 2)->noiseTerm));
    QVERIFY(std::isinf(boundCurve(ended, problem).value()[1].noiseTerm));
    const std::vector<double> late{0.0, 1.0};
    QVERIFY(std::isinf(boundAt(late, problem, 1)->distanceTerm));
    QVERIFY(std::isinf(boundCurve(late, problem).value()[0].distanceTerm));
    const std::vector<double> never{0.0, 0.0};
    QVERIFY(std::isinf(boundAt(never, problem, 2)->optimalBound()));
    QVERIFY(std::isinf(boundAt(ended, problem, 2)->optimalBound()));
    // A pause in the middle contributes nothing: 1/2 (1 + 1 / 1).
    const std::vector<double> pause{1.0, 0.0, 1.0};
    VERIFY_NEAR(boundAt(pause, problem, 3)->noiseTerm, 1.0, 1e-15);
    VERIFY_NEAR(boundCurve(pause, problem).value()[2].noiseTerm, 1.0, 1e-15);
}

void BoundTest::closedFormsAgreeWithHighPrecision() {
    for (const auto& [text, schedules] : m_golden["bound_D1_G1"].items())
        for (const auto& [name, entry] : schedules.items()) {
            const std::size_t steps = std::stoul(text);
            BoundTerms terms;
            if (name == "constant")
                terms = constantBound(steps, 1.0, 1.0);
            else if (name == "linear")
                terms = linearBound(steps, 1.0, 1.0);
            else if (entry.contains("T0"))
                terms = wsdBound(steps, entry["T0"].get<double>(), 1.0, 1.0);
            else
                continue;
            VERIFY_NEAR(terms.distanceTerm, entry["T1"].get<double>(), 1e-13);
            VERIFY_NEAR(terms.noiseTerm, entry["T2"].get<double>(), 1e-12);
            const char* published = "paper_wsd_theorem_upper_bound_on_omega_star";
            if (entry.contains(published) && entry[published].is_number() &&
                entry["T0"].get<std::size_t>() < steps)
                VERIFY_NEAR(publishedWsdBound(steps, entry["T0"].get<std::size_t>(), 1.0, 1.0),
                            entry[published].get<double>(), 1e-12);
        }
    VERIFY_NEAR(wsdBound(400, 321, 3.0, 0.5).optimalBound(),
                1.5 * wsdBound(400, 321, 1.0, 1.0).optimalBound(), 1e-14);
    VERIFY_NEAR(harmonicNumber(4.0), 25.0 / 12.0, 1e-14);
}

void BoundTest::limitsAgreeWithReference() {
    for (const auto& [name, entry] : m_golden["limits_T_to_infinity"].items()) {
        if (!name.starts_with("wsd") || name.find('_') != std::string::npos)
            continue;
        const BoundTerms limit = wsdLimit(std::stod(name.substr(3)));
        VERIFY_NEAR(limit.distanceTerm, entry["T1_times_T"].get<double>(), 1e-14);
        VERIFY_NEAR(limit.noiseTerm, entry["T2"].get<double>(), 1e-14);
        VERIFY_NEAR(limit.optimalBaseRate(), entry["gamma_star_times_sqrtT"].get<double>(), 1e-14);
        VERIFY_NEAR(limit.optimalBound(), entry["omega_star_times_sqrtT"].get<double>(), 1e-14);
    }
}

void BoundTest::sensitivityToTheBaseRate() {
    const BoundTerms terms = boundAt(rates({WsdShape{0.2}}, 400).value(), {2.0, {3.0}}, 400).value();
    const double best = terms.optimalBaseRate();
    VERIFY_NEAR(terms.excess(2.0 * best), 1.25, 1e-14);
    VERIFY_NEAR(terms.excess(0.5 * best), 1.25, 1e-14);
    VERIFY_NEAR(terms.excess(best), 1.0, 1e-14);
    VERIFY_NEAR(terms.excess(7.0 * best), terms.at(7.0 * best) / terms.optimalBound(), 1e-13);
    const auto [low, high] = terms.baseRatesWithin(1.1);
    VERIFY_NEAR(terms.at(low), 1.1 * terms.optimalBound(), 1e-13);
    VERIFY_NEAR(terms.at(high), 1.1 * terms.optimalBound(), 1e-13);
    QVERIFY(low < best && best < high);
}

void BoundTest::gradientAgreesWithDifferences() {
    constexpr std::size_t kSteps = 50;
    Rng rng(6, "gradient");
    BoundProblem problem{1.3, std::vector<double>(kSteps)};
    std::vector<double> eta(kSteps);
    for (std::size_t i = 0; i < kSteps; ++i) {
        problem.gradientNorms[i] = std::exp(0.5 * rng.normal());
        eta[i] = std::exp(0.5 * rng.normal());
    }
    const auto gradient = boundGradient(eta, problem, 0.2).value();
    for (std::size_t j = 0; j < kSteps; ++j) {
        auto up = eta;
        auto down = eta;
        const double step = 1e-5 * eta[j];
        up[j] += step;
        down[j] -= step;
        const double difference =
            (boundAt(up, problem, kSteps)->at(0.2) - boundAt(down, problem, kSteps)->at(0.2)) / (2.0 * step);
        QVERIFY(test::near(gradient[j], difference, 1e-6, 1e-8));
    }
    // It vanishes at the optimal schedule, whose rates hold the base rate.
    const OptimalSchedule best = optimalSchedule(kSteps, problem).value();
    double sum = 0.0;
    for (const double rate : best.rates)
        sum += rate;
    const std::vector<double> slopes = boundGradient(best.rates, problem, 1.0).value();
    for (const double slope : slopes)
        QVERIFY2(std::abs(slope) < 1e-11 * best.bound / sum,
                 qPrintable(QString::number(slope * sum / best.bound)));
}

void BoundTest::optimalBaseRateFollowsThePublishedPowers() {
    // log gamma* against log T, least squares over T = 200, 300, ..., 600 as in the published figures.
    const auto fit = [](const Schedule& schedule, bool average) {
        double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
        for (std::size_t steps = 200; steps <= 600; steps += 100) {
            const auto eta = rates(schedule, steps).value();
            const BoundTerms terms =
                average ? averageIterateBoundAt(eta, {}, steps).value() : boundAt(eta, {}, steps).value();
            const double u = std::log(static_cast<double>(steps));
            const double v = std::log(terms.optimalBaseRate());
            n += 1.0, x += u, y += v, xx += u * u, xy += u * v;
        }
        const double slope = (n * xy - x * y) / (n * xx - x * x);
        return std::pair(std::exp((y - slope * x) / n), slope);
    };
    const Golden& published = m_golden["applications_authors_code"];
    for (const auto& [key, schedule, average] :
         {std::tuple{"fit_refined_cosine", Schedule{CosineShape{}}, false},
          {"fit_refined_wsd", Schedule{WsdShape{0.2}}, false},
          {"fit_standard_cosine", Schedule{CosineShape{}}, true},
          {"fit_standard_wsd", Schedule{WsdShape{0.2}}, true}}) {
        const auto [factor, power] = fit(schedule, average);
        VERIFY_NEAR(factor, published[key]["A"].get<double>(), 0.005);
        VERIFY_NEAR(power, published[key]["B"].get<double>(), 0.002);
    }
}

void BoundTest::optimalScheduleIsStationary() {
    // At the minimum of a convex function no relative change of any single rate lowers it.
    constexpr std::size_t kSteps = 40;
    Rng rng(5, "norms");
    BoundProblem problem{1.7, std::vector<double>(kSteps)};
    for (double& norm : problem.gradientNorms)
        norm = std::exp(0.5 * rng.normal());
    const OptimalSchedule best = optimalSchedule(kSteps, problem).value();
    const double value = boundAt(best.rates, problem, kSteps)->at(1.0);
    VERIFY_NEAR(value, best.bound, 1e-13);
    for (std::size_t j = 0; j < kSteps; ++j) {
        const double step = 1e-4 * best.rates[j];
        auto up = best.rates;
        auto down = best.rates;
        up[j] += step;
        down[j] -= step;
        const double higher = boundAt(up, problem, kSteps)->at(1.0);
        const double lower = boundAt(down, problem, kSteps)->at(1.0);
        QVERIFY(higher > value && lower > value);
        QVERIFY(std::abs(higher - lower) / (2e-4) < 1e-6 * value);
    }
}

void BoundTest::optimalScheduleAgreesWithHighPrecision() {
    for (const auto& [steps, entry] : m_golden["bound_optimal_schedule_own_derivation"].items()) {
        const OptimalSchedule best = optimalSchedule(std::stoul(steps), {}).value();
        VERIFY_NEAR(best.bound, entry["omega_min"].get<double>(), 1e-12);
        for (const auto& [t, rate] : entry["eta"].items())
            VERIFY_NEAR(best.rates[std::stoul(t) - 1], rate.get<double>(), 1e-11);
    }
}

void BoundTest::linearIsBestAmongPowers() {
    const auto tuned = [](double power) {
        return boundAt(rates({PolynomialShape{power}}, 2000).value(), {}, 2000)->optimalBound();
    };
    for (const double power : {0.5, 0.8, 0.95, 1.05, 1.3, 2.0, 3.0})
        QVERIFY2(tuned(power) > tuned(1.0), qPrintable(QString::number(power)));
}

void BoundTest::holdsForSimulatedRuns() {
    // f(x) = max_i |a_i . (x - x*)| is convex with f* = 0; a subgradient is +-a_i of the largest term.
    constexpr std::size_t kSteps = 60;
    Rng rng(11, "simulation");
    double closest = 0.0;
    for (int run = 0; run < 400; ++run) {
        const std::size_t dimension = 1 + rng.below(4);
        const std::size_t terms = dimension + rng.below(4);
        std::vector<std::vector<double>> a(terms, std::vector<double>(dimension));
        for (auto& row : a)
            for (double& entry : row)
                entry = rng.normal();
        std::vector<double> x(dimension);
        double squared = 0.0;
        for (double& entry : x) {
            entry = rng.normal();
            squared += entry * entry;
        }
        const std::array<Schedule, 4> choices{Schedule{ConstantShape{}}, Schedule{LinearShape{}},
                                              Schedule{CosineShape{}}, Schedule{WsdShape{0.3}}};
        const auto eta = rates(choices.at(rng.below(4)), kSteps).value();
        const double gamma = std::exp(rng.uniform(-6.0, 1.0));
        BoundProblem problem{std::sqrt(squared), {}};
        std::vector<double> gaps;
        for (std::size_t t = 0; t < kSteps; ++t) {
            std::size_t active = 0;
            double largest = -1.0;
            double sign = 1.0;
            for (std::size_t i = 0; i < terms; ++i) {
                double product = 0.0;
                for (std::size_t j = 0; j < dimension; ++j)
                    product += a[i][j] * x[j];
                if (std::abs(product) > largest) {
                    largest = std::abs(product);
                    active = i;
                    sign = product < 0.0 ? -1.0 : 1.0;
                }
            }
            double norm = 0.0;
            for (std::size_t j = 0; j < dimension; ++j) {
                norm += a[active][j] * a[active][j];
                x[j] -= gamma * eta[t] * sign * a[active][j];
            }
            gaps.push_back(largest);
            problem.gradientNorms.push_back(std::sqrt(norm));
        }
        const auto curve = boundCurve(eta, problem).value();
        for (std::size_t t = 0; t < kSteps; ++t) {
            QVERIFY(gaps[t] <= curve[t].at(gamma) * (1.0 + 1e-12));
            closest = std::max(closest, gaps[t] / curve[t].at(gamma));
        }
    }
    // The bound is not vacuous: some run comes near it.
    QVERIFY(closest > 0.5);
}

void BoundTest::rejectsBadInput() {
    const std::vector<double> eta{1.0, 1.0};
    QCOMPARE(boundAt(eta, {-1.0, {1.0}}, 1).error().context, std::string("distance"));
    QCOMPARE(boundAt(eta, {1.0, {NAN}}, 1).error().context, std::string("gradient_norms"));
    QCOMPARE(boundAt(eta, {1.0, {0.0}}, 1).error().context, std::string("gradient_norms"));
    QCOMPARE(boundAt(eta, {1.0, {}}, 1).error().context, std::string("gradient_norms"));
    QCOMPARE(boundAt(std::vector<double>{1.0, 1.0, 1.0}, {1.0, {1.0, 2.0}}, 1).error().context,
             std::string("gradient_norms"));
    QCOMPARE(boundAt(eta, {}, 3).error().context, std::string("at"));
    QCOMPARE(boundCurveAt(eta, {}, std::vector<std::size_t>{1, 3}).error().context, std::string("at[1]"));
    QCOMPARE(boundAt(std::vector<double>{-1.0}, {}, 1).error().context, std::string("schedule[0]"));
    QCOMPARE(optimalSchedule(2, {1.0, {1.0, 0.0}}).error().context, std::string("gradient_norms[1]"));
}

QTEST_APPLESS_MAIN(BoundTest)
#include "tst_bound.moc"
