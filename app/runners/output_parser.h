#pragma once

#include "base/result.h"
#include "runners/process.h"
#include "study/study.h"

namespace alidade {

struct ProgramResults {
    Measurements values;
    std::vector<std::string> remarks; ///< about slopes that were left out
};

/// The measurements of a finished process. Each measure of the study is looked up by its name, or by the name
/// that the runner's `measures` gives it: first in the last line of standard output that is a JSON object,
/// else in its `name=value` lines (the last one of a name counts), else among the built-in wall_seconds,
/// cpu_seconds and peak_memory_mib. "inf" and "-inf" are values. Errors (code Process) say which measure is
/// missing or unusable.
/// Slopes are looked up in the same place, as "dloss/dlr" with the name of the measure there and that of the
/// parameter. Programs print the gradient that they have, and a value that was paid for is not thrown away
/// for it: slopes that are not finite, along parameters that are not active in the setting, or of a value
/// that is not finite are passed over; those along what is no real parameter, or no number, with a remark.
[[nodiscard]] Result<ProgramResults> readMeasurements(const Definition& definition, const Setting& setting,
                                                      const RunnerConfiguration& configuration,
                                                      const ProcessResult& result);

} // namespace alidade
