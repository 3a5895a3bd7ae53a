#include "suggest/environment.h"

#include "belief/axis_density.h"
#include "math/gauss_legendre.h"
#include "math/sobol.h"
#include "suggest/method.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr std::uint64_t kExactChoices = 64;
constexpr std::size_t kMostPlaces = 400;
constexpr std::size_t kSobolPlaces = 256;
constexpr double kSpreads = 6.0; ///< of a normal density: beyond lies 2e-9 of it

struct Occurrence {
    Value value;
    double weight = 0.0;
};
/// What one condition is in use.
using Occurring = std::vector<Occurrence>;

/// The positions between which a density is not 0.
std::pair<double, double> extent(const Parameter& parameter, const Density& density) {
    double from = 0.0;
    double to = 1.0;
    const auto within = [&](double low, double high) {
        from = std::max(from, low);
        to = std::min(to, high);
    };
    if (const auto* normal = std::get_if<NormalDensity>(&density)) {
        const double center = scalePosition(parameter, normal->center);
        const double reach = kSpreads * normal->spread / scaleWidth(parameter);
        within(center - reach, center + reach);
        if (normal->low)
            within(scalePosition(parameter, *normal->low), to);
        if (normal->high)
            within(from, scalePosition(parameter, *normal->high));
    } else if (const auto* uniform = std::get_if<UniformDensity>(&density)) {
        within(scalePosition(parameter, uniform->low), scalePosition(parameter, uniform->high));
    } else if (const auto* drawn = std::get_if<DrawnDensity>(&density)) {
        within(scalePosition(parameter, drawn->x.front()), scalePosition(parameter, drawn->x.back()));
    }
    // A centre far outside the range leaves its tail at the nearest end.
    return from < to ? std::pair(from, to) : std::pair(0.0, 1.0);
}

void normalise(Occurring& occurring) {
    double total = 0.0;
    for (const Occurrence& outcome : occurring)
        total += outcome.weight;
    for (Occurrence& outcome : occurring)
        outcome.weight /= total;
}

Occurring occurring(const Parameter& parameter, const Density& density) {
    const AxisDensity axis(parameter, density);
    Occurring result;
    const auto count = valueCount(parameter.domain);
    if (count && *count <= kExactChoices) {
        for (std::uint64_t rank = 0; rank < *count; ++rank) {
            const Value value = valueAtRank(parameter.domain, rank);
            result.push_back({value, std::exp(axis.logRatio(value))});
        }
    } else {
        const auto [from, to] = extent(parameter, density);
        visitGaussLegendre20(from, to, [&](double position, double weight) {
            result.push_back(
                {Encoding::valueAt(parameter, position), weight * std::exp(axis.logRatioAt(position))});
        });
    }
    normalise(result);
    return result;
}

/// One setting of all conditions.
struct EnvironmentPlace {
    Setting values;
    double weight = 1.0;
};

std::vector<EnvironmentPlace> environmentPlaces(const Definition& definition) {
    std::vector<const Parameter*> parameters;
    std::vector<Occurring> each;
    std::size_t product = 1;
    for (const EnvironmentCondition& condition : definition.environment) {
        parameters.push_back(definition.space.find(condition.parameter));
        each.push_back(occurring(*parameters.back(), condition.density));
        product = std::min(product * each.back().size(), kMostPlaces + 1);
    }
    std::vector<EnvironmentPlace> result;
    if (product <= kMostPlaces) {
        result.emplace_back();
        for (std::size_t c = 0; c < each.size(); ++c) {
            std::vector<EnvironmentPlace> longer;
            for (const EnvironmentPlace& place : result)
                for (const Occurrence& outcome : each[c]) {
                    longer.push_back(place);
                    longer.back().values[parameters[c]->id] = outcome.value;
                    longer.back().weight *= outcome.weight;
                }
            result = std::move(longer);
        }
        return result;
    }
    SobolSequence sequence(each.size(), definition.seed);
    for (std::size_t i = 0; i < kSobolPlaces; ++i) {
        const std::vector<double> u = sequence.next();
        EnvironmentPlace place;
        for (std::size_t c = 0; c < each.size(); ++c) {
            const AxisDensity axis(*parameters[c], definition.environment[c].density);
            place.values[parameters[c]->id] = axis.quantile(u[c]);
        }
        place.weight = 1.0 / static_cast<double>(kSobolPlaces);
        result.push_back(std::move(place));
    }
    return result;
}

Setting merged(Setting setting, const Setting& conditions) {
    for (const auto& [id, value] : conditions)
        setting[id] = value;
    return setting;
}

} // namespace

bool averagesConditions(const Definition& definition) {
    if (definition.environment.empty() || definition.objectives.size() != 1)
        return false;
    const Method method = methodFor(definition);
    return method == Method::LogEi || method == Method::Random || method == Method::Sobol;
}

Occurrences occurrencesOf(const StudyModel::State& state) {
    const std::vector<EnvironmentPlace> all = environmentPlaces(state.definition);
    const Setting base = completed(state.definition.space, {});
    const std::vector<Coordinate>& coordinates = state.encoding.coordinates();
    Occurrences result;
    for (std::size_t column = 0; column < state.features.groups().size(); ++column) {
        const auto group = static_cast<std::size_t>(state.features.groups()[column]);
        if (group < coordinates.size() &&
            std::any_of(state.definition.environment.begin(), state.definition.environment.end(),
                        [&](const EnvironmentCondition& condition) {
                            return condition.parameter == coordinates[group].parameter;
                        }))
            result.columns.push_back(static_cast<Eigen::Index>(column));
    }
    result.places.resize(static_cast<Eigen::Index>(all.size()),
                         static_cast<Eigen::Index>(result.columns.size()));
    result.weights.resize(result.places.rows());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        const Eigen::RowVectorXd features = state.features.row(merged(base, all[i].values));
        for (std::size_t c = 0; c < result.columns.size(); ++c)
            result.places(row, static_cast<Eigen::Index>(c)) = features(result.columns[c]);
        result.weights(row) = all[i].weight;
    }
    return result;
}

IntegratedPosterior averageOf(const StudyModel::State& state, const GaussianProcess& process) {
    return {process, *state.conditions};
}

Setting withTellingConditions(const StudyModel::State& state, const IntegratedPosterior& average,
                              const Setting& setting, const std::unordered_set<std::string>& taken) {
    std::vector<Setting> settings;
    for (const EnvironmentPlace& place : environmentPlaces(state.definition)) {
        Setting candidate = merged(setting, place.values);
        if (!taken.contains(settingKey(candidate)) && state.constraints.feasible(candidate))
            settings.push_back(std::move(candidate));
    }
    if (settings.empty())
        return setting;
    Eigen::Index best = 0;
    average.varianceReduction(state.features.row(setting), state.features.rows(settings)).maxCoeff(&best);
    return std::move(settings[static_cast<std::size_t>(best)]);
}

Setting withLikeliestConditions(const Definition& definition, Setting setting) {
    for (const EnvironmentCondition& condition : definition.environment)
        if (const Parameter* parameter = definition.space.find(condition.parameter))
            setting[condition.parameter] = AxisDensity(*parameter, condition.density).mode();
    return setting;
}

} // namespace alidade
