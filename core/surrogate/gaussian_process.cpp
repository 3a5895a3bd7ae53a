#include "surrogate/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace alidade {
namespace {

const double kLogTwoPi = std::log(2.0 * std::numbers::pi);
constexpr Eigen::Index kBlock = 16384;      ///< entries of a covariance that stay in a core's cache
constexpr Eigen::Index kMostJointly = 1024; ///< observations in a local joint covariance

Result<void> checkShapes(const GpData& data, const Hyperparameters& hyper) {
    const auto invalid = [](const char* what) { return makeError(ErrorCode::InvalidArgument, what); };
    if (data.x.rows() == 0 || data.x.rows() != data.y.size())
        return invalid("a Gaussian process needs as many outcomes as points, at least one");
    if (static_cast<Eigen::Index>(data.groups.size()) != data.x.cols())
        return invalid("every feature column needs a length-scale group");
    for (const int group : data.groups)
        if (group < 0 || group >= hyper.lengthScales.size())
            return invalid("a feature column refers to a length scale that does not exist");
    if (data.extraNoise.size() != 0 && data.extraNoise.size() != data.y.size())
        return invalid("known noise needs one variance per point");
    if (!data.x.allFinite() || !data.y.allFinite())
        return invalid("points and outcomes must be finite");
    const Differences& differences = data.differences;
    const Eigen::Index m = differences.size();
    if (m > 0 && (differences.ahead.rows() != m || differences.behind.rows() != m ||
                  differences.ahead.cols() != data.x.cols() || differences.behind.cols() != data.x.cols() ||
                  std::ssize(differences.owner) != m ||
                  (differences.noise.size() != 0 && differences.noise.size() != m)))
        return invalid("a difference needs two points, the row it was measured with, and its noise or none");
    if (!differences.ahead.allFinite() || !differences.behind.allFinite() || !differences.value.allFinite())
        return invalid("differences and their points must be finite");
    for (const Eigen::Index owner : differences.owner)
        if (owner < 0 || owner >= data.x.rows())
            return invalid("a difference belongs to a row that does not exist");
    if (!(hyper.lengthScales.array() > 0.0).all() || !(hyper.outputVariance > 0.0) ||
        !(hyper.noiseVariance >= 0.0))
        return invalid("length scales and output variance must be above 0, the noise variance at least 0");
    return {};
}

} // namespace

Eigen::MatrixXd supportOf(const GpData& data) {
    const Eigen::Index m = data.differences.size();
    Eigen::MatrixXd support(2 * m + data.x.rows(), data.x.cols());
    if (m > 0)
        support << data.differences.ahead, data.differences.behind, data.x;
    else
        support = data.x;
    return support;
}

Eigen::MatrixXd observe(const GpData& data, Eigen::MatrixXd rows) {
    const Eigen::Index m = data.differences.size();
    if (m == 0)
        return rows;
    Eigen::MatrixXd result(rows.rows() - m, rows.cols());
    result << rows.topRows(m) - rows.middleRows(m, m), rows.bottomRows(rows.rows() - 2 * m);
    return result;
}

Eigen::MatrixXd spread(const GpData& data, Eigen::MatrixXd weights) {
    const Eigen::Index m = data.differences.size();
    if (m == 0)
        return weights;
    Eigen::MatrixXd result(weights.rows() + m, weights.cols());
    result << weights.topRows(m), -weights.topRows(m), weights.bottomRows(weights.rows() - m);
    return result;
}

std::vector<Eigen::Index> evenRows(const Eigen::VectorXd& y, Eigen::Index count) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(y.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return y(a) < y(b); });
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < count; ++i)
        rows.push_back(order[static_cast<std::size_t>(count > 1 ? i * (y.size() - 1) / (count - 1) : 0)]);
    std::sort(rows.begin(), rows.end());
    return rows;
}

Eigen::VectorXd residualsOf(const GpData& data, double mean) {
    Eigen::VectorXd result(data.differences.size() + data.y.size());
    result << data.differences.value, (data.y.array() - mean).matrix();
    return result;
}

std::vector<std::vector<Eigen::Index>> observationsByValue(const GpData& data) {
    const Eigen::Index m = data.differences.size();
    std::vector<std::vector<Eigen::Index>> result(static_cast<std::size_t>(data.y.size()));
    for (Eigen::Index i = 0; i < m; ++i)
        result[static_cast<std::size_t>(data.differences.owner[static_cast<std::size_t>(i)])].push_back(i);
    for (Eigen::Index i = 0; i < data.y.size(); ++i)
        result[static_cast<std::size_t>(i)].push_back(m + i);
    return result;
}

