#include "base/rng.h"
#include "math/normal.h"
#include "near.h"
#include "surrogate/health.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

namespace {

/// A model of `y` over random points in two dimensions with given hyper-parameters and no search.
OutcomeModel modelOf(GpData data, const Hyperparameters& hyper, const OutcomeTransform& transform = {}) {
    FitReport report;
    report.hyper = hyper;
    return OutcomeModel{GaussianProcess::condition(std::move(data), KernelFamily::Matern52, hyper).value(),
                        transform,
                        report,
                        0.0,
                        {},
                        {}};
}

GpData sampleData(Eigen::Index n, double noiseSd) {
    Rng rng(21, "diagnostics");
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(n, 2, [&](Eigen::Index, Eigen::Index) { return rng.uniform(); });
    data.y = (4.0 * data.x.col(0)).array().sin() + data.x.col(1).array();
    for (double& outcome : data.y)
        outcome += noiseSd * rng.normal();
    data.groups = {0, 1};
    return data;
}

GpData without(const GpData& data, Eigen::Index row) {
    std::vector<Eigen::Index> others;
    for (Eigen::Index i = 0; i < data.y.size(); ++i)
        if (i != row)
            others.push_back(i);
    GpData result;
    result.x = data.x(others, Eigen::all);
    result.y = data.y(others);
    result.groups = data.groups;
    if (data.extraNoise.size() != 0)
        result.extraNoise = data.extraNoise(others);
    return result;
}

const HealthFinding* find(const std::vector<HealthFinding>& findings, HealthCode code) {
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [&](const HealthFinding& finding) { return finding.code == code; });
    return found == findings.end() ? nullptr : &*found;
}

} // namespace

class DiagnosticsTest : public QObject {
    Q_OBJECT
private slots:
    void leavingOneOutEqualsRefitting();
    void usesTheUsersUnits();
    void intervalsFollowTheScale();
    void countsCoverage();
    void binomialTail();
    void praisesAGoodModel();
    void findsProblems_data();
    void findsProblems();
    void aSmallPartOfALargeSignalMatters();
    void everyCodeHasAName();
};

void DiagnosticsTest::leavingOneOutEqualsRefitting() {
    GpData data = sampleData(14, 0.1);
    data.extraNoise = Eigen::VectorXd::LinSpaced(14, 0.0, 0.05);
    const Hyperparameters hyper{Eigen::Vector2d(0.4, 0.9), 1.2, 0.01, 0.2};
    const LeaveOneOut check = leaveOneOut(modelOf(data, hyper));
    QCOMPARE(check.count(), std::size_t{14});
    double squares = 0.0;
    double density = 0.0;
    double deviations = 0.0;
    for (Eigen::Index i = 0; i < 14; ++i) {
        const GpData others = without(data, i);
        const auto process = GaussianProcess::condition(others, KernelFamily::Matern52, hyper).value();
        const GpPrediction prediction = process.predict(data.x.row(i));
        const double sd = std::sqrt(prediction.variance(0) + hyper.noiseVariance + data.extraNoise(i));
        VERIFY_NEAR(check.mean(i), prediction.mean(0), 1e-9);
        VERIFY_NEAR(check.standardDeviation(i), sd, 1e-9);
        VERIFY_NEAR(check.low(i), prediction.mean(0) - 1.959963984540054 * sd, 1e-9);
        VERIFY_NEAR(check.high(i), prediction.mean(0) + 1.959963984540054 * sd, 1e-9);
        const double z = (data.y(i) - prediction.mean(0)) / sd;
        VERIFY_NEAR(check.residuals(i), z, 1e-8);
        squares += std::pow(data.y(i) - prediction.mean(0), 2);
        density += logNormalPdf(z) - std::log(sd);
        deviations += std::pow(data.y(i) - others.y.mean(), 2);
    }
    VERIFY_NEAR(check.rootMeanSquareError, std::sqrt(squares / 14.0), 1e-9);
    VERIFY_NEAR(check.logPredictiveDensity, density / 14.0, 1e-9);
    VERIFY_NEAR(check.rSquared, 1.0 - squares / deviations, 1e-9);
}

