#pragma once

#include "base/result.h"
#include "runners/process.h"
#include "study/study.h"

namespace alidade {

/// The measurements of a finished process. Each measure of the study is looked up by its name, or by the name
/// that the runner's `measures` gives it: first in the last line of standard output that is a JSON object,
/// else in its `name=value` lines (the last one of a name counts), else among the built-in wall_seconds,
/// cpu_seconds and peak_memory_mib. "inf" and "-inf" are values. Errors (code Process) say which measure is
/// missing or unusable.
[[nodiscard]] Result<Measurements> readMeasurements(const Definition& definition,
                                                    const RunnerConfiguration& configuration,
                                                    const ProcessResult& result);

} // namespace alidade
