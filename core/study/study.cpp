#include "study/study.h"

#include "base/text.h"
#include "study/belief_check.h"
#include "study/best_end.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace alidade {
namespace {

class Findings {
public:
    void problem(std::string path, std::string message) {
        m_list.push_back({Finding::Severity::Problem, std::move(path), std::move(message)});
    }
    void warning(std::string path, std::string message) {
        m_list.push_back({Finding::Severity::Warning, std::move(path), std::move(message)});
    }
    void add(Finding finding) { m_list.push_back(std::move(finding)); }
    [[nodiscard]] std::vector<Finding> take() { return std::move(m_list); }

private:
    std::vector<Finding> m_list;
};

std::string item(std::string_view list, std::size_t index, std::string_view field = {}) {
    std::string path = std::string(list) + "[" + std::to_string(index) + "]";
    return field.empty() ? path : path + "." + std::string(field);
}

bool finite(const std::optional<double>& value) {
    return !value || std::isfinite(*value);
}

struct DesirabilityCheck {
    std::string path;
    Findings& findings;

    void ordered(double low, double high) const {
        if (!std::isfinite(low) || !std::isfinite(high) || !(low < high))
            findings.problem(path + ".low", "low must be a finite number below high");
    }
    void scale(std::string_view field, double value) const {
        if (!(value > 0.0) || !std::isfinite(value))
            findings.problem(path + "." + std::string(field), "the scale must be finite and above 0");
    }
    void operator()(const DesirabilityMax& d) const {
        ordered(d.low, d.high);
        scale("scale", d.scale);
    }
    void operator()(const DesirabilityMin& d) const {
        ordered(d.low, d.high);
        scale("scale", d.scale);
    }
    void operator()(const DesirabilityTarget& d) const {
        ordered(d.low, d.target);
        ordered(d.target, d.high);
        scale("low_scale", d.lowScale);
        scale("high_scale", d.highScale);
    }
    void operator()(const DesirabilityBox& d) const { ordered(d.low, d.high); }
    void operator()(const DesirabilityCustom& d) const {
        if (d.x.size() < 2 || d.x.size() != d.d.size())
            findings.problem(path + ".x", "x and d must have the same length, at least 2");
        for (std::size_t i = 0; i < d.x.size(); ++i)
            if (!std::isfinite(d.x[i]) || (i > 0 && !(d.x[i] > d.x[i - 1])))
                findings.problem(path + ".x", "x must be finite and ascending");
        unit(d.d);
    }
    void operator()(const DesirabilityCategories& d) const {
        if (d.values.size() < 2)
            findings.problem(path + ".values", "at least two categories are needed");
        for (const auto& [name, value] : d.values)
            unit({value});
    }
    void unit(const std::vector<double>& values) const {
        for (const double value : values)
            if (!(value >= 0.0 && value <= 1.0))
                findings.problem(path, "a desirability lies between 0 and 1");
    }
};

void checkObjectives(const Definition& definition, Findings& findings) {
    if (definition.objectives.empty())
        findings.problem("objectives",
                         "the study has no objective; add what is to be minimised or maximised");
    for (std::size_t i = 0; i < definition.objectives.size(); ++i) {
        const Objective& objective = definition.objectives[i];
        if (trimmed(objective.name).empty())
            findings.problem(item("objectives", i, "name"), "the objective needs a name");
        if (!finite(objective.reference))
            findings.problem(item("objectives", i, "reference"), "the reference must be a finite number");
        if (!finite(objective.knownOptimum))
            findings.problem(item("objectives", i, "known_optimum"),
                             "the known optimum must be a finite number");
        if (!objective.desirability)
            continue;
        const std::string path = item("objectives", i, "desirability");
        std::visit(DesirabilityCheck{path, findings}, objective.desirability->shape);
        if (!(objective.desirability->weight > 0.0) || !std::isfinite(objective.desirability->weight))
            findings.problem(path + ".weight", "the weight must be finite and above 0");
        for (const auto& [field, value] : {std::pair{"missing", objective.desirability->missing},
                                           std::pair{"tolerance", objective.desirability->tolerance}})
            if (value && !(*value >= 0.0 && *value <= 1.0))
                findings.problem(path + "." + field, "it must lie between 0 and 1");
    }
    for (std::size_t i = 0; i < definition.outcomeConstraints.size(); ++i) {
        const OutcomeConstraint& limit = definition.outcomeConstraints[i];
        if (trimmed(limit.name).empty())
            findings.problem(item("outcome_constraints", i, "name"), "the limit needs a name");
        if (!limit.lower && !limit.upper)
            findings.problem(item("outcome_constraints", i), "give a lower or an upper limit");
        if (!finite(limit.lower) || !finite(limit.upper))
            findings.problem(item("outcome_constraints", i), "limits must be finite numbers");
        if (limit.lower && limit.upper && *limit.lower > *limit.upper)
            findings.problem(item("outcome_constraints", i, "lower"),
                             "the lower limit is above the upper one");
    }
    std::set<std::string> names;
    for (const Parameter& parameter : definition.space.parameters)
        names.insert(parameter.name);
    for (const std::string& name : definition.measureNames())
        if (!name.empty() && !names.insert(name).second)
            findings.problem("objectives", "the name \"" + name +
                                               "\" is used twice among parameters, objectives and "
                                               "limits");
}

void checkStrategy(const Definition& definition, Findings& findings) {
    const Strategy& strategy = definition.strategy;
    if (strategy.batch < 1 || strategy.batch > 1000)
        findings.problem("strategy.batch", "the batch size must be between 1 and 1000");
    if (strategy.initial && (*strategy.initial < 1 || *strategy.initial > 100000))
        findings.problem("strategy.initial", "the initial design needs between 1 and 100000 trials");
    if (strategy.budget && *strategy.budget < 1)
        findings.problem("strategy.budget", "the budget must be at least 1 trial");
    if (!strategy.cost.empty() && !definition.findMeasure(strategy.cost))
        findings.problem("strategy.cost",
                         "the cost \"" + strategy.cost + "\" is neither an objective nor a limit");
    if (!(strategy.beta >= 0.0) || !std::isfinite(strategy.beta))
        findings.problem("strategy.beta", "beta must be at least 0");
    if (!(strategy.epsilon >= 0.0 && strategy.epsilon <= 1.0))
        findings.problem("strategy.epsilon", "epsilon must be between 0 and 1");
    if (strategy.sources.size() > 8)
        findings.problem("strategy.sources", "a study can learn from at most 8 earlier ones");
    for (std::size_t i = 0; i < strategy.sources.size(); ++i) {
        const auto here = strategy.sources.begin() + static_cast<std::ptrdiff_t>(i);
        const std::string place = "strategy.sources[" + std::to_string(i) + "]";
        if (trimmed(*here).empty())
            findings.problem(place, "an earlier study needs the path of its project file");
        else if (std::find(strategy.sources.begin(), here, *here) != here)
            findings.problem(place, "\"" + *here + "\" is listed twice");
    }
}

/// Parameters that nobody sets in use.
void checkEnvironment(const Definition& definition, Findings& findings) {
    const std::vector<EnvironmentCondition>& environment = definition.environment;
    for (std::size_t i = 0; i < environment.size(); ++i) {
        const EnvironmentCondition& condition = environment[i];
        const std::string path = "environment[" + std::to_string(i) + "]";
        const Parameter* parameter = definition.space.find(condition.parameter);
        // What a density may be is the same as for a belief about the parameter.
        for (Finding& finding : validate(
                 definition, Belief{{}, OptimumBelief{condition.parameter, condition.density}, 1.0}, path)) {
            if (finding.path == path + ".parameter")
                finding.message = parameter ? "shares of a mixture cannot be a condition"
                                            : "the condition is about a parameter that does not exist";
            if (finding.severity == Finding::Severity::Problem)
                findings.problem(finding.path, finding.message);
            else
                findings.warning(finding.path, finding.message);
        }
        if (!parameter)
            continue;
        if (std::any_of(environment.begin(), environment.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const auto& other) { return other.parameter == condition.parameter; }))
            findings.problem(path + ".parameter", "\"" + parameter->name + "\" is a condition twice");
        if (!parameter->conditions.empty())
            findings.problem(path + ".parameter",
                             "\"" + parameter->name + "\" is not always active, so it cannot be a condition");
        for (const Parameter& other : definition.space.parameters)
            if (std::any_of(other.conditions.begin(), other.conditions.end(),
                            [&](const Condition& when) { return when.parent == parameter->id; }))
                findings.problem(path + ".parameter", "\"" + other.name + "\" depends on \"" +
                                                          parameter->name +
                                                          "\", so that cannot be a condition");
    }
    if (!environment.empty() && environment.size() >= definition.space.parameters.size())
        findings.problem("environment", "every parameter is a condition; one at least has to be chosen");
    const Method method = definition.strategy.method;
    if (!environment.empty() && definition.strategy.inference != Inference::Map)
        findings.warning("strategy.inference", "averages over conditions use the most probable "
                                               "hyper-parameters");
    if (!environment.empty() && definition.objectives.size() > 1)
        findings.warning("environment",
                         "conditions are averaged over with one objective only; with several they count as "
                         "parameters");
    else if (!environment.empty() && method != Method::Auto && method != Method::LogEi &&
             method != Method::Sobol && method != Method::Random)
        findings.warning("environment", "conditions are averaged over by \"auto\" and \"log_ei\" only; with "
                                        "this method they count as parameters");
}

