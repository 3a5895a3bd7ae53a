#include "suggest/study_model.h"

#include "acquisition/analytic.h"
#include "base/text.h"
#include "suggest/method.h"
#include "suggest/model_state.h"
#include "suggest/target.h"
#include "surrogate/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr std::size_t kHyperparameterDraws = 16;

constexpr std::array<std::pair<AcquisitionKind, std::string_view>, 12> kNames{
    {{AcquisitionKind::LogEi, "log_ei"},
     {AcquisitionKind::Ei, "ei"},
     {AcquisitionKind::Pi, "pi"},
     {AcquisitionKind::LogPi, "log_pi"},
     {AcquisitionKind::Ucb, "ucb"},
     {AcquisitionKind::Feasibility, "feasibility"},
     {AcquisitionKind::LogNei, "log_nei"},
     {AcquisitionKind::Kg, "kg"},
     {AcquisitionKind::Mes, "mes"},
     {AcquisitionKind::Jes, "jes"},
     {AcquisitionKind::Thompson, "thompson"},
     {AcquisitionKind::EiPerSecond, "ei_per_second"}}};

/// The score that shows an acquisition; nothing for those in closed form.
std::optional<Method> methodBehind(AcquisitionKind kind) {
    switch (kind) {
    case AcquisitionKind::LogNei: return Method::LogNei;
    case AcquisitionKind::Kg: return Method::Kg;
    case AcquisitionKind::Mes: return Method::Mes;
    case AcquisitionKind::Jes: return Method::Jes;
    case AcquisitionKind::Thompson: return Method::Thompson;
    case AcquisitionKind::EiPerSecond: return Method::EiPerSecond;
    default: return std::nullopt;
    }
}

Error nothingToImproveOn() {
    return makeError(
        ErrorCode::InvalidArgument,
        "there is no feasible result yet, so there is nothing to improve on; use \"feasibility\" "
        "or \"ucb\"");
}

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
                                          const std::vector<Eigen::RowVectorXd>& failures,
                                          const Monitor& monitor) {
    if (failures.empty())
        return std::nullopt;
    Samples samples;
    for (const ObservedTrial& trial : state.observed) {
        samples.rows.push_back(trial.features);
        samples.outcomes.push_back(1.0);
    }
    for (const Eigen::RowVectorXd& row : failures) {
        samples.rows.push_back(row);
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
    const auto report = fitHyperparameters(data, options, monitor);
    if (!report)
        return std::nullopt;
    auto process = GaussianProcess::condition(std::move(data), options.family, report->hyper);
    if (!process)
        return std::nullopt;
    return std::move(process).value();
}

/// Acquisitions that are functions of mean and standard deviation, by one process of the target's outcome.
Eigen::VectorXd closedForm(AcquisitionKind kind, const AcquisitionTarget& target,
                           const GaussianProcess& process, const Eigen::MatrixXd& rows, double beta) {
    const OutcomeModel& model = target.process();
    const GpPrediction prediction = process.predict(rows);
    const double best = target.incumbent().value_or(0.0);
    const Improvement improvement{target.maximise(), model.toModel(best)};
    Eigen::VectorXd result(rows.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        const double mean = prediction.mean(i);
        const double sd = std::sqrt(prediction.variance(i));
        switch (kind) {
        case AcquisitionKind::Ucb:
            result(i) = model.toUser(confidenceBound(target.maximise(), beta, mean, sd).value);
            break;
        case AcquisitionKind::LogEi:
            result(i) = logExpectedImprovementInUserUnits(model.transform, mean, sd, best, target.maximise());
            break;
        case AcquisitionKind::Ei:
            result(i) = expectedImprovementInUserUnits(model.transform, mean, sd, best, target.maximise());
            break;
        case AcquisitionKind::Pi: result(i) = probabilityOfImprovement(improvement, mean, sd).value; break;
        case AcquisitionKind::LogPi:
            result(i) = logProbabilityOfImprovement(improvement, mean, sd).value;
            break;
        default: break;
        }
    }
    return result;
}

} // namespace

std::string_view acquisitionName(AcquisitionKind kind) {
    for (const auto& [value, name] : kNames)
        if (value == kind)
            return name;
    return {};
}

std::optional<AcquisitionKind> parseAcquisition(std::string_view wanted) {
    for (const auto& [value, name] : kNames)
        if (name == wanted)
            return value;
    return std::nullopt;
}

