#include "study/trial.h"

#include <array>
#include <utility>

namespace alidade {
namespace {

constexpr std::array<std::pair<TrialState, std::string_view>, 6> kStates{
    {{TrialState::Pending, "pending"},
     {TrialState::Running, "running"},
     {TrialState::Complete, "complete"},
     {TrialState::Failed, "failed"},
     {TrialState::Stopped, "stopped"},
     {TrialState::Withdrawn, "withdrawn"}}};
constexpr std::array<std::pair<Origin, std::string_view>, 5> kOrigins{{{Origin::Manual, "manual"},
                                                                       {Origin::Imported, "imported"},
                                                                       {Origin::Initial, "initial"},
                                                                       {Origin::Random, "random"},
                                                                       {Origin::Model, "model"}}};

template <typename Table, typename Key>
std::string_view nameOf(const Table& table, Key key) {
    for (const auto& [value, name] : table)
        if (value == key)
            return name;
    return {};
}

template <typename Key, typename Table>
std::optional<Key> keyOf(const Table& table, std::string_view wanted) {
    for (const auto& [value, name] : table)
        if (name == wanted)
            return value;
    return std::nullopt;
}

} // namespace

bool canTransition(TrialState from, TrialState to) {
    switch (from) {
    case TrialState::Pending:
        return to == TrialState::Running || to == TrialState::Complete || to == TrialState::Failed ||
               to == TrialState::Withdrawn;
    case TrialState::Running:
        return to == TrialState::Complete || to == TrialState::Failed || to == TrialState::Stopped ||
               to == TrialState::Pending;
    case TrialState::Complete:
    case TrialState::Failed:
    case TrialState::Stopped:
    case TrialState::Withdrawn: return false;
    }
    return false;
}

std::string_view stateName(TrialState state) {
    return nameOf(kStates, state);
}

std::optional<TrialState> parseState(std::string_view name) {
    return keyOf<TrialState>(kStates, name);
}

std::string_view originName(Origin origin) {
    return nameOf(kOrigins, origin);
}

std::optional<Origin> parseOrigin(std::string_view name) {
    return keyOf<Origin>(kOrigins, name);
}

} // namespace alidade
