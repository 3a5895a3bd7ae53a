#include "base/rng.h"
#include "belief/belief_model.h"
#include "exchange/study_json.h"
#include "near.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;

// The optimum of a sample function is not only among the candidates: a setting that improves on all of them
// is a better one, and the claims about the place are asked there.

namespace {

constexpr double kCenter = 0.3;
constexpr double kSpread = 0.2;
constexpr double kConfidence = 0.9;
constexpr double kBest = -3.0; ///< to improve on: what only some functions do
constexpr Eigen::Index kDimension = 6;

/// Minimise over the unit cube; the optimum is believed near 0.3 in each coordinate.
struct Cube {
    Definition definition;
    OutcomeModel outcome{process(), {}, {}};

    Cube() {
        Json json = parseJson(R"({"alidade": 1, "name": "cube", "objectives": [{"name": "f"}]})").value();
        for (const char* const name : {"x1", "x2", "x3", "x4", "x5", "x6"}) {
            json["parameters"].push_back({{"name", name}, {"type", "real"}, {"low", 0}, {"high", 1}});
            json["beliefs"].push_back(
                {{"about", "optimum"},
                 {"parameter", name},
                 {"confidence", kConfidence},
                 {"density", {{"family", "normal"}, {"center", kCenter}, {"spread", kSpread}}}});
        }
        definition = definitionFromConfiguration(json).value();
    }

    static GaussianProcess process() {
        Rng rng(3, "data");
        GpData set;
        set.x.resize(6, kDimension);
        set.y.resize(6);
        set.groups = {0, 1, 2, 3, 4, 5};
        for (Eigen::Index i = 0; i < set.y.size(); ++i) {
            for (Eigen::Index c = 0; c < kDimension; ++c)
                set.x(i, c) = rng.uniform();
            set.y(i) = rng.normal();
        }
        Hyperparameters hyper;
        hyper.lengthScales = Eigen::VectorXd::Constant(kDimension, 0.6);
        hyper.noiseVariance = 1e-4;
        return GaussianProcess::condition(std::move(set), KernelFamily::Matern52, hyper).value();
    }

    [[nodiscard]] FeatureRows rows() const {
        return [this](const std::vector<Setting>& settings) {
            Eigen::MatrixXd result(std::ssize(settings), kDimension);
            for (Eigen::Index i = 0; i < result.rows(); ++i)
                for (Eigen::Index c = 0; c < kDimension; ++c)
                    result(i, c) = std::get<double>(settings[static_cast<std::size_t>(i)].at(
                        definition.space.parameters[static_cast<std::size_t>(c)].id));
            return result;
        };
    }
    [[nodiscard]] BeliefModel model() const {
        BeliefModelOptions options;
        options.seed = 5;
        options.paths = 512;
        options.mostPaths = 512;
        options.features = 128;
        options.candidates = 64;
        return BeliefModel::make(BeliefClaims(definition, definition.objectives.front().id), outcome, false,
                                 {}, rows(), options)
            .value();
    }
    [[nodiscard]] PlaceFit placeFit(const BeliefModel& model) const {
        return [this, &model](const Eigen::RowVectorXd& features, Eigen::VectorXd* gradient) {
            const auto fit = [&](const Eigen::RowVectorXd& row) {
                Setting setting;
                for (Eigen::Index c = 0; c < kDimension; ++c)
                    setting[definition.space.parameters[static_cast<std::size_t>(c)].id] = row(c);
                return model.logPlaceFit(setting);
            };
            if (gradient) {
                gradient->resize(kDimension);
                for (Eigen::Index c = 0; c < kDimension; ++c) {
                    Eigen::RowVectorXd up = features;
                    Eigen::RowVectorXd down = features;
                    up(c) += 1e-5;
                    down(c) -= 1e-5;
                    (*gradient)(c) = (fit(up) - fit(down)) / 2e-5;
                }
            }
            return fit(features);
        };
    }
};

/// log rho of a function with its optimum there, written out; `logMeans`: of each claim over prior functions.
double logDensity(const Eigen::RowVectorXd& place, const std::vector<double>& logMeans) {
    const double inside = 0.5 * (std::erf((1.0 - kCenter) / kSpread / std::sqrt(2.0)) +
                                 std::erf(kCenter / kSpread / std::sqrt(2.0)));
    double sum = 0.0;
    for (Eigen::Index c = 0; c < kDimension; ++c) {
        const double z = (place(c) - kCenter) / kSpread;
        const double ratio = 0.398942280401433 * std::exp(-0.5 * z * z) / kSpread / inside;
        sum += std::log(kConfidence * ratio / std::exp(logMeans[static_cast<std::size_t>(c)]) + 1.0 -
                        kConfidence);
    }
    return sum;
}

Eigen::MatrixXd randomPoints(Eigen::Index count, std::uint64_t seed) {
    Rng rng(seed, "points");
    Eigen::MatrixXd points(count, kDimension);
    for (Eigen::Index i = 0; i < count; ++i)
        for (Eigen::Index c = 0; c < kDimension; ++c)
            points(i, c) = rng.uniform();
    return points;
}

} // namespace

class PlaceFitTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithOptimaAmongMany();
    void gradientAndPrecision();
    void openSettingsMoveOptima();
    void candidatesLieRoundTheBestTrials();
};

/// The same functions, each with the best of 20,000 places as its optimum: what the factor says with 64
/// spread candidates is nearer to that with the claims asked at the setting than without.
void PlaceFitTest::agreesWithOptimaAmongMany() {
    const Cube cube;
    const BeliefModel model = cube.model();
    QCOMPARE(model.weights().weighting, BeliefWeighting::PosteriorPath);
    const BeliefFactor without = makeBeliefFactor(model, cube.rows(), kBest, 1);
    const BeliefFactor with = makeBeliefFactor(model, cube.rows(), kBest, 1, cube.placeFit(model));
    const Eigen::MatrixXd many = randomPoints(20000, 1);
    const PathwiseSamples& functions = with.chosen->samples;
    const PathwiseSamples::Best best = functions.bestOf(many, false).posterior;
    const Eigen::MatrixXd points = randomPoints(60, 2);
    const Eigen::MatrixXd values = functions.values(points);
    const Eigen::VectorXd few = without.values(points);
    const Eigen::VectorXd asked = with.values(points);
    // All claims are about the place: nothing else is left of the log weights but the mean they are relative
    // to.
    const double logMean = -with.chosen->logWithoutPlace(0);
    QVERIFY((with.chosen->logWithoutPlace.array() + logMean).abs().maxCoeff() < 1e-9);
    double errorWithout = 0.0;
    double errorWith = 0.0;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        double weighted = 0.0;
        double plain = 0.0;
        double squares = 0.0;
        for (Eigen::Index f = 0; f < values.cols(); ++f) {
            const double s = with.chosen->plain(f) *
                             std::log1p(std::exp((with.best(f) - values(i, f)) / with.temperature));
            const Eigen::RowVectorXd place = values(i, f) < best.value(f)
                                                 ? points.row(i)
                                                 : many.row(best.place[static_cast<std::size_t>(f)]);
            weighted += s * with.scale.weight(logDensity(place, model.weights().logMeans) - logMean);
            plain += s;
            squares += s * s;
        }
        const double support = with.chosen->support * squares / plain;
        const double truth = std::log((weighted + support) / (plain + support));
        errorWithout += std::pow(few(i) - truth, 2);
        errorWith += std::pow(asked(i) - truth, 2);
    }
    QVERIFY2(errorWith < 0.6 * errorWithout,
             qPrintable(QString("%1 against %2").arg(errorWith).arg(errorWithout)));
}

