#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"

#include <QTest>

using namespace alidade;
using test::Golden;

class GaussianProcessTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_golden = test::gpGolden(); }
    void agreesWithHighPrecision_data();
    void agreesWithHighPrecision();
    void gradientsAgreeWithDifferences_data();
    void gradientsAgreeWithDifferences();
    void correlationsAgreeOneByOne();
    void appendingEqualsConditioning();
    void sharedGroupsGetTheSumOfGradients();
    void knownNoiseIsUsed();
    void rejectsBadShapes();

private:
    Golden m_golden;
};

void GaussianProcessTest::agreesWithHighPrecision_data() {
    QTest::addColumn<int>("index");
    const Golden all = test::gpGolden();
    for (int i = 0; i < static_cast<int>(all["gp"].size()); ++i)
        QTest::newRow(all["gp"][static_cast<std::size_t>(i)]["id"].get<std::string>().c_str()) << i;
}

void GaussianProcessTest::agreesWithHighPrecision() {
    QFETCH(int, index);
    const Golden& entry = m_golden["gp"][static_cast<std::size_t>(index)];
    const test::GpCase problem = test::gpCase(m_golden, entry);
    const bool illConditioned = entry["dataset"] == "illcond_d1";
    const double tolerance = illConditioned ? 1e-5 : 1e-8;
    const auto process = GaussianProcess::condition(problem.data, problem.family, problem.hyper).value();
    QCOMPARE(process.jitter(), 0.0);
    VERIFY_NEAR(process.logMarginalLikelihood(), entry["lml"].get<double>(), illConditioned ? 1e-6 : 1e-8);
    const GpPrediction prediction = process.predict(problem.at);
    const Eigen::VectorXd mean = test::vectorOf(entry["post_mean"]);
    const Eigen::VectorXd variance = test::vectorOf(entry["post_var"]);
    const Eigen::MatrixXd meanSlopes = test::matrixOf(entry["dmean_dx"]);
    const Eigen::MatrixXd varianceSlopes = test::matrixOf(entry["dvar_dx"]);
    const Eigen::MatrixXd joint = process.jointCovariance(problem.at);
    const Eigen::MatrixXd expectedJoint = test::matrixOf(entry["post_cov"]);
    const double floor = illConditioned ? 1e-7 : 1e-12 * problem.hyper.outputVariance;
    for (Eigen::Index i = 0; i < problem.at.rows(); ++i) {
        QVERIFY(test::near(prediction.mean(i), mean(i), tolerance, floor));
        QVERIFY(test::near(prediction.variance(i), variance(i), tolerance, floor));
        const GpPointPrediction point = process.predictPoint(problem.at.row(i));
        QVERIFY(test::near(point.mean, mean(i), tolerance, floor));
        QVERIFY(test::near(point.variance, variance(i), tolerance, floor));
        for (Eigen::Index c = 0; c < problem.at.cols(); ++c) {
            QVERIFY(test::near(point.meanGradient(c), meanSlopes(i, c), tolerance,
                               illConditioned ? 1e-4 : 1e-10));
            QVERIFY(test::near(point.varianceGradient(c), varianceSlopes(i, c), tolerance,
                               illConditioned ? 1e-4 : 1e-10));
        }
        for (Eigen::Index j = 0; j < problem.at.rows(); ++j)
            QVERIFY(test::near(joint(i, j), expectedJoint(i, j), tolerance, floor));
    }
    const auto likelihood = logMarginalLikelihood(problem.data, problem.family, problem.hyper).value();
    const double gradientTolerance = illConditioned ? 1e-5 : 1e-8;
    VERIFY_NEAR(likelihood.value, entry["lml"].get<double>(), illConditioned ? 1e-6 : 1e-8);
    const Eigen::VectorXd byLength = test::vectorOf(entry["dlml_dlog_lengthscale"]);
    for (Eigen::Index g = 0; g < byLength.size(); ++g)
        VERIFY_NEAR(likelihood.logLengthScales(g), byLength(g), gradientTolerance);
    VERIFY_NEAR(likelihood.logOutputVariance, entry["dlml_dlog_outputscale"].get<double>(),
                gradientTolerance);
    VERIFY_NEAR(likelihood.logNoiseVariance, entry["dlml_dlog_noise_var"].get<double>(), gradientTolerance);
    VERIFY_NEAR(likelihood.mean, entry["dlml_dmean_const"].get<double>(), gradientTolerance);
    const GpPrediction leaveOneOut = process.leaveOneOut();
    const Eigen::VectorXd looMean = test::vectorOf(entry["loo_mean"]);
    const Eigen::VectorXd looVariance = test::vectorOf(entry["loo_var"]);
    for (Eigen::Index i = 0; i < looMean.size(); ++i) {
        QVERIFY(test::near(leaveOneOut.mean(i), looMean(i), illConditioned ? 1e-4 : 1e-8, 1e-9));
        VERIFY_NEAR(leaveOneOut.variance(i), looVariance(i), illConditioned ? 1e-5 : 1e-8);
    }
}

