#include "base/rng.h"
#include "math/cholesky.h"
#include "near.h"
#include "suggest/model_diagnostics.h"
#include "suggest/observed_trials.h"
#include "suggest/suggest.h"
#include "suggest/target.h"
#include "surrogate/warp_fit.h"
#include "test_problems.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

// Bent axes: the distribution function and its derivatives, the search for them, and that everything that
// looks at settings through the features agrees with them.

class InputWarpTest : public QObject {
    Q_OBJECT
private slots:
    void isADistributionFunction_data();
    void isADistributionFunction();
    void objectiveHasGradients();
    void findsWhatIsLogarithmic();
    void leavesStationaryFunctionsAlone();
    void stretchesNoAxisAtBothEnds();
    void saysWhatIsWrong();
    void bendsTheAxesOfAStudy();

private:
    /// Fast near 0, slow near 1, as over decades.
    static double uneven(double u) { return std::sin(5.0 * std::log(u + 0.02)); }
    static GpData sample(std::uint64_t seed, Eigen::Index n) {
        Rng rng(seed, "uneven");
        GpData data{Eigen::MatrixXd(n, 2), Eigen::VectorXd(n), oneGroupPerColumn(2), {}};
        for (Eigen::Index i = 0; i < n; ++i) {
            data.x.row(i) << rng.uniform(), rng.uniform();
            data.y(i) = uneven(data.x(i, 0)) + std::cos(3.0 * data.x(i, 1));
        }
        data.y.array() -= data.y.mean();
        data.y /= std::sqrt(data.y.squaredNorm() / static_cast<double>(n));
        return data;
    }
    static Eigen::MatrixXd bent(const Eigen::MatrixXd& x, const std::vector<InputWarp>& warps) {
        Eigen::MatrixXd result = x;
        for (Eigen::Index c = 0; c < x.cols(); ++c)
            for (double& value : result.col(c))
                value = warps[static_cast<std::size_t>(c)].value(value);
        return result;
    }
};

void InputWarpTest::isADistributionFunction_data() {
    QTest::addColumn<double>("a");
    QTest::addColumn<double>("b");
    QTest::newRow("identity") << 1.0 << 1.0;
    QTest::newRow("logarithmic") << 0.4 << 1.3;
    QTest::newRow("exponential") << 3.0 << 0.8;
    QTest::newRow("both ends") << 0.5 << 0.5;
    QTest::newRow("middle") << 4.0 << 6.0;
}

void InputWarpTest::isADistributionFunction() {
    QFETCH(double, a);
    QFETCH(double, b);
    const InputWarp warp{a, b};
    QCOMPARE(warp.value(0.0), 0.0);
    QCOMPARE(warp.value(1.0), 1.0);
    QCOMPARE(warp.value(-0.1), 0.0);
    QCOMPARE(warp.value(1.1), 1.0);
    double previous = 0.0;
    for (const double u : {1e-6, 0.01, 0.2, 0.5, 0.83, 0.99, 1.0 - 1e-6}) {
        const double value = warp.value(u);
        QVERIFY(value > previous);
        previous = value;
        QVERIFY(test::near(value, 1.0 - std::pow(1.0 - std::pow(u, a), b), 1e-9, 1e-15));
        if (value < 1.0 - 1e-9) // else it is lost in the last digits
            VERIFY_NEAR(warp.inverse(value), u, 1e-8);
        const double step = 1e-3 * std::min(u, 1.0 - u);
        QVERIFY(test::near(warp.slope(u), (warp.value(u + step) - warp.value(u - step)) / (2.0 * step), 1e-4,
                           1e-9));
        const InputWarp::Derivatives moved = warp.derivatives(Eigen::ArrayXd::Constant(1, u));
        QVERIFY(test::near(moved.value(0), value, 0.0, 1e-9));
        const double h = 1e-5;
        const double byA =
            (InputWarp{a * std::exp(h), b}.value(u) - InputWarp{a * std::exp(-h), b}.value(u)) / (2.0 * h);
        const double byB =
            (InputWarp{a, b * std::exp(h)}.value(u) - InputWarp{a, b * std::exp(-h)}.value(u)) / (2.0 * h);
        QVERIFY(test::near(moved.byLogA(0), byA, 1e-5, 1e-9));
        QVERIFY(test::near(moved.byLogB(0), byB, 1e-5, 1e-9));
    }
    QVERIFY(std::isfinite(warp.slope(0.0)));
    QVERIFY(std::isfinite(warp.slope(1.0)));
}

