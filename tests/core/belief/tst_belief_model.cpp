#include "base/rng.h"
#include "belief/belief_model.h"
#include "exchange/study_json.h"
#include "math/cholesky.h"
#include "near.h"
#include "space/encoding.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// Minimise f over x in [0, 1]; a process with fixed hyper-parameters and the given data.
struct Line {
    Definition definition;
    OutcomeModel outcome;

    Line(const char* beliefs, const std::vector<std::pair<double, double>>& data)
        : outcome{process(data), {}, {}} {
        Json json = parseJson(R"({"alidade": 1, "name": "line", "parameters":
            [{"name": "x", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "f"}]})")
                        .value();
        json["beliefs"] = parseJson(beliefs).value();
        definition = definitionFromConfiguration(json).value();
    }

    static GaussianProcess process(const std::vector<std::pair<double, double>>& data) {
        GpData set;
        set.x.resize(std::ssize(data), 1);
        set.y.resize(std::ssize(data));
        set.groups = {0};
        for (Eigen::Index i = 0; i < set.y.size(); ++i)
            std::tie(set.x(i, 0), set.y(i)) = data[static_cast<std::size_t>(i)];
        Hyperparameters hyper;
        hyper.lengthScales = Eigen::VectorXd::Constant(1, 0.2);
        hyper.noiseVariance = 0.01;
        return GaussianProcess::condition(std::move(set), KernelFamily::Matern52, hyper).value();
    }

    [[nodiscard]] BeliefClaims claims() const {
        return BeliefClaims(definition, definition.objectives.front().id);
    }
    [[nodiscard]] FeatureRows rows() const {
        return [this](const std::vector<Setting>& settings) {
            Eigen::MatrixXd result(std::ssize(settings), 1);
            for (Eigen::Index i = 0; i < result.rows(); ++i)
                result(i, 0) = std::get<double>(
                    settings[static_cast<std::size_t>(i)].at(definition.space.parameters[0].id));
            return result;
        };
    }
    /// `fine`: with as many features and candidates as a comparison with exact draws needs.
    [[nodiscard]] BeliefModel model(std::size_t paths, double leastEffective = 50.0,
                                    bool fine = false) const {
        BeliefModelOptions options;
        options.seed = 5;
        options.paths = paths;
        options.mostPaths = paths;
        options.features = fine ? 512 : 192;
        options.candidates = fine ? 128 : 48;
        options.leastEffective = leastEffective;
        return BeliefModel::make(claims(), outcome, false, {}, rows(), options).value();
    }
};

const char* const kNearTwoTenths = R"([{"about": "optimum", "parameter": "x",
    "density": {"family": "normal", "center": 0.2, "spread": 0.1}, "confidence": 0.8}])";

} // namespace

class BeliefModelTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithRejection_data();
    void agreesWithRejection();
    void preferencesHoldAsStated_data();
    void preferencesHoldAsStated();
    void trendsAndBestValuesMoveTheFunctions();
    void posteriorAndPriorWeightsAgreeWithoutData();
    void misleadingBeliefsFade();
    void equalWeightsLeaveTheAcquisitionAlone();
    void factorHasTheRightGradient();
    void loneFunctionsDoNotDecide();
    void factorCountsBeyondPendingSettings();
    void goodPointsAndModes();
};

void BeliefModelTest::agreesWithRejection_data() {
    QTest::addColumn<QString>("beliefs");
    QTest::addColumn<bool>("contradicting");
    QTest::newRow("place") << kNearTwoTenths << false;
    QTest::newRow("place, against the data") << kNearTwoTenths << true;
    QTest::newRow("place and preference") << R"([{"about": "optimum", "parameter": "x", "confidence": 0.7,
                "density": {"family": "beta", "alpha": 2, "beta": 6}},
               {"about": "preference", "better": {"x": 0.9}, "worse": {"x": 0.6}, "confidence": 0.5}])"
                                          << false;
}

