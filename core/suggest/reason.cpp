#include "suggest/reason.h"

#include "acquisition/analytic.h"
#include "base/text.h"
#include "study/best_end.h"
#include "suggest/method.h"

#include <charconv>
#include <cmath>

namespace alidade {
namespace {

/// A variance below this part of what it is without the open trials is worth a word.
constexpr double kNoticeable = 0.9;
constexpr double kWorthTelling = 1e-9; // share of the signal's standard deviation

/// Four significant digits, without an exponent where that is short.
std::string figure(double value) {
    char buffer[32];
    const auto [end, status] =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 4);
    return status == std::errc{} ? std::string(buffer, end) : std::string();
}

std::string withUnit(const std::string& text, const std::string& unit) {
    return unit.empty() ? text : text + " " + unit;
}

/// "explores: sd 0.8 there, mean close to the best", or that it exploits.
std::string motive(const AcquisitionTarget& target, const Eigen::RowVectorXd& row, bool better,
                   const std::string& unit) {
    if (better)
        return "exploits: better than it already in the mean";
    const GpPrediction prediction = target.process().predict(row);
    const OutcomeBelief belief =
        beliefInUserUnits(target.process().transform, prediction.mean(0), std::sqrt(prediction.variance(0)));
    const double behind = std::abs(belief.center - *target.incumbent());
    return "explores: sd " + withUnit(figure(belief.spread), unit) + " there, mean " +
           (behind < 0.5 * belief.spread ? "close to the best"
                                         : withUnit(figure(behind), unit) + " behind the best");
}

/// What the prediction was learnt from besides the study's own results.
std::string learntFrom(const StudyModel::State& state) {
    std::string text;
    for (std::size_t source = 0; state.sources && source < state.sources->size(); ++source)
        for (const Relatedness& about : state.related)
            if (about.source == source && about.used()) {
                text += (text.empty() ? " (learnt also from " : ", ") + about.name;
                break;
            }
    return text.empty() ? text : text + ")";
}

std::string averageReason(const AcquisitionTarget& target, const AverageImprovementScore& score,
                          const Eigen::RowVectorXd& row) {
    const Definition& definition = target.state().definition;
    std::string names;
    for (const EnvironmentCondition& condition : definition.environment)
        names += (names.empty() ? "" : ", ") + definition.space.find(condition.parameter)->name;
    const GpPrediction prediction = score.average.predict(row);
    const std::string& unit = definition.objectives.front().unit;
    const OutcomeModel& model = target.process();
    return " under these conditions, " +
           withUnit(formatEstimate(model.toUser(prediction.mean(0)),
                                   model.transform.scale * std::sqrt(prediction.variance(0))),
                    unit) +
           " on the average over " + names + "; expected to improve that of trial " +
           std::to_string(target.incumbentTrial()->value) + " (" +
           withUnit(figure(*target.incumbent()), unit) + ") by " +
           withUnit(figure(model.transform.scale * std::exp(score.values(row)(0))), unit) + "; " + names +
           (definition.environment.size() == 1 ? " is" : " are") + " set where a result tells most about it";
}

std::string hypervolumeReason(const EhviScore& score, const Eigen::RowVectorXd& row) {
    const auto gain = score.relativeGain(row);
    if (!gain)
        return "; the most promising way to a first result better than the reference in every objective";
    std::string text = "; expected to add " + figure(100.0 * *gain) + " % to the dominated hypervolume";
    if (score.improvement->pending().rows() > 0)
        text += " beyond what the trials under way will add";
    return text;
}

/// What an objective is compared by where its direction does not tell.
std::string distanceNotes(const Definition& definition) {
    std::string text;
    for (const Objective& objective : definition.objectives)
        if (const auto wanted = wantedRange(objective)) {
            const auto at = [&](double value) { return withUnit(figure(value), objective.unit); };
            text += "; " + objective.name + " counts by its distance from " +
                    (std::isinf(wanted->high)     ? at(wanted->low) + " and more"
                     : std::isinf(wanted->low)    ? at(wanted->high) + " and less"
                     : wanted->low < wanted->high ? figure(wanted->low) + " to " + at(wanted->high)
                                                  : at(wanted->low));
        }
    return text;
}

std::string desirabilityReason(const DesirabilityScore& score, Method method, const Eigen::RowVectorXd& row) {
    const std::string name =
        method == Method::Effectiveness ? "effectiveness against time" : "overall desirability";
    std::string text = "; " + name + " " + figure(score.overallAtMeans(row)) + " at the predicted values";
    if (!score.bestTrial)
        return text + ", no feasible result yet";
    const std::string best =
        " trial " + std::to_string(score.bestTrial->value) + " (" + figure(score.best) + ")";
    if (score.gain->best() > 0.0)
        return text + ", expected to improve by " + figure(std::exp(score.values(row)(0))) + " on" + best;
    return text + (score.best > 0.0 ? ", to confirm what is already ideal at" : ", compared with") + best;
}

} // namespace

