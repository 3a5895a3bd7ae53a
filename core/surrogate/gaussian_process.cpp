#include "surrogate/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>

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
    if (!(hyper.lengthScales.array() > 0.0).all() || !(hyper.outputVariance > 0.0) ||
        !(hyper.noiseVariance >= 0.0))
        return invalid("length scales and output variance must be above 0, the noise variance at least 0");
    return {};
}

void addNoise(Eigen::MatrixXd& matrix, const GpData& data, double noiseVariance) {
    matrix.diagonal().array() += noiseVariance;
    if (data.extraNoise.size() != 0)
        matrix.diagonal() += data.extraNoise;
}

} // namespace

Result<GaussianProcess> GaussianProcess::condition(GpData data, KernelFamily family, Hyperparameters hyper) {
    ALIDADE_CHECK(checkShapes(data, hyper));
    GaussianProcess process;
    Eigen::MatrixXd matrix = covariance(family, hyper, data.groups, data.x, data.x);
    addNoise(matrix, data, hyper.noiseVariance);
    ALIDADE_ASSIGN(process.m_factor, factorise(matrix));
    process.m_weights = process.m_factor.solve((data.y.array() - hyper.mean).matrix());
    process.m_data = std::move(data);
    process.m_family = family;
    process.m_hyper = std::move(hyper);
    return process;
}

Result<GaussianProcess> GaussianProcess::conditionLocally(GpData data, KernelFamily family,
                                                          Hyperparameters hyper, Eigen::Index neighbours) {
    ALIDADE_CHECK(checkShapes(data, hyper));
    if (neighbours < 1)
        return makeError(ErrorCode::InvalidArgument, "a local prediction needs at least one neighbour");
    GaussianProcess process;
    process.m_data = std::move(data);
    process.m_family = family;
    process.m_hyper = std::move(hyper);
    process.m_neighbours = neighbours;
    return process;
}

GpPrediction GaussianProcess::predict(const Eigen::MatrixXd& points) const {
    if (local())
        return predictLocally(points);
    GpPrediction prediction{Eigen::VectorXd(points.rows()), Eigen::VectorXd(points.rows())};
    const Eigen::Index fitting = kBlock / std::max<Eigen::Index>(1, m_data.y.size());
    const Eigen::Index step = std::max<Eigen::Index>(4, fitting - fitting % 4);
    for (Eigen::Index first = 0; first < points.rows(); first += step) {
        const Eigen::Index count = std::min(step, points.rows() - first);
        Eigen::MatrixXd cross =
            covariance(m_family, m_hyper, m_data.groups, points.middleRows(first, count), m_data.x);
        prediction.mean.segment(first, count) = ((cross * m_weights).array() + m_hyper.mean).matrix();
        m_factor.whiten(cross);
        prediction.variance.segment(first, count) =
            (m_hyper.outputVariance - cross.rowwise().squaredNorm().array()).max(0.0).matrix();
    }
    return prediction;
}

GpPointPrediction GaussianProcess::predictPoint(const Eigen::RowVectorXd& point) const {
    if (local()) {
        if (const auto around = near(point, m_neighbours))
            return around->predictPoint(point);
        return {m_hyper.mean, m_hyper.outputVariance, Eigen::VectorXd::Zero(point.size()),
                Eigen::VectorXd::Zero(point.size())};
    }
    const Eigen::Index p = m_data.x.cols();
    Eigen::RowVectorXd inverseSquares(p);
    for (Eigen::Index c = 0; c < p; ++c) {
        const double scale = m_hyper.lengthScales(m_data.groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    const Eigen::MatrixXd difference = (-m_data.x).rowwise() + point; // n x p
    const Eigen::VectorXd squared = difference.array().square().matrix() * inverseSquares.transpose();
    Eigen::VectorXd cross = squared;
    Eigen::ArrayXd slope(squared.size());
    correlations(m_family, cross.array(), &slope);
    cross *= m_hyper.outputVariance;
    slope *= m_hyper.outputVariance;
    const Eigen::VectorXd reduced = m_factor.solveLower(cross);
    const Eigen::VectorXd solved = m_factor.lower.triangularView<Eigen::Lower>().transpose().solve(reduced);
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
        if (const auto around = near(points, std::min(m_neighbours, each)))
            return around->jointCovariance(points);
        return covariance(m_family, m_hyper, m_data.groups, points, points);
    }
    const Eigen::MatrixXd reduced =
        m_factor.solveLower(covariance(m_family, m_hyper, m_data.groups, m_data.x, points));
    return covariance(m_family, m_hyper, m_data.groups, points, points) - reduced.transpose() * reduced;
}

GpPrediction GaussianProcess::leaveOneOut() const {
    if (local())
        return leaveOneOutLocally();
    const Eigen::VectorXd diagonal = m_factor.inverse().diagonal();
    GpPrediction prediction;
    prediction.mean = m_data.y - (m_weights.array() / diagonal.array()).matrix();
    prediction.variance = diagonal.cwiseInverse();
    return prediction;
}

GaussianProcess GaussianProcess::withObservation(const Eigen::RowVectorXd& point, double y,
                                                 double extraNoise) const {
    const Eigen::Index n = m_data.x.rows();
    GaussianProcess process;
    process.m_family = m_family;
    process.m_hyper = m_hyper;
    process.m_neighbours = m_neighbours;
    process.m_data.groups = m_data.groups;
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
    const Eigen::VectorXd column = covariance(m_family, m_hyper, m_data.groups, m_data.x, point);
    process.m_factor =
        appended(m_factor, column, m_hyper.outputVariance + m_hyper.noiseVariance + extraNoise);
    process.m_weights = process.m_factor.solve((process.m_data.y.array() - m_hyper.mean).matrix());
    return process;
}

double GaussianProcess::logMarginalLikelihood() const {
    if (local())
        return localLogMarginalLikelihood();
    const double n = static_cast<double>(m_data.y.size());
    return -0.5 * (m_data.y.array() - m_hyper.mean).matrix().dot(m_weights) -
           0.5 * m_factor.logDeterminant() - 0.5 * n * kLogTwoPi;
}

Result<LikelihoodGradient> logMarginalLikelihood(const GpData& data, KernelFamily family,
                                                 const Hyperparameters& hyper) {
    ALIDADE_CHECK(checkShapes(data, hyper));
    const Eigen::Index n = data.y.size();
    const Eigen::MatrixXd squared = squaredDistances(data.x, data.x, data.groups, hyper.lengthScales);
    const Eigen::MatrixXd latent =
        squared.unaryExpr([&](double r2) { return hyper.outputVariance * correlation(family, r2); });
    Eigen::MatrixXd matrix = latent;
    addNoise(matrix, data, hyper.noiseVariance);
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
