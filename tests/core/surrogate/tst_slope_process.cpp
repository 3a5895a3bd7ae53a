#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"
#include "surrogate/slope_process.h"

#include <QTest>

using namespace alidade;
using test::Golden;

namespace {

struct Sample {
    GpData data;
    SlopeData slopes;
    Hyperparameters hyper{Eigen::Vector2d(0.6, 1.1), 1.4, 0.01, 0.3};
};

/// Six values and seven slopes in three columns, of which two share a length scale.
Sample sample() {
    Rng rng(7, "slopes");
    const auto draw = [&](Eigen::Index, Eigen::Index) { return rng.uniform(); };
    Sample result;
    result.data.x = Eigen::MatrixXd::NullaryExpr(6, 3, draw);
    result.data.y = Eigen::VectorXd::NullaryExpr(6, [&](Eigen::Index) { return rng.normal(); });
    result.data.groups = {0, 1, 1};
    result.slopes.x = Eigen::MatrixXd::NullaryExpr(7, 3, draw);
    result.slopes.x.row(0) = result.data.x.row(2);
    result.slopes.column = {0, 1, 2, 0, 1, 2, 0};
    result.slopes.value = Eigen::VectorXd::NullaryExpr(7, [&](Eigen::Index) { return rng.normal(); });
    result.slopes.noiseVariance = Eigen::VectorXd::Constant(7, 1e-3);
    return result;
}

void addSmoothKernels() {
    QTest::addColumn<int>("family");
    for (const auto family : {KernelFamily::Rbf, KernelFamily::Matern32, KernelFamily::Matern52})
        QTest::newRow(std::string(kernelName(family)).c_str()) << static_cast<int>(family);
}

} // namespace

class SlopeProcessTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithReference();
    void covariancesAgreeWithDifferences_data() { addSmoothKernels(); }
    void covariancesAgreeWithDifferences();
    void slopesOfThePosteriorAgreeWithDifferences_data() { addSmoothKernels(); }
    void slopesOfThePosteriorAgreeWithDifferences();
    void equalsPairsOfCloseValues();
    void withoutSlopesItIsThePlainProcess();
    void rejectsBadArguments();
};

void SlopeProcessTest::agreesWithReference() {
    const Golden entry =
        Golden::parse(test::readFile(test::dataPath("hpo_public.json")))["acquisitions"]["gradient_GP"];
    const Eigen::VectorXd x = test::vectorOf(entry["x"]);
    const Eigen::VectorXd y = test::vectorOf(entry["y"]); // f, f', f, f'
    const Eigen::VectorXd noise = test::vectorOf(entry["noise_var"]);
    GpData data;
    data.x = x;
    data.y = Eigen::Vector2d(y(0), y(2));
    data.groups = {0};
    SlopeData slopes;
    slopes.x = x;
    slopes.column = {0, 0};
    slopes.value = Eigen::Vector2d(y(1), y(3));
    slopes.noiseVariance = Eigen::Vector2d::Constant(noise(1));
    const Hyperparameters hyper{Eigen::VectorXd::Constant(1, entry["l"].get<double>()),
                                entry["s2"].get<double>(), noise(0), 0.0};
    const Eigen::MatrixXd expected = test::matrixOf(entry["K_no_noise"]);
    const Eigen::MatrixXd cross = valueSlopeCovariance(KernelFamily::Rbf, hyper, data.groups, data.x, slopes);
    const Eigen::MatrixXd square = slopeCovariance(KernelFamily::Rbf, hyper, data.groups, slopes, slopes);
    for (Eigen::Index i = 0; i < 2; ++i)
        for (Eigen::Index j = 0; j < 2; ++j) {
            QVERIFY(test::near(cross(i, j), expected(2 * i, 2 * j + 1), 1e-12, 1e-14));
            QVERIFY(test::near(square(i, j), expected(2 * i + 1, 2 * j + 1), 1e-12));
        }
    const auto process = SlopeProcess::condition(data, slopes, KernelFamily::Rbf, hyper).value();
    const GpPrediction at = process.predict(Eigen::MatrixXd::Constant(1, 1, entry["xq"].get<double>()));
    VERIFY_NEAR(at.mean(0), entry["mean"].get<double>(), 1e-9);
    VERIFY_NEAR(at.variance(0), entry["var"].get<double>(), 1e-7);
}

void SlopeProcessTest::covariancesAgreeWithDifferences() {
    QFETCH(int, family);
    const auto kernel = static_cast<KernelFamily>(family);
    const Sample s = sample();
    constexpr double kStep = 1e-5;
    const Eigen::MatrixXd cross = valueSlopeCovariance(kernel, s.hyper, s.data.groups, s.data.x, s.slopes);
    SlopeData apart = s.slopes; // slopes at other places: Matern 3/2 has no third derivative at distance 0
    apart.x.array() += 0.37;
    const Eigen::MatrixXd square = slopeCovariance(kernel, s.hyper, s.data.groups, s.slopes, apart);
    for (Eigen::Index j = 0; j < 7; ++j) {
        const Eigen::Index column = s.slopes.column[static_cast<std::size_t>(j)];
        Eigen::RowVectorXd up = s.slopes.x.row(j);
        Eigen::RowVectorXd down = up;
        up(column) += kStep;
        down(column) -= kStep;
        const Eigen::VectorXd difference = (covariance(kernel, s.hyper, s.data.groups, s.data.x, up) -
                                            covariance(kernel, s.hyper, s.data.groups, s.data.x, down)) /
                                           (2.0 * kStep);
        for (Eigen::Index i = 0; i < 6; ++i)
            QVERIFY(test::near(cross(i, j), difference(i), 1e-4, 1e-6));
        const Eigen::RowVectorXd slopeDifference =
            (valueSlopeCovariance(kernel, s.hyper, s.data.groups, up, apart) -
             valueSlopeCovariance(kernel, s.hyper, s.data.groups, down, apart)) /
            (2.0 * kStep);
        for (Eigen::Index i = 0; i < 7; ++i)
            QVERIFY(test::near(square(j, i), slopeDifference(i), 1e-4, 1e-6));
    }
}

