#pragma once

#include "base/result.h"
#include "study/study.h"

#include <string>
#include <string_view>
#include <vector>

namespace alidade {

struct CsvOptions {
    char separator = 0;        ///< 0: detected among , ; tab
    bool decimalComma = false; ///< "0,5"; implied by nothing, stated by the user
};

/// One row that could not be used, with its 1-based line number and the reason.
struct CsvProblem {
    std::size_t line = 0;
    std::string message;
};

struct CsvImport {
    std::vector<Trial> trials;        ///< without ids; Complete, Failed or Pending
    std::vector<CsvProblem> problems; ///< rows left out
    std::vector<std::string> ignored; ///< columns that name nothing of the study
};

/// Trials from CSV (RFC 4180 quoting, UTF-8 with or without BOM). Header names match parameters (a mixture's
/// shares are name.part), measures, measure "_sd" columns for known noise, "state", "note"; a unit behind the
/// name in brackets or parentheses ("seconds [s]") must equal the declared one when both are given. Empty
/// cells, "NA", "nan", "null" are missing: a missing measure leaves the trial Pending (or Failed if its state
/// says so); a missing active parameter makes the row a problem. Error only when the header is unusable.
[[nodiscard]] Result<CsvImport> trialsFromCsv(const Definition& definition, std::string_view text,
                                              const CsvOptions& options = {});

/// All trials, one row each: id, state, origin, parameters, measures, measure_sd, note; numbers shortest
/// round-trip.
[[nodiscard]] std::string trialsToCsv(const Study& study);

} // namespace alidade
