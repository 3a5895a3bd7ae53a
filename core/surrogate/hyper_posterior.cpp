#include "surrogate/hyper_posterior.h"

#include "base/constants.h"
#include "math/cholesky.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace alidade {
namespace {

constexpr Eigen::Index kRows = 4; ///< matrices have a multiple of so many rows: see factoriseInPlace()

} // namespace

HyperPosterior::HyperPosterior(const GpData& data, const FitOptions& options)
    : m_data(data), m_options(options) {
    for (const int group : data.groups)
        m_groups = std::max(m_groups, static_cast<Eigen::Index>(group) + 1);
    m_lengthScale = {std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(m_groups)),
                     std::numbers::sqrt3};
    precomputeDistances();
}

Eigen::VectorXd HyperPosterior::bounds(double lengthScale, double outputVariance,
                                       double noiseVariance) const {
    Eigen::VectorXd result(dimension());
    result.head(m_groups).setConstant(std::log(lengthScale));
    result(m_groups) = std::log(outputVariance);
    result(m_groups + 1) = std::log(noiseVariance);
    return result;
}

Eigen::VectorXd HyperPosterior::lower() const {
    return bounds(m_options.lowestLengthScale, m_options.lowestOutputVariance, m_options.lowestNoiseVariance);
}

Eigen::VectorXd HyperPosterior::upper() const {
    return bounds(m_options.highestLengthScale, m_options.highestOutputVariance,
                  m_options.highestNoiseVariance);
}

const HyperPosterior::LogPrior& HyperPosterior::priorOf(Eigen::Index i) const {
    return i < m_groups ? m_lengthScale : i == m_groups ? kOutputVariance : kNoiseVariance;
}

std::pair<double, double> HyperPosterior::prior(Eigen::Index i) const {
    return {priorOf(i).center, priorOf(i).spread};
}

double HyperPosterior::operator()(const Eigen::VectorXd& u, Eigen::VectorXd& gradient,
                                  Workspace& work) const {
    Hyperparameters hyper = hyperparameters(u);
    if (!evaluate(hyper, work))
        return kInfinity;
    const LikelihoodGradient& likelihood = work.likelihood;
    gradient.head(m_groups) = likelihood.logLengthScales;
    gradient(m_groups) = likelihood.logOutputVariance;
    gradient(m_groups + 1) = likelihood.logNoiseVariance;
    double value = likelihood.value;
    if (m_options.priors)
        for (Eigen::Index i = 0; i < dimension(); ++i)
            value += priorOf(i).add(u(i), gradient(i));
    gradient = -gradient;
    return -value;
}

double HyperPosterior::logDensity(const Eigen::VectorXd& u, Workspace& work) const {
    if ((u.array() < lower().array()).any() || (u.array() > upper().array()).any())
        return -kInfinity;
    const Hyperparameters hyper = hyperparameters(u);
    correlate(hyper, work, false);
    double logDeterminant = 0.0;
    if (!factor(hyper, work, logDeterminant) || !std::isfinite(logDeterminant))
        return -kInfinity;
    const Eigen::Index n = observations();
    const auto lower = work.matrix.topLeftCorner(n, n).triangularView<Eigen::Lower>();
    work.residual = residualsOf(m_data, m_options.estimateMean ? 0.0 : hyper.mean);
    if (m_options.estimateMean) {
        work.rows = meanDesign();
        lower.solveInPlace(work.rows);
        lower.solveInPlace(work.residual);
        work.residual -= work.rows.dot(work.residual) / work.rows.squaredNorm() * work.rows;
    } else {
        lower.solveInPlace(work.residual);
    }
    double value = -0.5 * work.residual.squaredNorm() - 0.5 * logDeterminant -
                   0.5 * static_cast<double>(n) * std::log(2.0 * std::numbers::pi);
    double ignored = 0.0;
    if (m_options.priors)
        for (Eigen::Index i = 0; i < dimension(); ++i)
            value += priorOf(i).add(u(i), ignored);
    return std::isfinite(value) ? value : -kInfinity;
}

Hyperparameters HyperPosterior::hyperparameters(const Eigen::VectorXd& u) const {
    Hyperparameters hyper;
    hyper.lengthScales = u.head(m_groups).array().exp();
    hyper.outputVariance = std::exp(u(m_groups));
    hyper.noiseVariance = std::exp(u(m_groups + 1));
    hyper.mean = m_options.fixedMean;
    return hyper;
}

Eigen::VectorXd HyperPosterior::coordinates(const Hyperparameters& hyper) const {
    Eigen::VectorXd u(dimension());
    u.head(m_groups) = hyper.lengthScales.array().log();
    u(m_groups) = std::log(hyper.outputVariance);
    u(m_groups + 1) = std::log(hyper.noiseVariance);
    return u.cwiseMax(lower()).cwiseMin(upper());
}

