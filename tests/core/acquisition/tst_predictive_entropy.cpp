#include "acquisition/predictive_entropy.h"
#include "base/rng.h"
#include "compare_gradient.h"
#include "math/normal.h"
#include "near.h"
#include "sample_process.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace alidade;

// Predictive entropy search against integrals over one and two normal variables, and against the mutual
// information of a measurement and the place of the optimum, counted over thousands of sample functions.

class PredictiveEntropyTest : public QObject {
    Q_OBJECT
private slots:
    void shareOfATruncation();
    void varianceInOrderAgainstIntegration_data();
    void varianceInOrderAgainstIntegration();
    void informationAgainstSampleFunctions_data();
    void informationAgainstSampleFunctions();
    void gradients_data();
    void gradients();
    void minimisingIsMaximisingTheNegative();
    void finiteWhereNothingIsLeftToKnow();
    void aBelievedOutcomeTellsLess();
};

namespace {

/// Variance of Z - low of a standard normal Z > low, by a sum over the tail.
double tailVariance(double low) {
    const double reach = low > 0.0 ? std::min(40.0 / low, 10.0) : 10.0 - low;
    constexpr int kSteps = 400000;
    double mass = 0.0;
    double first = 0.0;
    double second = 0.0;
    for (int i = 0; i < kSteps; ++i) {
        const double t = reach * (i + 0.5) / kSteps;
        const double weight = std::exp(low > 0.0 ? -t * (low + 0.5 * t) : -0.5 * (low + t) * (low + t));
        mass += weight;
        first += weight * t;
        second += weight * t * t;
    }
    return second / mass - first / mass * (first / mass);
}

Eigen::VectorXd ranks(const Eigen::VectorXd& values) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](Eigen::Index a, Eigen::Index b) { return values(a) < values(b); });
    Eigen::VectorXd result(values.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        result(order[i]) = static_cast<double>(i);
    return result;
}

double correlation(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    const Eigen::VectorXd x = a.array() - a.mean();
    const Eigen::VectorXd y = b.array() - b.mean();
    return x.dot(y) / std::sqrt(x.squaredNorm() * y.squaredNorm());
}

/// Joint samples of the latent function on a grid.
struct Functions {
    Eigen::MatrixXd grid;
    GpPrediction prediction;
    Eigen::MatrixXd values; ///< grid x functions
    std::vector<int> best;  ///< where each is best

    Functions(const GaussianProcess& process, Eigen::Index places, Eigen::Index count, bool maximise)
        : grid(Eigen::VectorXd::LinSpaced(places, 0.0, 1.0)), prediction(process.predict(grid)),
          values(places, count) {
        Eigen::MatrixXd joint = process.jointCovariance(grid);
        joint.diagonal().array() += 1e-9;
        const CholeskyFactor factor = factorise(joint).value();
        Rng rng(5, "functions");
        for (Eigen::Index k = 0; k < count; ++k) {
            Eigen::VectorXd z(places);
            for (double& entry : z)
                entry = rng.normal();
            values.col(k) = prediction.mean + factor.lower * z;
            Eigen::Index place = 0;
            if (maximise)
                values.col(k).maxCoeff(&place);
            else
                values.col(k).minCoeff(&place);
            best.push_back(static_cast<int>(place));
        }
    }
};

/// Entropy of values by a histogram of 10 standard deviations `spread`. Its error is about the same whatever
/// is counted, and cancels between two entropies.
double entropyOf(const std::vector<double>& values, double center, double spread) {
    constexpr int kBins = 80;
    const double width = 10.0 * spread / kBins;
    std::vector<double> counts(kBins, 0.0);
    double total = 0.0;
    for (const double value : values) {
        const double bin = (value - center) / width + 0.5 * kBins;
        if (bin < 0.0 || bin >= kBins)
            continue;
        counts[static_cast<std::size_t>(bin)] += 1.0;
        total += 1.0;
    }
    double entropy = 0.0;
    for (const double count : counts)
        if (count > 0.0)
            entropy -= count / total * std::log(count / total / width);
    return entropy;
}

