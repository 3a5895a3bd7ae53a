#include "suggest/model_diagnostics.h"

#include "suggest/observed_trials.h"
#include "suggest/slope_differences.h"

#include <cmath>

namespace alidade {

Result<MeasureDiagnostics> diagnose(const StudyModel& model, MeasureId measure) {
    const StudyModel::State& state = *model.state();
    const auto found = state.processes.find(measure);
    if (found == state.processes.end())
        return makeError(ErrorCode::NotFound, "\"" + state.definition.measureName(measure) +
                                                  "\" has no model yet: too few results");
    const OutcomeModel& outcome = found->second;
    MeasureDiagnostics result;
    result.measure = measure;
    HealthNames names;
    names.unit = state.definition.measureUnit(measure);
    for (const Coordinate& coordinate : state.encoding.coordinates())
        names.groups.push_back(coordinate.label);
    for (const ObservedTrial& trial : state.observed)
        if (trial.values.contains(measure)) {
            result.trials.push_back(trial.id);
            names.observations.push_back("trial " + std::to_string(trial.id.value));
        }
    result.check = leaveOneOut(outcome);
    result.health = healthReport(outcome, result.check, names);
    const std::string bent = bentAxes(state);
    if (!bent.empty()) {
        HealthFinding finding{HealthCode::InputsWarped, Severity::Note, {}, {}, {}};
        finding.text =
            "The outcome changes unevenly along " + bent +
            ": the model looks at bent axes (Kumaraswamy's distribution function), along which its "
            "length scales are.";
        for (const ConsideredModel& considered : outcome.considered)
            if (considered.name.starts_with("bent axes"))
                finding.text += " Log evidence +" + std::to_string(std::lround(considered.logEvidence)) + ".";
        result.health.push_back(std::move(finding));
    }
    for (const MeasureModelInfo& info : model.info()) {
        if (info.measure != measure || info.slopes + info.slopesLeftOut == 0)
            continue;
        HealthFinding finding{HealthCode::SlopesKnown, Severity::Note, {}, {}, {}};
        finding.text =
            "The model learns from " + std::to_string(info.slopes) + " measured slopes besides the values.";
        if (info.slopesLeftOut > 0)
            finding.text += " " + std::to_string(info.slopesLeftOut) +
                            " more are left out: values and slopes together are " +
                            std::to_string(kMostWithSlopes) + " at most.";
        result.health.push_back(std::move(finding));
    }
    result.scale = transformName(outcome.transform);
    result.considered = outcome.considered;
    return result;
}

} // namespace alidade
