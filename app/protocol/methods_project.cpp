#include "base/text.h"
#include "desirability/study_goals.h"
#include "protocol/methods.h"
#include "study/slopes.h"
#include "suggest/belief_term.h"
#include "suggest/summary.h"

#include <cmath>

namespace alidade {
namespace {

Result<TrialId> readTrialId(const JsonCursor& params, const Study& study) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at("id"));
    TrialId id;
    ALIDADE_ASSIGN(id.value, member.integer());
    if (!study.find(id))
        return member.error("there is no trial " + std::to_string(id.value), ErrorCode::InvalidArgument);
    return id;
}

/// Calls use(slope, number) for {measure: {parameter: number}}.
template <typename Use>
Result<void> forEachSlope(const JsonCursor& params, const std::string& key, const Definition& definition,
                          const Use& use) {
    if (!params.has(key))
        return {};
    ALIDADE_ASSIGN(const JsonCursor all, params.at(key));
    ALIDADE_CHECK(all.checkKeys(definition.measureNames()));
    ALIDADE_ASSIGN(const auto measures, all.members());
    for (const auto& [measure, ofMeasure] : measures) {
        ALIDADE_CHECK(ofMeasure.checkKeys(definition.space.names()));
        ALIDADE_ASSIGN(const auto parameters, ofMeasure.members());
        for (const auto& [parameter, member] : parameters) {
            const auto id = findSlope(definition, {measure, parameter});
            if (!id)
                return member.error(id.error().message);
            ALIDADE_CHECK(use(*id, member));
        }
    }
    return {};
}

/// Slopes of a trial with this setting, and their known standard errors.
Result<void> readSlopes(const JsonCursor& params, const Definition& definition, const Setting& setting,
                        Measurements& measurements) {
    ALIDADE_CHECK(
        forEachSlope(params, "slopes", definition, [&](SlopeId id, const JsonCursor& member) -> Result<void> {
            Slope slope;
            ALIDADE_ASSIGN(slope.value, member.number());
            auto added = addSlope(definition, setting, id, slope, measurements);
            return added ? added : member.error(added.error().message);
        }));
    return forEachSlope(
        params, "slope_noise_sd", definition, [&](SlopeId id, const JsonCursor& member) -> Result<void> {
            ALIDADE_ASSIGN(const double deviation, member.number());
            if (deviation < 0.0)
                return member.error("a standard deviation is not negative");
            const auto measured = measurements.find(id.measure);
            if (measured == measurements.end() || !measured->second.slopes.contains(id.parameter))
                return member.error("there is no slope to go with");
            measured->second.slopes.at(id.parameter).noiseSd = deviation;
            return {};
        });
}

/// {measure: number} with known standard errors and slopes; `complete` demands every objective.
Result<Measurements> readMeasurements(const JsonCursor& params, const Definition& definition,
                                      const Setting& setting, bool complete) {
    Measurements measurements;
    ALIDADE_ASSIGN(const JsonCursor values, params.at("values"));
    ALIDADE_CHECK(values.checkKeys(definition.measureNames()));
    ALIDADE_ASSIGN(const auto members, values.members());
    for (const auto& [name, member] : members) {
        Measurement measurement;
        ALIDADE_ASSIGN(measurement.value, member.extendedNumber());
        measurements[*definition.findMeasure(name)] = measurement;
    }
    if (members.empty())
        return values.error("at least one value is needed");
    if (params.has("noise_sd")) {
        ALIDADE_ASSIGN(const JsonCursor noise, params.at("noise_sd"));
        ALIDADE_CHECK(noise.checkKeys(definition.measureNames()));
        ALIDADE_ASSIGN(const auto deviations, noise.members());
        for (const auto& [name, member] : deviations) {
            ALIDADE_ASSIGN(const double deviation, member.number());
            if (deviation < 0.0)
                return member.error("a standard deviation is not negative");
            const auto found = measurements.find(*definition.findMeasure(name));
            if (found == measurements.end())
                return member.error("\"" + name + "\" has no value to go with");
            found->second.noiseSd = deviation;
        }
    }
    for (const Objective& objective : definition.objectives)
        if (complete && !measurements.contains(objective.id))
            return values.error("\"" + objective.name +
                                "\" is missing; report every objective of a finished trial");
    ALIDADE_CHECK(readSlopes(params, definition, setting, measurements));
    return measurements;
}

Json incumbentToJson(const Study& study) {
    const Trial* best = bestMeasured(study);
    return best ? trialToJson(study.definition, *best) : Json();
}