void checkRunner(const RunnerConfiguration& runner, Findings& findings) {
    if (runner.kind != "local")
        findings.problem("runner.kind",
                         "this version measures with \"local\" commands, not \"" + runner.kind + "\"");
    if (trimmed(runner.command).empty())
        findings.problem("runner.command", "the command is empty");
    if (runner.jobs < 1 || runner.jobs > 1024)
        findings.problem("runner.jobs", "between 1 and 1024 jobs can run at once");
    if (!(runner.timeoutSeconds > 0.0) || !std::isfinite(runner.timeoutSeconds))
        findings.problem("runner.timeout_s", "the time limit must be finite and above 0 seconds");
    if (runner.retries < 0 || runner.retries > 100)
        findings.problem("runner.retries", "between 0 and 100 retries are possible");
}

/// A method that does not fit the objectives; suggestions then go on as with `auto`.
void checkMethod(const Definition& definition, Findings& findings) {
    const auto& objectives = definition.objectives;
    const Method method = definition.strategy.method;
    const bool anyDesirability = std::any_of(objectives.begin(), objectives.end(), [](const Objective& o) {
        return o.desirability && !std::holds_alternative<DesirabilityCategories>(o.desirability->shape);
    });
    if (method == Method::Ehvi && objectives.size() < 2)
        findings.warning("strategy.method", "the hypervolume needs at least two objectives");
    if (method == Method::Desirability && !anyDesirability)
        findings.warning("strategy.method", "no objective has a desirability function of a number");
    if (method == Method::Effectiveness && objectives.size() != 2)
        findings.warning("strategy.method", "effectiveness against time needs exactly two objectives");
    if (definition.strategy.inference == Inference::Map)
        return;
    if (objectives.size() > 1)
        findings.warning("strategy.inference", "an average over hyper-parameters needs a single objective: "
                                               "the most probable ones are used");
    else if (anyDesirability && (method == Method::Desirability ||
                                 (method == Method::Auto && !oneEndIsBest(objectives.front()))))
        findings.warning("strategy.inference", "desirability cannot be averaged over hyper-parameters: the "
                                               "most probable ones are used");
    else if (method == Method::Random || method == Method::Sobol)
        findings.warning("strategy.inference",
                         "this method uses no model: only predictions are averaged over hyper-parameters");
}

