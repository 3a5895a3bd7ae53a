#include "project_file/vocabulary.h"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace alidade {
namespace {

constexpr std::array<std::pair<TrialState, std::string_view>, 6> kStates = {{
    {TrialState::Pending, "pending"},
    {TrialState::Running, "running"},
    {TrialState::Complete, "complete"},
    {TrialState::Failed, "failed"},
    {TrialState::Stopped, "stopped"},
    {TrialState::Withdrawn, "withdrawn"},
}};
constexpr std::array<std::pair<Origin, std::string_view>, 5> kOrigins = {{
    {Origin::Manual, "manual"},
    {Origin::Imported, "imported"},
    {Origin::Initial, "initial"},
    {Origin::Random, "random"},
    {Origin::Model, "model"},
}};

template <typename Table, typename Key>
std::string_view wordOf(const Table& table, Key key) {
    for (const auto& [entry, word] : table)
        if (entry == key)
            return word;
    return {};
}

template <typename Table>
auto keyOf(const Table& table, std::string_view word) -> std::optional<decltype(table.front().first)> {
    for (const auto& [entry, known] : table)
        if (known == word)
            return entry;
    return std::nullopt;
}

} // namespace

std::string_view storedState(TrialState state) {
    return wordOf(kStates, state);
}
std::optional<TrialState> stateFromStored(std::string_view word) {
    return keyOf(kStates, word);
}
std::string_view storedOrigin(Origin origin) {
    return wordOf(kOrigins, origin);
}
std::optional<Origin> originFromStored(std::string_view word) {
    return keyOf(kOrigins, word);
}
std::string_view storedStream(OutputStream stream) {
    return stream == OutputStream::StandardOutput ? "stdout" : "stderr";
}

StoredNumber storedNumber(double number) {
    if (std::isinf(number))
        return {number > 0.0 ? "+inf" : "-inf", std::nullopt};
    return {"finite", number};
}

std::optional<double> numberFromStored(std::string_view kind, std::optional<double> value) {
    if (kind == "finite")
        return value && std::isfinite(*value) ? value : std::nullopt;
    if (value)
        return std::nullopt;
    if (kind == "+inf")
        return std::numeric_limits<double>::infinity();
    if (kind == "-inf")
        return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

} // namespace alidade
