#pragma once

#include <Eigen/Core>

namespace alidade {

/// What a noisy measurement at one place is worth, when what is known are weighted sample functions: the
/// outcome is distributed as the mixture p(y) = sum_i w_i N(y; f_i, sd^2), and a function's weight after it
/// is in proportion to w_i N(y; f_i, sd^2) (2311.14645; the estimators are those of a finite set of
/// functions, exact for it). Integrals over y by the trapezoidal rule with steps of at most sd where the
/// mixture lives, which for such mixtures is exact to 1e-8. All values larger = better: turn signs to
/// minimise. `values`: of the functions at the place (as many as weights). `slopes`, when asked for, become
/// the derivatives by them.

/// Knowledge gradient: E_y[max_c E[f(c) | y]] - max_c E[f(c)] over candidates and the place itself.
struct SampledKnowledge {
    Eigen::VectorXd weights;    ///< sum 1
    Eigen::MatrixXd candidates; ///< functions x candidates: their values there
    double sd = 1.0;            ///< of the measurement, > 0

    /// >= 0. O(functions candidates steps).
    [[nodiscard]] double at(const Eigen::VectorXd& values, Eigen::VectorXd* slopes = nullptr) const;
};

/// Information (nat) about the optimal value: H[p(y)] - mean_j H[p(y | f <= optimum_j)]. The condition keeps
/// functions that do not exceed the j-th optimum there, with a soft edge of a quarter of sd.
struct SampledMaxValue {
    Eigen::VectorXd weights; ///< sum 1
    Eigen::VectorXd optima;
    double sd = 1.0; ///< of the measurement, > 0

    /// May be slightly below 0 where nothing is to be learnt. O(functions optima steps).
    [[nodiscard]] double at(const Eigen::VectorXd& values, Eigen::VectorXd* slopes = nullptr) const;
};

/// `count` optima that stand for the weighted ones: their quantiles at (j + 1/2) / count.
[[nodiscard]] Eigen::VectorXd weightedQuantiles(const Eigen::VectorXd& values, const Eigen::VectorXd& weights,
                                                Eigen::Index count);

} // namespace alidade
