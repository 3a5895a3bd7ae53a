#include "acquisition/anchored_posterior.h"
#include "acquisition/knowledge_gradient.h"
#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"
#include "surrogate/hyper_posterior.h"
#include "surrogate/outcome_model.h"
#include "surrogate/pathwise.h"

#include <QTest>

#include <Eigen/LU>

#include <cmath>
#include <numbers>

using namespace alidade;
using test::Golden;

namespace {

/// Six values and five differences in three columns, of which two share a length scale.
GpData sample(bool knownNoise) {
    Rng rng(7, "differences");
    const auto draw = [&](Eigen::Index, Eigen::Index) { return rng.uniform(); };
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(6, 3, draw);
    data.y = Eigen::VectorXd::NullaryExpr(6, [&](Eigen::Index) { return rng.normal(); });
    data.groups = {0, 1, 1};
    data.differences.ahead = Eigen::MatrixXd::NullaryExpr(5, 3, draw);
    data.differences.behind = Eigen::MatrixXd::NullaryExpr(5, 3, draw);
    data.differences.value = Eigen::VectorXd::NullaryExpr(5, [&](Eigen::Index) { return rng.normal(); });
    data.differences.owner = {0, 0, 2, 5, 5};
    if (knownNoise) {
        data.differences.noise = Eigen::VectorXd::LinSpaced(5, 0.01, 0.05);
        data.extraNoise = Eigen::VectorXd::LinSpaced(6, 0.0, 0.1);
    }
    return data;
}

Hyperparameters hyperparameters() {
    return {Eigen::Vector2d(0.6, 1.1), 1.4, 0.02, 0.3};
}

/// The posterior by the textbook: covariances of every observation with every other, one by one.
struct Textbook {
    GpData data;
    KernelFamily family;
    Hyperparameters hyper;
    Eigen::MatrixXd inverse;
    Eigen::MatrixXd matrix;
    Eigen::VectorXd residual;

    Textbook(const GpData& given, KernelFamily kernel, const Hyperparameters& parameters)
        : data(given), family(kernel), hyper(parameters) {
        const Eigen::Index m = data.differences.size();
        const Eigen::Index n = m + data.y.size();
        matrix.resize(n, n);
        residual.resize(n);
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index j = 0; j < n; ++j)
                matrix(i, j) = with(i, [&](const Eigen::RowVectorXd& a) {
                    return with(j, [&](const Eigen::RowVectorXd& b) { return k(a, b); });
                });
            residual(i) = i < m ? data.differences.value(i) : data.y(i - m) - hyper.mean;
        }
        for (Eigen::Index i = 0; i < n; ++i) {
            if (i >= m)
                matrix(i, i) +=
                    hyper.noiseVariance + (data.extraNoise.size() > 0 ? data.extraNoise(i - m) : 0.0);
            else if (data.differences.noise.size() > 0)
                matrix(i, i) += data.differences.noise(i);
            else
                matrix(i, i) += matrix(i, i) * hyper.noiseVariance / hyper.outputVariance;
        }
        inverse = matrix.inverse();
    }

    [[nodiscard]] double k(const Eigen::RowVectorXd& a, const Eigen::RowVectorXd& b) const {
        double squared = 0.0;
        for (Eigen::Index c = 0; c < a.size(); ++c)
            squared +=
                std::pow((a(c) - b(c)) / hyper.lengthScales(data.groups[static_cast<std::size_t>(c)]), 2);
        return hyper.outputVariance * correlation(family, squared);
    }

    /// The functional that observation i is of, applied to f.
    template <typename Function>
    [[nodiscard]] double with(Eigen::Index i, const Function& f) const {
        const Eigen::Index m = data.differences.size();
        if (i >= m)
            return f(data.x.row(i - m));
        return f(data.differences.ahead.row(i)) - f(data.differences.behind.row(i));
    }

    [[nodiscard]] Eigen::VectorXd cross(const Eigen::RowVectorXd& point) const {
        Eigen::VectorXd result(residual.size());
        for (Eigen::Index i = 0; i < result.size(); ++i)
            result(i) = with(i, [&](const Eigen::RowVectorXd& a) { return k(a, point); });
        return result;
    }
    [[nodiscard]] double mean(const Eigen::RowVectorXd& point) const {
        return hyper.mean + cross(point).dot(inverse * residual);
    }
    [[nodiscard]] double covariance(const Eigen::RowVectorXd& a, const Eigen::RowVectorXd& b) const {
        return k(a, b) - cross(a).dot(inverse * cross(b));
    }
    [[nodiscard]] double logDensity() const {
        return -0.5 * residual.dot(inverse * residual) - 0.5 * std::log(matrix.determinant()) -
               0.5 * static_cast<double>(residual.size()) * std::log(2.0 * std::numbers::pi);
    }
};