void InputWarpTest::objectiveHasGradients() {
    const GpData data = sample(2, 18);
    const FitOptions options;
    const std::vector<Eigen::Index> columns{0, 1};
    Eigen::VectorXd v(8);
    v << -0.6, 0.3, 0.2, -4.0, -0.5, 0.3, 0.2, -0.1;
    Eigen::VectorXd gradient(8);
    (void)warpedObjective(data, options, columns, v, gradient);
    for (Eigen::Index i = 0; i < 8; ++i) {
        Eigen::VectorXd ignored(8);
        Eigen::VectorXd ahead = v;
        Eigen::VectorXd behind = v;
        ahead(i) += 1e-5;
        behind(i) -= 1e-5;
        const double difference = (warpedObjective(data, options, columns, ahead, ignored) -
                                   warpedObjective(data, options, columns, behind, ignored)) /
                                  2e-5;
        QVERIFY2(test::near(gradient(i), difference, 1e-4, 1e-4),
                 qPrintable(QString("%1: %2 against %3").arg(i).arg(gradient(i)).arg(difference)));
    }
}

void InputWarpTest::findsWhatIsLogarithmic() {
    const GpData data = sample(3, 60);
    const FitOptions options;
    const FitReport plain = fitHyperparameters(data, options).value();
    const WarpFit fit = fitInputWarps(data, options, plain.hyper, {0, 1}).value();
    QVERIFY2(fit.logEvidence > 8.0, qPrintable(QString::number(fit.logEvidence)));
    QVERIFY2(fit.warps[0].a < 0.8, qPrintable(QString::number(fit.warps[0].a)));
    // On held-out places the error is less than half.
    GpData bentData = data;
    bentData.x = bent(data.x, fit.warps);
    Hyperparameters hyper = fitHyperparameters(bentData, options)->hyper;
    const auto straight = GaussianProcess::condition(data, options.family, plain.hyper).value();
    const auto curved = GaussianProcess::condition(bentData, options.family, hyper).value();
    const GpData held = sample(4, 400);
    // Standardised on their own: compare with the truth in the units of the fit instead.
    Eigen::VectorXd raw(60);
    for (Eigen::Index i = 0; i < 60; ++i)
        raw(i) = uneven(data.x(i, 0)) + std::cos(3.0 * data.x(i, 1));
    const double center = raw.mean();
    const double scale = std::sqrt((raw.array() - center).square().mean());
    Eigen::VectorXd truth(400);
    for (Eigen::Index i = 0; i < 400; ++i)
        truth(i) = (uneven(held.x(i, 0)) + std::cos(3.0 * held.x(i, 1)) - center) / scale;
    const double straightError = (straight.predict(held.x).mean - truth).norm();
    const double curvedError = (curved.predict(bent(held.x, fit.warps)).mean - truth).norm();
    QVERIFY2(curvedError < 0.5 * straightError,
             qPrintable(QString("%1 against %2").arg(curvedError).arg(straightError)));
}