/// I(y(x); x*) for each place x of the grid: H[y] less the mean of H[y | x* in a group], groups of
/// neighbouring places that hold 400 functions at least.
Eigen::VectorXd informationByCounting(const Functions& functions, double noiseVariance) {
    std::vector<Eigen::Index> order(functions.best.size());
    std::iota(order.begin(), order.end(), 0);
    const auto bestOf = [&](Eigen::Index k) { return functions.best[static_cast<std::size_t>(k)]; };
    std::ranges::stable_sort(order, {}, bestOf);
    std::vector<std::vector<Eigen::Index>> groups(1);
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (groups.back().size() >= 400 && bestOf(order[i]) != bestOf(order[i - 1]))
            groups.emplace_back();
        groups.back().push_back(order[i]);
    }
    Rng rng(6, "noise");
    Eigen::VectorXd result(functions.grid.rows());
    for (Eigen::Index x = 0; x < result.size(); ++x) {
        const double spread = std::sqrt(functions.prediction.variance(x) + noiseVariance);
        std::vector<double> all;
        double conditional = 0.0;
        for (const std::vector<Eigen::Index>& group : groups) {
            std::vector<double> some;
            for (const Eigen::Index k : group)
                for (int repeat = 0; repeat < 4; ++repeat)
                    some.push_back(functions.values(x, k) + std::sqrt(noiseVariance) * rng.normal());
            conditional +=
                static_cast<double>(some.size()) * entropyOf(some, functions.prediction.mean(x), spread);
            all.insert(all.end(), some.begin(), some.end());
        }
        result(x) = entropyOf(all, functions.prediction.mean(x), spread) -
                    conditional / static_cast<double>(all.size());
    }
    return result;
}

} // namespace

void PredictiveEntropyTest::shareOfATruncation() {
    for (const double bound : {5.0, 2.0, 0.5, 0.0, -0.5, -3.0, -12.0, -29.9, -30.1, -60.0, -400.0}) {
        const TruncationShare share = truncationShare(bound);
        VERIFY_NEAR(1.0 - share.value, tailVariance(-bound), 1e-7 + 1e-14 * bound * bound);
        const double step = 1e-3 * std::max(1.0, std::abs(bound));
        const double slope = (tailVariance(-bound - step) - tailVariance(-bound + step)) / (2.0 * step);
        VERIFY_NEAR(-share.slope, slope, 1e-4);
    }
    for (const double bound : {40.0, 1e5, -1e5, -1e200}) {
        const TruncationShare share = truncationShare(bound);
        QVERIFY(std::abs(share.value - (bound > 0.0 ? 0.0 : 1.0)) < 1e-9);
        QVERIFY(std::abs(share.slope) < 1e-14);
    }
}

void PredictiveEntropyTest::varianceInOrderAgainstIntegration_data() {
    QTest::addColumn<QList<double>>("moments"); // here: mean, variance; there: mean, variance; covariance
    QTest::newRow("independent") << QList<double>{0.3, 1.0, -0.2, 0.7, 0.0};
    QTest::newRow("alike") << QList<double>{1.1, 0.8, 1.0, 0.9, 0.82};
    QTest::newRow("against each other") << QList<double>{-0.4, 0.5, 0.6, 1.5, -0.6};
    QTest::newRow("far behind") << QList<double>{-2.0, 0.3, 2.0, 0.4, 0.1};
    QTest::newRow("far ahead") << QList<double>{2.0, 0.6, 0.0, 0.9, 0.2};
}

void PredictiveEntropyTest::varianceInOrderAgainstIntegration() {
    QFETCH(const QList<double>, moments);
    const HereAndThere pair{moments[0], moments[1], moments[2], moments[3], moments[4]};
    for (const bool maximise : {false, true}) {
        const double sign = maximise ? 1.0 : -1.0;
        const double rest =
            std::sqrt(pair.varianceThere - pair.covariance * pair.covariance / pair.varianceHere);
        const auto thereGiven = [&](double here) {
            return pair.meanThere + pair.covariance / pair.varianceHere * (here - pair.meanHere);
        };
        // Of f: its density times the chance that the other is not worse.
        double mass = 0.0;
        double first = 0.0;
        double second = 0.0;
        constexpr int kSteps = 40000;
        for (int i = 0; i < kSteps; ++i) {
            const double z = -12.0 + 24.0 * (i + 0.5) / kSteps;
            const double here = std::sqrt(pair.varianceHere) * z;
            const double weight =
                normalPdf(z) *
                normalCdf(sign * (thereGiven(pair.meanHere + here) - pair.meanHere - here) / rest);
            mass += weight;
            first += weight * here;
            second += weight * here * here;
        }
        const double integral = second / mass - first / mass * (first / mass);
        const OrderedVariance ordered = orderedVariance(pair, maximise, 0.0);
        VERIFY_NEAR(ordered.value, integral, 1e-6);
        QVERIFY(ordered.value > 0.0 && ordered.value < pair.varianceHere);
        // By draws, where the order comes about often enough.
        if (mass > 0.002 * kSteps / 24.0) {
            Rng rng(12, "pairs", maximise ? 1 : 0);
            std::vector<double> kept;
            for (int draw = 0; draw < 400000; ++draw) {
                const double here = pair.meanHere + std::sqrt(pair.varianceHere) * rng.normal();
                if (sign * (thereGiven(here) + rest * rng.normal() - here) >= 0.0)
                    kept.push_back(here);
            }
            const Eigen::Map<const Eigen::ArrayXd> all(kept.data(), std::ssize(kept));
            const Eigen::ArrayXd squares = (all - all.mean()).square();
            const double error =
                std::sqrt((squares - squares.mean()).square().mean() / static_cast<double>(all.size()));
            QVERIFY2(
                std::abs(squares.mean() - ordered.value) < 4.0 * error,
                qPrintable(QString("%1 against %2 +- %3").arg(ordered.value).arg(squares.mean()).arg(error)));
        }
        const auto changed = [&](double HereAndThere::*moment, double step) {
            HereAndThere ahead = pair;
            HereAndThere behind = pair;
            ahead.*moment += step;
            behind.*moment -= step;
            return (orderedVariance(ahead, maximise, 0.0).value -
                    orderedVariance(behind, maximise, 0.0).value) /
                   (2.0 * step);
        };
        QVERIFY(test::near(ordered.byMean, changed(&HereAndThere::meanHere, 1e-5), 1e-6, 1e-8));
        QVERIFY(test::near(ordered.byVariance, changed(&HereAndThere::varianceHere, 1e-5), 1e-6, 1e-8));
        QVERIFY(test::near(ordered.byCovariance, changed(&HereAndThere::covariance, 1e-5), 1e-6, 1e-8));
    }
}

