#include "base/rng.h"
#include "near.h"
#include "surrogate/outcome_model.h"
#include "surrogate/pathwise.h"

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

GpData sampleData(Eigen::Index n, Eigen::Index d) {
    Rng rng(17, "local");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(n, d, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y.resize(n);
    for (Eigen::Index i = 0; i < n; ++i)
        data.y(i) = std::sin(5.0 * data.x(i, 0)) + std::cos(4.0 * data.x(i, 1) * data.x(i, d - 1)) +
                    0.05 * rng.normal();
    data.groups = oneGroupPerColumn(d);
    return data;
}

const Hyperparameters kHyper{Eigen::Vector3d(0.4, 0.6, 0.8), 1.0, 0.0025, 0.5};

Eigen::MatrixXd somePoints(Eigen::Index count) {
    Rng rng(18, "points");
    return Eigen::MatrixXd::NullaryExpr(count, 3, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
}

} // namespace

class LocalPredictionTest : public QObject {
    Q_OBJECT
private slots:
    void isExactWithAllNeighbours();
    void isCloseToTheExactOne();
    void gradientAgreesWithDifferences();
    void leavesOneOut();
    void thousandsOfOutcomesAreModelledLocally();
    void assumedOutcomesDoNotCrowdOutMeasuredOnes();
    void bowlsAreNotPredictedTooHigh();
};

/// Neighbours alone do not tell how a smooth function with noise bends.
void LocalPredictionTest::bowlsAreNotPredictedTooHigh() {
    Rng rng(6, "bowl");
    const auto bowl = [](const Eigen::RowVectorXd& x) {
        return 0.5 + 4.0 * (x.array() - 0.5).square().matrix().dot(Eigen::RowVector3d(1.0, 0.5, 0.3));
    };
    GpData data;
    data.groups = {0, 1, 2};
    data.x = Eigen::MatrixXd::NullaryExpr(1500, 3, [&](auto, auto) { return rng.uniform(); });
    data.y.resize(1500);
    for (Eigen::Index i = 0; i < 1500; ++i)
        data.y(i) = bowl(data.x.row(i)) + 0.03 * rng.normal();
    // As a fit of them gives: a large signal, of which a small part is seen.
    const Hyperparameters hyper{Eigen::Vector3d(3.0, 4.0, 5.0), 25.0, 9e-4, 2.0};
    for (const auto family : {KernelFamily::Rbf, KernelFamily::Matern52}) {
        const auto exact = GaussianProcess::condition(data, family, hyper).value();
        const auto local = GaussianProcess::conditionLocally(data, family, hyper, 64).value();
        const Eigen::MatrixXd at = somePoints(200);
        const Eigen::VectorXd truth = exact.predict(at).mean;
        const GpPrediction prediction = local.predict(at);
        const double error = std::sqrt((prediction.mean - truth).squaredNorm() / 200.0);
        QVERIFY2(error < 0.012, qPrintable(QString::number(error)));
        const GpPrediction others = local.leaveOneOut();
        const Eigen::ArrayXd z = (data.y - others.mean).array() / others.variance.array().sqrt();
        QVERIFY2(std::abs(z.mean()) < 0.1, qPrintable(QString::number(z.mean())));
    }
}

/// A batch assumes outcomes as predicted: that must not move what is predicted beside them.
void LocalPredictionTest::assumedOutcomesDoNotCrowdOutMeasuredOnes() {
    auto process =
        GaussianProcess::conditionLocally(sampleData(600, 3), KernelFamily::Matern52, kHyper, 20).value();
    const Eigen::RowVectorXd center = Eigen::RowVector3d(0.4, 0.5, 0.6);
    Rng rng(3, "batch");
    Eigen::MatrixXd beside(20, 3);
    for (Eigen::Index i = 0; i < 20; ++i)
        for (Eigen::Index c = 0; c < 3; ++c)
            beside(i, c) = center(c) + 0.05 * (rng.uniform() - 0.5);
    const GpPrediction before = process.predict(beside);
    for (int i = 0; i < 30; ++i) {
        const Eigen::RowVectorXd point =
            center +
            0.02 * (Eigen::RowVector3d(rng.uniform(), rng.uniform(), rng.uniform()).array() - 0.5).matrix();
        process = process.withObservation(point, process.predict(point).mean(0));
    }
    const GpPrediction after = process.predict(beside);
    for (Eigen::Index i = 0; i < 20; ++i) {
        const double sd = std::sqrt(before.variance(i));
        QVERIFY2(std::abs(after.mean(i) - before.mean(i)) < 0.5 * sd,
                 qPrintable(QString::number((after.mean(i) - before.mean(i)) / sd)));
        QVERIFY(after.variance(i) < 1.01 * before.variance(i));
    }
}

void LocalPredictionTest::isExactWithAllNeighbours() {
    const GpData data = sampleData(30, 3);
    const auto exact = GaussianProcess::condition(data, KernelFamily::Matern52, kHyper).value();
    const auto local = GaussianProcess::conditionLocally(data, KernelFamily::Matern52, kHyper, 30).value();
    QVERIFY(!exact.local());
    QVERIFY(local.local());
    const Eigen::MatrixXd at = somePoints(6);
    QVERIFY(local.predict(at).mean.isApprox(exact.predict(at).mean, 1e-10));
    QVERIFY(local.predict(at).variance.isApprox(exact.predict(at).variance, 1e-8));
    QVERIFY(local.jointCovariance(at).isApprox(exact.jointCovariance(at), 1e-8));
    QVERIFY(local.leaveOneOut().mean.isApprox(exact.leaveOneOut().mean, 1e-8));
    QVERIFY(local.leaveOneOut().variance.isApprox(exact.leaveOneOut().variance, 1e-8));
    VERIFY_NEAR(local.logMarginalLikelihood(), exact.logMarginalLikelihood(), 1e-9);
    const auto more = local.withObservation(at.row(0), 1.0);
    QVERIFY(more.predict(at).mean.isApprox(exact.withObservation(at.row(0), 1.0).predict(at).mean, 0.05));
    QCOMPARE(more.data().y.size(), Eigen::Index{31});
    QCOMPARE(GaussianProcess::conditionLocally(data, KernelFamily::Matern52, kHyper, 0).error().code,
             ErrorCode::InvalidArgument);
}

void LocalPredictionTest::isCloseToTheExactOne() {
    const GpData data = sampleData(1200, 3);
    const auto exact = GaussianProcess::condition(data, KernelFamily::Matern52, kHyper).value();
    const auto local = GaussianProcess::conditionLocally(data, KernelFamily::Matern52, kHyper, 64).value();
    const Eigen::MatrixXd at = somePoints(200);
    const GpPrediction truth = exact.predict(at);
    const GpPrediction close = local.predict(at);
    // In exact posterior standard deviations.
    const Eigen::ArrayXd errors = (close.mean - truth.mean).array().abs() / truth.variance.array().sqrt();
    QVERIFY2(std::sqrt(errors.square().mean()) < 0.5,
             qPrintable(QString::number(std::sqrt(errors.square().mean()))));
    const Eigen::ArrayXd ratio = (close.variance.array() / truth.variance.array()).sqrt();
    QVERIFY(ratio.minCoeff() > 1.0 - 1e-6); // fewer observations never make a prediction surer
    QVERIFY2(ratio.mean() < 1.2, qPrintable(QString::number(ratio.mean())));
    const double likelihood = exact.logMarginalLikelihood();
    QVERIFY(test::near(local.logMarginalLikelihood(), likelihood, 0.02));
}

void LocalPredictionTest::gradientAgreesWithDifferences() {
    const auto local =
        GaussianProcess::conditionLocally(sampleData(300, 3), KernelFamily::Matern52, kHyper, 40).value();
    const Eigen::RowVectorXd at = Eigen::RowVector3d(0.31, 0.52, 0.77);
    const GpPointPrediction point = local.predictPoint(at);
    VERIFY_NEAR(point.mean, local.predict(at).mean(0), 1e-12);
    constexpr double kStep = 1e-7; // the neighbours stay the same
    for (Eigen::Index c = 0; c < 3; ++c) {
        Eigen::RowVectorXd up = at;
        Eigen::RowVectorXd down = at;
        up(c) += kStep;
        down(c) -= kStep;
        const double mean = (local.predict(up).mean(0) - local.predict(down).mean(0)) / (2 * kStep);
        const double variance =
            (local.predict(up).variance(0) - local.predict(down).variance(0)) / (2 * kStep);
        QVERIFY(test::near(point.meanGradient(c), mean, 1e-5, 1e-6));
        QVERIFY(test::near(point.varianceGradient(c), variance, 1e-4, 1e-6));
    }
}

void LocalPredictionTest::leavesOneOut() {
    const GpData data = sampleData(400, 3);
    const auto exact = GaussianProcess::condition(data, KernelFamily::Matern52, kHyper).value();
    const auto local = GaussianProcess::conditionLocally(data, KernelFamily::Matern52, kHyper, 64).value();
    const GpPrediction truth = exact.leaveOneOut();
    const GpPrediction close = local.leaveOneOut();
    const Eigen::ArrayXd errors = (close.mean - truth.mean).array().abs() / truth.variance.array().sqrt();
    QVERIFY2(errors.mean() < 0.1, qPrintable(QString::number(errors.mean())));
}

void LocalPredictionTest::thousandsOfOutcomesAreModelledLocally() {
    const GpData data = sampleData(1500, 3);
    OutcomeModelOptions options;
    options.goal = Goal::Minimize;
    options.local = true;
    const OutcomeModel model = fitOutcomeModel({data.x, data.y, data.groups}, options).value();
    QVERIFY(model.process.local());
    const Eigen::MatrixXd at = somePoints(50);
    const GpPrediction prediction = model.process.predict(at);
    for (Eigen::Index i = 0; i < 50; ++i) {
        const double truth = std::sin(5.0 * at(i, 0)) + std::cos(4.0 * at(i, 1) * at(i, 2));
        QVERIFY(std::abs(model.toUser(prediction.mean(i)) - truth) < 0.15);
    }
    PathwiseOptions few;
    few.paths = 8;
    const Eigen::MatrixXd paths = PathwiseSamples::draw(model.process, few)->values(at);
    QVERIFY((paths.rowwise().mean() - prediction.mean).cwiseAbs().maxCoeff() < 0.3);
}

QTEST_APPLESS_MAIN(LocalPredictionTest)
#include "tst_local_prediction.moc"
