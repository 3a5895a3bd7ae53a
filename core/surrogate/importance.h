#pragma once

#include "base/monitor.h"
#include "base/result.h"
#include "surrogate/gaussian_process.h"

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <vector>

namespace alidade {

/// Several functions of the same inputs at once: points of the unit cube (m x d) -> values (m x k).
using CubeFunctions = std::function<Eigen::MatrixXd(const Eigen::MatrixXd&)>;
/// Columns of the cube that count as one input.
using InputGroups = std::vector<std::vector<Eigen::Index>>;

/// Shares of the variance when the inputs are independent and uniform on the cube, one row per group, one
/// column per function. They are estimates: shares near 0 may come out slightly negative.
struct SobolIndices {
    Eigen::VectorXd mean;     ///< k
    Eigen::VectorXd variance; ///< k
    Eigen::MatrixXd first;    ///< share of the variance that goes when this input alone is known
    Eigen::MatrixXd total;    ///< share that is left when all inputs but this one are known
};

/// First-order and total indices from points + points * groups evaluations of scrambled Sobol points.
/// `points` > 0 (a power of two keeps the balance of the points), groups not empty, columns in [0,
/// dimension). Source: Saltelli et al. 2010 (Comput. Phys. Commun. 181, 259), table 2, (c) and
/// (f). Errors: InvalidArgument (shapes), Numerical (a value is not finite), Cancelled.
[[nodiscard]] Result<SobolIndices> sobolIndices(const CubeFunctions& functions, Eigen::Index dimension,
                                                const InputGroups& groups, std::size_t points,
                                                std::uint64_t seed, const Monitor& monitor = {});

/// Shares of the variance that only pairs explain, for each function: symmetric groups x groups, zero
/// diagonal. points * groups * (groups + 1) / 2 evaluations. Errors as above.
[[nodiscard]] Result<std::vector<Eigen::MatrixXd>>
sobolInteractions(const CubeFunctions& functions, Eigen::Index dimension, const InputGroups& groups,
                  std::size_t points, std::uint64_t seed, const Monitor& monitor = {});

/// How much worse the leave-one-out predictions become when the values of one input are shuffled between the
/// observations: increase of the mean squared error, divided by the variance of the outcomes.
struct PermutationImportance {
    Eigen::VectorXd increase;          ///< per group, mean over the shuffles
    Eigen::VectorXd standardDeviation; ///< over the shuffles
    double error = 0.0; ///< mean squared error without shuffling, same unit: 1 - leave-one-out R^2
};

/// `columns` are the feature columns of each input. Predictions without an observation (and the differences
/// that were measured with it) are exact (R&W equations 5.10-5.12, at a moved point). Above 400 observations
/// a random 400 are predicted. O(n^3). Errors: InvalidArgument (fewer than 3 observations, or all outcomes
/// equal), Numerical, Cancelled.
[[nodiscard]] Result<PermutationImportance> permutationImportance(const GaussianProcess& process,
                                                                  const InputGroups& columns,
                                                                  std::size_t shuffles, std::uint64_t seed,
                                                                  const Monitor& monitor = {});

} // namespace alidade
