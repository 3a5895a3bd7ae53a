#include "protocol/methods.h"
#include "suggest/model_diagnostics.h"

namespace alidade {
namespace {

Json vectorToJson(const Eigen::VectorXd& values) {
    return numbersToJson({values.begin(), values.end()});
}

Json findingToJson(const HealthFinding& finding, const std::vector<TrialId>& trials) {
    Json ids = Json::array();
    for (const Eigen::Index row : finding.observations)
        ids.push_back(trials[static_cast<std::size_t>(row)].value);
    Json json{{"code", healthCodeName(finding.code)},
              {"severity", severityName(finding.severity)},
              {"text", finding.text},
              {"trials", std::move(ids)}};
    if (!finding.place.empty())
        json["parameter"] = finding.place;
    return json;
}

Json diagnosticsToJson(const MeasureDiagnostics& diagnostics, const MeasureModelInfo& info) {
    const LeaveOneOut& check = diagnostics.check;
    Json trials = Json::array();
    for (const TrialId id : diagnostics.trials)
        trials.push_back(id.value);
    Json calibration = Json::array();
    for (const Coverage& point : check.calibration)
        calibration.push_back({{"nominal", point.nominal}, {"observed", point.observed}});
    Json health = Json::array();
    for (const HealthFinding& finding : diagnostics.health)
        health.push_back(findingToJson(finding, diagnostics.trials));
    Json considered = Json::array();
    for (const ConsideredModel& model : diagnostics.considered)
        considered.push_back({{"name", model.name}, {"log_evidence", numberToJson(model.logEvidence)}});
    Json lengthScales = Json::object();
    for (const auto& [label, length] : info.lengthScales)
        lengthScales[label] = numberToJson(length);
    return Json{{"leave_one_out",
                 {{"trials", std::move(trials)},
                  {"measured", vectorToJson(check.measured)},
                  {"mean", vectorToJson(check.mean)},
                  {"sd", vectorToJson(check.standardDeviation)},
                  {"low", vectorToJson(check.low)},
                  {"high", vectorToJson(check.high)},
                  {"residual", vectorToJson(check.residuals)},
                  {"rmse", numberToJson(check.rootMeanSquareError)},
                  {"r_squared", numberToJson(check.rSquared)},
                  {"log_density", numberToJson(check.logPredictiveDensity)}}},
                {"coverage",
                 {{"50", check.coverage(0.5)}, {"90", check.coverage(0.9)}, {"95", check.coverage(0.95)}}},
                {"calibration", std::move(calibration)},
                {"health", std::move(health)},
                {"scale", diagnostics.scale},
                {"considered", std::move(considered)},
                {"length_scales", std::move(lengthScales)},
                {"draws", info.draws},
                {"slopes", info.slopes},
                {"noise_sd", numberToJson(info.noiseSd)},
                {"signal_sd", numberToJson(info.signalSd)}};
}

Result<Json> diagnosticsMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    Json measures = Json::object();
    for (const MeasureModelInfo& info : model.info()) {
        ALIDADE_ASSIGN(const MeasureDiagnostics diagnostics, diagnose(model, info.measure));
        measures[study->definition.measureName(info.measure)] = diagnosticsToJson(diagnostics, info);
    }
    return Json{{"objectives", std::move(measures)}};
}

} // namespace

std::vector<ProtocolMethod> diagnosticsMethods() {
    return {{"diagnostics", diagnosticsMethod}};
}

} // namespace alidade