void InputWarpTest::leavesStationaryFunctionsAlone() {
    // Draws from the model itself.
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Rng rng(seed, "stationary");
        GpData data{Eigen::MatrixXd(40, 2), Eigen::VectorXd(40), oneGroupPerColumn(2), {}};
        Eigen::VectorXd normals(40);
        for (Eigen::Index i = 0; i < 40; ++i) {
            data.x.row(i) << rng.uniform(), rng.uniform();
            normals(i) = rng.normal();
        }
        const FitOptions options;
        const Hyperparameters truth{Eigen::Vector2d(0.3, 0.6), 1.0, 1e-4, 0.0};
        Eigen::MatrixXd matrix = covariance(options.family, truth, data.groups, data.x, data.x);
        matrix.diagonal().array() += truth.noiseVariance;
        data.y = factorise(matrix)->lower * normals;
        const Hyperparameters start = fitHyperparameters(data, options)->hyper;
        const WarpFit fit = fitInputWarps(data, options, start, {0, 1}).value();
        QVERIFY2(fit.logEvidence < 3.0, qPrintable(QString("seed %1: %2").arg(seed).arg(fit.logEvidence)));
    }
}

/// Steep at both ends and flat between: what the likelihood alone would ask for.
void InputWarpTest::stretchesNoAxisAtBothEnds() {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Rng rng(seed, "bowl");
        GpData data{Eigen::MatrixXd(60, 2), Eigen::VectorXd(60), oneGroupPerColumn(2), {}};
        for (Eigen::Index i = 0; i < 60; ++i) {
            data.x.row(i) << rng.uniform(), rng.uniform();
            data.y(i) = std::pow(2.0 * data.x(i, 0) - 1.0, 16) + std::pow(2.0 * data.x(i, 1) - 1.0, 16);
        }
        data.y.array() -= data.y.mean();
        data.y /= std::sqrt(data.y.squaredNorm() / 60.0);
        const Hyperparameters start = fitHyperparameters(data)->hyper;
        const WarpFit fit = fitInputWarps(data, {}, start, {0, 1}).value();
        bool any = false;
        for (const InputWarp& warp : fit.warps) {
            any = any || !warp.identity();
            QVERIFY2(warp.a >= 1.0 || warp.b >= 1.0,
                     qPrintable(QString("seed %1: a = %2, b = %3").arg(seed).arg(warp.a).arg(warp.b)));
        }
        QVERIFY(any);
    }
}