bool isLogarithm(AcquisitionKind kind) {
    return kind != AcquisitionKind::Ei && kind != AcquisitionKind::Pi && kind != AcquisitionKind::Ucb &&
           kind != AcquisitionKind::Thompson && kind != AcquisitionKind::Feasibility;
}

std::vector<std::string> acquisitionNames() {
    std::vector<std::string> names;
    for (const auto& [value, name] : kNames)
        names.emplace_back(name);
    return names;
}

Result<ScaledProcess> fitScaled(const Eigen::MatrixXd& features, const ColumnGroups& groups,
                                const Eigen::VectorXd& outcomes, const Eigen::VectorXd& noise,
                                std::optional<Goal> goal, std::uint64_t seed, std::size_t threads,
                                const Monitor& monitor, MeasureModelInfo* info, std::size_t draws) {
    OutcomeModelOptions options;
    options.draws = draws;
    options.seed = seed;
    options.threads = threads;
    options.goal = goal;
    ALIDADE_ASSIGN(OutcomeModel model, fitOutcomeModel(features, groups, outcomes, noise, options, monitor));
    if (info) {
        const FitReport& report = model.fit;
        info->observations = static_cast<std::size_t>(outcomes.size());
        info->noiseSd = beliefInUserUnits(model.transform, 0.0, std::sqrt(report.hyper.noiseVariance)).spread;
        info->signalSd =
            beliefInUserUnits(model.transform, 0.0, std::sqrt(report.hyper.outputVariance)).spread;
        info->logMarginalLikelihood = report.logMarginalLikelihood;
        info->draws = model.draws.size();
        if (draws > 0 && model.draws.empty())
            info->warnings.emplace_back(
                "so many results fix the hyper-parameters: the most probable ones are "
                "used instead of an average");
        if (report.hyper.noiseVariance > report.hyper.outputVariance)
            info->warnings.emplace_back(
                "noise dominates: the model explains less than half of the variation");
        if (report.stopped)
            info->warnings.emplace_back(
                "the fit was stopped early: hyper-parameters are the best found so far");
        for (Eigen::Index i = 0; i < report.hyper.lengthScales.size(); ++i)
            info->lengthScales.emplace_back(std::string(), report.hyper.lengthScales(i));
    }
    return model;
}

std::size_t hyperparameterDraws(const Definition& definition) {
    const bool wanted = definition.strategy.inference == Inference::Bayesian;
    return wanted && definition.objectives.size() == 1 && methodFor(definition) != Method::Desirability
               ? kHyperparameterDraws
               : 0;
}

SuccessChance successChance(double mean, double standardDeviation) {
    const AcquisitionValue above =
        logProbabilityWithin(0.5, std::numeric_limits<double>::infinity(), mean, standardDeviation);
    return {above.value, above.byMean, above.byStandardDeviation};
}

