#pragma once

#include "project_file/project_file.h"

#include <optional>
#include <string_view>

namespace alidade {

/// The words of the file, frozen with its schema and independent of what the program shows.
[[nodiscard]] std::string_view storedState(TrialState state);
[[nodiscard]] std::optional<TrialState> stateFromStored(std::string_view word);
[[nodiscard]] std::string_view storedOrigin(Origin origin);
[[nodiscard]] std::optional<Origin> originFromStored(std::string_view word);
[[nodiscard]] std::string_view storedStream(OutputStream stream);

/// A double as SQLite keeps it: a kind, and the number itself only when it is finite.
struct StoredNumber {
    std::string_view kind; ///< "finite", "+inf" or "-inf"
    std::optional<double> value;
};
/// `number` is not NaN.
[[nodiscard]] StoredNumber storedNumber(double number);
/// Nothing when the kind is none of the three or the value does not fit it.
[[nodiscard]] std::optional<double> numberFromStored(std::string_view kind, std::optional<double> value);

} // namespace alidade