std::string modelReason(const AcquisitionTarget& target, const Setting& setting, Doubt doubt,
                        const MethodChoice& choice, const std::string& diverted) {
    const StudyModel::State& state = target.state();
    const Eigen::RowVectorXd row = state.features.row(setting);
    const double chance = std::exp(AcquisitionTarget::feasibilityOnly(target.sharedState()).values(row)(0));
    const bool limited = state.success.has_value() || !state.definition.outcomeConstraints.empty();
    const std::string chanceText = figure(100.0 * chance) + " % chance to succeed within all limits";
    std::string text;
    for (const Objective& objective : state.definition.objectives) {
        const ScaledProcess& scaled = state.processes.at(objective.id);
        const GpPrediction prediction = scaled.predict(row);
        const OutcomeBelief belief =
            beliefInUserUnits(scaled.transform, prediction.mean(0), std::sqrt(prediction.variance(0)));
        text += (text.empty() ? "Predicted " : ", ") + objective.name + " " +
                withUnit(formatEstimate(belief.center, belief.spread), objective.unit);
    }
    text += learntFrom(state);
    const std::string believed = (target.beliefs() ? "; " + target.beliefs()->reason(row) : std::string()) +
                                 (diverted.empty() ? std::string() : "; " + diverted);
    if (const auto* front = std::get_if<EhviScore>(&target.score()))
        return text + hypervolumeReason(*front, row) + distanceNotes(state.definition) + believed +
               (limited ? "; " + chanceText : "") + ".";
    if (const auto* goals = std::get_if<DesirabilityScore>(&target.score()))
        return text + desirabilityReason(*goals, methodFor(state.definition), row) + believed +
               (limited ? "; " + chanceText : "") + ".";
    if (!target.incumbent() || !target.hasProcess())
        return text + "; no feasible result yet, so the most promising place for one: " + chanceText + ".";
    if (const auto* average = std::get_if<AverageImprovementScore>(&target.score()))
        return text + averageReason(target, *average, row) + (limited ? "; " + chanceText : "") + ".";
    const GpPrediction prediction = target.process().predict(row);
    const double mean = prediction.mean(0);
    const double sd = std::sqrt(prediction.variance(0));
    // With what open trials and earlier settings of the batch are expected to bring; without:
    const double before =
        state.definition.objectives.size() == 1
            ? state.processes.at(state.definition.objectives.front().id).predict(row).variance(0)
            : 0.0;
    const double best = *target.incumbent();
    const double gain =
        expectedImprovementInUserUnits(target.process().transform, mean, sd, best, target.maximise());
    const double z = Improvement{target.maximise(), target.process().toModel(best)}.standardised(mean, sd);
    const std::string trial = "trial " + std::to_string(target.incumbentTrial()->value);
    if (state.definition.objectives.size() == 1) {
        const std::string& unit = state.definition.objectives.front().unit;
        const bool any = gain > kWorthTelling * state.info.front().signalSd;
        text += (any ? "; expected improvement " + withUnit(figure(gain), unit)
                     : "; no expected improvement to speak of") +
                " over " + trial + " (" + withUnit(figure(*target.incumbent()), unit) + ")";
        if (prediction.variance(0) < kNoticeable * before)
            text += " once the open trials are known";
        if (doubt == Doubt::None && diverted.empty())
            text += "; " + motive(target, row, z > 0.0, unit);
    } else {
        text += "; weighs";
        for (Eigen::Index i = 0; i < target.weights().size(); ++i)
            text += (i > 0 ? ", " : " ") + state.definition.objectives[static_cast<std::size_t>(i)].name +
                    " " + figure(100.0 * target.weights()(i)) + " %";
        text += " this time, compared with " + trial + distanceNotes(state.definition);
    }
    if (doubt != Doubt::None)
        text += "; " + std::string(doubtText(doubt));
    if (target.beliefs())
        text += "; " + target.beliefs()->reason(row);
    if (!diverted.empty())
        text += "; " + diverted;
    if (limited)
        text += "; " + chanceText;
    if (const auto* cost = std::get_if<CostAwareScore>(&target.score())) {
        const std::optional<MeasureId> measure = state.definition.findMeasure(state.definition.strategy.cost);
        text += "; expected to cost " + withUnit(figure(std::exp(cost->logCost.predict(row).mean(0))),
                                                 measure ? state.definition.measureUnit(*measure) : "s");
    }
    if (!target.process().draws.empty())
        text += "; averaged over " + std::to_string(target.process().draws.size()) +
                " draws of the hyper-parameters";
    const bool named = choice.local || (choice.method != Method::LogEi && choice.method != Method::ParEgo);
    if (!choice.why.empty() && named)
        text += "; by " + std::string(methodName(choice.method)) + " because " + choice.why;
    return text + ".";
}

} // namespace alidade
