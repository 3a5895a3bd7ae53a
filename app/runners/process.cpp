#include "runners/process.h"

#include "base/text.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace alidade {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kGrace = std::chrono::seconds(2);
constexpr auto kDrain = std::chrono::milliseconds(500);
constexpr int kPollMs = 25;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A file descriptor that closes itself.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void reset(int fd) {
        close();
        m_fd = fd;
    }
    void close() {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd = -1;
};

struct Pipe {
    Descriptor read;
    Descriptor write;

    bool open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            return false;
        read.reset(ends[0]);
        write.reset(ends[1]);
        return true;
    }
};

/// Keeps the beginning and the end of what comes.
class Capture {
public:
    explicit Capture(std::size_t limit) : m_half(limit / 2) {}

    void add(const char* data, std::size_t size) {
        const std::size_t room = m_half > m_head.size() ? m_half - m_head.size() : 0;
        const std::size_t first = std::min(room, size);
        m_head.append(data, first);
        m_tail.append(data + first, size - first);
        if (m_tail.size() > 4 * m_half + 65536)
            trim();
    }

    [[nodiscard]] std::string text() {
        trim();
        if (m_cut == 0)
            return m_head + m_tail;
        return m_head + "\n[... " + std::to_string(m_cut) + " bytes left out ...]\n" + m_tail;
    }

private:
    void trim() {
        if (m_tail.size() <= m_half)
            return;
        m_cut += m_tail.size() - m_half;
        m_tail.erase(0, m_tail.size() - m_half);
    }

    std::size_t m_half;
    std::string m_head;
    std::string m_tail;
    std::size_t m_cut = 0;
};

/// Reads what is there; false at the end of the stream.
bool drain(const Descriptor& descriptor, Capture& capture) {
    std::array<char, 65536> buffer; // NOLINT: filled by read
    // Bounded, so that a flood does not keep us from looking at the clock.
    for (int i = 0; i < 64; ++i) {
        const ssize_t count = ::read(descriptor.get(), buffer.data(), buffer.size());
        if (count > 0)
            capture.add(buffer.data(), static_cast<std::size_t>(count));
        else if (count == 0)
            return false;
        else if (errno != EINTR)
            return errno == EAGAIN;
    }
    return true;
}

std::string lastLine(const std::string& text) {
    const std::vector<std::string> lines = split(trimmed(text), '\n');
    std::string line(trimmed(lines.back()));
    if (line.size() > 300)
        line.replace(300, std::string::npos, "...");
    return line;
}

std::string exitReason(const ProcessResult& result) {
    const std::string said = lastLine(result.errorOutput);
    const std::string detail = said.empty() ? "" : ": " + said;
    if (result.end == ProcessResult::End::Signalled)
        return "killed by signal " + std::to_string(result.code) + " (" + ::strsignal(result.code) + ")" +
               detail;
    return "exited with status " + std::to_string(result.code) + detail;
}

std::string startReason(const ProcessRequest& request, int error, bool atDirectory) {
    const std::string& program = request.arguments.front();
    if (atDirectory)
        return "the working directory " + request.directory.string() +
               " cannot be entered: " + std::strerror(error);
    if (error == ENOENT)
        return "not found: " + program + " (is it installed?)";
    if (error == EACCES)
        return program + " is not an executable program";
    return program + " cannot be started: " + std::strerror(error);
}

/// What the child reports when it cannot become the program.
struct StartFailure {
    int error = 0;
    bool atDirectory = false;
};

/// Only calls that are safe between fork and exec in a program with threads.
[[noreturn]] void becomeProgram(char* const* arguments, char* const* environment, const char* directory,
                                int output, int errorOutput, int report) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a killed runner leaves no measurement behind
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP})
        ::signal(signal, SIG_DFL);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errorOutput, STDERR_FILENO);
    StartFailure failure;
    if (directory[0] != '\0' && ::chdir(directory) != 0) {
        failure = {errno, true};
    } else {
        ::execvpe(arguments[0], arguments, environment);
        failure = {errno, false};
    }
    [[maybe_unused]] const ssize_t written = ::write(report, &failure, sizeof failure);
    ::_exit(127);
}

