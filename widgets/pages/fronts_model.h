#pragma once

#include "pages/fronts_data.h"
#include "suggest/study_model.h"

#include <optional>
#include <vector>

namespace alidade {

/// A trial without results, where the model expects it.
struct PredictedTrial {
    TrialId id;
    std::vector<double> mean; ///< per objective, user's units
    std::vector<double> standardDeviation;
    double feasibility = 1.0;
    double gain = 0.0; ///< expected hypervolume improvement of this one alone, times the feasibility
};

/// What the model adds to the measured front.
struct FrontsModel {
    std::vector<double> noiseSd; ///< per objective: of a measurement, as fitted
    std::vector<PredictedTrial> pending;
    std::vector<PredictedTrial> failed;
    std::optional<double> batchGain; ///< expected improvement by all pending ones together
};

/// Predictions for the trials without results; gains up to the reference of `data` in the product of units.
/// The gain of the batch is the mean over 256 joint draws (independent objectives and trials). Errors: those
/// of the model, and of hypervolume().
[[nodiscard]] Result<FrontsModel> modelFronts(const Study& study, const FrontsData& data,
                                              const StudyModel& model, const Monitor& monitor);

} // namespace alidade
