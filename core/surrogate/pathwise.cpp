#include "surrogate/pathwise.h"

#include "base/inverse_normal.h"
#include "base/rng.h"
#include "math/sobol.h"
#include "surrogate/fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace alidade {
namespace {

constexpr Eigen::Index kMostColumns = 3600; ///< what the Sobol sequence has dimensions for
constexpr Eigen::Index kMostObservations = 1000;
constexpr Eigen::Index kBlock = 1024;     ///< points whose features are in memory at a time
constexpr Eigen::Index kRoughBlock = 128; ///< whose values stay in the cache

/// 2 nu of a Matern kernel, 0 for the limit Rbf: g = chi^2 with 2 nu degrees of freedom divided by 2 nu.
int degreesOfFreedom(KernelFamily family) {
    switch (family) {
    case KernelFamily::Rbf: return 0;
    case KernelFamily::Matern12: return 1;
    case KernelFamily::Matern32: return 3;
    case KernelFamily::Matern52: return 5;
    }
    return 0;
}

/// count x columns draws of the spectral density of the kernel at length scale 1, evenly spread by a
/// scrambled Sobol sequence: the error of the features falls faster than with independent draws.
Eigen::MatrixXd drawFrequencies(KernelFamily family, Eigen::Index count, Eigen::Index columns,
                                std::uint64_t seed) {
    const int degrees = degreesOfFreedom(family);
    SobolSequence sobol(static_cast<std::size_t>(columns + degrees), seed);
    Eigen::MatrixXd frequencies(count, columns);
    const auto normal = [](double u) { return inverseNormalCdf(std::clamp(u, 1e-10, 1.0 - 1e-10)); };
    for (Eigen::Index i = 0; i < count; ++i) {
        const std::vector<double> point = sobol.next();
        for (Eigen::Index c = 0; c < columns; ++c)
            frequencies(i, c) = normal(point[static_cast<std::size_t>(c)]);
        double chiSquared = 0.0;
        for (int k = 0; k < degrees; ++k) {
            const double z = normal(point[static_cast<std::size_t>(columns + k)]);
            chiSquared += z * z;
        }
        if (degrees > 0)
            frequencies.row(i) /= std::sqrt(std::max(chiSquared / degrees, 1e-20));
    }
    return frequencies;
}

/// Feature map, weights and update in single precision.
struct Single {
    Eigen::MatrixXf frequencies;
    Eigen::MatrixXf weights;
    Eigen::MatrixXf update; ///< empty: not precise enough
    float amplitude = 0.0F;
    float mean = 0.0F;

    [[nodiscard]] Eigen::MatrixXf priorValues(const Eigen::MatrixXf& points) const {
        const Eigen::Index half = frequencies.cols();
        const Eigen::MatrixXf angles = points * frequencies;
        Eigen::MatrixXf features(points.rows(), 2 * half);
        features.leftCols(half) = amplitude * angles.array().sin();
        features.rightCols(half) = amplitude * angles.array().cos();
        Eigen::MatrixXf result(points.rows(), weights.cols());
        result.noalias() = features * weights;
        result.array() += mean;
        return result;
    }
};

Single singleOf(const Eigen::MatrixXd& frequencies, const Eigen::MatrixXd& weights,
                const Eigen::MatrixXd& update, const Hyperparameters& hyper, bool withUpdate) {
    Single single;
    single.frequencies = frequencies.cast<float>();
    single.weights = weights.cast<float>();
    if (withUpdate)
        single.update = update.cast<float>();
    single.amplitude =
        static_cast<float>(std::sqrt(hyper.outputVariance / static_cast<double>(frequencies.cols())));
    single.mean = static_cast<float>(hyper.mean);
    return single;
}

/// Keeps the better of what is there and the columns of values that belong to points from `first` on.
void keepBest(const Eigen::MatrixXf& values, Eigen::Index first, bool maximise, PathwiseSamples::Best& best) {
    for (Eigen::Index path = 0; path < values.cols(); ++path) {
        Eigen::Index row = 0;
        const double value =
            static_cast<double>(maximise ? values.col(path).maxCoeff(&row) : values.col(path).minCoeff(&row));
        if (first > 0 && !(maximise ? value > best.value(path) : value < best.value(path)))
            continue;
        best.value(path) = value;
        best.place[static_cast<std::size_t>(path)] = first + row;
    }
}

} // namespace

