#pragma once

#include "base/monitor.h"
#include "pages/learning_rate_state.h"

#include <memory>
#include <optional>
#include <vector>

namespace alidade {

/// What a curve depends on. Distance, gradient norm and base rate do not appear: the terms of the bound scale
/// with them, so that dragging those costs nothing.
struct CurveKey {
    Schedule schedule;
    std::size_t steps = 0;
    LoggedSeriesPtr norms;
    bool operator==(const CurveKey&) const = default;
};

/// A schedule and the terms of its bound (D = 1, norms as given) along some of its steps.
struct LearningRateCurve {
    CurveKey key;
    bool coarse = false;
    std::vector<double> step;      ///< ascending, 1 ... T
    std::vector<double> rate;      ///< unit shape there
    std::vector<BoundTerms> terms; ///< along the same steps
    std::size_t endStep = 0;       ///< last step with a rate above 0: where the bound at the end is taken
    BoundTerms end;
    std::optional<Error> error; ///< instead of all that
};
using LearningRateCurvePtr = std::shared_ptr<const LearningRateCurve>;

/// The terms for distance D and norm factor G.
[[nodiscard]] BoundTerms scaledTerms(const BoundTerms& terms, double distance, double gradientNorm);

/// Steps at which a curve is drawn: at most about `count`, evenly and, for the beginning, in even ratios.
[[nodiscard]] std::vector<std::size_t> drawnSteps(std::size_t steps, std::size_t count);

/// Exact values (to about 1e-12) at about 90 steps when coarse, else about 1,500, in O(T log T). Cancelled
/// when stopped; other errors are kept in the curve.
[[nodiscard]] Result<LearningRateCurve> computeCurve(const CurveKey& key, bool coarse,
                                                     const Monitor& monitor = {});

/// Base rate of an entry with this curve; 0 when there is no optimum.
[[nodiscard]] double baseRateOf(const LearningRateEntry& entry, const LearningRateState& state,
                                const LearningRateCurve& curve);

} // namespace alidade
