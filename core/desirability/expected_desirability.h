#pragma once

#include "desirability/overall_desirability.h"

#include <Eigen/Core>

#include <span>
#include <vector>

namespace alidade {

/// Desirability under Gaussian predictions y_i ~ N(mean_i, standardDeviation_i^2), independent between goals;
/// the desirability of the mean is too optimistic or too pessimistic by what lies in the curve's bends.

struct ExpectedDesirability {
    double value = 0.0;                       ///< in [0, 1]
    double meanDerivative = 0.0;              ///< per unit of y
    double standardDeviationDerivative = 0.0; ///< per unit of y
};

/// E[d(y)^exponent] and its derivatives. Each piece of the function by composite Gauss-Legendre quadrature,
/// graded towards the zero where a fractional power meets it, flat parts by normal probabilities; relative
/// accuracy about 1e-12 also in far tails. standardDeviation = 0 gives d(mean)^exponent.
/// Errors: InvalidArgument (non-finite mean, negative or non-finite standard deviation, exponent <= 0,
/// categorical function).
[[nodiscard]] Result<ExpectedDesirability> expectedDesirability(const Desirability& function, double mean,
                                                                double standardDeviation,
                                                                double exponent = 1.0);

/// P(d(y) > level) for level in [0, 1). Errors as above.
[[nodiscard]] Result<double> probabilityAbove(const Desirability& function, double mean,
                                              double standardDeviation, double level);

struct ExpectedOverall {
    double value = 0.0;                               ///< E[D]
    double probabilityPositive = 0.0;                 ///< P(D > 0): no goal forces it to 0
    std::vector<double> meanDerivatives;              ///< of `value`, one per goal; empty for the minimum
    std::vector<double> standardDeviationDerivatives; ///< likewise
};

/// E[D]: for the geometric mean the exact product of E[d_i^(w_i / W)] (boxes with exponent 1), for the
/// minimum the integral of P(all d_i > t) over t (absolute accuracy about 1e-9, no derivatives).
/// Missing-value rules have no part in it. Errors: InvalidArgument (lengths; and as above with context
/// "[i]").
[[nodiscard]] Result<ExpectedOverall> expectedOverall(const OverallDesirability& goals,
                                                      std::span<const double> means,
                                                      std::span<const double> standardDeviations);

struct DesirabilityImprovement {
    double value = 0.0;         ///< sample mean of max(0, D - best)
    double standardError = 0.0; ///< as if the samples were independent; quasi-random ones do better
    std::vector<double> meanDerivatives;
    std::vector<double> standardDeviationDerivatives;
};

/// Expected improvement of the overall desirability over `best` by Monte Carlo: y_i = mean_i +
/// standardDeviation_i * normals(s, i). `normals` (samples x goals) are standard normal numbers; keep the
/// same ones while comparing points, then the result is a continuous function of means and deviations and its
/// derivatives are exact for it. Errors: InvalidArgument (shapes, categorical goals, as above).
[[nodiscard]] Result<DesirabilityImprovement>
expectedDesirabilityImprovement(const OverallDesirability& goals, std::span<const double> means,
                                std::span<const double> standardDeviations, double best,
                                const Eigen::MatrixXd& normals);

} // namespace alidade
