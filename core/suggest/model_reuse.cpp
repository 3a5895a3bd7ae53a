#include "suggest/model_state.h"

namespace alidade {
namespace {

/// What a fit depends on; the rest at its defaults.
Definition fittedPart(Definition definition) {
    definition.name.clear();
    definition.notes.clear();
    definition.beliefs.clear();
    definition.strategy.beliefs = BeliefUse::Auto;
    definition.runner.reset();
    definition.nextId = 0; // grows with every belief
    return definition;
}

} // namespace

std::optional<StudyModel> StudyModel::reusedFor(const Study& study,
                                                const std::shared_ptr<const SourceStudies>& sources) const {
    const State& mine = *m_state;
    static const SourceStudies kNone;
    if ((sources ? *sources : kNone) != (mine.sources ? *mine.sources : kNone) ||
        study.trials != mine.trials || fittedPart(study.definition) != fittedPart(mine.definition) ||
        !checkedDefinition(study.definition))
        return std::nullopt;
    auto state = std::make_shared<State>(study.definition);
    auto constraints = ConstraintSet::parse(study.definition.space);
    if (!constraints)
        return std::nullopt;
    state->constraints = std::move(constraints).value();
    state->trials = mine.trials;
    state->fitted = mine.fitted ? mine.fitted : m_state;
    state->features.setWarps(mine.features.warps());
    state->sources = mine.sources;
    state->related = mine.related;
    state->useSources(mine.sourceColumns);
    state->observed = mine.observed;
    state->pending = mine.pending;
    state->started = mine.started;
    state->processes = mine.processes;
    state->success = mine.success;
    state->conditions = mine.conditions;
    state->info = mine.info;
    state->warnings = mine.warnings;
    // The best trial is found by the mean without beliefs: the same one, and here already known.
    std::call_once(state->bestOnce, [&] { state->best = bestTrial(); });
    StudyModel model;
    model.m_state = std::move(state);
    return model;
}

} // namespace alidade
