#include "acquisition/analytic.h"
#include "acquisition/knowledge_gradient.h"
#include "gp_golden.h"
#include "math/normal.h"
#include "near.h"
#include "sample_process.h"

#include <QTest>

#include <cmath>

using namespace alidade;
using test::Golden;

// The exact gain over fixed candidates and the one over continuous parameters, against reference values, sums
// over fine grids, refitted fantasies and finite differences.

class KnowledgeGradientTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void expectedMaximumOfLines();
    void expectedMaximumGradients();
    void onAGrid();
    void againstBruteForce();
    void continuousAgainstBruteForce_data();
    void continuousAgainstBruteForce();
    void continuousIsNeverBelowDiscrete();

private:
    Golden m_golden;
    GpData m_example; // the example of the published values: three points on [0, 1]
    Hyperparameters m_exampleHyper;
};

void KnowledgeGradientTest::initTestCase() {
    m_golden = Golden::parse(test::readFile(test::dataPath("hpo_public.json")));
    m_example.x = Eigen::Vector3d(0.1, 0.5, 0.9);
    m_example.y = Eigen::Vector3d(0.3, 0.8, 0.1);
    m_example.groups = {0};
    m_exampleHyper = {Eigen::VectorXd::Constant(1, 0.3), 1.0, 0.04, 0.0};
}

void KnowledgeGradientTest::expectedMaximumOfLines() {
    for (const Golden& entry : m_golden["acquisitions"]["KG_discrete"]) {
        const ExpectedMaximum result =
            expectedMaximumGain(test::vectorOf(entry["a"]), test::vectorOf(entry["b"]));
        QVERIFY(test::near(std::exp(result.logGain), entry["E_max_minus_max"].get<double>(), 1e-12, 1e-15));
    }
    // Many lines: against a sum over a fine grid of Z.
    Rng rng(3, "lines");
    Eigen::VectorXd a(30);
    Eigen::VectorXd b(30);
    for (Eigen::Index i = 0; i < 30; ++i) {
        a(i) = rng.normal();
        b(i) = i % 5 == 0 ? 0.5 : rng.normal();
    }
    double sum = 0.0;
    for (int k = 0; k < 200000; ++k) {
        const double z = -10.0 + (k + 0.5) * 1e-4;
        sum += normalPdf(z) * (a + z * b).maxCoeff() * 1e-4;
    }
    VERIFY_NEAR(std::exp(expectedMaximumGain(a, b).logGain), sum - a.maxCoeff(), 1e-6);
    // A gain far below what floating point can represent keeps its logarithm.
    const double far = expectedMaximumGain(Eigen::Vector2d(0.0, -60.0), Eigen::Vector2d(0.0, 1.0)).logGain;
    VERIFY_NEAR(far, logStandardImprovement(-60.0), 1e-12);
}

void KnowledgeGradientTest::expectedMaximumGradients() {
    Eigen::VectorXd a(5);
    Eigen::VectorXd b(5);
    a << 0.3, -0.2, 0.1, 0.9, -1.5;
    b << -0.4, 0.8, 0.1, 0.3, 2.0;
    const ExpectedMaximum result = expectedMaximumGain(a, b);
    for (Eigen::Index i = 0; i < a.size(); ++i) {
        const auto changed = [&](double da, double db) {
            Eigen::VectorXd c = a;
            Eigen::VectorXd d = b;
            c(i) += da;
            d(i) += db;
            return expectedMaximumGain(c, d).logGain;
        };
        QVERIFY(test::near(result.byIntercept(i), (changed(1e-6, 0) - changed(-1e-6, 0)) / 2e-6, 1e-7, 1e-9));
        QVERIFY(test::near(result.bySlope(i), (changed(0, 1e-6) - changed(0, -1e-6)) / 2e-6, 1e-7, 1e-9));
    }
}

void KnowledgeGradientTest::onAGrid() {
    const auto process =
        GaussianProcess::condition(m_example, KernelFamily::Matern52, m_exampleHyper).value();
    const Eigen::MatrixXd grid = Eigen::VectorXd::LinSpaced(201, 0.0, 1.0);
    const KnowledgeGradient gain(process, grid, true, 0.04);
    for (const Golden& entry : m_golden["acquisitions"]["KG_grid"]) {
        Eigen::VectorXd gradient;
        Eigen::RowVectorXd x(1);
        x << entry["x"].get<double>();
        const double value = std::exp(gain.logValue(x, gradient));
        // The published values use 41 nodes where we are exact.
        QVERIFY(test::near(value, entry["KG"].get<double>(), 0.0, 2e-3));
        QVERIFY(test::near(value * gradient(0), entry["grad_envelope"].get<double>(), 0.0, 3e-2));
    }
    // Over the measured points and x it is the noisy expected improvement of decision theory.
    for (const Golden& entry : m_golden["acquisitions"]["noisy_EI_frazier"]["values"]) {
        Eigen::RowVectorXd x(1);
        x << entry["x"].get<double>();
        Eigen::VectorXd a(4);
        Eigen::VectorXd b(4);
        Eigen::MatrixXd points(4, 1);
        points << m_example.x, x;
        a << process.predict(points).mean;
        const Eigen::MatrixXd joint = process.jointCovariance(points);
        b = joint.col(3) / std::sqrt(joint(3, 3) + 0.04);
        const double expected = entry["noisy_EI"].get<double>();
        const double gainOfMaximum = std::exp(expectedMaximumGain(a, b).logGain);
        const double rise = a.maxCoeff() - a.head(3).maxCoeff();
        QVERIFY(test::near(gainOfMaximum + rise, expected, 1e-9, 1e-12));
    }
}

