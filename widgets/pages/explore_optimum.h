#pragma once

#include "desirability/study_goals.h"
#include "pages/explore_slices.h"
#include "suggest/optimum.h"

#include <QString>

#include <optional>

namespace alidade {

/// The most desirable setting that the model predicts, beside the most desirable one that was measured.
struct PredictedBest {
    Optimum optimum;
    std::optional<RankedTrial> measured; ///< nothing without a feasible trial
};
/// `fixed`: values that are not to be changed. Errors: those of optimum() and rankByDesirability().
[[nodiscard]] Result<PredictedBest> predictBest(const StudyModel& model, const Study& study,
                                                const Setting& fixed = {}, const Monitor& monitor = {});

/// What was found and how sure that is, in a few sentences.
[[nodiscard]] QString predictedBestText(const PredictedBest& best, const Definition& definition);

/// What the model says at the setting of `slices`, as rich text in one line.
[[nodiscard]] QString predictionText(const Definition& definition, const ExploreSlices& slices);

/// "0.97", "> 0.999": a model is never certain.
[[nodiscard]] QString probabilityText(double probability);

} // namespace alidade
