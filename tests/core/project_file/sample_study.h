#pragma once

#include "project_file/project_file.h"

#include <limits>

namespace alidade::test {

/// A definition that uses every kind of parameter, belief, desirability and option.
[[nodiscard]] inline Definition sampleDefinition() {
    Definition d;
    d.name = "sämple \"study\"";
    d.notes = "first line\nsecond line";
    d.seed = 18446744073709551615U;
    d.nextId = 20;
    d.space.parameters = {
        {ParameterId{1}, "rate", RealRange{1e-5, 0.1, Scale::Log, {}}, "1/step", Value(1e-3), {}},
        {ParameterId{2}, "layers", IntegerRange{1, 12, Scale::Linear, 1}, "", {}, {}},
        {ParameterId{3},
         "batch",
         OrdinalChoices{{Value(std::int64_t{16}), Value(std::int64_t{32})}},
         "",
         {},
         {}},
        {ParameterId{4},
         "optimizer",
         CategoricalChoices{{Value(std::string("sgd")), Value(std::string("adam"))}},
         "",
         {},
         {}},
        {ParameterId{5},
         "momentum",
         RealRange{0.0, 0.99, Scale::Linear, {}},
         "",
         {},
         {Condition{ParameterId{4}, {Value(std::string("sgd"))}}}},
        {ParameterId{6},
         "mix",
         MixtureParts{{"web", "code", "books"}, {0, 0, 0}, {1, 1, 1}, 1.0},
         "",
         {},
         {}},
        {ParameterId{7}, "shuffle", CategoricalChoices{{Value(true), Value(false)}}, "", {}, {}},
    };
    d.space.constraints = {{ConstraintId{8}, "layers * batch <= 320"}};
    d.objectives = {{MeasureId{9}, "loss", Goal::Minimize, "nat", 2.0, 0.125,
                     DesirabilityFunction{DesirabilityMin{0.2, 1.0, 1.0}, 0.5, 0.01, 2.0}},
                    {MeasureId{10}, "speed", Goal::Maximize, "1/s", {}, {}, {}}};
    d.outcomeConstraints = {{MeasureId{11}, "memory", "GiB", {}, 24.0}};
    d.beliefs = {{BeliefId{12}, OptimumBelief{ParameterId{1}, NormalDensity{1e-3, 0.5}}, 0.75},
                 {BeliefId{13}, BestValueBelief{MeasureId{9}, NormalDensity{0.3, 0.05}}, 1.0},
                 {BeliefId{14},
                  PreferenceBelief{{{ParameterId{1}, Value(1e-3)}}, {{ParameterId{1}, Value(0.05)}}}, 0.9}};
    d.strategy = {Method::LogEi, 3, 8, 100};
    RunnerConfiguration runner;
    runner.command = "measure --rate {rate} --layers {layers}";
    runner.jobs = 2;
    runner.timeoutSeconds = 12.5;
    runner.environment = {{"OMP_NUM_THREADS", "1"}};
    runner.measures = {{"memory", "peak_memory_mib"}};
    d.runner = runner;
    d.fidelity = Fidelity{"epoch", 1.0, 27.0, "asha", 3.0};
    return d;
}

[[nodiscard]] inline Setting sampleSetting(double rate = 1e-3) {
    return {{ParameterId{1}, Value(rate)},
            {ParameterId{2}, Value(std::int64_t{4})},
            {ParameterId{3}, Value(std::int64_t{32})},
            {ParameterId{4}, Value(std::string("sgd"))},
            {ParameterId{5}, Value(0.9)},
            {ParameterId{6}, Value(std::vector<double>{0.5, 0.25, 0.25})},
            {ParameterId{7}, Value(true)}};
}

/// One trial of each state and origin, with every kind of number. Times are set, ids are not.
[[nodiscard]] inline std::vector<Trial> sampleTrials(bool slopes = true) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    std::vector<Trial> trials(6);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        trials[i].setting = sampleSetting(1e-4 * static_cast<double>(i + 1));
        trials[i].createdMs = 1'700'000'000'000 + static_cast<std::int64_t>(i);
    }
    Trial& pending = trials[0];
    pending.origin = Origin::Model;
    pending.reason = "expected improvement 0.125 nat";
    Trial& complete = trials[1];
    complete.state = TrialState::Complete;
    complete.origin = Origin::Initial;
    complete.values = {
        {MeasureId{9}, {0.1, 0.01}}, {MeasureId{10}, {5e-324, {}}}, {MeasureId{11}, {20.0, 0.0}}};
    if (slopes) {
        complete.values[MeasureId{9}].slopes = {{ParameterId{1}, {-120.5, 3.0}}, {ParameterId{5}, {0.0, {}}}};
        complete.values[MeasureId{11}].slopes = {{ParameterId{1}, {1.7976931348623157e308, 0.0}}};
    }
    complete.note = "by hand; naïve \xe2\x88\x9e";
    complete.startedMs = complete.createdMs + 10;
    complete.finishedMs = complete.createdMs + 20;
    complete.attempt = 1;
    Trial& diverged = trials[2];
    diverged.state = TrialState::Complete;
    diverged.origin = Origin::Imported;
    diverged.values = {{MeasureId{9}, {kInfinity, {}}},
                       {MeasureId{10}, {-kInfinity, {}}},
                       {MeasureId{11}, {-1.7976931348623157e308, {}}}};
    diverged.excluded = true;
    Trial& failed = trials[3];
    failed.state = TrialState::Failed;
    failed.origin = Origin::Random;
    failed.failure = "exit code 3: out of memory";
    failed.attempt = 3;
    Trial& stopped = trials[4];
    stopped.state = TrialState::Stopped;
    stopped.steps = {{1.0, {{MeasureId{9}, {2.5, {}}}}},
                     {3.0, {{MeasureId{9}, {1.5, 0.25}}, {MeasureId{10}, {kInfinity, {}}}}},
                     {9.0, {}}};
    Trial& withdrawn = trials[5];
    withdrawn.state = TrialState::Withdrawn;
    withdrawn.setting.erase(ParameterId{5});
    withdrawn.setting[ParameterId{4}] = Value(std::string("adam"));
    withdrawn.setting[ParameterId{7}] = Value(false);
    return trials;
}

} // namespace alidade::test
