#include "exchange/study_json.h"
#include "protocol/methods.h"
#include "study/best_end.h"
#include "suggest/modelled_front.h"
#include "suggest/optimum.h"
#include "suggest/summary.h"

#include <cmath>

namespace alidade {
namespace {

Json vectorToJson(const std::vector<double>& values) {
    return numbersToJson(values);
}

Json rowsToJson(const ObjectiveMatrix& rows) {
    Json list = Json::array();
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const Eigen::VectorXd row = rows.row(i);
        list.push_back(numbersToJson({row.begin(), row.end()}));
    }
    return list;
}

/// An optional whole number within limits.
Result<std::int64_t> readCount(const JsonCursor& params, const std::string& key, std::int64_t otherwise,
                               std::int64_t least, std::int64_t most) {
    if (!params.has(key))
        return otherwise;
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::int64_t count, member.integer());
    if (count < least || count > most)
        return member.error("must be between " + std::to_string(least) + " and " + std::to_string(most));
    return count;
}

/// The reference point of hypervolumes: given, or that of the measured front.
Result<std::vector<double>> readReference(const JsonCursor& params, const Study& study) {
    const std::size_t objectives = study.definition.objectives.size();
    if (params.has("reference")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("reference"));
        ALIDADE_ASSIGN(std::vector<double> reference, member.numbers());
        if (reference.size() != objectives)
            return member.error("there are " + std::to_string(reference.size()) + " values for " +
                                std::to_string(objectives) + " objectives");
        return reference;
    }
    for (const Objective& objective : study.definition.objectives)
        if (wantedRange(objective))
            return makeError(
                ErrorCode::InvalidArgument,
                "\"" + objective.name +
                    "\" counts by its distance from what its desirability asks for, and there is "
                    "no modelled front of distances; name a reference point to look at its "
                    "direction instead",
                "reference");
    ALIDADE_ASSIGN(MeasuredFront front, measuredFront(study));
    if (front.reference.empty())
        return makeError(ErrorCode::NotFound,
                         objectives < 2 ? "a front needs at least two objectives"
                                        : "no feasible trial has been completed yet; give a reference point");
    return std::move(front.reference);
}

Result<Json> modelledToJson(Session& session, const JsonCursor& params, const Study& study) {
    ModelledFrontOptions options;
    options.seed = study.definition.seed;
    ALIDADE_ASSIGN(const std::int64_t paths, readCount(params, "paths", 64, 2, 1024));
    options.paths = static_cast<std::size_t>(paths);
    ALIDADE_ASSIGN(const std::vector<double> reference, readReference(params, study));
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    ALIDADE_ASSIGN(const ModelledFront front, modelledFront(model, reference, options));
    Json settings = Json::array();
    for (const Setting& setting : front.settings)
        settings.push_back(settingToJson(study.definition.space, setting));
    Json band = Json::array();
    for (const ModelledFront::Level& level : front.band)
        band.push_back(Json{{"share", level.share}, {"values", rowsToJson(level.points)}});
    return Json{{"parameters", std::move(settings)},
                {"mean", rowsToJson(front.means)},
                {"sd", rowsToJson(front.deviations)},
                {"band", std::move(band)},
                {"hypervolume", Json{{"mean", numberToJson(front.hypervolumeMean)},
                                     {"sd", numberToJson(front.hypervolumeDeviation)}}}};
}

Result<Json> frontMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"modelled", "paths", "reference"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(*study));
    Json ids = Json::array();
    Json values = Json::array();
    for (std::size_t i = 0; i < front.ids.size(); ++i) {
        ids.push_back(front.ids[i].value);
        values.push_back(vectorToJson(front.values[i]));
    }
    Json result{{"ids", std::move(ids)},
                {"values", std::move(values)},
                {"hypervolume", front.hypervolume ? numberToJson(*front.hypervolume) : Json()},
                {"reference", vectorToJson(front.reference)}};
    if (params.has("modelled")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("modelled"));
        ALIDADE_ASSIGN(const bool modelled, member.boolean());
        if (modelled) {
            ALIDADE_ASSIGN(result["modelled"], modelledToJson(session, params, *study));
        }
    }
    return result;
}

/// What the given settings, or else the trials under way, are expected to add to the front.
Result<Json> gainMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"points", "reference"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    std::vector<Setting> settings;
    if (params.has("points")) {
        ALIDADE_ASSIGN(settings, readSettings(params, "points", study->definition));
    }
    ALIDADE_ASSIGN(const std::vector<double> reference, readReference(params, *study));
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    if (!params.has("points"))
        settings = pendingSettings(model);
    if (settings.empty())
        return makeError(ErrorCode::NotFound, "no trial is pending; give \"points\"");
    ALIDADE_ASSIGN(const HypervolumeGain gain, expectedHypervolumeGain(model, settings, reference));
    ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(*study));
    const double volume = front.hypervolume.value_or(0.0);
    return Json{{"value", numberToJson(gain.value)},
                {"standard_error", numberToJson(gain.standardError)},
                {"probability", numberToJson(gain.probability)},
                {"share", volume > 0.0 ? numberToJson(gain.value / volume) : Json()},
                {"alone", vectorToJson(gain.alone)},
                {"reference", vectorToJson(reference)}};
}

Result<Json> optimumMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"kind", "objective"}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    const Definition& definition = study->definition;
    OptimumOptions options;
    if (params.has("kind")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("kind"));
        ALIDADE_ASSIGN(const std::string kind, member.string());
        if (kind == "mean")
            options.kind = OptimumOptions::Kind::Mean;
        else if (kind != "desirability")
            return member.error("must be \"desirability\" or \"mean\"");
    }
    if (params.has("objective")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("objective"));
        ALIDADE_ASSIGN(const std::string name, member.string());
        const auto measure = definition.findMeasure(name);
        if (!measure || !definition.findObjective(*measure))
            return member.error("there is no objective \"" + name + "\"");
        options.objective = *measure;
    }
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    ALIDADE_ASSIGN(const Optimum best, optimum(model, options));
    Json predictions = Json::object();
    for (const auto& [measure, belief] : best.predictions)
        predictions[definition.measureName(measure)] =
            Json{{"mean", numberToJson(belief.center)}, {"sd", numberToJson(belief.spread)}};
    Json result{{"parameters", settingToJson(definition.space, best.setting)},
                {"predictions", std::move(predictions)},
                {"feasibility", numberToJson(best.feasibility)}};
    if (!best.goals.empty()) {
        Json individual = Json::object();
        for (std::size_t i = 0; i < best.goals.size(); ++i)
            individual[definition.measureName(best.goals[i])] = numberToJson(best.individual[i]);
        result["desirability"] = Json{{"individual", std::move(individual)},
                                      {"overall", numberToJson(best.overall)},
                                      {"expected", numberToJson(best.expected)},
                                      {"sd", numberToJson(best.deviation)}};
    }
    return result;
}

} // namespace

std::vector<ProtocolMethod> decisionMethods() {
    return {{"front", frontMethod}, {"front.gain", gainMethod}, {"optimum", optimumMethod}};
}

} // namespace alidade
