#include "suggest/maximiser.h"

namespace alidade {

std::optional<std::vector<Setting>> enumerateSettings(const SearchSpace& space,
                                                      const ConstraintSet& constraints, std::uint64_t most) {
    const auto count = settingCount(space);
    const auto order = topologicalOrder(space);
    if (!count || *count > most || !order)
        return std::nullopt;
    std::vector<Setting> result;
    const auto descend = [&](auto&& self, std::size_t depth, Setting& setting) -> void {
        if (depth == order->size()) {
            if (constraints.feasible(setting))
                result.push_back(setting);
            return;
        }
        const Parameter& parameter = *space.find((*order)[depth]);
        if (!isActive(space, parameter.id, setting)) {
            self(self, depth + 1, setting);
            return;
        }
        for (std::uint64_t rank = 0; rank < *valueCount(parameter.domain); ++rank) {
            setting[parameter.id] = valueAtRank(parameter.domain, rank);
            self(self, depth + 1, setting);
        }
        setting.erase(parameter.id);
    };
    Setting setting;
    descend(descend, 0, setting);
    return result;
}

} // namespace alidade
