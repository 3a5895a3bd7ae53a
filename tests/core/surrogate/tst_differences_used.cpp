// What stands on a posterior knows the measured differences as well.
#include "acquisition/anchored_posterior.h"
#include "acquisition/knowledge_gradient.h"
#include "differences_textbook.h"
#include "near.h"
#include "surrogate/importance.h"
#include "surrogate/integrated_posterior.h"
#include "surrogate/resolved_posterior.h"

#include <QTest>

#include <Eigen/Cholesky>

using namespace alidade;
using namespace alidade::test;

class DifferencesUsedTest : public QObject {
    Q_OBJECT
private slots:
    void acquisitionsSeeThePosterior();
    void resolvedValuesAreConditionedOn();
    void averagesOverInputsSeeThePosterior();
    void importanceLeavesSlopesOutWithTheirValue();
};

void DifferencesUsedTest::acquisitionsSeeThePosterior() {
    const auto process =
        GaussianProcess::condition(sample(false), KernelFamily::Matern52, hyperparameters()).value();
    const Eigen::MatrixXd anchors = places().topRows(3);
    const Eigen::RowVectorXd point = places().row(3);
    const AnchoredPosterior posterior(process, anchors);
    const Eigen::MatrixXd joint = process.jointCovariance(places());
    QVERIFY(posterior.covariance().isApprox(joint.topLeftCorner(3, 3), 1e-10));
    const AnchoredPosterior::One one = posterior.at(point);
    const AnchoredPosterior::Several several = posterior.at(Eigen::MatrixXd(point));
    for (Eigen::Index j = 0; j < 3; ++j) {
        VERIFY_NEAR(one.covariance(j), joint(3, j), 1e-10);
        VERIFY_NEAR(several.covariance(0, j), joint(3, j), 1e-10);
        const auto covariance = [&](const Eigen::RowVectorXd& x) { return posterior.at(x).covariance(j); };
        for (Eigen::Index c = 0; c < 3; ++c)
            QVERIFY(test::near(one.covarianceGradient(c, j), slope(covariance, point, c), 1e-6, 1e-8));
    }
    // The knowledge gradient: its derivative, and over the whole space no less than over candidates.
    const FreeColumns free = [](const Eigen::RowVectorXd&) { return std::vector<Eigen::Index>{0, 1, 2}; };
    const KnowledgeGradient discrete(process, anchors, false, 1e-4, {});
    const KnowledgeGradient continuous(process, anchors, false, 1e-4, free);
    Eigen::VectorXd gradient;
    Eigen::VectorXd ignored;
    const double among = discrete.logValue(point, gradient);
    QVERIFY(continuous.continuousLogValue(point, ignored) >= among - 1e-9);
    const auto gain = [&](const Eigen::RowVectorXd& x) { return discrete.logValue(x, ignored); };
    for (Eigen::Index c = 0; c < 3; ++c)
        QVERIFY(test::near(gradient(c), slope(gain, point, c), 1e-5, 1e-6));
}

/// Told the values at two places, against the textbook with these as further values without noise.
void DifferencesUsedTest::resolvedValuesAreConditionedOn() {
    const GpData data = sample(true);
    Hyperparameters hyper = hyperparameters();
    const auto process = GaussianProcess::condition(data, KernelFamily::Matern52, hyper).value();
    const Eigen::MatrixXd at = places();
    Eigen::MatrixXd normals(2, 3);
    normals << 0.3, -1.2, 0.5, 1.1, 0.4, -0.7;
    const auto resolved = ResolvedPosterior::make(process, at.topRows(2), normals).value();
    const Eigen::MatrixXd joint = process.jointCovariance(at.topRows(2));
    const Eigen::MatrixXd lower = joint.llt().matrixL();
    const ResolvedPosterior::Prediction prediction = resolved.predict(at);
    for (Eigen::Index s = 0; s < 3; ++s) {
        const Eigen::VectorXd values = process.predict(at.topRows(2)).mean + lower * normals.col(s);
        QVERIFY(resolved.resolved().col(s).isApprox(values, 1e-9));
        GpData more = data;
        more.x.conservativeResize(8, Eigen::NoChange);
        more.x.bottomRows(2) = at.topRows(2);
        more.y.conservativeResize(8);
        more.y.tail(2) = values;
        // All noise as known noise, so that the new values have none.
        more.extraNoise.conservativeResize(8);
        more.extraNoise.array() += hyper.noiseVariance;
        more.extraNoise.tail(2).setConstant(1e-12);
        more.differences.noise = process.noiseVariances().head(5);
        Hyperparameters none = hyper;
        none.noiseVariance = 0.0;
        const Textbook truth(more, KernelFamily::Matern52, none);
        for (Eigen::Index i = 2; i < 4; ++i) {
            VERIFY_NEAR(prediction.means(i, s), truth.mean(at.row(i)), 1e-7);
            VERIFY_NEAR(prediction.variance(i), truth.covariance(at.row(i), at.row(i)), 1e-7);
            const auto point = resolved.predictPoint(at.row(i));
            VERIFY_NEAR(point.means(s), prediction.means(i, s), 1e-10);
            VERIFY_NEAR(point.variance, prediction.variance(i), 1e-10);
            const auto mean = [&](const Eigen::RowVectorXd& x) { return truth.mean(x); };
            const auto variance = [&](const Eigen::RowVectorXd& x) { return truth.covariance(x, x); };
            for (Eigen::Index c = 0; c < 3; ++c) {
                QVERIFY(test::near(point.meanGradients(c, s), slope(mean, at.row(i), c), 1e-5, 1e-6));
                QVERIFY(test::near(point.varianceGradient(c), slope(variance, at.row(i), c), 1e-5, 1e-6));
            }
        }
    }
}

