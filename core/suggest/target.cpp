#include "suggest/target.h"

#include "acquisition/analytic.h"
#include "base/constants.h"
#include "base/rng.h"
#include "belief/belief_claims.h"
#include "study/best_end.h"
#include "suggest/environment.h"
#include "suggest/method.h"
#include "suggest/observed_trials.h"
#include "suggest/score_choice.h"
#include "suggest/suggest.h"
#include "surrogate/sized_posterior.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr double kAugmentation = 0.05;

Eigen::VectorXd simplexWeights(std::size_t count, std::uint64_t seed, std::uint64_t index) {
    Rng rng(seed, "scalarisation", index);
    Eigen::VectorXd weights(static_cast<Eigen::Index>(count));
    for (double& weight : weights)
        weight = -std::log1p(-rng.uniform());
    return weights / weights.sum();
}

} // namespace

AcquisitionTarget::AcquisitionTarget(std::shared_ptr<const StudyModel::State> state)
    : m_state(std::move(state)) {
    for (const OutcomeConstraint& constraint : m_state->definition.outcomeConstraints) {
        const auto found = m_state->processes.find(constraint.id);
        if (found == m_state->processes.end())
            continue;
        const ScaledProcess& scaled = found->second;
        const bool averaged = m_state->conditions.has_value();
        m_limits.push_back({scaled.draws.empty() ? std::vector{scaled.process} : scaled.draws,
                            averaged ? std::optional(averageOf(*m_state, scaled.process)) : std::nullopt,
                            constraint.lower ? scaled.toModel(*constraint.lower) : -kInfinity,
                            constraint.upper ? scaled.toModel(*constraint.upper) : kInfinity});
    }
    if (m_state->conditions && m_state->success && !m_state->success->local())
        m_averageSuccess = averageOf(*m_state, *m_state->success);
}

AcquisitionTarget AcquisitionTarget::feasibilityOnly(std::shared_ptr<const StudyModel::State> state) {
    return AcquisitionTarget(std::move(state));
}

AcquisitionTarget AcquisitionTarget::scored(std::shared_ptr<const StudyModel::State> state, Score score) {
    AcquisitionTarget target(std::move(state));
    target.m_score = std::move(score);
    return target;
}

Result<void> AcquisitionTarget::score(Method method, std::uint64_t index, std::size_t threads,
                                      const Monitor& monitor) {
    if (method == Method::Ehvi) {
        ALIDADE_ASSIGN(std::optional<EhviScore> score, makeEhviScore(*m_state, index));
        if (score)
            m_score = std::move(*score);
    } else if (method == Method::Desirability) {
        ALIDADE_ASSIGN(std::optional<DesirabilityScore> score,
                       makeDesirabilityScore(*m_state, DesirabilityAim::Improvement));
        if (score)
            m_score = std::move(*score);
    } else {
        ALIDADE_ASSIGN(m_score, makeEffectivenessScore(*m_state, threads, monitor));
    }
    // Beliefs about the place of the optimum weigh scores of several outcomes as in piBO; the others speak of
    // one outcome.
    const Definition& definition = m_state->definition;
    if (std::holds_alternative<NoScore>(m_score) || definition.beliefs.empty() ||
        definition.strategy.beliefs == BeliefUse::Off)
        return {};
    auto claims = std::make_shared<const BeliefClaims>(definition, std::nullopt);
    if (claims->hasPlace()) {
        const double budget = definition.strategy.budget.value_or(100);
        const double step = std::max(1.0, static_cast<double>(m_state->observed.size()) -
                                              static_cast<double>(initialDesignSize(definition)) + 1.0);
        m_beliefs = BeliefTerm{PlaceFactor{m_state, std::move(claims), budget / 10.0 / step}, nullptr};
    }
    return {};
}

