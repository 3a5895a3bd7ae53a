#pragma once

#include "acquisition/anchored_posterior.h"
#include "base/result.h"

#include <cstdint>
#include <optional>

namespace alidade {

struct SampledImprovementOptions {
    bool maximise = false;
    /// Known incumbent value, units of the process; nothing: the best anchor of each sample, so that the
    /// improvement is integrated over what the incumbent's true value may be.
    std::optional<double> best;
    std::size_t samples = 128;
    std::uint64_t seed = 0; ///< of the base samples
};

/// Log of the expected improvement of one point over the best of `best` and the values at the anchors:
///     log E_f(A) [ E[ max(0, f(x) - max(best, max f(A))) | f(A) ] ]
/// The inner expectation is the closed form, the outer one an average over fixed scrambled-Sobol normals, so
/// that the function is smooth and deterministic. With measured points as anchors it is noisy expected
/// improvement (Letham et al. 2018, 1706.07094); with pending points as anchors it is the gain of one point
/// more in q-batch expected improvement (1807.02811, section 5), whose greedy maximisation gives a batch
/// (Wilson et al. 2018, 1805.10196). Without anchors it is exactly log expected improvement (2310.20708).
class SampledImprovement {
public:
    /// `anchors`: b x p. O(n^2 b + b^2 samples). Errors: InvalidArgument (neither anchors nor best, more
    /// than 1,000 anchors), Numerical.
    [[nodiscard]] static Result<SampledImprovement> make(const GaussianProcess& process,
                                                         const Eigen::MatrixXd& anchors,
                                                         const SampledImprovementOptions& options);

    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    /// With gradient by feature column.
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;

    [[nodiscard]] const AnchoredPosterior& posterior() const { return m_posterior; }
    [[nodiscard]] const SampledImprovementOptions& options() const { return m_options; }

private:
    SampledImprovement(AnchoredPosterior posterior, const SampledImprovementOptions& options)
        : m_posterior(std::move(posterior)), m_options(options) {}

    AnchoredPosterior m_posterior;
    SampledImprovementOptions m_options;
    CholeskyFactor m_factor; ///< of the anchors' covariance
    Eigen::MatrixXd m_shift; ///< b x samples: covariance^-1 (sample - mean)
    Eigen::VectorXd m_bests; ///< incumbent of each sample
};

/// E[ max(0, max_i f(x_i) - best) ] (or the mirror image when minimising) of a whole batch, `points` q x p,
/// with the same base samples; plain average, for judging batches. Errors: Numerical.
[[nodiscard]] Result<double> batchImprovement(const GaussianProcess& process, const Eigen::MatrixXd& points,
                                              double best, bool maximise, std::size_t samples,
                                              std::uint64_t seed = 0);

/// `count` x `samples` standard normals from a scrambled Sobol sequence, one sample a column.
[[nodiscard]] Eigen::MatrixXd sobolNormals(Eigen::Index count, std::size_t samples, std::uint64_t seed);

} // namespace alidade