Result<PathwiseSamples> PathwiseSamples::draw(const GaussianProcess& process,
                                              const PathwiseOptions& options) {
    if (process.local()) {
        // The update needs all observations at once: an evenly spread part of thousands.
        ALIDADE_ASSIGN(const GaussianProcess part,
                       GaussianProcess::condition(evenSubset(process.data(), kMostObservations),
                                                  process.family(), process.hyperparameters()));
        return draw(part, options);
    }
    const GpData& data = process.data();
    if (options.paths < 1 || options.features < 2)
        return makeError(ErrorCode::InvalidArgument, "sample functions need a path and two features");
    if (data.x.cols() > kMostColumns)
        return makeError(ErrorCode::InvalidArgument, "sample functions take at most 3600 feature columns");
    const auto half = static_cast<Eigen::Index>(options.features / 2);
    const auto paths = static_cast<Eigen::Index>(options.paths);
    const std::uint64_t seed = Rng(options.seed, options.stream).bits();
    const Eigen::MatrixXd frequencies = drawFrequencies(process.family(), half, data.x.cols(), seed);
    const Eigen::VectorXd noiseSd = (process.noiseVariances().array() + process.jitter()).sqrt();
    Eigen::MatrixXd weights(2 * half, paths);
    Eigen::MatrixXd noise(noiseSd.size(), paths);
    for (Eigen::Index path = 0; path < paths; ++path) {
        Rng rng(options.seed, options.stream, static_cast<std::uint64_t>(path) + 1);
        for (Eigen::Index i = 0; i < weights.rows(); ++i)
            weights(i, path) = rng.normal();
        for (Eigen::Index i = 0; i < noise.rows(); ++i)
            noise(i, path) = noiseSd(i) * rng.normal();
    }
    return fromDraws(process, frequencies, std::move(weights), noise);
}

Result<PathwiseSamples> PathwiseSamples::fromDraws(const GaussianProcess& process,
                                                   const Eigen::MatrixXd& frequencies,
                                                   Eigen::MatrixXd weights, const Eigen::MatrixXd& noise) {
    const GpData& data = process.data();
    if (frequencies.rows() < 1 || frequencies.cols() != data.x.cols() ||
        weights.rows() != 2 * frequencies.rows() || weights.cols() < 1 ||
        noise.rows() != data.differences.size() + data.y.size() || noise.cols() != weights.cols())
        return makeError(ErrorCode::InvalidArgument,
                         "frequencies, weights and noise of sample functions do not fit together");
    PathwiseSamples samples;
    samples.m_family = process.family();
    samples.m_hyper = process.hyperparameters();
    samples.m_groups = data.groups;
    samples.m_x = process.support();
    samples.m_frequencies = frequencies.transpose();
    for (Eigen::Index c = 0; c < data.x.cols(); ++c)
        samples.m_frequencies.row(c) /=
            samples.m_hyper.lengthScales(data.groups[static_cast<std::size_t>(c)]);
    samples.m_weights = std::move(weights);
    samples.m_update = process.solvedOnSupport(
        (-observe(data, samples.priorValues(process.support())) - noise).colwise() + residualsOf(data, 0.0));
    return samples;
}

Eigen::MatrixXd PathwiseSamples::features(const Eigen::MatrixXd& points) const {
    const Eigen::Index half = m_frequencies.cols();
    const Eigen::MatrixXd angles = points * m_frequencies;
    const double amplitude = std::sqrt(m_hyper.outputVariance / static_cast<double>(half));
    Eigen::MatrixXd result(points.rows(), 2 * half);
    result.leftCols(half) = amplitude * angles.array().sin();
    result.rightCols(half) = amplitude * angles.array().cos();
    return result;
}

Eigen::MatrixXd PathwiseSamples::priorValues(const Eigen::MatrixXd& points) const {
    Eigen::MatrixXd result(points.rows(), m_weights.cols());
    for (Eigen::Index begin = 0; begin < points.rows(); begin += kBlock) {
        const Eigen::Index size = std::min(kBlock, points.rows() - begin);
        result.middleRows(begin, size).noalias() = features(points.middleRows(begin, size)) * m_weights;
    }
    result.array() += m_hyper.mean;
    return result;
}

