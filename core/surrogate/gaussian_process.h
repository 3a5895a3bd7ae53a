#pragma once

#include "base/result.h"
#include "math/cholesky.h"
#include "surrogate/kernel.h"

#include <Eigen/Core>

#include <vector>

namespace alidade {

/// Differences f(ahead) - f(behind) of the latent function that were measured besides values. Between points
/// a short way apart they are slopes, times that way: where a program gives gradients. By points instead of
/// derivatives they hold for every kernel and whatever becomes of the features.
struct Differences {
    Eigen::MatrixXd ahead;  ///< m x p
    Eigen::MatrixXd behind; ///< m x p
    Eigen::VectorXd value;  ///< m, finite, units of y
    Eigen::VectorXd noise;  ///< empty, or m known variances added to what is as large a share as of values
    std::vector<Eigen::Index> owner; ///< m: the row of x that it was measured with

    [[nodiscard]] Eigen::Index size() const { return value.size(); }
};

/// What a Gaussian process learns from. Rows of `x` (n x p) are feature rows, `y` has n finite outcomes.
struct GpData {
    Eigen::MatrixXd x;
    Eigen::VectorXd y;
    ColumnGroups groups;          ///< one per column of x
    Eigen::VectorXd extraNoise{}; ///< empty, or n known noise variances added to the common one
    Differences differences{};    ///< none, usually
};

/// The points that observations are made of: ahead, behind, x; x alone where nothing but values is known.
/// Observations are in the order differences, values; `observe` takes rows that belong to support points to
/// rows of observations (differences of the first), `spread` takes weights of observations to weights of
/// support points, its transpose. Without differences both return what they are given. O(rows cols).
[[nodiscard]] Eigen::MatrixXd supportOf(const GpData& data);
[[nodiscard]] Eigen::MatrixXd observe(const GpData& data, Eigen::MatrixXd rows);
[[nodiscard]] Eigen::MatrixXd spread(const GpData& data, Eigen::MatrixXd weights);
/// Noise variance of each observation, known noise included; `latent` has their variances without noise.
[[nodiscard]] Eigen::VectorXd observationNoise(const GpData& data, const Hyperparameters& hyper,
                                               const Eigen::VectorXd& latent);
/// `count` rows of the outcomes, evenly spread over their order, both extremes among them (of one: the
/// smallest); ascending.
[[nodiscard]] std::vector<Eigen::Index> evenRows(const Eigen::VectorXd& y, Eigen::Index count);
/// (differences, values): the latter minus `mean`.
[[nodiscard]] Eigen::VectorXd residualsOf(const GpData& data, double mean);
/// For each value the observations that were made with it: its differences, then itself.
[[nodiscard]] std::vector<std::vector<Eigen::Index>> observationsByValue(const GpData& data);

/// Mean and variance of the latent function (without noise), units of y.
struct GpPrediction {
    Eigen::VectorXd mean;
    Eigen::VectorXd variance; ///< >= 0
};

/// At one point, with derivatives by feature column.
struct GpPointPrediction {
    double mean = 0.0;
    double variance = 0.0;
    Eigen::VectorXd meanGradient;
    Eigen::VectorXd varianceGradient;
};

/// Posterior of a Gaussian process with fixed hyper-parameters. Immutable. Exact (Rasmussen & Williams 2006,
/// algorithm 2.1; 1807.02811, equation 3), or, for thousands of observations, local: each prediction is the
/// exact one given some observations only, as in a nearest-neighbour Gaussian process (Vecchia 1988;
/// 1406.7343): half of them the nearest (by scaled distance), half spread evenly over the outcomes, which
/// tell the long way of a smooth function: from neighbours alone, whose noise hides how it bends, bowls are
/// predicted too high everywhere. Local means are close to the exact ones and local variances are never
/// smaller.
class GaussianProcess {
public:
    /// O(n^3). Errors: Numerical (the covariance cannot be factorised even with jitter), InvalidArgument
    /// (shapes).
    [[nodiscard]] static Result<GaussianProcess> condition(GpData data, KernelFamily family,
                                                           Hyperparameters hyper);

    /// A local posterior from `neighbours` (>= 1) observations for each point: hardly anything is computed
    /// now. Then predictions take O(n p + neighbours^3) per point instead of O(n^2); jointCovariance() uses
    /// the union of the neighbours of all points, at most 1,024; solve() is not available. Errors:
    /// InvalidArgument (shapes).
    [[nodiscard]] static Result<GaussianProcess>
    conditionLocally(GpData data, KernelFamily family, Hyperparameters hyper, Eigen::Index neighbours);
    [[nodiscard]] bool local() const { return m_neighbours > 0; }
    /// The exact posterior given the union of the `count` observations nearest to each of `points`.
    [[nodiscard]] Result<GaussianProcess> near(const Eigen::MatrixXd& points, Eigen::Index count) const;

