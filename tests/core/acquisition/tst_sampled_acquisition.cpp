#include "acquisition/analytic.h"
#include "acquisition/entropy_search.h"
#include "acquisition/knowledge_gradient.h"
#include "acquisition/sampled_improvement.h"
#include "base/rng.h"
#include "compare_gradient.h"
#include "gp_golden.h"
#include "math/normal.h"
#include "near.h"
#include "sample_process.h"

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
    void noisyImprovementAgainstMonteCarlo();
    void withoutAnchorsItIsLogExpectedImprovement();
    void greedyGainsAddUpToTheBatch();
    void informationOfATruncation();
    void maxValueEntropyAgainstIntegration();
    void jointEntropyAgainstIntegration();
    void gradients_data();
    void gradients();

private:
    Golden m_golden;
};

void SampledAcquisitionTest::initTestCase() {
    m_golden = Golden::parse(test::readFile(test::dataPath("hpo_public.json")));
}

void SampledAcquisitionTest::noisyImprovementAgainstMonteCarlo() {
    const GaussianProcess process = test::sampleProcess(11, 12, 2, 0.1);
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
    const GaussianProcess process = test::sampleProcess(2, 9, 3, 1e-4);
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
    const GaussianProcess process = test::sampleProcess(21, 10, 2, 0.01);
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
    const GaussianProcess process = test::sampleProcess(8, 8, 1, 0.05);
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
    const GaussianProcess process = test::sampleProcess(8, 8, 1, 0.05);
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
        const GaussianProcess process = test::sampleProcess(31, 14, 3, noise);
        const Eigen::MatrixXd anchors = process.data().x.topRows(5);
        const Eigen::MatrixXd others = test::sampleProcess(32, 20, 3, noise).data().x;
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
    test::compareGradient(function.one, function.several);
}

QTEST_APPLESS_MAIN(SampledAcquisitionTest)
#include "tst_sampled_acquisition.moc"
