#include "surrogate/fit.h"

#include "base/parallel.h"
#include "base/rng.h"
#include "optim/bounded_minimiser.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

namespace alidade {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Gaussian on a logarithm: adds -(u - center)^2 / (2 spread^2).
struct LogPrior {
    double center = 0.0;
    double spread = 1.0;

    double add(double u, double& gradient) const {
        const double z = (u - center) / spread;
        gradient -= z / spread;
        return -0.5 * z * z;
    }
};

/// The log posterior as a function of u = (log l_1 ... log l_d, log s2, log noise).
class Posterior {
public:
    Posterior(const GpData& data, const FitOptions& options) : m_data(data), m_options(options) {
        for (const int group : data.groups)
            m_groups = std::max(m_groups, static_cast<Eigen::Index>(group) + 1);
        m_lengthScale = {std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(m_groups)),
                         std::numbers::sqrt3};
        precomputeDistances();
    }

    [[nodiscard]] Eigen::Index groups() const { return m_groups; }
    [[nodiscard]] Eigen::Index dimension() const { return m_groups + 2; }

    [[nodiscard]] Eigen::VectorXd lower() const {
        return bounds(m_options.lowestLengthScale, m_options.lowestOutputVariance,
                      m_options.lowestNoiseVariance);
    }
    [[nodiscard]] Eigen::VectorXd upper() const {
        return bounds(m_options.highestLengthScale, m_options.highestOutputVariance,
                      m_options.highestNoiseVariance);
    }

    /// Negative log posterior and its gradient; +inf where the covariance cannot be factorised.
    double operator()(const Eigen::VectorXd& u, Eigen::VectorXd& gradient) const {
        Hyperparameters hyper = hyperparameters(u);
        LikelihoodGradient likelihood;
        if (!evaluate(hyper, likelihood))
            return kInfinity;
        gradient.head(m_groups) = likelihood.logLengthScales;
        gradient(m_groups) = likelihood.logOutputVariance;
        gradient(m_groups + 1) = likelihood.logNoiseVariance;
        double value = likelihood.value;
        if (m_options.priors) {
            for (Eigen::Index g = 0; g < m_groups; ++g)
                value += m_lengthScale.add(u(g), gradient(g));
            value += kOutputVariance.add(u(m_groups), gradient(m_groups));
            value += kNoiseVariance.add(u(m_groups + 1), gradient(m_groups + 1));
        }
        gradient = -gradient;
        return -value;
    }

    [[nodiscard]] Hyperparameters hyperparameters(const Eigen::VectorXd& u) const {
        Hyperparameters hyper;
        hyper.lengthScales = u.head(m_groups).array().exp();
        hyper.outputVariance = std::exp(u(m_groups));
        hyper.noiseVariance = std::exp(u(m_groups + 1));
        hyper.mean = m_options.fixedMean;
        return hyper;
    }

    /// Fills in the mean that maximises the likelihood for these hyper-parameters.
    bool completed(Hyperparameters& hyper, double& logLikelihood) const {
        LikelihoodGradient likelihood;
        if (!evaluate(hyper, likelihood))
            return false;
        logLikelihood = likelihood.value;
        return true;
    }

private:
    // Weak: standardised outcomes have variance 1, and most programs are nearly deterministic.
    static constexpr LogPrior kOutputVariance{0.0, 1.5};
    static constexpr LogPrior kNoiseVariance{-9.0, 4.0};

    [[nodiscard]] Eigen::VectorXd bounds(double lengthScale, double outputVariance,
                                         double noiseVariance) const {
        Eigen::VectorXd result(dimension());
        result.head(m_groups).setConstant(std::log(lengthScale));
        result(m_groups) = std::log(outputVariance);
        result(m_groups + 1) = std::log(noiseVariance);
        return result;
    }