void DiagnosticsTest::usesTheUsersUnits() {
    const GpData data = sampleData(12, 0.1);
    const Hyperparameters hyper{Eigen::Vector2d(0.4, 0.9), 1.0, 0.01, 0.0};
    OutcomeTransform transform;
    transform.center = 30.0;
    transform.scale = 5.0;
    const LeaveOneOut plain = leaveOneOut(modelOf(data, hyper));
    const LeaveOneOut scaled = leaveOneOut(modelOf(data, hyper, transform));
    VERIFY_NEAR(scaled.mean(3), 30.0 + 5.0 * plain.mean(3), 1e-12);
    VERIFY_NEAR(scaled.standardDeviation(3), 5.0 * plain.standardDeviation(3), 1e-12);
    VERIFY_NEAR(scaled.residuals(3), plain.residuals(3), 1e-12);
    VERIFY_NEAR(scaled.rootMeanSquareError, 5.0 * plain.rootMeanSquareError, 1e-12);
    VERIFY_NEAR(scaled.logPredictiveDensity, plain.logPredictiveDensity - std::log(5.0), 1e-12);
    VERIFY_NEAR(scaled.rSquared, plain.rSquared, 1e-12);
}

/// On a skewed scale the interval holds the measurement exactly where the residual says so.
void DiagnosticsTest::intervalsFollowTheScale() {
    const GpData data = sampleData(40, 0.6);
    const Hyperparameters hyper{Eigen::Vector2d(0.4, 0.9), 1.0, 0.1, 0.0};
    OutcomeTransform transform;
    transform.anchor = -3.0;
    transform.width = 0.02;
    transform.center = 6.0; // all on one side of the anchor
    transform.scale = 2.0;
    const LeaveOneOut check = leaveOneOut(modelOf(data, hyper, transform));
    int outside = 0;
    for (Eigen::Index i = 0; i < 40; ++i) {
        const bool inside = check.measured(i) >= check.low(i) && check.measured(i) <= check.high(i);
        QCOMPARE(inside, std::abs(check.residuals(i)) <= 1.959963984540054);
        outside += inside ? 0 : 1;
        QVERIFY(check.high(i) - check.mean(i) > 1.2 * (check.mean(i) - check.low(i)));
    }
    QVERIFY(outside > 0 && outside < 40);
}

void DiagnosticsTest::countsCoverage() {
    LeaveOneOut check;
    check.residuals = Eigen::Vector4d(0.1, -0.6, 1.2, -3.0);
    QCOMPARE(check.coverage(0.5), 0.5);   // |z| < 0.674
    QCOMPARE(check.coverage(0.95), 0.75); // |z| < 1.96
    QCOMPARE(check.coverage(0.9999), 1.0);
    QCOMPARE(LeaveOneOut{}.coverage(0.5), 0.0);
}

void DiagnosticsTest::binomialTail() {
    QCOMPARE(binomialUpperTail(0, 7, 0.3), 1.0);
    VERIFY_NEAR(binomialUpperTail(7, 7, 0.3), std::pow(0.3, 7), 1e-12);
    VERIFY_NEAR(binomialUpperTail(2, 3, 0.5), 0.5, 1e-12);
    VERIFY_NEAR(binomialUpperTail(1, 10, 0.1), 1.0 - std::pow(0.9, 10), 1e-12);
}

void DiagnosticsTest::praisesAGoodModel() {
    const GpData data = sampleData(40, 0.1);
    OutcomeModelOptions options;
    const OutcomeModel model = fitOutcomeModel({data.x, data.y, data.groups}, options).value();
    const LeaveOneOut check = leaveOneOut(model);
    QVERIFY(check.rSquared > 0.9);
    QVERIFY(check.coverage(0.9) > 0.7);
    QCOMPARE(check.calibration.size(), std::size_t{19});
    for (const HealthFinding& finding : healthReport(model, check, {}))
        QVERIFY2(finding.severity == Severity::Note, finding.text.c_str());
}

void DiagnosticsTest::aSmallPartOfALargeSignalMatters() {
    for (const double signal : {1.0, 2000.0}) {
        const GpData data = sampleData(30, 0.1);
        const OutcomeModel model = modelOf(data, {Eigen::Vector2d(0.6, 80.0), signal, 0.01, 0.5}, {});
        // From one end to the other: a standard deviation of 0.016 and of 0.7, of results that spread by 0.7.
        QCOMPARE(find(healthReport(model, leaveOneOut(model), {}), HealthCode::Irrelevant) != nullptr,
                 signal == 1.0);
    }
}