void InputWarpTest::saysWhatIsWrong() {
    GpData data = sample(3, 10);
    const Hyperparameters start = fitHyperparameters(data)->hyper;
    QCOMPARE(fitInputWarps(data, {}, start, {2}).error().code, ErrorCode::InvalidArgument);
    data.x(0, 1) = 1.5;
    QCOMPARE(fitInputWarps(data, {}, start, {1}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(fitInputWarps(data, {}, start, {0}).ok());
    QCOMPARE(fitInputWarps(data, {}, start, {})->logEvidence, 0.0);
}

void InputWarpTest::bendsTheAxesOfAStudy() {
    const test::Problem problem{"uneven", {0.0, 0.0}, {1.0, 1.0}, 0.0, [](const std::vector<double>& x) {
                                    return uneven(x[0]) + std::cos(3.0 * x[1]);
                                }};
    Study study = test::studyOf(problem, 3);
    Rng rng(5, "study");
    const std::vector<Parameter>& parameters = study.definition.space.parameters;
    for (int i = 0; i < 40; ++i) {
        Setting setting;
        std::vector<double> x{rng.uniform(), rng.uniform()};
        setting[parameters[0].id] = x[0];
        setting[parameters[1].id] = x[1];
        test::addResult(study, setting, Origin::Manual, problem.value(x));
    }
    const StudyModel model = StudyModel::fit(study).value();
    const StudyModel::State& state = *model.state();
    QVERIFY(bentAxes(state).find("x1") != std::string::npos);
    const MeasureId y = study.definition.objectives[0].id;
    const auto& considered = state.processes.at(y).considered;
    QVERIFY(considered.back().name.starts_with("bent axes") && considered.back().logEvidence > 8.0);
    QVERIFY(std::ranges::any_of(model.info().front().warnings, [](const std::string& text) {
        return text.find("bent axes") != std::string::npos;
    }));
    const MeasureDiagnostics diagnostics = diagnose(model, y).value();
    QVERIFY(std::ranges::any_of(diagnostics.health, [](const HealthFinding& finding) {
        return finding.code == HealthCode::InputsWarped;
    }));
    // Noise-free results are met where they were measured: settings and data take the same way.
    std::vector<Setting> measured;
    for (const Trial& trial : study.trials)
        measured.push_back(trial.setting);
    const Prediction prediction = model.predict(y, measured).value();
    for (std::size_t i = 0; i < measured.size(); ++i)
        QVERIFY(std::abs(prediction.mean(static_cast<Eigen::Index>(i)) - study.trials[i].values.at(y).value) <
                0.05);
    // Along an encoded coordinate the gradient of an acquisition is that of the features times the slope.
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 50, 1, {}).value();
    const Eigen::RowVectorXd active = Eigen::RowVectorXd::Ones(2);
    Eigen::RowVectorXd point(2);
    point << 0.23, 0.61;
    Eigen::VectorXd gradient;
    (void)target.value(state.features.row(point, active), gradient);
    for (Eigen::Index c = 0; c < 2; ++c) {
        Eigen::RowVectorXd ahead = point;
        Eigen::RowVectorXd behind = point;
        ahead(c) += 1e-6;
        behind(c) -= 1e-6;
        const double difference = (target.values(state.features.row(ahead, active))(0) -
                                   target.values(state.features.row(behind, active))(0)) /
                                  2e-6;
        const double along = gradient(state.features.columnOf(c)) * state.features.slope(c, point(c));
        QVERIFY2(test::near(along, difference, 1e-3, 1e-3),
                 qPrintable(QString("%1 against %2").arg(along).arg(difference)));
        const Eigen::RowVectorXd row = state.features.row(point, active);
        VERIFY_NEAR(state.features.position(c, row(state.features.columnOf(c))), point(c), 1e-9);
    }
    // Another belief costs no fit, and keeps the axes.
    Study other = study;
    other.definition.name = "another";
    const auto reused = model.reusedFor(other);
    QVERIFY(reused.has_value());
    QVERIFY(reused->state()->features.warps() == state.features.warps());
    QVERIFY(std::abs(reused->predict(y, measured)->mean(3) - prediction.mean(3)) < 1e-12);
    // Points of measured slopes are bent with the axes.
    Study steep = study;
    for (Trial& trial : steep.trials) {
        const double x1 = std::get<double>(trial.setting.at(parameters[0].id));
        const double x2 = std::get<double>(trial.setting.at(parameters[1].id));
        trial.values.at(y).slopes = {
            {parameters[0].id, {5.0 * std::cos(5.0 * std::log(x1 + 0.02)) / (x1 + 0.02)}},
            {parameters[1].id, {-3.0 * std::sin(3.0 * x2)}}};
    }
    const StudyModel taught = StudyModel::fit(steep).value();
    QVERIFY(bentAxes(*taught.state()).find("x1") != std::string::npos);
    QCOMPARE(taught.info().front().slopes, std::size_t{80});
    for (const Trial& trial : steep.trials)
        for (const Parameter& parameter : parameters) {
            Setting up = trial.setting;
            Setting down = trial.setting;
            const double at = std::get<double>(trial.setting.at(parameter.id));
            up[parameter.id] = at + 1e-4;
            down[parameter.id] = at - 1e-4;
            const Prediction beside = taught.predict(y, {up, down}).value();
            const double slope = trial.values.at(y).slopes.at(parameter.id).value;
            const double modelled = (beside.mean(0) - beside.mean(1)) / 2e-4;
            QVERIFY2(test::near(modelled, slope, 0.05, 0.2),
                     qPrintable(QString("%1 against %2 at %3").arg(modelled).arg(slope).arg(at)));
        }
    // Several objectives may need different axes: none are bent.
    study.definition.objectives.push_back(study.definition.objectives[0]);
    study.definition.objectives[1].name = "z";
    study.definition.objectives[1].id = MeasureId{900};
    for (Trial& trial : study.trials)
        trial.values[MeasureId{900}] = trial.values.at(y);
    QVERIFY(bentAxes(*StudyModel::fit(study)->state()).empty());
}

QTEST_APPLESS_MAIN(InputWarpTest)
#include "tst_input_warp.moc"