void PredictiveEntropyTest::informationAgainstSampleFunctions_data() {
    QTest::addColumn<int>("seed");
    QTest::addColumn<double>("noise");
    QTest::addColumn<bool>("maximise");
    for (const int seed : {1, 2, 3})
        for (const double noise : {1e-3, 0.1})
            for (const bool maximise : {false, true})
                QTest::addRow("process %d, noise %g, %s", seed, noise, maximise ? "maximise" : "minimise")
                    << seed << noise << maximise;
}

void PredictiveEntropyTest::informationAgainstSampleFunctions() {
    QFETCH(const int, seed);
    QFETCH(const double, noise);
    QFETCH(const bool, maximise);
    const GaussianProcess process = test::sampleProcess(static_cast<std::uint64_t>(seed), 4 + seed, 1, noise);
    const Functions functions(process, 120, 20000, maximise);
    const Eigen::VectorXd truth = informationByCounting(functions, noise);
    // 16 optima, as a suggestion has them, spread evenly over all: what is tested is not which were drawn.
    std::vector<int> best = functions.best;
    std::ranges::sort(best);
    Eigen::MatrixXd optimisers(16, 1);
    for (std::size_t j = 0; j < 16; ++j)
        optimisers(static_cast<Eigen::Index>(j), 0) = functions.grid(best[(2 * j + 1) * best.size() / 32], 0);
    const PredictiveEntropy entropy =
        PredictiveEntropy::make(process, optimisers, process.data().x, maximise, noise).value();
    const Eigen::VectorXd value = entropy.logValues(functions.grid).array().exp();
    Eigen::Index at = 0;
    value.maxCoeff(&at);
    const double most = truth.maxCoeff();
    // Ranks where there is more than counting can tell from nothing.
    std::vector<Eigen::Index> told;
    for (Eigen::Index i = 0; i < truth.size(); ++i)
        if (truth(i) > 0.05 * most)
            told.push_back(i);
    const double order = correlation(ranks(value(told)), ranks(truth(told)));
    const double largest = (value - truth).cwiseAbs().maxCoeff();
    const double error = std::sqrt((value - truth).squaredNorm() / static_cast<double>(truth.size()));
    const QString found =
        QString("truth %1, there %2; value %3; rank correlation %4, correlation %5, rms error "
                "%6, largest %7 of the most")
            .arg(most)
            .arg(truth(at))
            .arg(value(at))
            .arg(order)
            .arg(correlation(value, truth))
            .arg(error / most)
            .arg(largest / most);
    QVERIFY2(truth(at) > 0.98 * most, qPrintable(found));
    QVERIFY2(order > 0.95, qPrintable(found));
    QVERIFY2(correlation(value, truth) > 0.95, qPrintable(found));
    // Conditions whose distributions are replaced one after the other say too much rather than too little.
    QVERIFY2(error < 0.2 * most, qPrintable(found));
    QVERIFY2(largest < 0.45 * most, qPrintable(found));
}

void PredictiveEntropyTest::gradients_data() {
    QTest::addColumn<double>("noise");
    QTest::addColumn<bool>("maximise");
    QTest::addColumn<int>("rivals");
    for (const double noise : {1e-4, 0.1})
        for (const bool maximise : {false, true})
            for (const int rivals : {0, 6})
                QTest::addRow("%s, noise %g, %d rivals", maximise ? "maximise" : "minimise", noise, rivals)
                    << noise << maximise << rivals;
}

