#include "suggest/model_diagnostics.h"

#include "suggest/model_state.h"

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
    result.scale = transformName(outcome.transform);
    result.considered = outcome.considered;
    return result;
}

} // namespace alidade
