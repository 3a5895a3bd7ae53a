#include "suggest/diversion.h"

#include "base/rng.h"
#include "base/text.h"
#include "space/sampling.h"

#include <cmath>
#include <cstdio>

namespace alidade {
namespace {

Result<std::optional<Setting>> anySetting(const AcquisitionTarget& target, std::uint64_t index,
                                          const std::unordered_set<std::string>& taken,
                                          const Monitor& monitor) {
    SamplingOptions sampling;
    sampling.seed = Rng(target.state().definition.seed, "explore", index).bits();
    sampling.stream = "explore";
    ALIDADE_ASSIGN(std::vector<Setting> settings,
                   sampleFeasible(target.state().definition.space, 64, sampling, monitor));
    for (Setting& setting : settings)
        if (!taken.contains(settingKey(setting)))
            return std::optional<Setting>(std::move(setting));
    return std::optional<Setting>();
}

std::optional<Diversion> because(std::optional<Setting> setting, std::string why) {
    if (!setting)
        return std::nullopt;
    return Diversion{std::move(*setting), std::move(why)};
}

} // namespace

std::string percentText(double share) {
    if (share > 0.0 && share < 1e-4)
        return "less than 0.01 %";
    if (share > 0.1)
        return std::to_string(std::lround(100.0 * share)) + " %";
    char text[32];
    std::snprintf(text, sizeof text, "%.2g %%", 100.0 * share);
    return text;
}

Result<std::optional<Diversion>> diversion(Method method, const AcquisitionTarget& target, const Turn& turn,
                                           std::optional<Scatter>& scatter, const TrustRegion& region,
                                           const std::unordered_set<std::string>& taken,
                                           const Monitor& monitor) {
    const Strategy& strategy = target.state().definition.strategy;
    if (method == Method::Turbo && region.designLeft > 0) {
        ALIDADE_ASSIGN(auto setting, anySetting(target, turn.index, taken, monitor));
        return because(std::move(setting),
                       "starts a new search elsewhere: the last trust region has shrunk to nothing");
    }
    if ((method != Method::EpsilonGreedy && method != Method::EpsilonShotgun) || !target.incumbent() ||
        !target.hasProcess())
        return std::optional<Diversion>();
    if (method == Method::EpsilonShotgun && turn.inBatch > 0 && turn.first != nullptr) {
        if (!scatter)
            scatter = scatterRound(target, *turn.first);
        return because(scatteredSetting(target, *scatter, turn.index, taken),
                       "scattered round the first setting of the batch, within " +
                           percentText(scatter->radius) + " of each range");
    }
    Rng chance(target.state().definition.seed, "epsilon", turn.index);
    if (!(chance.uniform() < strategy.epsilon))
        return std::optional<Diversion>();
    const std::string chanceText = ", as happens with a chance of " + percentText(strategy.epsilon);
    if (method == Method::EpsilonShotgun && strategy.exploration == Exploration::Front) {
        ALIDADE_ASSIGN(auto setting, frontSetting(target, turn.index, taken, monitor));
        return because(std::move(setting),
                       "explores: drawn from the front of best prediction and largest uncertainty" +
                           chanceText);
    }
    ALIDADE_ASSIGN(auto setting, anySetting(target, turn.index, taken, monitor));
    return because(std::move(setting), "explores: drawn at random" + chanceText);
}

} // namespace alidade