Eigen::MatrixXd PathwiseSamples::values(const Eigen::MatrixXd& points) const {
    Eigen::MatrixXd result = priorValues(points);
    result.noalias() += covariance(m_family, m_hyper, m_groups, points, m_x) * m_update;
    return result;
}

PathwiseSamples::Both PathwiseSamples::both(const Eigen::MatrixXd& points) const {
    Both result;
    result.prior = priorValues(points);
    result.posterior = result.prior;
    result.posterior.noalias() += covariance(m_family, m_hyper, m_groups, points, m_x) * m_update;
    return result;
}

bool PathwiseSamples::updateFitsSingle() const {
    const double terms = m_hyper.outputVariance * m_update.cwiseAbs().colwise().sum().maxCoeff();
    return 6e-8 * terms <= 1e-3 * std::sqrt(m_hyper.outputVariance);
}

PathwiseSamples::BestBoth PathwiseSamples::bestOf(const Eigen::MatrixXd& points, bool maximise) const {
    const bool fits = updateFitsSingle();
    const Single single = singleOf(m_frequencies, m_weights, m_update, m_hyper, fits);
    const Best none{std::vector<Eigen::Index>(count()), Eigen::VectorXd(m_weights.cols())};
    BestBoth result{none, none};
    for (Eigen::Index begin = 0; begin < points.rows(); begin += kRoughBlock) {
        const Eigen::MatrixXd block = points.middleRows(begin, std::min(kRoughBlock, points.rows() - begin));
        Eigen::MatrixXf values = single.priorValues(block.cast<float>());
        keepBest(values, begin, maximise, result.prior);
        const Eigen::MatrixXd covariances = covariance(m_family, m_hyper, m_groups, block, m_x);
        if (fits)
            values.noalias() += covariances.cast<float>() * single.update;
        else
            values += (covariances * m_update).cast<float>();
        keepBest(values, begin, maximise, result.posterior);
    }
    return result;
}

Eigen::MatrixXf PathwiseSamples::roughValues(const Eigen::MatrixXd& points) const {
    const bool fits = updateFitsSingle();
    const Single single = singleOf(m_frequencies, m_weights, m_update, m_hyper, fits);
    Eigen::MatrixXf result(points.rows(), m_weights.cols());
    for (Eigen::Index begin = 0; begin < points.rows(); begin += kRoughBlock) {
        const Eigen::MatrixXd block = points.middleRows(begin, std::min(kRoughBlock, points.rows() - begin));
        auto values = result.middleRows(begin, block.rows());
        values = single.priorValues(block.cast<float>());
        const Eigen::MatrixXd covariances = covariance(m_family, m_hyper, m_groups, block, m_x);
        if (fits)
            values.noalias() += covariances.cast<float>() * single.update;
        else
            values += (covariances * m_update).cast<float>();
    }
    return result;
}

PathwiseSamples PathwiseSamples::chosen(const std::vector<std::size_t>& indices) const {
    PathwiseSamples result = *this;
    const auto count = static_cast<Eigen::Index>(indices.size());
    result.m_weights.resize(m_weights.rows(), count);
    result.m_update.resize(m_update.rows(), count);
    for (Eigen::Index k = 0; k < count; ++k) {
        const auto path = static_cast<Eigen::Index>(indices[static_cast<std::size_t>(k)]);
        result.m_weights.col(k) = m_weights.col(path);
        result.m_update.col(k) = m_update.col(path);
    }
    return result;
}

