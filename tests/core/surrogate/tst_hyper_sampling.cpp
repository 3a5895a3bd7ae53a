#include "base/rng.h"
#include "math/cholesky.h"
#include "math/normal.h"
#include "math/slice_sampler.h"
#include "near.h"
#include "surrogate/hyper_posterior.h"
#include "surrogate/hyper_sampling.h"
#include "surrogate/outcome_model.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace alidade;

// Draws of hyper-parameters against sums over grids and against the law that they must follow when data are
// drawn from the model; what is averaged over them against plain Monte Carlo.

class HyperSamplingTest : public QObject {
    Q_OBJECT
private slots:
    void sweepsKeepATruncatedNormal();
    void densityIsThatOfTheFit();
    void posteriorAgainstQuadrature();
    void drawsFromTheModelFollowThePrior();
    void mixtureMomentsAgainstMonteCarlo();
    void dependsOnTheSeedOnly();
    void saysWhatIsWrong();

private:
    static GpData sample(std::uint64_t seed, Eigen::Index n, Eigen::Index d) {
        Rng rng(seed, "data");
        GpData data{Eigen::MatrixXd(n, d), Eigen::VectorXd(n), oneGroupPerColumn(d), {}};
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index c = 0; c < d; ++c)
                data.x(i, c) = rng.uniform();
            data.y(i) = std::sin(7.0 * data.x(i, 0)) + 0.1 * rng.normal();
        }
        data.y.array() -= data.y.mean();
        return data;
    }
};

void HyperSamplingTest::sweepsKeepATruncatedNormal() {
    // Correlation 0.9, cut off at 0 in the first coordinate only where its partner is free: the conditional
    // law is known, E[u1] = phi(0) / Phi(0), E[u2] = 0.9 E[u1].
    const double rho = 0.9;
    const LogDensity density = [&](const Eigen::VectorXd& u) {
        return -0.5 * (u(0) * u(0) - 2.0 * rho * u(0) * u(1) + u(1) * u(1)) / (1.0 - rho * rho);
    };
    Eigen::Matrix2d directions;
    directions << 1.0, 1.0, 0.3, -2.0; // neither orthogonal nor of the density's own size
    const Eigen::Vector2d lower(0.0, -50.0);
    const Eigen::Vector2d upper(50.0, 50.0);
    Eigen::VectorXd point = Eigen::Vector2d(0.5, 0.5);
    double current = density(point);
    Rng rng(3, "sweeps");
    const int count = 60000;
    Eigen::Vector2d sum = Eigen::Vector2d::Zero();
    double squares = 0.0;
    for (int i = 0; i < count; ++i) {
        const SliceReport report = sliceSweep(density, directions, lower, upper, point, current, rng);
        current = report.logDensity;
        QVERIFY(point(0) >= 0.0);
        sum += point;
        squares += point(0) * point(0);
    }
    QCOMPARE(current, density(point));
    const double mean = std::sqrt(2.0 / M_PI);
    // The chain forgets within some steps: 4 standard errors of 10,000 independent draws.
    QVERIFY2(std::abs(sum(0) / count - mean) < 4.0 * 0.6 / 100.0,
             qPrintable(QString::number(sum(0) / count)));
    QVERIFY(std::abs(sum(1) / count - rho * mean) < 4.0 * 0.7 / 100.0);
    QVERIFY(std::abs(squares / count - 1.0) < 4.0 * 1.5 / 100.0);
}

void HyperSamplingTest::densityIsThatOfTheFit() {
    const GpData data = sample(2, 20, 2);
    for (const bool estimate : {false, true}) {
        FitOptions options;
        options.estimateMean = estimate;
        options.fixedMean = 0.2;
        const HyperPosterior posterior(data, options);
        HyperPosterior::Workspace work;
        Eigen::VectorXd u(4);
        u << -0.7, 0.4, 0.3, -4.0;
        Eigen::VectorXd gradient(4);
        VERIFY_NEAR(posterior.logDensity(u, work), -posterior(u, gradient, work), 1e-11);
        Hyperparameters hyper = posterior.hyperparameters(u);
        double likelihood = 0.0;
        QVERIFY(posterior.completed(hyper, likelihood));
        VERIFY_NEAR(likelihood, logMarginalLikelihood(data, options.family, hyper)->value, 1e-11);
        u(3) = -30.0; // below the smallest noise
        QCOMPARE(posterior.logDensity(u, work), -HUGE_VAL);
    }
}

