#include "learning_rate/applications.h"
#include "learning_rate/scaling_law.h"
#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;
using Golden = nlohmann::json;

class ScheduleApplicationsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_golden = Golden::parse(test::readFile(test::dataPath("learning_rate.json"))); }
    void transfersBetweenCooldowns();
    void twoStageAgreesWithPublishedRuns();
    void extendsByCooldown();
    void extendsBehindInverseSqrt();
    void extendsByRate();
    void cooldownAloneHasALimit();
    void bestCooldownIsTheWholeRun();
    void fitRecoversTheBound();
    void stepLawAgreesWithPrintedValues();
    void rejectsBadInput();

private:
    Golden m_golden;
};

void ScheduleApplicationsTest::transfersBetweenCooldowns() {
    // Published: ln of the ratio between a cooldown over the whole run and a fraction, from the released
    // code, which loses digits: the more the longer the run.
    for (const auto& [group, entries] :
         m_golden["applications_authors_code"]["lr_transfer_ln_ratio"].items()) {
        const bool linear = group.starts_with("linear");
        const CooldownKind kind = linear ? CooldownKind::Linear : CooldownKind::OneMinusSqrt;
        const std::size_t steps = std::stoul(group.substr(group.find(':') + 1));
        if (steps > 30000)
            continue;
        for (const auto& [fraction, expected] : entries.items()) {
            const Schedule from =
                fraction == "0.0" ? Schedule{ConstantShape{}} : Schedule{WsdShape{std::stod(fraction), kind}};
            const double factor = transferFactor(from, steps, {WsdShape{1.0, kind}}, steps).value();
            QVERIFY2(std::abs(std::log(factor) - expected.get<double>()) < 5e-5,
                     (group + " " + fraction).c_str());
        }
    }
    VERIFY_NEAR(transferFactor({WsdShape{0.2}}, 40000, {LinearShape{}}, 40000).value(), 1.94, 0.005);
}

void ScheduleApplicationsTest::twoStageAgreesWithPublishedRuns() {
    for (const Golden& row : m_golden["applications_authors_code"]["wssd"]["rows"]) {
        const auto steps = row["T"].get<std::size_t>();
        const Schedule stages{TwoStageShape{3200, row["picked"].get<double>(), 0.2}};
        const double rate = boundAt(rates(stages, steps).value(), {}, steps)->optimalBaseRate();
        VERIFY_NEAR(rate, row["gamma_star_at_pick"].get<double>(), 1e-4);
    }
}

void ScheduleApplicationsTest::extendsByCooldown() {
    const Golden& rows = m_golden["continuous_cooldown_match_T_from_4000_c0.2"]["rows"];
    for (const auto& [steps, row] : rows.items()) {
        const Extension extension = extendSchedule({WsdShape{0.2}}, 4000, std::stoul(steps)).value();
        if (row["c"].is_null()) {
            QVERIFY(!extension.cooldown.has_value());
            continue;
        }
        // The reference varies the start of the cooldown continuously.
        QVERIFY(std::abs(*extension.cooldown - row["c"].get<double>()) < 2e-5);
        VERIFY_NEAR(extension.longer->at(extension.original.optimalBaseRate()),
                    row["omega_at_base_lr"].get<double>(), 1e-4);
    }
}

void ScheduleApplicationsTest::extendsBehindInverseSqrt() {
    const Golden& published = m_golden["applications_authors_code"]["sqrt"];
    for (const Golden& row : published["rows"]) {
        const Extension extension =
            extendSchedule({InverseSqrtShape{0.2}}, 4000, row["T"].get<std::size_t>()).value();
        VERIFY_NEAR(extension.original.optimalBaseRate(), published["initial_gamma"].get<double>(), 1e-6);
        VERIFY_NEAR(extension.original.optimalBound(), published["initial_bound"].get<double>(), 1e-6);
        // They pick the nearest point of a grid.
        QVERIFY(std::abs(extension.cooldown.value() - row["picked"].get<double>()) < 0.015);
        const double rate = extension.original.optimalBaseRate();
        VERIFY_NEAR(extension.unchanged.at(rate), row["bound_naive_same_c_same_gamma"].get<double>(), 1e-6);
        VERIFY_NEAR(extension.longer->at(rate), row["bound_adapted_at_initial_gamma"].get<double>(), 1e-3);
        QVERIFY(!extension.rateFactor.has_value());
    }
}

void ScheduleApplicationsTest::extendsByRate() {
    // Limits for long runs; at 40,000 steps the finite-size difference is below 0.3 %.
    for (const auto& [ratio, row] : m_golden["extension_limits_T_inf_c0.2"]["rows"].items()) {
        const auto longer = static_cast<std::size_t>(std::lround(std::stod(ratio) * 40000));
        const Extension extension = extendSchedule({WsdShape{0.2}}, 40000, longer).value();
        VERIFY_NEAR(extension.rateFactor.value(), row["rho"].get<double>(), 0.003);
        VERIFY_NEAR(extension.twoStage->optimalBaseRate(), extension.original.optimalBaseRate(), 1e-9);
        QVERIFY(extension.twoStage->at(extension.original.optimalBaseRate()) <
                extension.unchanged.at(extension.original.optimalBaseRate()));
    }
}