bool HyperPosterior::completed(Hyperparameters& hyper, double& logLikelihood) const {
    Workspace work;
    if (!evaluate(hyper, work))
        return false;
    logLikelihood = work.likelihood.value;
    return true;
}

/// Squared differences of the pairs i > j per group, column after column of the lower half; shared by all
/// evaluations.
void HyperPosterior::precomputeDistances() {
    const Eigen::MatrixXd stacked = m_data.differences.size() > 0 ? supportOf(m_data) : Eigen::MatrixXd();
    const Eigen::MatrixXd& x = m_data.differences.size() > 0 ? stacked : m_data.x;
    const Eigen::Index n = x.rows();
    m_distances.resize(n * (n - 1) / 2, m_groups);
    std::vector<bool> begun(static_cast<std::size_t>(m_groups), false);
    for (Eigen::Index c = 0; c < x.cols(); ++c) {
        const int group = m_data.groups[static_cast<std::size_t>(c)];
        const bool first = !begun[static_cast<std::size_t>(group)];
        begun[static_cast<std::size_t>(group)] = true;
        Eigen::Index begin = 0;
        for (Eigen::Index j = 0; j < n; ++j) {
            const Eigen::Index below = n - 1 - j;
            auto pairs = m_distances.col(group).segment(begin, below).array();
            const auto squares = (x.col(c).tail(below).array() - x(j, c)).square();
            if (first)
                pairs = squares;
            else
                pairs += squares;
            begin += below;
        }
    }
    for (Eigen::Index group = 0; group < m_groups; ++group)
        if (!begun[static_cast<std::size_t>(group)])
            m_distances.col(group).setZero();
}

void HyperPosterior::correlate(const Hyperparameters& hyper, Workspace& work, bool slopes) const {
    const Eigen::VectorXd inverseSquares = hyper.lengthScales.array().square().inverse();
    work.values.resize(m_distances.rows());
    work.values.matrix().noalias() = m_distances * inverseSquares;
    if (slopes)
        work.slopes.resize(m_distances.rows());
    correlations(m_options.family, work.values, slopes ? &work.slopes : nullptr);
}

void HyperPosterior::fillMatrix(const Hyperparameters& hyper, Workspace& work) const {
    const Eigen::Index n = observations();
    const Eigen::Index padding = (kRows - n % kRows) % kRows;
    work.matrix.resize(n + padding, n + padding);
    work.matrix.bottomRows(padding).setZero();
    work.matrix.diagonal().tail(padding).setOnes();
    if (m_data.differences.size() > 0) {
        fillWithDifferences(hyper, work);
        return;
    }
    work.matrix.diagonal().head(n).setConstant(hyper.outputVariance + hyper.noiseVariance);
    if (m_data.extraNoise.size() != 0)
        work.matrix.diagonal().head(n) += m_data.extraNoise;
    Eigen::Index begin = 0;
    for (Eigen::Index j = 0; j < n; ++j) {
        const Eigen::Index below = n - 1 - j;
        work.matrix.col(j).segment(j + 1, below) =
            hyper.outputVariance * work.values.segment(begin, below).matrix();
        begin += below;
    }
}

void HyperPosterior::fillWithDifferences(const Hyperparameters& hyper, Workspace& work) const {
    const Eigen::Index m = m_data.differences.size();
    const Eigen::Index n = observations();
    Eigen::MatrixXd support(n + m, n + m);
    Eigen::Index begin = 0;
    for (Eigen::Index j = 0; j < n + m; ++j) {
        const Eigen::Index below = n + m - 1 - j;
        support(j, j) = hyper.outputVariance;
        support.col(j).tail(below) = hyper.outputVariance * work.values.segment(begin, below).matrix();
        support.row(j).tail(below) = support.col(j).tail(below).transpose();
        begin += below;
    }
    work.latent = observe(m_data, observe(m_data, std::move(support)).transpose());
    auto matrix = work.matrix.topLeftCorner(n, n);
    matrix = work.latent;
    matrix.diagonal() += observationNoise(m_data, hyper, work.latent.diagonal());
}

Eigen::VectorXd HyperPosterior::meanDesign() const {
    Eigen::VectorXd design = Eigen::VectorXd::Ones(observations());
    design.head(m_data.differences.size()).setZero();
    return design;
}

