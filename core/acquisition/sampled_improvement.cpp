#include "acquisition/sampled_improvement.h"

#include "acquisition/analytic.h"
#include "base/constants.h"
#include "base/inverse_normal.h"
#include "math/log_mean_exp.h"
#include "math/sobol.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {} // namespace

Eigen::MatrixXd sobolNormals(Eigen::Index count, std::size_t samples, std::uint64_t seed) {
    Eigen::MatrixXd normals(count, static_cast<Eigen::Index>(samples));
    if (count == 0)
        return normals;
    SobolSequence sequence(static_cast<std::size_t>(count), seed);
    for (Eigen::Index s = 0; s < normals.cols(); ++s) {
        const std::vector<double> point = sequence.next();
        for (Eigen::Index i = 0; i < count; ++i)
            normals(i, s) = inverseNormalCdf(std::max(point[static_cast<std::size_t>(i)], 0x1.0p-33));
    }
    return normals;
}

Result<SampledImprovement> SampledImprovement::make(const GaussianProcess& process,
                                                    const Eigen::MatrixXd& anchors,
                                                    const SampledImprovementOptions& options) {
    const Eigen::Index count = anchors.rows();
    if ((count == 0 && !options.best) || options.samples == 0)
        return makeError(ErrorCode::InvalidArgument, "nothing to improve on");
    if (count > 1000)
        return makeError(ErrorCode::InvalidArgument, "more than 1000 pending or measured points at once");
    SampledImprovement result(AnchoredPosterior(process, anchors), options);
    const double worst = options.maximise ? -kInfinity : kInfinity;
    if (count == 0) {
        result.m_bests = Eigen::VectorXd::Constant(1, *options.best);
        result.m_shift.resize(0, 1);
        return result;
    }
    ALIDADE_ASSIGN(result.m_factor, factorise(result.m_posterior.covariance()));
    const Eigen::MatrixXd normals = sobolNormals(count, options.samples, options.seed);
    const Eigen::MatrixXd& lower = result.m_factor.lower;
    result.m_shift = lower.triangularView<Eigen::Lower>().transpose().solve(normals);
    const Eigen::MatrixXd samples =
        (lower.triangularView<Eigen::Lower>() * normals).colwise() + result.m_posterior.mean();
    const double best = options.best.value_or(worst);
    result.m_bests.resize(samples.cols());
    for (Eigen::Index s = 0; s < samples.cols(); ++s)
        result.m_bests(s) = options.maximise ? std::max(best, samples.col(s).maxCoeff())
                                             : std::min(best, samples.col(s).minCoeff());
    return result;
}

Eigen::VectorXd SampledImprovement::logValues(const Eigen::MatrixXd& points) const {
    const AnchoredPosterior::Several at = m_posterior.at(points);
    Eigen::VectorXd result(points.rows());
    const bool anchored = m_shift.rows() > 0;
    Eigen::MatrixXd reduced;
    if (anchored)
        reduced = m_factor.solveLower(at.covariance.transpose());
    Eigen::VectorXd logs(m_bests.size());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        Eigen::VectorXd means = Eigen::VectorXd::Constant(m_bests.size(), at.mean(i));
        double variance = at.variance(i);
        if (anchored) {
            means += m_shift.transpose() * at.covariance.row(i).transpose();
            variance = std::max(0.0, variance - reduced.col(i).squaredNorm());
        }
        const double sd = std::sqrt(variance);
        for (Eigen::Index s = 0; s < logs.size(); ++s)
            logs(s) = logExpectedImprovement({m_options.maximise, m_bests(s)}, means(s), sd).value;
        result(i) = logMeanExp(logs);
    }
    return result;
}

double SampledImprovement::logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const {
    const AnchoredPosterior::One at = m_posterior.at(point);
    gradient = Eigen::VectorXd::Zero(point.size());
    Eigen::VectorXd means = Eigen::VectorXd::Constant(m_bests.size(), at.mean);
    double variance = at.variance;
    Eigen::VectorXd varianceGradient = at.varianceGradient;
    if (m_shift.rows() > 0) {
        means += m_shift.transpose() * at.covariance;
        const Eigen::VectorXd reduced = m_factor.solveLower(at.covariance);
        variance = std::max(0.0, variance - reduced.squaredNorm());
        const Eigen::VectorXd solved =
            m_factor.lower.triangularView<Eigen::Lower>().transpose().solve(reduced);
        varianceGradient -= 2.0 * at.covarianceGradient * solved;
    }
    const double sd = std::sqrt(variance);
    Eigen::VectorXd logs(m_bests.size());
    Eigen::VectorXd byMean(m_bests.size());
    Eigen::VectorXd bySd(m_bests.size());
    for (Eigen::Index s = 0; s < logs.size(); ++s) {
        const AcquisitionValue value = logExpectedImprovement({m_options.maximise, m_bests(s)}, means(s), sd);
        logs(s) = value.value;
        byMean(s) = value.byMean;
        bySd(s) = value.byStandardDeviation;
    }
    const double result = logMeanExp(logs);
    if (!std::isfinite(result))
        return result;
    const Eigen::VectorXd share = ((logs.array() - result).exp() / static_cast<double>(logs.size())).matrix();
    const Eigen::VectorXd meanShare = share.cwiseProduct(byMean);
    gradient = meanShare.sum() * at.meanGradient;
    if (m_shift.rows() > 0)
        gradient += at.covarianceGradient * (m_shift * meanShare);
    if (sd > 0.0)
        gradient += share.dot(bySd) / (2.0 * sd) * varianceGradient;
    return result;
}

Result<double> batchImprovement(const GaussianProcess& process, const Eigen::MatrixXd& points, double best,
                                bool maximise, std::size_t samples, std::uint64_t seed) {
    const AnchoredPosterior posterior(process, points);
    ALIDADE_ASSIGN(const CholeskyFactor factor, factorise(posterior.covariance()));
    const Eigen::MatrixXd values =
        (factor.lower.triangularView<Eigen::Lower>() * sobolNormals(points.rows(), samples, seed)).colwise() +
        posterior.mean();
    double sum = 0.0;
    for (Eigen::Index s = 0; s < values.cols(); ++s)
        sum += maximise ? std::max(0.0, values.col(s).maxCoeff() - best)
                        : std::max(0.0, best - values.col(s).minCoeff());
    return sum / static_cast<double>(samples);
}

} // namespace alidade
