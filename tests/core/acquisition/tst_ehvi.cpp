#include "acquisition/ehvi.h"
#include "base/rng.h"
#include "pareto/hypervolume.h"
#include "test_paths.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace alidade;

namespace {

nlohmann::json read(const char* file) {
    return nlohmann::json::parse(test::readFile(test::dataPath(file)));
}

Eigen::VectorXd vectorOf(const nlohmann::json& values) {
    const auto numbers = values.get<std::vector<double>>();
    return Eigen::Map<const Eigen::VectorXd>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

ObjectiveMatrix matrixOf(const nlohmann::json& rows) {
    ObjectiveMatrix matrix(static_cast<Eigen::Index>(rows.size()),
                           rows.empty() ? 2 : static_cast<Eigen::Index>(rows[0].size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        matrix.row(static_cast<Eigen::Index>(i)) = vectorOf(rows[i]).transpose();
    return matrix;
}

ObjectiveMatrix randomPoints(Rng& rng, Eigen::Index count, Eigen::Index objectives, int levels) {
    ObjectiveMatrix points(count, objectives);
    for (Eigen::Index i = 0; i < count; ++i) {
        for (Eigen::Index k = 0; k < objectives; ++k)
            points(i, k) = levels > 0
                               ? static_cast<double>(rng.below(static_cast<std::uint64_t>(levels))) / levels
                               : rng.uniform();
    }
    return points;
}

Eigen::VectorXd randomVector(Rng& rng, Eigen::Index size, double low, double high) {
    Eigen::VectorXd vector(size);
    for (double& value : vector)
        value = rng.uniform(low, high);
    return vector;
}

ExpectedHypervolumeImprovement make(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    return ExpectedHypervolumeImprovement::make(points, reference).value();
}

double logEhvi(const ExpectedHypervolumeImprovement& ehvi, const Eigen::VectorXd& mean,
               const Eigen::VectorXd& deviation) {
    return ehvi.logValue(mean, deviation).value().logValue;
}

/// Of an outcome Normal(mean, deviation^2), of which `counted` says what counts in a front.
struct SampledGain {
    double mean = 0.0;
    double error = 0.0; ///< standard error of the mean
    double share = 0.0; ///< of samples that improve
};
template <typename Counted>
SampledGain sampledGain(Rng& rng, const ObjectiveMatrix& points, const Eigen::VectorXd& reference,
                        const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation, Counted counted) {
    constexpr int kSamples = 20000;
    double sum = 0.0;
    double squares = 0.0;
    int improved = 0;
    Eigen::VectorXd y(mean.size());
    for (int sample = 0; sample < kSamples; ++sample) {
        for (Eigen::Index k = 0; k < y.size(); ++k)
            y[k] = mean[k] + deviation[k] * rng.normal();
        counted(y);
        const double improvement = hypervolumeImprovement(points, reference, y).value();
        sum += improvement;
        squares += improvement * improvement;
        improved += improvement > 0.0 ? 1 : 0;
    }
    const double average = sum / kSamples;
    return {average, std::sqrt((squares / kSamples - average * average) / kSamples),
            static_cast<double>(improved) / kSamples};
}

/// Whether a share of 20,000 samples agrees with a probability.
bool agrees(double share, double probability) {
    return std::abs(probability - share) < 4.5 * std::sqrt(probability * (1.0 - probability) / 20000.0);
}

bool close(double actual, double expected, double relative, double absolute = 0.0) {
    return std::abs(actual - expected) <= absolute + relative * std::abs(expected);
}

} // namespace

class EhviTest : public QObject {
    Q_OBJECT
private slots:
    void boxesTileTheOpenRegion_data();
    void boxesTileTheOpenRegion();
    void planarEqualsReference_data();
    void planarEqualsReference();
    void severalObjectivesEqualReference();
    void maximisedEqualsReference();
    void farTailsKeepTheirDigits();
    void equalsMonteCarlo_data();
    void equalsMonteCarlo();
    void gradientEqualsDifferences_data() { equalsMonteCarlo_data(); }
    void gradientEqualsDifferences();
    void certaintyIsTheImprovement_data() { equalsMonteCarlo_data(); }
    void certaintyIsTheImprovement();
    void isInvariant_data() { equalsMonteCarlo_data(); }
    void isInvariant();
    void distancesEqualMonteCarlo_data();
    void distancesEqualMonteCarlo();
    void distanceEqualsQuadrature();
    void emptyFrontIsTheReferenceBox();
    void badArgumentsAreErrors();
};

void EhviTest::boxesTileTheOpenRegion_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("levels");
    for (const int objectives : {1, 2, 3, 4, 5}) {
        for (const int levels : {0, 3, 6})
            QTest::addRow("m=%d levels=%d", objectives, levels)
                << objectives << (objectives < 5 ? 20 : 10) << levels;
    }
}

void EhviTest::boxesTileTheOpenRegion() {
    QFETCH(int, objectives);
    QFETCH(int, count);
    QFETCH(int, levels);
    Rng rng(61, "boxes", static_cast<std::uint64_t>(10 * objectives + levels));
    for (int repeat = 0; repeat < 20; ++repeat) {
        ObjectiveMatrix points = randomPoints(
            rng, static_cast<Eigen::Index>(rng.below(static_cast<std::uint64_t>(count))), objectives, levels);
        if (points.rows() > 2)
            points(1, 0) = std::nan("");
        const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.95);
        const auto boxes = nonDominatedBoxes(points, reference).value();
        for (int sample = 0; sample < 200; ++sample) {
            // Between the grid lines, so that no sample lies on a border.
            const Eigen::VectorXd at = randomVector(rng, objectives, -0.2, 1.1);
            bool open = (at.array() < reference.array()).all();
            for (Eigen::Index i = 0; i < points.rows(); ++i)
                open = open && !(points.row(i).transpose().array() <= at.array()).all();
            int holding = 0;
            for (const ObjectiveBox& box : boxes)
                holding +=
                    (box.lower.array() < at.array()).all() && (at.array() < box.upper.array()).all() ? 1 : 0;
            QCOMPARE(holding, open ? 1 : 0);
        }
    }
}

void EhviTest::planarEqualsReference_data() {
    QTest::addColumn<int>("index");
    const auto cases = read("desirability_public.json")["ehvi_2d"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i]["id"].get<std::string>().c_str()) << static_cast<int>(i);
}