/// Exact draws on a grid, accepted in proportion to the belief: mean, spread and place of the optimum.
void BeliefModelTest::agreesWithRejection() {
    QFETCH(const QString, beliefs);
    QFETCH(const bool, contradicting);
    const std::vector<std::pair<double, double>> data =
        contradicting ? std::vector<std::pair<double, double>>{{0.15, 0.8}, {0.3, 0.4}, {0.7, -1.2}}
                      : std::vector<std::pair<double, double>>{{0.05, 0.3}, {0.5, 0.4}, {0.8, 0.1}};
    const Line line(beliefs.toUtf8().constData(), data);
    const BeliefModel model = line.model(4096, 1.0, true);
    QVERIFY(model.weights().weighting == BeliefWeighting::PosteriorPath);

    const int size = 41;
    Eigen::MatrixXd grid(size, 1);
    for (Eigen::Index i = 0; i < size; ++i)
        grid(i, 0) = static_cast<double>(i) / (size - 1);
    const GpPrediction exact = line.outcome.process.predict(grid);
    Hyperparameters hyper = line.outcome.process.hyperparameters();
    const Eigen::MatrixXd priorCovariance = covariance(KernelFamily::Matern52, hyper, {0}, grid, grid) +
                                            1e-8 * Eigen::MatrixXd::Identity(size, size);
    const CholeskyFactor priorFactor = factorise(priorCovariance).value();
    const CholeskyFactor factor =
        factorise(line.outcome.process.jointCovariance(grid) + 1e-8 * Eigen::MatrixXd::Identity(size, size))
            .value();

    const int draws = 12000;
    Rng rng(11, "brute force");
    const AxisDensity density(line.definition.space.parameters[0],
                              std::get<OptimumBelief>(line.definition.beliefs[0].claim).density);
    const auto fits = [&](const CholeskyFactor& root, const Eigen::VectorXd& mean,
                          Eigen::MatrixXd& functions) {
        functions.resize(size, draws);
        Eigen::MatrixXd fit = Eigen::MatrixXd::Zero(2, draws);
        for (int k = 0; k < draws; ++k) {
            Eigen::VectorXd z(size);
            for (double& value : z)
                value = rng.normal();
            functions.col(k) = mean + root.lower.triangularView<Eigen::Lower>() * z;
            Eigen::Index best = 0;
            functions.col(k).minCoeff(&best);
            fit(0, k) = std::exp(density.logRatioAt(grid(best, 0)));
            fit(1, k) = functions(36, k) < functions(24, k) ? 1.0 : 0.0; // x = 0.9 and 0.6
        }
        return fit;
    };
    Eigen::MatrixXd unused;
    Eigen::MatrixXd functions;
    const Eigen::MatrixXd before = fits(priorFactor, Eigen::VectorXd::Zero(size), unused);
    const Eigen::MatrixXd after = fits(factor, exact.mean, functions);
    const auto rho = [&](const Eigen::MatrixXd& fit, int k) {
        double product = 1.0;
        for (std::size_t b = 0; b < line.definition.beliefs.size(); ++b) {
            const double c = line.definition.beliefs[b].confidence;
            const auto row = static_cast<Eigen::Index>(b);
            product *= c * fit(row, k) / before.row(row).mean() + 1.0 - c;
        }
        return product;
    };
    double priorMean = 0.0;
    double largest = 0.0;
    for (int k = 0; k < draws; ++k) {
        priorMean += rho(before, k) / draws;
        largest = std::max(largest, rho(after, k));
    }
    const double most = 0.95 * largest / priorMean + 0.05;
    std::vector<int> accepted;
    for (int k = 0; k < draws; ++k)
        if (rng.uniform() * most < 0.95 * rho(after, k) / priorMean + 0.05)
            accepted.push_back(k);
    QVERIFY(accepted.size() > 500);
    const auto count = static_cast<double>(accepted.size());

    const GpPrediction weighted = model.predict(grid);
    const double plainSd = 1.0;
    for (Eigen::Index i = 0; i < size; i += 4) {
        double mean = 0.0;
        double square = 0.0;
        for (const int k : accepted) {
            mean += functions(i, k) / count;
            square += functions(i, k) * functions(i, k) / count;
        }
        const double sd = std::sqrt(square - mean * mean);
        const double error =
            4.0 * plainSd * std::sqrt(1.0 / count + 1.0 / model.weights().effectiveSampleSize);
        QVERIFY2(
            std::abs(weighted.mean(i) - mean) < error * std::max(sd, 0.1),
            qPrintable(QString("mean at %1: %2 against %3").arg(grid(i, 0)).arg(weighted.mean(i)).arg(mean)));
        QVERIFY2(std::abs(std::sqrt(weighted.variance(i)) - sd) < error * std::max(sd, 0.1),
                 qPrintable(QString("sd at %1: %2 against %3")
                                .arg(grid(i, 0))
                                .arg(std::sqrt(weighted.variance(i)))
                                .arg(sd)));
    }
    // Share of optima below 0.1, 0.2, ...: compared as distribution functions, at borders of the grid's
    // cells.
    for (const double edge : {0.1125, 0.2125, 0.3125, 0.4125, 0.6125, 0.8125}) {
        double brute = 0.0;
        for (const int k : accepted) {
            Eigen::Index best = 0;
            functions.col(k).minCoeff(&best);
            brute += grid(best, 0) < edge ? 1.0 / count : 0.0;
        }
        double mine = 0.0;
        const Eigen::MatrixXd places = line.rows()(model.candidates());
        for (Eigen::Index i = 0; i < places.rows(); ++i)
            mine += places(i, 0) < edge ? model.beliefOptimumShares()(i) : 0.0;
        QVERIFY2(std::abs(mine - brute) < 0.04,
                 qPrintable(QString("%1: %2 against %3").arg(edge).arg(mine).arg(brute)));
    }
    double afterMean = 0.0;
    for (int k = 0; k < draws; ++k)
        afterMean += rho(after, k) / draws;
    QVERIFY2(std::abs(model.weights().logBayesFactor - std::log(afterMean / priorMean)) < 0.12,
             qPrintable(QString("%1 against %2")
                            .arg(model.weights().logBayesFactor)
                            .arg(std::log(afterMean / priorMean))));
}

