#include "surrogate/resolved_posterior.h"

#include <algorithm>

namespace alidade {

Result<ResolvedPosterior> ResolvedPosterior::make(const GaussianProcess& process,
                                                  const Eigen::MatrixXd& places,
                                                  const Eigen::MatrixXd& normals) {
    const GpData& data = process.data();
    const Hyperparameters& hyper = process.hyperparameters();
    const Eigen::Index u = places.rows();
    if (u == 0 || places.cols() != data.x.cols() || normals.rows() != u || normals.cols() == 0)
        return makeError(ErrorCode::InvalidArgument,
                         "a resolved posterior needs places and one row of normal numbers for each");
    if (process.local())
        return makeError(ErrorCode::InvalidArgument, "a resolved posterior needs an exact one");
    const Eigen::MatrixXd& support = process.support();
    const Eigen::Index n = support.rows();
    ALIDADE_ASSIGN(const CholeskyFactor factor, factorise(process.noisyCovariance()));
    const Eigen::Index observations = factor.lower.rows();
    const Eigen::MatrixXd known = covariance(process.family(), hyper, data.groups, support, places); // n x u
    const Eigen::MatrixXd cross = observe(data, known);
    const Eigen::MatrixXd reduced = factor.solveLower(cross);
    const Eigen::MatrixXd joint =
        covariance(process.family(), hyper, data.groups, places, places) - reduced.transpose() * reduced;
    ALIDADE_ASSIGN(const CholeskyFactor placesFactor, factorise(joint));

    ResolvedPosterior made;
    made.m_family = process.family();
    made.m_hyper = hyper;
    made.m_groups = data.groups;
    made.m_x.resize(n + u, data.x.cols());
    made.m_x << support, places;
    // cov(f(U), f(x) | data) = k(U, x) - k(U, X) (K + noise)^-1 k(X, x): v = corrections * k(m_x, x).
    Eigen::MatrixXd corrections(u, n + u);
    corrections.leftCols(n) = -spread(data, factor.solve(cross)).transpose();
    corrections.rightCols(u).setIdentity();
    corrections = placesFactor.solveLower(corrections);
    made.m_shifts = corrections.transpose() * normals;
    const Eigen::VectorXd weights = spread(data, factor.solve(residualsOf(data, hyper.mean)));
    made.m_shifts.topRows(n).colwise() += weights;
    made.m_known = Eigen::MatrixXd::Zero(observations + u, n + u);
    made.m_known.topLeftCorner(observations, n) =
        factor.solveLower(observe(data, Eigen::MatrixXd::Identity(n, n)));
    made.m_known.bottomRows(u) = corrections;
    made.m_resolved = placesFactor.lower * normals;
    made.m_resolved.colwise() += known.transpose() * weights;
    made.m_resolved.array() += hyper.mean;
    return made;
}

ResolvedPosterior::Prediction ResolvedPosterior::predict(const Eigen::MatrixXd& points) const {
    const Eigen::MatrixXd cross = covariance(m_family, m_hyper, m_groups, m_x, points);
    Prediction prediction;
    prediction.means = (cross.transpose() * m_shifts).array() + m_hyper.mean;
    prediction.variance =
        (m_hyper.outputVariance - (m_known * cross).colwise().squaredNorm().array()).max(0.0).transpose();
    return prediction;
}

ResolvedPosterior::PointPrediction ResolvedPosterior::predictPoint(const Eigen::RowVectorXd& point) const {
    const Eigen::Index size = m_x.rows();
    const Eigen::Index columns = m_x.cols();
    Eigen::RowVectorXd inverseSquares(columns);
    for (Eigen::Index c = 0; c < columns; ++c) {
        const double scale = m_hyper.lengthScales(m_groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    const Eigen::MatrixXd difference = (-m_x).rowwise() + point;
    const Eigen::VectorXd squared = difference.array().square().matrix() * inverseSquares.transpose();
    Eigen::VectorXd cross(size);
    Eigen::MatrixXd slopes(size, columns); // d k(x, x_i) / d x_c
    for (Eigen::Index i = 0; i < size; ++i) {
        const Correlation pair = correlationWithSlope(m_family, squared(i));
        cross(i) = m_hyper.outputVariance * pair.value;
        slopes.row(i) =
            2.0 * m_hyper.outputVariance * pair.slope * difference.row(i).cwiseProduct(inverseSquares);
    }
    const Eigen::VectorXd known = m_known * cross;
    PointPrediction prediction;
    prediction.means = (m_shifts.transpose() * cross).array() + m_hyper.mean;
    prediction.variance = std::max(0.0, m_hyper.outputVariance - known.squaredNorm());
    prediction.meanGradients = slopes.transpose() * m_shifts;
    prediction.varianceGradient = -2.0 * (slopes.transpose() * (m_known.transpose() * known));
    return prediction;
}

} // namespace alidade