    /// Rows of `points` (m x p). O(n^2 m).
    [[nodiscard]] GpPrediction predict(const Eigen::MatrixXd& points) const;
    [[nodiscard]] GpPointPrediction predictPoint(const Eigen::RowVectorXd& point) const;
    /// Latent covariance between the rows, m x m.
    [[nodiscard]] Eigen::MatrixXd jointCovariance(const Eigen::MatrixXd& points) const;
    /// Leave-one-out mean and variance of each value (noise included), whose differences are left out with
    /// it; closed form: R&W equations 5.10-5.12.
    [[nodiscard]] GpPrediction leaveOneOut() const;

    /// The posterior with one observation more and the same hyper-parameters; `extraNoise` is its known noise
    /// variance. O(n^2). A local posterior takes one neighbour more from then on.
    [[nodiscard]] GaussianProcess withObservation(const Eigen::RowVectorXd& point, double y,
                                                  double extraNoise = 0.0) const;

    /// Of a local posterior by Vecchia's product of densities given the nearest earlier observations.
    [[nodiscard]] double logMarginalLikelihood() const;
    [[nodiscard]] const GpData& data() const { return m_data; }
    [[nodiscard]] const Hyperparameters& hyperparameters() const { return m_hyper; }
    [[nodiscard]] KernelFamily family() const { return m_family; }
    /// (K + noise)^-1 b for the rows of b, one per observation: differences, values. O(n^2) per column. Of an
    /// exact posterior only.
    [[nodiscard]] Eigen::MatrixXd solve(const Eigen::MatrixXd& b) const { return m_factor.solve(b); }
    /// Points whose covariances with others, weighted, make up the posterior, see supportOf().
    [[nodiscard]] const Eigen::MatrixXd& support() const {
        return m_data.differences.size() == 0 ? m_data.x : m_support;
    }
    /// Covariances of the observations with the latent function at points (q x p): observations x q.
    [[nodiscard]] Eigen::MatrixXd observedCovariance(const Eigen::MatrixXd& points) const;
    /// Of the observations with one another, noise included.
    [[nodiscard]] Eigen::MatrixXd noisyCovariance() const;
    /// The mean is the prior's plus the covariances with the support times these.
    [[nodiscard]] const Eigen::VectorXd& weights() const { return m_weights; }
    /// Of each observation, see observationNoise().
    [[nodiscard]] Eigen::VectorXd noiseVariances() const;
    /// spread() of solve().
    [[nodiscard]] Eigen::MatrixXd solvedOnSupport(const Eigen::MatrixXd& b) const;
    /// Absolute jitter that the factorisation needed; 0 normally.
    [[nodiscard]] double jitter() const { return m_factor.jitter; }

private:
    void computeWeights();
    /// The posterior that predicts at `points`, from `count` observations for each.
    [[nodiscard]] Result<GaussianProcess> around(const Eigen::MatrixXd& points, Eigen::Index count) const;
    /// `count` rows below `end` for predictions at the point, except `omitted`: the spread ones and the
    /// nearest of the others; in ascending order.
    [[nodiscard]] std::vector<Eigen::Index> supportingRows(const Eigen::RowVectorXd& point,
                                                           Eigen::Index count, Eigen::Index end,
                                                           Eigen::Index omitted) const;
    [[nodiscard]] Result<GaussianProcess> onRows(const std::vector<Eigen::Index>& rows) const;
    /// The `count` rows below `end` nearest to the point, except `omitted` and `others`; in ascending order.
    [[nodiscard]] std::vector<Eigen::Index>
    nearestRows(const Eigen::RowVectorXd& point, Eigen::Index count, Eigen::Index end, Eigen::Index omitted,
                const std::vector<Eigen::Index>* others = nullptr) const;
    [[nodiscard]] GpPrediction predictLocally(const Eigen::MatrixXd& points) const;
    [[nodiscard]] GpPrediction leaveOneOutLocally() const;
    [[nodiscard]] double localLogMarginalLikelihood() const;

    GpData m_data;
    KernelFamily m_family = KernelFamily::Matern52;
    Hyperparameters m_hyper;
    Eigen::Index m_neighbours = 0;      ///< 0: exact
    std::vector<Eigen::Index> m_spread; ///< rows that every local prediction knows, ascending
    CholeskyFactor m_factor;            ///< empty when local
    Eigen::MatrixXd m_support;          ///< empty without differences
    Eigen::VectorXd m_weights;          ///< (K + noise)^-1 (y - mean), on the support
};

/// log p(y | x, hyper) and its gradient.
struct LikelihoodGradient {
    double value = 0.0;
    Eigen::VectorXd logLengthScales;
    double logOutputVariance = 0.0;
    double logNoiseVariance = 0.0;
    double mean = 0.0;
};
/// R&W equations 2.30 and 5.9. O(n^3 + n^2 groups).
[[nodiscard]] Result<LikelihoodGradient> logMarginalLikelihood(const GpData& data, KernelFamily family,
                                                               const Hyperparameters& hyper);

} // namespace alidade