void HyperSamplingTest::posteriorAgainstQuadrature() {
    const GpData data = sample(5, 9, 1);
    FitOptions options;
    options.estimateMean = false;
    options.lowestOutputVariance = 1.0 - 1e-9; // leaves a length scale and a noise
    options.highestOutputVariance = 1.0 + 1e-9;
    // Truth: likelihood and priors summed over a grid.
    const int side = 160;
    Eigen::ArrayXXd density(side, side);
    const Eigen::ArrayXd lengths =
        Eigen::ArrayXd::LinSpaced(side, std::log(options.lowestLengthScale), std::log(1000.0));
    const Eigen::ArrayXd noises = Eigen::ArrayXd::LinSpaced(side, std::log(1e-9), std::log(2.0));
    for (int i = 0; i < side; ++i)
        for (int j = 0; j < side; ++j) {
            const Hyperparameters hyper{Eigen::VectorXd::Constant(1, std::exp(lengths(i))), 1.0,
                                        std::exp(noises(j)), 0.0};
            const double edge = (i == 0 || i == side - 1 ? 0.5 : 1.0) * (j == 0 || j == side - 1 ? 0.5 : 1.0);
            density(i, j) = std::log(edge) + logMarginalLikelihood(data, options.family, hyper)->value -
                            std::pow((lengths(i) - std::sqrt(2.0)) / std::sqrt(3.0), 2) / 2.0 -
                            std::pow((noises(j) + 9.0) / 4.0, 2) / 2.0;
        }
    density = (density - density.maxCoeff()).exp();
    density /= density.sum();
    const auto moments = [](const Eigen::ArrayXd& at, const Eigen::ArrayXd& weights) {
        const double mean = (at * weights).sum();
        return std::pair(mean, std::sqrt(((at - mean).square() * weights).sum()));
    };
    const auto [meanLength, sdLength] = moments(lengths, density.rowwise().sum());
    const auto [meanNoise, sdNoise] = moments(noises, density.colwise().sum().transpose());

    const Hyperparameters start = fitHyperparameters(data, options)->hyper;
    HyperSamplingOptions sampling;
    sampling.draws = 24000;
    sampling.chains = 6;
    const std::vector<Hyperparameters> draws = sampleHyperparameters(data, options, start, sampling).value();
    Eigen::ArrayXd length(24000);
    Eigen::ArrayXd noise(24000);
    for (Eigen::Index i = 0; i < 24000; ++i) {
        length(i) = std::log(draws[static_cast<std::size_t>(i)].lengthScales(0));
        noise(i) = std::log(draws[static_cast<std::size_t>(i)].noiseVariance);
        QVERIFY(std::abs(draws[static_cast<std::size_t>(i)].outputVariance - 1.0) < 1e-8);
    }
    const Eigen::ArrayXd even = Eigen::ArrayXd::Constant(24000, 1.0 / 24000);
    const auto [sampledLength, spreadLength] = moments(length, even);
    const auto [sampledNoise, spreadNoise] = moments(noise, even);
    // Of two modes, so that chains are slow to forget: 4 standard errors of 1,000 draws.
    QVERIFY2(std::abs(sampledLength - meanLength) < 4.0 * sdLength / std::sqrt(1000.0),
             qPrintable(QString("%1 against %2").arg(sampledLength).arg(meanLength)));
    QVERIFY2(std::abs(sampledNoise - meanNoise) < 4.0 * sdNoise / std::sqrt(1000.0),
             qPrintable(QString("%1 against %2").arg(sampledNoise).arg(meanNoise)));
    VERIFY_NEAR(spreadLength, sdLength, 0.1);
    VERIFY_NEAR(spreadNoise, sdNoise, 0.1);
}

void HyperSamplingTest::drawsFromTheModelFollowThePrior() {
    // Hyper-parameters from the prior, data from the model with them, then sweeps given the data: whatever
    // the number of sweeps, the result follows the prior again (Geweke 2004). Wrong likelihoods, priors or
    // moves would show as another law.
    const Eigen::Index n = 5;
    const int replicates = 1500;
    FitOptions options;
    options.estimateMean = false;
    std::vector<std::vector<double>> ranks(3);
    for (int r = 0; r < replicates; ++r) {
        Rng rng(11, "joint", static_cast<std::uint64_t>(r));
        GpData data{Eigen::MatrixXd(n, 1), Eigen::VectorXd::Zero(n), oneGroupPerColumn(1), {}};
        for (Eigen::Index i = 0; i < n; ++i)
            data.x(i, 0) = rng.uniform();
        const HyperPosterior blank(data, options);
        Eigen::VectorXd u(3);
        for (Eigen::Index i = 0; i < 3; ++i)
            do {
                u(i) = blank.prior(i).first + blank.prior(i).second * rng.normal();
            } while (u(i) < blank.lower()(i) || u(i) > blank.upper()(i));
        const Hyperparameters hyper = blank.hyperparameters(u);
        Eigen::MatrixXd matrix = covariance(options.family, hyper, data.groups, data.x, data.x);
        matrix.diagonal().array() += hyper.noiseVariance;
        Eigen::VectorXd normals(n);
        for (double& value : normals)
            value = rng.normal();
        data.y = factorise(matrix)->lower * normals;
        const HyperPosterior posterior(data, options);
        HyperPosterior::Workspace work;
        const LogDensity density = [&](const Eigen::VectorXd& v) { return posterior.logDensity(v, work); };
        double current = density(u);
        for (int sweep = 0; sweep < 3; ++sweep)
            current = sliceSweep(density, 2.0 * Eigen::Matrix3d::Identity(), posterior.lower(),
                                 posterior.upper(), u, current, rng)
                          .logDensity;
        for (Eigen::Index i = 0; i < 3; ++i) {
            const auto [center, spread] = posterior.prior(i);
            const auto below = [&, center = center, spread = spread](double at) {
                return normalCdf((at - center) / spread);
            };
            const double low = below(posterior.lower()(i));
            ranks[static_cast<std::size_t>(i)].push_back((below(u(i)) - low) /
                                                         (below(posterior.upper()(i)) - low));
        }
    }
    for (std::vector<double>& uniform : ranks) {
        std::sort(uniform.begin(), uniform.end());
        double distance = 0.0; // Kolmogorov's
        for (int i = 0; i < replicates; ++i)
            distance = std::max(distance, std::abs(uniform[static_cast<std::size_t>(i)] -
                                                   (i + 0.5) / static_cast<double>(replicates)));
        QVERIFY2(distance * std::sqrt(replicates) < 1.63, qPrintable(QString::number(distance)));
    }
}