void BeliefModelTest::preferencesHoldAsStated_data() {
    QTest::addColumn<double>("confidence");
    for (const double confidence : {0.2, 0.6, 0.9})
        QTest::addRow("%g", confidence) << confidence;
}

void BeliefModelTest::preferencesHoldAsStated() {
    QFETCH(const double, confidence);
    // An observation with next to no weight: the process needs one.
    Line line(R"([{"about": "preference", "better": {"x": 0.9}, "worse": {"x": 0.1}}])", {{0.5, 0.0}});
    line.definition.beliefs[0].confidence = confidence;
    const BeliefModel model = line.model(4096);
    Eigen::MatrixXd points(2, 1);
    points << 0.9, 0.1;
    const Eigen::MatrixXd values = model.samples().values(points);
    double share = 0.0;
    for (Eigen::Index i = 0; i < values.cols(); ++i)
        share += values(0, i) < values(1, i) ? model.weights().weights(i) / static_cast<double>(values.cols())
                                             : 0.0;
    QVERIFY2(std::abs(share - 0.5 * (1.0 + 0.95 * confidence)) < 0.025, qPrintable(QString::number(share)));
    QVERIFY(std::abs(model.weights().logBayesFactor) < 0.1);
}

void BeliefModelTest::trendsAndBestValuesMoveTheFunctions() {
    const std::vector<std::pair<double, double>> data{{0.5, 0.0}};
    Eigen::MatrixXd points(3, 1);
    points << 0.2, 0.35, 0.8;
    const Eigen::VectorXd plain = Line("[]", data).outcome.process.predict(points).mean;
    const Line falling(
        R"([{"about": "trend", "objective": "f", "parameter": "x", "direction": "falls", "to": 0.6}])", data);
    const BeliefModel model = falling.model(4096);
    const Eigen::VectorXd mean = model.predict(points).mean;
    QVERIFY(mean(0) > plain(0) + 0.3);
    QVERIFY(mean(0) > mean(1) && mean(1) > 0.0);
    const Line low(R"([{"about": "best_value", "objective": "f",
        "density": {"family": "normal", "center": -3, "spread": 0.2}}])",
                   data);
    const Line bounded(
        R"([{"about": "best_value", "objective": "f", "density": {"family": "bounds", "low": -0.5}}])", data);
    const double deep = low.model(4096).predict(points).mean.sum();
    const double shallow = bounded.model(4096).predict(points).mean.sum();
    QVERIFY2(deep < shallow - 0.5, qPrintable(QString("%1 %2").arg(deep).arg(shallow)));
}

