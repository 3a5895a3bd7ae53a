#pragma once

#include "suggest/study_model.h"
#include "surrogate/health.h"

#include <vector>

namespace alidade {

/// How far the model of one measure can be trusted.
struct MeasureDiagnostics {
    MeasureId measure;
    std::vector<TrialId> trials; ///< one per entry of `check`, in order
    LeaveOneOut check;           ///< user's units
    std::vector<HealthFinding> health;
    std::string scale; ///< what the outcome is modelled on, an English phrase
    std::vector<ConsideredModel> considered;
};

/// Leave-one-out predictions and the health report of the model of `measure`; trials and coordinates are
/// named as the user knows them. O(n^3). Errors: NotFound (the measure has no model).
[[nodiscard]] Result<MeasureDiagnostics> diagnose(const StudyModel& model, MeasureId measure);

} // namespace alidade