Eigen::VectorXd observationNoise(const GpData& data, const Hyperparameters& hyper,
                                 const Eigen::VectorXd& latent) {
    const Eigen::Index m = data.differences.size();
    Eigen::VectorXd noise = Eigen::VectorXd::Constant(m + data.y.size(), hyper.noiseVariance);
    noise.head(m) = latent.head(m) * (hyper.noiseVariance / hyper.outputVariance);
    if (data.differences.noise.size() != 0)
        noise.head(m) += data.differences.noise;
    if (data.extraNoise.size() != 0)
        noise.tail(data.y.size()) += data.extraNoise;
    return noise;
}

Eigen::MatrixXd GaussianProcess::observedCovariance(const Eigen::MatrixXd& points) const {
    return observe(m_data, covariance(m_family, m_hyper, m_data.groups, support(), points));
}

Eigen::MatrixXd GaussianProcess::solvedOnSupport(const Eigen::MatrixXd& b) const {
    return spread(m_data, m_factor.solve(b));
}

Eigen::VectorXd GaussianProcess::noiseVariances() const {
    const Differences& differences = m_data.differences;
    Eigen::VectorXd latent =
        Eigen::VectorXd::Constant(differences.size() + m_data.y.size(), m_hyper.outputVariance);
    for (Eigen::Index i = 0; i < differences.size(); ++i) {
        const Eigen::MatrixXd apart = squaredDistances(differences.ahead.row(i), differences.behind.row(i),
                                                       m_data.groups, m_hyper.lengthScales);
        latent(i) *= 2.0 * (1.0 - correlation(m_family, apart(0, 0)));
    }
    return observationNoise(m_data, m_hyper, latent);
}

Eigen::MatrixXd GaussianProcess::noisyCovariance() const {
    // Observed on both sides; the covariance is symmetric.
    Eigen::MatrixXd matrix = observe(m_data, observedCovariance(support()).transpose());
    matrix.diagonal() += observationNoise(m_data, m_hyper, matrix.diagonal());
    return matrix;
}

void GaussianProcess::computeWeights() {
    m_weights = spread(m_data, m_factor.solve(residualsOf(m_data, m_hyper.mean)));
}

Result<GaussianProcess> GaussianProcess::condition(GpData data, KernelFamily family, Hyperparameters hyper) {
    ALIDADE_CHECK(checkShapes(data, hyper));
    GaussianProcess process;
    process.m_data = std::move(data);
    process.m_family = family;
    process.m_hyper = std::move(hyper);
    if (process.m_data.differences.size() > 0)
        process.m_support = supportOf(process.m_data);
    ALIDADE_ASSIGN(process.m_factor, factorise(process.noisyCovariance()));
    process.computeWeights();
    return process;
}

Result<GaussianProcess> GaussianProcess::conditionLocally(GpData data, KernelFamily family,
                                                          Hyperparameters hyper, Eigen::Index neighbours) {
    ALIDADE_CHECK(checkShapes(data, hyper));
    if (neighbours < 1)
        return makeError(ErrorCode::InvalidArgument, "a local prediction needs at least one neighbour");
    GaussianProcess process;
    process.m_data = std::move(data);
    process.m_data.differences = {}; // of thousands of values, slopes tell little more
    process.m_family = family;
    process.m_hyper = std::move(hyper);
    process.m_neighbours = neighbours;
    process.m_spread = evenRows(process.m_data.y, std::min(neighbours / 2, process.m_data.y.size()));
    return process;
}

GpPrediction GaussianProcess::predict(const Eigen::MatrixXd& points) const {
    if (local())
        return predictLocally(points);
    GpPrediction prediction{Eigen::VectorXd(points.rows()), Eigen::VectorXd(points.rows())};
    const Eigen::Index fitting = kBlock / std::max<Eigen::Index>(1, support().rows());
    const Eigen::Index step = std::max<Eigen::Index>(4, fitting - fitting % 4);
    for (Eigen::Index first = 0; first < points.rows(); first += step) {
        const Eigen::Index count = std::min(step, points.rows() - first);
        Eigen::MatrixXd cross =
            covariance(m_family, m_hyper, m_data.groups, points.middleRows(first, count), support());
        prediction.mean.segment(first, count) = ((cross * m_weights).array() + m_hyper.mean).matrix();
        if (m_data.differences.size() > 0)
            cross = observe(m_data, cross.transpose()).transpose().eval();
        m_factor.whiten(cross);
        prediction.variance.segment(first, count) =
            (m_hyper.outputVariance - cross.rowwise().squaredNorm().array()).max(0.0).matrix();
    }
    return prediction;
}