/// Where a belief cannot act as the user may expect.
void checkBeliefUse(const Definition& definition, Findings& findings) {
    const Strategy& strategy = definition.strategy;
    if (definition.beliefs.empty() || strategy.beliefs == BeliefUse::Off)
        return;
    const Method method = strategy.method;
    if (method == Method::Random || method == Method::Sobol) {
        findings.warning("strategy.method", "random and evenly spread settings take no notice of beliefs");
        return;
    }
    const bool piBo = strategy.beliefs == BeliefUse::PiBo;
    if (piBo && (method == Method::Ucb || method == Method::Thompson || method == Method::EpsilonGreedy ||
                 method == Method::EpsilonShotgun))
        findings.warning(
            "strategy.beliefs",
            "piBO weighs logarithms, which this method does not use: beliefs only choose settings "
            "of the initial design; use \"colabo\"");
    if (!piBo && method == Method::Thompson && strategy.inference == Inference::Bayesian)
        findings.warning("strategy.beliefs", "Thompson sampling over draws of the hyper-parameters takes no "
                                             "notice of beliefs after the initial design");
    const bool several = definition.objectives.size() > 1;
    const bool together = (several && method != Method::ParEgo) || method == Method::Desirability ||
                          method == Method::Ehvi || method == Method::Effectiveness;
    for (std::size_t i = 0; i < definition.beliefs.size(); ++i) {
        const auto& claim = definition.beliefs[i].claim;
        const bool place =
            std::holds_alternative<OptimumBelief>(claim) || std::holds_alternative<GoodPointsBelief>(claim);
        if (place && together)
            findings.warning(item("beliefs", i),
                             "several outcomes are scored together: this belief weighs the "
                             "score as in piBO, less with every trial");
        else if (!place && (together || piBo))
            findings.warning(item("beliefs", i),
                             together
                                 ? "several outcomes are scored together: only beliefs about the place of "
                                   "the optimum act on suggestions"
                                 : "with piBO only beliefs about the place of the optimum act on "
                                   "suggestions; use \"colabo\"");
        else if (several && !place) {
            const auto* preference = std::get_if<PreferenceBelief>(&claim);
            if (!preference || preference->objective.valid())
                findings.warning(item("beliefs", i), "suggestions weigh the objectives against each other: a "
                                                     "belief about one of them does not act on them");
        }
    }
}

} // namespace

