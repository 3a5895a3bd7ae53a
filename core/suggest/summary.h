#pragma once

#include "base/result.h"
#include "study/study.h"
#include "suggest/study_model.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace alidade {

/// The feasible trials that no other feasible trial dominates, by id, in the user's units and order of
/// objectives. An objective that wants a value or a range (wantedRange()) counts by its distance from that;
/// of a single such objective, bestMeasured().
struct MeasuredFront {
    std::vector<TrialId> ids;
    std::vector<std::vector<double>> values;
    /// Dominated volume up to `reference`; nothing for a single objective or an empty front.
    std::optional<double> hypervolume;
    /// Worst acceptable values where all objectives name one, else inferred from the front (10 % beyond it);
    /// the largest acceptable distance where distances count.
    std::vector<double> reference;
};
[[nodiscard]] Result<MeasuredFront> measuredFront(const Study& study);

/// The best feasible trial as measured, of a study with one objective: the incumbent(), or the most desirable
/// one where the desirability asks for a value or a range (not oneEndIsBest()). Null without a feasible trial
/// and with several objectives.
[[nodiscard]] const Trial* bestMeasured(const Study& study);

/// The trial whose setting to use: bestMeasured(), but where conditions of use are averaged over the best on
/// the average by the model, since measured values owe to the conditions of their trials. `model` is asked
/// only there; while it cannot answer, because results are too few, measured values have to do.
[[nodiscard]] const Trial* bestForUse(const Study& study, const std::function<Result<StudyModel>()>& model);

/// How many trials are in each state.
[[nodiscard]] std::map<TrialState, std::size_t> countByState(const Study& study);

} // namespace alidade
