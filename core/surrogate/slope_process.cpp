#include "surrogate/slope_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {
namespace {

/// c'' with respect to the squared distance; 0 at distance 0 for Matern 3/2, where it only appears times 0.
double correlationCurvature(KernelFamily family, double squaredDistance) {
    switch (family) {
    case KernelFamily::Rbf: return 0.25 * std::exp(-0.5 * squaredDistance);
    case KernelFamily::Matern32: {
        const double a = std::sqrt(3.0 * squaredDistance);
        return a > 0.0 ? 2.25 * std::exp(-a) / a : 0.0;
    }
    case KernelFamily::Matern52: return 25.0 / 12.0 * std::exp(-std::sqrt(5.0 * squaredDistance));
    case KernelFamily::Matern12: break;
    }
    return 0.0;
}

Eigen::RowVectorXd inverseSquares(const Hyperparameters& hyper, const ColumnGroups& groups) {
    Eigen::RowVectorXd result(static_cast<Eigen::Index>(groups.size()));
    for (Eigen::Index c = 0; c < result.size(); ++c) {
        const double scale = hyper.lengthScales(groups[static_cast<std::size_t>(c)]);
        result(c) = 1.0 / (scale * scale);
    }
    return result;
}

/// Slopes along one column at the rows of `points`.
SlopeData alongColumn(const Eigen::MatrixXd& points, Eigen::Index column) {
    SlopeData slopes;
    slopes.x = points;
    slopes.column.assign(static_cast<std::size_t>(points.rows()), column);
    return slopes;
}

Result<void> checkSlopes(const GpData& data, const SlopeData& slopes, KernelFamily family) {
    const auto invalid = [](const char* what) { return makeError(ErrorCode::InvalidArgument, what); };
    if (family == KernelFamily::Matern12)
        return invalid("functions of a Matern 1/2 process have no slopes; choose a smoother kernel");
    const Eigen::Index m = slopes.value.size();
    if (slopes.x.rows() != m || static_cast<Eigen::Index>(slopes.column.size()) != m ||
        slopes.noiseVariance.size() != m || (m > 0 && slopes.x.cols() != data.x.cols()))
        return invalid("every slope needs a point, a column and a noise variance");
    for (const Eigen::Index column : slopes.column)
        if (column < 0 || column >= data.x.cols())
            return invalid("a slope refers to a column that does not exist");
    if (!slopes.x.allFinite() || !slopes.value.allFinite() || !(slopes.noiseVariance.array() >= 0.0).all())
        return invalid("slopes must be finite and their noise variances at least 0");
    return {};
}

} // namespace

Eigen::MatrixXd valueSlopeCovariance(KernelFamily family, const Hyperparameters& hyper,
                                     const ColumnGroups& groups, const Eigen::MatrixXd& points,
                                     const SlopeData& slopes) {
    const Eigen::RowVectorXd weights = inverseSquares(hyper, groups);
    Eigen::MatrixXd result(points.rows(), slopes.x.rows());
    for (Eigen::Index j = 0; j < result.cols(); ++j) {
        const Eigen::Index column = slopes.column[static_cast<std::size_t>(j)];
        for (Eigen::Index i = 0; i < result.rows(); ++i) {
            const Eigen::RowVectorXd u = points.row(i) - slopes.x.row(j);
            const double squared = u.cwiseAbs2().dot(weights);
            result(i, j) =
                -2.0 * hyper.outputVariance * correlationSlope(family, squared) * u(column) * weights(column);
        }
    }
    return result;
}

Eigen::MatrixXd slopeCovariance(KernelFamily family, const Hyperparameters& hyper, const ColumnGroups& groups,
                                const SlopeData& a, const SlopeData& b) {
    const Eigen::RowVectorXd weights = inverseSquares(hyper, groups);
    Eigen::MatrixXd result(a.x.rows(), b.x.rows());
    for (Eigen::Index j = 0; j < result.cols(); ++j) {
        const Eigen::Index second = b.column[static_cast<std::size_t>(j)];
        for (Eigen::Index i = 0; i < result.rows(); ++i) {
            const Eigen::Index first = a.column[static_cast<std::size_t>(i)];
            const Eigen::RowVectorXd u = a.x.row(i) - b.x.row(j);
            const double squared = u.cwiseAbs2().dot(weights);
            double value = -4.0 * correlationCurvature(family, squared) * u(first) * weights(first) *
                           u(second) * weights(second);
            if (first == second)
                value -= 2.0 * correlationSlope(family, squared) * weights(first);
            result(i, j) = hyper.outputVariance * value;
        }
    }
    return result;
}

