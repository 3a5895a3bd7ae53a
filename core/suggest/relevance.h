#pragma once

#include "suggest/target.h"

#include <optional>
#include <string>
#include <unordered_set>

namespace alidade {

/// A setting that differs from the incumbent's in one parameter only, where a model in which this parameter
/// matters expects most: the check of a parameter that the fit takes for irrelevant, perhaps only because it
/// was measured at few values, as conditional ones are. `turn` 0 checks the coordinate with the longest
/// length scale, 1 the next one, and so on round; inactive ones, shares of mixtures and those
/// known to matter are passed over.
/// Nothing without an incumbent or when no untried feasible setting (`taken` holds settingKey()s) is left.
[[nodiscard]] std::optional<Setting> checkOfRelevance(const AcquisitionTarget& target, std::uint64_t turn,
                                                      const std::unordered_set<std::string>& taken);

} // namespace alidade