void GaussianProcessTest::gradientsAgreeWithDifferences_data() {
    QTest::addColumn<int>("family");
    for (const auto family :
         {KernelFamily::Rbf, KernelFamily::Matern12, KernelFamily::Matern32, KernelFamily::Matern52})
        QTest::newRow(std::string(kernelName(family)).c_str()) << static_cast<int>(family);
}

void GaussianProcessTest::gradientsAgreeWithDifferences() {
    QFETCH(int, family);
    const auto kernel = static_cast<KernelFamily>(family);
    Rng rng(1, "gradients");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(12, 4, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y = Eigen::VectorXd::NullaryExpr(12, [&](Eigen::Index) { return rng.normal(); });
    data.groups = {0, 1, 1, 2};
    const Hyperparameters hyper{Eigen::Vector3d(0.4, 0.8, 1.3), 1.7, 0.02, 0.3};
    const auto process = GaussianProcess::condition(data, kernel, hyper).value();
    const Eigen::RowVectorXd at = Eigen::RowVector4d(0.31, 0.52, 0.18, 0.77);
    const GpPointPrediction point = process.predictPoint(at);
    constexpr double kStep = 1e-6;
    for (Eigen::Index c = 0; c < 4; ++c) {
        Eigen::RowVectorXd up = at;
        Eigen::RowVectorXd down = at;
        up(c) += kStep;
        down(c) -= kStep;
        const GpPrediction above = process.predict(up);
        const GpPrediction below = process.predict(down);
        QVERIFY(test::near(point.meanGradient(c), (above.mean(0) - below.mean(0)) / (2 * kStep), 1e-6, 1e-7));
        QVERIFY(test::near(point.varianceGradient(c), (above.variance(0) - below.variance(0)) / (2 * kStep),
                           1e-6, 1e-7));
    }
    const auto likelihood = logMarginalLikelihood(data, kernel, hyper).value();
    const auto valueWith = [&](auto change) {
        Hyperparameters changed = hyper;
        change(changed);
        return logMarginalLikelihood(data, kernel, changed)->value;
    };
    for (Eigen::Index g = 0; g < 3; ++g) {
        const double up = valueWith([&](Hyperparameters& h) { h.lengthScales(g) *= std::exp(kStep); });
        const double down = valueWith([&](Hyperparameters& h) { h.lengthScales(g) *= std::exp(-kStep); });
        QVERIFY(test::near(likelihood.logLengthScales(g), (up - down) / (2 * kStep), 1e-6, 1e-7));
    }
    const double up = valueWith([&](Hyperparameters& h) { h.noiseVariance *= std::exp(kStep); });
    const double down = valueWith([&](Hyperparameters& h) { h.noiseVariance *= std::exp(-kStep); });
    QVERIFY(test::near(likelihood.logNoiseVariance, (up - down) / (2 * kStep), 1e-6, 1e-7));
}

void GaussianProcessTest::correlationsAgreeOneByOne() {
    for (const auto family :
         {KernelFamily::Rbf, KernelFamily::Matern12, KernelFamily::Matern32, KernelFamily::Matern52}) {
        Eigen::ArrayXd extremes(9);
        extremes << 0.0, 1e-12, 1e-3, 0.5, 1.0, 7.0, 60.0, 1e4, 1e12;
        // More than are computed in one piece.
        const Eigen::ArrayXd many = Eigen::ArrayXd::LinSpaced(1300, 0.0, 80.0);
        for (const Eigen::ArrayXd& squared : {extremes, many}) {
            Eigen::ArrayXd values = squared;
            Eigen::ArrayXd slopes(squared.size());
            correlations(family, values, &slopes);
            for (Eigen::Index i = 0; i < squared.size(); ++i) {
                const Correlation expected = correlationWithSlope(family, squared(i));
                QVERIFY(test::near(values(i), expected.value, 1e-13, 1e-300));
                QVERIFY(test::near(slopes(i), expected.slope, 1e-13, 1e-300));
            }
        }
    }
}

void GaussianProcessTest::appendingEqualsConditioning() {
    Rng rng(2, "append");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(9, 2, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y = Eigen::VectorXd::NullaryExpr(9, [&](Eigen::Index) { return rng.normal(); });
    data.groups = oneGroupPerColumn(2);
    const Hyperparameters hyper{Eigen::Vector2d(0.3, 0.5), 1.0, 1e-3, 0.0};
    GpData fewer = data;
    fewer.x.conservativeResize(8, Eigen::NoChange);
    fewer.y.conservativeResize(8);
    const auto whole = GaussianProcess::condition(data, KernelFamily::Matern52, hyper).value();
    const auto grown = GaussianProcess::condition(fewer, KernelFamily::Matern52, hyper)
                           ->withObservation(data.x.row(8), data.y(8));
    const Eigen::MatrixXd at = Eigen::MatrixXd::Random(5, 2);
    QVERIFY(whole.predict(at).mean.isApprox(grown.predict(at).mean, 1e-10));
    QVERIFY(whole.predict(at).variance.isApprox(grown.predict(at).variance, 1e-9));
    VERIFY_NEAR(grown.logMarginalLikelihood(), whole.logMarginalLikelihood(), 1e-10);
}

void GaussianProcessTest::sharedGroupsGetTheSumOfGradients() {
    Rng rng(3, "groups");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(10, 2, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y = Eigen::VectorXd::NullaryExpr(10, [&](Eigen::Index) { return rng.normal(); });
    data.groups = {0, 1};
    const auto apart =
        logMarginalLikelihood(data, KernelFamily::Matern32, {Eigen::Vector2d(0.6, 0.6), 1.0, 0.01, 0.0})
            .value();
    data.groups = {0, 0};
    const auto together = logMarginalLikelihood(data, KernelFamily::Matern32,
                                                {Eigen::VectorXd::Constant(1, 0.6), 1.0, 0.01, 0.0})
                              .value();
    VERIFY_NEAR(together.logLengthScales(0), apart.logLengthScales.sum(), 1e-10);
}

void GaussianProcessTest::knownNoiseIsUsed() {
    GpData data;
    data.x = Eigen::Vector2d(0.0, 1.0);
    data.y = Eigen::Vector2d(1.0, 1.0);
    data.groups = {0};
    data.extraNoise = Eigen::Vector2d(0.0, 1e6);
    const auto process = GaussianProcess::condition(data, KernelFamily::Rbf,
                                                    {Eigen::VectorXd::Constant(1, 0.1), 1.0, 1e-8, 0.0})
                             .value();
    const GpPrediction prediction = process.predict(data.x);
    QVERIFY(prediction.mean(0) > 0.99);
    QVERIFY(std::abs(prediction.mean(1)) < 1e-5);
}

void GaussianProcessTest::rejectsBadShapes() {
    GpData data;
    data.x = Eigen::MatrixXd::Zero(2, 1);
    data.y = Eigen::VectorXd::Zero(3);
    data.groups = {0};
    const Hyperparameters hyper{Eigen::VectorXd::Ones(1), 1.0, 0.1, 0.0};
    QVERIFY(!GaussianProcess::condition(data, KernelFamily::Rbf, hyper).ok());
    data.y = Eigen::Vector2d(0.0, NAN);
    QVERIFY(!GaussianProcess::condition(data, KernelFamily::Rbf, hyper).ok());
    data.y = Eigen::Vector2d(0.0, 1.0);
    data.groups = {1};
    QVERIFY(!GaussianProcess::condition(data, KernelFamily::Rbf, hyper).ok());
}

QTEST_APPLESS_MAIN(GaussianProcessTest)
#include "tst_gaussian_process.moc"
