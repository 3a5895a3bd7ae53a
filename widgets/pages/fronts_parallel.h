#pragma once

#include "pages/fronts_data.h"
#include "plots/parallel_item.h"

#include <vector>

namespace alidade {

struct ParallelData {
    std::vector<ParallelAxis> axes;
    std::vector<ParallelLine> lines;
};

/// Axes: objectives over the measured range, then parameters over their range (shares of a mixture one by
/// one). Lines: the trials of `data`; a value is missing where the parameter was not active.
[[nodiscard]] ParallelData parallelData(const Study& study, const FrontsData& data);

} // namespace alidade
