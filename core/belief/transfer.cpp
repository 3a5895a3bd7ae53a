#include "belief/transfer.h"

#include "belief/axis_density.h"
#include "space/encoding.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr int kKnots = 41;
constexpr double kLeastWidth = 0.05;
constexpr double kFlatShare = 0.1;
constexpr std::size_t kLeastGood = 3;
constexpr std::size_t kMostGood = 30;

} // namespace

MeasuredPlaces measuredPlaces(const Study& study, const Objective& objective, const Parameter& parameter) {
    MeasuredPlaces result;
    std::vector<std::pair<double, const Trial*>> ranked;
    for (const Trial& trial : study.trials) {
        const auto place = trial.setting.find(parameter.id);
        if (trial.state != TrialState::Complete || trial.excluded || place == trial.setting.end())
            continue;
        result.all.push_back(place->second);
        if (isFeasible(study.definition, trial)) {
            const double value = trial.values.at(objective.id).value;
            ranked.emplace_back(objective.goal == Goal::Minimize ? value : -value, &trial);
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::size_t count =
        std::min(ranked.size(), std::clamp<std::size_t>(ranked.size() / 5, kLeastGood, kMostGood));
    for (std::size_t i = 0; i < count; ++i)
        result.good.push_back(ranked[i].second->setting.at(parameter.id));
    return result;
}

std::optional<Density> densityOfGoodTrials(const Study& earlier, const Objective& objective,
                                           const Parameter& parameter) {
    const Parameter* source = earlier.definition.space.find(parameter.name);
    if (!source || std::holds_alternative<MixtureParts>(parameter.domain))
        return std::nullopt;
    std::vector<Value> values;
    for (const Value& value : measuredPlaces(earlier, objective, *source).good)
        if (const auto checked = checkedValue(parameter, value))
            values.push_back(*checked);
    if (values.size() < kLeastGood)
        return std::nullopt;
    if (std::holds_alternative<CategoricalChoices>(parameter.domain) ||
        std::holds_alternative<OrdinalChoices>(parameter.domain)) {
        ChoiceWeights weights;
        for (std::uint64_t rank = 0; rank < valueCount(parameter.domain).value_or(0); ++rank)
            weights.weights[formatValue(valueAtRank(parameter.domain, rank))] = 1.0;
        for (const Value& value : values)
            weights.weights[formatValue(value)] += 1.0;
        return Density{weights};
    }
    std::vector<double> positions;
    double mean = 0.0;
    for (const Value& value : values) {
        positions.push_back(Encoding::position(parameter, value));
        mean += positions.back() / static_cast<double>(values.size());
    }
    double variance = 0.0;
    for (const double position : positions)
        variance += (position - mean) * (position - mean) / static_cast<double>(positions.size() - 1);
    const double count = static_cast<double>(positions.size());
    const double width = std::max(1.06 * std::sqrt(variance) * std::pow(count, -0.2), kLeastWidth);
    DrawnDensity drawn;
    for (int i = 0; i < kKnots; ++i) {
        const double at = static_cast<double>(i) / (kKnots - 1);
        double height = kFlatShare;
        for (const double position : positions) {
            const double z = (at - position) / width;
            height += (1.0 - kFlatShare) * std::exp(-0.5 * z * z) / (count * width * 2.5066282746310002);
        }
        drawn.x.push_back(numberAtPosition(parameter, at));
        drawn.height.push_back(height);
    }
    return Density{drawn};
}

EditSequence beliefsFrom(const Study& earlier, const Definition& definition) {
    EditSequence result;
    if (earlier.definition.objectives.empty() || definition.objectives.empty())
        return result;
    const Objective* judge = &earlier.definition.objectives.front();
    for (const Objective& objective : earlier.definition.objectives)
        if (objective.name == definition.objectives.front().name)
            judge = &objective;
    std::int64_t id = definition.nextId;
    for (const Parameter& parameter : definition.space.parameters)
        if (auto density = densityOfGoodTrials(earlier, *judge, parameter))
            result.edits.push_back(
                PutBelief{Belief{BeliefId{id++}, OptimumBelief{parameter.id, *std::move(density)}, 0.5},
                          definition.beliefs.size() + result.edits.size()});
    return result;
}

} // namespace alidade