void EhviTest::planarEqualsReference() {
    QFETCH(int, index);
    const auto values = read("desirability_public.json")["ehvi_2d"]["cases"][static_cast<std::size_t>(index)];
    const auto ehvi = make(matrixOf(values["front"]), vectorOf(values["ref"]));
    const Eigen::VectorXd mean = vectorOf(values["mu"]);
    const Eigen::VectorXd deviation = vectorOf(values["sigma"]);
    const auto value = ehvi.logValue(mean, deviation).value();
    QVERIFY(close(value.logValue, values["log_ehvi"].get<double>(), 1e-13, 1e-13));
    QVERIFY(close(std::exp(value.logValue), values["ehvi"].get<double>(), 1e-12));
    QVERIFY(close(std::exp(ehvi.logProbability(mean, deviation).value()),
                  values["prob_improve"].get<double>(), 1e-11));
    const Eigen::VectorXd byMean = vectorOf(values["dehvi_dmu"]);
    const Eigen::VectorXd byDeviation = vectorOf(values["dehvi_dsigma"]);
    for (Eigen::Index k = 0; k < 2; ++k) {
        QVERIFY(close(std::exp(value.logValue) * value.byMean[k], byMean[k], 1e-11));
        QVERIFY(close(std::exp(value.logValue) * value.byStandardDeviation[k], byDeviation[k], 1e-11, 1e-16));
    }
}

void EhviTest::severalObjectivesEqualReference() {
    const auto ehvi_md = read("desirability_public.json")["ehvi_md"]["cases"];
    for (const auto& values : ehvi_md) {
        const auto ehvi = make(matrixOf(values["front"]), vectorOf(values["ref"]));
        const double value = std::exp(logEhvi(ehvi, vectorOf(values["mu"]), vectorOf(values["sigma"])));
        QVERIFY(close(value, values["ehvi"].get<double>(), 1e-12));
    }
}

void EhviTest::maximisedEqualsReference() {
    const auto EHVI = read("gaussian_process.json")["EHVI"]["cases"];
    for (const auto& values : EHVI) {
        const auto ehvi = make(-matrixOf(values["front"]), -vectorOf(values["ref"]));
        const double log = logEhvi(ehvi, -vectorOf(values["mu"]), vectorOf(values["sigma"]));
        QVERIFY(close(log, values["logEHVI"].get<double>(), 1e-13));
        QVERIFY(close(std::exp(log), values["EHVI"].get<double>(), 1e-11));
    }
}

