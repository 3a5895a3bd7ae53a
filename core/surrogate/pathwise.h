#pragma once

#include "surrogate/gaussian_process.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace alidade {

struct PathwiseOptions {
    std::size_t paths = 256;
    std::size_t features =
        1024; ///< columns of the feature map: sines and cosines of half as many frequencies
    std::uint64_t seed = 0;
    std::string_view stream = "paths";
};

/// Sample functions of the posterior: random Fourier features of the fitted kernel for the prior part, exact
/// kernel for the update (Matheron's rule). Latent function (no noise), units of the process's y.
///   prior(x)     = mean + phi(x)^T w,  phi = sqrt(s2 / F) [sin(W x / l), cos(W x / l)],  w ~ N(0, I)
///   posterior(x) = prior(x) + k(x, X) (K + noise)^-1 (y - prior(X) - e),  e ~ N(0, noise)
/// W ~ N(0, I) for Rbf; divided by sqrt(g), g ~ Gamma(nu, rate nu), one g per frequency, for Matern nu.
/// Several columns of one length-scale group share it, as in covariance(). Sources: Rahimi & Recht 2007;
/// Wilson et al. 2002.09309; 2311.14645.
class PathwiseSamples {
public:
    /// `options.paths` functions, path i being the same for every number of paths. Deterministic for its
    /// arguments. O(n F paths + n^2 paths). Errors: InvalidArgument (no path, fewer than two features or over
    /// 3,600 columns).
    [[nodiscard]] static Result<PathwiseSamples> draw(const GaussianProcess& process,
                                                      const PathwiseOptions& options);
    /// From given draws: `frequencies` (F x p, of columns divided by their length scale), `weights` (2 F x
    /// paths, sines first) and `noise` (observations x paths, the draws e). Errors: InvalidArgument (shapes).
    [[nodiscard]] static Result<PathwiseSamples> fromDraws(const GaussianProcess& process,
                                                           const Eigen::MatrixXd& frequencies,
                                                           Eigen::MatrixXd weights,
                                                           const Eigen::MatrixXd& noise);

    [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(m_weights.cols()); }
    /// Posterior paths at the rows of `points` (m x p): m x paths. O(m paths (F + n)).
    [[nodiscard]] Eigen::MatrixXd values(const Eigen::MatrixXd& points) const;
    /// The prior parts of the same draws: m x paths.
    [[nodiscard]] Eigen::MatrixXd priorValues(const Eigen::MatrixXd& points) const;
    /// Prior and posterior paths at the same points, for the cost of one of them.
    struct Both {
        Eigen::MatrixXd prior;
        Eigen::MatrixXd posterior;
    };
    [[nodiscard]] Both both(const Eigen::MatrixXd& points) const;
    /// Where each path is best among the rows of points, and its value there. In single precision, the update
    /// included where that costs no more than a thousandth of the process's standard deviation: half the
    /// time, and a sample function is a draw anyway.
    struct Best {
        std::vector<Eigen::Index> place;
        Eigen::VectorXd value;
    };
    struct BestBoth {
        Best prior;
        Best posterior;
    };
    /// Largest values with `maximise`, else smallest. O(m paths (F + n)); needs a point.
    [[nodiscard]] BestBoth bestOf(const Eigen::MatrixXd& points, bool maximise) const;
    /// values() in single precision under the same condition: for many points.
    [[nodiscard]] Eigen::MatrixXf roughValues(const Eigen::MatrixXd& points) const;
    /// All posterior paths at one point, and what their gradients there are made of.
    struct At {
        Eigen::VectorXd values;
        Eigen::RowVectorXd sines;
        Eigen::RowVectorXd cosines;
        Eigen::MatrixXd slopes; ///< of the covariances: n x p
    };
    [[nodiscard]] At at(const Eigen::RowVectorXd& point) const;
    /// Gradient of sum_i shares_i f_i by feature column there. For the cost of at(): the functions are summed
    /// first.
    [[nodiscard]] Eigen::VectorXd gradient(const At& at, const Eigen::VectorXd& shares) const;
    /// Some of the paths, in the order of `indices`; an index may occur more than once.
    [[nodiscard]] PathwiseSamples chosen(const std::vector<std::size_t>& indices) const;
    /// One posterior path at one point with its gradient by feature column. O(p (F + n)). A path of a Matern
    /// 1/2 process has a kink at each observation; its part of the gradient is left out exactly there.
    [[nodiscard]] double value(std::size_t path, const Eigen::RowVectorXd& point,
                               Eigen::VectorXd& gradient) const;

private:
    /// m x 2 F.
    [[nodiscard]] Eigen::MatrixXd features(const Eigen::MatrixXd& points) const;
    [[nodiscard]] bool updateFitsSingle() const;

    KernelFamily m_family = KernelFamily::Matern52;
    Hyperparameters m_hyper;
    ColumnGroups m_groups;
    Eigen::MatrixXd m_x;           ///< n x p
    Eigen::MatrixXd m_frequencies; ///< p x F, divided by the length scales
    Eigen::MatrixXd m_weights;     ///< 2 F x paths
    Eigen::MatrixXd m_update;      ///< n x paths
};

/// `count` exact joint samples of the latent function at the rows of `points` (m x p): m x count. For few
/// points: O(m^3 + n^2 m). Deterministic for its arguments. Errors: Numerical (the covariance cannot be
/// factorised even with jitter).
[[nodiscard]] Result<Eigen::MatrixXd> jointSamples(const GaussianProcess& process,
                                                   const Eigen::MatrixXd& points, std::size_t count,
                                                   std::uint64_t seed, std::string_view stream = "joint");

} // namespace alidade
