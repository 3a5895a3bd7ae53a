#include "differences_textbook.h"
#include "gp_golden.h"
#include "near.h"
#include "surrogate/hyper_posterior.h"
#include "surrogate/outcome_model.h"
#include "surrogate/pathwise.h"

#include <QTest>

#include <cmath>

using namespace alidade;
using namespace alidade::test;

class DifferencesTest : public QObject {
    Q_OBJECT
private slots:
    void slopesAgreeWithReference();
    void posteriorIsThatOfTheTextbook_data();
    void posteriorIsThatOfTheTextbook();
    void updatesAndLeaveOneOutAgreeWithNewPosteriors();
    void likelihoodAndGradientAgree_data();
    void likelihoodAndGradientAgree();
    void sampleFunctionsFollowThePosterior();
    void slopesTeachTheModel();
    void subsetsKeepWhatBelongsToThem();
    void rejectsBadArguments();

private:
    static void addCases() {
        QTest::addColumn<int>("family");
        QTest::addColumn<bool>("knownNoise");
        for (const auto family :
             {KernelFamily::Rbf, KernelFamily::Matern12, KernelFamily::Matern32, KernelFamily::Matern52})
            for (const bool known : {false, true})
                QTest::addRow("%s %s", std::string(kernelName(family)).c_str(), known ? "known noise" : "")
                    << static_cast<int>(family) << known;
    }
};

/// Slopes as differences over a short way, against an exact process of values and derivatives.
void DifferencesTest::slopesAgreeWithReference() {
    const Golden entry =
        Golden::parse(test::readFile(test::dataPath("hpo_public.json")))["acquisitions"]["gradient_GP"];
    const Eigen::VectorXd x = test::vectorOf(entry["x"]); // f, f', f, f'
    const Eigen::VectorXd y = test::vectorOf(entry["y"]);
    const Eigen::VectorXd noise = test::vectorOf(entry["noise_var"]);
    constexpr double kHalf = 1e-4;
    GpData data;
    data.x = Eigen::Vector2d(x(0), x(1));
    data.y = Eigen::Vector2d(y(0), y(2));
    data.groups = {0};
    data.differences = {data.x.array() + kHalf,
                        data.x.array() - kHalf,
                        2.0 * kHalf * Eigen::Vector2d(y(1), y(3)),
                        Eigen::Vector2d::Constant(4.0 * kHalf * kHalf * noise(1)),
                        {0, 1}};
    data.extraNoise = Eigen::Vector2d::Constant(noise(0));
    const Hyperparameters hyper{Eigen::VectorXd::Constant(1, entry["l"].get<double>()),
                                entry["s2"].get<double>(), 0.0, 0.0};
    const auto process = GaussianProcess::condition(data, KernelFamily::Rbf, hyper).value();
    const GpPrediction at = process.predict(Eigen::MatrixXd::Constant(1, 1, entry["xq"].get<double>()));
    VERIFY_NEAR(at.mean(0), entry["mean"].get<double>(), 1e-6);
    VERIFY_NEAR(at.variance(0), entry["var"].get<double>(), 1e-5);
}

void DifferencesTest::posteriorIsThatOfTheTextbook_data() {
    addCases();
}

void DifferencesTest::posteriorIsThatOfTheTextbook() {
    QFETCH(int, family);
    QFETCH(bool, knownNoise);
    const auto kernel = static_cast<KernelFamily>(family);
    const Textbook truth(sample(knownNoise), kernel, hyperparameters());
    const auto process = GaussianProcess::condition(truth.data, kernel, truth.hyper).value();
    const Eigen::MatrixXd at = places();
    const GpPrediction prediction = process.predict(at);
    const Eigen::MatrixXd joint = process.jointCovariance(at);
    for (Eigen::Index i = 0; i < at.rows(); ++i) {
        VERIFY_NEAR(prediction.mean(i), truth.mean(at.row(i)), 1e-10);
        VERIFY_NEAR(prediction.variance(i), truth.covariance(at.row(i), at.row(i)), 1e-10);
        for (Eigen::Index j = 0; j < at.rows(); ++j)
            QVERIFY(test::near(joint(i, j), truth.covariance(at.row(i), at.row(j)), 1e-9, 1e-11));
        const GpPointPrediction point = process.predictPoint(at.row(i));
        VERIFY_NEAR(point.mean, prediction.mean(i), 1e-11);
        VERIFY_NEAR(point.variance, prediction.variance(i), 1e-11);
        const auto mean = [&](const Eigen::RowVectorXd& x) { return truth.mean(x); };
        const auto variance = [&](const Eigen::RowVectorXd& x) { return truth.covariance(x, x); };
        for (Eigen::Index c = 0; c < 3; ++c) {
            QVERIFY(test::near(point.meanGradient(c), slope(mean, at.row(i), c), 1e-6, 1e-8));
            QVERIFY(test::near(point.varianceGradient(c), slope(variance, at.row(i), c), 1e-6, 1e-8));
        }
    }
    VERIFY_NEAR(process.logMarginalLikelihood(), truth.logDensity(), 1e-10);
}