void EhviTest::farTailsKeepTheirDigits() {
    // One point, one box per side: far beyond the reference in both objectives the improvement is a product
    // of one-dimensional ones, up to the share that the point at the origin takes away, exp(-1e4).
    ObjectiveMatrix front(1, 2);
    front << 0.0, 0.0;
    const Eigen::Vector2d reference(1.0, 1.0);
    const auto ehvi = make(front, reference);
    const auto logImprovement = [](double t) { // log E[max(0, Z - t)], asymptotic series
        double series = 0.0;
        double term = 1.0 / (t * t);
        for (int k = 0; k < 6; ++k) {
            series += term;
            term *= -(2.0 * k + 3.0) / (t * t);
        }
        return -0.5 * t * t - 0.5 * std::log(2.0 * M_PI) + std::log(series);
    };
    const Eigen::Vector2d deviation(0.01, 0.01);
    // Stripe x < 0, y < 1 and stripe 0 < x < 1, y < 0, symmetric.
    const Eigen::Vector2d mean(1.5, 1.5);
    const double expected =
        std::log(2.0) + 2.0 * std::log(0.01) + logImprovement(150.0) + logImprovement(50.0);
    QVERIFY(close(logEhvi(ehvi, mean, deviation), expected, 1e-12));
    const auto value = ehvi.logValue(mean, deviation).value();
    QVERIFY(value.byMean.allFinite());
    QVERIFY(value.byMean[0] < -1000.0);
}

void EhviTest::equalsMonteCarlo_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<int>("levels");
    for (const int objectives : {1, 2, 3, 4}) {
        for (const int levels : {0, 5})
            QTest::addRow("m=%d levels=%d", objectives, levels) << objectives << levels;
    }
}

void EhviTest::equalsMonteCarlo() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(62, "monte carlo", static_cast<std::uint64_t>(10 * objectives + levels));
    const ObjectiveMatrix points = randomPoints(rng, 12, objectives, levels);
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.9);
    const Eigen::VectorXd mean = randomVector(rng, objectives, 0.1, 0.5);
    const Eigen::VectorXd deviation = randomVector(rng, objectives, 0.05, 0.4);
    const auto ehvi = make(points, reference);
    const SampledGain sampled = sampledGain(rng, points, reference, mean, deviation, [](auto&) {});
    QVERIFY(std::abs(std::exp(logEhvi(ehvi, mean, deviation)) - sampled.mean) < 4.5 * sampled.error);
    QVERIFY(agrees(sampled.share, std::exp(ehvi.logProbability(mean, deviation).value())));
}

void EhviTest::gradientEqualsDifferences() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(63, "gradient", static_cast<std::uint64_t>(10 * objectives + levels));
    const auto ehvi =
        make(randomPoints(rng, 12, objectives, levels), Eigen::VectorXd::Constant(objectives, 0.9));
    for (int repeat = 0; repeat < 60; ++repeat) {
        const Eigen::VectorXd mean = randomVector(rng, objectives, -2.0, 4.0);
        Eigen::VectorXd deviation(objectives);
        for (double& value : deviation)
            value = std::exp(rng.uniform(-5.0, 2.0));
        const auto value = ehvi.logValue(mean, deviation).value();
        for (Eigen::Index k = 0; k < objectives; ++k) {
            const double step = 1e-4 * deviation[k];
            const auto difference = [&](bool ofMean) {
                const auto moved = [&](double h) {
                    Eigen::VectorXd m = mean;
                    Eigen::VectorXd s = deviation;
                    (ofMean ? m : s)[k] += h * step;
                    return logEhvi(ehvi, m, s);
                };
                return (8.0 * (moved(1.0) - moved(-1.0)) - (moved(2.0) - moved(-2.0))) / (12.0 * step);
            };
            // Rounding of the logarithm, 1e-16 of its size, over the step.
            const double rounding = 1e-11 * std::max(1.0, std::abs(value.logValue)) / deviation[k];
            QVERIFY(close(value.byMean[k], difference(true), 1e-7, rounding));
            QVERIFY(close(value.byStandardDeviation[k], difference(false), 1e-7, rounding));
        }
    }
}

