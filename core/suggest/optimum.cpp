#include "suggest/optimum.h"

#include "base/inverse_normal.h"
#include "math/sobol.h"
#include "suggest/environment.h"
#include "suggest/maximiser.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace alidade {
namespace {

constexpr int kStarts = 24;
constexpr int kSamples = 1024;

/// There, or on the average over the study's conditions.
GpPrediction predictionOf(const StudyModel::State& state, const OutcomeModel& model,
                          const Eigen::RowVectorXd& row) {
    return state.conditions ? averageOf(state, model.process).predict(row) : model.predict(row);
}

/// Mean and deviation of D by quasi-random sampling; outcomes in model units, one per goal.
std::pair<double, double> spreadOfOverall(const DesirabilityScore& score, const Eigen::VectorXd& means,
                                          const Eigen::VectorXd& deviations) {
    const std::size_t count = score.processes.size();
    SobolSequence sequence(count, 1);
    double sum = 0.0;
    double squares = 0.0;
    for (int s = 0; s < kSamples; ++s) {
        const std::vector<double> point = sequence.next();
        Eigen::VectorXd outcomes = means;
        for (std::size_t k = 0; k < count; ++k)
            outcomes(static_cast<Eigen::Index>(k)) +=
                deviations(static_cast<Eigen::Index>(k)) *
                inverseNormalCdf(std::clamp(point[k], 0x1p-33, 1.0 - 0x1p-33));
        const double overall = score.gain->overall(outcomes);
        sum += overall;
        squares += overall * overall;
    }
    const double mean = sum / kSamples;
    return {mean, std::sqrt(std::max(0.0, squares / kSamples - mean * mean))};
}

Result<Score> scoreFor(const StudyModel::State& state, const OptimumOptions& options) {
    if (options.kind == OptimumOptions::Kind::Desirability) {
        ALIDADE_ASSIGN(const auto score, makeDesirabilityScore(state, DesirabilityAim::Expectation));
        if (!score)
            return makeError(ErrorCode::InvalidArgument,
                             "no objective has a desirability; give one its limits first");
        // Of one objective that is averaged, the one end is best: the best mean has the best desirability.
        if (!state.conditions)
            return Score(*score);
    }
    const auto& objectives = state.definition.objectives;
    const Objective* objective = options.objective ? state.definition.findObjective(*options.objective)
                                                   : (objectives.size() == 1 ? &objectives.front() : nullptr);
    if (!objective)
        return makeError(ErrorCode::InvalidArgument, "say which objective's mean is to be best", "objective");
    const ScaledProcess& scaled = state.processes.at(objective->id);
    const bool maximise = objective->goal == Goal::Maximize;
    if (state.conditions)
        return Score(AverageMeanScore{averageOf(state, scaled.process), maximise});
    if (scaled.draws.empty())
        return Score(MeanScore{scaled.process, maximise});
    MixtureScore mean;
    mean.averaging = MixtureScore::Averaging::Mean;
    for (const GaussianProcess& draw : scaled.draws)
        mean.parts.push_back({MeanScore{draw, maximise}});
    return Score(std::move(mean));
}

} // namespace

Result<Optimum> optimum(const StudyModel& model, const OptimumOptions& options, const Monitor& monitor) {
    const std::shared_ptr<const StudyModel::State>& state = model.state();
    ALIDADE_ASSIGN(Score score, scoreFor(*state, options));
    const AcquisitionTarget target = AcquisitionTarget::scored(state, std::move(score));
    MaximiserOptions search;
    search.seed = state->definition.seed;
    search.starts = kStarts;
    search.threads = options.threads;
    search.fixed = options.fixed;
    ALIDADE_ASSIGN(const MaximiserReport report, maximise(target, {}, search, monitor));
    if (report.stopped)
        return makeError(ErrorCode::Cancelled, "stopped before the best setting was found");
    if (report.found.empty())
        return makeError(ErrorCode::Infeasible,
                         options.fixed.empty()
                             ? "no setting satisfies the constraints"
                             : "with the fixed values no setting satisfies the constraints");
    Optimum result;
    result.setting = report.found.front().setting;
    if (state->conditions)
        result.setting = withLikeliestConditions(state->definition, std::move(result.setting));
    const Eigen::RowVectorXd row = state->features.row(result.setting);
    result.feasibility = std::exp(AcquisitionTarget::feasibilityOnly(state).values(row)(0));
    for (const MeasureId measure : state->definition.measures()) {
        const auto found = state->processes.find(measure);
        if (found == state->processes.end())
            continue;
        const GpPrediction prediction = predictionOf(*state, found->second, row);
        result.predictions.emplace_back(measure,
                                        beliefInUserUnits(found->second.transform, prediction.mean(0),
                                                          std::sqrt(prediction.variance(0))));
    }
    ALIDADE_ASSIGN(const auto goals, makeDesirabilityScore(*state, DesirabilityAim::Expectation));
    if (!goals)
        return result;
    std::size_t k = 0;
    for (const Objective& objective : state->definition.objectives) {
        if (!objective.desirability ||
            std::holds_alternative<DesirabilityCategories>(objective.desirability->shape))
            continue;
        const ScaledProcess& scaled = state->processes.at(objective.id);
        const double mean = scaled.toUser(predictionOf(*state, scaled, row).mean(0));
        result.goals.push_back(objective.id);
        result.individual.push_back(goals->gain->goals().goals()[k++].value(mean));
    }
    Eigen::VectorXd means(static_cast<Eigen::Index>(goals->processes.size()));
    Eigen::VectorXd deviations(means.size());
    for (Eigen::Index i = 0; i < means.size(); ++i) {
        const GaussianProcess& process = goals->processes[static_cast<std::size_t>(i)];
        const GpPrediction prediction =
            state->conditions ? averageOf(*state, process).predict(row) : process.predict(row);
        means(i) = prediction.mean(0);
        deviations(i) = std::sqrt(prediction.variance(0));
    }
    result.overall = goals->gain->overall(means);
    std::tie(result.expected, result.deviation) = spreadOfOverall(*goals, means, deviations);
    return result;
}

} // namespace alidade
