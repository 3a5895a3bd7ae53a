// Milliseconds per operation and size of the file at 100 to 10,000 trials of 10 parameters and 2 measures.
#include "base/rng.h"
#include "project_file/project_file.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

using namespace alidade;

namespace {

constexpr int kParameters = 10;

/// The value, or the end of the benchmark with the reason.
template <typename T>
T taken(Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(result).value();
}

double medianMs(int repeats, const std::function<void(int)>& action) {
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i) {
        const auto start = std::chrono::steady_clock::now();
        action(i);
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

Definition definition() {
    Definition d;
    for (int i = 1; i <= kParameters; ++i)
        d.space.parameters.push_back({ParameterId{i}, "x" + std::to_string(i), RealRange{}, "", {}, {}});
    d.objectives = {{MeasureId{11}, "loss", Goal::Minimize, "", {}, {}, {}},
                    {MeasureId{12}, "seconds", Goal::Minimize, "s", {}, {}, {}}};
    d.nextId = 13;
    return d;
}

std::vector<Trial> trials(int count) {
    Rng rng(1, "trials");
    std::vector<Trial> list(static_cast<std::size_t>(count));
    for (Trial& trial : list) {
        trial.state = TrialState::Complete;
        trial.origin = Origin::Model;
        trial.reason = "largest log expected improvement";
        for (int i = 1; i <= kParameters; ++i)
            trial.setting[ParameterId{i}] = Value(rng.uniform());
        trial.values = {{MeasureId{11}, {rng.normal(), {}}}, {MeasureId{12}, {rng.normal(), 0.1}}};
        trial.createdMs = trial.startedMs = trial.finishedMs = 1'700'000'000'000;
    }
    return list;
}

void bench(const std::filesystem::path& path, int count) {
    std::filesystem::remove(path);
    const std::filesystem::path copy = path.string() + ".copy";
    auto file = std::make_unique<ProjectFile>(taken(ProjectFile::create(path, definition())));
    std::printf("%d trials\n", count);
    std::printf("  add all at once    %9.2f ms\n",
                medianMs(1, [&](int) { taken(file->addTrials(trials(count))); }));
    file.reset();
    std::printf("  size               %9.1f KiB\n",
                static_cast<double>(std::filesystem::file_size(path)) / 1024.0);
    std::printf("  open, close        %9.2f ms\n", medianMs(5, [&](int) { taken(ProjectFile::open(path)); }));
    file = std::make_unique<ProjectFile>(taken(ProjectFile::open(path)));
    std::printf("  open beside        %9.2f ms\n", medianMs(5, [&](int) { taken(ProjectFile::open(path)); }));
    std::printf("  load               %9.2f ms\n", medianMs(5, [&](int) { taken(file->load()); }));
    const auto ids = taken(file->addTrials(std::vector<Trial>(101)));
    std::size_t next = 0;
    std::printf("  complete a trial   %9.2f ms\n", medianMs(50, [&](int) {
                    taken(file->complete(ids[next++], {{MeasureId{11}, {1.0, {}}}}));
                }));
    std::printf("  claim a trial      %9.2f ms\n", medianMs(50, [&](int) {
                    if (!taken(file->claim(currentProcess())))
                        std::exit(1);
                }));
    std::printf("  edit definition    %9.2f ms\n", medianMs(20, [&](int i) {
                    taken(file->apply(SetInfo{"study", std::to_string(i), 0}));
                }));
    const Revision revision = taken(file->revision());
    std::printf("  poll, no change    %9.4f ms\n",
                medianMs(100, [&](int) { taken(file->changesSince(revision)); }));
    std::printf("  poll, 5 changes    %9.4f ms\n",
                medianMs(100, [&](int) { taken(file->changesSince(revision - 25)); }));
    std::printf("  save a copy        %9.2f ms\n",
                medianMs(3, [&](int) { taken(file->saveCopy(copy, true)); }));
    std::printf("  keep a version     %9.2f ms\n",
                medianMs(3, [&](int) { taken(file->keepVersion("kept")); }));
    file.reset();
    std::filesystem::remove(path);
    std::filesystem::remove(copy);
}

} // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder =
        argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
    for (const int count : {100, 1000, 10000})
        bench(folder / "bench.alidade", count);
    return 0;
}