Result<AcquisitionTarget> AcquisitionTarget::next(std::shared_ptr<const StudyModel::State> state,
                                                  std::uint64_t index, std::size_t threads,
                                                  const Monitor& monitor, Method method) {
    AcquisitionTarget target(std::move(state));
    const StudyModel::State& source = *target.m_state;
    const Method own = methodFor(source.definition);
    if ((own == Method::Ehvi || own == Method::Desirability || own == Method::Effectiveness) &&
        (method == own || method == Method::LogEi)) {
        ALIDADE_CHECK(target.score(own, index, threads, monitor));
        for (const Setting& setting : source.pending)
            target.believe(source.features.row(setting));
        return target;
    }
    const auto& objectives = source.definition.objectives;
    if (objectives.size() == 1) {
        target.m_process = source.processes.at(objectives.front().id);
        target.m_maximise = objectives.front().goal == Goal::Maximize;
    } else {
        // All objectives, or distances from what they want, to be minimised and scaled to [0, 1] by what was
        // measured.
        const auto count = static_cast<Eigen::Index>(objectives.size());
        std::vector<const ObservedTrial*> complete;
        for (const ObservedTrial& trial : source.observed)
            if (std::all_of(objectives.begin(), objectives.end(),
                            [&](const Objective& objective) { return trial.values.contains(objective.id); }))
                complete.push_back(&trial);
        if (complete.size() < 2)
            return makeError(ErrorCode::InvalidArgument, "fewer than 2 trials have all objectives measured");
        Eigen::MatrixXd scores(static_cast<Eigen::Index>(complete.size()), count);
        Eigen::MatrixXd features(scores.rows(), source.features.columns());
        for (Eigen::Index i = 0; i < scores.rows(); ++i)
            features.row(i) = complete[static_cast<std::size_t>(i)]->features;
        for (Eigen::Index j = 0; j < count; ++j) {
            const Objective& objective = objectives[static_cast<std::size_t>(j)];
            const auto wanted = wantedRange(objective);
            for (Eigen::Index i = 0; i < scores.rows(); ++i) {
                const double value = complete[static_cast<std::size_t>(i)]->values.at(objective.id).value;
                scores(i, j) = wanted                             ? wanted->distance(value)
                               : objective.goal == Goal::Minimize ? value
                                                                  : -value;
            }
            const double low = scores.col(j).minCoeff();
            const double width = scores.col(j).maxCoeff() - low;
            scores.col(j) = (scores.col(j).array() - low) / (width > 0.0 ? width : 1.0);
        }
        target.m_weights = simplexWeights(objectives.size(), source.definition.seed, index);
        const Eigen::MatrixXd weighted = scores.array().rowwise() * target.m_weights.transpose().array();
        const Eigen::VectorXd scalar =
            weighted.rowwise().maxCoeff() + kAugmentation * weighted.rowwise().sum();
        OutcomeModelOptions options;
        options.seed = source.definition.seed;
        options.threads = threads;
        ALIDADE_ASSIGN(target.m_process,
                       fitOutcomeModel({features, scalar, source.features.groups()}, options, monitor));
    }
    target.findIncumbent();
    if (source.conditions && target.m_incumbent) {
        // Beliefs speak of settings under given conditions: they take part in the initial design only.
        target.m_score =
            AverageImprovementScore{averageOf(source, target.m_process->process), target.m_maximise,
                                    target.m_process->toModel(*target.m_incumbent)};
    } else if (target.m_incumbent) {
        ScoreRequest request;
        request.state = target.m_state;
        request.model = &*target.m_process;
        request.maximise = target.m_maximise;
        request.best = target.m_process->toModel(*target.m_incumbent);
        request.index = index;
        request.threads = threads;
        ALIDADE_ASSIGN(target.m_score, makeScore(method, request, monitor));
        BeliefRequest beliefs;
        beliefs.state = target.m_state;
        beliefs.outcome = request.model;
        if (objectives.size() == 1)
            beliefs.objective = objectives.front().id;
        beliefs.maximise = request.maximise;
        beliefs.best = request.best;
        beliefs.index = index;
        beliefs.method = method;
        if (const auto* path = std::get_if<PathScore>(&target.m_score))
            beliefs.paths = path->paths;
        ALIDADE_ASSIGN(target.m_beliefs, makeBeliefTerm(beliefs, monitor));
    }
    for (const Setting& setting : source.pending)
        target.believe(source.features.row(setting));
    return target;
}

void AcquisitionTarget::findIncumbent() {
    const std::vector<const ObservedTrial*> feasible = promisingTrials(*m_state);
    if (feasible.empty())
        return;
    Eigen::MatrixXd rows(static_cast<Eigen::Index>(feasible.size()), m_state->features.columns());
    for (std::size_t i = 0; i < feasible.size(); ++i)
        rows.row(static_cast<Eigen::Index>(i)) = feasible[i]->features;
    const Eigen::VectorXd means = m_state->conditions
                                      ? averageOf(*m_state, m_process->process).predict(rows).mean
                                      : m_process->predict(rows).mean;
    Eigen::Index best = 0;
    if (m_maximise)
        means.maxCoeff(&best);
    else
        means.minCoeff(&best);
    m_incumbent = m_process->toUser(means(best));
    m_incumbentTrial = feasible[static_cast<std::size_t>(best)]->id;
}

const ObservedTrial* AcquisitionTarget::observedIncumbent() const {
    const std::vector<ObservedTrial>& observed = m_state->observed;
    const auto found = std::find_if(observed.begin(), observed.end(),
                                    [&](const ObservedTrial& trial) { return m_incumbentTrial == trial.id; });
    return found == observed.end() || !m_process ? nullptr : &*found;
}

AcquisitionTarget AcquisitionTarget::withoutBeliefs() const {
    AcquisitionTarget result = *this;
    result.m_beliefs.reset();
    return result;
}

