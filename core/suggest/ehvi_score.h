#pragma once

#include "acquisition/noisy_ehvi.h"
#include "suggest/model_state.h"

#include <memory>
#include <optional>

namespace alidade {

/// Noisy log expected hypervolume improvement of all objectives of a study (see score.h for the members).
/// Settings under way become part of the sampled fronts.
struct EhviScore {
    std::shared_ptr<const NoisyHypervolumeImprovement> improvement;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);

    /// Expected gain at a setting as a share of the hypervolume of the front of the predicted means; nothing
    /// where that front does not reach the reference point yet.
    [[nodiscard]] std::optional<double> relativeGain(const Eigen::RowVectorXd& features) const;
};

/// For suggestion number `index`. The front is that of the feasible trials; the reference point comes from
/// the objectives' worst acceptable values, else from the front (10 % beyond it). An objective with a
/// wantedRange() is minimised as the distance from it, up to the acceptable one. Hypervolumes are measured
/// in model units: for a warped outcome, differences near its better end count more. Nothing while there is
/// neither a feasible trial nor a complete reference.
[[nodiscard]] Result<std::optional<EhviScore>> makeEhviScore(const StudyModel::State& state,
                                                             std::uint64_t index);

} // namespace alidade
