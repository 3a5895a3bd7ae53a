#include "surrogate/integrated_posterior.h"

#include <algorithm>
#include <cmath>

namespace alidade {

IntegratedPosterior::IntegratedPosterior(GaussianProcess process, Occurrences occurrences)
    : m_process(std::move(process)), m_occurrences(std::move(occurrences)) {
    const GpData& data = m_process.data();
    const Hyperparameters& hyper = m_process.hyperparameters();
    // Points of one x differ in the averaged inputs only, so that this holds for every x.
    const Eigen::MatrixXd places = spreadOut(Eigen::RowVectorXd::Zero(data.x.cols()));
    const Eigen::MatrixXd prior = covariance(m_process.family(), hyper, data.groups, places, places);
    m_priorVariance = m_occurrences.weights.dot(prior * m_occurrences.weights);
}

Eigen::MatrixXd IntegratedPosterior::spreadOut(const Eigen::RowVectorXd& point) const {
    Eigen::MatrixXd rows = point.replicate(m_occurrences.weights.size(), 1);
    for (std::size_t c = 0; c < m_occurrences.columns.size(); ++c)
        rows.col(m_occurrences.columns[c]) = m_occurrences.places.col(static_cast<Eigen::Index>(c));
    return rows;
}

Eigen::MatrixXd IntegratedPosterior::crossCovariance(const Eigen::MatrixXd& points) const {
    const Eigen::MatrixXd& support = m_process.support();
    Eigen::MatrixXd cross(support.rows(), points.rows());
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        cross.col(i).noalias() = covariance(m_process.family(), m_process.hyperparameters(),
                                            m_process.data().groups, support, spreadOut(points.row(i))) *
                                 m_occurrences.weights;
    return cross;
}

GpPrediction IntegratedPosterior::predict(const Eigen::MatrixXd& points) const {
    const Eigen::MatrixXd cross = crossCovariance(points);
    GpPrediction prediction;
    prediction.mean = (cross.transpose() * m_process.weights()).array() + m_process.hyperparameters().mean;
    const Eigen::VectorXd known =
        cross.cwiseProduct(m_process.solvedOnSupport(observe(m_process.data(), cross)))
            .colwise()
            .sum()
            .transpose();
    prediction.variance = (m_priorVariance - known.array()).max(0.0).matrix();
    return prediction;
}

GpPointPrediction IntegratedPosterior::predictPoint(const Eigen::RowVectorXd& point) const {
    const GpData& data = m_process.data();
    const Hyperparameters& hyper = m_process.hyperparameters();
    const Eigen::MatrixXd& support = m_process.support();
    const Eigen::Index n = support.rows();
    const Eigen::Index p = support.cols();
    Eigen::RowVectorXd inverseSquares(p);
    for (Eigen::Index c = 0; c < p; ++c)
        inverseSquares(c) = std::pow(hyper.lengthScales(data.groups[static_cast<std::size_t>(c)]), -2.0);
    const Eigen::MatrixXd rows = spreadOut(point);
    Eigen::VectorXd cross = Eigen::VectorXd::Zero(n);
    Eigen::VectorXd slope = Eigen::VectorXd::Zero(n); // by the squared distance, averaged
    for (Eigen::Index j = 0; j < rows.rows(); ++j) {
        const Eigen::VectorXd squared =
            ((-support).rowwise() + rows.row(j)).array().square().matrix() * inverseSquares.transpose();
        const double weight = hyper.outputVariance * m_occurrences.weights(j);
        for (Eigen::Index i = 0; i < n; ++i) {
            const Correlation pair = correlationWithSlope(m_process.family(), squared(i));
            cross(i) += weight * pair.value;
            slope(i) += weight * pair.slope;
        }
    }
    const Eigen::VectorXd solved = m_process.solvedOnSupport(observe(data, cross));
    // The other inputs are at the same distance for every place: their differences come out of the sum.
    const Eigen::MatrixXd difference = (-support).rowwise() + point;
    const auto chain = [&](const Eigen::VectorXd& weights) -> Eigen::VectorXd {
        const Eigen::VectorXd products = slope.cwiseProduct(weights);
        Eigen::VectorXd gradient =
            (2.0 * (difference.transpose() * products).array() * inverseSquares.transpose().array()).matrix();
        for (const Eigen::Index column : m_occurrences.columns)
            gradient(column) = 0.0;
        return gradient;
    };
    GpPointPrediction prediction;
    prediction.mean = hyper.mean + cross.dot(m_process.weights());
    prediction.variance = std::max(0.0, m_priorVariance - cross.dot(solved));
    prediction.meanGradient = chain(m_process.weights());
    prediction.varianceGradient = -2.0 * chain(solved);
    return prediction;
}

Eigen::VectorXd IntegratedPosterior::covarianceWith(const Eigen::RowVectorXd& point,
                                                    const Eigen::MatrixXd& places) const {
    const GpData& data = m_process.data();
    const Hyperparameters& hyper = m_process.hyperparameters();
    const Eigen::VectorXd prior =
        covariance(m_process.family(), hyper, data.groups, places, spreadOut(point)) * m_occurrences.weights;
    return prior - m_process.observedCovariance(places).transpose() *
                       m_process.solve(observe(data, crossCovariance(point)));
}

Eigen::VectorXd IntegratedPosterior::varianceReduction(const Eigen::RowVectorXd& point,
                                                       const Eigen::MatrixXd& places) const {
    const Eigen::ArrayXd shared = covarianceWith(point, places);
    const Eigen::ArrayXd variance = m_process.predict(places).variance;
    return shared.square() / (variance + m_process.hyperparameters().noiseVariance).max(1e-300);
}

IntegratedPosterior IntegratedPosterior::withObservation(const Eigen::RowVectorXd& point, double y) const {
    return {m_process.withObservation(point, y), m_occurrences};
}

} // namespace alidade
