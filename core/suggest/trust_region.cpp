#include "suggest/trust_region.h"

#include "suggest/suggest.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr double kStart = 0.8;
constexpr double kLargest = 1.6;
constexpr double kSmallest = 0.0078125; // 2^-7
constexpr int kImprovements = 3;

} // namespace

TrustRegion replayTrustRegion(std::span<const double> outcomes, std::size_t design, std::size_t dimension) {
    TrustRegion region;
    const int patience = std::max(4, static_cast<int>(dimension));
    int improvements = 0;
    int disappointments = 0;
    std::size_t seen = 0; // since the last restart
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const double outcome = outcomes[i];
        const bool better = outcome < best;
        const bool improved = std::isinf(best) ? better : outcome < best - 1e-3 * std::abs(best);
        if (better) {
            best = outcome;
            region.center = i;
        }
        if (++seen <= design)
            continue;
        improvements = improved ? improvements + 1 : 0;
        disappointments = improved ? 0 : disappointments + 1;
        if (improvements == kImprovements) {
            region.length = std::min(2.0 * region.length, kLargest);
            improvements = 0;
        } else if (disappointments == patience) {
            region.length /= 2.0;
            disappointments = 0;
        }
        if (region.length < kSmallest) {
            region = {kStart, std::nullopt, region.restarts + 1, 0};
            best = std::numeric_limits<double>::infinity();
            seen = 0;
            improvements = 0;
            disappointments = 0;
        }
    }
    if (region.restarts > 0 && seen < design)
        region.designLeft = design - seen;
    return region;
}

std::optional<SearchBox> trustRegionBox(const AcquisitionTarget& target, TrustRegion& region) {
    const StudyModel::State& state = target.state();
    std::vector<double> outcomes;
    const MeasureId objective = state.definition.objectives.front().id;
    for (const ObservedTrial& trial : state.observed) {
        const auto found = trial.values.find(objective);
        const double value = found != trial.values.end() && trial.feasible
                                 ? found->second.value
                                 : std::numeric_limits<double>::quiet_NaN();
        outcomes.push_back(target.maximise() ? -value : value);
    }
    const auto dimension = static_cast<std::size_t>(state.encoding.dimension());
    region = replayTrustRegion(outcomes, initialDesignSize(state.definition), dimension);
    if (!region.center || region.designLeft > 0)
        return std::nullopt;
    // Those behind the coordinates belong to earlier studies.
    const Eigen::VectorXd scales =
        target.process().process.hyperparameters().lengthScales.head(state.encoding.dimension());
    const Eigen::VectorXd shares = (scales.array().log() - scales.array().log().mean()).exp();
    SearchBox box;
    box.center = state.encoding.encode(state.observed[*region.center].setting);
    box.lower = box.center;
    box.upper = box.center;
    for (Eigen::Index i = 0; i < box.center.size(); ++i) {
        const double half = 0.5 * std::clamp(region.length * shares(i), 1e-4, 2.0);
        box.lower(i) = std::clamp(box.center(i) - half, 0.0, 1.0);
        box.upper(i) = std::clamp(box.center(i) + half, 0.0, 1.0);
        const Coordinate& coordinate = state.encoding.coordinates()[static_cast<std::size_t>(i)];
        if (coordinate.kind == CoordinateKind::Category) {
            box.lower(i) = 0.0;
            box.upper(i) = static_cast<double>(coordinate.levels) - 1.0;
        }
    }
    return box;
}

} // namespace alidade
