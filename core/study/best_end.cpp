#include "study/best_end.h"

#include <algorithm>

namespace alidade {

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
    std::vector<std::pair<double, double>> knots;
    for (std::size_t i = 0; i < std::min(custom->x.size(), custom->d.size()); ++i)
        knots.emplace_back(custom->x[i], custom->d[i]);
    std::stable_sort(knots.begin(), knots.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return std::is_sorted(knots.begin(), knots.end(), [rises](const auto& a, const auto& b) {
        return rises ? a.second < b.second : b.second < a.second;
    });
}

} // namespace alidade
