#pragma once

#include "exchange/json_cursor.h"
#include "learning_rate/bound.h"
#include "learning_rate/schedule.h"

namespace alidade {

/// Parameters that the schedule methods of the protocol share; errors carry the path of the offending part.

/// Longest run that a method takes.
inline constexpr std::int64_t kMaximumSteps = 10000000;

[[nodiscard]] Result<double> numberOr(const JsonCursor& cursor, const std::string& key, double standard);
/// A whole number between 1 and kMaximumSteps.
[[nodiscard]] Result<std::size_t> readSteps(const JsonCursor& params, const std::string& key);
/// A shape object, valid for `steps` steps.
[[nodiscard]] Result<Schedule> readSchedule(const JsonCursor& cursor, std::size_t steps);
/// distance (1) and gradient_norms (1; a number or a list).
[[nodiscard]] Result<BoundProblem> readProblem(const JsonCursor& params);
/// An error of the calculation, with its field below `params`.
[[nodiscard]] Error placed(const JsonCursor& params, Error error);

} // namespace alidade
