#pragma once

#include "study/study.h"

namespace alidade {

/// What is wrong or doubtful with one belief: unknown ids, numbers out of order, a density that does not suit
/// its parameter, a claim that the range contradicts. `path` prefixes the places ("beliefs[2]").
[[nodiscard]] std::vector<Finding> validate(const Definition& definition, const Belief& belief,
                                            const std::string& path);

} // namespace alidade
