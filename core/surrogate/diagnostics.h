#pragma once

#include "surrogate/outcome_model.h"

#include <Eigen/Core>

#include <vector>

namespace alidade {

/// How often the central predictive intervals of a stated probability hold what was measured.
struct Coverage {
    double nominal = 0.0;  ///< in (0, 1)
    double observed = 0.0; ///< share of the observations inside, in [0, 1]
};

/// How well a model predicts each of its n observations from all others, hyper-parameters unchanged.
/// Predictions are of the measurement, noise included.
struct LeaveOneOut {
    Eigen::VectorXd measured;          ///< user's units
    Eigen::VectorXd mean;              ///< user's units; the median where outcomes are warped
    Eigen::VectorXd standardDeviation; ///< user's units; as OutcomeBelief
    Eigen::VectorXd low;               ///< user's units; central 95 % interval of the measurement
    Eigen::VectorXd high;
    Eigen::VectorXd residuals;        ///< (measured - mean) / standard deviation in model units
    double rootMeanSquareError = 0.0; ///< user's units
    /// 1 - squared errors / squared deviations from the mean of the others, in model units: 1 perfect, 0 or
    /// less: no better than guessing the mean. 0 when all outcomes are equal.
    double rSquared = 0.0;
    /// Mean log density of the measurements in the user's units (Jacobian of the transform included).
    double logPredictiveDensity = 0.0;
    std::vector<Coverage> calibration; ///< at 5 %, 10 %, ..., 95 %

    [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(measured.size()); }
    /// Share of the observations inside the central interval of this probability.
    [[nodiscard]] double coverage(double nominal) const;
};

/// Closed form (Rasmussen & Williams 2006, equations 5.10-5.12), O(n^3). Needs two observations for rSquared.
/// Of the study's own observations only, each predicted from all others and those of other studies.
[[nodiscard]] LeaveOneOut leaveOneOut(const OutcomeModel& model);

/// P(K >= k) for K binomial with n trials of probability p: how surprising is it that so many lie outside?
[[nodiscard]] double binomialUpperTail(std::size_t k, std::size_t n, double p);

} // namespace alidade
