#include "study/edit.h"

#include <algorithm>

namespace alidade {
namespace {

Error unknown(std::string_view what, std::int64_t id) {
    return makeError(ErrorCode::NotFound,
                     "there is no " + std::string(what) + " with id " + std::to_string(id));
}

template <typename Item, typename ItemId>
auto findById(std::vector<Item>& items, ItemId id) {
    return std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
}

/// Inserts or replaces `item`; returns the index it had before, or kKeepPlace when it is new, and the old
/// item.
template <typename Item>
std::pair<std::optional<Item>, std::size_t> put(std::vector<Item>& items, const Item& item,
                                                std::size_t index) {
    const auto found = findById(items, item.id);
    if (found == items.end()) {
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(std::min(index, items.size())), item);
        return {std::nullopt, kKeepPlace};
    }
    const auto oldIndex = static_cast<std::size_t>(found - items.begin());
    Item old = *found;
    if (index == kKeepPlace) {
        *found = item;
    } else {
        items.erase(found);
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(std::min(index, items.size())), item);
    }
    return {std::move(old), oldIndex};
}

template <typename Item, typename ItemId>
std::optional<std::pair<Item, std::size_t>> take(std::vector<Item>& items, ItemId id) {
    const auto found = findById(items, id);
    if (found == items.end())
        return std::nullopt;
    std::pair<Item, std::size_t> result{*found, static_cast<std::size_t>(found - items.begin())};
    items.erase(found);
    return result;
}

bool isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Replaces the whole word `from`. A dot behind it (a share of a mixture) still belongs to it, one before
/// does not.
std::string renamedInExpression(const std::string& text, const std::string& from, const std::string& to) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        if (!isNameCharacter(text[i])) {
            result += text[i++];
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && isNameCharacter(text[end]))
            ++end;
        const std::string word = text.substr(i, end - i);
        const bool part = i > 0 && text[i - 1] == '.';
        result += !part && word == from ? to : word;
        i = end;
    }
    return result;
}

/// Replaces {from}, {from:...} and {from.part} placeholders.
std::string renamedInTemplate(const std::string& text, const std::string& from, const std::string& to) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        result += text[i];
        if (text[i] != '{' || text.compare(i + 1, from.size(), from) != 0)
            continue;
        const std::size_t end = i + 1 + from.size();
        if (end < text.size() && (text[end] == '}' || text[end] == ':' || text[end] == '.')) {
            result += to;
            i = end - 1;
        }
    }
    return result;
}

void renameEverywhere(Definition& definition, const std::string& from, const std::string& to) {
    for (Constraint& constraint : definition.space.constraints)
        constraint.expression = renamedInExpression(constraint.expression, from, to);
    if (definition.runner) {
        definition.runner->command = renamedInTemplate(definition.runner->command, from, to);
        definition.runner->directory = renamedInTemplate(definition.runner->directory, from, to);
        for (auto& [name, value] : definition.runner->environment)
            value = renamedInTemplate(value, from, to);
    }
}

/// Performs one edit; the study may be left changed on an error only where apply() restores it.
struct Applier {
    Study& study;

    [[nodiscard]] Definition& definition() const { return study.definition; }
    /// Ids that came from outside count as given away.
    void reserve(std::int64_t id) const { definition().nextId = std::max(definition().nextId, id + 1); }

    Result<Edit> operator()(const SetInfo& edit) const {
        SetInfo inverse{definition().name, definition().notes, definition().seed};
        definition().name = edit.name;
        definition().notes = edit.notes;
        definition().seed = edit.seed;
        return Edit{inverse};
    }

    Result<Edit> operator()(const PutParameter& edit) const {
        if (!edit.parameter.id.valid())
            return unknown("parameter", edit.parameter.id.value);
        reserve(edit.parameter.id.value);
        const auto [old, index] = put(definition().space.parameters, edit.parameter, edit.index);
        if (!old)
            return Edit{RemoveParameter{edit.parameter.id}};
        if (old->name != edit.parameter.name && !old->name.empty() && !edit.parameter.name.empty())
            renameEverywhere(definition(), old->name, edit.parameter.name);
        return Edit{PutParameter{*old, index}};
    }

    Result<Edit> operator()(const RemoveParameter& edit) const {
        for (const Parameter& parameter : definition().space.parameters)
            for (const Condition& condition : parameter.conditions)
                if (condition.parent == edit.id)
                    return makeError(ErrorCode::Conflict,
                                     "parameter \"" + parameter.name +
                                         "\" depends on it; remove that condition first");
        auto taken = take(definition().space.parameters, edit.id);
        if (!taken)
            return unknown("parameter", edit.id.value);
        return Edit{PutParameter{taken->first, taken->second}};
    }

