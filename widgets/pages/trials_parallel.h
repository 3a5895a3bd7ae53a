#pragma once

#include "plots/parallel_item.h"
#include "study/study.h"

#include <vector>

namespace alidade {

struct TrialsParallelData {
    std::vector<ParallelAxis> axes;
    std::vector<ParallelLine> lines;
    std::vector<MeasureId> measures; ///< the first axes, in this order
};

/// Parallel coordinates of all finished trials: measures over the bulk of what was measured, then parameters
/// over their range (shares of a mixture one by one). A value is missing where the parameter was not active,
/// the trial failed or the value is not finite. Strong lines: the incumbent, or the measured front of several
/// objectives. Excluded trials are left out.
[[nodiscard]] TrialsParallelData trialsParallelData(const Study& study);

} // namespace alidade
