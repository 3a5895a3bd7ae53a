#include "suggest/belief_design.h"

#include "base/rng.h"
#include "space/sampling.h"
#include "suggest/suggest.h"

#include <algorithm>

namespace alidade {

BeliefDesign::BeliefDesign(const Definition& definition, Method method)
    : m_definition(definition),
      m_claims(definition, definition.objectives.size() == 1 ? std::optional(definition.objectives.front().id)
                                                             : std::nullopt) {
    m_active = method != Method::Random && method != Method::Sobol && m_claims.hasPlace() &&
               definition.strategy.beliefs != BeliefUse::Off;
}

std::optional<Setting> BeliefDesign::replacement(const Setting& setting, std::size_t index,
                                                 std::unordered_set<std::string>& taken) const {
    if (!m_active || index % 2 != 0)
        return std::nullopt;
    Rng rng(m_definition.seed, "belief design", index);
    const auto checked = checkedSetting(
        m_definition.space, index == 0 ? m_claims.placeMode(completed(m_definition.space, {}))
                                       : m_claims.drawPlace(setting, [&] { return rng.uniform(); }));
    if (!checked || !taken.insert(settingKey(*checked)).second)
        return std::nullopt;
    return *checked;
}

bool overruled(const AcquisitionTarget& target) {
    if (!target.beliefs() || !target.beliefs()->model)
        return false;
    const BeliefVerdict verdict = beliefVerdict(target.beliefs()->model->weights().logBayesFactor);
    return verdict == BeliefVerdict::Against || verdict == BeliefVerdict::Overrule;
}

Result<std::optional<Diversion>> displacedSetting(const AcquisitionTarget& target, std::size_t initial,
                                                  const std::unordered_set<std::string>& taken,
                                                  const Monitor& monitor) {
    if (!target.beliefs() || !target.beliefs()->model || !target.beliefs()->model->claims().hasPlace())
        return std::optional<Diversion>();
    const Definition& definition = target.state().definition;
    const std::size_t design = std::min(initialDesignSize(definition), initial);
    for (std::size_t index = 0; index < design; index += 2) {
        SamplingOptions options;
        options.seed = definition.seed;
        options.stream = "initial";
        options.skip = index;
        ALIDADE_ASSIGN(std::vector<Setting> settings, sampleFeasible(definition.space, 1, options, monitor));
        for (Setting& setting : settings)
            if (!taken.contains(settingKey(setting)))
                return std::optional(
                    Diversion{std::move(setting),
                              "from the evenly spread design, where your beliefs had taken its place"});
    }
    return std::optional<Diversion>();
}

} // namespace alidade