void EhviTest::certaintyIsTheImprovement() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(64, "certain", static_cast<std::uint64_t>(10 * objectives + levels));
    const ObjectiveMatrix points = randomPoints(rng, 12, objectives, levels);
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.9);
    const auto ehvi = make(points, reference);
    for (int repeat = 0; repeat < 200; ++repeat) {
        const Eigen::VectorXd at = randomVector(rng, objectives, -0.2, 1.0);
        const double expected = hypervolumeImprovement(points, reference, at).value();
        const double certain = std::exp(logEhvi(ehvi, at, Eigen::VectorXd::Zero(objectives)));
        QVERIFY(close(certain, expected, 1e-11, 1e-15));
        const double nearly = std::exp(logEhvi(ehvi, at, Eigen::VectorXd::Constant(objectives, 1e-9)));
        QVERIFY(close(nearly, expected, 1e-6, 1e-8));
        const auto improves = ehvi.logProbability(at, Eigen::VectorXd::Zero(objectives)).value();
        QCOMPARE(improves, expected > 0.0 ? 0.0 : -HUGE_VAL);
    }
}

void EhviTest::isInvariant() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(65, "invariance", static_cast<std::uint64_t>(10 * objectives + levels));
    const ObjectiveMatrix points = randomPoints(rng, 12, objectives, levels);
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.9);
    const Eigen::VectorXd mean = randomVector(rng, objectives, 0.0, 1.5);
    const Eigen::VectorXd deviation = randomVector(rng, objectives, 0.01, 0.3);
    const double expected = logEhvi(make(points, reference), mean, deviation);
    const double reversed =
        logEhvi(make(points.rowwise().reverse(), reference), mean.reverse(), deviation.reverse());
    QVERIFY(close(reversed, expected, 1e-12, 1e-12));
    const double shuffled = logEhvi(make(points.colwise().reverse(), reference), mean, deviation);
    QVERIFY(close(shuffled, expected, 1e-12, 1e-12));
    const Eigen::ArrayXd scale = randomVector(rng, objectives, -4.0, 4.0).array().exp();
    const Eigen::ArrayXd shift = randomVector(rng, objectives, -2.0, 2.0).array();
    const ObjectiveMatrix moved =
        (points.array().rowwise() * scale.transpose()).rowwise() + shift.transpose();
    const double scaled =
        logEhvi(make(moved, (reference.array() * scale + shift).matrix()),
                (mean.array() * scale + shift).matrix(), (deviation.array() * scale).matrix());
    QVERIFY(close(scaled - scale.log().sum(), expected, 1e-10, 1e-10));
}

void EhviTest::distancesEqualMonteCarlo_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    for (const int objectives : {1, 2, 3}) {
        QTest::addRow("m=%d target", objectives) << objectives << 2.0 << 2.0;
        QTest::addRow("m=%d range", objectives) << objectives << 1.8 << 2.1;
        QTest::addRow("m=%d at least", objectives) << objectives << 2.0 << HUGE_VAL;
        QTest::addRow("m=%d at most", objectives) << objectives << -HUGE_VAL << 2.0;
    }
}

/// The last objective is the distance of an outcome from an interval.
void EhviTest::distancesEqualMonteCarlo() {
    QFETCH(int, objectives);
    QFETCH(double, low);
    QFETCH(double, high);
    Rng rng(64, "distances", static_cast<std::uint64_t>(objectives));
    const ObjectiveMatrix points = randomPoints(rng, 8, objectives, 0);
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.9);
    WantedIntervals wanted(static_cast<std::size_t>(objectives));
    wanted.back() = WantedInterval{low, high};
    const auto ehvi = ExpectedHypervolumeImprovement::make(points, reference, wanted).value();
    for (const double offset : {-0.5, -0.1, 0.0, 0.4}) {
        Eigen::VectorXd mean = randomVector(rng, objectives, 0.1, 0.5);
        mean(objectives - 1) = 2.0 + offset;
        const Eigen::VectorXd deviation = randomVector(rng, objectives, 0.05, 0.4);
        const auto value = ehvi.logValue(mean, deviation).value();
        const SampledGain sampled =
            sampledGain(rng, points, reference, mean, deviation, [&](Eigen::VectorXd& y) {
                double& last = y[objectives - 1];
                last = last < low ? low - last : last > high ? last - high : 0.0;
            });
        QVERIFY2(
            std::abs(std::exp(value.logValue) - sampled.mean) < 4.5 * sampled.error + 1e-12,
            qPrintable(QString("%1: %2 for %3").arg(offset).arg(std::exp(value.logValue)).arg(sampled.mean)));
        QVERIFY(agrees(sampled.share, std::exp(ehvi.logProbability(mean, deviation).value())));
        for (Eigen::Index k = 0; k < objectives; ++k)
            for (const bool ofMean : {true, false}) {
                const auto moved = [&](double h) {
                    Eigen::VectorXd m = mean;
                    Eigen::VectorXd s = deviation;
                    (ofMean ? m : s)[k] += h * deviation[k];
                    return logEhvi(ehvi, m, s);
                };
                const double slope = (moved(1e-5) - moved(-1e-5)) / (2e-5 * deviation[k]);
                const double exact = (ofMean ? value.byMean : value.byStandardDeviation)[k];
                QVERIFY(close(exact, slope, 1e-6, 1e-6));
            }
        // A certain outcome improves by what it adds.
        Eigen::VectorXd certain = mean;
        certain(objectives - 1) = std::max({0.0, low - mean(objectives - 1), mean(objectives - 1) - high});
        const double gain = hypervolumeImprovement(points, reference, certain).value();
        QVERIFY(close(std::exp(logEhvi(ehvi, mean, Eigen::VectorXd::Zero(objectives))), gain, 1e-12));
    }
}

