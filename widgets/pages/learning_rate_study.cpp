#include "pages/learning_rate_study.h"

#include "base/text.h"
#include "learning_rate/applications.h"
#include "pages/learning_rate_curve.h"
#include "study/study.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kRateFactor = 10.0;  // of the range, to both sides
constexpr double kRateSpread = 0.693; // natural logarithm of 2
constexpr double kCooldownSpread = 0.25;
constexpr double kConfidence = 0.5;

double threeDigits(double value) {
    return QString::number(value, 'g', 3).toDouble();
}

ParameterId addParameter(Definition& definition, const std::string& name, Domain domain,
                         const std::string& unit, const Value& standard) {
    Parameter parameter;
    parameter.id = {definition.nextId++};
    parameter.name = name;
    parameter.domain = std::move(domain);
    parameter.unit = unit;
    parameter.defaultValue = standard;
    definition.space.parameters.push_back(parameter);
    return parameter.id;
}

void addBelief(Definition& definition, ParameterId parameter, double center, double spread) {
    Belief belief;
    belief.id = {definition.nextId++};
    belief.claim = OptimumBelief{parameter, NormalDensity{center, spread}};
    belief.confidence = kConfidence;
    definition.beliefs.push_back(belief);
}

} // namespace

Result<Definition> tuningStudy(const LearningRateEntry& entry, const LearningRateState& state,
                               const Monitor& monitor) {
    const Schedule schedule = fitted(entry.schedule, state.steps);
    ALIDADE_ASSIGN(const LearningRateCurve curve,
                   computeCurve({schedule, state.steps, state.norms}, true, monitor));
    if (curve.error)
        return *curve.error;
    const double optimum = scaledTerms(curve.end, state.distance, state.gradientNorm).optimalBaseRate();
    if (!(optimum > 0.0) || !std::isfinite(optimum))
        return makeError(ErrorCode::Numerical, "the bound of this schedule has no optimal base rate");
    Definition definition;
    definition.name = "learning_rate";
    definition.notes = "Schedule: " + entry.name.toStdString() + ", " + std::to_string(state.steps) +
                       " steps. The beliefs are the optima of the last-iterate bound (arXiv 2501.18965) "
                       "for distance " +
                       formatDouble(state.distance) + " and gradient norm " +
                       formatDouble(state.gradientNorm) + (state.norms ? " times measured norms." : ".");
    const double center = threeDigits(optimum);
    const ParameterId rate = addParameter(
        definition, "base_lr",
        RealRange{threeDigits(optimum / kRateFactor), threeDigits(optimum * kRateFactor), Scale::Log, {}}, "",
        center);
    addBelief(definition, rate, center, kRateSpread);
    if (const auto* const wsd = std::get_if<WsdShape>(&schedule.shape)) {
        const double low = std::max(0.01, 2.0 / static_cast<double>(state.steps));
        ALIDADE_ASSIGN(const BestCooldown best,
                       bestCooldown(*wsd, state.steps, {1.0, normsPerStep(state.norms, state.steps)},
                                    schedule.warmupSteps));
        const ParameterId cooldown =
            addParameter(definition, "cooldown", RealRange{low, 1.0, Scale::Linear, {}}, "share of steps",
                         std::clamp(wsd->cooldown, low, 1.0));
        addBelief(definition, cooldown, std::clamp(best.cooldown, low, 1.0), kCooldownSpread);
    }
    const auto most = static_cast<std::int64_t>(std::max<std::size_t>(state.steps / 5, 1));
    addParameter(definition, "warmup_steps", IntegerRange{0, most, Scale::Linear, 1}, "steps",
                 std::min(most, static_cast<std::int64_t>(schedule.warmupSteps)));
    Objective loss;
    loss.id = {definition.nextId++};
    loss.name = "loss";
    loss.goal = Goal::Minimize;
    definition.objectives.push_back(loss);
    for (const Finding& finding : validate(definition))
        if (finding.severity == Finding::Severity::Problem)
            return makeError(ErrorCode::InvalidConfiguration, finding.message, finding.path);
    return definition;
}

} // namespace alidade
