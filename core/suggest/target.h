#pragma once

#include "suggest/belief_term.h"
#include "suggest/model_state.h"
#include "suggest/score.h"

#include <memory>
#include <optional>

namespace alidade {

/// The function whose maximum is the next suggestion: a score (log expected improvement of one modelled
/// outcome, which is an objective or a scalarisation of several, or another one), plus what the user's
/// beliefs make of it, plus the log probabilities of success and of each limit. Without a feasible result
/// only the probabilities. Works on feature rows, in model units; larger is better.
class AcquisitionTarget {
public:
    /// For suggestion number `index` of the study. Several objectives are scalarised by a random augmented
    /// Chebyshev norm (ParEGO; Knowles 2006, rho = 0.05) over objectives scaled to [0, 1] by the measured
    /// range, weights uniform on the simplex and drawn from (seed, index), unless the study's method is about
    /// all of them at once (see methodFor()) and `method` is LogEi or that one. Else `method` says what the
    /// outcome is scored by (see makeScore()). Pending settings are taken into account as the score does.
    [[nodiscard]] static Result<AcquisitionTarget> next(std::shared_ptr<const StudyModel::State> state,
                                                        std::uint64_t index, std::size_t threads,
                                                        const Monitor& monitor,
                                                        Method method = Method::LogEi);
    /// Another score, with the same chances; pending settings are not taken into account.
    [[nodiscard]] static AcquisitionTarget scored(std::shared_ptr<const StudyModel::State> state,
                                                  Score score);
    /// Only the probabilities.
    [[nodiscard]] static AcquisitionTarget feasibilityOnly(std::shared_ptr<const StudyModel::State> state);

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    /// Value and gradient by feature column.
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;

    /// Takes a chosen setting into account: its outcome is believed at the predicted mean.
    void believe(const Eigen::RowVectorXd& features);

    /// The same without what beliefs add.
    [[nodiscard]] AcquisitionTarget withoutBeliefs() const;

    /// The same data seen by a model with other length scales (per feature group, > 0), the other
    /// hyper-parameters unchanged: what if the function varied otherwise than the fit says?
    [[nodiscard]] Result<AcquisitionTarget> withLengthScales(const Eigen::VectorXd& lengthScales) const;

    [[nodiscard]] const Score& score() const { return m_score; }
    /// What the user's beliefs add to the score.
    [[nodiscard]] const std::optional<BeliefTerm>& beliefs() const { return m_beliefs; }
    /// One modelled outcome lies behind the score.
    [[nodiscard]] bool hasProcess() const { return m_process.has_value(); }
    /// That outcome; only where hasProcess().
    [[nodiscard]] const ScaledProcess& process() const { return *m_process; }
    [[nodiscard]] bool maximise() const { return m_maximise; }
    /// Best posterior mean at a feasible measured setting, user units of process(); nothing without one. It
    /// stands for the noisy best observation (1807.02811, section 5); without noise they agree.
    [[nodiscard]] std::optional<double> incumbent() const { return m_incumbent; }
    [[nodiscard]] std::optional<TrialId> incumbentTrial() const { return m_incumbentTrial; }
    /// That trial as the model sees it; null without one, or where several outcomes lie behind the score.
    [[nodiscard]] const ObservedTrial* observedIncumbent() const;
    [[nodiscard]] const Eigen::VectorXd& weights() const { return m_weights; }
    /// Every suggestion needs a target of its own, because the scalarisation changes from one to the next.
    [[nodiscard]] bool changesWithIndex() const { return m_weights.size() > 0; }
    [[nodiscard]] const StudyModel::State& state() const { return *m_state; }
    [[nodiscard]] const std::shared_ptr<const StudyModel::State>& sharedState() const { return m_state; }

private:
    struct Limit {
        std::vector<GaussianProcess> processes; ///< one, or one of each draw of the hyper-parameters
        /// Judged by instead, where conditions are averaged over.
        std::optional<IntegratedPosterior> average;
        double lower = 0.0; ///< model units
        double upper = 0.0;

        /// Log of the mean probability to be within; with its gradient.
        [[nodiscard]] double logProbability(const Eigen::RowVectorXd& row, Eigen::VectorXd& gradient) const;
        [[nodiscard]] Eigen::VectorXd logProbabilities(const Eigen::MatrixXd& rows) const;
    };

    explicit AcquisitionTarget(std::shared_ptr<const StudyModel::State> state);
    void findIncumbent();
    [[nodiscard]] Result<void> score(Method method, std::uint64_t index, std::size_t threads,
                                     const Monitor& monitor);

    std::shared_ptr<const StudyModel::State> m_state;
    Score m_score;
    std::optional<BeliefTerm> m_beliefs;
    std::optional<ScaledProcess> m_process; ///< what reasons are given by; believes as the score does
    std::vector<Limit> m_limits;
    std::optional<IntegratedPosterior> m_averageSuccess;
    bool m_maximise = false;
    std::optional<double> m_incumbent;
    std::optional<TrialId> m_incumbentTrial;
    Eigen::VectorXd m_weights; ///< of the scalarisation; empty for one objective
};

} // namespace alidade
