#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace alidade {

/// One record with the 1-based number of the line it starts on.
struct CsvRow {
    std::size_t line = 0;
    std::vector<std::string> cells;
};

struct CsvTable {
    char separator = ',';
    std::vector<CsvRow> rows; ///< the header first; rows whose cells are all empty are left out
};

/// Reads RFC 4180: cells in double quotes may hold separators, line ends and doubled quotes; lines end in LF,
/// CRLF or CR. UTF-8, with or without byte order mark. `separator` 0: as a first line "sep=;" says, else the
/// most frequent of , ; tab in the header (outside quotes), else a comma. White space around an unquoted cell
/// is dropped. Errors (Syntax, with the line as context): no content, other encodings, a NUL byte, a quote
/// that is not closed, text behind a closing quote.
[[nodiscard]] Result<CsvTable> parseCsv(std::string_view text, char separator = 0);

/// The text as a cell of a comma-separated file, quoted when it must be (also when a reader would trim it).
[[nodiscard]] std::string csvCell(std::string_view text);

} // namespace alidade
