#include "document/edit_scope.h"

#include <algorithm>
#include <type_traits>

namespace alidade {

namespace {

void collect(const Edit& edit, EditScope& scope) {
    std::visit(
        [&scope](const auto& e) {
            using T = std::decay_t<decltype(e)>;
            if constexpr (std::is_same_v<T, PutTrial>)
                scope.trials.push_back(e.trial.id);
            else if constexpr (std::is_same_v<T, RemoveTrial>)
                scope.trials.push_back(e.id);
            else if constexpr (std::is_same_v<T, EditSequence>)
                for (const Edit& part : e.edits)
                    collect(part, scope);
            else
                scope.definition = true;
        },
        edit);
}

template <typename Item>
bool holdsAt(const std::vector<Item>& list, const Item& item, std::size_t index) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Item& i) { return i.id == item.id; });
    if (found == list.end() || !(*found == item))
        return false;
    const auto place = static_cast<std::size_t>(found - list.begin());
    return index == kKeepPlace || index == place || (index >= list.size() && place + 1 == list.size());
}

template <typename Item, typename ItemId>
bool lacks(const std::vector<Item>& list, ItemId id) {
    return std::none_of(list.begin(), list.end(), [id](const Item& item) { return item.id == id; });
}

struct NothingChanges {
    const Study& study;
    const Definition& definition = study.definition;

    bool operator()(const SetInfo& e) const {
        return e == SetInfo{definition.name, definition.notes, definition.seed};
    }
    bool operator()(const PutParameter& e) const {
        return holdsAt(definition.space.parameters, e.parameter, e.index);
    }
    bool operator()(const RemoveParameter& e) const { return lacks(definition.space.parameters, e.id); }
    bool operator()(const PutConstraint& e) const {
        return holdsAt(definition.space.constraints, e.constraint, e.index);
    }
    bool operator()(const RemoveConstraint& e) const { return lacks(definition.space.constraints, e.id); }
    bool operator()(const PutObjective& e) const {
        return holdsAt(definition.objectives, e.objective, e.index);
    }
    bool operator()(const RemoveObjective& e) const { return lacks(definition.objectives, e.id); }
    bool operator()(const PutOutcomeConstraint& e) const {
        return holdsAt(definition.outcomeConstraints, e.constraint, e.index);
    }
    bool operator()(const RemoveOutcomeConstraint& e) const {
        return lacks(definition.outcomeConstraints, e.id);
    }
    bool operator()(const PutBelief& e) const { return holdsAt(definition.beliefs, e.belief, e.index); }
    bool operator()(const RemoveBelief& e) const { return lacks(definition.beliefs, e.id); }
    bool operator()(const SetStrategy& e) const { return e.strategy == definition.strategy; }
    bool operator()(const SetEnvironment& e) const { return e.environment == definition.environment; }
    bool operator()(const SetRunner& e) const { return e.runner == definition.runner; }
    bool operator()(const SetFidelity& e) const { return e.fidelity == definition.fidelity; }
    bool operator()(const PutTrial& e) const {
        const Trial* trial = study.find(e.trial.id);
        return trial != nullptr && *trial == e.trial;
    }
    bool operator()(const RemoveTrial& e) const { return study.find(e.id) == nullptr; }
    bool operator()(const EditSequence& e) const {
        return std::all_of(e.edits.begin(), e.edits.end(),
                           [this](const Edit& part) { return std::visit(*this, part); });
    }
};

/// The part of `edit` that put or removed this trial.
const Edit* partAbout(TrialId id, const Edit& edit) {
    if (const auto* put = std::get_if<PutTrial>(&edit))
        return put->trial.id == id ? &edit : nullptr;
    if (const auto* remove = std::get_if<RemoveTrial>(&edit))
        return remove->id == id ? &edit : nullptr;
    if (const auto* sequence = std::get_if<EditSequence>(&edit))
        for (const Edit& part : sequence->edits)
            if (const Edit* found = partAbout(id, part))
                return found;
    return nullptr;
}

} // namespace

EditScope scopeOf(const Edit& edit) {
    EditScope scope;
    collect(edit, scope);
    return scope;
}

bool changesNothing(const Edit& edit, const Study& study) {
    return std::visit(NothingChanges{study}, edit);
}

Trial mergedTrial(const Trial& base, const Trial& wanted, const Trial& current) {
    if (base == current)
        return wanted;
    Trial merged = current;
    const auto take = [&](auto Trial::*field) {
        if (!(base.*field == wanted.*field))
            merged.*field = wanted.*field;
    };
    take(&Trial::state);
    take(&Trial::origin);
    take(&Trial::reason);
    take(&Trial::setting);
    take(&Trial::steps);
    take(&Trial::failure);
    take(&Trial::note);
    take(&Trial::excluded);
    take(&Trial::createdMs);
    take(&Trial::startedMs);
    take(&Trial::finishedMs);
    take(&Trial::attempt);
    for (const auto& [measure, value] : wanted.values) {
        const auto before = base.values.find(measure);
        if (before == base.values.end() || !(before->second == value))
            merged.values[measure] = value;
    }
    for (const auto& [measure, value] : base.values)
        if (!wanted.values.contains(measure))
            merged.values.erase(measure);
    return merged;
}

Result<Edit> rebasedEdit(const Edit& next, const Edit& done, const Study& study) {
    if (const auto* sequence = std::get_if<EditSequence>(&next)) {
        EditSequence rebased;
        rebased.edits.reserve(sequence->edits.size());
        for (const Edit& part : sequence->edits) {
            ALIDADE_ASSIGN(Edit fitted, rebasedEdit(part, done, study));
            rebased.edits.push_back(std::move(fitted));
        }
        return Edit(std::move(rebased));
    }
    if (const auto* put = std::get_if<PutTrial>(&next)) {
        const Edit* part = partAbout(put->trial.id, done);
        const auto* before = part == nullptr ? nullptr : std::get_if<PutTrial>(part);
        if (before == nullptr)
            return next;
        const Trial* current = study.find(put->trial.id);
        if (current == nullptr)
            return makeError(ErrorCode::Conflict, "the trial has been deleted in the meantime",
                             "trial " + std::to_string(put->trial.id.value));
        return Edit(PutTrial{mergedTrial(before->trial, put->trial, *current)});
    }
    if (const auto* remove = std::get_if<RemoveTrial>(&next)) {
        const Edit* part = partAbout(remove->id, done);
        const auto* before = part == nullptr ? nullptr : std::get_if<PutTrial>(part);
        const Trial* current = study.find(remove->id);
        if (before != nullptr && current != nullptr &&
            (current->state != before->trial.state || current->values != before->trial.values))
            return makeError(ErrorCode::Conflict,
                             "the trial has been started or measured in the meantime; delete it by hand if "
                             "you mean to",
                             "trial " + std::to_string(remove->id.value));
    }
    return next;
}

} // namespace alidade