void HyperSamplingTest::mixtureMomentsAgainstMonteCarlo() {
    const GpData data = sample(7, 12, 2);
    OutcomeModelOptions options;
    options.seed = 4;
    options.draws = 8;
    const OutcomeModel model = fitOutcomeModel({data.x, data.y, data.groups}, options).value();
    QCOMPARE(model.draws.size(), std::size_t{8});
    Eigen::MatrixXd points(2, 2);
    points << 0.4, 0.8, 0.95, 0.1;
    const GpPrediction mixture = model.predict(points);
    for (Eigen::Index i = 0; i < 2; ++i) {
        std::vector<GpPrediction> parts;
        for (const GaussianProcess& draw : model.draws)
            parts.push_back(draw.predict(points.row(i)));
        Rng rng(9, "mixture", static_cast<std::uint64_t>(i));
        const int count = 400000;
        double sum = 0.0;
        double squares = 0.0;
        for (int k = 0; k < count; ++k) {
            const GpPrediction& part = parts[rng.below(parts.size())];
            const double value = part.mean(0) + std::sqrt(part.variance(0)) * rng.normal();
            sum += value;
            squares += value * value;
        }
        const double mean = sum / count;
        const double variance = squares / count - mean * mean;
        QVERIFY(std::abs(mixture.mean(i) - mean) < 4.0 * std::sqrt(variance / count));
        VERIFY_NEAR(mixture.variance(i), variance, 0.02);
        double within = 0.0;
        for (const GpPrediction& part : parts)
            within += part.variance(0) / 8.0;
        QVERIFY(mixture.variance(i) > within); // draws disagree
    }
}

void HyperSamplingTest::dependsOnTheSeedOnly() {
    const GpData data = sample(3, 25, 3);
    const FitOptions options;
    const Hyperparameters start = fitHyperparameters(data, options)->hyper;
    HyperSamplingOptions sampling;
    const auto one = sampleHyperparameters(data, options, start, sampling).value();
    sampling.threads = 4;
    const auto four = sampleHyperparameters(data, options, start, sampling).value();
    QCOMPARE(one.size(), std::size_t{16});
    for (std::size_t i = 0; i < one.size(); ++i) {
        QVERIFY(one[i].lengthScales == four[i].lengthScales);
        QCOMPARE(one[i].noiseVariance, four[i].noiseVariance);
        QCOMPARE(one[i].mean, four[i].mean);
        QVERIFY(i == 0 || one[i].lengthScales != one[i - 1].lengthScales);
    }
    sampling.seed = 1;
    QVERIFY(sampleHyperparameters(data, options, start, sampling)->front().lengthScales !=
            one.front().lengthScales);
}

void HyperSamplingTest::saysWhatIsWrong() {
    const GpData data = sample(3, 10, 2);
    const Hyperparameters start = fitHyperparameters(data)->hyper;
    HyperSamplingOptions sampling;
    sampling.draws = 0;
    QCOMPARE(sampleHyperparameters(data, {}, start, sampling).error().code, ErrorCode::InvalidArgument);
    Hyperparameters other = start;
    other.lengthScales = Eigen::VectorXd::Ones(3);
    QCOMPARE(sampleHyperparameters(data, {}, other).error().code, ErrorCode::InvalidArgument);
    std::stop_source source;
    source.request_stop();
    QCOMPARE(sampleHyperparameters(data, {}, start, {}, Monitor(source.get_token())).error().code,
             ErrorCode::Cancelled);
    OutcomeModelOptions many;
    many.draws = 16;
    const GpData much = sample(3, 501, 1);
    QVERIFY(fitOutcomeModel({much.x, much.y, much.groups}, many)->draws.empty());
}

QTEST_APPLESS_MAIN(HyperSamplingTest)
#include "tst_hyper_sampling.moc"