void BeliefModelTest::posteriorAndPriorWeightsAgreeWithoutData() {
    // Nearly without: one observation with a noise of 1e4 standard deviations.
    GpData set;
    set.x = Eigen::MatrixXd::Constant(1, 1, 0.5);
    set.y = Eigen::VectorXd::Zero(1);
    set.groups = {0};
    set.extraNoise = Eigen::VectorXd::Constant(1, 1e8);
    Hyperparameters hyper;
    hyper.lengthScales = Eigen::VectorXd::Constant(1, 0.2);
    Line line(kNearTwoTenths, {{0.5, 0.0}});
    line.outcome.process = GaussianProcess::condition(std::move(set), KernelFamily::Matern52, hyper).value();
    const BeliefModel model = line.model(1024);
    QVERIFY(std::abs(model.weights().logBayesFactor) < 1e-3);
    const Eigen::MatrixXd points = Eigen::MatrixXd::Constant(1, 1, 0.2);
    const PathwiseSamples::Both both = model.samples().both(points);
    QVERIFY((both.prior - both.posterior).cwiseAbs().maxCoeff() < 1e-3);
}

/// Claim: near 0.2; truth: 0.8. The Bayes factor falls with data, and so does the difference that the belief
/// makes to the mean.
void BeliefModelTest::misleadingBeliefsFade() {
    std::vector<std::pair<double, double>> data;
    double lastFactor = 1e300;
    double difference = 0.0;
    const auto truth = [](double x) { return 4.0 * (x - 0.8) * (x - 0.8) - 1.2; };
    for (const std::vector<double>& more : {std::vector<double>{0.5}, {0.1, 0.9}, {0.3, 0.7, 0.2, 0.8}}) {
        for (const double x : more)
            data.emplace_back(x, truth(x));
        const Line line(R"([{"about": "optimum", "parameter": "x",
            "density": {"family": "normal", "center": 0.2, "spread": 0.1}}])",
                        data);
        const BeliefModel model = line.model(4096);
        QVERIFY(model.weights().logBayesFactor < lastFactor);
        lastFactor = model.weights().logBayesFactor;
        Eigen::MatrixXd points(4, 1);
        points << 0.15, 0.4, 0.6, 0.85;
        const GpPrediction plain = line.outcome.process.predict(points);
        difference = ((model.predict(points).mean - plain.mean).array() / plain.variance.array().sqrt())
                         .abs()
                         .maxCoeff();
    }
    QVERIFY2(lastFactor < std::log(0.1), qPrintable(QString::number(lastFactor)));
    QVERIFY2(difference < 0.2, qPrintable(QString::number(difference)));
}

void BeliefModelTest::equalWeightsLeaveTheAcquisitionAlone() {
    // Flat beliefs, and those without confidence, are no claims at all.
    const Line flat(
        R"([{"about": "optimum", "parameter": "x", "density": {"family": "uniform", "low": 0, "high": 1}},
        {"about": "optimum", "parameter": "x", "density": {"family": "normal", "center": 0.2, "spread": 0.1},
         "confidence": 0}])",
        {{0.5, 0.0}});
    QVERIFY(flat.claims().empty());
    // A bound that every function keeps gives equal weights, and the factor is 1 everywhere.
    const Line bound(
        R"([{"about": "best_value", "objective": "f", "density": {"family": "bounds", "low": -1000}}])",
        {{0.5, 0.0}, {0.2, 1.0}});
    const BeliefModel model = bound.model(512);
    QVERIFY((model.weights().weights.array() - 1.0).abs().maxCoeff() < 1e-12);
    const BeliefFactor factor = makeBeliefFactor(model, bound.rows(), -0.3, 1);
    const Eigen::MatrixXd points = Eigen::VectorXd::LinSpaced(21, 0.0, 1.0);
    QVERIFY(factor.values(points).cwiseAbs().maxCoeff() < 1e-12);
}