void EhviTest::distanceEqualsQuadrature() {
    // E[max(0, 1 - |Y|)] is the integral over y of (1 - |y|) times the density, with the largest density
    // taken out, from far tails to deviations that dwarf the interval.
    const auto ehvi = ExpectedHypervolumeImprovement::make(ObjectiveMatrix(0, 1), Eigen::VectorXd::Ones(1),
                                                           {WantedInterval{0.0, 0.0}})
                          .value();
    for (const double mean : {-300.0, -30.0, -3.0, -0.3, 0.0, 0.9, 3.0, 40.0})
        for (const double deviation : {0.3, 3.0, 1e3, 1e6, 1e9}) {
            const double nearest = std::clamp(mean, -1.0, 1.0);
            const auto logDensity = [&](double y) { return -0.5 * std::pow((y - mean) / deviation, 2); };
            constexpr int kSteps = 400000;
            double sum = 0.0;
            for (int i = 0; i < kSteps; ++i) {
                const double y = -1.0 + 2.0 * (i + 0.5) / kSteps;
                sum += (1.0 - std::abs(y)) * std::exp(logDensity(y) - logDensity(nearest));
            }
            const double expected = logDensity(nearest) - std::log(deviation) - 0.5 * std::log(2.0 * M_PI) +
                                    std::log(sum * 2.0 / kSteps);
            const double actual =
                logEhvi(ehvi, Eigen::VectorXd::Constant(1, mean), Eigen::VectorXd::Constant(1, deviation));
            QVERIFY2(
                close(actual, expected, 1e-9, 2e-6),
                qPrintable(
                    QString("mean %1, sd %2: %3 for %4").arg(mean).arg(deviation).arg(actual).arg(expected)));
        }
}

void EhviTest::emptyFrontIsTheReferenceBox() {
    const Eigen::Vector3d reference(1.0, 2.0, 3.0);
    const auto ehvi = make(ObjectiveMatrix(0, 3), reference);
    QCOMPARE(ehvi.boxCount(), std::size_t{1});
    const double volume = std::exp(logEhvi(ehvi, Eigen::Vector3d(0.0, 0.0, 0.0), Eigen::Vector3d::Zero()));
    QVERIFY(close(volume, 6.0, 1e-14));
    const double beyond = logEhvi(ehvi, Eigen::Vector3d(1.5, 0.0, 0.0), Eigen::Vector3d::Zero());
    QCOMPARE(beyond, -HUGE_VAL);
}

void EhviTest::badArgumentsAreErrors() {
    const ObjectiveMatrix points = ObjectiveMatrix::Zero(1, 2);
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(2);
    const Eigen::VectorXd three = Eigen::VectorXd::Ones(3);
    QCOMPARE(ExpectedHypervolumeImprovement::make(points, three).error().context, std::string("reference"));
    const auto ehvi = make(points, ones);
    QCOMPARE(ehvi.logValue(three, ones).error().context, std::string("mean"));
    QCOMPARE(ehvi.logValue(ones, three).error().context, std::string("sd"));
    QCOMPARE(ehvi.logProbability(ones, -ones).error().context, std::string("sd[0]"));
    QCOMPARE(ehvi.logValue(ones * std::nan(""), ones).error().context, std::string("mean[0]"));
}

QTEST_APPLESS_MAIN(EhviTest)
#include "tst_ehvi.moc"
