#pragma once

#include "study/definition.h"
#include "study/trial.h"

#include <string>
#include <vector>

namespace alidade {

/// A definition and its trials, ordered by id. A plain value.
struct Study {
    Definition definition;
    std::vector<Trial> trials;
    bool operator==(const Study&) const = default;

    [[nodiscard]] const Trial* find(TrialId id) const;
    [[nodiscard]] Trial* find(TrialId id);
};

/// One thing that is wrong or doubtful, with the place (JSON path) and the remedy.
struct Finding {
    enum class Severity { Warning, Problem };
    Severity severity = Severity::Problem;
    std::string path;
    std::string message;
    bool operator==(const Finding&) const = default;
};

/// Every problem of the definition, not only the first: empty name, invalid space, no objective, duplicate
/// names between parameters and measures, reversed limits, strategy and runner out of range, unknown
/// placeholders in the command, beliefs about unknown things.
[[nodiscard]] std::vector<Finding> validate(const Definition& definition);
/// The first Problem as an error, if any.
[[nodiscard]] Result<void> checkedDefinition(const Definition& definition);

/// Complete, not excluded, every limit satisfied, all objectives measured and finite.
[[nodiscard]] bool isFeasible(const Definition& definition, const Trial& trial);
/// The best feasible trial of a single-objective study (ties: lowest id); nothing if none or several
/// objectives.
[[nodiscard]] const Trial* incumbent(const Study& study);
/// Whether value `a` is better than `b` for the goal.
[[nodiscard]] bool isBetter(Goal goal, double a, double b);

} // namespace alidade
