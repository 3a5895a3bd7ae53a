// The other process of the tests. With ALIDADE_TEST_ROLLBACK set it works as on a network file system. Each
// line on stdout is an acknowledgement: what it says had returned before.
//   project_file_helper measure FILE          adds, measures and edits until it is killed
//   project_file_helper add FILE TAG COUNT    adds trials with notes TAG:0, TAG:1, ..., and ends
//   project_file_helper claim FILE COUNT      claims trials and ends without a result
//   project_file_helper wait FILE             opens, says so, and closes when stdin ends
//   project_file_helper unprivileged FILE     opens as a user without rights; prints how that went
#include "project_file/project_file.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

using namespace alidade;

namespace {

[[noreturn]] void giveUp(const Error& error) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
    std::exit(1);
}

template <typename T>
T taken(Result<T> result) {
    if (!result.ok())
        giveUp(result.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(result).value();
}

/// One write(2) per line, so that a line is whole or absent.
void acknowledge(const std::string& text) {
    const std::string line = text + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        std::exit(2);
}

int measure(ProjectFile& file) {
    for (long round = 0;; ++round) {
        const TrialId id = taken(file.addTrials({Trial{}})).front();
        acknowledge("added " + std::to_string(id.value));
        if (!taken(file.claim(currentProcess(), id)))
            return 3;
        for (const double step : {1.0, 2.0})
            taken(file.addStep(id, {step, {{MeasureId{9}, {static_cast<double>(id.value) + step, {}}}}}));
        acknowledge("stepped " + std::to_string(id.value));
        taken(file.complete(id, {{MeasureId{9}, {static_cast<double>(id.value) / 8.0, {}}}}));
        acknowledge("complete " + std::to_string(id.value));
        const std::string name = std::to_string(::getpid()) + "-" + std::to_string(round);
        taken(file.apply(SetInfo{name, "", 0}));
        acknowledge("named " + name);
    }
}

int add(ProjectFile& file, const std::string& tag, int count) {
    for (int i = 0; i < count; ++i) {
        Trial trial;
        trial.note = tag + ":" + std::to_string(i);
        const TrialId id = taken(file.addTrials({trial})).front();
        taken(file.complete(id, {{MeasureId{9}, {static_cast<double>(i), {}}}}));
    }
    return 0;
}

int claim(ProjectFile& file, int count) {
    for (int i = 0; i < count; ++i)
        acknowledge(std::to_string(taken(file.claim(currentProcess()))->id.value));
    return 0;
}

int wait() {
    acknowledge("open");
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    return 0;
}

int unprivileged(const char* path) {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
        return 3;
    auto file = ProjectFile::open(path);
    if (!file.ok()) {
        acknowledge("error " + std::to_string(static_cast<int>(file.error().code)) + " " +
                    file.error().text());
        return 0;
    }
    const Study study = taken(file->load());
    acknowledge(std::string(file->isReadOnly() ? "read-only " : "writable ") +
                std::to_string(study.trials.size()) + " " + file->notice());
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string verb = argc > 2 ? argv[1] : "";
    if (verb == "unprivileged")
        return unprivileged(argv[2]);
    if (verb.empty())
        return 2;
    FileOptions options;
    options.rollbackJournal = std::getenv("ALIDADE_TEST_ROLLBACK") != nullptr;
    ProjectFile file = taken(ProjectFile::open(argv[2], options));
    if (verb == "measure")
        return measure(file);
    if (verb == "add" && argc == 5)
        return add(file, argv[3], std::atoi(argv[4]));
    if (verb == "claim" && argc == 4)
        return claim(file, std::atoi(argv[3]));
    if (verb == "wait")
        return wait();
    return 2;
}