    /// Squared differences per group, shared by all evaluations.
    void precomputeDistances() {
        const Eigen::Index n = m_data.x.rows();
        m_distances.assign(static_cast<std::size_t>(m_groups), Eigen::MatrixXd::Zero(n, n));
        for (Eigen::Index c = 0; c < m_data.x.cols(); ++c) {
            Eigen::MatrixXd& target =
                m_distances[static_cast<std::size_t>(m_data.groups[static_cast<std::size_t>(c)])];
            for (Eigen::Index j = 0; j < n; ++j)
                target.col(j).array() += (m_data.x.col(c).array() - m_data.x(j, c)).square();
        }
    }

    bool evaluate(Hyperparameters& hyper, LikelihoodGradient& result) const {
        const Eigen::Index n = m_data.y.size();
        Eigen::MatrixXd squared = Eigen::MatrixXd::Zero(n, n);
        for (Eigen::Index g = 0; g < m_groups; ++g)
            squared.noalias() +=
                m_distances[static_cast<std::size_t>(g)] / (hyper.lengthScales(g) * hyper.lengthScales(g));
        Eigen::MatrixXd latent(n, n);
        Eigen::MatrixXd slope(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
            for (Eigen::Index i = j; i < n; ++i) {
                const Correlation pair = correlationWithSlope(m_options.family, squared(i, j));
                latent(i, j) = latent(j, i) = hyper.outputVariance * pair.value;
                slope(i, j) = slope(j, i) = hyper.outputVariance * pair.slope;
            }
        Eigen::MatrixXd matrix = latent;
        matrix.diagonal().array() += hyper.noiseVariance;
        if (m_data.extraNoise.size() != 0)
            matrix.diagonal() += m_data.extraNoise;
        const auto factor = factorise(matrix);
        if (!factor)
            return false;
        const Eigen::MatrixXd inverse = factor->inverse();
        if (m_options.estimateMean) {
            // Generalised least squares; by the envelope theorem the other derivatives do not change.
            const Eigen::VectorXd rows = inverse.rowwise().sum();
            hyper.mean = rows.dot(m_data.y) / rows.sum();
        }
        const Eigen::VectorXd residual = m_data.y.array() - hyper.mean;
        const Eigen::VectorXd weights = inverse.selfadjointView<Eigen::Lower>() * residual;
        Eigen::MatrixXd sensitivity = -inverse;
        sensitivity.noalias() += weights * weights.transpose();
        result.value = -0.5 * residual.dot(weights) - 0.5 * factor->logDeterminant() -
                       0.5 * static_cast<double>(n) * std::log(2.0 * std::numbers::pi);
        result.logOutputVariance = 0.5 * sensitivity.cwiseProduct(latent).sum();
        result.logNoiseVariance = 0.5 * sensitivity.trace() * hyper.noiseVariance;
        slope = slope.cwiseProduct(sensitivity).eval();
        result.logLengthScales.resize(m_groups);
        for (Eigen::Index g = 0; g < m_groups; ++g)
            result.logLengthScales(g) = -slope.cwiseProduct(m_distances[static_cast<std::size_t>(g)]).sum() /
                                        (hyper.lengthScales(g) * hyper.lengthScales(g));
        return std::isfinite(result.value);
    }

    const GpData& m_data;
    const FitOptions& m_options;
    Eigen::Index m_groups = 1;
    LogPrior m_lengthScale;
    std::vector<Eigen::MatrixXd> m_distances;
};

std::vector<Eigen::VectorXd> startingPoints(const Posterior& posterior, const FitOptions& options) {
    std::vector<Eigen::VectorXd> starts;
    const auto start = [&](double lengthScale, double outputVariance, double noiseVariance) {
        Eigen::VectorXd u(posterior.dimension());
        u.head(posterior.groups()).setConstant(std::log(lengthScale));
        u(posterior.groups()) = std::log(outputVariance);
        u(posterior.groups() + 1) = std::log(noiseVariance);
        starts.push_back(std::move(u));
    };
    const double root = std::sqrt(static_cast<double>(posterior.groups()));
    if (options.start && options.start->lengthScales.size() == posterior.groups()) {
        Eigen::VectorXd u(posterior.dimension());
        u.head(posterior.groups()) = options.start->lengthScales.array().log();
        u(posterior.groups()) = std::log(options.start->outputVariance);
        u(posterior.groups() + 1) = std::log(options.start->noiseVariance);
        starts.push_back(std::move(u));
    }
    if (options.standardStarts) {
        start(0.5 * root, 1.0, 1e-4);
        start(0.2 * root, 1.0, 1e-2);
    }
    Rng rng(options.seed, "fit");
    for (int i = 0; i < options.restarts; ++i) {
        Eigen::VectorXd u(posterior.dimension());
        for (Eigen::Index g = 0; g < posterior.groups(); ++g)
            u(g) = std::log(0.4 * root) + 0.9 * rng.normal();
        u(posterior.groups()) = 0.5 * rng.normal();
        u(posterior.groups() + 1) = rng.uniform(std::log(1e-7), std::log(0.3));
        starts.push_back(std::move(u));
    }
    return starts;
}

} // namespace