void DiagnosticsTest::findsProblems_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](HealthCode code, const char* words) {
        QTest::newRow(std::string(healthCodeName(code)).c_str()) << static_cast<int>(code) << words;
    };
    row(HealthCode::NoiseDominates, "Noise dominates");
    row(HealthCode::FewResults, "Only 3 results for 2 dimensions");
    row(HealthCode::LengthScaleAtBound, "width is at its lower bound");
    row(HealthCode::Irrelevant, "height seems not to matter");
    row(HealthCode::TrialsDisagree, "trial 4 has 3 mm");
    row(HealthCode::Outlier, "trial 6 contradicts the others");
    row(HealthCode::IntervalsTooNarrow, "overconfident");
    row(HealthCode::IntervalsTooWide, "cautious");
    row(HealthCode::PredictsPoorly, "does not predict yet");
    row(HealthCode::OutcomeWarped, "logarithmic");
    row(HealthCode::FitStopped, "stopped early");
}

void DiagnosticsTest::findsProblems() {
    QFETCH(int, code);
    QFETCH(QString, words);
    const auto wanted = static_cast<HealthCode>(code);
    GpData data = sampleData(30, 0.1);
    Hyperparameters hyper{Eigen::Vector2d(0.6, 2.0), 1.0, 0.01, 0.5};
    OutcomeTransform transform;
    bool stopped = false;
    switch (wanted) {
    case HealthCode::NoiseDominates: hyper.noiseVariance = 2.0; break;
    case HealthCode::FewResults: data = sampleData(3, 0.1); break;
    case HealthCode::LengthScaleAtBound: hyper.lengthScales(0) = 0.005; break;
    case HealthCode::Irrelevant: hyper.lengthScales(1) = 80.0; break;
    case HealthCode::TrialsDisagree:
        data.x.row(8) = data.x.row(3);
        data.y(3) = 3.0;
        data.y(8) = 0.0;
        break;
    case HealthCode::Outlier: data.y(5) += 4.0; break;
    case HealthCode::IntervalsTooNarrow: hyper.noiseVariance = 1e-5; break;
    case HealthCode::IntervalsTooWide: hyper.noiseVariance = 1.0; break;
    case HealthCode::PredictsPoorly: {
        Rng rng(2, "nothing to learn");
        for (double& outcome : data.y)
            outcome = rng.normal();
        hyper.lengthScales.setConstant(0.2);
        break;
    }
    case HealthCode::OutcomeWarped:
        transform.width = 1.0;
        transform.shape = OutcomeTransform::Shape::Log;
        break;
    case HealthCode::FitStopped: stopped = true; break;
    default: break;
    }
    HealthNames names;
    names.groups = {"width", "height"};
    names.unit = "mm";
    for (Eigen::Index i = 0; i < data.y.size(); ++i)
        names.observations.push_back("trial " + std::to_string(i + 1));
    OutcomeModel model = modelOf(data, hyper, transform);
    model.fit.stopped = stopped;
    const std::vector<HealthFinding> findings = healthReport(model, leaveOneOut(model), names);
    const HealthFinding* finding = find(findings, wanted);
    QVERIFY(finding);
    QVERIFY2(finding->text.find(words.toStdString()) != std::string::npos, finding->text.c_str());
    if (wanted == HealthCode::TrialsDisagree)
        QCOMPARE(finding->observations, (std::vector<Eigen::Index>{3, 8}));
    if (wanted == HealthCode::Outlier)
        QCOMPARE(finding->observations, std::vector<Eigen::Index>{5});
    if (wanted == HealthCode::LengthScaleAtBound)
        QCOMPARE(finding->place, std::string("width"));
}

void DiagnosticsTest::everyCodeHasAName() {
    for (int code = 0; code <= static_cast<int>(HealthCode::FitStopped); ++code)
        QVERIFY(!healthCodeName(static_cast<HealthCode>(code)).empty());
}

QTEST_APPLESS_MAIN(DiagnosticsTest)
#include "tst_diagnostics.moc"
