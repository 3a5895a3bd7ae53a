#pragma once

#include "pages/fronts_data.h"
#include "suggest/modelled_front.h"
#include "suggest/study_model.h"

#include <array>
#include <optional>
#include <vector>

namespace alidade {

/// A trial without results, where the model expects it.
struct PredictedTrial {
    TrialId id;
    std::vector<double> mean; ///< per objective, user's units
    std::vector<double> standardDeviation;
    double feasibility = 1.0;
};

/// What the model says of the trials without results.
struct FrontsModel {
    std::vector<double> noiseSd; ///< per objective: of a measurement, as fitted
    std::vector<PredictedTrial> pending;
    std::vector<PredictedTrial> failed;
    std::vector<double> reference;       ///< that the gain is up to
    std::optional<HypervolumeGain> gain; ///< by the pending ones
};

/// Predictions for the trials without results, and what the pending ones are expected to add to the
/// hypervolume up to the reference of `data`. Errors: those of the model, Cancelled.
[[nodiscard]] Result<FrontsModel> modelFronts(const Study& study, const FrontsData& data,
                                              const StudyModel& model, const Monitor& monitor = {});

/// Where the model believes the whole front to be.
struct FrontsBelief {
    std::vector<Objective> objectives; ///< that it was computed for
    ModelledFront front;
    /// Two objectives: the band over the first and over the second one.
    std::array<FrontBand, 2> bands;

    /// Whether it can be drawn among these objectives: the same ones with the same directions.
    [[nodiscard]] bool fits(const std::vector<Objective>& others) const;
};

/// Samples the front with a band that holds 95 % of the samples. `reference`: one value per objective, user's
/// units. Errors: those of modelledFront().
[[nodiscard]] Result<FrontsBelief> believeFronts(const StudyModel& model,
                                                 const std::vector<Objective>& objectives,
                                                 const std::vector<double>& reference,
                                                 const Monitor& monitor = {});

/// The band of a modelled front of two objectives as lines over x, `x` (0 or 1) across and the other one up:
/// its edges and its median, stepwise, from the best point to the reference. An edge that is not reached
/// before the reference lies there; the median is missing (NaN) instead. Empty for other fronts.
[[nodiscard]] FrontBand bandOf(const ModelledFront& front, const std::vector<Objective>& objectives,
                               std::size_t x);

} // namespace alidade