Result<Json> suggestMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"count"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    std::int64_t count = study->definition.strategy.batch;
    if (params.has("count")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("count"));
        ALIDADE_ASSIGN(count, member.integer());
        if (count < 1 || count > 10000)
            return member.error("between 1 and 10000 suggestions can be asked for");
    }
    std::vector<std::string> warnings;
    ALIDADE_ASSIGN(const std::vector<Trial> trials,
                   session.suggestTrials(static_cast<std::size_t>(count), warnings));
    Json list = Json::array();
    for (const Trial& trial : trials)
        list.push_back(Json{{"id", trial.id.value},
                            {"parameters", settingToJson(study->definition.space, trial.setting)},
                            {"origin", originName(trial.origin)},
                            {"reason", trial.reason}});
    Json result{{"trials", std::move(list)}};
    if (!warnings.empty())
        result["warnings"] = warnings;
    return result;
}

Result<Json> reportMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(
        params.checkKeys({"id", "values", "noise_sd", "slopes", "slope_noise_sd", "step", "final"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const TrialId id, readTrialId(params, *study));
    bool final = !params.has("step");
    if (params.has("final")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("final"));
        ALIDADE_ASSIGN(final, member.boolean());
        if (!final && !params.has("step"))
            return member.error("a report that is not final needs a step");
    }
    if (!final && params.has("slopes"))
        return params.error("slopes belong to a final report, not to a step");
    ALIDADE_ASSIGN(const Measurements values,
                   readMeasurements(params, study->definition, study->find(id)->setting, final));
    if (params.has("step")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("step"));
        StepReport step;
        ALIDADE_ASSIGN(step.step, member.number());
        step.values = values;
        for (auto& [measure, measurement] : step.values)
            measurement.slopes.clear();
        ALIDADE_CHECK(session.file().addStep(id, step));
    }
    if (final) {
        ALIDADE_CHECK(session.file().complete(id, values));
    }
    return Json{{"id", id.value}, {"state", final ? "complete" : stateName(study->find(id)->state)}};
}

Result<Json> failMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"id", "reason"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const TrialId id, readTrialId(params, *study));
    std::string reason = "reported as failed";
    if (params.has("reason")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("reason"));
        ALIDADE_ASSIGN(reason, member.string());
    }
    ALIDADE_CHECK(session.file().fail(id, reason));
    return Json{{"id", id.value}, {"state", "failed"}};
}

Result<Json> addMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"parameters", "values", "noise_sd", "slopes", "slope_noise_sd", "note"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    Trial trial;
    trial.origin = Origin::Manual;
    ALIDADE_ASSIGN(const JsonCursor parameters, params.at("parameters"));
    ALIDADE_ASSIGN(trial.setting,
                   settingFromJson(study->definition.space, parameters.json(), parameters.path()));
    if (params.has("values")) {
        ALIDADE_ASSIGN(trial.values, readMeasurements(params, study->definition, trial.setting, true));
        trial.state = TrialState::Complete;
    }
    if (params.has("note")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("note"));
        ALIDADE_ASSIGN(trial.note, member.string());
    }
    ALIDADE_ASSIGN(const std::vector<TrialId> ids, session.file().addTrials({trial}));
    return Json{{"id", ids.front().value}};
}

Result<Json> trialsMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    Json list = Json::array();
    for (const Trial& trial : study->trials)
        list.push_back(trialToJson(study->definition, trial));
    return Json{{"trials", std::move(list)}};
}

Result<Json> statusMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    Json counts = Json::object();
    const auto byState = countByState(*study);
    for (const TrialState state : {TrialState::Pending, TrialState::Running, TrialState::Complete,
                                   TrialState::Failed, TrialState::Stopped, TrialState::Withdrawn})
        counts[std::string(stateName(state))] = byState.contains(state) ? byState.at(state) : 0;
    ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(*study));
    Json result{
        {"name", study->definition.name}, {"trials", study->trials.size()}, {"counts", std::move(counts)}};
    result["incumbent"] = incumbentToJson(*study);
    result["front_size"] = front.ids.size();
    result["hypervolume"] = front.hypervolume ? numberToJson(*front.hypervolume) : Json();
    return result;
}

