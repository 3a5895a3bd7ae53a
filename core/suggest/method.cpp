#include "suggest/method.h"

#include "study/best_end.h"

#include <algorithm>

namespace alidade {
namespace {

constexpr std::size_t kMostForHypervolume = 4;

bool hasDesirability(const Objective& objective) {
    return objective.desirability &&
           !std::holds_alternative<DesirabilityCategories>(objective.desirability->shape);
}

} // namespace

Method methodFor(const Definition& definition) {
    const auto& objectives = definition.objectives;
    switch (definition.strategy.method) {
    case Method::Auto: break;
    case Method::Ehvi:
        if (objectives.size() > 1)
            return Method::Ehvi;
        break;
    case Method::Desirability:
        if (std::any_of(objectives.begin(), objectives.end(), hasDesirability))
            return Method::Desirability;
        break;
    case Method::Effectiveness:
        if (objectives.size() == 2)
            return Method::Effectiveness;
        break;
    default: return definition.strategy.method;
    }
    const bool desirable = std::all_of(objectives.begin(), objectives.end(), hasDesirability);
    if (objectives.size() < 2)
        return desirable && !objectives.empty() && !oneEndIsBest(objectives.front()) ? Method::Desirability
                                                                                     : Method::LogEi;
    if (desirable)
        return Method::Desirability;
    return objectives.size() <= kMostForHypervolume ? Method::Ehvi : Method::ParEgo;
}

} // namespace alidade