void PlaceFitTest::gradientAndPrecision() {
    const Cube cube;
    const BeliefModel model = cube.model();
    for (const double best : {0.0, -3.0}) {
        BeliefFactor factor = makeBeliefFactor(model, cube.rows(), best, 1, cube.placeFit(model));
        for (const bool pending : {false, true}) {
            if (pending)
                factor.believe(Eigen::RowVectorXd::Constant(kDimension, 0.4));
            const Eigen::MatrixXd points = randomPoints(20, 4);
            const Eigen::VectorXd rough = factor.values(points); // in single precision
            for (Eigen::Index i = 0; i < points.rows(); ++i) {
                const Eigen::RowVectorXd point = points.row(i);
                Eigen::VectorXd gradient;
                Eigen::VectorXd unused;
                const double value = factor.value(point, gradient);
                VERIFY_NEAR(factor.values(point)(0), value, 1e-9);
                VERIFY_NEAR(rough(i), value, 1e-3);
                for (Eigen::Index c = 0; c < kDimension; ++c) {
                    Eigen::RowVectorXd up = point;
                    Eigen::RowVectorXd down = point;
                    up(c) += 1e-6;
                    down(c) -= 1e-6;
                    const double slope = (factor.value(up, unused) - factor.value(down, unused)) / 2e-6;
                    QVERIFY2(test::near(gradient(c), slope, 1e-4, 1e-4),
                             qPrintable(QString("%1 against %2").arg(gradient(c)).arg(slope)));
                }
            }
        }
    }
}

/// A function that is better at a setting whose outcome is open than anywhere else known has its optimum
/// there.
void PlaceFitTest::openSettingsMoveOptima() {
    const Cube cube;
    const BeliefModel model = cube.model();
    const BeliefFactor before = makeBeliefFactor(model, cube.rows(), kBest, 1, cube.placeFit(model));
    BeliefFactor factor = before;
    const Eigen::RowVectorXd open =
        Eigen::RowVectorXd::Constant(kDimension, 0.85); // where nobody believes the optimum to be
    factor.believe(open);
    const Eigen::VectorXd there = before.chosen->samples.values(open).row(0).transpose();
    int moved = 0;
    for (Eigen::Index f = 0; f < there.size(); ++f) {
        if (there(f) >= before.optimum(f)) {
            QCOMPARE(factor.weighted(f), before.weighted(f));
            QCOMPARE(factor.optimum(f), before.optimum(f));
            continue;
        }
        ++moved;
        QCOMPARE(factor.optimum(f), there(f));
        const double weight = factor.scale.weight(logDensity(open, model.weights().logMeans) +
                                                  before.chosen->logWithoutPlace(f));
        VERIFY_NEAR(factor.weighted(f), before.chosen->plain(f) * weight, 1e-9);
    }
    QVERIFY(moved > 0);
    // Weights of the functions before the data say nothing about where functions after them are best.
    BeliefFactor without = makeBeliefFactor(model, cube.rows(), kBest, 1);
    without.believe(open);
    QCOMPARE(without.weighted, before.weighted);
}

/// Whatever the order of the trials; by the predicted mean.
void PlaceFitTest::candidatesLieRoundTheBestTrials() {
    const Cube cube;
    const Eigen::MatrixXd points = randomPoints(40, 6);
    const Eigen::VectorXd means = cube.outcome.process.predict(points).mean;
    std::vector<Setting> observed;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        Setting setting;
        for (Eigen::Index c = 0; c < kDimension; ++c)
            setting[cube.definition.space.parameters[static_cast<std::size_t>(c)].id] = points(i, c);
        observed.push_back(setting);
    }
    for (const bool maximise : {false, true}) {
        BeliefModelOptions options;
        options.paths = 16;
        options.mostPaths = 16;
        options.features = 16;
        options.candidates = 16;
        const BeliefModel model =
            BeliefModel::make(BeliefClaims(cube.definition, cube.definition.objectives.front().id),
                              cube.outcome, maximise, observed, cube.rows(), options)
                .value();
        const Eigen::MatrixXd candidates = cube.rows()(model.candidates());
        const auto near = [&](Eigen::Index i) {
            return ((candidates.rowwise() - points.row(i)).rowwise().norm().array() < 0.15).count();
        };
        Eigen::Index least = 0;
        Eigen::Index most = 0;
        means.minCoeff(&least);
        means.maxCoeff(&most);
        QVERIFY(near(maximise ? most : least) > 6);
        QCOMPARE(near(maximise ? least : most), Eigen::Index{1}); // itself
    }
}

QTEST_MAIN(PlaceFitTest)
#include "tst_place_fit.moc"
