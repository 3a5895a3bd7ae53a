#include "study/best_end.h"

#include "base/constants.h"

#include <algorithm>
#include <iterator>

namespace alidade {
namespace {

using Knots = std::vector<std::pair<double, double>>;

Knots sortedKnots(const DesirabilityCustom& table) {
    Knots knots;
    for (std::size_t i = 0; i < std::min(table.x.size(), table.d.size()); ++i)
        knots.emplace_back(table.x[i], table.d[i]);
    std::stable_sort(knots.begin(), knots.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return knots;
}

/// Beyond its ends a table goes on as there. Best at both ends and not between them: the end of the goal.
WantedRange bestOf(const Knots& knots, Goal goal) {
    double best = 0.0;
    for (const auto& [x, d] : knots)
        best = std::max(best, d);
    WantedRange range{kInfinity, -kInfinity, 0.0};
    for (const auto& [x, d] : knots)
        if (d == best) {
            range.low = std::min(range.low, x);
            range.high = std::max(range.high, x);
        }
    const bool below = knots.front().second == best;
    const bool above = knots.back().second == best;
    const auto worse = [best](const auto& knot) { return knot.second < best; };
    if (below && above && goal == Goal::Maximize)
        range.low = std::find_if(knots.rbegin(), knots.rend(), worse).base()->first;
    else if (below && above)
        range.high = std::prev(std::find_if(knots.begin(), knots.end(), worse))->first;
    if (below && range.low == knots.front().first)
        range.low = -kInfinity;
    if (above && range.high == knots.back().first)
        range.high = kInfinity;
    for (const auto& [x, d] : knots)
        range.acceptable = std::max(range.acceptable, range.distance(x));
    if (!(range.acceptable > 0.0))
        range.acceptable = 1.0;
    return range;
}

} // namespace

bool oneEndIsBest(const Objective& objective) {
    if (!objective.desirability)
        return true;
    const bool rises = objective.goal == Goal::Maximize;
    const DesirabilityShape& shape = objective.desirability->shape;
    if (std::holds_alternative<DesirabilityMax>(shape))
        return rises;
    if (std::holds_alternative<DesirabilityMin>(shape))
        return !rises;
    const auto* custom = std::get_if<DesirabilityCustom>(&shape);
    if (!custom)
        return std::holds_alternative<DesirabilityCategories>(shape);
    const Knots knots = sortedKnots(*custom);
    return std::is_sorted(knots.begin(), knots.end(), [rises](const auto& a, const auto& b) {
        return rises ? a.second < b.second : b.second < a.second;
    });
}

std::optional<WantedRange> wantedRange(const Objective& objective) {
    if (oneEndIsBest(objective))
        return std::nullopt;
    const DesirabilityShape& shape = objective.desirability->shape;
    if (const auto* target = std::get_if<DesirabilityTarget>(&shape))
        return WantedRange{target->target, target->target,
                           std::max(target->target - target->low, target->high - target->target)};
    if (const auto* box = std::get_if<DesirabilityBox>(&shape))
        return WantedRange{box->low, box->high, box->high - box->low};
    if (const auto* rising = std::get_if<DesirabilityMax>(&shape))
        return WantedRange{rising->high, kInfinity, rising->high - rising->low};
    if (const auto* falling = std::get_if<DesirabilityMin>(&shape))
        return WantedRange{-kInfinity, falling->low, falling->high - falling->low};
    return bestOf(sortedKnots(std::get<DesirabilityCustom>(shape)), objective.goal);
}

} // namespace alidade
