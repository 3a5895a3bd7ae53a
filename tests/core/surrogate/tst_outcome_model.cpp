#include "base/rng.h"
#include "math/normal.h"
#include "near.h"
#include "surrogate/outcome_model.h"

#include <QTest>

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

using namespace alidade;

class OutcomeModelTest : public QObject {
    Q_OBJECT
private slots:
    void transformIsInvertible_data();
    void transformIsInvertible();
    void otherShapesAreInvertible();
    void powerMaximisesTheLikelihood();
    void comparesTransforms();
    void findsOutliers();
    void improvementAgreesWithSampling_data();
    void improvementAgreesWithSampling();
    void logImprovementIsContinuous();
    void warpsOutcomesOverOrdersOfMagnitude();
    void leavesPlainOutcomesAlone();
    void mirrorsForTheOtherGoal();
    void evidenceIsThatOfTheOthersGivenTheBest();
    void setsNoSingleOutcomeApart();
    void survivesExtremeOutcomes();

private:
    static Eigen::MatrixXd points(Eigen::Index n, Eigen::Index d) {
        Rng rng(11, "points");
        return Eigen::MatrixXd::NullaryExpr(n, d, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    }
};

void OutcomeModelTest::transformIsInvertible_data() {
    QTest::addColumn<double>("anchor");
    QTest::addColumn<double>("width");
    QTest::newRow("plain") << 0.0 << 0.0;
    QTest::newRow("warped") << 3.0 << 0.01;
    QTest::newRow("wide") << -20.0 << 50.0;
}

void OutcomeModelTest::transformIsInvertible() {
    QFETCH(double, anchor);
    QFETCH(double, width);
    const OutcomeTransform transform{anchor, width, 1.3, 2.5};
    double previous = -HUGE_VAL;
    for (const double outcome : {-1e6, -3.0, 0.0, 2.99, 3.0, 3.02, 17.0, 1e9}) {
        const double modelled = transform.toModel(outcome);
        QVERIFY(modelled > previous);
        previous = modelled;
        QVERIFY(test::near(transform.toUser(modelled), outcome, 1e-11, 1e-11));
        const double step = 1e-6 * std::max(1.0, std::abs(outcome));
        const double difference =
            (transform.toModel(outcome + step) - transform.toModel(outcome - step)) / (2.0 * step);
        QVERIFY(test::near(transform.slope(outcome), difference, 1e-5, 1e-12));
    }
}

void OutcomeModelTest::otherShapesAreInvertible() {
    OutcomeTransform logarithm{0.0, 1.0, 1.3, 2.5, OutcomeTransform::Shape::Log};
    std::vector<OutcomeTransform> transforms{logarithm};
    for (const double lambda : {0.0, 0.4, 1.0, 1.7, 2.0})
        transforms.push_back({3.0, 2.0, 0.3, 1.5, OutcomeTransform::Shape::YeoJohnson, lambda});
    for (const OutcomeTransform& transform : transforms) {
        double previous = -HUGE_VAL;
        for (const double outcome : {-40.0, -3.0, 2.99, 3.0, 3.5, 17.0, 1e3}) {
            if (transform.shape == OutcomeTransform::Shape::Log && outcome <= 0.0) {
                QCOMPARE(transform.toModel(outcome), -HUGE_VAL);
                continue;
            }
            const double modelled = transform.toModel(outcome);
            QVERIFY(modelled > previous);
            previous = modelled;
            QVERIFY(test::near(transform.toUser(modelled), outcome, 1e-10, 1e-10));
            const double step = 1e-6 * std::max(1.0, std::abs(outcome));
            const double difference =
                (transform.toModel(outcome + step) - transform.toModel(outcome - step)) / (2.0 * step);
            QVERIFY(test::near(transform.slope(outcome), difference, 1e-5, 1e-12));
        }
        QVERIFY(!transformName(transform).empty());
    }
    // Lambda 1 is a straight line.
    const OutcomeTransform line{3.0, 2.0, 0.0, 1.0, OutcomeTransform::Shape::YeoJohnson, 1.0};
    VERIFY_NEAR(line.toModel(7.0), 2.0, 1e-12);
    VERIFY_NEAR(line.toModel(-1.0), -2.0, 1e-12);
}

void OutcomeModelTest::powerMaximisesTheLikelihood() {
    Rng rng(9, "power");
    Eigen::VectorXd y(200);
    for (double& outcome : y)
        outcome = 4.0 + std::exp(0.8 * rng.normal());
    const double lambda = yeoJohnsonLambda(y, 4.0, 1.0);
    // For u > 0 the transform is the logarithm of 1 + u at lambda 0; these are skewed nearly as much.
    QVERIFY(lambda < 0.3);
    const auto logLikelihood = [&](double power) {
        const OutcomeTransform transform{4.0, 1.0, 0.0, 1.0, OutcomeTransform::Shape::YeoJohnson, power};
        const Eigen::ArrayXd w = y.unaryExpr([&](double v) { return transform.toModel(v); }).array();
        double value = -100.0 * std::log((w - w.mean()).square().mean());
        for (const double outcome : y)
            value += std::log(transform.slope(outcome));
        return value;
    };
    for (int i = 0; i <= 40; ++i)
        QVERIFY(logLikelihood(lambda) >= logLikelihood(0.05 * i) - 0.01); // the search ends at 1e-4
}

void OutcomeModelTest::comparesTransforms() {
    const Eigen::MatrixXd x = points(40, 2);
    const Eigen::VectorXd y = (4.0 * x.col(0) + 3.0 * (3.0 * x.col(1).array()).sin().matrix()).array().exp();
    OutcomeModelOptions options;
    options.goal = Goal::Maximize; // asinh is anchored at the wrong end here
    options.allTransforms = true;
    const OutcomeModel model = fitOutcomeModel({x, y, {0, 1}}, options).value();
    QVERIFY(model.transform.warped());
    QVERIFY(model.transform.shape == OutcomeTransform::Shape::Log);
    QVERIFY(model.evidenceForTransform > 3.0);
    double best = 0.0;
    for (const ConsideredModel& considered : model.considered)
        best = std::max(best, considered.logEvidence);
    VERIFY_NEAR(model.evidenceForTransform, best, 1e-12);
}

void OutcomeModelTest::findsOutliers() {
    const Eigen::MatrixXd x = points(40, 2);
    Rng rng(31, "outliers");
    Eigen::VectorXd y = (4.0 * x.col(0)).array().sin() + x.col(1).array();
    for (double& outcome : y)
        outcome += 0.03 * rng.normal();
    OutcomeModelOptions options;
    options.robust = true;
    QVERIFY(fitOutcomeModel({x, y, {0, 1}}, options)->downWeighted.empty());
    Eigen::VectorXd spoilt = y;
    spoilt(7) += 3.0;
    spoilt(21) -= 2.0;
    spoilt(33) += 2.5;
    const OutcomeModel robust = fitOutcomeModel({x, spoilt, {0, 1}}, options).value();
    std::vector<Eigen::Index> rows = robust.downWeighted;
    std::sort(rows.begin(), rows.end());
    QCOMPARE(rows, (std::vector<Eigen::Index>{7, 21, 33}));
    // It predicts the clean function nearly as if the slips had not happened.
    const auto error = [&](const OutcomeModel& model) {
        const Eigen::MatrixXd at = 0.5 * (Eigen::MatrixXd::Random(50, 2).array() + 1.0);
        double sum = 0.0;
        for (Eigen::Index i = 0; i < at.rows(); ++i)
            sum += std::abs(model.toUser(model.process.predict(at.row(i)).mean(0)) -
                            std::sin(4.0 * at(i, 0)) - at(i, 1));
        return sum / 50.0;
    };
    options.robust = false;
    const OutcomeModel trusting = fitOutcomeModel({x, spoilt, {0, 1}}, options).value();
    QVERIFY2(error(robust) < 0.3 * error(trusting),
             qPrintable(QString("%1 against %2").arg(error(robust)).arg(error(trusting))));
    QVERIFY(error(robust) < 0.05);
}

void OutcomeModelTest::improvementAgreesWithSampling_data() {
    QTest::addColumn<double>("width");
    QTest::addColumn<double>("mean");
    QTest::addColumn<bool>("maximise");
    for (const double width : {0.0, 0.5})
        for (const double mean : {-1.0, 0.2, 1.5})
            for (const bool maximise : {false, true})
                QTest::addRow("width %g mean %g %s", width, mean, maximise ? "up" : "down")
                    << width << mean << maximise;
}

void OutcomeModelTest::improvementAgreesWithSampling() {
    QFETCH(double, width);
    QFETCH(double, mean);
    QFETCH(bool, maximise);
    const OutcomeTransform transform{1.0, width, 0.3, 0.8};
    const double sd = 0.7;
    const double best = transform.toUser(0.1);
    // A mid-point rule over the quantiles of the outcome.
    constexpr int kPoints = 400000;
    double sum = 0.0;
    for (int i = 0; i < kPoints; ++i) {
        const double u = -8.0 + 16.0 * (i + 0.5) / kPoints;
        const double outcome = transform.toUser(mean + sd * u);
        sum += std::max(0.0, maximise ? outcome - best : best - outcome) * normalPdf(u) * 16.0 / kPoints;
    }
    const double value = expectedImprovementInUserUnits(transform, mean, sd, best, maximise);
    QVERIFY2(test::near(value, sum, 1e-7), qPrintable(QString("%1 against %2").arg(value).arg(sum)));
    QVERIFY(test::near(logExpectedImprovementInUserUnits(transform, mean, sd, best, maximise), std::log(sum),
                       0.0, 1e-7));
    QCOMPARE(expectedImprovementInUserUnits(transform, mean, 0.0, best, maximise),
             std::max(0.0, maximise ? transform.toUser(mean) - best : best - transform.toUser(mean)));
}

void OutcomeModelTest::logImprovementIsContinuous() {
    // The change of method at z = -20 shows as a small step only, and the far tail stays finite.
    const OutcomeTransform transform{0.0, 0.1, 0.0, 1.0};
    const double best = transform.toUser(0.0);
    const auto at = [&](double z) {
        return logExpectedImprovementInUserUnits(transform, 0.01 * -z, 0.01, best, false);
    };
    QVERIFY(std::abs(at(-19.999) - at(-20.001)) < 0.1);
    QVERIFY(std::isfinite(at(-1e5)));
    QVERIFY(at(-1e5) < at(-1e4));
}

void OutcomeModelTest::warpsOutcomesOverOrdersOfMagnitude() {
    const Eigen::MatrixXd x = points(40, 2);
    Eigen::VectorXd y(40);
    const auto f = [](double a, double b) { return std::exp(6.0 * a + 3.0 * std::sin(3.0 * b)); };
    for (Eigen::Index i = 0; i < 40; ++i)
        y(i) = f(x(i, 0), x(i, 1));
    OutcomeModelOptions options;
    options.goal = Goal::Minimize;
    const OutcomeModel model = fitOutcomeModel({x, y, {0, 1}}, options).value();
    QVERIFY(model.transform.warped());
    OutcomeModelOptions never;
    const OutcomeModel plain = fitOutcomeModel({x, y, {0, 1}}, never).value();
    QVERIFY(!plain.transform.warped());
    // Predictions of new values are closer on a logarithmic axis, where the plain model may be negative.
    double warpedError = 0.0;
    double plainError = 0.0;
    Rng rng(5, "new");
    for (int i = 0; i < 50; ++i) {
        const Eigen::RowVectorXd at = Eigen::RowVector2d(rng.uniform(), rng.uniform());
        const double truth = std::log(f(at(0), at(1)));
        const auto predicted = [&](const OutcomeModel& m) {
            return std::log(std::max(1e-3, m.toUser(m.process.predict(at).mean(0))));
        };
        warpedError += std::abs(predicted(model) - truth);
        plainError += std::abs(predicted(plain) - truth);
    }
    QVERIFY2(warpedError < 0.5 * plainError,
             qPrintable(QString("%1 against %2").arg(warpedError).arg(plainError)));
}

void OutcomeModelTest::leavesPlainOutcomesAlone() {
    const Eigen::MatrixXd x = points(30, 2);
    const Eigen::VectorXd y = (3.0 * x.col(0)).array().sin() + x.col(1).array();
    OutcomeModelOptions options;
    options.goal = Goal::Maximize;
    const OutcomeModel model = fitOutcomeModel({x, y, {0, 1}}, options).value();
    QVERIFY(!model.transform.warped());
    VERIFY_NEAR(model.transform.center, y.mean(), 1e-12);
    const double variance = (y.array() - y.mean()).square().mean();
    VERIFY_NEAR(model.transform.scale, std::sqrt(variance), 1e-12);
}

void OutcomeModelTest::mirrorsForTheOtherGoal() {
    const Eigen::MatrixXd x = points(25, 2);
    const Eigen::VectorXd y = (5.0 * x.col(0)).array().exp() * (1.0 + x.col(1).array());
    OutcomeModelOptions down;
    down.goal = Goal::Minimize;
    OutcomeModelOptions up;
    up.goal = Goal::Maximize;
    const OutcomeModel low = fitOutcomeModel({x, y, {0, 1}}, down).value();
    const OutcomeModel high = fitOutcomeModel({x, -y, {0, 1}}, up).value();
    QVERIFY(low.transform.warped());
    QVERIFY(high.transform.warped());
    const Eigen::RowVectorXd at = Eigen::RowVector2d(0.4, 0.6);
    const double a = low.toUser(low.process.predict(at).mean(0));
    const double b = high.toUser(high.process.predict(at).mean(0));
    QVERIFY(test::near(a, -b, 1e-4));
}

void OutcomeModelTest::evidenceIsThatOfTheOthersGivenTheBest() {
    const Eigen::Index n = 20;
    const Eigen::MatrixXd x = points(n, 2);
    const Eigen::VectorXd y = (6.0 * x.col(0)).array().exp() * (1.0 + x.col(1).array());
    Eigen::Index best = 0;
    y.minCoeff(&best);
    std::vector<Eigen::Index> others;
    for (Eigen::Index i = 0; i < n; ++i)
        if (i != best)
            others.push_back(i);
    // The others are predicted from the best alone, and their joint density is taken there.
    const auto logDensity = [&](const OutcomeModel& model) {
        const Hyperparameters& hyper = model.process.hyperparameters();
        const Eigen::VectorXd w = y.unaryExpr([&](double outcome) { return model.toModel(outcome); });
        const GaussianProcess fromBest =
            GaussianProcess::condition({x.row(best), w.segment<1>(best), {0, 1}, {}}, model.process.family(),
                                       hyper)
                .value();
        const Eigen::MatrixXd at = x(others, Eigen::all);
        Eigen::MatrixXd covariance = fromBest.jointCovariance(at);
        covariance.diagonal().array() += hyper.noiseVariance;
        const Eigen::VectorXd difference = Eigen::VectorXd(w(others)) - fromBest.predict(at).mean;
        const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
        const Eigen::MatrixXd lower = factor.matrixL();
        double value = -0.5 * difference.dot(factor.solve(difference)) -
                       lower.diagonal().array().log().sum() -
                       0.5 * static_cast<double>(n - 1) * std::log(2.0 * std::numbers::pi);
        for (const Eigen::Index i : others)
            value += std::log(model.transform.slope(y(i)));
        return value + model.fit.logPosterior - model.fit.logMarginalLikelihood;
    };
    OutcomeModelOptions down;
    down.goal = Goal::Minimize;
    const OutcomeModel warped = fitOutcomeModel({x, y, {0, 1}}, down).value();
    const OutcomeModel plain = fitOutcomeModel({x, y, {0, 1}}, {}).value();
    QVERIFY(warped.transform.warped());
    QVERIFY(!plain.transform.warped());
    VERIFY_NEAR(warped.evidenceForTransform, logDensity(warped) - logDensity(plain), 1e-6);
}

void OutcomeModelTest::setsNoSingleOutcomeApart() {
    // One outcome far below all others, which vary smoothly: a scale narrower than the gap has nothing to
    // go by but that outcome, and would be sure that little more is to be gained.
    const Eigen::Index n = 10;
    const Eigen::MatrixXd x = points(n, 2);
    for (const double gap : {5.0, 50.0}) {
        Eigen::VectorXd y = (8.0 * x.col(0) + 3.0 * x.col(1)).array().exp();
        y.array() -= y.minCoeff();
        std::vector<double> sorted(y.begin(), y.end());
        std::sort(sorted.begin(), sorted.end());
        Eigen::Index best = 0;
        y.minCoeff(&best);
        y(best) -= gap * (sorted[2] - sorted[1]);
        std::sort(sorted.begin(), sorted.end());
        OutcomeModelOptions options;
        options.goal = Goal::Minimize;
        const OutcomeModel model = fitOutcomeModel({x, y, {0, 1}}, options).value();
        QVERIFY2(!model.transform.warped() || model.transform.width >= sorted[1] - y(best),
                 qPrintable(QString("%1 of %2").arg(model.transform.width).arg(sorted[1] - y(best))));
    }
}

void OutcomeModelTest::survivesExtremeOutcomes() {
    const Eigen::MatrixXd x = points(10, 2);
    OutcomeModelOptions options;
    options.goal = Goal::Minimize;
    for (const double magnitude : {1e-300, 1e-12, 1e200, 1.7e308}) {
        Eigen::VectorXd y = Eigen::VectorXd::LinSpaced(10, -1.0, 1.0);
        y(9) = 1.0;
        const auto model = fitOutcomeModel({x, magnitude * y, {0, 1}}, options);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().text().c_str());
        QVERIFY(std::isfinite(model->process.predict(x).mean(0)));
    }
    const auto constant = fitOutcomeModel({x, Eigen::VectorXd::Constant(10, 7.0), {0, 1}}, options).value();
    QVERIFY(test::near(constant.toUser(constant.process.predict(x).mean(0)), 7.0, 1e-9));
}

QTEST_APPLESS_MAIN(OutcomeModelTest)
#include "tst_outcome_model.moc"