void PredictiveEntropyTest::gradients() {
    QFETCH(const double, noise);
    QFETCH(const bool, maximise);
    QFETCH(const int, rivals);
    const GaussianProcess process = test::sampleProcess(31, 14, 3, noise);
    const Eigen::MatrixXd others = test::sampleProcess(32, 20, 3, noise).data().x;
    const PredictiveEntropy entropy =
        PredictiveEntropy::make(process, others.topRows(8), process.data().x.topRows(rivals), maximise, noise)
            .value();
    test::compareGradient(
        [&](const auto& x, Eigen::VectorXd& gradient) { return entropy.logValue(x, gradient); },
        [&](const auto& points) { return entropy.logValues(points); });
}

void PredictiveEntropyTest::minimisingIsMaximisingTheNegative() {
    const GaussianProcess process = test::sampleProcess(4, 9, 2, 0.02);
    GpData data = process.data();
    data.y = -data.y;
    Hyperparameters hyper = process.hyperparameters();
    hyper.mean = -hyper.mean;
    const GaussianProcess negative =
        GaussianProcess::condition(std::move(data), process.family(), hyper).value();
    const Eigen::MatrixXd optimisers = test::sampleProcess(5, 7, 2, 0.02).data().x;
    const Eigen::MatrixXd rivals = process.data().x.topRows(4);
    const Eigen::MatrixXd points = test::sampleProcess(6, 30, 2, 0.02).data().x;
    const Eigen::VectorXd one =
        PredictiveEntropy::make(process, optimisers, rivals, false, 0.02)->logValues(points);
    const Eigen::VectorXd other =
        PredictiveEntropy::make(negative, optimisers, rivals, true, 0.02)->logValues(points);
    QVERIFY2((one - other).cwiseAbs().maxCoeff() < 1e-9, "the direction is not a matter of sign");
    const Eigen::VectorXd wrong =
        PredictiveEntropy::make(process, optimisers, rivals, true, 0.02)->logValues(points);
    QVERIFY((one - wrong).cwiseAbs().maxCoeff() > 0.1);
}

void PredictiveEntropyTest::finiteWhereNothingIsLeftToKnow() {
    for (const double noise : {0.0, 1e-8, 0.1}) {
        const GaussianProcess process = test::sampleProcess(3, 8, 1, std::max(noise, 1e-8));
        Eigen::MatrixXd optimisers(5, 1); // twice the same, at a measured setting, hopeless
        optimisers << 0.62, 0.62, process.data().x(2, 0), 0.62 + 1e-9, 40.0;
        for (const bool maximise : {false, true})
            for (const Eigen::Index several : {Eigen::Index{1}, Eigen::Index{5}}) {
                const PredictiveEntropy entropy =
                    PredictiveEntropy::make(process, optimisers.topRows(several), process.data().x, maximise,
                                            noise)
                        .value();
                Eigen::MatrixXd points(process.data().x.rows() + 12, 1);
                points << process.data().x, optimisers, 0.62 + 1e-4, 0.62 - 1e-6, 0.62 + 1e-8, 0.62 - 1e-10,
                    1e3, 0.0, 1.0;
                const Eigen::VectorXd values = entropy.logValues(points);
                QVERIFY(values.allFinite());
                for (Eigen::Index i = 0; i < points.rows(); ++i) {
                    Eigen::VectorXd gradient;
                    QVERIFY(std::isfinite(entropy.logValue(points.row(i), gradient)));
                    QVERIFY(gradient.allFinite());
                }
            }
    }
    // A single sample of the optimum and no rival: at that very place nothing is learnt.
    const GaussianProcess process = test::sampleProcess(3, 8, 1, 0.05);
    const Eigen::MatrixXd alone = Eigen::MatrixXd::Constant(1, 1, 0.62);
    const PredictiveEntropy entropy =
        PredictiveEntropy::make(process, alone, Eigen::MatrixXd(0, 1), false, 0.05).value();
    QVERIFY(entropy.logValues(alone)(0) < std::log(1e-6));
    QVERIFY(!PredictiveEntropy::make(process, Eigen::MatrixXd(0, 1), alone, false, 0.05).ok());
}

void PredictiveEntropyTest::aBelievedOutcomeTellsLess() {
    const GaussianProcess process = test::sampleProcess(2, 6, 1, 0.01);
    Eigen::MatrixXd optimisers(6, 1);
    optimisers << 0.05, 0.5, 0.95, 0.97, 0.9, 0.6;
    const PredictiveEntropy before =
        PredictiveEntropy::make(process, optimisers, process.data().x, false, 0.01).value();
    Eigen::RowVectorXd x(1);
    x << 0.96;
    const PredictiveEntropy after = before.with(process.withObservation(x, process.predict(x).mean(0)));
    QVERIFY(after.logValues(x)(0) < before.logValues(x)(0) - 0.5);
    QCOMPARE(after.posterior().anchors(), before.posterior().anchors());
}

QTEST_APPLESS_MAIN(PredictiveEntropyTest)
#include "tst_predictive_entropy.moc"