PathwiseSamples::At PathwiseSamples::at(const Eigen::RowVectorXd& point) const {
    const Eigen::Index half = m_frequencies.cols();
    const Eigen::ArrayXd angles = (point * m_frequencies).transpose().array();
    const double amplitude = std::sqrt(m_hyper.outputVariance / static_cast<double>(half));
    At result;
    result.sines = amplitude * angles.sin();
    result.cosines = amplitude * angles.cos();
    result.values = m_weights.topRows(half).transpose() * result.sines.transpose();
    result.values.noalias() += m_weights.bottomRows(half).transpose() * result.cosines.transpose();
    result.values.array() += m_hyper.mean;

    Eigen::RowVectorXd inverseSquares(point.size());
    for (Eigen::Index c = 0; c < point.size(); ++c) {
        const double scale = m_hyper.lengthScales(m_groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    result.slopes = (-m_x).rowwise() + point; // n x p: differences, then by column
    const Eigen::VectorXd squared = result.slopes.array().square().matrix() * inverseSquares.transpose();
    Eigen::VectorXd covariances(squared.size());
    for (Eigen::Index i = 0; i < squared.size(); ++i) {
        const Correlation pair = correlationWithSlope(m_family, squared(i));
        covariances(i) = m_hyper.outputVariance * pair.value;
        result.slopes.row(i) *= 2.0 * m_hyper.outputVariance * pair.slope; // of r^2, see value()
    }
    result.slopes.array().rowwise() *= inverseSquares.array();
    result.values.noalias() += m_update.transpose() * covariances;
    return result;
}

Eigen::VectorXd PathwiseSamples::gradient(const At& at, const Eigen::VectorXd& shares) const {
    const Eigen::Index half = m_frequencies.cols();
    const Eigen::VectorXd weights = m_weights * shares;
    Eigen::VectorXd result = at.slopes.transpose() * (m_update * shares);
    // d phi / d x: frequencies times cosines, and times minus sines.
    result.noalias() += m_frequencies * (weights.head(half).cwiseProduct(at.cosines.transpose()) -
                                         weights.tail(half).cwiseProduct(at.sines.transpose()));
    return result;
}

double PathwiseSamples::value(std::size_t path, const Eigen::RowVectorXd& point,
                              Eigen::VectorXd& gradient) const {
    const auto column = static_cast<Eigen::Index>(path);
    const Eigen::Index half = m_frequencies.cols();
    const Eigen::ArrayXd angles = (point * m_frequencies).transpose().array();
    const Eigen::ArrayXd sines = angles.sin();
    const Eigen::ArrayXd cosines = angles.cos();
    const auto ofSines = m_weights.col(column).head(half).array();
    const auto ofCosines = m_weights.col(column).tail(half).array();
    const double amplitude = std::sqrt(m_hyper.outputVariance / static_cast<double>(half));
    double result = m_hyper.mean + amplitude * (ofSines * sines + ofCosines * cosines).sum();
    gradient = amplitude * (m_frequencies * (ofSines * cosines - ofCosines * sines).matrix());

    Eigen::RowVectorXd inverseSquares(point.size());
    for (Eigen::Index c = 0; c < point.size(); ++c) {
        const double scale = m_hyper.lengthScales(m_groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    const Eigen::MatrixXd difference = (-m_x).rowwise() + point; // n x p
    const Eigen::VectorXd squared = difference.array().square().matrix() * inverseSquares.transpose();
    Eigen::VectorXd slopes(squared.size());
    for (Eigen::Index i = 0; i < squared.size(); ++i) {
        const Correlation pair = correlationWithSlope(m_family, squared(i));
        const double weight = m_hyper.outputVariance * m_update(i, column);
        result += weight * pair.value;
        slopes(i) = weight * pair.slope;
    }
    // d r^2 / d x_c = 2 (x_c - x_ic) / l_c^2
    gradient.array() += 2.0 * (difference.transpose() * slopes).array() * inverseSquares.transpose().array();
    return result;
}

Result<Eigen::MatrixXd> jointSamples(const GaussianProcess& process, const Eigen::MatrixXd& points,
                                     std::size_t count, std::uint64_t seed, std::string_view stream) {
    Eigen::MatrixXd covariances = process.jointCovariance(points);
    // At observed points it is singular but for rounding: jitter relative to the prior, not to what is left
    // of it.
    covariances.diagonal().array() += 1e-12 * process.hyperparameters().outputVariance;
    ALIDADE_ASSIGN(const CholeskyFactor factor, factorise(covariances));
    Eigen::MatrixXd normals(points.rows(), static_cast<Eigen::Index>(count));
    for (Eigen::Index sample = 0; sample < normals.cols(); ++sample) {
        Rng rng(seed, stream, static_cast<std::uint64_t>(sample));
        for (Eigen::Index i = 0; i < normals.rows(); ++i)
            normals(i, sample) = rng.normal();
    }
    Eigen::MatrixXd samples = factor.lower.triangularView<Eigen::Lower>() * normals;
    samples.colwise() += process.predict(points).mean;
    return samples;
}

} // namespace alidade