/// Of f along one column, by central differences.
template <typename Function>
double slope(const Function& f, const Eigen::RowVectorXd& at, Eigen::Index column) {
    constexpr double kStep = 1e-5;
    Eigen::RowVectorXd ahead = at;
    Eigen::RowVectorXd behind = at;
    ahead(column) += kStep;
    behind(column) -= kStep;
    return (f(ahead) - f(behind)) / (2.0 * kStep);
}

Eigen::MatrixXd places() {
    Eigen::MatrixXd at(4, 3);
    at << 0.41, 0.33, 0.72, 0.1, 0.9, 0.5, 0.8, 0.2, 0.3, 0.55, 0.6, 0.05;
    return at;
}

/// A smooth function of the unit square with its gradient.
double hill(double x, double y) {
    return 3.0 * std::sin(3.0 * x) * std::cos(2.0 * y) + x * y;
}

/// `count` values of hill(), with both slopes each where wanted.
GpData surveyed(Eigen::Index count, bool slopes, double scale = 1.0) {
    Rng rng(3, "survey");
    GpData data;
    data.groups = {0, 1};
    data.x = Eigen::MatrixXd::NullaryExpr(count, 2, [&](auto, auto) { return rng.uniform(); });
    data.y.resize(count);
    for (Eigen::Index i = 0; i < count; ++i)
        data.y(i) = scale * hill(data.x(i, 0), data.x(i, 1));
    if (!slopes)
        return data;
    constexpr double kStep = 1e-3;
    Differences& differences = data.differences;
    differences.ahead.resize(2 * count, 2);
    differences.behind.resize(2 * count, 2);
    differences.value.resize(2 * count);
    for (Eigen::Index i = 0; i < 2 * count; ++i) {
        const Eigen::RowVectorXd here = data.x.row(i / 2);
        differences.ahead.row(i) = here;
        differences.behind.row(i) = here;
        differences.ahead(i, i % 2) += kStep;
        differences.behind(i, i % 2) -= kStep;
        const double a = here(0);
        const double b = here(1);
        const double slope = i % 2 == 0 ? 9.0 * std::cos(3.0 * a) * std::cos(2.0 * b) + b
                                        : -6.0 * std::sin(3.0 * a) * std::sin(2.0 * b) + a;
        differences.value(i) = 2.0 * kStep * scale * slope;
        differences.owner.push_back(i / 2);
    }
    return data;
}

} // namespace

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
    void acquisitionsSeeThePosterior();
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
    const Hyperparameters hyper{Eigen::VectorXd::Constant(1, entry["l"].get<double>()),
                                entry["s2"].get<double>(), noise(0), 0.0};
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
        // Value 3 is left out; its differences would stay.
        const GpPrediction others = process.leaveOneOut();
        GpData fewer = data;
        const std::vector<Eigen::Index> kept{0, 1, 2, 4, 5};
        fewer.x = data.x(kept, Eigen::all);
        fewer.y = data.y(kept);
        double noise = hyperparameters().noiseVariance;
        if (known) {
            fewer.extraNoise = data.extraNoise(kept);
            noise += data.extraNoise(3);
        }
        const Textbook without(fewer, KernelFamily::Matern52, hyperparameters());
        QCOMPARE(others.mean.size(), 6);
        VERIFY_NEAR(others.mean(3), without.mean(data.x.row(3)), 1e-9);
        VERIFY_NEAR(others.variance(3), without.covariance(data.x.row(3), data.x.row(3)) + noise, 1e-9);
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

void DifferencesTest::acquisitionsSeeThePosterior() {
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
    // Of more than 2,000 observations only the values are kept.
    QCOMPARE(fitOutcomeModel(surveyed(667, true), {}).value().process.data().differences.size(),
             Eigen::Index{0});
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
