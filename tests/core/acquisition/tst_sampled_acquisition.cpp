// Long because: all acquisitions by sampling share the reference values, sample processes and gradient check.
#include "acquisition/analytic.h"
#include "acquisition/entropy_search.h"
#include "acquisition/knowledge_gradient.h"
#include "acquisition/sampled_improvement.h"
#include "acquisition/shotgun.h"
#include "base/rng.h"
#include "gp_golden.h"
#include "math/normal.h"
#include "near.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <numbers>

using namespace alidade;
using test::Golden;

// Acquisitions without a closed form against the formulas' published values, plain Monte Carlo, sums over
// fine grids, and finite differences.

class SampledAcquisitionTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void expectedMaximumOfLines();
    void expectedMaximumGradients();
    void knowledgeGradientOnAGrid();
    void knowledgeGradientAgainstBruteForce();
    void continuousKnowledgeGradientAgainstBruteForce_data();
    void continuousKnowledgeGradientAgainstBruteForce();
    void continuousKnowledgeGradientIsNeverBelowTheDiscreteOne();
    void noisyImprovementAgainstMonteCarlo();
    void withoutAnchorsItIsLogExpectedImprovement();
    void greedyGainsAddUpToTheBatch();
    void informationOfATruncation();
    void maxValueEntropyAgainstIntegration();
    void jointEntropyAgainstIntegration();
    void gradients_data();
    void gradients();
    void shotgunRadii_data();
    void shotgunRadii();
    void shotgunDrawsAreTruncatedNormals();
    void frontOfMeanAndSpread();

private:
    static GaussianProcess sample(std::uint64_t seed, Eigen::Index n, Eigen::Index d, double noise);

    Golden m_golden;
    GpData m_example; // the example of the published values: three points on [0, 1]
    Hyperparameters m_exampleHyper;
};

void SampledAcquisitionTest::initTestCase() {
    m_golden = Golden::parse(test::readFile(test::dataPath("hpo_public.json")));
    m_example.x = Eigen::Vector3d(0.1, 0.5, 0.9);
    m_example.y = Eigen::Vector3d(0.3, 0.8, 0.1);
    m_example.groups = {0};
    m_exampleHyper = {Eigen::VectorXd::Constant(1, 0.3), 1.0, 0.04, 0.0};
}

GaussianProcess SampledAcquisitionTest::sample(std::uint64_t seed, Eigen::Index n, Eigen::Index d,
                                               double noise) {
    Rng rng(seed, "test");
    GpData data{Eigen::MatrixXd(n, d), Eigen::VectorXd(n), oneGroupPerColumn(d), {}};
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index c = 0; c < d; ++c)
            data.x(i, c) = rng.uniform();
        data.y(i) = std::sin(6.0 * data.x(i, 0)) + data.x.row(i).squaredNorm() + 0.1 * rng.normal();
    }
    Hyperparameters hyper{Eigen::VectorXd::LinSpaced(d, 0.3, 0.5), 1.2, noise, 0.1};
    return GaussianProcess::condition(std::move(data), KernelFamily::Matern52, hyper).value();
}