Result<Json> bestMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    const Definition& definition = study->definition;
    if (definition.objectives.size() == 1) {
        std::optional<StudyModel> model;
        const Trial* best = bestForUse(*study, [&]() -> Result<StudyModel> {
            ALIDADE_ASSIGN(model, session.model());
            return *model;
        });
        if (!best)
            return makeError(ErrorCode::NotFound, "no feasible trial has been completed yet");
        Json result = trialToJson(definition, *best);
        if (model) {
            ALIDADE_ASSIGN(const Prediction average,
                           model->predictAverage(definition.objectives.front().id, {best->setting}));
            result["average"] = Json{{"mean", numberToJson(average.mean(0))},
                                     {"sd", numberToJson(average.standardDeviation(0))}};
        }
        return result;
    }
    ALIDADE_ASSIGN(const std::optional<StudyGoals> goals, studyGoals(definition));
    if (!goals || !goals->complete)
        return makeError(ErrorCode::Unsupported,
                         "a study with several objectives has a front, not one best trial, unless every "
                         "objective has a desirability; call \"front\"");
    ALIDADE_ASSIGN(const DesirabilityRanking ranking, rankByDesirability(*study));
    if (ranking.rows.empty() || !ranking.rows.front().feasible)
        return makeError(ErrorCode::NotFound, "no feasible trial has been completed yet");
    const RankedTrial& best = ranking.rows.front();
    Json individual = Json::object();
    for (std::size_t i = 0; i < goals->measures.size(); ++i)
        individual[definition.measureName(goals->measures[i])] = numberToJson(best.individual[i]);
    Json result = trialToJson(definition, *study->find(best.id));
    result["desirability"] =
        Json{{"overall", numberToJson(best.overall)}, {"individual", std::move(individual)}};
    return result;
}

Result<bool> readFlag(const JsonCursor& params, const std::string& key) {
    if (!params.has(key))
        return false;
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    return member.boolean();
}

Result<Json> predictMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"points", "beliefs", "average"}));
    ALIDADE_ASSIGN(const bool beliefs, readFlag(params, "beliefs"));
    ALIDADE_ASSIGN(const bool average, readFlag(params, "average"));
    if (beliefs && average)
        return params.error("averages over conditions are not weighted by beliefs");
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const std::vector<Setting> points, readSettings(params, "points", study->definition));
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    Json measures = Json::object();
    for (const MeasureModelInfo& info : model.info()) {
        ALIDADE_ASSIGN(const Prediction prediction, beliefs ? predictWithBeliefs(model, info.measure, points)
                                                    : average ? model.predictAverage(info.measure, points)
                                                              : model.predict(info.measure, points));
        measures[study->definition.measureName(info.measure)] =
            Json{{"mean", numbersToJson({prediction.mean.begin(), prediction.mean.end()})},
                 {"sd",
                  numbersToJson({prediction.standardDeviation.begin(), prediction.standardDeviation.end()})}};
    }
    return Json{{"objectives", std::move(measures)}};
}

Result<Json> acquisitionMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"name", "points", "beta", "beliefs"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const JsonCursor member, params.at("name"));
    ALIDADE_ASSIGN(const std::string name, member.string());
    const auto kind = parseAcquisition(name);
    if (!kind)
        return member.error("\"" + name + "\" is not an acquisition" + didYouMean(name, acquisitionNames()));
    double beta = 4.0;
    if (params.has("beta")) {
        ALIDADE_ASSIGN(const JsonCursor factor, params.at("beta"));
        ALIDADE_ASSIGN(beta, factor.number());
        if (beta < 0.0)
            return factor.error("beta is not negative");
    }
    ALIDADE_ASSIGN(const std::vector<Setting> points, readSettings(params, "points", study->definition));
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    ALIDADE_ASSIGN(const bool beliefs, readFlag(params, "beliefs"));
    if (beliefs && *kind == AcquisitionKind::Feasibility)
        return member.error("beliefs say nothing about \"feasibility\"");
    ALIDADE_ASSIGN(const Eigen::VectorXd values, beliefs ? acquisitionWithBeliefs(model, *kind, points, beta)
                                                         : model.acquisition(*kind, points, beta));
    return Json{{"values", numbersToJson({values.begin(), values.end()})}};
}

} // namespace

std::vector<ProtocolMethod> projectMethods() {
    return {{"suggest", suggestMethod}, {"report", reportMethod},   {"fail", failMethod},
            {"add", addMethod},         {"trials", trialsMethod},   {"status", statusMethod},
            {"best", bestMethod},       {"predict", predictMethod}, {"acquisition", acquisitionMethod}};
}

} // namespace alidade
