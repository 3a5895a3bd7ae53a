#pragma once

#include "base/result.h"
#include "learning_rate/applications.h"
#include "learning_rate/refinement.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alidade {

/// Gradient norms as training programs log them: a table with a column of steps (optional) and one of norms.
struct GradientLogOptions {
    std::string normColumn; ///< empty: the one whose name says so, else the last column with numbers
    std::string stepColumn; ///< empty: the one whose name says so, else rows are steps
    /// Among several norm columns 1 prefers one of l1 norms (Adam-type refinement), 2 one of Euclidean norms.
    int power = 2;
    bool decimalComma = false;
    /// A norm above this factor times, or below one over it of, the median of its 21 neighbours is a spike
    /// and replaced by that median; 0: no norm is.
    double spikeFactor = 10.0;
};

/// Something that was found wrong in the log and what was done about it.
struct LogNote {
    std::size_t row = 0; ///< line of the file, from 1
    std::string message;
};

struct GradientLog {
    /// One norm > 0 for each of the steps firstStep, firstStep + stride, ...
    std::vector<double> norms;
    std::size_t firstStep = 1;
    std::size_t stride = 1;     ///< the usual distance of logged steps
    std::string normColumn;     ///< names as in the file, or "column 2"
    std::string stepColumn;     ///< empty when rows are steps
    std::vector<LogNote> notes; ///< by row
    std::size_t unreadable = 0; ///< cells without a finite number >= 0
    std::size_t zeros = 0;
    std::size_t spikes = 0;
    std::size_t repeated = 0; ///< rows of a step logged again later, as after a restart: the later row counts
    std::size_t missing = 0; ///< steps of the grid without a usable norm, interpolated on a logarithmic scale

    [[nodiscard]] std::size_t lastStep() const { return firstStep + stride * (norms.size() - 1); }
};

/// Separators: comma, semicolon, tab, white space, whichever splits the first line; a header is a first line
/// whose cells are not all numbers. Errors (with "line N" as context where there is one): no usable norm in
/// two different steps, a column that does not exist (names the nearest one).
[[nodiscard]] Result<GradientLog> readGradientLog(std::string_view text,
                                                  const GradientLogOptions& options = {});

/// A measured loss curve from such a table, for fitBound: the column whose name says loss (or `lossColumn`),
/// by step. Cells without a finite number are left out and noted; of a step logged twice the later row
/// counts.
struct LossLog {
    std::vector<LossPoint> points; ///< ascending steps >= 1
    std::string lossColumn;
    std::vector<LogNote> notes;
};
[[nodiscard]] Result<LossLog> readLossLog(std::string_view text, const std::string& lossColumn = {},
                                          bool decimalComma = false);

/// Learning rates from such a table, one per step from the first to the last: the column whose name says
/// rate, lr or eta, else the last one. Steps may begin at 0 or 1. Steps between the logged ones are
/// interpolated linearly, those before the first have its rate. Cells without a finite number >= 0 are left
/// out and noted. Errors: fewer than 2 usable rows, all rates 0.
struct RateLog {
    std::vector<double> rates;
    std::string rateColumn;
    std::vector<LogNote> notes;
};
[[nodiscard]] Result<RateLog> readRateLog(std::string_view text, bool decimalComma = false);

/// The refined schedule of a logged run for a run of `steps` steps: refined on the logged grid, interpolated
/// linearly, largest rate 1. rates has `steps` entries; the rate 0 behind the last step is not one of them.
[[nodiscard]] Result<RefinedSchedule> refineLog(const GradientLog& log, std::size_t steps,
                                                const RefinementOptions& options = {});

/// Values at `count` places spread evenly over the same range, by linear interpolation. count >= 1.
[[nodiscard]] std::vector<double> resampled(const std::vector<double>& values, std::size_t count);

} // namespace alidade
