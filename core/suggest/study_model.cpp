#include "suggest/study_model.h"
#include "suggest/environment.h"

#include "acquisition/analytic.h"
#include "base/text.h"
#include "desirability/desirability.h"
#include "study/best_end.h"
#include "suggest/method.h"
#include "suggest/model_state.h"
#include "suggest/observed_trials.h"
#include "suggest/target.h"
#include "surrogate/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr std::array<std::pair<AcquisitionKind, std::string_view>, 13> kNames{
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
     {AcquisitionKind::Pes, "pes"},
     {AcquisitionKind::Thompson, "thompson"},
     {AcquisitionKind::EiPerSecond, "ei_per_second"}}};

/// The score that shows an acquisition; nothing for those in closed form.
std::optional<Method> methodBehind(AcquisitionKind kind) {
    switch (kind) {
    case AcquisitionKind::LogNei: return Method::LogNei;
    case AcquisitionKind::Kg: return Method::Kg;
    case AcquisitionKind::Mes: return Method::Mes;
    case AcquisitionKind::Jes: return Method::Jes;
    case AcquisitionKind::Pes: return Method::Pes;
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

bool StudyModel::averages() const {
    return m_state->conditions.has_value();
}

Result<Prediction> StudyModel::predict(MeasureId measure, const std::vector<Setting>& settings) const {
    const auto found = m_state->processes.find(measure);
    if (found == m_state->processes.end())
        return makeError(ErrorCode::NotFound, "\"" + m_state->definition.measureName(measure) +
                                                  "\" has no model yet: too few results");
    return inUserUnits(found->second.transform, found->second.predict(m_state->features.rows(settings)));
}

Result<Prediction> StudyModel::predictAverage(MeasureId measure, const std::vector<Setting>& settings) const {
    const auto found = m_state->processes.find(measure);
    if (!m_state->conditions || found == m_state->processes.end())
        return predict(measure, settings);
    return inUserUnits(found->second.transform,
                       averageOf(*m_state, found->second.process).predict(m_state->features.rows(settings)));
}

Prediction inUserUnits(const OutcomeTransform& transform, const GpPrediction& prediction) {
    constexpr double kHalfInterval = 1.959963984540054; // standard deviations
    const Eigen::Index count = prediction.mean.size();
    Prediction result{Eigen::VectorXd(count), Eigen::VectorXd(count), Eigen::VectorXd(count),
                      Eigen::VectorXd(count)};
    for (Eigen::Index i = 0; i < count; ++i) {
        const double mean = prediction.mean(i);
        const double sd = std::sqrt(prediction.variance(i));
        const OutcomeBelief belief = beliefInUserUnits(transform, mean, sd);
        result.mean(i) = belief.center;
        result.standardDeviation(i) = belief.spread;
        result.low(i) = transform.toUser(mean - kHalfInterval * sd);
        result.high(i) = transform.toUser(mean + kHalfInterval * sd);
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
        if (m_state->conditions)
            return makeError(ErrorCode::InvalidArgument,
                             "the objective is averaged over conditions of use: \"" +
                                 std::string(acquisitionName(kind)) +
                                 "\" is not about averages; use \"ei\" or \"log_ei\"");
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
    if (m_state->conditions && (kind == AcquisitionKind::LogEi || kind == AcquisitionKind::Ei)) {
        // Of the average; nothing is warped there, so that units differ by a factor only.
        const Eigen::ArrayXd logs =
            std::visit([&](const auto& score) { return score.values(rows); }, target.score()).array() +
            std::log(model.transform.scale);
        return Eigen::VectorXd((kind == AcquisitionKind::LogEi ? logs : logs.exp()).matrix());
    }
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

const std::vector<Relatedness>& StudyModel::related() const {
    return m_state->related;
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
    const std::vector<const ObservedTrial*> trials = promisingTrials(*m_state);
    if (trials.empty())
        return std::nullopt;
    Eigen::MatrixXd features(std::ssize(trials), m_state->features.columns());
    for (std::size_t i = 0; i < trials.size(); ++i)
        features.row(static_cast<Eigen::Index>(i)) = trials[i]->features;
    const GpPrediction prediction = m_state->conditions
                                        ? averageOf(*m_state, scaled.process).predict(features)
                                        : scaled.predict(features);
    std::optional<Desirability> desirability;
    if (!oneEndIsBest(objective))
        if (auto made = Desirability::make(*objective.desirability))
            desirability = std::move(made).value();
    const auto worth = [&](std::size_t i) {
        const double value = scaled.toUser(prediction.mean(static_cast<Eigen::Index>(i)));
        return desirability ? desirability->value(value) : objective.goal == Goal::Maximize ? value : -value;
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < trials.size(); ++i)
        if (worth(i) > worth(best))
            best = i;
    return trials[best]->id;
}

} // namespace alidade
