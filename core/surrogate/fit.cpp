#include "surrogate/fit.h"

#include "base/constants.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "math/cholesky.h"
#include "optim/bounded_minimiser.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

namespace alidade {
namespace {

constexpr int kScoutIterations = 8; ///< steps from each start before the best are chosen

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

    /// Memory of one search, so that evaluations do not allocate: for matrices of a hundred rows that takes
    /// longer than the arithmetic.
    struct Workspace {
        Eigen::MatrixXd matrix; ///< covariance, then its factor, then its inverse; lower half
        Eigen::ArrayXd values;  ///< correlation of each pair
        Eigen::ArrayXd slopes;
        Eigen::VectorXd residual;
        Eigen::VectorXd weights;
        Eigen::VectorXd rows;
        LikelihoodGradient likelihood;
    };

    /// Negative log posterior and its gradient; +inf where the covariance cannot be factorised.
    double operator()(const Eigen::VectorXd& u, Eigen::VectorXd& gradient, Workspace& work) const {
        Hyperparameters hyper = hyperparameters(u);
        if (!evaluate(hyper, work))
            return kInfinity;
        const LikelihoodGradient& likelihood = work.likelihood;
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
        Workspace work;
        if (!evaluate(hyper, work))
            return false;
        logLikelihood = work.likelihood.value;
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

    /// Squared differences of the pairs i > j per group, column after column of the lower half; shared by all
    /// evaluations.
    void precomputeDistances() {
        const Eigen::Index n = m_data.x.rows();
        m_distances = Eigen::MatrixXd::Zero(n * (n - 1) / 2, m_groups);
        for (Eigen::Index c = 0; c < m_data.x.cols(); ++c) {
            const Eigen::Index group = m_data.groups[static_cast<std::size_t>(c)];
            Eigen::Index begin = 0;
            for (Eigen::Index j = 0; j < n; ++j) {
                const Eigen::Index below = n - 1 - j;
                m_distances.col(group).segment(begin, below).array() +=
                    (m_data.x.col(c).tail(below).array() - m_data.x(j, c)).square();
                begin += below;
            }
        }
    }

    void fillMatrix(const Hyperparameters& hyper, Workspace& work) const {
        const Eigen::Index n = m_data.y.size();
        work.matrix.resize(n, n);
        work.matrix.diagonal().setConstant(hyper.outputVariance + hyper.noiseVariance);
        if (m_data.extraNoise.size() != 0)
            work.matrix.diagonal() += m_data.extraNoise;
        Eigen::Index begin = 0;
        for (Eigen::Index j = 0; j < n; ++j) {
            const Eigen::Index below = n - 1 - j;
            work.matrix.col(j).tail(below) =
                hyper.outputVariance * work.values.segment(begin, below).matrix();
            begin += below;
        }
    }

    /// Leaves the lower half of the inverse in work.matrix. With a jitter when nothing else helps.
    bool invert(const Hyperparameters& hyper, Workspace& work, double& logDeterminant) const {
        fillMatrix(hyper, work);
        Eigen::Ref<Eigen::MatrixXd> view(work.matrix);
        const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> decomposition(view);
        bool done = decomposition.info() == Eigen::Success && work.matrix.diagonal().allFinite();
        if (!done) {
            fillMatrix(hyper, work);
            for (Eigen::Index j = 1; j < work.matrix.cols(); ++j)
                work.matrix.col(j).head(j).setZero();
            auto factor = factorise(work.matrix);
            if (!factor)
                return false;
            work.matrix = std::move(factor->lower);
        }
        logDeterminant = 2.0 * work.matrix.diagonal().array().log().sum();
        invertFromFactor(work.matrix);
        return std::isfinite(logDeterminant);
    }

    bool evaluate(Hyperparameters& hyper, Workspace& work) const {
        const Eigen::Index n = m_data.y.size();
        const Eigen::VectorXd inverseSquares = hyper.lengthScales.array().square().inverse();
        work.values.resize(m_distances.rows());
        work.slopes.resize(m_distances.rows());
        work.values.matrix().noalias() = m_distances * inverseSquares;
        correlations(m_options.family, work.values, &work.slopes);
        double logDeterminant = 0.0;
        if (!invert(hyper, work, logDeterminant))
            return false;
        const auto inverse = work.matrix.selfadjointView<Eigen::Lower>();
        if (m_options.estimateMean) {
            // Generalised least squares; by the envelope theorem the other derivatives do not change.
            work.rows.noalias() = inverse * Eigen::VectorXd::Ones(n);
            hyper.mean = work.rows.dot(m_data.y) / work.rows.sum();
        }
        work.residual = m_data.y.array() - hyper.mean;
        work.weights.noalias() = inverse * work.residual;
        LikelihoodGradient& result = work.likelihood;
        result.value = -0.5 * work.residual.dot(work.weights) - 0.5 * logDeterminant -
                       0.5 * static_cast<double>(n) * std::log(2.0 * std::numbers::pi);
        // Sensitivity w w^T - K^-1; pairs count twice, and each gradient has a factor 1/2.
        const double trace = work.weights.squaredNorm() - work.matrix.diagonal().sum();
        double pairs = 0.0;
        Eigen::Index begin = 0;
        for (Eigen::Index j = 0; j < n; ++j) {
            const Eigen::Index below = n - 1 - j;
            // The inverse's column becomes that of the sensitivity.
            auto sensitivity = work.matrix.col(j).tail(below).array();
            sensitivity = work.weights(j) * work.weights.tail(below).array() - sensitivity;
            pairs += (sensitivity * work.values.segment(begin, below)).sum();
            work.slopes.segment(begin, below) *= sensitivity;
            begin += below;
        }
        result.logOutputVariance = hyper.outputVariance * (pairs + 0.5 * trace);
        result.logNoiseVariance = 0.5 * trace * hyper.noiseVariance;
        result.logLengthScales.noalias() = m_distances.transpose() * work.slopes.matrix();
        result.logLengthScales.array() *= -2.0 * hyper.outputVariance * inverseSquares.array();
        return std::isfinite(result.value);
    }

    const GpData& m_data;
    const FitOptions& m_options;
    Eigen::Index m_groups = 1;
    LogPrior m_lengthScale;
    Eigen::MatrixXd m_distances; ///< pairs x groups
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
    BoundedOptions search;
    search.functionTolerance = 1e7;
    search.gradientTolerance = 1e-4;
    const auto descend = [&](const Eigen::VectorXd& from) {
        Posterior::Workspace work;
        return minimiseBounded(
            [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) { return posterior(u, gradient, work); },
            from, posterior.lower(), posterior.upper(), search, monitor);
    };
    // A few steps from every start, then the promising ones to the end.
    std::vector<BoundedReport> reports(starts.size());
    const bool scouting = starts.size() > 2;
    search.maximumIterations =
        scouting ? std::min(kScoutIterations, options.maximumIterations) : options.maximumIterations;
    parallelFor(starts.size(), options.threads, [&](std::size_t i) { reports[i] = descend(starts[i]); });
    if (scouting) {
        std::stable_sort(reports.begin(), reports.end(), [](const BoundedReport& a, const BoundedReport& b) {
            return a.usable() && (!b.usable() || a.value < b.value);
        });
        search.maximumIterations = options.maximumIterations;
        parallelFor(std::max<std::size_t>(2, starts.size() / 4), options.threads, [&](std::size_t i) {
            if (reports[i].status != BoundedReport::Status::IterationLimit || monitor.stopRequested())
                return;
            const int before = reports[i].evaluations;
            BoundedReport further = descend(reports[i].point);
            if (further.usable() && further.value <= reports[i].value)
                reports[i] = std::move(further);
            reports[i].evaluations += before;
        });
    }
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