void BeliefModelTest::factorHasTheRightGradient() {
    const Line line(kNearTwoTenths, {{0.15, 0.8}, {0.3, 0.4}, {0.7, -1.2}});
    const BeliefModel model = line.model(1024);
    for (const auto& [best, pending] : std::vector<std::pair<double, std::vector<double>>>{
             {-1.2, {}}, {-6.0, {}}, {3.0, {}}, {-1.2, {0.45}}, {3.0, {0.2, 0.8}}}) {
        BeliefFactor factor = makeBeliefFactor(model, line.rows(), best, 1);
        for (const double x : pending)
            factor.believe(Eigen::RowVectorXd::Constant(1, x));
        // Many places at once are weighed in single precision.
        const Eigen::MatrixXd many = Eigen::VectorXd::LinSpaced(40, 0.0, 1.0);
        const Eigen::VectorXd rough = factor.values(many);
        for (Eigen::Index i = 0; i < many.rows(); ++i)
            QVERIFY(std::abs(rough(i) - factor.values(many.row(i))(0)) < 1e-4);
        for (const double x : {0.03, 0.21, 0.5, 0.77}) {
            Eigen::RowVectorXd point = Eigen::RowVectorXd::Constant(1, x);
            Eigen::VectorXd gradient;
            const double value = factor.value(point, gradient);
            VERIFY_NEAR(factor.values(point)(0), value, 1e-9);
            const double h = 1e-6;
            Eigen::MatrixXd sides(2, 1);
            sides << x - h, x + h;
            const Eigen::VectorXd around = factor.values(sides);
            const double slope = (around(1) - around(0)) / (2.0 * h);
            QVERIFY2(test::near(gradient(0), slope, 1e-4, 1e-5),
                     qPrintable(QString("%1 against %2").arg(gradient(0)).arg(slope)));
        }
    }
}

/// Where nothing but a rare function improves, its weight alone is no reason to go there: the estimate rests
/// on less than two functions and is drawn to 1, the more so when data speak against the belief.
void BeliefModelTest::loneFunctionsDoNotDecide() {
    const Line wrong(kNearTwoTenths, {{0.15, 0.8}, {0.3, 0.4}, {0.7, -1.2}, {0.1, 0.9}, {0.25, 0.6}});
    const Line right(kNearTwoTenths, {{0.2, -1.2}, {0.5, 0.6}, {0.8, 0.3}});
    const BeliefModel against = wrong.model(1024);
    const BeliefModel agreeing = right.model(1024);
    QVERIFY(against.weights().logBayesFactor < std::log(0.5));
    QVERIFY(agreeing.weights().logBayesFactor > 0.0);
    VERIFY_NEAR(agreeing.choose(128, 1).support, 4.0, 1e-12);
    VERIFY_NEAR(against.choose(128, 1).support,
                std::min(4.0 * std::exp(-against.weights().logBayesFactor), 64.0), 1e-9);
    const BeliefFactor factor = makeBeliefFactor(against, wrong.rows(), -4.0, 1);
    const Eigen::MatrixXd points = Eigen::VectorXd::LinSpaced(41, 0.0, 1.0);
    const Eigen::VectorXd values = factor.values(points);
    const Eigen::MatrixXd functions = factor.chosen->samples.values(points);
    double farthest = 0.0;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        double weighted = 0.0;
        double plain = 0.0;
        double squares = 0.0;
        for (Eigen::Index f = 0; f < functions.cols(); ++f) {
            const double s = std::log1p(std::exp((-4.0 - functions(i, f)) / factor.temperature));
            weighted += factor.chosen->weighted(f) * s;
            plain += factor.chosen->plain(f) * s;
            squares += std::pow(factor.chosen->plain(f) * s, 2);
        }
        // As if factor.chosen->support functions of weight 1 were mixed with as many as the ratio rests on.
        const double restsOn = plain * plain / squares;
        const double share = restsOn / (restsOn + factor.chosen->support);
        VERIFY_NEAR(std::exp(values(i)), share * weighted / plain + 1.0 - share, 1e-4);
        farthest = std::max(farthest, std::abs(std::log(weighted / plain)));
    }
    QVERIFY(farthest > 2.0 * values.cwiseAbs().maxCoeff());
}