const Trial* Study::find(TrialId id) const {
    const auto place = std::lower_bound(trials.begin(), trials.end(), id,
                                        [](const Trial& trial, TrialId wanted) { return trial.id < wanted; });
    return place != trials.end() && place->id == id ? &*place : nullptr;
}

Trial* Study::find(TrialId id) {
    return const_cast<Trial*>(std::as_const(*this).find(id));
}

std::vector<Finding> validate(const Definition& definition) {
    Findings findings;
    if (trimmed(definition.name).empty())
        findings.problem("name", "the study needs a name");
    if (const auto space = validate(definition.space); !space)
        findings.problem(space.error().context, space.error().message);
    checkObjectives(definition, findings);
    checkStrategy(definition, findings);
    checkEnvironment(definition, findings);
    checkMethod(definition, findings);
    if (definition.runner)
        checkRunner(*definition.runner, findings);
    for (std::size_t i = 0; i < definition.beliefs.size(); ++i)
        for (Finding& finding : validate(definition, definition.beliefs[i], item("beliefs", i)))
            findings.add(std::move(finding));
    checkBeliefUse(definition, findings);
    if (definition.fidelity) {
        const Fidelity& fidelity = *definition.fidelity;
        if (!(fidelity.low > 0.0) || !(fidelity.low < fidelity.high) || !std::isfinite(fidelity.high))
            findings.problem("fidelity.low", "0 < low < high must hold");
        if (!(fidelity.eta > 1.0) || !std::isfinite(fidelity.eta))
            findings.problem("fidelity.eta", "eta must be finite and above 1");
        findings.warning("fidelity",
                         "the fidelity is kept with the study; this version measures every trial in full");
    }
    return findings.take();
}

Result<void> checkedDefinition(const Definition& definition) {
    for (const Finding& finding : validate(definition))
        if (finding.severity == Finding::Severity::Problem)
            return makeError(ErrorCode::InvalidConfiguration, finding.message, finding.path);
    return {};
}

bool isFeasible(const Definition& definition, const Trial& trial) {
    if (trial.state != TrialState::Complete || trial.excluded)
        return false;
    const auto measured = [&](MeasureId id) {
        const auto found = trial.values.find(id);
        return found != trial.values.end() && std::isfinite(found->second.value);
    };
    for (const Objective& objective : definition.objectives)
        if (!measured(objective.id))
            return false;
    return std::all_of(definition.outcomeConstraints.begin(), definition.outcomeConstraints.end(),
                       [&](const OutcomeConstraint& limit) {
                           if (!measured(limit.id))
                               return false;
                           const double value = trial.values.at(limit.id).value;
                           return (!limit.lower || value >= *limit.lower) &&
                                  (!limit.upper || value <= *limit.upper);
                       });
}

const Trial* incumbent(const Study& study) {
    if (study.definition.objectives.size() != 1)
        return nullptr;
    const Objective& objective = study.definition.objectives.front();
    const Trial* best = nullptr;
    for (const Trial& trial : study.trials)
        if (isFeasible(study.definition, trial) &&
            (!best || isBetter(objective.goal, trial.values.at(objective.id).value,
                               best->values.at(objective.id).value)))
            best = &trial;
    return best;
}

bool isBetter(Goal goal, double a, double b) {
    return goal == Goal::Minimize ? a < b : a > b;
}

} // namespace alidade