void SampledAcquisitionTest::expectedMaximumOfLines() {
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

void SampledAcquisitionTest::expectedMaximumGradients() {
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

void SampledAcquisitionTest::knowledgeGradientOnAGrid() {
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

void SampledAcquisitionTest::knowledgeGradientAgainstBruteForce() {
    // Every fantasy outcome by refitting the process: one dimension, minimised.
    const GaussianProcess process = sample(5, 7, 1, 0.02);
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

void SampledAcquisitionTest::continuousKnowledgeGradientAgainstBruteForce_data() {
    QTest::addColumn<bool>("maximise");
    QTest::addColumn<double>("noise");
    QTest::newRow("minimise") << false << 0.02;
    QTest::newRow("maximise") << true << 0.02;
    QTest::newRow("noise-free") << false << 1e-6;
    QTest::newRow("noisy") << true << 0.5;
}

void SampledAcquisitionTest::continuousKnowledgeGradientAgainstBruteForce() {
    // Truth: a grid so dense that its maximum is the continuous one, exactly over the outcome. The gain has
    // nine candidates only, so the discrete one misses much.
    QFETCH(bool, maximise);
    QFETCH(double, noise);
    const GaussianProcess process = sample(5, 7, 1, noise);
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

void SampledAcquisitionTest::continuousKnowledgeGradientIsNeverBelowTheDiscreteOne() {
    const GaussianProcess process = sample(8, 15, 3, 0.01);
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

void SampledAcquisitionTest::noisyImprovementAgainstMonteCarlo() {
    const GaussianProcess process = sample(11, 12, 2, 0.1);
    SampledImprovementOptions options;
    options.samples = 512;
    const Eigen::MatrixXd anchors = process.data().x.topRows(6);
    const auto improvement = SampledImprovement::make(process, anchors, options).value();
    Eigen::MatrixXd points(3, 2);
    points << 0.85, 0.2, 0.5, 0.5, 0.75, 0.05;
    const Eigen::VectorXd logs = improvement.logValues(points);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        Eigen::MatrixXd all(7, 2);
        all << anchors, points.row(i);
        const CholeskyFactor factor = factorise(process.jointCovariance(all)).value();
        const Eigen::VectorXd mean = process.predict(all).mean;
        Rng rng(7, "monte carlo", static_cast<std::uint64_t>(i));
        double sum = 0.0;
        double squares = 0.0;
        constexpr int kDraws = 200000;
        for (int k = 0; k < kDraws; ++k) {
            Eigen::VectorXd z(7);
            for (double& entry : z)
                entry = rng.normal();
            const Eigen::VectorXd f = mean + factor.lower * z;
            const double gain = std::max(0.0, f.head(6).minCoeff() - f(6));
            sum += gain;
            squares += gain * gain;
        }
        const double average = sum / kDraws;
        const double error = std::sqrt((squares / kDraws - average * average) / kDraws);
        QVERIFY2(std::abs(std::exp(logs(i)) - average) < 4.0 * error + 0.02 * average,
                 qPrintable(QString("%1 against %2 +- %3").arg(std::exp(logs(i))).arg(average).arg(error)));
    }
}

void SampledAcquisitionTest::withoutAnchorsItIsLogExpectedImprovement() {
    const GaussianProcess process = sample(2, 9, 3, 1e-4);
    const auto improvement =
        SampledImprovement::make(process, Eigen::MatrixXd(0, 3), {false, -0.4, 64, 1}).value();
    Rng rng(4, "points");
    for (int i = 0; i < 20; ++i) {
        Eigen::RowVectorXd x(3);
        for (double& entry : x)
            entry = rng.uniform();
        const GpPointPrediction point = process.predictPoint(x);
        const AcquisitionValue exact =
            logExpectedImprovement({false, -0.4}, point.mean, std::sqrt(point.variance));
        Eigen::VectorXd gradient;
        QCOMPARE(improvement.logValue(x, gradient), exact.value);
        QCOMPARE(improvement.logValues(x)(0), exact.value);
    }
    QVERIFY(!SampledImprovement::make(process, Eigen::MatrixXd(0, 3), {}).ok());
}

void SampledAcquisitionTest::greedyGainsAddUpToTheBatch() {
    // E[max improvement of a batch] is the sum of the gains of its points, one after the other.
    const GaussianProcess process = sample(21, 10, 2, 0.01);
    const double best = -0.2;
    Eigen::MatrixXd batch(3, 2);
    batch << 0.8, 0.1, 0.7, 0.3, 0.95, 0.25;
    double sum = 0.0;
    for (Eigen::Index k = 0; k < 3; ++k) {
        const auto gain = SampledImprovement::make(process, batch.topRows(k), {false, best, 4096, 3}).value();
        sum += std::exp(gain.logValues(batch.row(k))(0));
    }
    const double whole = batchImprovement(process, batch, best, false, 65536, 9).value();
    VERIFY_NEAR(sum, whole, 5e-3);
    const GpPointPrediction first = process.predictPoint(batch.row(0));
    VERIFY_NEAR(batchImprovement(process, batch.topRows(1), best, false, 65536, 9).value(),
                expectedImprovement({false, best}, first.mean, std::sqrt(first.variance)).value, 2e-3);
}

void SampledAcquisitionTest::informationOfATruncation() {
    for (const Golden& entry : m_golden["acquisitions"]["MES"]) {
        const double mean = entry["mu"].get<double>();
        const double sd = entry["sd"].get<double>();
        double sum = 0.0;
        for (const Golden& optimum : entry["ystar"])
            sum += truncationInformation((optimum.get<double>() - mean) / sd, 1.0).value;
        QVERIFY(test::near(sum / static_cast<double>(entry["ystar"].size()), entry["value"].get<double>(),
                           1e-9, 1e-15));
    }
    for (const Golden& entry : m_golden["acquisitions"]["MF_MES"]) {
        const double correlation =
            entry["cov"].get<double>() / (entry["sd_m"].get<double>() * entry["sd_M"].get<double>());
        const double bound =
            (entry["fstar"].get<double>() - entry["mu_M"].get<double>()) / entry["sd_M"].get<double>();
        QVERIFY(test::near(truncationInformation(bound, correlation).value, entry["info_gain"].get<double>(),
                           1e-5, 1e-9));
    }
    // Entropy of the density of y by a plain sum.
    for (const double bound : {-3.0, -0.5, 0.0, 1.0, 2.5})
        for (const double correlation : {0.05, 0.4, 0.71, 0.95, 0.999}) {
            const double rest = std::sqrt(1.0 - correlation * correlation);
            double entropy = 0.0;
            for (int k = 0; k < 400000; ++k) {
                const double t = -12.0 + (k + 0.5) * 6e-5;
                const double logDensity =
                    logNormalPdf(t) + logNormalCdf((bound - correlation * t) / rest) - logNormalCdf(bound);
                entropy -= 6e-5 * std::exp(logDensity) * logDensity;
            }
            const double expected = 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e) - entropy;
            const TruncationInformation information = truncationInformation(bound, correlation);
            QVERIFY2(test::near(information.value, expected, 1e-7, 1e-9),
                     qPrintable(QString("bound %1, correlation %2: %3 against %4")
                                    .arg(bound)
                                    .arg(correlation)
                                    .arg(information.value, 0, 'g', 12)
                                    .arg(expected, 0, 'g', 12)));
            const double step = 1e-5;
            QVERIFY(test::near(information.byBound,
                               (truncationInformation(bound + step, correlation).value -
                                truncationInformation(bound - step, correlation).value) /
                                   (2.0 * step),
                               1e-5, 1e-7));
            QVERIFY(test::near(information.byCorrelation,
                               (truncationInformation(bound, correlation + step).value -
                                truncationInformation(bound, correlation - step).value) /
                                   (2.0 * step),
                               1e-4, 1e-7));
        }
}

void SampledAcquisitionTest::maxValueEntropyAgainstIntegration() {
    const GaussianProcess process = sample(8, 8, 1, 0.05);
    const Eigen::Vector3d optima(-1.2, -1.0, -1.5);
    const MaxValueEntropy entropy(process, optima, false, 0.05);
    for (const double at : {0.15, 0.8}) {
        Eigen::RowVectorXd x(1);
        x << at;
        const GpPrediction here = process.predict(x);
        const double sd = std::sqrt(here.variance(0));
        double expected = 0.0;
        for (const double optimum : optima) {
            // p(y | f >= optimum) by a sum over f, its entropy by a sum over y.
            constexpr int kSteps = 600;
            const double total = std::sqrt(here.variance(0) + 0.05);
            std::vector<double> latent;
            double mass = 0.0;
            const double low = std::max(optimum, here.mean(0) - 8.0 * sd);
            const double width = (here.mean(0) + 8.0 * sd - low) / kSteps;
            for (int i = 0; i < kSteps; ++i) {
                latent.push_back(normalPdf((low + (i + 0.5) * width - here.mean(0)) / sd));
                mass += latent.back();
            }
            double conditional = 0.0;
            for (int k = 0; k < kSteps; ++k) {
                const double y = here.mean(0) + total * (-8.0 + 16.0 * (k + 0.5) / kSteps);
                double density = 0.0;
                for (int i = 0; i < kSteps; ++i)
                    density += latent[static_cast<std::size_t>(i)] / mass *
                               normalPdf((y - low - (i + 0.5) * width) / std::sqrt(0.05)) / std::sqrt(0.05);
                if (density > 0.0)
                    conditional -= 16.0 * total / kSteps * density * std::log(density);
            }
            expected +=
                (std::log(total) + 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e) - conditional) /
                3.0;
        }
        QVERIFY(test::near(std::exp(entropy.logValues(x)(0)), expected, 1e-3, 1e-5));
    }
}

void SampledAcquisitionTest::jointEntropyAgainstIntegration() {
    // One sampled optimum: the posterior conditioned by hand, the outcome's entropy by a sum over y.
    const GaussianProcess process = sample(8, 8, 1, 0.05);
    Eigen::MatrixXd optimiser(1, 1);
    optimiser << 0.62;
    Eigen::VectorXd optimum(1);
    optimum << 2.4;
    const auto entropy = JointEntropy::make(process, optimiser, optimum, true, 0.05).value();
    for (const double at : {0.3, 0.55, 0.9}) {
        Eigen::RowVectorXd x(1);
        x << at;
        Eigen::MatrixXd both(2, 1);
        both << x, optimiser;
        const Eigen::MatrixXd joint = process.jointCovariance(both);
        const Eigen::VectorXd mean = process.predict(both).mean;
        const double m = mean(0) + joint(0, 1) / joint(1, 1) * (optimum(0) - mean(1));
        const double v = joint(0, 0) - joint(0, 1) * joint(0, 1) / joint(1, 1);
        double conditional = 0.0;
        double mass = 0.0;
        std::vector<double> density;
        constexpr int kSteps = 1500;
        const double total = std::sqrt(v + 0.05);
        for (int k = 0; k < kSteps; ++k) {
            const double y = m + total * (-8.0 + 16.0 * (k + 0.5) / kSteps);
            // f | y is normal: probability that it stays below the optimum
            const double gain = v / (v + 0.05);
            const double below =
                normalCdf((optimum(0) - m - gain * (y - m)) / std::sqrt(v * 0.05 / (v + 0.05)));
            density.push_back(normalPdf((y - m) / total) / total * below);
            mass += density.back() * 16.0 * total / kSteps;
        }
        for (const double value : density)
            if (value > 0.0)
                conditional -= 16.0 * total / kSteps * value / mass * std::log(value / mass);
        const double expected =
            0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e * (joint(0, 0) + 0.05)) - conditional;
        QVERIFY2(test::near(std::exp(entropy.logValues(x)(0)), expected, 1e-4, 1e-6),
                 qPrintable(QString("%1 against %2")
                                .arg(std::exp(entropy.logValues(x)(0)), 0, 'g', 10)
                                .arg(expected, 0, 'g', 10)));
    }
    QVERIFY(!JointEntropy::make(process, optimiser, Eigen::VectorXd(), true, 0.0).ok());
}

using Differentiable = std::function<double(const Eigen::RowVectorXd&, Eigen::VectorXd&)>;
using Plain = std::function<Eigen::VectorXd(const Eigen::MatrixXd&)>;
struct Both {
    Differentiable one;
    Plain several;
};
Q_DECLARE_METATYPE(Both)

void SampledAcquisitionTest::gradients_data() {
    QTest::addColumn<Both>("function");
    for (const double noise : {1e-4, 0.1}) {
        const GaussianProcess process = sample(31, 14, 3, noise);
        const Eigen::MatrixXd anchors = process.data().x.topRows(5);
        const Eigen::MatrixXd others = sample(32, 20, 3, noise).data().x;
        Eigen::VectorXd optima(4);
        optima << -1.3, -1.1, -0.9, -1.6;
        for (const bool maximise : {false, true}) {
            const auto add = [&](const char* name, auto acquisition) {
                const auto shared = std::make_shared<const decltype(acquisition)>(std::move(acquisition));
                QTest::addRow("%s, %s, noise %g", name, maximise ? "maximise" : "minimise", noise)
                    << Both{[shared](const Eigen::RowVectorXd& x, Eigen::VectorXd& gradient) {
                                return shared->logValue(x, gradient);
                            },
                            [shared](const Eigen::MatrixXd& x) { return shared->logValues(x); }};
            };
            const Eigen::VectorXd signedOptima = maximise ? Eigen::VectorXd(optima.array() + 4.5) : optima;
            add("noisy improvement",
                SampledImprovement::make(process, anchors, {maximise, std::nullopt, 32, 5}).value());
            add("batch improvement",
                SampledImprovement::make(process, others.topRows(3), {maximise, 0.3, 32, 5}).value());
            add("knowledge gradient", KnowledgeGradient(process, others, maximise, noise));
            add("max-value entropy", MaxValueEntropy(process, signedOptima, maximise, noise));
            add("joint entropy",
                JointEntropy::make(process, others.topRows(4), signedOptima, maximise, noise).value());
        }
    }
}

void SampledAcquisitionTest::gradients() {
    QFETCH(Both, function);
    Rng rng(9, "gradients");
    for (int i = 0; i < 8; ++i) {
        Eigen::RowVectorXd x(3);
        for (double& entry : x)
            entry = rng.uniform(0.02, 0.98);
        Eigen::VectorXd gradient;
        Eigen::VectorXd unused;
        const double value = function.one(x, gradient);
        QVERIFY(std::isfinite(value));
        VERIFY_NEAR(value, function.several(x)(0), 1e-9);
        for (Eigen::Index c = 0; c < 3; ++c) {
            Eigen::RowVectorXd ahead = x;
            Eigen::RowVectorXd behind = x;
            ahead(c) += 1e-5;
            behind(c) -= 1e-5;
            const double difference = (function.one(ahead, unused) - function.one(behind, unused)) / 2e-5;
            QVERIFY2(test::near(gradient(c), difference, 2e-4, 2e-5 * (1.0 + gradient.norm())),
                     qPrintable(
                         QString("%1 against %2").arg(gradient(c), 0, 'g', 10).arg(difference, 0, 'g', 10)));
        }
    }
}

void SampledAcquisitionTest::shotgunRadii_data() {
    QTest::addColumn<QString>("setup");
    QTest::addColumn<QString>("entry");
    QTest::addColumn<QList<double>>("target");
    QTest::newRow("1d, 0.3") << "1d"
                             << "1d_x0.3" << QList<double>{0.3};
    QTest::newRow("1d, 0.8") << "1d"
                             << "1d_x0.8" << QList<double>{0.8};
    QTest::newRow("2d, 0.45 0.5") << "2d"
                                  << "2d_x[0.45, 0.5]" << QList<double>{0.45, 0.5};
    QTest::newRow("2d, 0.95 0.95") << "2d"
                                   << "2d_x[0.95, 0.95]" << QList<double>{0.95, 0.95};
}

void SampledAcquisitionTest::shotgunRadii() {
    QFETCH(QString, setup);
    QFETCH(QString, entry);
    QFETCH(QList<double>, target);
    const Golden& given = m_golden["eps_shotgun"]["setup"][setup.toStdString()];
    const Golden& expected = m_golden["eps_shotgun"][entry.toStdString()];
    const auto d = static_cast<Eigen::Index>(target.size());
    GpData data;
    data.x = d == 1 ? Eigen::MatrixXd(test::vectorOf(given["X"])) : test::matrixOf(given["X"]);
    const Eigen::VectorXd y = test::vectorOf(given["Y"]);
    const double mean = y.mean();
    const double scale = std::sqrt((y.array() - mean).square().mean());
    data.y = (y.array() - mean) / scale;
    data.groups = ColumnGroups(static_cast<std::size_t>(d), 0);
    const double length = given["l"].get<double>();
    const auto process = GaussianProcess::condition(data, KernelFamily::Matern52,
                                                    {Eigen::VectorXd::Constant(1, length), 1.0, 1e-6, 0.0})
                             .value();
    Eigen::VectorXd x(d);
    for (Eigen::Index i = 0; i < d; ++i)
        x(i) = target[i];
    const GpPointPrediction at = process.predictPoint(x.transpose());
    const double outcome = mean + scale * at.mean;
    const double sd = scale * std::sqrt(at.variance + 1e-6);
    VERIFY_NEAR(outcome, expected["mu"].get<double>(), 1e-9);
    VERIFY_NEAR(sd, expected["sigma"].get<double>(), 1e-9);
    const GradientNorm norm = [&](const Eigen::VectorXd& point) {
        return scale * process.predictPoint(point.transpose()).meanGradient.norm();
    };
    const double lipschitz =
        lipschitzEstimate(norm, (x.array() - length).max(0.0), (x.array() + length).min(1.0), data.x);
    VERIFY_NEAR(lipschitz, expected["L"].get<double>(), 1e-6);
    VERIFY_NEAR(shotgunRadius(outcome, sd, y.minCoeff(), lipschitz, std::sqrt(static_cast<double>(d))),
                expected["r"].get<double>(), 1e-6);
}

void SampledAcquisitionTest::shotgunDrawsAreTruncatedNormals() {
    Rng rng(1, "draws");
    Rng other(2, "rejection");
    constexpr int kDraws = 40000;
    Eigen::RowVectorXd center(2);
    center << 0.02, 0.6;
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(2);
    Eigen::RowVectorXd reference = sum;
    for (int i = 0; i < kDraws; ++i) {
        const Eigen::RowVectorXd point = shotgunDraw(center, 0.3, rng);
        QVERIFY(point.minCoeff() >= 0.0 && point.maxCoeff() <= 1.0);
        sum += point;
        for (Eigen::Index c = 0; c < 2; ++c) {
            double value = -1.0;
            while (value < 0.0 || value > 1.0)
                value = center(c) + 0.3 * other.normal();
            reference(c) += value;
        }
    }
    for (Eigen::Index c = 0; c < 2; ++c)
        QVERIFY(std::abs(sum(c) - reference(c)) / kDraws < 0.006);
    QVERIFY(shotgunDraw(center, 0.0, rng) == center);
    QVERIFY((shotgunDraw(center, 1e-4, rng) - center).norm() < 1e-3);
}

void SampledAcquisitionTest::frontOfMeanAndSpread() {
    Eigen::VectorXd mean(6);
    Eigen::VectorXd sd(6);
    mean << 1.0, 0.5, 2.0, 0.5, 3.0, 1.0;
    sd << 0.3, 0.1, 0.9, 0.1, 0.8, 0.2;
    QCOMPARE(exploitExploreFront(mean, sd, false), (std::vector<std::size_t>{0, 1, 2}));
    QCOMPARE(exploitExploreFront(mean, sd, true), (std::vector<std::size_t>{2, 4}));
}

QTEST_APPLESS_MAIN(SampledAcquisitionTest)
#include "tst_sampled_acquisition.moc"
