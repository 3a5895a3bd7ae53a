#pragma once

#include "base/monitor.h"
#include "base/result.h"
#include "study/study.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace alidade {

struct RunOptions {
    std::filesystem::path file;
    std::optional<int> jobs; ///< trials measured at once; default: the study's runner
    std::optional<int>
        budget; ///< finished trials (complete or failed) in all; default: the study's strategy, else endless
    std::size_t threads = 0; ///< for the engine
};

struct RunEvent {
    enum class Kind { Started, Suggested, TrialStarted, TrialFinished, TrialFailed, Message, Finished };
    Kind kind = Kind::Message;
    TrialId trial;
    std::string text; ///< English, one line
};

struct RunSummary {
    int completed = 0; ///< in this run
    int failed = 0;
    bool stopped = false; ///< on request
    std::string reason;   ///< why it ended
};

/// Measures a study with its runner until the budget is used, the space is exhausted, or a stop is requested:
/// takes pending trials first, and asks for suggestions when none is left, with running ones taken into
/// account. Every result is in the project file before the next event is told. On a stop, running programs
/// are ended and their trials are pending again, so that the next run goes on where this one stopped.
/// Blocking; events come from the calling thread. Ends with ErrorCode::Process when the first trials all fail
/// in the same way.
[[nodiscard]] Result<RunSummary> runStudy(const RunOptions& options, const Monitor& monitor,
                                          const std::function<void(const RunEvent&)>& report);

} // namespace alidade
