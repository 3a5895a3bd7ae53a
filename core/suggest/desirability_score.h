#pragma once

#include "acquisition/desirability_gain.h"
#include "suggest/model_state.h"

#include <memory>
#include <optional>
#include <vector>

namespace alidade {

/// Log expected improvement of the overall desirability, or log of its expectation (see score.h for the
/// members). One process per goal; a setting under way is believed at its predicted means, and its
/// desirability there becomes the one to beat if it is better.
struct DesirabilityScore {
    std::vector<GaussianProcess> processes;
    std::shared_ptr<const DesirabilityGain> gain;
    double best = 0.0; ///< D to beat: largest at the predicted means of feasible trials
    std::optional<TrialId> bestTrial;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);

    /// D at the predicted means.
    [[nodiscard]] double overallAtMeans(const Eigen::RowVectorXd& features) const;
};

enum class DesirabilityAim {
    Improvement, ///< E[max(0, D - best)]: what to measure next
    Expectation  ///< E[D]: what to choose
};

/// Of the study's desirability functions. Nothing without one.
[[nodiscard]] Result<std::optional<DesirabilityScore>> makeDesirabilityScore(const StudyModel::State& state,
                                                                             DesirabilityAim aim);

/// Effectiveness against training time as one number (after the idea of 2008.00386, whose exact formula is
/// not used; this one is ours): U = e^(1 - l) s(t)^l, the weighted desirability of an effectiveness e and of
/// an efficiency s(t) = 1 / (1 + t / t_ref).
/// - The time is the objective that is minimised and has a unit of time, else the second one; t_ref is its
///   reference, else the median of the measured times. Its logarithm is modelled, so that a factor of two
///   counts the same everywhere.
/// - The effectiveness of the other objective is linear from its reference (else the worst measured value) to
///   its known optimum (else a quarter of the measured range beyond the best value).
/// - An objective's own desirability function, if it has one, takes the place of e or s; l follows from the
///   two weights, and is 1/2 without.
/// Errors: InvalidArgument (not two objectives, times that are not above 0, fewer than two results).
[[nodiscard]] Result<DesirabilityScore> makeEffectivenessScore(const StudyModel::State& state,
                                                               std::size_t threads, const Monitor& monitor);

/// Index of the objective that is the time; nothing unless there are two.
[[nodiscard]] std::optional<std::size_t> timeObjective(const Definition& definition);

} // namespace alidade
