#pragma once

#include "belief/belief_factors.h"
#include "suggest/model_state.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace alidade {

/// piBO (2204.11051): exponent * log of the density of the optimum's place, at the setting that a feature row
/// stands for. Gradient by central differences in the columns that are no choice.
struct PlaceFactor {
    std::shared_ptr<const StudyModel::State> state;
    std::shared_ptr<const BeliefClaims> claims;
    double exponent = 1.0; ///< beta / n

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
};

/// Thompson sampling: a sample function drawn by weight less the one drawn without. Larger better.
struct PathDifference {
    std::shared_ptr<const PathwiseSamples> weighted;
    std::shared_ptr<const PathwiseSamples> plain; ///< as many
    std::size_t path = 0;
    bool maximise = false;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
};

/// What the beliefs add to a score, and how that came about: a logarithm, or for bounds and sample functions
/// a difference in model units.
struct BeliefTerm {
    std::variant<BeliefFactor, KnowledgeFactor, MaxValueFactor, BoundFactor, PathDifference, PlaceFactor>
        factor;
    std::shared_ptr<const BeliefModel> model; ///< none with piBO

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    /// Half a sentence for the reason of a suggestion: what they make of the place, and whether data agree.
    [[nodiscard]] std::string reason(const Eigen::RowVectorXd& features) const;
    /// Takes a setting into account whose outcome is open: Thompson sampling goes on to another sample
    /// function, improvements are counted beyond it. The other factors do not know of it; what they are added
    /// to does.
    void believe(const Eigen::RowVectorXd& features);
};

/// "3.2", or "1:40" when below 1.
[[nodiscard]] std::string bayesFactorText(double logBayesFactor);

/// The weighted sample functions of an outcome; nothing when no belief says anything about it. `objective`:
/// the outcome is this one; nothing: a scalarisation of several. `seed` besides the study's own.
[[nodiscard]] Result<std::optional<BeliefModel>> studyBeliefModel(const StudyModel::State& state,
                                                                  const OutcomeModel& outcome,
                                                                  std::optional<MeasureId> objective,
                                                                  bool maximise, const Monitor& monitor = {});

/// One outcome to be improved on, and what a suggestion is scored by.
struct BeliefRequest {
    std::shared_ptr<const StudyModel::State> state;
    const OutcomeModel* outcome = nullptr;
    std::optional<MeasureId> objective; ///< nothing: a scalarisation
    bool maximise = false;
    double best = 0.0; ///< model units
    std::uint64_t index = 0;
    Method method = Method::LogEi;
    std::shared_ptr<const PathwiseSamples> paths; ///< of Thompson sampling
};

/// What beliefs add to a score of `method`; nothing when the strategy or the beliefs say nothing.
/// ColaBO up to 20 coordinates, where sample functions still meet their optimum among the candidates; piBO
/// above, or when the strategy asks for it (then nothing for bounds and sample functions, which are no
/// logarithms). ColaBO weighs the estimate of the method itself for the knowledge gradient, the information
/// about the optimal value, confidence bounds (also those of epsilon-greedy and -shotgun) and Thompson
/// sampling; all other methods by what the weights make of an improvement.
[[nodiscard]] Result<std::optional<BeliefTerm>> makeBeliefTerm(const BeliefRequest& request,
                                                               const Monitor& monitor);

/// StudyModel::predict() with the beliefs about the objective: weighted mean and standard deviation of the
/// sample functions. The plain prediction where no belief says anything about the measure.
[[nodiscard]] Result<Prediction> predictWithBeliefs(const StudyModel& model, MeasureId measure,
                                                    const std::vector<Setting>& settings);
/// StudyModel::acquisition() with the beliefs as the next suggestion of that method would use them. The plain
/// one where they say nothing, and for Feasibility.
[[nodiscard]] Result<Eigen::VectorXd> acquisitionWithBeliefs(const StudyModel& model, AcquisitionKind kind,
                                                             const std::vector<Setting>& settings,
                                                             double beta = 4.0);

} // namespace alidade
