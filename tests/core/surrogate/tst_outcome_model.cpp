#include "base/rng.h"
#include "math/normal.h"
#include "near.h"
#include "surrogate/outcome_model.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class OutcomeModelTest : public QObject {
    Q_OBJECT
private slots:
    void transformIsInvertible_data();
    void transformIsInvertible();
    void improvementAgreesWithSampling_data();
    void improvementAgreesWithSampling();
    void logImprovementIsContinuous();
    void warpsOutcomesOverOrdersOfMagnitude();
    void leavesPlainOutcomesAlone();
    void mirrorsForTheOtherGoal();
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
    const OutcomeModel model = fitOutcomeModel(x, {0, 1}, y, {}, options).value();
    QVERIFY(model.transform.warped());
    OutcomeModelOptions never;
    const OutcomeModel plain = fitOutcomeModel(x, {0, 1}, y, {}, never).value();
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
    const OutcomeModel model = fitOutcomeModel(x, {0, 1}, y, {}, options).value();
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
    const OutcomeModel low = fitOutcomeModel(x, {0, 1}, y, {}, down).value();
    const OutcomeModel high = fitOutcomeModel(x, {0, 1}, -y, {}, up).value();
    QVERIFY(low.transform.warped());
    QVERIFY(high.transform.warped());
    const Eigen::RowVectorXd at = Eigen::RowVector2d(0.4, 0.6);
    const double a = low.toUser(low.process.predict(at).mean(0));
    const double b = high.toUser(high.process.predict(at).mean(0));
    QVERIFY(test::near(a, -b, 1e-4));
}

void OutcomeModelTest::survivesExtremeOutcomes() {
    const Eigen::MatrixXd x = points(10, 2);
    OutcomeModelOptions options;
    options.goal = Goal::Minimize;
    for (const double magnitude : {1e-300, 1e-12, 1e200, 1.7e308}) {
        Eigen::VectorXd y = Eigen::VectorXd::LinSpaced(10, -1.0, 1.0);
        y(9) = 1.0;
        const auto model = fitOutcomeModel(x, {0, 1}, magnitude * y, {}, options);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().text().c_str());
        QVERIFY(std::isfinite(model->process.predict(x).mean(0)));
    }
    const auto constant = fitOutcomeModel(x, {0, 1}, Eigen::VectorXd::Constant(10, 7.0), {}, options).value();
    QVERIFY(test::near(constant.toUser(constant.process.predict(x).mean(0)), 7.0, 1e-9));
}

QTEST_APPLESS_MAIN(OutcomeModelTest)
#include "tst_outcome_model.moc"