void DifferencesTest::updatesAndLeaveOneOutAgreeWithNewPosteriors() {
    for (const bool known : {false, true}) {
        const GpData data = sample(known);
        const auto process =
            GaussianProcess::condition(data, KernelFamily::Matern52, hyperparameters()).value();
        const Eigen::RowVectorXd point = Eigen::RowVector3d(0.2, 0.7, 0.4);
        GpData more = data;
        more.x.conservativeResize(7, Eigen::NoChange);
        more.x.row(6) = point;
        more.y.conservativeResize(7);
        more.y(6) = -0.4;
        if (known) {
            more.extraNoise.conservativeResize(7);
            more.extraNoise(6) = 0.0;
        }
        const Textbook after(more, KernelFamily::Matern52, hyperparameters());
        const GpPrediction updated = process.withObservation(point, -0.4).predict(places());
        for (Eigen::Index i = 0; i < 4; ++i) {
            VERIFY_NEAR(updated.mean(i), after.mean(places().row(i)), 1e-10);
            VERIFY_NEAR(updated.variance(i), after.covariance(places().row(i), places().row(i)), 1e-10);
        }
        // Value 3 has no differences, 2 one and 5 two, which are left out together with it.
        const GpPrediction others = process.leaveOneOut();
        QCOMPARE(others.mean.size(), 6);
        for (Eigen::Index left = 0; left < 6; ++left) {
            std::vector<Eigen::Index> values;
            std::vector<Eigen::Index> slopes;
            for (Eigen::Index i = 0; i < 6; ++i)
                if (i != left)
                    values.push_back(i);
            for (Eigen::Index i = 0; i < 5; ++i)
                if (data.differences.owner[static_cast<std::size_t>(i)] != left)
                    slopes.push_back(i);
            GpData fewer;
            fewer.groups = data.groups;
            fewer.x = data.x(values, Eigen::all);
            fewer.y = data.y(values);
            fewer.differences.ahead = data.differences.ahead(slopes, Eigen::all);
            fewer.differences.behind = data.differences.behind(slopes, Eigen::all);
            fewer.differences.value = data.differences.value(slopes);
            double noise = hyperparameters().noiseVariance;
            if (known) {
                fewer.extraNoise = data.extraNoise(values);
                fewer.differences.noise = data.differences.noise(slopes);
                noise += data.extraNoise(left);
            }
            const Textbook without(fewer, KernelFamily::Matern52, hyperparameters());
            const Eigen::RowVectorXd at = data.x.row(left);
            VERIFY_NEAR(others.mean(left), without.mean(at), 1e-9);
            VERIFY_NEAR(others.variance(left), without.covariance(at, at) + noise, 1e-9);
        }
    }
}

void DifferencesTest::likelihoodAndGradientAgree_data() {
    addCases();
}

void DifferencesTest::likelihoodAndGradientAgree() {
    QFETCH(int, family);
    QFETCH(bool, knownNoise);
    const GpData data = sample(knownNoise);
    for (const bool estimate : {false, true}) {
        FitOptions options;
        options.family = static_cast<KernelFamily>(family);
        options.priors = false;
        options.estimateMean = estimate;
        options.fixedMean = 0.2;
        const HyperPosterior posterior(data, options);
        HyperPosterior::Workspace work;
        Eigen::VectorXd u(4);
        u << -0.7, 0.4, 0.3, -3.0;
        Eigen::VectorXd gradient(4);
        const double value = posterior(u, gradient, work);
        VERIFY_NEAR(posterior.logDensity(u, work), -value, 1e-10);
        Hyperparameters hyper = posterior.hyperparameters(u);
        double likelihood = 0.0;
        QVERIFY(posterior.completed(hyper, likelihood));
        VERIFY_NEAR(likelihood, Textbook(data, options.family, hyper).logDensity(), 1e-9);
        if (estimate) { // no other mean is likelier
            for (const double shift : {-0.01, 0.01}) {
                Hyperparameters other = hyper;
                other.mean += shift;
                QVERIFY(Textbook(data, options.family, other).logDensity() < likelihood);
            }
        }
        const auto density = [&](const Eigen::RowVectorXd& at) {
            Eigen::VectorXd ignored(4);
            return posterior(at.transpose(), ignored, work);
        };
        for (Eigen::Index i = 0; i < 4; ++i)
            QVERIFY(test::near(gradient(i), slope(density, u.transpose(), i), 1e-6, 1e-7));
    }
}