void ScheduleApplicationsTest::cooldownAloneHasALimit() {
    const double limit =
        m_golden["extension_limits_T_inf_c0.2"]["max_ratio_with_cooldown_only"].get<double>();
    const auto steps = [&](double ratio) { return static_cast<std::size_t>(ratio * 20000); };
    QVERIFY(extendSchedule({WsdShape{0.2}}, 20000, steps(limit - 0.02))->cooldown.has_value());
    QVERIFY(!extendSchedule({WsdShape{0.2}}, 20000, steps(limit + 0.02))->cooldown.has_value());
}

void ScheduleApplicationsTest::bestCooldownIsTheWholeRun() {
    const BestCooldown best = bestCooldown(WsdShape{}, 1000, {}).value();
    QVERIFY(best.cooldown > 0.9);
    const double linear = boundAt(rates({LinearShape{}}, 1000).value(), {}, 1000)->optimalBound();
    QVERIFY(best.terms.optimalBound() <= linear * (1.0 + 1e-12));
    // Brute force over every cooldown.
    for (std::size_t points = 1; points <= 1000; ++points) {
        const Schedule schedule{WsdShape{(static_cast<double>(points) + 0.5) / 1001.0}};
        QVERIFY(boundAt(rates(schedule, 1000).value(), {}, 1000)->optimalBound() >=
                best.terms.optimalBound() * (1.0 - 1e-12));
    }
}

void ScheduleApplicationsTest::fitRecoversTheBound() {
    const auto eta = rates({WsdShape{0.3}, 20}, 500).value();
    const BoundProblem truth{3.0, {0.7}};
    const auto curve = boundCurve(eta, truth).value();
    std::vector<LossPoint> points;
    for (std::size_t t = 30; t <= 500; t += 10)
        points.push_back({t, 1.25 + curve[t - 1].at(0.05)});
    const BoundFit fit = fitBound(eta, 0.05, points).value();
    VERIFY_NEAR(fit.distance, 3.0, 1e-8);
    VERIFY_NEAR(fit.gradientNorm, 0.7, 1e-8);
    VERIFY_NEAR(fit.floor, 1.25, 1e-8);
    QVERIFY(fit.rootMeanSquareError < 1e-9);
    // Without a floor the least-squares floor may not become negative.
    for (LossPoint& point : points)
        point.loss = 0.9 * curve[point.step - 1].at(0.05) - 0.01;
    QVERIFY(fitBound(eta, 0.05, points)->floor >= 0.0);
}

void ScheduleApplicationsTest::stepLawAgreesWithPrintedValues() {
    for (const Golden& row : m_golden["step_law"]["rounded"]) {
        const auto value = predict(stepLaw(), row["N"].get<double>(), row["D"].get<double>()).value();
        VERIFY_NEAR(value.rate, row["lr"].get<double>(), 1e-12);
        VERIFY_NEAR(value.batchTokens, row["B_tokens"].get<double>(), 1e-12);
        VERIFY_NEAR(value.batchSequences, row["B_seqs_2048"].get<double>(), 1e-12);
    }
    const Golden& mean = m_golden["step_law"]["mean_of_1000_bootstrap"]["example_7e9_1p4e12"];
    const auto value = predict(stepLawUnrounded(), 7e9, 1.4e12).value();
    VERIFY_NEAR(value.rate, mean["lr"].get<double>(), 1e-10);
    VERIFY_NEAR(value.batchTokens, mean["B_tokens"].get<double>(), 1e-10);
    QCOMPARE(value.warnings.size(), std::size_t{2});
    QVERIFY(predict(stepLaw(), 5e8, 1e10)->warnings.empty());
    // 0.3118 C^-0.1250 and 0.2920 C^0.3271 at C = 6 N D.
    const auto other = predict(findScalingLaw("deepseek").value(), 1e9, 1e9).value();
    VERIFY_NEAR(other.rate, 0.3118 * std::pow(6e18, -0.1250), 1e-12);
    VERIFY_NEAR(other.batchTokens, 0.2920 * std::pow(6e18, 0.3271), 1e-12);
    QVERIFY(other.warnings.empty());
    QCOMPARE(predict(deepSeekLaw(), 1e10, 1e12)->warnings.size(), std::size_t{1});
    QVERIFY(findScalingLaw("deepsek").error().message.find("deepseek") != std::string::npos);
}

void ScheduleApplicationsTest::rejectsBadInput() {
    QCOMPARE(extendSchedule({CosineShape{}}, 10, 20).error().context, std::string("shape.kind"));
    QCOMPARE(extendSchedule({WsdShape{}}, 20, 20).error().context, std::string("new_steps"));
    QCOMPARE(predict(stepLaw(), -1.0, 1.0).error().context, std::string("parameters"));
    QCOMPARE(fitBound({1.0, 1.0}, 0.0, {}).error().context, std::string("base_lr"));
    QCOMPARE(fitBound({1.0, 1.0}, 0.1, {{1, 1.0}}).error().context, std::string("points"));
}

QTEST_APPLESS_MAIN(ScheduleApplicationsTest)
#include "tst_schedule_applications.moc"