void SlopeProcessTest::slopesOfThePosteriorAgreeWithDifferences() {
    QFETCH(int, family);
    const Sample s = sample();
    const auto process =
        SlopeProcess::condition(s.data, s.slopes, static_cast<KernelFamily>(family), s.hyper).value();
    const Eigen::RowVectorXd at = Eigen::RowVector3d(0.41, 0.33, 0.72);
    constexpr double kStep = 1e-5;
    for (Eigen::Index c = 0; c < 3; ++c) {
        Eigen::RowVectorXd up = at;
        Eigen::RowVectorXd down = at;
        up(c) += kStep;
        down(c) -= kStep;
        const double difference = (process.predict(up).mean(0) - process.predict(down).mean(0)) / (2 * kStep);
        QVERIFY(test::near(process.predictSlope(at, c).mean(0), difference, 1e-5, 1e-6));
        QVERIFY(process.predictSlope(at, c).variance(0) > 0.0);
    }
    // At a measured slope the prediction agrees with it up to its noise.
    const GpPrediction measured = process.predictSlope(s.slopes.x.row(3), 0);
    QVERIFY(measured.variance(0) <= 1.001e-3);
}

/// Two exact values a small step apart tell the value between them and the slope.
void SlopeProcessTest::equalsPairsOfCloseValues() {
    Hyperparameters hyper{Eigen::VectorXd::Constant(1, 0.5), 1.0, 0.0, 0.0};
    const Eigen::Vector3d x(0.1, 0.5, 0.8);
    const auto f = [](double v) { return std::sin(4.0 * v); };
    constexpr double kStep = 1e-3;
    GpData pairs;
    pairs.groups = {0};
    pairs.x.resize(6, 1);
    pairs.y.resize(6);
    GpData values;
    values.groups = {0};
    values.x = x;
    values.y.resize(3);
    SlopeData slopes{x, {0, 0, 0}, Eigen::VectorXd(3), Eigen::VectorXd::Zero(3)};
    for (Eigen::Index i = 0; i < 3; ++i) {
        for (const int side : {0, 1}) {
            pairs.x(2 * i + side, 0) = x(i) + (side == 0 ? -kStep : kStep);
            pairs.y(2 * i + side) = f(pairs.x(2 * i + side, 0));
        }
        values.y(i) = f(x(i));
        slopes.value(i) = 4.0 * std::cos(4.0 * x(i));
    }
    const auto exact = SlopeProcess::condition(values, slopes, KernelFamily::Matern52, hyper).value();
    const auto brute = GaussianProcess::condition(pairs, KernelFamily::Matern52, hyper).value();
    const Eigen::MatrixXd at = Eigen::VectorXd::LinSpaced(9, 0.0, 1.0);
    QVERIFY((exact.predict(at).mean - brute.predict(at).mean).cwiseAbs().maxCoeff() < 1e-3);
    QVERIFY((exact.predict(at).variance - brute.predict(at).variance).cwiseAbs().maxCoeff() < 1e-3);
}

void SlopeProcessTest::withoutSlopesItIsThePlainProcess() {
    const Sample s = sample();
    const SlopeData none{Eigen::MatrixXd(0, 3), {}, Eigen::VectorXd(0), Eigen::VectorXd(0)};
    const auto process = SlopeProcess::condition(s.data, none, KernelFamily::Matern52, s.hyper).value();
    const auto plain = GaussianProcess::condition(s.data, KernelFamily::Matern52, s.hyper).value();
    const Eigen::MatrixXd at = s.slopes.x;
    QVERIFY(process.predict(at).mean.isApprox(plain.predict(at).mean, 1e-10));
    QVERIFY(process.predict(at).variance.isApprox(plain.predict(at).variance, 1e-10));
    VERIFY_NEAR(process.logMarginalLikelihood(), plain.logMarginalLikelihood(), 1e-10);
}

void SlopeProcessTest::rejectsBadArguments() {
    const Sample s = sample();
    QCOMPARE(SlopeProcess::condition(s.data, s.slopes, KernelFamily::Matern12, s.hyper).error().code,
             ErrorCode::InvalidArgument);
    SlopeData bad = s.slopes;
    bad.column[2] = 3;
    QCOMPARE(SlopeProcess::condition(s.data, bad, KernelFamily::Rbf, s.hyper).error().code,
             ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(SlopeProcessTest)
#include "tst_slope_process.moc"
