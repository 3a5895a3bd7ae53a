#pragma once

#include "acquisition/ehvi.h"
#include "base/goal.h"
#include "surrogate/gaussian_process.h"
#include "surrogate/resolved_posterior.h"

#include <cstdint>
#include <vector>

namespace alidade {

struct NoisyFrontOptions {
    int samples = 16; ///< fronts drawn when the measured one is uncertain, >= 1
    std::uint64_t seed = 0;
    /// A front counts as known when no standard deviation of its members is above this share of the front's
    /// range (at least a tenth of a unit of the model); it is then the front of the posterior means.
    double knownWithin = 0.02;
    Eigen::Index mostPlaces = 400; ///< above, the front of the posterior means is used: the cost is cubic
};

/// log of the expected hypervolume improvement when neither the front nor the settings under way are known
/// exactly (2105.08195, NEHVI; logarithm as in 2310.20708):
///     log mean_s EHVI(N(mean_s(x), variance(x)); front of f_s(measured and pending))
/// over joint samples f_s of each objective at the measured and pending places. Given such a sample the
/// candidate's outcomes are normal, so that the inner expectation is closed form and needs no sampling; fixed
/// normal numbers make the whole a smooth deterministic function. Objectives are independent processes.
class NoisyHypervolumeImprovement {
public:
    struct Problem {
        std::vector<GaussianProcess> processes; ///< one per objective
        std::vector<Goal> goals;
        /// Model units; empty, or one per objective: distances from it are minimised, whatever the goal.
        WantedIntervals wanted = {};
        /// Feature rows that may be on the front (r x p, may be empty): measured within all limits.
        Eigen::MatrixXd measured;
        /// Further places with data, which only inform the model (k x p, may be empty).
        Eigen::MatrixXd others;
        /// Worst values that count (model units, user's direction, or distances from what is wanted; NaN:
        /// 10 % beyond the front of the means).
        Eigen::VectorXd reference;
    };
    /// Errors: InvalidArgument (shapes; nothing measured and no complete reference), Numerical.
    [[nodiscard]] static Result<NoisyHypervolumeImprovement> make(Problem problem,
                                                                  NoisyFrontOptions options = {});

    /// The same with settings whose results are still to come (q x p): their outcomes are part of the sampled
    /// fronts, so that only what is gained beyond them counts (sequential batches).
    [[nodiscard]] Result<NoisyHypervolumeImprovement> withPending(const Eigen::MatrixXd& pending) const;

    /// Per row of `points` (m x p).
    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    /// With the gradient by feature column.
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;

    /// How many fronts the mean is over: 1 when the front is known.
    [[nodiscard]] std::size_t fronts() const { return m_fronts.size(); }
    /// Reference point in use, minimised, model units.
    [[nodiscard]] const Eigen::VectorXd& reference() const { return m_reference; }
    /// Hypervolume of the front of the posterior means at the measured places, model units.
    [[nodiscard]] double volume() const { return m_volume; }
    [[nodiscard]] const Problem& problem() const { return m_problem; }
    [[nodiscard]] const Eigen::MatrixXd& pending() const { return m_pending; }

private:
    NoisyHypervolumeImprovement() = default;
    [[nodiscard]] Result<void> build();
    [[nodiscard]] Result<void> sampleFronts(const Eigen::MatrixXd& candidates);
    /// What an outcome of objective k is multiplied by before it is given to m_fronts.
    [[nodiscard]] double sign(Eigen::Index k) const;
    /// Outcomes of objective k as they count in a front: to be minimised.
    [[nodiscard]] Eigen::VectorXd minimised(Eigen::Index k, const Eigen::VectorXd& outcomes) const;

    Problem m_problem;
    NoisyFrontOptions m_options;
    Eigen::MatrixXd m_pending;
    Eigen::VectorXd m_reference;
    double m_volume = 0.0;
    std::vector<GaussianProcess> m_processes;  ///< with pending settings believed, when the front is known
    std::vector<ResolvedPosterior> m_resolved; ///< per objective; empty when the front is known
    std::vector<ExpectedHypervolumeImprovement> m_fronts;
};

} // namespace alidade
