#pragma once

#include "models/desirability_ranking.h"
#include "plots/front_plot.h"
#include "study/study.h"

#include <map>
#include <optional>
#include <vector>

namespace alidade {

/// A trial with a finite value of every objective.
struct FrontPoint {
    TrialId id;
    std::vector<double> values;  ///< per objective, user's units
    std::vector<double> noiseSd; ///< given with the measurement; 0: not given
    bool feasible = true;        ///< within all limits
    std::optional<int> rank;     ///< layer over all objectives, 0 = front; nothing outside the limits
    bool operator==(const FrontPoint&) const = default;
};

/// What the page shows of the measurements.
struct FrontsData {
    std::vector<Objective> objectives; ///< as distances where that was asked for
    std::vector<bool> distances;       ///< per objective: distances from what is wanted take its place
    std::vector<FrontPoint> points;    ///< complete, not excluded
    std::vector<TrialId> failed;       ///< failed and stopped
    std::vector<TrialId> pending;      ///< waiting and running
    std::vector<double> reference;     ///< user's units; empty without a front
    bool referenceInferred = false;    ///< not every objective names its worst acceptable value
    std::optional<double> hypervolume;
    std::vector<double> historyOrder; ///< number of finished trials
    std::vector<double> historyVolume;
    DesirabilityRanking ranking;
    std::optional<TrialId> knee; ///< of the front, where it bulges
    std::optional<TrialId> closestToIdeal;

    [[nodiscard]] bool hasDistances() const;
    [[nodiscard]] const FrontPoint* find(TrialId id) const;
    [[nodiscard]] const RankedTrial* desirabilityOf(TrialId id) const;
};

/// Ranks, hypervolumes and desirabilities of a study with at least two objectives. `reference` replaces the
/// worst acceptable values of objectives while they are tried out; `distances`: see distancesFromTargets(). A
/// problem of a desirability function leaves the ranking empty. Errors: those of hypervolume().
[[nodiscard]] Result<FrontsData> collectFronts(Study study, const std::map<MeasureId, double>& reference = {},
                                               bool distances = false);

/// Border of what the points dominate together: those that no other one dominates, and the corners between
/// them, ascending in x.
[[nodiscard]] FrontLine frontLine(const std::vector<QPointF>& points, Goal x, Goal y);

/// Layers of objectives `x` and `y` (indices), from the ranks over all objectives; at most `most`. With more
/// than two objectives a layer's line is the front of its trials as seen in these two.
[[nodiscard]] std::vector<FrontLine> layersOf(const FrontsData& data, std::size_t x, std::size_t y,
                                              std::size_t most);

/// Front trials before and after this one in the order of objective `x`; for a trial that is not on the front
/// the two nearest ones around its value.
struct FrontNeighbours {
    std::optional<TrialId> before;
    std::optional<TrialId> after;
};
[[nodiscard]] FrontNeighbours neighboursOf(const FrontsData& data, TrialId id, std::size_t x);

} // namespace alidade