/// The gradient of evaluate(), and what the slopes of pairs weigh: work.matrix holds the inverse,
/// work.weights its product with the residuals.
void HyperPosterior::differentiate(const Hyperparameters& hyper, Workspace& work) const {
    const Eigen::Index n = observations();
    LikelihoodGradient& result = work.likelihood;
    // Sensitivity w w^T - K^-1; pairs count twice, and each gradient has a factor 1/2.
    const double trace = work.weights.squaredNorm() - work.matrix.diagonal().head(n).sum();
    double pairs = 0.0;
    Eigen::Index begin = 0;
    for (Eigen::Index j = 0; j < n; ++j) {
        const Eigen::Index below = n - 1 - j;
        // The inverse's column becomes that of the sensitivity.
        auto sensitivity = work.matrix.col(j).segment(j + 1, below).array();
        sensitivity = work.weights(j) * work.weights.tail(below).array() - sensitivity;
        pairs += (sensitivity * work.values.segment(begin, below)).sum();
        work.slopes.segment(begin, below) *= sensitivity;
        begin += below;
    }
    result.logOutputVariance = hyper.outputVariance * (pairs + 0.5 * trace);
    result.logNoiseVariance = 0.5 * trace * hyper.noiseVariance;
}

/// The same where some observations are differences.
void HyperPosterior::differentiateWithDifferences(const Hyperparameters& hyper, Workspace& work) const {
    const Eigen::Index m = m_data.differences.size();
    const Eigen::Index n = observations();
    Eigen::MatrixXd inverse = work.matrix.topLeftCorner(n, n).selfadjointView<Eigen::Lower>();
    Eigen::MatrixXd sensitivity = work.weights * work.weights.transpose() - inverse; // of twice the log
    LikelihoodGradient& result = work.likelihood;
    result.logOutputVariance = 0.5 * sensitivity.cwiseProduct(work.latent).sum();
    const double share = hyper.noiseVariance / hyper.outputVariance;
    result.logNoiseVariance =
        0.5 * hyper.noiseVariance * sensitivity.diagonal().tail(n - m).sum() +
        0.5 * share * sensitivity.diagonal().head(m).dot(work.latent.diagonal().head(m));
    sensitivity.diagonal().head(m) *= 1.0 + share;
    const Eigen::MatrixXd support = spread(m_data, spread(m_data, std::move(sensitivity)).transpose());
    Eigen::Index begin = 0;
    for (Eigen::Index j = 0; j < n + m; ++j) {
        const Eigen::Index below = n + m - 1 - j;
        work.slopes.segment(begin, below) *= support.col(j).tail(below).array();
        begin += below;
    }
}

/// Leaves the factor in the lower half of work.matrix. With a jitter when nothing else helps.
bool HyperPosterior::factor(const Hyperparameters& hyper, Workspace& work, double& logDeterminant) const {
    fillMatrix(hyper, work);
    const bool done = factoriseInPlace(work.matrix) && work.matrix.diagonal().allFinite();
    if (!done) {
        fillMatrix(hyper, work);
        for (Eigen::Index j = 1; j < work.matrix.cols(); ++j)
            work.matrix.col(j).head(j).setZero();
        const Eigen::Index n = observations();
        const auto withJitter = factorise(work.matrix.topLeftCorner(n, n));
        if (!withJitter)
            return false;
        work.matrix.topLeftCorner(n, n) = withJitter->lower;
    }
    logDeterminant = 2.0 * work.matrix.diagonal().array().log().sum();
    return true;
}

bool HyperPosterior::evaluate(Hyperparameters& hyper, Workspace& work) const {
    const Eigen::Index n = observations();
    correlate(hyper, work, true);
    double logDeterminant = 0.0;
    if (!factor(hyper, work, logDeterminant))
        return false;
    invertFromFactor(work.matrix);
    if (!std::isfinite(logDeterminant))
        return false;
    const auto inverse = work.matrix.topLeftCorner(n, n).selfadjointView<Eigen::Lower>();
    if (m_options.estimateMean) {
        // Generalised least squares; by the envelope theorem the other derivatives do not change.
        const Eigen::VectorXd design = meanDesign();
        work.rows.noalias() = inverse * design;
        hyper.mean = work.rows.dot(residualsOf(m_data, 0.0)) / work.rows.dot(design);
    }
    work.residual = residualsOf(m_data, hyper.mean);
    work.weights.noalias() = inverse * work.residual;
    LikelihoodGradient& result = work.likelihood;
    result.value = -0.5 * work.residual.dot(work.weights) - 0.5 * logDeterminant -
                   0.5 * static_cast<double>(n) * std::log(2.0 * std::numbers::pi);
    if (m_data.differences.size() > 0)
        differentiateWithDifferences(hyper, work);
    else
        differentiate(hyper, work);
    result.logLengthScales.noalias() = m_distances.transpose() * work.slopes.matrix();
    result.logLengthScales.array() *=
        -2.0 * hyper.outputVariance * hyper.lengthScales.array().square().inverse();
    return std::isfinite(result.value);
}

} // namespace alidade
