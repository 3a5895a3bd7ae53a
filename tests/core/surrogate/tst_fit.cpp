#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"
#include "surrogate/fit.h"

#include <QTest>

using namespace alidade;
using test::Golden;

class FitTest : public QObject {
    Q_OBJECT
private slots:
    void reachesTheBestKnownLikelihood_data();
    void reachesTheBestKnownLikelihood();
    void findsNoNoiseWhereThereIsNone();
    void doesNotDependOnThreads();
    void stopsOnRequest();
    void survivesDegenerateData();
};

void FitTest::reachesTheBestKnownLikelihood_data() {
    QTest::addColumn<int>("index");
    const Golden all = test::gpGolden();
    for (int i = 0; i < static_cast<int>(all["mle_fit"]["cases"].size()); ++i) {
        const Golden& entry = all["mle_fit"]["cases"][static_cast<std::size_t>(i)];
        QTest::addRow("%s %s", entry["dataset"].get<std::string>().c_str(),
                      entry["kernel"].get<std::string>().c_str())
            << i;
    }
}

void FitTest::reachesTheBestKnownLikelihood() {
    QFETCH(int, index);
    const Golden all = test::gpGolden();
    const Golden& entry = all["mle_fit"]["cases"][static_cast<std::size_t>(index)];
    const Golden& dataset = all["datasets"][entry["dataset"].get<std::string>()];
    GpData data;
    data.x = test::matrixOf(dataset["X"]);
    const Eigen::VectorXd y = test::vectorOf(dataset["y"]);
    const Eigen::VectorXd centred = y.array() - y.mean();
    data.y = centred / std::sqrt(centred.squaredNorm() / static_cast<double>(y.size()));
    data.groups = oneGroupPerColumn(data.x.cols());
    FitOptions options;
    options.family = parseKernel(entry["kernel"].get<std::string>()).value();
    options.priors = false;
    options.estimateMean = false;
    const auto& bounds = entry["bounds"];
    options.lowestLengthScale = bounds["lengthscale"][0].get<double>();
    options.highestLengthScale = bounds["lengthscale"][1].get<double>();
    options.lowestOutputVariance = bounds["outputscale"][0].get<double>();
    options.highestOutputVariance = bounds["outputscale"][1].get<double>();
    options.lowestNoiseVariance = bounds["noise_var"][0].get<double>();
    options.highestNoiseVariance = bounds["noise_var"][1].get<double>();
    options.restarts = 20;
    const FitReport report = fitHyperparameters(data, options).value();
    QVERIFY2(report.logMarginalLikelihood >= entry["lml"].get<double>() - 1e-3,
             qPrintable(
                 QString("%1 against %2").arg(report.logMarginalLikelihood).arg(entry["lml"].get<double>())));
}

/// Near its minimum a smooth function is predicted to the last digits that matter: errors of a
/// hundred-thousandth of the outcomes' deviation are told apart.
void FitTest::findsNoNoiseWhereThereIsNone() {
    const auto bowl = [](double a, double b) {
        return std::cos(2.0 * a + 0.3) + 0.5 * std::sin(3.0 * b - a);
    };
    Rng rng(7, "bowl");
    GpData data;
    data.x.resize(60, 2);
    data.y.resize(60);
    const auto near = [&](double radius) {
        return Eigen::RowVector2d(0.6 + radius * rng.uniform(-1.0, 1.0),
                                  0.5 + radius * rng.uniform(-1.0, 1.0));
    };
    for (Eigen::Index i = 0; i < data.y.size(); ++i) {
        data.x.row(i) = near(i < 30 ? 0.4 : 0.1 * std::pow(0.9, static_cast<double>(i - 30)));
        data.y(i) = bowl(data.x(i, 0), data.x(i, 1));
    }
    data.groups = oneGroupPerColumn(2);
    const FitOptions options;
    const FitReport report = fitHyperparameters(data, options).value();
    QVERIFY2(report.hyper.noiseVariance < 5e-10, qPrintable(QString::number(report.hyper.noiseVariance)));
    const GaussianProcess process = GaussianProcess::condition(data, options.family, report.hyper).value();
    QCOMPARE(process.jitter(), 0.0);
    Eigen::MatrixXd points(20, 2);
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        points.row(i) = near(0.005);
    const Eigen::VectorXd means = process.predict(points).mean;
    double worst = 0.0;
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        worst = std::max(worst, std::abs(means(i) - bowl(points(i, 0), points(i, 1))));
    QVERIFY2(worst < 1e-6, qPrintable(QString::number(worst)));
}

void FitTest::doesNotDependOnThreads() {
    Rng rng(4, "threads");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(25, 3, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y = data.x.rowwise().sum().array().sin();
    data.groups = oneGroupPerColumn(3);
    FitOptions options;
    const FitReport one = fitHyperparameters(data, options).value();
    options.threads = 4;
    const FitReport four = fitHyperparameters(data, options).value();
    QCOMPARE(four.hyper.lengthScales, one.hyper.lengthScales);
    QCOMPARE(four.hyper.noiseVariance, one.hyper.noiseVariance);
}

void FitTest::stopsOnRequest() {
    GpData data;
    data.x = Eigen::VectorXd::LinSpaced(20, 0.0, 1.0);
    data.y = data.x.array().sin();
    data.groups = {0};
    std::stop_source source;
    source.request_stop();
    const auto report = fitHyperparameters(data, {}, Monitor(source.get_token()));
    QVERIFY(!report.ok());
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
}

void FitTest::survivesDegenerateData() {
    GpData data;
    data.groups = {0, 1};
    data.x = Eigen::MatrixXd::Constant(6, 2, 0.5); // all at one place
    data.y = Eigen::VectorXd::LinSpaced(6, -1.0, 1.0);
    QVERIFY(fitHyperparameters(data).ok());
    data.x = Eigen::MatrixXd::Random(6, 2);
    data.y = Eigen::VectorXd::Zero(6); // constant
    QVERIFY(fitHyperparameters(data).ok());
    data.x = Eigen::MatrixXd::Constant(1, 2, 0.5); // a single observation
    data.y = Eigen::VectorXd::Zero(1);
    QVERIFY(fitHyperparameters(data).ok());
}

QTEST_APPLESS_MAIN(FitTest)
#include "tst_fit.moc"
