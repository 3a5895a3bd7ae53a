#include "project_file/process_identity.h"

#include "base/text.h"

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

namespace alidade {
namespace {

constexpr std::size_t kStartTimeField = 22;

std::string hostName() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "unknown";
    return name.data();
}

} // namespace

std::optional<std::int64_t> startTimeFromStat(std::string_view stat) {
    const std::size_t nameEnd = stat.rfind(')');
    if (nameEnd == std::string_view::npos || nameEnd + 2 >= stat.size())
        return std::nullopt;
    // What follows the name begins with field 3.
    const auto fields = split(stat.substr(nameEnd + 2), ' ');
    if (fields.size() <= kStartTimeField - 3)
        return std::nullopt;
    // A process that has ended and was not yet waited for measures nothing any more.
    if (fields[0] == "Z" || fields[0] == "X")
        return std::nullopt;
    return parseInteger(fields[kStartTimeField - 3]);
}

std::optional<std::int64_t> processStartTime(std::int64_t processId) {
    std::ifstream file("/proc/" + std::to_string(processId) + "/stat", std::ios::binary);
    if (!file)
        return std::nullopt;
    return startTimeFromStat(std::string(std::istreambuf_iterator<char>(file), {}));
}

bool hasEnded(const RunnerIdentity& runner) {
    if (runner.host != hostName())
        return false;
    if (processStartTime(runner.processId) == std::optional(runner.processStart))
        return false;
    // Where /proc hides the processes of other users, only the signal's refusal tells that there is one.
    return ::kill(static_cast<pid_t>(runner.processId), 0) == 0 || errno != EPERM;
}

RunnerIdentity currentProcess() {
    const auto processId = static_cast<std::int64_t>(::getpid());
    return {hostName(), processId, processStartTime(processId).value_or(0)};
}

} // namespace alidade