/// The ratio of what the functions gain beyond pending settings, each from its own values there, counted
/// out.
void BeliefModelTest::factorCountsBeyondPendingSettings() {
    const Line line(kNearTwoTenths, {{0.5, 0.6}, {0.8, 0.3}});
    const BeliefModel model = line.model(1024);
    const BeliefFactor alone = makeBeliefFactor(model, line.rows(), 0.3, 1);
    BeliefFactor factor = alone;
    for (const double x : {0.2, 0.6})
        factor.believe(Eigen::RowVectorXd::Constant(1, x));
    Eigen::MatrixXd pending(2, 1);
    pending << 0.2, 0.6;
    const Eigen::MatrixXd there = alone.chosen->samples.values(pending);
    const Eigen::MatrixXd points = Eigen::VectorXd::LinSpaced(11, 0.02, 0.98);
    const Eigen::MatrixXd functions = alone.chosen->samples.values(points);
    const Eigen::VectorXd values = factor.values(points);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        double weighted = 0.0;
        double plain = 0.0;
        double squares = 0.0;
        for (Eigen::Index f = 0; f < functions.cols(); ++f) {
            const double best = std::min({0.3, there(0, f), there(1, f)});
            const double s = std::log1p(std::exp((best - functions(i, f)) / factor.temperature));
            weighted += factor.chosen->weighted(f) * s;
            plain += factor.chosen->plain(f) * s;
            squares += std::pow(factor.chosen->plain(f) * s, 2);
        }
        const double support = factor.chosen->support * squares / plain;
        VERIFY_NEAR(values(i), std::log((weighted + support) / (plain + support)), 1e-6);
    }
    QVERIFY((values - alone.values(points)).cwiseAbs().maxCoeff() > 0.05);

    // To be maximised, a function's larger value there counts.
    BeliefFactor largest = alone;
    largest.maximise = true;
    largest.believe(pending.row(0));
    QVERIFY(largest.best.isApprox(there.row(0).transpose().cwiseMax(0.3), 1e-9));
}

void BeliefModelTest::goodPointsAndModes() {
    const Line line(R"([{"about": "good_points", "points": [{"x": 0.25}, {"x": 0.75}], "spread": 0.02}])",
                    {{0.5, 0.0}});
    const BeliefClaims claims = line.claims();
    const ParameterId x = line.definition.space.parameters[0].id;
    const auto ratio = [&](double at) { return std::exp(claims.logPlaceRatios({{x, Value(at)}})(0)); };
    // Half of a normal density with spread 0.02 at its centre.
    VERIFY_NEAR(ratio(0.25), 0.5 * 0.398942280401433 / 0.02, 1e-9);
    VERIFY_NEAR(ratio(0.75), ratio(0.25), 1e-9);
    QVERIFY(ratio(0.5) < 1e-9);
    QCOMPARE(std::get<double>(claims.placeMode({}).at(x)), 0.25);
    Rng rng(3, "draws");
    int lower = 0;
    for (int i = 0; i < 400; ++i) {
        const double drawn = std::get<double>(claims.drawPlace({}, [&] { return rng.uniform(); }).at(x));
        QVERIFY(std::min(std::abs(drawn - 0.25), std::abs(drawn - 0.75)) < 0.12);
        lower += drawn < 0.5 ? 1 : 0;
    }
    QVERIFY(std::abs(lower - 200) < 50);
}

QTEST_GUILESS_MAIN(BeliefModelTest)
#include "tst_belief_model.moc"
