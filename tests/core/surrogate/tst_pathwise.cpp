#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"
#include "surrogate/pathwise.h"

#include <QTest>

using namespace alidade;
using test::Golden;

namespace {

/// Four columns, of which two share a length scale, with known noise besides the common one.
GaussianProcess sampleProcess(KernelFamily family) {
    Rng rng(3, "pathwise");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(10, 4, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y = Eigen::VectorXd::NullaryExpr(10, [&](Eigen::Index) { return rng.normal(); });
    data.groups = {0, 1, 1, 2};
    data.extraNoise = Eigen::VectorXd::LinSpaced(10, 0.0, 0.4);
    const Hyperparameters hyper{Eigen::Vector3d(0.5, 0.9, 1.4), 1.7, 0.05, 0.3};
    return GaussianProcess::condition(std::move(data), family, hyper).value();
}

Eigen::MatrixXd somePoints(Eigen::Index count) {
    Rng rng(5, "points");
    return Eigen::MatrixXd::NullaryExpr(count, 4, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
}

void addKernels() {
    QTest::addColumn<int>("family");
    for (const auto family :
         {KernelFamily::Rbf, KernelFamily::Matern12, KernelFamily::Matern32, KernelFamily::Matern52})
        QTest::newRow(std::string(kernelName(family)).c_str()) << static_cast<int>(family);
}

/// Largest deviations of the sample mean and covariance (over paths in columns), the former in standard
/// errors.
struct Deviation {
    double mean = 0.0;
    double covariance = 0.0; ///< units of the prior variance
};
Deviation deviation(const Eigen::MatrixXd& samples, const Eigen::VectorXd& mean,
                    const Eigen::MatrixXd& covariances, double priorVariance) {
    const auto count = static_cast<double>(samples.cols());
    const Eigen::VectorXd sampleMean = samples.rowwise().mean();
    const Eigen::MatrixXd centred = samples.colwise() - sampleMean;
    const Eigen::MatrixXd sampleCovariance = centred * centred.transpose() / (count - 1.0);
    const Eigen::VectorXd errors = (covariances.diagonal().array().max(1e-12) / count).sqrt();
    return {((sampleMean - mean).array() / errors.array()).abs().maxCoeff(),
            (sampleCovariance - covariances).cwiseAbs().maxCoeff() / priorVariance};
}

} // namespace

class PathwiseTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithReference();
    void hasTheMomentsOfThePosterior_data() { addKernels(); }
    void hasTheMomentsOfThePosterior();
    void priorHasTheMomentsOfThePrior_data() { addKernels(); }
    void priorHasTheMomentsOfThePrior();
    void gradientAgreesWithDifferences_data() { addKernels(); }
    void gradientAgreesWithDifferences();
    void sumsOfPathsHaveTheirGradient_data() { addKernels(); }
    void sumsOfPathsHaveTheirGradient();
    void singlePrecisionIsCloseEnough_data() { addKernels(); }
    void singlePrecisionIsCloseEnough();
    void pathsDoNotDependOnTheirNumber();
    void goesThroughExactObservations();
    void jointSamplesHaveTheMomentsOfThePosterior();
    void rejectsBadArguments();
};

void PathwiseTest::agreesWithReference() {
    const Golden entry =
        Golden::parse(test::readFile(test::dataPath("hpo_public.json")))["colabo"]["pathwise_example"];
    GpData data;
    data.x = test::vectorOf(entry["X"]);
    data.y = test::vectorOf(entry["y"]);
    data.groups = {0};
    const Hyperparameters hyper{Eigen::VectorXd::Constant(1, entry["lengthscale"].get<double>()),
                                entry["outputscale"].get<double>(), entry["noise_var"].get<double>(), 0.0};
    const auto process = GaussianProcess::condition(data, KernelFamily::Matern52, hyper).value();
    const auto samples =
        PathwiseSamples::fromDraws(process, test::vectorOf(entry["omega"]),
                                   test::vectorOf(entry["w_sin_then_cos"]), test::vectorOf(entry["eps"]))
            .value();
    const Eigen::MatrixXd at = test::vectorOf(entry["Xq"]);
    const Eigen::MatrixXd prior = samples.priorValues(at);
    const Eigen::MatrixXd posterior = samples.values(at);
    const Eigen::VectorXd expectedPrior = test::vectorOf(entry["prior_at_Xq"]);
    const Eigen::VectorXd expected = test::vectorOf(entry["posterior_at_Xq"]);
    Eigen::VectorXd gradient;
    for (Eigen::Index i = 0; i < at.rows(); ++i) {
        VERIFY_NEAR(prior(i, 0), expectedPrior(i), 1e-12);
        VERIFY_NEAR(posterior(i, 0), expected(i), 1e-10);
        VERIFY_NEAR(samples.value(0, at.row(i), gradient), expected(i), 1e-10);
    }
}

void PathwiseTest::hasTheMomentsOfThePosterior() {
    QFETCH(int, family);
    const auto process = sampleProcess(static_cast<KernelFamily>(family));
    PathwiseOptions options;
    options.paths = 4000;
    options.features = 1024;
    const auto samples = PathwiseSamples::draw(process, options).value();
    QCOMPARE(samples.count(), std::size_t{4000});
    const Eigen::MatrixXd at = somePoints(7);
    const Eigen::MatrixXd covariances = process.jointCovariance(at);
    const Deviation error = deviation(samples.values(at), process.predict(at).mean, covariances,
                                      process.hyperparameters().outputVariance);
    // Seven standard normal deviations, and Monte Carlo sqrt(2 / 4000) = 0.022 beside the error of the
    // features.
    QVERIFY2(error.mean < 3.5, qPrintable(QString::number(error.mean)));
    QVERIFY2(error.covariance < 0.1, qPrintable(QString::number(error.covariance)));
}

void PathwiseTest::priorHasTheMomentsOfThePrior() {
    QFETCH(int, family);
    const auto kernel = static_cast<KernelFamily>(family);
    const auto process = sampleProcess(kernel);
    PathwiseOptions options;
    options.paths = 4000;
    options.features = 1024;
    const auto samples = PathwiseSamples::draw(process, options).value();
    const Eigen::MatrixXd at = somePoints(7);
    const Hyperparameters& hyper = process.hyperparameters();
    const Deviation error =
        deviation(samples.priorValues(at), Eigen::VectorXd::Constant(7, hyper.mean),
                  covariance(kernel, hyper, process.data().groups, at, at), hyper.outputVariance);
    QVERIFY2(error.mean < 3.5, qPrintable(QString::number(error.mean)));
    QVERIFY2(error.covariance < 0.1, qPrintable(QString::number(error.covariance)));
}

void PathwiseTest::gradientAgreesWithDifferences() {
    QFETCH(int, family);
    const auto process = sampleProcess(static_cast<KernelFamily>(family));
    PathwiseOptions options;
    options.paths = 3;
    options.features = 128;
    const auto samples = PathwiseSamples::draw(process, options).value();
    const Eigen::MatrixXd at = somePoints(4);
    const Eigen::MatrixXd values = samples.values(at);
    constexpr double kStep = 1e-6;
    for (std::size_t path = 0; path < 3; ++path)
        for (Eigen::Index i = 0; i < at.rows(); ++i) {
            Eigen::VectorXd gradient;
            Eigen::VectorXd ignored;
            VERIFY_NEAR(samples.value(path, at.row(i), gradient), values(i, static_cast<Eigen::Index>(path)),
                        1e-10);
            for (Eigen::Index c = 0; c < at.cols(); ++c) {
                Eigen::RowVectorXd up = at.row(i);
                Eigen::RowVectorXd down = at.row(i);
                up(c) += kStep;
                down(c) -= kStep;
                const double difference =
                    (samples.value(path, up, ignored) - samples.value(path, down, ignored)) / (2 * kStep);
                // Features of Matern 1/2 have frequencies in the thousands.
                QVERIFY2(test::near(gradient(c), difference, 1e-4, 1e-6),
                         qPrintable(QString("%1 against %2").arg(gradient(c)).arg(difference)));
            }
        }
}

void PathwiseTest::sumsOfPathsHaveTheirGradient() {
    QFETCH(int, family);
    const auto process = sampleProcess(static_cast<KernelFamily>(family));
    PathwiseOptions options;
    options.paths = 5;
    options.features = 64;
    const auto samples = PathwiseSamples::draw(process, options).value();
    const Eigen::VectorXd shares = (Eigen::VectorXd(5) << 0.3, -1.2, 0.0, 2.0, 0.7).finished();
    for (const Eigen::Index row : {0, 1, 2}) {
        const Eigen::RowVectorXd point = somePoints(3).row(row);
        const PathwiseSamples::At at = samples.at(point);
        const Eigen::VectorXd values = samples.values(point).transpose();
        const Eigen::VectorXd gradient = samples.gradient(at, shares);
        for (Eigen::Index i = 0; i < 5; ++i)
            VERIFY_NEAR(at.values(i), values(i), 1e-10);
        for (Eigen::Index c = 0; c < point.size(); ++c) {
            const double h = 1e-6;
            Eigen::MatrixXd sides = point.replicate(2, 1);
            sides(0, c) -= h;
            sides(1, c) += h;
            const Eigen::VectorXd around = samples.values(sides) * shares;
            VERIFY_NEAR(gradient(c), (around(1) - around(0)) / (2.0 * h), 1e-5);
        }
    }
}

void PathwiseTest::singlePrecisionIsCloseEnough() {
    QFETCH(int, family);
    const auto process = sampleProcess(static_cast<KernelFamily>(family));
    PathwiseOptions options;
    options.paths = 60;
    options.features = 128;
    const auto samples = PathwiseSamples::draw(process, options).value();
    const Eigen::MatrixXd points = somePoints(300); // more than one block
    const PathwiseSamples::Both values = samples.both(points);
    const double sd = std::sqrt(process.hyperparameters().outputVariance);
    QVERIFY((samples.roughValues(points).cast<double>() - values.posterior).cwiseAbs().maxCoeff() <
            1e-3 * sd);
    for (const bool maximise : {false, true}) {
        const PathwiseSamples::BestBoth best = samples.bestOf(points, maximise);
        const auto check = [&](const PathwiseSamples::Best& found, const Eigen::MatrixXd& exact) {
            for (Eigen::Index path = 0; path < exact.cols(); ++path) {
                const double value = maximise ? exact.col(path).maxCoeff() : exact.col(path).minCoeff();
                VERIFY_NEAR(found.value(path), value, 1e-3 * sd);
                VERIFY_NEAR(exact(found.place[static_cast<std::size_t>(path)], path), value, 1e-3 * sd);
            }
        };
        check(best.prior, values.prior);
        check(best.posterior, values.posterior);
    }
}

void PathwiseTest::pathsDoNotDependOnTheirNumber() {
    const auto process = sampleProcess(KernelFamily::Matern52);
    PathwiseOptions few;
    few.paths = 2;
    few.features = 64;
    PathwiseOptions many = few;
    many.paths = 9;
    PathwiseOptions other = few;
    other.stream = "other";
    const Eigen::MatrixXd at = somePoints(5);
    const Eigen::MatrixXd two = PathwiseSamples::draw(process, few)->values(at);
    QVERIFY(PathwiseSamples::draw(process, many)->values(at).leftCols(2).isApprox(two, 1e-12));
    QVERIFY(!PathwiseSamples::draw(process, other)->values(at).isApprox(two, 1e-3));
}

void PathwiseTest::goesThroughExactObservations() {
    GpData data;
    data.x = Eigen::VectorXd::LinSpaced(5, 0.0, 1.0);
    data.y = (3.0 * data.x.array()).sin();
    data.groups = {0};
    const Hyperparameters hyper{Eigen::VectorXd::Constant(1, 0.3), 1.0, 1e-10, 0.0};
    const auto process = GaussianProcess::condition(data, KernelFamily::Matern52, hyper).value();
    const auto samples = PathwiseSamples::draw(process, {}).value();
    const Eigen::MatrixXd values = samples.values(data.x);
    for (Eigen::Index path = 0; path < values.cols(); ++path)
        QVERIFY((values.col(path) - data.y).cwiseAbs().maxCoeff() < 1e-4);
}

void PathwiseTest::jointSamplesHaveTheMomentsOfThePosterior() {
    const auto process = sampleProcess(KernelFamily::Matern32);
    Eigen::MatrixXd at = somePoints(6);
    at.row(5) = at.row(4); // one point twice: singular
    const Eigen::MatrixXd samples = jointSamples(process, at, 20000, 11).value();
    const Deviation error = deviation(samples, process.predict(at).mean, process.jointCovariance(at),
                                      process.hyperparameters().outputVariance);
    QVERIFY2(error.mean < 3.5, qPrintable(QString::number(error.mean)));
    QVERIFY2(error.covariance < 0.04, qPrintable(QString::number(error.covariance)));
    QVERIFY((samples.row(5) - samples.row(4)).cwiseAbs().maxCoeff() < 1e-4);
}

void PathwiseTest::rejectsBadArguments() {
    const auto process = sampleProcess(KernelFamily::Rbf);
    PathwiseOptions none;
    none.paths = 0;
    QCOMPARE(PathwiseSamples::draw(process, none).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(PathwiseSamples::fromDraws(process, Eigen::MatrixXd::Zero(2, 4), Eigen::MatrixXd::Zero(3, 1),
                                        Eigen::MatrixXd::Zero(10, 1))
                 .error()
                 .code,
             ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(PathwiseTest)
#include "tst_pathwise.moc"