/// Against sums over the joint posterior at every place of the averaged input.
void DifferencesUsedTest::averagesOverInputsSeeThePosterior() {
    const auto process =
        GaussianProcess::condition(sample(false), KernelFamily::Matern52, hyperparameters()).value();
    Occurrences occurrences{{1}, Eigen::Vector3d(0.1, 0.4, 0.9), Eigen::Vector3d(0.2, 0.5, 0.3)};
    const IntegratedPosterior average(process, occurrences);
    const auto spreadOut = [&](const Eigen::RowVectorXd& point) {
        Eigen::MatrixXd rows = point.replicate(3, 1);
        rows.col(1) = occurrences.places;
        return rows;
    };
    const auto mean = [&](const Eigen::RowVectorXd& x) {
        return occurrences.weights.dot(process.predict(spreadOut(x)).mean);
    };
    const auto variance = [&](const Eigen::RowVectorXd& x) {
        return occurrences.weights.dot(process.jointCovariance(spreadOut(x)) * occurrences.weights);
    };
    const GpPrediction prediction = average.predict(places());
    for (Eigen::Index i = 0; i < 4; ++i) {
        const Eigen::RowVectorXd at = places().row(i);
        VERIFY_NEAR(prediction.mean(i), mean(at), 1e-10);
        VERIFY_NEAR(prediction.variance(i), variance(at), 1e-9);
        const GpPointPrediction point = average.predictPoint(at);
        VERIFY_NEAR(point.mean, prediction.mean(i), 1e-10);
        VERIFY_NEAR(point.variance, prediction.variance(i), 1e-10);
        for (const Eigen::Index c : {0, 2}) {
            QVERIFY(test::near(point.meanGradient(c), slope(mean, at, c), 1e-6, 1e-8));
            QVERIFY(test::near(point.varianceGradient(c), slope(variance, at, c), 1e-6, 1e-8));
        }
        const Eigen::RowVectorXd other = places().row((i + 1) % 4);
        Eigen::MatrixXd rows(4, 3);
        rows << spreadOut(at), other;
        const double shared = occurrences.weights.dot(process.jointCovariance(rows).col(3).head(3));
        VERIFY_NEAR(average.covarianceWith(at, other)(0), shared, 1e-9);
    }
}

void DifferencesUsedTest::importanceLeavesSlopesOutWithTheirValue() {
    const GpData data = surveyed(12, true);
    const Hyperparameters hyper{Eigen::Vector2d(0.7, 0.8), 4.0, 0.02, 0.1};
    const auto process = GaussianProcess::condition(data, KernelFamily::Rbf, hyper).value();
    const PermutationImportance importance = permutationImportance(process, {{0}, {1}, {}}, 1, 9).value();
    const GpPrediction others = process.leaveOneOut();
    const double variance = (data.y.array() - data.y.mean()).square().mean();
    VERIFY_NEAR(importance.error, (others.mean - data.y).squaredNorm() / 12.0 / variance, 1e-9);
    // Shuffling nothing changes nothing; shuffling what matters makes predictions worse.
    QVERIFY(std::abs(importance.increase(2)) < 1e-9);
    QVERIFY(importance.increase(0) > importance.error && importance.increase(1) > importance.error);
}

QTEST_APPLESS_MAIN(DifferencesUsedTest)
#include "tst_differences_used.moc"