Result<AcquisitionTarget> AcquisitionTarget::withLengthScales(const Eigen::VectorXd& lengthScales) const {
    AcquisitionTarget result = *this;
    result.m_process->draws.clear();
    const GaussianProcess& process = m_process->process;
    Hyperparameters hyper = process.hyperparameters();
    hyper.lengthScales = lengthScales;
    ALIDADE_ASSIGN(result.m_process->process,
                   conditionedBySize(process.data(), process.family(), std::move(hyper)));
    if (auto* improvement = std::get_if<ImprovementScore>(&result.m_score)) {
        improvement->process = result.m_process->process;
    } else if (auto* sampled = std::get_if<SampledImprovementScore>(&result.m_score)) {
        ALIDADE_ASSIGN(sampled->improvement,
                       SampledImprovement::make(result.m_process->process,
                                                sampled->improvement.posterior().anchors(),
                                                sampled->improvement.options()));
    } else if (std::holds_alternative<MixtureScore>(result.m_score) && m_incumbent) {
        result.m_score =
            ImprovementScore{result.m_process->process, m_maximise, m_process->toModel(*m_incumbent)};
    }
    return result;
}

Eigen::VectorXd AcquisitionTarget::Limit::logProbabilities(const Eigen::MatrixXd& rows) const {
    const std::size_t parts = average ? 1 : processes.size();
    Eigen::MatrixXd each(rows.rows(), static_cast<Eigen::Index>(parts));
    for (std::size_t k = 0; k < parts; ++k) {
        const GpPrediction prediction = average ? average->predict(rows) : processes[k].predict(rows);
        for (Eigen::Index i = 0; i < rows.rows(); ++i)
            each(i, static_cast<Eigen::Index>(k)) =
                logProbabilityWithin(lower, upper, prediction.mean(i), std::sqrt(prediction.variance(i)))
                    .value;
    }
    Eigen::VectorXd result(rows.rows());
    Eigen::VectorXd shares;
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        result(i) = logMeanExp(each.row(i), shares);
    return result;
}

double AcquisitionTarget::Limit::logProbability(const Eigen::RowVectorXd& row,
                                                Eigen::VectorXd& gradient) const {
    const std::size_t parts = average ? 1 : processes.size();
    Eigen::VectorXd each(static_cast<Eigen::Index>(parts));
    Eigen::MatrixXd gradients(row.size(), each.size());
    for (std::size_t k = 0; k < parts; ++k) {
        const auto at = static_cast<Eigen::Index>(k);
        const GpPointPrediction point = average ? average->predictPoint(row) : processes[k].predictPoint(row);
        const double sd = std::sqrt(point.variance);
        const AcquisitionValue within = logProbabilityWithin(lower, upper, point.mean, sd);
        each(at) = within.value;
        gradients.col(at) = within.byMean * point.meanGradient;
        if (sd > 0.0)
            gradients.col(at) += within.byStandardDeviation / (2.0 * sd) * point.varianceGradient;
    }
    Eigen::VectorXd shares;
    const double value = logMeanExp(each, shares);
    gradient = Eigen::VectorXd::Zero(row.size());
    for (Eigen::Index k = 0; k < each.size(); ++k)
        if (shares(k) > 0.0)
            gradient += shares(k) * gradients.col(k);
    return value;
}

Eigen::VectorXd AcquisitionTarget::values(const Eigen::MatrixXd& features) const {
    Eigen::VectorXd result = std::visit([&](const auto& score) { return score.values(features); }, m_score);
    if (m_beliefs)
        result += m_beliefs->values(features);
    for (const Limit& limit : m_limits)
        result += limit.logProbabilities(features);
    if (m_state->success) {
        const GpPrediction prediction =
            m_averageSuccess ? m_averageSuccess->predict(features) : m_state->success->predict(features);
        for (Eigen::Index i = 0; i < result.size(); ++i)
            result(i) += successChance(prediction.mean(i), std::sqrt(prediction.variance(i))).logProbability;
    }
    return result;
}

double AcquisitionTarget::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    double value = std::visit([&](const auto& score) { return score.value(features, gradient); }, m_score);
    if (m_beliefs) {
        Eigen::VectorXd slope;
        value += m_beliefs->value(features, slope);
        gradient += slope;
    }
    for (const Limit& limit : m_limits) {
        Eigen::VectorXd slope;
        value += limit.logProbability(features, slope);
        gradient += slope;
    }
    if (m_state->success) {
        const GpPointPrediction point = m_averageSuccess ? m_averageSuccess->predictPoint(features)
                                                         : m_state->success->predictPoint(features);
        const double sd = std::sqrt(point.variance);
        const SuccessChance chance = successChance(point.mean, sd);
        value += chance.logProbability;
        gradient += chance.byMean * point.meanGradient;
        if (sd > 0.0)
            gradient += chance.byStandardDeviation / (2.0 * sd) * point.varianceGradient;
    }
    return value;
}

void AcquisitionTarget::believe(const Eigen::RowVectorXd& features) {
    std::visit([&](auto& score) { score.believe(features); }, m_score);
    if (m_beliefs)
        m_beliefs->believe(features);
    if (m_process) {
        m_process->process = believed(m_process->process, features);
        for (GaussianProcess& draw : m_process->draws)
            draw = believed(draw, features);
    }
    for (Limit& limit : m_limits) {
        for (GaussianProcess& process : limit.processes)
            process = believed(process, features);
        if (limit.average)
            limit.average = averageOf(*m_state, limit.processes.front());
    }
}

} // namespace alidade