void DifferencesTest::sampleFunctionsFollowThePosterior() {
    for (const bool known : {false, true}) {
        const auto process =
            GaussianProcess::condition(sample(known), KernelFamily::Matern52, hyperparameters()).value();
        constexpr int kPaths = 4000;
        PathwiseOptions options;
        options.paths = kPaths;
        options.features = 2048;
        options.seed = 5;
        const PathwiseSamples paths = PathwiseSamples::draw(process, options).value();
        const Eigen::MatrixXd values = paths.values(places());
        const GpPrediction expected = process.predict(places());
        for (Eigen::Index i = 0; i < 4; ++i) {
            const double sd = std::sqrt(expected.variance(i));
            QVERIFY(std::abs(values.row(i).mean() - expected.mean(i)) < 4.0 * sd / std::sqrt(kPaths));
            const double variance = (values.row(i).array() - expected.mean(i)).square().mean();
            // 4 standard errors, and what 1,024 frequencies leave of the prior.
            QVERIFY(std::abs(variance / expected.variance(i) - 1.0) < 4.0 * std::sqrt(2.0 / kPaths) + 0.05);
        }
    }
}

void DifferencesTest::slopesTeachTheModel() {
    const auto meanError = [](const OutcomeModel& model, double scale) {
        Rng rng(11, "elsewhere");
        double squares = 0.0;
        for (int i = 0; i < 400; ++i) {
            const Eigen::RowVectorXd at = Eigen::RowVector2d(rng.uniform(), rng.uniform());
            const double error = model.toUser(model.process.predict(at).mean(0)) / scale - hill(at(0), at(1));
            squares += error * error;
        }
        return std::sqrt(squares / 400.0);
    };
    OutcomeModelOptions options;
    options.seed = 4;
    options.goal = Goal::Minimize;
    for (const double scale : {1.0, 1e4}) {
        const OutcomeModel plain = fitOutcomeModel(surveyed(12, false, scale), options).value();
        const OutcomeModel taught = fitOutcomeModel(surveyed(12, true, scale), options).value();
        QCOMPARE(taught.process.data().differences.size(), Eigen::Index{24});
        QVERIFY2(
            meanError(taught, scale) < 0.3 * meanError(plain, scale),
            qPrintable(QStringLiteral("%1, %2").arg(meanError(taught, scale)).arg(meanError(plain, scale))));
        // The model's slopes are the measured ones, whatever scale its outcomes are on.
        const GpData given = surveyed(12, true, scale);
        for (Eigen::Index i = 0; i < 24; ++i) {
            const double rise =
                taught.toUser(taught.process.predict(given.differences.ahead.row(i)).mean(0)) -
                taught.toUser(taught.process.predict(given.differences.behind.row(i)).mean(0));
            QVERIFY(test::near(rise, given.differences.value(i), 0.02, 2e-4 * scale));
        }
    }
}

void DifferencesTest::subsetsKeepWhatBelongsToThem() {
    const GpData data = surveyed(30, true);
    const GpData some = evenSubset(data, 30); // observations: a third of them are values
    QCOMPARE(some.y.size(), Eigen::Index{10});
    QCOMPARE(some.differences.size(), Eigen::Index{20});
    for (Eigen::Index i = 0; i < 20; ++i) {
        const Eigen::Index owner = some.differences.owner[static_cast<std::size_t>(i)];
        const Eigen::RowVectorXd middle =
            0.5 * (some.differences.ahead.row(i) + some.differences.behind.row(i));
        QVERIFY(middle.isApprox(some.x.row(owner), 1e-12));
    }
    QCOMPARE(evenSubset(data, 90).y.size(), Eigen::Index{30});
    QCOMPARE(evenSubset(data, 1).y.size(), Eigen::Index{2});
}

void DifferencesTest::rejectsBadArguments() {
    const auto refused = [](const GpData& data) {
        const auto process = GaussianProcess::condition(data, KernelFamily::Rbf, hyperparameters());
        return !process && process.error().code == ErrorCode::InvalidArgument;
    };
    QVERIFY(!refused(sample(true)));
    GpData data = sample(true);
    data.differences.ahead.conservativeResize(4, Eigen::NoChange);
    QVERIFY(refused(data));
    data = sample(true);
    data.differences.noise.conservativeResize(2);
    QVERIFY(refused(data));
    data = sample(true);
    data.differences.owner.pop_back();
    QVERIFY(refused(data));
    data = sample(true);
    data.differences.owner.front() = 6;
    QVERIFY(refused(data));
    data = sample(true);
    data.differences.value(1) = std::nan("");
    QVERIFY(refused(data));
    QVERIFY(!logMarginalLikelihood(sample(true), KernelFamily::Rbf, hyperparameters()).ok());
}

QTEST_APPLESS_MAIN(DifferencesTest)
#include "tst_differences.moc"