    Result<Edit> operator()(const PutConstraint& edit) const {
        if (!edit.constraint.id.valid())
            return unknown("constraint", edit.constraint.id.value);
        reserve(edit.constraint.id.value);
        const auto [old, index] = put(definition().space.constraints, edit.constraint, edit.index);
        return old ? Edit{PutConstraint{*old, index}} : Edit{RemoveConstraint{edit.constraint.id}};
    }

    Result<Edit> operator()(const RemoveConstraint& edit) const {
        auto taken = take(definition().space.constraints, edit.id);
        if (!taken)
            return unknown("constraint", edit.id.value);
        return Edit{PutConstraint{taken->first, taken->second}};
    }

    Result<Edit> operator()(const PutObjective& edit) const {
        if (!edit.objective.id.valid() || definition().findOutcomeConstraint(edit.objective.id))
            return unknown("objective", edit.objective.id.value);
        reserve(edit.objective.id.value);
        const auto [old, index] = put(definition().objectives, edit.objective, edit.index);
        return old ? Edit{PutObjective{*old, index}} : Edit{RemoveObjective{edit.objective.id}};
    }

    Result<Edit> operator()(const RemoveObjective& edit) const {
        auto taken = take(definition().objectives, edit.id);
        if (!taken)
            return unknown("objective", edit.id.value);
        return Edit{PutObjective{taken->first, taken->second}};
    }

    Result<Edit> operator()(const PutOutcomeConstraint& edit) const {
        if (!edit.constraint.id.valid() || definition().findObjective(edit.constraint.id))
            return unknown("outcome constraint", edit.constraint.id.value);
        reserve(edit.constraint.id.value);
        const auto [old, index] = put(definition().outcomeConstraints, edit.constraint, edit.index);
        return old ? Edit{PutOutcomeConstraint{*old, index}}
                   : Edit{RemoveOutcomeConstraint{edit.constraint.id}};
    }

    Result<Edit> operator()(const RemoveOutcomeConstraint& edit) const {
        auto taken = take(definition().outcomeConstraints, edit.id);
        if (!taken)
            return unknown("outcome constraint", edit.id.value);
        return Edit{PutOutcomeConstraint{taken->first, taken->second}};
    }

    Result<Edit> operator()(const PutBelief& edit) const {
        if (!edit.belief.id.valid())
            return unknown("belief", edit.belief.id.value);
        reserve(edit.belief.id.value);
        const auto [old, index] = put(definition().beliefs, edit.belief, edit.index);
        return old ? Edit{PutBelief{*old, index}} : Edit{RemoveBelief{edit.belief.id}};
    }

    Result<Edit> operator()(const RemoveBelief& edit) const {
        auto taken = take(definition().beliefs, edit.id);
        if (!taken)
            return unknown("belief", edit.id.value);
        return Edit{PutBelief{taken->first, taken->second}};
    }

    Result<Edit> operator()(const SetStrategy& edit) const {
        return Edit{SetStrategy{std::exchange(definition().strategy, edit.strategy)}};
    }

    Result<Edit> operator()(const SetEnvironment& edit) const {
        return Edit{SetEnvironment{std::exchange(definition().environment, edit.environment)}};
    }

    Result<Edit> operator()(const SetRunner& edit) const {
        return Edit{SetRunner{std::exchange(definition().runner, edit.runner)}};
    }

    Result<Edit> operator()(const SetFidelity& edit) const {
        return Edit{SetFidelity{std::exchange(definition().fidelity, edit.fidelity)}};
    }

    Result<Edit> operator()(const PutTrial& edit) const {
        if (!edit.trial.id.valid())
            return unknown("trial", edit.trial.id.value);
        const auto place = std::lower_bound(study.trials.begin(), study.trials.end(), edit.trial.id,
                                            [](const Trial& trial, TrialId id) { return trial.id < id; });
        if (place != study.trials.end() && place->id == edit.trial.id)
            return Edit{PutTrial{std::exchange(*place, edit.trial)}};
        study.trials.insert(place, edit.trial);
        return Edit{RemoveTrial{edit.trial.id}};
    }

    Result<Edit> operator()(const RemoveTrial& edit) const {
        auto taken = take(study.trials, edit.id);
        if (!taken)
            return unknown("trial", edit.id.value);
        return Edit{PutTrial{taken->first}};
    }

    Result<Edit> operator()(const EditSequence& edit) const {
        EditSequence inverse;
        for (const Edit& step : edit.edits) {
            auto done = std::visit(*this, step);
            if (!done) {
                for (const Edit& back : inverse.edits)
                    (void)std::visit(*this, back);
                return std::move(done).error();
            }
            inverse.edits.insert(inverse.edits.begin(), std::move(done).value());
        }
        return Edit{inverse};
    }
};

} // namespace

bool EditSequence::operator==(const EditSequence& other) const {
    return edits == other.edits;
}

Result<Edit> apply(const Edit& edit, Study& study) {
    return std::visit(Applier{study}, edit);
}

std::int64_t takeId(Definition& definition) {
    return definition.nextId++;
}

} // namespace alidade
