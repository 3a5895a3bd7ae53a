#pragma once

#include "belief/belief_model.h"
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

/// What the beliefs add to a score that is a logarithm, and how that came about.
struct BeliefTerm {
    std::variant<BeliefFactor, PlaceFactor> factor;
    std::shared_ptr<const BeliefModel> model; ///< none with piBO

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    /// Half a sentence for the reason of a suggestion: what they make of the place, and whether data agree.
    [[nodiscard]] std::string reason(const Eigen::RowVectorXd& features) const;
};

/// "3.2", or "1:40" when below 1.
[[nodiscard]] std::string bayesFactorText(double logBayesFactor);

/// The weighted sample functions of an outcome; nothing when no belief says anything about it. `objective`:
/// the outcome is this one; nothing: a scalarisation of several. `seed` besides the study's own.
[[nodiscard]] Result<std::optional<BeliefModel>> studyBeliefModel(const StudyModel::State& state,
                                                                  const OutcomeModel& outcome,
                                                                  std::optional<MeasureId> objective,
                                                                  bool maximise, const Monitor& monitor = {});

/// The term for improving on `best` (model units); nothing when the strategy or the beliefs say nothing.
/// ColaBO up to 20 coordinates, where sample functions still meet their optimum among the candidates; piBO
/// above, or when the strategy asks for it.
[[nodiscard]] Result<std::optional<BeliefTerm>>
makeBeliefTerm(const std::shared_ptr<const StudyModel::State>& state, const OutcomeModel& outcome,
               std::optional<MeasureId> objective, bool maximise, double best, std::uint64_t index,
               const Monitor& monitor);

/// StudyModel::predict() with the beliefs about the objective: weighted mean and standard deviation of the
/// sample functions. The plain prediction where no belief says anything about the measure.
[[nodiscard]] Result<Prediction> predictWithBeliefs(const StudyModel& model, MeasureId measure,
                                                    const std::vector<Setting>& settings);
/// StudyModel::acquisition() of LogEi or Ei with the beliefs as the next suggestion would use them.
[[nodiscard]] Result<Eigen::VectorXd> acquisitionWithBeliefs(const StudyModel& model, AcquisitionKind kind,
                                                             const std::vector<Setting>& settings);

} // namespace alidade