void KnowledgeGradientTest::againstBruteForce() {
    // Every fantasy outcome by refitting the process: one dimension, minimised.
    const GaussianProcess process = test::sampleProcess(5, 7, 1, 0.02);
    const Eigen::MatrixXd grid = Eigen::VectorXd::LinSpaced(101, 0.0, 1.0);
    const KnowledgeGradient gain(process, grid, false, 0.02);
    for (const double at : {0.04, 0.37, 0.71}) {
        Eigen::RowVectorXd x(1);
        x << at;
        const GpPrediction here = process.predict(x);
        const double sd = std::sqrt(here.variance(0) + 0.02);
        Eigen::MatrixXd points(102, 1);
        points << grid, x;
        double expected = 0.0;
        for (int k = 0; k < 400; ++k) {
            const double z = -8.0 + (k + 0.5) * 0.04;
            const GaussianProcess after = process.withObservation(x, here.mean(0) + sd * z);
            expected += 0.04 * normalPdf(z) * after.predict(points).mean.minCoeff();
        }
        expected = process.predict(points).mean.minCoeff() - expected;
        Eigen::MatrixXd one = x;
        QVERIFY(test::near(std::exp(gain.logValues(one)(0)), expected, 1e-4, 1e-9));
    }
}

void KnowledgeGradientTest::continuousAgainstBruteForce_data() {
    QTest::addColumn<bool>("maximise");
    QTest::addColumn<double>("noise");
    QTest::newRow("minimise") << false << 0.02;
    QTest::newRow("maximise") << true << 0.02;
    QTest::newRow("noise-free") << false << 1e-6;
    QTest::newRow("noisy") << true << 0.5;
}

void KnowledgeGradientTest::continuousAgainstBruteForce() {
    // Truth: a grid so dense that its maximum is the continuous one, exactly over the outcome. The gain has
    // nine candidates only, so the discrete one misses much.
    QFETCH(bool, maximise);
    QFETCH(double, noise);
    const GaussianProcess process = test::sampleProcess(5, 7, 1, noise);
    const Eigen::MatrixXd dense = Eigen::VectorXd::LinSpaced(4001, 0.0, 1.0);
    const KnowledgeGradient truth(process, dense, maximise, noise);
    const Eigen::MatrixXd coarse = Eigen::VectorXd::LinSpaced(9, 0.05, 0.95);
    const KnowledgeGradient gain(process, coarse, maximise, noise,
                                 [](const Eigen::RowVectorXd&) { return std::vector<Eigen::Index>{0}; });
    Eigen::ArrayXd expected(31);
    Eigen::ArrayXd continuous(31);
    Eigen::ArrayXd discrete(31);
    for (Eigen::Index k = 0; k < 31; ++k) {
        Eigen::RowVectorXd x(1);
        x << 0.013 + 0.0324 * static_cast<double>(k);
        Eigen::VectorXd gradient;
        expected(k) = std::exp(truth.logValue(x, gradient));
        continuous(k) = std::exp(gain.continuousLogValue(x, gradient));
        discrete(k) = std::exp(gain.logValue(x, gradient));
    }
    // The dense grid misses the continuous maximum by as little as its distance squared.
    QVERIFY((continuous <= expected * (1.0 + 1e-5) + 1e-7).all());
    const double worst = (expected - continuous).maxCoeff() / expected.maxCoeff();
    QVERIFY2(worst < 0.05, qPrintable(QString::number(worst)));
    const double gained = (expected - continuous).mean() / (expected - discrete).mean();
    QVERIFY2(gained < 0.2, qPrintable(QString("error %1 of that of the candidates alone").arg(gained)));
}

void KnowledgeGradientTest::continuousIsNeverBelowDiscrete() {
    const GaussianProcess process = test::sampleProcess(8, 15, 3, 0.01);
    // The middle feature is a choice: candidates keep theirs.
    Rng rng(3, "points");
    Eigen::MatrixXd candidates(6, 3);
    for (Eigen::Index i = 0; i < 6; ++i)
        candidates.row(i) << rng.uniform(), static_cast<double>(i % 2), rng.uniform();
    const FreeColumns free = [](const Eigen::RowVectorXd&) { return std::vector<Eigen::Index>{0, 2}; };
    for (const bool maximise : {false, true}) {
        const KnowledgeGradient gain(process, candidates, maximise, 0.01, free);
        QCOMPARE(gain.posterior().anchors().rows(), Eigen::Index{7}); // the best mean joined
        int better = 0;
        int kinks = 0;
        for (int k = 0; k < 30; ++k) {
            Eigen::RowVectorXd x(3);
            x << rng.uniform(), static_cast<double>(k % 2), rng.uniform();
            Eigen::VectorXd gradient;
            const double discrete = gain.logValue(x, gradient);
            const double value = gain.continuousLogValue(x, gradient);
            QVERIFY2(value >= discrete - 1e-7, qPrintable(QString("%1 < %2").arg(value).arg(discrete)));
            better += value > discrete + 1e-3 ? 1 : 0;
            for (const Eigen::Index c : {0, 2}) {
                Eigen::VectorXd ignored;
                Eigen::RowVectorXd ahead = x;
                Eigen::RowVectorXd behind = x;
                ahead(c) += 1e-5;
                behind(c) -= 1e-5;
                const double difference =
                    (gain.continuousLogValue(ahead, ignored) - gain.continuousLogValue(behind, ignored)) /
                    2e-5;
                kinks += std::abs(gradient(c) - difference) < 5e-3 * (1.0 + std::abs(difference)) ? 0 : 1;
            }
        }
        QVERIFY(better > 10);
        // Where another basin takes over between both sides the difference is no derivative: of 60.
        QVERIFY2(kinks <= 2, qPrintable(QString::number(kinks)));
    }
}

QTEST_APPLESS_MAIN(KnowledgeGradientTest)
#include "tst_knowledge_gradient.moc"
