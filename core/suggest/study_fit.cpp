#include "acquisition/analytic.h"
#include "base/constants.h"
#include "study/best_end.h"
#include "suggest/environment.h"
#include "suggest/method.h"
#include "suggest/model_state.h"
#include "suggest/observed_trials.h"
#include "suggest/slope_differences.h"
#include "surrogate/fit.h"
#include "surrogate/sized_posterior.h"
#include "surrogate/warp_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

// How a StudyModel learns from a study, see study_model.h.

namespace alidade {
namespace {

constexpr std::size_t kHyperparameterDraws = 16;
constexpr Eigen::Index kSuccessFrom = 300; ///< trials that hyper-parameters of success are fitted to
constexpr std::size_t kPromising = 256;
// Axes are bent when that explains the results clearly better than any constant length scale does.
constexpr Eigen::Index kEnoughForWarps = 20;
constexpr Eigen::Index kWarpedOn = 120;
constexpr double kEvidenceForWarps = 8.0; ///< each axis has two parameters more that may fit chance

/// Brings an old trial into today's space: parameters added since get their default, removed ones are
/// dropped.
std::optional<Setting> fittedSetting(const SearchSpace& space, const Setting& old) {
    Setting known;
    for (const auto& [id, value] : old) {
        const Parameter* parameter = space.find(id);
        if (!parameter)
            continue;
        auto checked = checkedValue(*parameter, value);
        if (!checked)
            return std::nullopt; // outside a range that was narrowed since
        known.emplace(id, std::move(checked).value());
    }
    return completed(space, known);
}

struct Samples {
    std::vector<Eigen::RowVectorXd> rows;
    std::vector<double> outcomes;
    std::vector<double> noise;
    bool anyNoise = false;
};

Eigen::MatrixXd stacked(const std::vector<Eigen::RowVectorXd>& rows, Eigen::Index columns) {
    Eigen::MatrixXd result(static_cast<Eigen::Index>(rows.size()), columns);
    for (std::size_t i = 0; i < rows.size(); ++i)
        result.row(static_cast<Eigen::Index>(i)) = rows[i];
    return result;
}

Eigen::VectorXd asVector(const std::vector<double>& values) {
    return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// A regression on success with prior mean 1: far from failures a trial is
/// expected to succeed, near them less so.
std::optional<GaussianProcess> fitSuccess(const StudyModel::State& state,
                                          const std::vector<Setting>& failures, const Monitor& monitor) {
    if (failures.empty())
        return std::nullopt;
    Samples samples;
    for (const ObservedTrial& trial : state.observed) {
        samples.rows.push_back(trial.features);
        samples.outcomes.push_back(1.0);
    }
    for (const Setting& setting : failures) {
        samples.rows.push_back(state.features.row(setting));
        samples.outcomes.push_back(0.0);
    }
    GpData data{stacked(samples.rows, state.features.columns()),
                asVector(samples.outcomes),
                state.features.groups(),
                {}};
    FitOptions options;
    options.estimateMean = false;
    options.fixedMean = 1.0;
    options.lowestLengthScale = 0.05;
    options.highestLengthScale = 3.0 * std::sqrt(static_cast<double>(state.encoding.dimension()));
    // Labels of 0 and 1; single failures by chance leave noise, a region that always fails leaves none.
    options.lowestOutputVariance = 0.05;
    options.highestOutputVariance = 1.0;
    options.lowestNoiseVariance = 2e-3;
    options.highestNoiseVariance = 0.25;
    options.restarts = 1;
    options.seed = state.definition.seed;
    const auto report = fitHyperparameters(evenSubset(data, kSuccessFrom), options, monitor);
    if (!report)
        return std::nullopt;
    auto process = conditionedBySize(std::move(data), options.family, report->hyper);
    if (!process)
        return std::nullopt;
    return std::move(process).value();
}

/// Sorts the study's trials into observed, pending and failed ones; the settings of the last.
std::vector<Setting> sortTrials(StudyModel::State& state, const Study& study) {
    std::vector<Setting> failures;
    std::size_t outside = 0;
    for (const Trial& trial : study.trials) {
        if (trial.excluded || trial.state == TrialState::Withdrawn || trial.state == TrialState::Stopped)
            continue;
        ++state.started;
        const auto setting = fittedSetting(study.definition.space, trial.setting);
        if (!setting) {
            ++outside;
            continue;
        }
        if (trial.state == TrialState::Pending || trial.state == TrialState::Running) {
            state.pending.push_back(*setting);
            continue;
        }
        const double seconds = trial.startedMs > 0 && trial.finishedMs > trial.startedMs
                                   ? static_cast<double>(trial.finishedMs - trial.startedMs) / 1000.0
                                   : 0.0;
        ObservedTrial observed{trial.id, *setting, state.features.row(*setting), {}, false, seconds};
        bool diverged = trial.state == TrialState::Failed;
        for (const auto& [id, measurement] : trial.values) {
            if (std::isfinite(measurement.value))
                observed.values.emplace(id, measurement);
            else
                diverged = true;
        }
        if (diverged) {
            failures.push_back(*setting);
            continue;
        }
        observed.feasible = isFeasible(study.definition, trial);
        state.observed.push_back(std::move(observed));
    }
    if (outside > 0)
        state.warnings.push_back(std::to_string(outside) +
                                 " trials lie outside today's ranges and are left out of the models");
    return failures;
}

/// What is shown of a fitted model; labels of length scales are left empty.
void show(const OutcomeModel& model, const OutcomeModelOptions& options, MeasureModelInfo& info) {
    const FitReport& report = model.fit;
    info.observations = static_cast<std::size_t>(model.own());
    info.noiseSd = beliefInUserUnits(model.transform, 0.0, std::sqrt(report.hyper.noiseVariance)).spread;
    info.signalSd = beliefInUserUnits(model.transform, 0.0, std::sqrt(report.hyper.outputVariance)).spread;
    info.logMarginalLikelihood = report.logMarginalLikelihood;
    info.draws = model.draws.size();
    if (options.draws > 0 && model.draws.empty())
        info.warnings.emplace_back("so many results fix the hyper-parameters: the most probable ones are "
                                   "used instead of an average");
    if (report.hyper.noiseVariance > report.hyper.outputVariance)
        info.warnings.emplace_back("noise dominates: the model explains less than half of the variation");
    if (report.stopped)
        info.warnings.emplace_back("the fit was stopped early: hyper-parameters are the best found so far");
    for (Eigen::Index i = 0; i < report.hyper.lengthScales.size(); ++i)
        info.lengthScales.emplace_back(std::string(), report.hyper.lengthScales(i));
}

/// The model of one measure's results, with what its sources teach.
Result<TaughtModel> fitTaught(StudyModel::State& state, MeasureId measure, const GpData& today,
                              const OutcomeModelOptions& options, const Monitor& monitor) {
    std::vector<Relatedness> related;
    std::vector<SourceResults> results;
    if (state.sources) {
        related = firstLook(state.definition, measure, *state.sources);
        const std::string name = state.definition.measureName(measure);
        for (std::size_t k = 0; k < related.size(); ++k)
            results.push_back(
                related[k].relation == Relation::Unknown
                    ? sourceResults(state.definition.space, state.features, *(*state.sources)[k].study, name)
                    : SourceResults{});
    }
    ALIDADE_ASSIGN(TaughtModel taught, fitWithSources(today, results, options, related, monitor));
    state.related.insert(state.related.end(), related.begin(), related.end());
    return taught;
}

/// Gives every source that any measure learns from a feature column, in all models and settings alike.
Result<void> shareFeatures(StudyModel::State& state, const std::map<MeasureId, TaughtModel>& models) {
    std::vector<std::size_t> used;
    for (const auto& [measure, taught] : models)
        for (const std::size_t source : taught.used)
            if (std::find(used.begin(), used.end(), source) == used.end())
                used.push_back(source);
    for (const auto& [measure, taught] : models) {
        ALIDADE_ASSIGN(OutcomeModel model, overSources(taught, used));
        state.processes.emplace(measure, std::move(model));
    }
    if (used.empty())
        return {};
    state.useSources(used);
    for (ObservedTrial& trial : state.observed)
        trial.features = state.features.row(trial.setting);
    return {};
}

/// A process of each measure with at least 2 results; says which measures have fewer. `start`:
/// hyper-parameters that suit the first objective.
Result<std::vector<std::string>> fitMeasures(StudyModel::State& state, const ModelOptions& options,
                                             const Monitor& monitor,
                                             const std::optional<Hyperparameters>& start = std::nullopt) {
    state.processes.clear();
    state.info.clear();
    state.related.clear();
    std::map<MeasureId, TaughtModel> models;
    // Averages over conditions solve with all results at once, too, and are taken in the user's units.
    const bool averages = averagesConditions(state.definition);
    std::vector<std::string> missing;
    const Definition& definition = state.definition;
    const std::vector<MeasureId> measures = definition.measures();
    const bool hypervolume = methodFor(definition) == Method::Ehvi;
    for (std::size_t m = 0; m < measures.size(); ++m) {
        const MeasureId measure = measures[m];
        Samples samples;
        std::vector<const ObservedTrial*> results;
        for (const ObservedTrial& trial : state.observed) {
            const auto found = trial.values.find(measure);
            if (found == trial.values.end())
                continue;
            results.push_back(&trial);
            samples.rows.push_back(trial.features);
            samples.outcomes.push_back(found->second.value);
            const double sd = found->second.noiseSd.value_or(0.0);
            samples.noise.push_back(sd * sd);
            samples.anyNoise = samples.anyNoise || sd > 0.0;
        }
        const Objective* objectiveOf = definition.findObjective(measure);
        if (samples.rows.size() < 2) {
            const std::string needs = "\"" + definition.measureName(measure) + "\" has " +
                                      std::to_string(samples.rows.size()) +
                                      " usable results; a model needs at least 2";
            if (objectiveOf)
                return makeError(ErrorCode::InvalidArgument, needs);
            missing.push_back(needs);
            continue;
        }
        // Hypervolumes are measured in model units: without warping they are those of the user.
        OutcomeModelOptions outcome;
        if (objectiveOf && !hypervolume && !averages)
            outcome.goal = objectiveOf->goal;
        outcome.seed = definition.seed + m;
        outcome.threads = options.threads;
        if (objectiveOf == definition.objectives.data())
            outcome.start = start;
        outcome.draws = hyperparameterDraws(definition, options.averaged);
        // Scores of several outcomes need their posteriors at all results at once.
        outcome.local = definition.objectives.size() == 1 && methodFor(definition) != Method::Desirability &&
                        !averages && !state.sources;
        MeasureModelInfo info;
        info.measure = measure;
        monitor.progress(static_cast<double>(m) / static_cast<double>(measures.size()), "fitting");
        SlopeDifferences slopes = slopeDifferences(
            state, measure, results, objectiveOf ? std::optional(objectiveOf->goal) : std::nullopt);
        info.slopes = static_cast<std::size_t>(slopes.differences.size());
        info.slopesLeftOut = slopes.leftOut;
        const GpData today{stacked(samples.rows, state.features.columns()), asVector(samples.outcomes),
                           state.features.groups(),
                           samples.anyNoise ? asVector(samples.noise) : Eigen::VectorXd(),
                           std::move(slopes.differences)};
        ALIDADE_ASSIGN(TaughtModel taught, fitTaught(state, measure, today, outcome, monitor));
        show(taught.model, outcome, info);
        // Length scales behind the coordinates belong to earlier studies.
        info.lengthScales.resize(state.encoding.coordinates().size());
        for (std::size_t i = 0; i < info.lengthScales.size(); ++i)
            info.lengthScales[i].first = state.encoding.coordinates()[i].label;
        if (static_cast<Eigen::Index>(samples.rows.size()) < 2 * state.encoding.dimension())
            info.warnings.push_back("only " + std::to_string(samples.rows.size()) + " results for " +
                                    std::to_string(state.encoding.dimension()) +
                                    " dimensions: length scales are mostly prior");
        state.info.push_back(std::move(info));
        models.emplace(measure, std::move(taught));
    }
    ALIDADE_CHECK(shareFeatures(state, models));
    return missing;
}

/// Evidence for bending the axes of continuous parameters; sets the feature map's warps if it is enough.
/// Nothing where it is not considered: with several objectives, which may need different axes, and with few
/// results.
std::optional<WarpFit> bendAxes(StudyModel::State& state, const Monitor& monitor) {
    if (state.definition.objectives.size() != 1)
        return std::nullopt;
    const GaussianProcess& process = state.processes.at(state.definition.objectives.front().id).process;
    if (process.data().y.size() < kEnoughForWarps)
        return std::nullopt;
    GpData values = process.data();
    values.differences = {}; // their points would have to be bent as well
    std::vector<Eigen::Index> coordinates;
    std::vector<Eigen::Index> columns;
    for (Eigen::Index c = 0; c < state.encoding.dimension(); ++c)
        if (state.encoding.coordinates()[static_cast<std::size_t>(c)].kind == CoordinateKind::Continuous) {
            coordinates.push_back(c);
            columns.push_back(state.features.columnOf(c));
        }
    FitOptions options;
    options.family = process.family();
    auto bent =
        fitInputWarps(evenSubset(values, kWarpedOn), options, process.hyperparameters(), columns, monitor);
    if (!bent || bent->logEvidence == 0.0)
        return std::nullopt;
    if (bent->logEvidence > kEvidenceForWarps) {
        std::vector<InputWarp> warps(state.encoding.coordinates().size());
        for (std::size_t k = 0; k < columns.size(); ++k)
            warps[static_cast<std::size_t>(coordinates[k])] =
                bent->warps[static_cast<std::size_t>(columns[k])];
        state.features.setWarps(std::move(warps));
        for (ObservedTrial& trial : state.observed)
            trial.features = state.features.row(trial.setting);
    }
    return std::move(bent).value();
}

} // namespace

std::size_t hyperparameterDraws(const Definition& definition, bool averaged) {
    const bool wanted = averaged || definition.strategy.inference == Inference::Bayesian;
    return wanted && definition.objectives.size() == 1 && methodFor(definition) != Method::Desirability &&
                   !averagesConditions(definition)
               ? kHyperparameterDraws
               : 0;
}

SuccessChance successChance(double mean, double standardDeviation) {
    const AcquisitionValue above = logProbabilityWithin(0.5, kInfinity, mean, standardDeviation);
    return {above.value, above.byMean, above.byStandardDeviation};
}

std::vector<const ObservedTrial*> promisingTrials(const StudyModel::State& state) {
    std::vector<const ObservedTrial*> trials;
    for (const ObservedTrial& trial : state.observed)
        if (trial.feasible)
            trials.push_back(&trial);
    if (state.definition.objectives.size() != 1 || !oneEndIsBest(state.definition.objectives.front()) ||
        std::ssize(trials) <= kMostExact)
        return trials;
    const Objective& objective = state.definition.objectives.front();
    const auto value = [&](const ObservedTrial* trial) { return trial->values.at(objective.id).value; };
    std::stable_sort(trials.begin(), trials.end(), [&](const ObservedTrial* a, const ObservedTrial* b) {
        return isBetter(objective.goal, value(a), value(b));
    });
    trials.resize(kPromising);
    std::stable_sort(trials.begin(), trials.end(),
                     [](const ObservedTrial* a, const ObservedTrial* b) { return a->id < b->id; });
    return trials;
}

std::string bentAxes(const StudyModel::State& state) {
    std::string list;
    const std::vector<InputWarp>& warps = state.features.warps();
    for (std::size_t i = 0; i < warps.size(); ++i)
        if (!warps[i].identity())
            list += (list.empty() ? "" : ", ") + state.encoding.coordinates()[i].label;
    return list;
}

Result<StudyModel> StudyModel::fit(const Study& study, const ModelOptions& options, const Monitor& monitor) {
    ALIDADE_CHECK(checkedDefinition(study.definition));
    auto state = std::make_shared<State>(study.definition);
    state->trials = study.trials;
    state->sources = options.sources;
    ALIDADE_ASSIGN(state->constraints, ConstraintSet::parse(study.definition.space));
    const std::vector<Setting> failures = sortTrials(*state, study);
    ALIDADE_ASSIGN(std::vector<std::string> missing, fitMeasures(*state, options, monitor));
    state->warnings.insert(state->warnings.end(), missing.begin(), missing.end());
    for (const std::string& problem : problemsOfSources(options.sources))
        state->warnings.push_back(problem);
    // The axes of several studies stay as they are.
    if (const auto bending = state->sources ? std::nullopt : bendAxes(*state, monitor)) {
        const std::string bent = bentAxes(*state);
        if (!bent.empty()) {
            ALIDADE_ASSIGN(missing, fitMeasures(*state, options, monitor, bending->hyper));
            char figure[32];
            std::snprintf(figure, sizeof figure, "%.1f", bending->logEvidence);
            state->info.front().warnings.push_back("the outcome changes unevenly along " + bent +
                                                   ": bent axes explain it better (log evidence +" + figure +
                                                   "); length scales are along these");
        }
        state->processes.at(study.definition.objectives.front().id)
            .considered.push_back({"bent axes" + (bent.empty() ? "" : " of " + bent), bending->logEvidence});
    }
    if (averagesConditions(study.definition))
        state->conditions = occurrencesOf(*state);
    state->success = fitSuccess(*state, failures, monitor);
    if (!failures.empty() && !state->success)
        state->warnings.emplace_back(
            "the chance of failure could not be modelled; failed trials are not avoided");
    StudyModel model;
    model.m_state = std::move(state);
    return model;
}

} // namespace alidade