Result<StudyModel> StudyModel::fit(const Study& study, const ModelOptions& options, const Monitor& monitor) {
    ALIDADE_CHECK(checkedDefinition(study.definition));
    auto state = std::make_shared<State>(study.definition);
    state->trials = study.trials;
    ALIDADE_ASSIGN(state->constraints, ConstraintSet::parse(study.definition.space));
    std::vector<Eigen::RowVectorXd> failures;
    std::size_t outside = 0;
    for (const Trial& trial : study.trials) {
        if (trial.excluded || trial.state == TrialState::Withdrawn || trial.state == TrialState::Stopped)
            continue;
        ++state->started;
        const auto setting = fittedSetting(study.definition.space, trial.setting);
        if (!setting) {
            ++outside;
            continue;
        }
        if (trial.state == TrialState::Pending || trial.state == TrialState::Running) {
            state->pending.push_back(*setting);
            continue;
        }
        const double seconds = trial.startedMs > 0 && trial.finishedMs > trial.startedMs
                                   ? static_cast<double>(trial.finishedMs - trial.startedMs) / 1000.0
                                   : 0.0;
        ObservedTrial observed{trial.id, *setting, state->features.row(*setting), {}, false, seconds};
        bool diverged = trial.state == TrialState::Failed;
        for (const auto& [id, measurement] : trial.values) {
            if (std::isfinite(measurement.value))
                observed.values.emplace(id, measurement);
            else
                diverged = true;
        }
        if (diverged) {
            failures.push_back(observed.features);
            continue;
        }
        observed.feasible = isFeasible(study.definition, trial);
        state->observed.push_back(std::move(observed));
    }
    if (outside > 0)
        state->warnings.push_back(std::to_string(outside) +
                                  " trials lie outside today's ranges and are left out of the models");
    const std::vector<MeasureId> measures = study.definition.measures();
    const bool hypervolume = methodFor(study.definition) == Method::Ehvi;
    for (std::size_t m = 0; m < measures.size(); ++m) {
        const MeasureId measure = measures[m];
        Samples samples;
        for (const ObservedTrial& trial : state->observed) {
            const auto found = trial.values.find(measure);
            if (found == trial.values.end())
                continue;
            samples.rows.push_back(trial.features);
            samples.outcomes.push_back(found->second.value);
            const double sd = found->second.noiseSd.value_or(0.0);
            samples.noise.push_back(sd * sd);
            samples.anyNoise = samples.anyNoise || sd > 0.0;
        }
        if (samples.rows.size() < 2) {
            const bool objective = study.definition.findObjective(measure) != nullptr;
            const std::string needs = "\"" + study.definition.measureName(measure) + "\" has " +
                                      std::to_string(samples.rows.size()) +
                                      " usable results; a model needs at least 2";
            if (objective)
                return makeError(ErrorCode::InvalidArgument, needs);
            state->warnings.push_back(needs);
            continue;
        }
        const Objective* objectiveOf = study.definition.findObjective(measure);
        // Hypervolumes are measured in model units: without warping they are those of the user.
        const std::optional<Goal> goal =
            objectiveOf && !hypervolume ? std::optional(objectiveOf->goal) : std::nullopt;
        MeasureModelInfo info;
        info.measure = measure;
        monitor.progress(static_cast<double>(m) / static_cast<double>(measures.size()), "fitting");
        ALIDADE_ASSIGN(ScaledProcess process,
                       fitScaled(stacked(samples.rows, state->features.columns()), state->features.groups(),
                                 asVector(samples.outcomes),
                                 samples.anyNoise ? asVector(samples.noise) : Eigen::VectorXd(), goal,
                                 study.definition.seed + m, options.threads, monitor, &info,
                                 hyperparameterDraws(study.definition)));
        for (std::size_t i = 0; i < info.lengthScales.size(); ++i)
            info.lengthScales[i].first = state->encoding.coordinates()[i].label;
        if (static_cast<Eigen::Index>(samples.rows.size()) < 2 * state->encoding.dimension())
            info.warnings.push_back("only " + std::to_string(samples.rows.size()) + " results for " +
                                    std::to_string(state->encoding.dimension()) +
                                    " dimensions: length scales are mostly prior");
        state->info.push_back(std::move(info));
        state->processes.emplace(measure, std::move(process));
    }
    state->success = fitSuccess(*state, failures, monitor);
    if (!failures.empty() && !state->success)
        state->warnings.emplace_back(
            "the chance of failure could not be modelled; failed trials are not avoided");
    StudyModel model;
    model.m_state = std::move(state);
    return model;
}

Result<Prediction> StudyModel::predict(MeasureId measure, const std::vector<Setting>& settings) const {
    const auto found = m_state->processes.find(measure);
    if (found == m_state->processes.end())
        return makeError(ErrorCode::NotFound, "\"" + m_state->definition.measureName(measure) +
                                                  "\" has no model yet: too few results");
    const ScaledProcess& scaled = found->second;
    const GpPrediction prediction = scaled.predict(m_state->features.rows(settings));
    Prediction result{Eigen::VectorXd(prediction.mean.size()), Eigen::VectorXd(prediction.mean.size())};
    for (Eigen::Index i = 0; i < prediction.mean.size(); ++i) {
        const OutcomeBelief belief =
            beliefInUserUnits(scaled.transform, prediction.mean(i), std::sqrt(prediction.variance(i)));
        result.mean(i) = belief.center;
        result.standardDeviation(i) = belief.spread;
    }
    return result;
}

Eigen::VectorXd StudyModel::feasibility(const std::vector<Setting>& settings) const {
    const AcquisitionTarget target = AcquisitionTarget::feasibilityOnly(m_state);
    return target.values(m_state->features.rows(settings)).array().exp();
}

Result<std::shared_ptr<const AcquisitionTarget>> StudyModel::targetFor(Method method) const {
    const std::lock_guard lock(m_state->targetsGuard);
    auto& kept = m_state->targets[method];
    if (!kept) {
        // Of its own copy of the state's pointer: a target kept by the state must not keep the state.
        const std::shared_ptr<const State> borrowed(std::shared_ptr<const State>(), m_state.get());
        ALIDADE_ASSIGN(AcquisitionTarget target, AcquisitionTarget::next(borrowed, 0, 1, {}, method));
        kept = std::make_shared<const AcquisitionTarget>(std::move(target));
    }
    return kept;
}

