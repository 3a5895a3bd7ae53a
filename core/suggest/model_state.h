#pragma once

#include "space/constraint.h"
#include "space/encoding.h"
#include "suggest/features.h"
#include "suggest/study_model.h"
#include "suggest/transfer.h"
#include "surrogate/integrated_posterior.h"
#include "surrogate/outcome_model.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace alidade {

using ScaledProcess = OutcomeModel;

class AcquisitionTarget;

/// A finished trial that the models learn from.
struct ObservedTrial {
    TrialId id;
    Setting setting;
    Eigen::RowVectorXd features;
    Measurements values; ///< finite ones only
    bool feasible = false;
    double seconds = 0.0; ///< that it took; 0 = unknown
};

/// Everything that was learnt from a study at one moment.
struct StudyModel::State {
    explicit State(const Definition& source)
        : definition(source), encoding(source.space), features(encoding) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// Gives these sources a feature column each.
    void useSources(const std::vector<std::size_t>& used) {
        sourceColumns = used;
        std::vector<InputWarp> warps = features.warps();
        features = FeatureMap(encoding, used.size());
        features.setWarps(std::move(warps));
    }

    Definition definition;
    Encoding encoding;
    FeatureMap features;
    ConstraintSet constraints;
    std::vector<ObservedTrial> observed; ///< complete, not excluded, inside today's space
    std::vector<Setting> pending;        ///< pending and running trials
    std::size_t started = 0;             ///< every trial but withdrawn ones
    std::map<MeasureId, ScaledProcess> processes;
    std::optional<Occurrences> conditions;  ///< that the objective is averaged over, on the features
    std::optional<GaussianProcess> success; ///< 1 = measured, 0 = failed; only when trials failed
    std::vector<MeasureModelInfo> info;
    std::shared_ptr<const SourceStudies> sources; ///< that the fit was given; null: none
    std::vector<Relatedness> related;             ///< per measure that has a model and source
    std::vector<std::size_t> sourceColumns;       ///< sources that have a feature column, in its order
    std::vector<std::string> warnings;
    mutable std::once_flag bestOnce;
    mutable std::optional<TrialId> best; ///< valid after bestOnce
    mutable std::mutex targetsGuard;
    /// Targets made for display, by method: some cost many searches.
    mutable std::map<Method, std::shared_ptr<const AcquisitionTarget>> targets;
    std::vector<Trial> trials; ///< of the study as it was
    /// The state that was fitted, when this one reuses its fit for other beliefs.
    std::shared_ptr<const State> fitted;
};

/// Draws of the hyper-parameters of each model of a study: 0 unless its strategy asks for averaging (or
/// `averaged`) and its suggestions can average.
[[nodiscard]] std::size_t hyperparameterDraws(const Definition& definition, bool averaged = false);

/// Of the model's outcomes, see Prediction.
[[nodiscard]] Prediction inUserUnits(const OutcomeTransform& transform, const GpPrediction& prediction);

/// Probability that trials there succeed more often than not: the latent regression on 0 and 1 lies above
/// 1/2. Failures by chance, at places where others succeed, hardly lower it; a region where all fail is soon
/// left alone.
struct SuccessChance {
    double logProbability = 0.0;
    double byMean = 0.0;
    double byStandardDeviation = 0.0;
};
[[nodiscard]] SuccessChance successChance(double mean, double standardDeviation);

} // namespace alidade