GpPointPrediction GaussianProcess::predictPoint(const Eigen::RowVectorXd& point) const {
    if (local()) {
        if (const auto known = around(point, m_neighbours))
            return known->predictPoint(point);
        return {m_hyper.mean, m_hyper.outputVariance, Eigen::VectorXd::Zero(point.size()),
                Eigen::VectorXd::Zero(point.size())};
    }
    const Eigen::Index p = m_data.x.cols();
    Eigen::RowVectorXd inverseSquares(p);
    for (Eigen::Index c = 0; c < p; ++c) {
        const double scale = m_hyper.lengthScales(m_data.groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    const Eigen::MatrixXd difference = (-support()).rowwise() + point; // n x p
    const Eigen::VectorXd squared = difference.array().square().matrix() * inverseSquares.transpose();
    Eigen::VectorXd cross = squared;
    Eigen::ArrayXd slope(squared.size());
    correlations(m_family, cross.array(), &slope);
    cross *= m_hyper.outputVariance;
    slope *= m_hyper.outputVariance;
    const bool simple = m_data.differences.size() == 0;
    const Eigen::VectorXd reduced =
        simple ? m_factor.solveLower(cross) : m_factor.solveLower(observe(m_data, cross));
    Eigen::VectorXd solved = m_factor.lower.triangularView<Eigen::Lower>().transpose().solve(reduced);
    if (!simple)
        solved = spread(m_data, solved);
    GpPointPrediction prediction;
    prediction.mean = m_hyper.mean + cross.dot(m_weights);
    prediction.variance = std::max(0.0, m_hyper.outputVariance - reduced.squaredNorm());
    // d k(x, x_i) / d x_c = slope_i * 2 (x_c - x_ic) / l_c^2
    const auto chain = [&](const Eigen::VectorXd& weights) -> Eigen::VectorXd {
        const Eigen::VectorXd products = (slope * weights.array()).matrix();
        return (2.0 * (difference.transpose() * products).array() * inverseSquares.transpose().array())
            .matrix();
    };
    prediction.meanGradient = chain(m_weights);
    prediction.varianceGradient = -2.0 * chain(solved);
    return prediction;
}

Eigen::MatrixXd GaussianProcess::jointCovariance(const Eigen::MatrixXd& points) const {
    if (local()) {
        const Eigen::Index each =
            std::max<Eigen::Index>(1, kMostJointly / std::max<Eigen::Index>(1, points.rows()));
        if (const auto known = around(points, std::min(m_neighbours, each)))
            return known->jointCovariance(points);
        return covariance(m_family, m_hyper, m_data.groups, points, points);
    }
    const Eigen::MatrixXd reduced = m_factor.solveLower(observedCovariance(points));
    return covariance(m_family, m_hyper, m_data.groups, points, points) - reduced.transpose() * reduced;
}

GpPrediction GaussianProcess::leaveOneOut() const {
    if (local())
        return leaveOneOutLocally();
    const Eigen::Index n = m_data.y.size();
    const Eigen::Index m = m_data.differences.size();
    const Eigen::MatrixXd inverse = m_factor.inverse();
    GpPrediction prediction{m_data.y, Eigen::VectorXd(n)};
    if (m == 0) {
        prediction.mean.array() -= m_weights.array() / inverse.diagonal().array();
        prediction.variance = inverse.diagonal().cwiseInverse();
        return prediction;
    }
    // As for one row, with the block of the inverse instead of its diagonal.
    const Eigen::VectorXd weights = m_factor.solve(residualsOf(m_data, m_hyper.mean));
    const std::vector<std::vector<Eigen::Index>> together = observationsByValue(m_data);
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::vector<Eigen::Index>& rows = together[static_cast<std::size_t>(i)];
        const Eigen::MatrixXd left = inverse(rows, rows).inverse();
        const Eigen::Index last = left.rows() - 1;
        prediction.mean(i) = m_data.y(i) - left.row(last).dot(weights(rows));
        prediction.variance(i) = left(last, last);
    }
    return prediction;
}

GaussianProcess GaussianProcess::withObservation(const Eigen::RowVectorXd& point, double y,
                                                 double extraNoise) const {
    const Eigen::Index n = m_data.x.rows();
    GaussianProcess process;
    process.m_family = m_family;
    process.m_hyper = m_hyper;
    // What is assumed of a place must not crowd out what was measured near it.
    process.m_neighbours = local() ? m_neighbours + 1 : 0;
    process.m_spread = m_spread;
    process.m_data.groups = m_data.groups;
    process.m_data.differences = m_data.differences;
    process.m_data.x.resize(n + 1, m_data.x.cols());
    process.m_data.x << m_data.x, point;
    process.m_data.y.resize(n + 1);
    process.m_data.y << m_data.y, y;
    if (m_data.extraNoise.size() != 0 || extraNoise != 0.0) {
        process.m_data.extraNoise = Eigen::VectorXd::Zero(n + 1);
        if (m_data.extraNoise.size() != 0)
            process.m_data.extraNoise.head(n) = m_data.extraNoise;
        process.m_data.extraNoise(n) = extraNoise;
    }
    if (local())
        return process;
    const Eigen::VectorXd column = observedCovariance(point);
    process.m_factor =
        appended(m_factor, column, m_hyper.outputVariance + m_hyper.noiseVariance + extraNoise);
    if (process.m_data.differences.size() > 0)
        process.m_support = supportOf(process.m_data);
    process.computeWeights();
    return process;
}

double GaussianProcess::logMarginalLikelihood() const {
    if (local())
        return localLogMarginalLikelihood();
    const Eigen::Index m = m_data.differences.size();
    const double n = static_cast<double>(m + m_data.y.size());
    return -0.5 * m_data.differences.value.dot(m_weights.head(m)) -
           0.5 * (m_data.y.array() - m_hyper.mean).matrix().dot(m_weights.tail(m_data.y.size())) -
           0.5 * m_factor.logDeterminant() - 0.5 * n * kLogTwoPi;
}

Result<LikelihoodGradient> logMarginalLikelihood(const GpData& data, KernelFamily family,
                                                 const Hyperparameters& hyper) {
    ALIDADE_CHECK(checkShapes(data, hyper));
    if (data.differences.size() > 0)
        return makeError(ErrorCode::InvalidArgument, "this likelihood is of values only");
    const Eigen::Index n = data.y.size();
    const Eigen::MatrixXd squared = squaredDistances(data.x, data.x, data.groups, hyper.lengthScales);
    const Eigen::MatrixXd latent =
        squared.unaryExpr([&](double r2) { return hyper.outputVariance * correlation(family, r2); });
    Eigen::MatrixXd matrix = latent;
    matrix.diagonal() += observationNoise(data, hyper, matrix.diagonal());
    ALIDADE_ASSIGN(const CholeskyFactor factor, factorise(matrix));
    const Eigen::VectorXd residual = data.y.array() - hyper.mean;
    const Eigen::VectorXd weights = factor.solve(residual);
    // d log p = 1/2 tr((w w^T - K^-1) dK)
    Eigen::MatrixXd sensitivity = -factor.inverse();
    sensitivity.noalias() += weights * weights.transpose();

    LikelihoodGradient gradient;
    gradient.value = -0.5 * residual.dot(weights) - 0.5 * factor.logDeterminant() -
                     0.5 * static_cast<double>(n) * kLogTwoPi;
    gradient.logOutputVariance = 0.5 * sensitivity.cwiseProduct(latent).sum();
    gradient.logNoiseVariance = 0.5 * sensitivity.trace() * hyper.noiseVariance;
    gradient.mean = weights.sum();
    // d k / d log l_g = -2 slope * (squared distance within group g)
    const Eigen::MatrixXd weighted = sensitivity.cwiseProduct(
        squared.unaryExpr([&](double r2) { return hyper.outputVariance * correlationSlope(family, r2); }));
    gradient.logLengthScales = Eigen::VectorXd::Zero(hyper.lengthScales.size());
    for (Eigen::Index c = 0; c < data.x.cols(); ++c) {
        const int group = data.groups[static_cast<std::size_t>(c)];
        const double inverse = 1.0 / (hyper.lengthScales(group) * hyper.lengthScales(group));
        double sum = 0.0;
        for (Eigen::Index j = 0; j < n; ++j)
            sum += (weighted.col(j).array() * (data.x.col(c).array() - data.x(j, c)).square()).sum();
        gradient.logLengthScales(group) -= sum * inverse;
    }
    return gradient;
}

} // namespace alidade
