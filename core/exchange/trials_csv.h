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

/// Something about one row, with its 1-based line number.
struct CsvProblem {
    std::size_t line = 0;
    std::string message;
};

struct CsvImport {
    std::vector<Trial> trials;        ///< without ids, origin Imported; Complete, Failed or Pending
    std::vector<std::size_t> lines;   ///< the line of each trial
    std::vector<CsvProblem> problems; ///< rows left out, with the reason
    std::vector<CsvProblem> warnings; ///< rows that were used, but not quite as they stand
    std::vector<std::string> ignored; ///< columns that name nothing of the study
};

/// Trials from CSV (RFC 4180 quoting, UTF-8 with or without BOM, see csv_table.h). Header names match
/// parameters (a mixture's shares are name.part, or one column with shares joined by ':'), measures, measure
/// "_sd" columns for known standard errors, slopes ("dloss/dlr", "dloss/dlr_sd"), "state", "failure",
/// "excluded", "note"; "id" and "origin" are known but not used. A name of the study wins over these;
/// "trial_state" etc. then still reach them. Case is ignored where that is unambiguous. A unit behind the
/// name in brackets or parentheses ("seconds [s]") must equal the declared one when both are given. Cells:
/// empty, "NA", "N/A", "nan", "null" and "none" are missing, unless they are a declared choice.
/// - Without a state: Complete when every measure is there, else Pending. "failed" is Failed; "complete" is
///   Complete if at least one measure is there; "pending" and "running" are Pending.
/// - A row is left out when an active parameter is missing or not allowed, a constraint does not hold, a
///   number cannot be read, it has more cells than the header, or its state is another one.
/// - Values of inactive parameters, slopes along them and of values that are missing or infinite are dropped,
///   and shares that add up to the total within 1 in 1,000 (printed with few digits) are scaled to it, each
///   with a warning.
/// Error only when the file is no CSV or its header is unusable: nothing of the study in it, a column twice,
/// another unit, no column for a parameter without condition.
[[nodiscard]] Result<CsvImport> trialsFromCsv(const Definition& definition, std::string_view text,
                                              const CsvOptions& options = {});

/// All trials, one row each, separated by commas: id, state, origin, parameters (shares as name.part),
/// measures, measure_sd and slopes (where some trial has one), failure and excluded (when some trial has
/// one), note; numbers shortest round-trip. Columns of the trial itself are called trial_id, ... where the
/// study has something of that name.
[[nodiscard]] std::string trialsToCsv(const Study& study);

} // namespace alidade
