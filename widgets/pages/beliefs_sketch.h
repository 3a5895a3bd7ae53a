#pragma once

#include "belief/belief_model.h"
#include "pages/explore_axis.h"
#include "suggest/study_model.h"

#include <memory>
#include <optional>
#include <vector>

namespace alidade {

/// What the page Beliefs shows of the sample functions of one objective.
struct BeliefsRequest {
    std::shared_ptr<const Study> study;
    std::optional<StudyModel> model; ///< nothing: too few results, functions before any data
    MeasureId objective;
    ExploreAxis axis; ///< along which functions are drawn
    Setting values;   ///< of the other parameters, see fullValues()
    /// Functions of an earlier sketch of the same data and space: only their weights are computed anew.
    std::shared_ptr<const BeliefModel> earlier;
};

struct BeliefsSketch {
    bool measured = false; ///< functions follow from data
    std::vector<double> positions;
    std::vector<std::vector<double>> before; ///< some functions without beliefs, user's units
    std::vector<std::vector<double>> after;  ///< some drawn by the weights
    std::vector<double> meanBefore;
    std::vector<double> meanAfter;
    /// Density of the optimum along the axis, relative to the flat one, at cell centres (user's units).
    std::vector<double> optimumPositions;
    std::vector<double> optimumBefore;
    std::vector<double> optimumAfter;
    struct ClaimReport {
        BeliefId id;
        bool usable = true;
        double logBayesFactor = 0.0;
    };
    std::vector<ClaimReport> claims;
    std::shared_ptr<const BeliefModel> model;
};

/// Errors: NotFound (no such objective or parameter), those of BeliefModel::make().
[[nodiscard]] Result<BeliefsSketch> sketchBeliefs(const BeliefsRequest& request, const Monitor& monitor = {});

} // namespace alidade