Result<SlopeProcess> SlopeProcess::condition(GpData data, SlopeData slopes, KernelFamily family,
                                             Hyperparameters hyper) {
    ALIDADE_CHECK(checkSlopes(data, slopes, family));
    SlopeProcess process;
    // Checks the values too.
    ALIDADE_ASSIGN(const GaussianProcess values, GaussianProcess::condition(std::move(data), family, hyper));
    process.m_data = values.data();
    const GpData& known = process.m_data;
    const Eigen::Index n = known.y.size();
    const Eigen::Index m = slopes.value.size();
    Eigen::MatrixXd matrix(n + m, n + m);
    matrix.topLeftCorner(n, n) = covariance(family, hyper, known.groups, known.x, known.x);
    matrix.topLeftCorner(n, n).diagonal().array() += hyper.noiseVariance;
    if (known.extraNoise.size() != 0)
        matrix.topLeftCorner(n, n).diagonal() += known.extraNoise;
    const Eigen::MatrixXd cross = valueSlopeCovariance(family, hyper, known.groups, known.x, slopes);
    matrix.topRightCorner(n, m) = cross;
    matrix.bottomLeftCorner(m, n) = cross.transpose();
    matrix.bottomRightCorner(m, m) = slopeCovariance(family, hyper, known.groups, slopes, slopes);
    matrix.bottomRightCorner(m, m).diagonal() += slopes.noiseVariance;
    ALIDADE_ASSIGN(process.m_factor, factorise(matrix));
    process.m_target.resize(n + m);
    process.m_target << (known.y.array() - hyper.mean).matrix(), slopes.value;
    process.m_weights = process.m_factor.solve(process.m_target);
    process.m_slopes = std::move(slopes);
    process.m_family = family;
    process.m_hyper = std::move(hyper);
    return process;
}

GpPrediction SlopeProcess::predict(const Eigen::MatrixXd& points) const {
    Eigen::MatrixXd cross(m_target.size(), points.rows());
    cross.topRows(m_data.y.size()) = covariance(m_family, m_hyper, m_data.groups, m_data.x, points);
    cross.bottomRows(m_slopes.value.size()) =
        valueSlopeCovariance(m_family, m_hyper, m_data.groups, points, m_slopes).transpose();
    const Eigen::MatrixXd reduced = m_factor.solveLower(cross);
    return {(cross.transpose() * m_weights).array() + m_hyper.mean,
            (m_hyper.outputVariance - reduced.colwise().squaredNorm().transpose().array()).max(0.0)};
}

GpPrediction SlopeProcess::predictSlope(const Eigen::MatrixXd& points, Eigen::Index column) const {
    const SlopeData at = alongColumn(points, column);
    Eigen::MatrixXd cross(m_target.size(), points.rows());
    cross.topRows(m_data.y.size()) = valueSlopeCovariance(m_family, m_hyper, m_data.groups, m_data.x, at);
    cross.bottomRows(m_slopes.value.size()) = slopeCovariance(m_family, m_hyper, m_data.groups, m_slopes, at);
    const Eigen::MatrixXd reduced = m_factor.solveLower(cross);
    const double prior = -2.0 * m_hyper.outputVariance * correlationSlope(m_family, 0.0) *
                         inverseSquares(m_hyper, m_data.groups)(column);
    return {cross.transpose() * m_weights,
            (prior - reduced.colwise().squaredNorm().transpose().array()).max(0.0)};
}

double SlopeProcess::logMarginalLikelihood() const {
    return -0.5 * m_target.dot(m_weights) - 0.5 * m_factor.logDeterminant() -
           0.5 * static_cast<double>(m_target.size()) * std::log(2.0 * std::numbers::pi);
}

} // namespace alidade