GpData evenSubset(const GpData& data, Eigen::Index count) {
    if (count >= data.y.size())
        return data;
    std::vector<Eigen::Index> order(static_cast<std::size_t>(data.y.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return data.y(a) < data.y(b); });
    std::vector<Eigen::Index> chosen;
    for (Eigen::Index i = 0; i < count; ++i)
        chosen.push_back(order[static_cast<std::size_t>(i * (data.y.size() - 1) / (count - 1))]);
    std::sort(chosen.begin(), chosen.end());
    GpData subset;
    subset.groups = data.groups;
    subset.x = data.x(chosen, Eigen::all);
    subset.y = data.y(chosen);
    if (data.extraNoise.size() != 0)
        subset.extraNoise = data.extraNoise(chosen);
    return subset;
}

Result<FitReport> fitHyperparameters(const GpData& data, const FitOptions& options, const Monitor& monitor) {
    if (data.x.rows() == 0 || data.x.rows() != data.y.size() ||
        static_cast<Eigen::Index>(data.groups.size()) != data.x.cols() || data.x.cols() == 0)
        return makeError(ErrorCode::InvalidArgument,
                         "a fit needs points, as many outcomes and one group per column");
    if (!data.x.allFinite() || !data.y.allFinite())
        return makeError(ErrorCode::InvalidArgument, "points and outcomes must be finite");
    const Posterior posterior(data, options);
    const std::vector<Eigen::VectorXd> starts = startingPoints(posterior, options);
    std::vector<BoundedReport> reports(starts.size());
    BoundedOptions search;
    search.maximumIterations = options.maximumIterations;
    search.functionTolerance = 1e6;
    search.gradientTolerance = 1e-5;
    const auto objective = [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) {
        return posterior(u, gradient);
    };
    parallelFor(starts.size(), options.threads, [&](std::size_t i) {
        reports[i] =
            minimiseBounded(objective, starts[i], posterior.lower(), posterior.upper(), search, monitor);
    });
    FitReport result;
    const BoundedReport* best = nullptr;
    for (const BoundedReport& report : reports) {
        result.evaluations += report.evaluations;
        if (report.usable() && (!best || report.value < best->value))
            best = &report;
    }
    if (!best)
        return monitor.stopRequested()
                   ? makeError(ErrorCode::Cancelled, "the fit was stopped before it had an estimate")
                   : makeError(ErrorCode::Numerical,
                               "no hyper-parameters give a finite likelihood for these data");
    result.converged = best->status == BoundedReport::Status::Converged;
    result.hyper = posterior.hyperparameters(best->point);
    result.logPosterior = -best->value;
    result.stopped = monitor.stopRequested();
    if (!posterior.completed(result.hyper, result.logMarginalLikelihood))
        return makeError(ErrorCode::Numerical, "the covariance of all data is not positive definite");
    return result;
}

} // namespace alidade
