#include "acquisition/anchored_posterior.h"

#include <utility>

namespace alidade {
namespace {

/// k(point, row) for each row, with its gradient by feature column of the point (p x rows).
struct CrossCovariance {
    Eigen::VectorXd value;
    Eigen::MatrixXd gradient;
};

CrossCovariance crossCovariance(const GaussianProcess& process, const Eigen::RowVectorXd& point,
                                const Eigen::MatrixXd& rows) {
    const Hyperparameters& hyper = process.hyperparameters();
    Eigen::VectorXd inverseSquares(point.size());
    for (Eigen::Index c = 0; c < point.size(); ++c) {
        const double scale = hyper.lengthScales(process.data().groups[static_cast<std::size_t>(c)]);
        inverseSquares(c) = 1.0 / (scale * scale);
    }
    CrossCovariance result{Eigen::VectorXd(rows.rows()), ((-rows).rowwise() + point).transpose()};
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        auto difference = result.gradient.col(i);
        const double squared = difference.array().square().matrix().dot(inverseSquares);
        const Correlation pair = correlationWithSlope(process.family(), squared);
        result.value(i) = hyper.outputVariance * pair.value;
        difference = 2.0 * hyper.outputVariance * pair.slope * difference.cwiseProduct(inverseSquares);
    }
    return result;
}

} // namespace

AnchoredPosterior::AnchoredPosterior(GaussianProcess process, Eigen::MatrixXd anchors)
    : m_process(std::move(process)), m_anchors(std::move(anchors)) {
    const GpData& data = m_process.data();
    if (m_anchors.rows() == 0) {
        m_solved.resize(m_process.support().rows(), 0);
        return;
    }
    const Eigen::MatrixXd cross = m_process.observedCovariance(m_anchors);
    const Eigen::MatrixXd solved = m_process.solve(cross);
    m_solved = spread(data, solved);
    m_mean = m_process.predict(m_anchors).mean;
    m_covariance = alidade::covariance(m_process.family(), m_process.hyperparameters(), data.groups,
                                       m_anchors, m_anchors) -
                   cross.transpose() * solved;
    m_covariance = (0.5 * (m_covariance + m_covariance.transpose())).eval();
}

AnchoredPosterior::Several AnchoredPosterior::at(const Eigen::MatrixXd& points) const {
    const GpData& data = m_process.data();
    GpPrediction prediction = m_process.predict(points);
    Several result{std::move(prediction.mean), std::move(prediction.variance),
                   Eigen::MatrixXd(points.rows(), m_anchors.rows())};
    if (m_anchors.rows() > 0)
        result.covariance = alidade::covariance(m_process.family(), m_process.hyperparameters(), data.groups,
                                                points, m_anchors) -
                            alidade::covariance(m_process.family(), m_process.hyperparameters(), data.groups,
                                                points, m_process.support()) *
                                m_solved;
    return result;
}

AnchoredPosterior::One AnchoredPosterior::at(const Eigen::RowVectorXd& point) const {
    GpPointPrediction prediction = m_process.predictPoint(point);
    One result{prediction.mean,
               prediction.variance,
               {},
               std::move(prediction.meanGradient),
               std::move(prediction.varianceGradient),
               {}};
    if (m_anchors.rows() == 0) {
        result.covarianceGradient.resize(point.size(), 0);
        return result;
    }
    const CrossCovariance prior = crossCovariance(m_process, point, m_anchors);
    const CrossCovariance data = crossCovariance(m_process, point, m_process.support());
    result.covariance = prior.value - m_solved.transpose() * data.value;
    result.covarianceGradient = prior.gradient - data.gradient * m_solved;
    return result;
}

} // namespace alidade
