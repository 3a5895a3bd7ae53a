#pragma once

#include "base/monitor.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// A program to run on this machine.
struct ProcessRequest {
    std::vector<std::string> arguments;             ///< the program and its arguments; found through PATH
    std::map<std::string, std::string> environment; ///< added to, or replacing entries of, our own
    std::filesystem::path directory;                ///< working directory; empty = ours
    double timeoutSeconds = 0.0;                    ///< 0 = none
    std::size_t outputLimit = 1 << 20;              ///< bytes kept per stream: the first and the last halves
};

struct ProcessResult {
    enum class End { NotStarted, Exited, Signalled, TimedOut, Stopped };
    End end = End::NotStarted;
    int code = 0; ///< exit status or signal number
    double wallSeconds = 0.0;
    double cpuSeconds = 0.0;    ///< user and system, of the program and the children it waited for
    double peakMemoryMiB = 0.0; ///< largest resident set
    std::string output;
    std::string errorOutput;
    std::string failure; ///< readable reason; empty when it exited with status 0

    [[nodiscard]] bool succeeded() const { return end == End::Exited && code == 0; }
};

/// Runs the program to its end in a process group of its own. At the time limit or on a stop request the
/// whole group gets SIGTERM and two seconds later SIGKILL; children that outlive the program are killed too.
/// Output is read all the time, so that a program never blocks on it, and kept up to the limit. Blocking;
/// safe in several threads at once.
[[nodiscard]] ProcessResult runProcess(const ProcessRequest& request, const Monitor& monitor = {});

} // namespace alidade
