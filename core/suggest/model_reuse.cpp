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

std::optional<StudyModel> StudyModel::reusedFor(const Study& study) const {
    const State& mine = *m_state;
    if (study.trials != mine.trials || fittedPart(study.definition) != fittedPart(mine.definition) ||
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
    state->observed = mine.observed;
    state->pending = mine.pending;
    state->started = mine.started;
    state->processes = mine.processes;
    state->success = mine.success;
    state->info = mine.info;
    state->warnings = mine.warnings;
    // The best trial is found by the mean without beliefs: the same one, and here already known.
    std::call_once(state->bestOnce, [&] { state->best = bestTrial(); });
    StudyModel model;
    model.m_state = std::move(state);
    return model;
}

} // namespace alidade
