#pragma once

#include <Eigen/Core>

#include <optional>
#include <string_view>
#include <vector>

namespace alidade {

/// Stationary kernels k = outputVariance * c(r), r^2 = sum over columns (x_c - x'_c)^2 / l_g(c)^2:
/// Rbf exp(-r^2 / 2); Matern12 exp(-r); Matern32 (1 + a) exp(-a), a = sqrt(3) r; Matern52 (1 + a + a^2 / 3)
/// exp(-a), a = sqrt(5) r. Source: Rasmussen & Williams 2006, section 4.2; 1807.02811, section 3.1.
enum class KernelFamily { Rbf, Matern12, Matern32, Matern52 };

[[nodiscard]] std::string_view kernelName(KernelFamily family);
[[nodiscard]] std::optional<KernelFamily> parseKernel(std::string_view name);

/// Correlation at squared scaled distance, and its derivative with respect to that squared distance (0 at
/// distance 0 for Matern12, where it does not exist).
[[nodiscard]] double correlation(KernelFamily family, double squaredDistance);
[[nodiscard]] double correlationSlope(KernelFamily family, double squaredDistance);

/// Both with one exponential.
struct Correlation {
    double value = 1.0;
    double slope = 0.0;
};
[[nodiscard]] Correlation correlationWithSlope(KernelFamily family, double squaredDistance);

/// Both for many squared distances at once, with the processor's vector instructions; `squared` is replaced
/// by the values, and `slope`, of the same size, filled in when it is not null.
void correlations(KernelFamily family, Eigen::Ref<Eigen::ArrayXd> squared, Eigen::ArrayXd* slope);

/// Which length scale each feature column uses; several columns may share one (activity of a conditional
/// parameter, indicator columns of a category).
using ColumnGroups = std::vector<int>;

[[nodiscard]] ColumnGroups oneGroupPerColumn(Eigen::Index columns);

struct Hyperparameters {
    Eigen::VectorXd lengthScales; ///< per group
    double outputVariance = 1.0;
    double noiseVariance = 1e-4;
    double mean = 0.0; ///< constant prior mean
};

/// Squared scaled distances between the rows of a (n x p) and b (m x p): n x m. O(n m p) by one matrix
/// product.
[[nodiscard]] Eigen::MatrixXd squaredDistances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b,
                                               const ColumnGroups& groups,
                                               const Eigen::VectorXd& lengthScales);

/// Covariance of the latent function between rows (no noise): n x m.
[[nodiscard]] Eigen::MatrixXd covariance(KernelFamily family, const Hyperparameters& hyper,
                                         const ColumnGroups& groups, const Eigen::MatrixXd& a,
                                         const Eigen::MatrixXd& b);

} // namespace alidade