Result<Eigen::VectorXd> StudyModel::acquisition(AcquisitionKind kind, const std::vector<Setting>& settings,
                                                double beta) const {
    if (kind == AcquisitionKind::Feasibility)
        return feasibility(settings);
    if (const auto method = methodBehind(kind)) {
        ALIDADE_ASSIGN(const auto target, targetFor(*method));
        if (!target->incumbent())
            return nothingToImproveOn();
        // The score alone, without the chances that suggestions take into account.
        const Eigen::MatrixXd rows = m_state->features.rows(settings);
        Eigen::VectorXd values =
            std::visit([&](const auto& score) { return score.values(rows); }, target->score());
        if (kind == AcquisitionKind::Thompson)
            for (double& value : values)
                value = target->process().toUser(target->maximise() ? value : -value);
        return values;
    }
    ALIDADE_ASSIGN(const AcquisitionTarget target, AcquisitionTarget::next(m_state, 0, 1, {}));
    if (!target.hasProcess()) {
        if (kind != AcquisitionKind::LogEi && kind != AcquisitionKind::Ei)
            return makeError(ErrorCode::InvalidArgument,
                             "\"" + std::string(acquisitionName(kind)) +
                                 "\" is about one modelled outcome; with this strategy use \"ei\" or "
                                 "\"log_ei\"");
        if (std::holds_alternative<NoScore>(target.score()))
            return makeError(ErrorCode::InvalidArgument,
                             "there is no feasible result yet, so there is nothing to improve on; use "
                             "\"feasibility\"");
        const Eigen::MatrixXd places = m_state->features.rows(settings);
        const Eigen::VectorXd values =
            std::visit([&](const auto& score) { return score.values(places); }, target.score());
        return kind == AcquisitionKind::LogEi ? values : Eigen::VectorXd(values.array().exp());
    }
    if (!target.incumbent() && kind != AcquisitionKind::Ucb)
        return nothingToImproveOn();
    const OutcomeModel& model = target.process();
    const Eigen::MatrixXd rows = m_state->features.rows(settings);
    if (model.draws.empty())
        return closedForm(kind, target, model.process, rows, beta);
    // Expectations over the hyper-parameters: the mean of the parts, of the logarithms' exponentials.
    Eigen::MatrixXd each(rows.rows(), std::ssize(model.draws));
    for (std::size_t k = 0; k < model.draws.size(); ++k)
        each.col(static_cast<Eigen::Index>(k)) = closedForm(kind, target, model.draws[k], rows, beta);
    if (kind != AcquisitionKind::LogEi && kind != AcquisitionKind::LogPi)
        return Eigen::VectorXd(each.rowwise().mean());
    Eigen::VectorXd result(rows.rows());
    Eigen::VectorXd shares;
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) = logMeanExp(each.row(i), shares);
    return result;
}

const std::vector<MeasureModelInfo>& StudyModel::info() const {
    return m_state->info;
}

std::optional<TrialId> StudyModel::bestTrial() const {
    std::call_once(m_state->bestOnce, [this] { m_state->best = findBest(); });
    return m_state->best;
}

std::optional<TrialId> StudyModel::findBest() const {
    if (m_state->definition.objectives.size() != 1)
        return std::nullopt;
    const Objective& objective = m_state->definition.objectives.front();
    const ScaledProcess& scaled = m_state->processes.at(objective.id);
    std::vector<TrialId> ids;
    std::vector<Eigen::RowVectorXd> rows;
    for (const ObservedTrial& trial : m_state->observed) {
        if (!trial.feasible)
            continue;
        ids.push_back(trial.id);
        rows.emplace_back(trial.features);
    }
    if (ids.empty())
        return std::nullopt;
    const GpPrediction prediction = scaled.predict(stacked(rows, m_state->features.columns()));
    std::size_t best = 0;
    for (std::size_t i = 1; i < ids.size(); ++i)
        if (isBetter(objective.goal, scaled.toUser(prediction.mean(static_cast<Eigen::Index>(i))),
                     scaled.toUser(prediction.mean(static_cast<Eigen::Index>(best)))))
            best = i;
    return ids[best];
}

} // namespace alidade
