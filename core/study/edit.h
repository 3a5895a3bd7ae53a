#pragma once

#include "study/study.h"

#include <variant>
#include <vector>

namespace alidade {

/// Changes of a study as data. apply() performs one and returns its inverse, so that undo is apply(inverse).
/// Put... inserts at `index` (or the end when beyond) when the id is new, else replaces in place and moves to
/// `index` unless it is kKeepPlace.
inline constexpr std::size_t kKeepPlace = static_cast<std::size_t>(-1);

struct SetInfo {
    std::string name;
    std::string notes;
    std::uint64_t seed = 0;
    bool operator==(const SetInfo&) const = default;
};
struct PutParameter {
    Parameter parameter;
    std::size_t index = kKeepPlace;
    bool operator==(const PutParameter&) const = default;
};
/// Old trials keep their values of a removed parameter; they are ignored until it comes back.
struct RemoveParameter {
    ParameterId id;
    bool operator==(const RemoveParameter&) const = default;
};
struct PutConstraint {
    Constraint constraint;
    std::size_t index = kKeepPlace;
    bool operator==(const PutConstraint&) const = default;
};
struct RemoveConstraint {
    ConstraintId id;
    bool operator==(const RemoveConstraint&) const = default;
};
struct PutObjective {
    Objective objective;
    std::size_t index = kKeepPlace;
    bool operator==(const PutObjective&) const = default;
};
struct RemoveObjective {
    MeasureId id;
    bool operator==(const RemoveObjective&) const = default;
};
struct PutOutcomeConstraint {
    OutcomeConstraint constraint;
    std::size_t index = kKeepPlace;
    bool operator==(const PutOutcomeConstraint&) const = default;
};
struct RemoveOutcomeConstraint {
    MeasureId id;
    bool operator==(const RemoveOutcomeConstraint&) const = default;
};
struct PutBelief {
    Belief belief;
    std::size_t index = kKeepPlace;
    bool operator==(const PutBelief&) const = default;
};
struct RemoveBelief {
    BeliefId id;
    bool operator==(const RemoveBelief&) const = default;
};
struct SetStrategy {
    Strategy strategy;
    bool operator==(const SetStrategy&) const = default;
};
/// All conditions at once.
struct SetEnvironment {
    std::vector<EnvironmentCondition> environment;
    bool operator==(const SetEnvironment&) const = default;
};
struct SetRunner {
    std::optional<RunnerConfiguration> runner;
    bool operator==(const SetRunner&) const = default;
};
struct SetFidelity {
    std::optional<Fidelity> fidelity;
    bool operator==(const SetFidelity&) const = default;
};
/// Replaces a trial as a whole (correction, note, exclusion, undone measurement) or inserts it under its id.
struct PutTrial {
    Trial trial;
    bool operator==(const PutTrial&) const = default;
};
struct RemoveTrial {
    TrialId id;
    bool operator==(const RemoveTrial&) const = default;
};
struct EditSequence;

using Edit =
    std::variant<SetInfo, PutParameter, RemoveParameter, PutConstraint, RemoveConstraint, PutObjective,
                 RemoveObjective, PutOutcomeConstraint, RemoveOutcomeConstraint, PutBelief, RemoveBelief,
                 SetStrategy, SetEnvironment, SetRunner, SetFidelity, PutTrial, RemoveTrial, EditSequence>;

/// Several edits as one; all or nothing.
struct EditSequence {
    std::vector<Edit> edits;
    bool operator==(const EditSequence& other) const;
};

/// Performs the edit on `study` and returns the inverse. On an error (unknown id, a parameter that others
/// depend on, ...) the study is unchanged. Definitions in mid-edit may be incomplete: only structural rules
/// are checked here, validate() tells the rest. Renaming a parameter also rewrites the constraints and the
/// command that mention it.
[[nodiscard]] Result<Edit> apply(const Edit& edit, Study& study);

/// The next free id of the definition, which is advanced. Put... edits advance it too, past their id.
[[nodiscard]] std::int64_t takeId(Definition& definition);

} // namespace alidade
