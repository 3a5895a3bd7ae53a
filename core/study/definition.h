#pragma once

#include "base/goal.h"
#include "space/search_space.h"
#include "study/belief.h"
#include "study/desirability_function.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace alidade {

struct Objective {
    MeasureId id;
    std::string name;
    Goal goal = Goal::Minimize;
    std::string unit;
    std::optional<double> reference;    ///< worst acceptable value: hypervolume reference
    std::optional<double> knownOptimum; ///< for regret plots
    std::optional<DesirabilityFunction> desirability;
    bool operator==(const Objective&) const = default;
};

/// lower <= measured value <= upper; at least one bound.
struct OutcomeConstraint {
    MeasureId id;
    std::string name;
    std::string unit;
    std::optional<double> lower;
    std::optional<double> upper;
    bool operator==(const OutcomeConstraint&) const = default;
};

enum class Method {
    Auto,
    Random,
    Sobol,
    LogEi,
    LogNei,
    QLogEi,
    Pi,
    Ucb,
    Thompson,
    Kg,
    Mes,
    Jes,
    Pes,
    EiPerSecond,
    EpsilonGreedy,
    EpsilonShotgun,
    Turbo,
    ParEgo,
    Ehvi,
    Desirability,
    Effectiveness
};

/// Where epsilon-shotgun explores: anywhere, or on the front of best predictions and largest uncertainty.
enum class Exploration { Random, Front };

/// How beliefs act on suggestions: weighted sample functions (ColaBO, 2311.14645), a decaying factor on the
/// acquisition (piBO, 2204.11051), or not at all. Auto: ColaBO.
enum class BeliefUse { Auto, ColaBo, PiBo, Off };

/// Hyper-parameters of the models: the most probable ones (maximum a posteriori), or many draws from their
/// posterior, averaged over.
enum class Inference { Map, Bayesian };

struct Strategy {
    Method method = Method::Auto;
    int batch = 1;              ///< suggestions asked for at once, >= 1
    std::optional<int> initial; ///< size of the initial design; default max(5, 2 (d + 1)) capped at 20
    std::optional<int> budget;  ///< trials in all; `run` stops there
    std::string cost = {};      ///< measure that expected improvement per second divides by; empty: the time
    double beta = 4.0;          ///< squared factor of the standard deviation in the confidence bound, >= 0
    double epsilon = 0.1;       ///< chance of an exploring choice (epsilon-greedy and -shotgun), in [0, 1]
    Exploration exploration = Exploration::Front; ///< what such a choice is drawn from
    BeliefUse beliefs = BeliefUse::Auto;
    Inference inference = Inference::Map;
    /// Project files of earlier studies to learn from; relative ones are seen from the project's folder.
    std::vector<std::string> sources = {};
    bool operator==(const Strategy&) const = default;
};

/// A measurement program on this machine.
struct RunnerConfiguration {
    std::string kind = "local";
    /// Template; {name} is replaced by the parameter's value, {name:flag text} by the text only if the
    /// parameter is active; {trial} by the id, {seed}, {directory}. Split into arguments first, so values
    /// never meet a shell unless `shell` is set.
    std::string command;
    bool shell = false;
    int jobs = 1;
    double timeoutSeconds = 3600.0; ///< > 0
    int retries = 0;
    std::map<std::string, std::string> environment;
    /// Working directory template; empty = a fresh directory per trial, removed when it succeeded.
    std::string directory;
    /// Measure name -> built-in source: "wall_seconds", "cpu_seconds", "peak_memory_mib", or a key of the
    /// output.
    std::map<std::string, std::string> measures;
    bool operator==(const RunnerConfiguration&) const = default;
};

struct Fidelity {
    std::string name = "epoch";
    double low = 1.0;
    double high = 81.0;
    std::string scheduler = "asha";
    double eta = 3.0;
    bool operator==(const Fidelity&) const = default;
};

/// A parameter that trials set but that nobody sets in use: there it varies with this density. What is
/// optimised is the mean of the objective over it (1807.02811, section 5.7).
struct EnvironmentCondition {
    ParameterId parameter;
    Density density; ///< as of a belief about the parameter
    bool operator==(const EnvironmentCondition&) const = default;
};

/// Everything the user defines; a plain value. Trials live beside it in Study.
struct Definition {
    std::string name = "study";
    std::string notes;
    std::uint64_t seed = 0;
    SearchSpace space;
    std::vector<Objective> objectives;
    std::vector<OutcomeConstraint> outcomeConstraints;
    std::vector<Belief> beliefs;
    std::vector<EnvironmentCondition> environment; ///< at most one per parameter
    Strategy strategy;
    std::optional<RunnerConfiguration> runner;
    std::optional<Fidelity> fidelity;
    std::int64_t nextId = 1; ///< for parameters, constraints, measures, beliefs; never decreases
    bool operator==(const Definition&) const = default;

    [[nodiscard]] const Objective* findObjective(MeasureId id) const;
    [[nodiscard]] const OutcomeConstraint* findOutcomeConstraint(MeasureId id) const;
    /// Id of the objective or outcome constraint with this name.
    [[nodiscard]] std::optional<MeasureId> findMeasure(std::string_view name) const;
    [[nodiscard]] std::string measureName(MeasureId id) const;
    [[nodiscard]] std::string measureUnit(MeasureId id) const;
    /// Objectives first, then outcome constraints, in order.
    [[nodiscard]] std::vector<MeasureId> measures() const;
    [[nodiscard]] std::vector<std::string> measureNames() const;
};

/// "minimize" / "maximize"; parse accepts British spelling too.
[[nodiscard]] std::string_view goalName(Goal goal);
[[nodiscard]] std::string_view methodName(Method method);
/// The methods that can be chosen, in the order in which they are listed.
[[nodiscard]] std::span<const Method> workingMethods();
[[nodiscard]] std::string_view beliefUseName(BeliefUse use);
[[nodiscard]] std::string_view inferenceName(Inference inference);

} // namespace alidade
