#pragma once

#include "learning_rate/schedule.h"

#include <vector>

namespace alidade {

/// Schedules of several parts, as the page Learning rate makes and edits them.

/// Where a part lies in a run of `steps`: 0-based first step, and how many it takes.
struct PartSpan {
    std::size_t begin = 0;
    std::size_t count = 0;
    std::size_t horizon = 0; ///< for which the part's schedule is made
};
/// Of a composed shape that is valid for `steps`.
[[nodiscard]] std::vector<PartSpan> partSpans(const ComposedShape& shape, std::size_t steps);

/// The same schedule in two parts: its first half, and a straight way from there to 0.
[[nodiscard]] Schedule asComposed(const Schedule& schedule, std::size_t steps);

/// Where a run of `steps` is left when it is trained on: its cooldown is not taken along. All steps without
/// one.
[[nodiscard]] std::size_t stepsToKeep(const Schedule& schedule, std::size_t steps);

/// The run, valid for `steps`, left after `kept` of them, with a tail of kind wsd that begins at the rate
/// reached (at the base rate where the run has come down to less than a hundredth). The parts of a composed
/// run become parts of the result, so that nothing is nested.
[[nodiscard]] Schedule withNewTail(const Schedule& run, std::size_t steps, std::size_t kept);

/// Parts of a composed shape cut so that every part has at least one step of a run of `steps`.
[[nodiscard]] ComposedShape fittedParts(const ComposedShape& shape, std::size_t steps);

/// The schedule for a run of another length: warm-up, switches and parts keep their share of the steps,
/// tables are interpolated.
[[nodiscard]] Schedule stretched(const Schedule& schedule, std::size_t from, std::size_t to);

/// A table for `count` steps by linear interpolation over the same run.
[[nodiscard]] std::vector<double> stretchedTable(const std::vector<double>& values, std::size_t count);

/// One more point in the widest gap of a drawn schedule, on the curve.
[[nodiscard]] DrawnShape withPoint(const DrawnShape& drawn);
/// Without the inner point that changes the curve least; the same when there are only the ends.
[[nodiscard]] DrawnShape withoutPoint(const DrawnShape& drawn);

} // namespace alidade
