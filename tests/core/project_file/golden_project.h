#pragma once

#include "sample_study.h"

namespace alidade::test {

/// The content of tests/data/projects/schema1.alidade (without slopes) and schema2.alidade (with them) is
/// made by these calls and never changes: a later program must read from those files what this header says.
[[nodiscard]] inline Result<void> fillGoldenProject(ProjectFile& file, bool slopes) {
    ALIDADE_ASSIGN(const auto ids, file.addTrials(sampleTrials(slopes)));
    ALIDADE_ASSIGN(const auto more, file.addTrials({sampleTrials()[0], sampleTrials()[0]}));
    // On another computer, so that no one knows whether it still runs.
    ALIDADE_CHECK(file.claim(RunnerIdentity{"elsewhere", 4711, 12345}, ids[0]));
    ALIDADE_CHECK(
        file.storeOutput(ids[1], OutputStream::StandardOutput, std::string("loss=0.1\n\0\xff", 11)));
    ALIDADE_CHECK(file.storeOutput(ids[3], OutputStream::StandardError, "out of memory"));
    ALIDADE_CHECK(file.keepVersion("before the change"));
    Objective speed = sampleDefinition().objectives[1];
    speed.goal = Goal::Minimize;
    ALIDADE_CHECK(file.apply(PutObjective{speed}));
    ALIDADE_CHECK(file.apply(RemoveTrial{more[1]}));
    return {};
}

/// What load() returns, but for the time at which a trial was claimed.
[[nodiscard]] inline Study goldenStudy(bool slopes) {
    Study study{sampleDefinition(), sampleTrials(slopes)};
    study.definition.objectives[1].goal = Goal::Minimize;
    study.trials.push_back(study.trials[0]);
    study.trials[0].state = TrialState::Running;
    study.trials[0].attempt = 1;
    for (std::size_t i = 0; i < study.trials.size(); ++i)
        study.trials[i].id = TrialId{static_cast<std::int64_t>(i) + 1};
    return study;
}

/// The trials of the version that was kept.
[[nodiscard]] inline Study goldenVersion(bool slopes) {
    Study study = goldenStudy(slopes);
    study.definition = sampleDefinition();
    Trial removed = study.trials.back();
    removed.id = TrialId{8};
    study.trials.push_back(removed);
    return study;
}

} // namespace alidade::test