std::vector<std::string> mergedEnvironment(const std::map<std::string, std::string>& changes) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text(*entry);
        if (!changes.contains(text.substr(0, text.find('='))))
            result.push_back(text);
    }
    for (const auto& [name, value] : changes)
        result.push_back(name + "=" + value);
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

bool hasEnded(pid_t child) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child;
}

} // namespace

ProcessResult runProcess(const ProcessRequest& request, const Monitor& monitor) {
    ProcessResult result;
    if (request.arguments.empty() || request.arguments.front().empty()) {
        result.failure = "the command is empty";
        return result;
    }
    Pipe output;
    Pipe errorOutput;
    Pipe report;
    if (!output.open() || !errorOutput.open() || !report.open()) {
        result.failure = std::string("no pipe can be made: ") + std::strerror(errno);
        return result;
    }
    std::vector<std::string> arguments = request.arguments;
    std::vector<std::string> environment = mergedEnvironment(request.environment);
    const std::vector<char*> argumentPointers = pointers(arguments);
    const std::vector<char*> environmentPointers = pointers(environment);
    const std::string directory = request.directory.string();
    const Clock::time_point start = Clock::now();
    const pid_t child = ::fork();
    if (child < 0) {
        result.failure = std::string("no process can be made: ") + std::strerror(errno);
        return result;
    }
    if (child == 0)
        becomeProgram(argumentPointers.data(), environmentPointers.data(), directory.c_str(),
                      output.write.get(), errorOutput.write.get(), report.write.get());
    ::setpgid(child, child);
    output.write.close();
    errorOutput.write.close();
    report.write.close();
    StartFailure failure;
    if (::read(report.read.get(), &failure, sizeof failure) == static_cast<ssize_t>(sizeof failure)) {
        ::waitpid(child, nullptr, 0);
        result.failure = startReason(request, failure.error, failure.atDirectory);
        return result;
    }
    ::fcntl(output.read.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(errorOutput.read.get(), F_SETFL, O_NONBLOCK);
    Capture captured(request.outputLimit);
    Capture capturedErrors(request.outputLimit);
    std::optional<Clock::time_point> asked; ///< when SIGTERM was sent
    std::optional<Clock::time_point> ended;
    bool outputOpen = true;
    bool errorOpen = true;
    while (!(ended && ((!outputOpen && !errorOpen) || Clock::now() - *ended > kDrain))) {
        std::array<pollfd, 2> watched{pollfd{outputOpen ? output.read.get() : -1, POLLIN, 0},
                                      pollfd{errorOpen ? errorOutput.read.get() : -1, POLLIN, 0}};
        ::poll(watched.data(), watched.size(), kPollMs);
        outputOpen = outputOpen && drain(output.read, captured);
        errorOpen = errorOpen && drain(errorOutput.read, capturedErrors);
        if (!ended && hasEnded(child)) {
            ended = Clock::now();
            result.wallSeconds = secondsSince(start);
        }
        if (ended)
            continue;
        if (!asked && monitor.stopRequested())
            result.end = ProcessResult::End::Stopped;
        else if (!asked && request.timeoutSeconds > 0.0 && secondsSince(start) > request.timeoutSeconds)
            result.end = ProcessResult::End::TimedOut;
        if (!asked && result.end != ProcessResult::End::NotStarted) {
            ::kill(-child, SIGTERM);
            asked = Clock::now();
        } else if (asked && Clock::now() - *asked > kGrace) {
            ::kill(-child, SIGKILL);
        }
    }
    ::kill(-child, SIGKILL); // what the program left behind in its group
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    result.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result.peakMemoryMiB = static_cast<double>(usage.ru_maxrss) / 1024.0;
    result.output = captured.text();
    result.errorOutput = capturedErrors.text();
    if (result.end == ProcessResult::End::TimedOut) {
        result.failure = "took longer than " + formatDouble(request.timeoutSeconds) + " s and was stopped";
    } else if (result.end == ProcessResult::End::Stopped) {
        result.failure = "stopped on request";
    } else {
        result.end = WIFSIGNALED(status) ? ProcessResult::End::Signalled : ProcessResult::End::Exited;
        result.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        if (!result.succeeded())
            result.failure = exitReason(result);
    }
    return result;
}

} // namespace alidade
