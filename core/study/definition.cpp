#include "study/definition.h"

#include <array>

namespace alidade {
namespace {

template <typename Range, typename Predicate>
auto findIf(const Range& range, Predicate predicate) -> decltype(&*range.begin()) {
    for (const auto& item : range)
        if (predicate(item))
            return &item;
    return nullptr;
}

} // namespace

const Objective* Definition::findObjective(MeasureId id) const {
    return findIf(objectives, [&](const Objective& o) { return o.id == id; });
}

const OutcomeConstraint* Definition::findOutcomeConstraint(MeasureId id) const {
    return findIf(outcomeConstraints, [&](const OutcomeConstraint& c) { return c.id == id; });
}

std::optional<MeasureId> Definition::findMeasure(std::string_view wanted) const {
    if (const auto* objective = findIf(objectives, [&](const Objective& o) { return o.name == wanted; }))
        return objective->id;
    if (const auto* limit =
            findIf(outcomeConstraints, [&](const OutcomeConstraint& c) { return c.name == wanted; }))
        return limit->id;
    return std::nullopt;
}

std::string Definition::measureName(MeasureId id) const {
    if (const Objective* objective = findObjective(id))
        return objective->name;
    const OutcomeConstraint* limit = findOutcomeConstraint(id);
    return limit ? limit->name : std::string();
}

std::string Definition::measureUnit(MeasureId id) const {
    if (const Objective* objective = findObjective(id))
        return objective->unit;
    const OutcomeConstraint* limit = findOutcomeConstraint(id);
    return limit ? limit->unit : std::string();
}

std::vector<MeasureId> Definition::measures() const {
    std::vector<MeasureId> ids;
    for (const Objective& objective : objectives)
        ids.push_back(objective.id);
    for (const OutcomeConstraint& limit : outcomeConstraints)
        ids.push_back(limit.id);
    return ids;
}

std::vector<std::string> Definition::measureNames() const {
    std::vector<std::string> names;
    for (const Objective& objective : objectives)
        names.push_back(objective.name);
    for (const OutcomeConstraint& limit : outcomeConstraints)
        names.push_back(limit.name);
    return names;
}

std::string_view goalName(Goal goal) {
    return goal == Goal::Minimize ? "minimize" : "maximize";
}

std::span<const Method> workingMethods() {
    static constexpr std::array kMethods{
        Method::Auto,  Method::LogEi,        Method::LogNei,        Method::QLogEi,         Method::Kg,
        Method::Mes,   Method::Jes,          Method::Pes,           Method::Thompson,       Method::Ucb,
        Method::Pi,    Method::EiPerSecond,  Method::EpsilonGreedy, Method::EpsilonShotgun, Method::Turbo,
        Method::Ehvi,  Method::Desirability, Method::Effectiveness, Method::ParEgo,         Method::Sobol,
        Method::Random};
    return kMethods;
}

std::string_view methodName(Method method) {
    switch (method) {
    case Method::Auto: return "auto";
    case Method::Random: return "random";
    case Method::Sobol: return "sobol";
    case Method::LogEi: return "log_ei";
    case Method::LogNei: return "log_nei";
    case Method::QLogEi: return "qlog_ei";
    case Method::Pi: return "pi";
    case Method::Ucb: return "ucb";
    case Method::Thompson: return "thompson";
    case Method::Kg: return "kg";
    case Method::Mes: return "mes";
    case Method::Jes: return "jes";
    case Method::Pes: return "pes";
    case Method::EiPerSecond: return "ei_per_second";
    case Method::EpsilonGreedy: return "epsilon_greedy";
    case Method::EpsilonShotgun: return "epsilon_shotgun";
    case Method::Turbo: return "turbo";
    case Method::ParEgo: return "parego";
    case Method::Ehvi: return "ehvi";
    case Method::Desirability: return "desirability";
    case Method::Effectiveness: return "effectiveness";
    }
    return {};
}

std::string_view inferenceName(Inference inference) {
    return inference == Inference::Bayesian ? "bayesian" : "map";
}

std::string_view beliefUseName(BeliefUse use) {
    switch (use) {
    case BeliefUse::Auto: return "auto";
    case BeliefUse::ColaBo: return "colabo";
    case BeliefUse::PiBo: return "pibo";
    case BeliefUse::Off: return "off";
    }
    return {};
}

} // namespace alidade
