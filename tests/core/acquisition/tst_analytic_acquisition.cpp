#include "acquisition/analytic.h"
#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"

#include <QTest>

#include <limits>

using namespace alidade;
using test::Golden;

class AnalyticAcquisitionTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_golden = test::gpGolden(); }
    void scalarValues();
    void valuesFromPosteriors();
    void constrainedValues();
    void gradientsAgreeWithDifferences();
    void minimisingMirrorsMaximising();
    void withoutUncertainty();

private:
    Golden m_golden;
};

void AnalyticAcquisitionTest::scalarValues() {
    for (const Golden& entry : m_golden["acq_scalar"]["cases"]) {
        const double mean = entry["mu"].get<double>();
        const double sd = entry["sigma"].get<double>();
        const Improvement improvement{true, entry["best"].get<double>()};
        const AcquisitionValue logEi = logExpectedImprovement(improvement, mean, sd);
        QVERIFY(test::near(logEi.value, entry["logEI"].get<double>(), 1e-10, 1e-14)); // exactly 0 is possible
        VERIFY_NEAR(logEi.byMean, entry["dlogEI_dmu"].get<double>(), 1e-9);
        VERIFY_NEAR(logEi.byStandardDeviation, entry["dlogEI_dsigma"].get<double>(), 1e-9);
        QVERIFY(test::near(expectedImprovement(improvement, mean, sd).value, entry["EI"].get<double>(), 1e-10,
                           1e-300));
        QVERIFY(test::near(probabilityOfImprovement(improvement, mean, sd).value, entry["PI"].get<double>(),
                           1e-10, 1e-300));
        VERIFY_NEAR(logProbabilityOfImprovement(improvement, mean, sd).value, entry["logPI"].get<double>(),
                    1e-10);
        VERIFY_NEAR(confidenceBound(true, 2.0, mean, sd).value, entry["UCB_beta2"].get<double>(), 1e-12);
        VERIFY_NEAR(confidenceBound(false, 1.96 * 1.96, mean, sd).value, entry["LCB_kappa1p96"].get<double>(),
                    1e-12);
    }
}

void AnalyticAcquisitionTest::valuesFromPosteriors() {
    int compared = 0;
    for (const Golden& entry : m_golden["acq_gp"]["cases"]) {
        const auto& cases = m_golden["gp"];
        const auto found = std::find_if(cases.begin(), cases.end(), [&](const Golden& candidate) {
            return candidate["id"] == entry["gp"];
        });
        // Some entries name a posterior that is not in the file; the ill-conditioned one is only good to
        // 1e-5.
        if (found == cases.end() || (*found)["dataset"] == "illcond_d1")
            continue;
        ++compared;
        const test::GpCase problem = test::gpCase(m_golden, *found);
        const auto process = GaussianProcess::condition(problem.data, problem.family, problem.hyper).value();
        const GpPrediction prediction = process.predict(problem.at);
        const bool maximise = entry["maximize"].get<bool>();
        const Improvement improvement{maximise, entry["best"].get<double>()};
        for (Eigen::Index i = 0; i < problem.at.rows(); ++i) {
            const double mean = prediction.mean(i);
            const double sd = std::sqrt(prediction.variance(i));
            const auto expected = [&](const char* key) {
                return entry[key][static_cast<std::size_t>(i)].get<double>();
            };
            QVERIFY(test::near(logExpectedImprovement(improvement, mean, sd).value, expected("logEI"), 1e-8,
                               1e-8));
            QVERIFY(
                test::near(expectedImprovement(improvement, mean, sd).value, expected("EI"), 1e-8, 1e-12));
            QVERIFY(test::near(probabilityOfImprovement(improvement, mean, sd).value, expected("PI"), 1e-8,
                               1e-12));
            QVERIFY(test::near(logProbabilityOfImprovement(improvement, mean, sd).value, expected("logPI"),
                               1e-8, 1e-8));
            QVERIFY(test::near(confidenceBound(maximise, 4.0, mean, sd).value, expected("UCB_beta4"), 1e-8,
                               1e-12));
        }
    }
}

void AnalyticAcquisitionTest::constrainedValues() {
    for (const Golden& entry : m_golden["constrainedEI"]["cases"]) {
        double feasibility = 0.0;
        for (const Golden& limit : entry["constraints"])
            feasibility += logProbabilityWithin(-std::numeric_limits<double>::infinity(), 0.0,
                                                limit["mu"].get<double>(), limit["sigma"].get<double>())
                               .value;
        const double improvement =
            logExpectedImprovement({true, entry["best"].get<double>()}, entry["mu"].get<double>(),
                                   entry["sigma"].get<double>())
                .value;
        VERIFY_NEAR(feasibility, entry["logPF"].get<double>(), 1e-10);
        VERIFY_NEAR(improvement + feasibility, entry["logCEI"].get<double>(), 1e-10);
    }
}

void AnalyticAcquisitionTest::gradientsAgreeWithDifferences() {
    Rng rng(7, "acquisition");
    for (int i = 0; i < 200; ++i) {
        const bool maximise = rng.below(2) == 0;
        const Improvement improvement{maximise, rng.normal()};
        const double mean = 3.0 * rng.normal();
        const double sd = std::exp(rng.normal());
        const double lower = rng.normal();
        const double upper = lower + std::exp(rng.normal());
        const std::vector<std::function<AcquisitionValue(double, double)>> functions{
            [&](double m, double s) { return logExpectedImprovement(improvement, m, s); },
            [&](double m, double s) { return expectedImprovement(improvement, m, s); },
            [&](double m, double s) { return logProbabilityOfImprovement(improvement, m, s); },
            [&](double m, double s) { return probabilityOfImprovement(improvement, m, s); },
            [&](double m, double s) { return confidenceBound(maximise, 4.0, m, s); },
            [&](double m, double s) { return logProbabilityWithin(lower, upper, m, s); },
            [&](double m, double s) {
                return logProbabilityWithin(lower, std::numeric_limits<double>::infinity(), m, s);
            }};
        for (const auto& function : functions) {
            const AcquisitionValue value = function(mean, sd);
            const double h = 1e-6;
            QVERIFY(test::near(value.byMean,
                               (function(mean + h, sd).value - function(mean - h, sd).value) / (2 * h), 1e-5,
                               1e-7));
            QVERIFY(test::near(value.byStandardDeviation,
                               (function(mean, sd + h).value - function(mean, sd - h).value) / (2 * h), 1e-5,
                               1e-7));
        }
    }
}

void AnalyticAcquisitionTest::minimisingMirrorsMaximising() {
    const AcquisitionValue down = logExpectedImprovement({false, 0.3}, 0.1, 0.2);
    const AcquisitionValue up = logExpectedImprovement({true, -0.3}, -0.1, 0.2);
    QCOMPARE(down.value, up.value);
    QCOMPARE(down.byMean, -up.byMean);
    QVERIFY(down.byMean < 0.0); // a lower prediction is better
}

void AnalyticAcquisitionTest::withoutUncertainty() {
    QCOMPARE(expectedImprovement({false, 1.0}, 0.25, 0.0).value, 0.75);
    QCOMPARE(expectedImprovement({false, 1.0}, 2.0, 0.0).value, 0.0);
    QCOMPARE(logExpectedImprovement({false, 1.0}, 2.0, 0.0).value, -std::numeric_limits<double>::infinity());
    QCOMPARE(logProbabilityWithin(0.0, 1.0, 0.5, 0.0).value, 0.0);
}

QTEST_APPLESS_MAIN(AnalyticAcquisitionTest)
#include "tst_analytic_acquisition.moc"
