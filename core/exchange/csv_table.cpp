#include "exchange/csv_table.h"

#include "base/text.h"
#include "exchange/utf8.h"

#include <algorithm>
#include <array>

namespace alidade {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string lineText(std::size_t line) {
    return "line " + std::to_string(line);
}

std::size_t lineAt(std::string_view text, std::size_t offset) {
    std::size_t line = 1;
    for (std::size_t i = 0; i < offset; ++i)
        if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')))
            ++line;
    return line;
}

Result<void> checkEncoding(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return makeError(ErrorCode::Syntax, "the file is UTF-16; save it as UTF-8 (\"CSV UTF-8\")",
                         lineText(1));
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        return makeError(ErrorCode::Syntax, "there is a NUL byte; this is not a text file",
                         lineText(lineAt(text, nul)));
    if (const auto bad = invalidUtf8(text))
        return makeError(ErrorCode::Syntax, "the text is not UTF-8; save the file as UTF-8 (\"CSV UTF-8\")",
                         lineText(lineAt(text, *bad)));
    return {};
}

/// Most frequent separator of the first line that has content, outside quotes.
char detectedSeparator(std::string_view text) {
    constexpr std::array kCandidates{',', ';', '\t'};
    std::array<std::size_t, kCandidates.size()> counts{};
    bool quoted = false;
    bool content = false;
    for (const char c : text) {
        if (c == '"')
            quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r')) {
            if (content)
                break;
            counts.fill(0);
            continue;
        }
        const auto* const found = std::find(kCandidates.begin(), kCandidates.end(), c);
        if (!quoted && found != kCandidates.end())
            ++counts[static_cast<std::size_t>(found - kCandidates.begin())];
        else if (c != ' ')
            content = true;
    }
    const auto most = std::max_element(counts.begin(), counts.end());
    return *most == 0 ? ',' : kCandidates[static_cast<std::size_t>(most - counts.begin())];
}

class Reader {
public:
    Reader(std::string_view text, char separator, std::size_t firstLine)
        : m_text(text), m_separator(separator), m_line(firstLine) {}

    Result<std::vector<CsvRow>> rows() {
        std::vector<CsvRow> result;
        while (m_at < m_text.size()) {
            CsvRow row;
            row.line = m_line;
            ALIDADE_CHECK(readRow(row.cells));
            const bool blank = std::all_of(row.cells.begin(), row.cells.end(),
                                           [](const std::string& cell) { return cell.empty(); });
            if (!blank)
                result.push_back(std::move(row));
        }
        return result;
    }

private:
    [[nodiscard]] bool atLineEnd() const { return m_text[m_at] == '\n' || m_text[m_at] == '\r'; }

    void takeLineEnd() {
        if (m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n')
            ++m_at;
        ++m_at;
        ++m_line;
    }

    Result<void> readRow(std::vector<std::string>& cells) {
        while (true) {
            std::string cell;
            ALIDADE_CHECK(readCell(cell));
            cells.push_back(std::move(cell));
            if (m_at == m_text.size())
                return {};
            if (atLineEnd()) {
                takeLineEnd();
                return {};
            }
            ++m_at; // the separator
        }
    }

    Result<void> readCell(std::string& cell) {
        std::size_t start = m_at;
        while (start < m_text.size() && m_text[start] == ' ' && m_separator != ' ')
            ++start;
        if (start < m_text.size() && m_text[start] == '"') {
            m_at = start + 1;
            return readQuoted(cell);
        }
        while (m_at < m_text.size() && m_text[m_at] != m_separator && !atLineEnd())
            cell += m_text[m_at++];
        cell = std::string(trimmed(cell));
        return {};
    }

    Result<void> readQuoted(std::string& cell) {
        const std::size_t opened = m_line;
        while (true) {
            if (m_at == m_text.size())
                return makeError(ErrorCode::Syntax, "a quote that starts here is never closed",
                                 lineText(opened));
            if (m_text[m_at] == '"') {
                if (m_at + 1 == m_text.size() || m_text[m_at + 1] != '"')
                    break;
                ++m_at;
            } else if (atLineEnd() &&
                       (m_text[m_at] == '\n' || m_at + 1 == m_text.size() || m_text[m_at + 1] != '\n')) {
                ++m_line;
            }
            cell += m_text[m_at++];
        }
        ++m_at;
        while (m_at < m_text.size() && m_text[m_at] == ' ' && m_separator != ' ')
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] != m_separator && !atLineEnd())
            return makeError(ErrorCode::Syntax,
                             "there is text behind a closing quote; double the quotes inside a cell",
                             lineText(m_line));
        return {};
    }

    std::string_view m_text;
    char m_separator;
    std::size_t m_at = 0;
    std::size_t m_line;
};

} // namespace

Result<CsvTable> parseCsv(std::string_view text, char separator) {
    ALIDADE_CHECK(checkEncoding(text));
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    std::size_t firstLine = 1;
    // A line that spreadsheet programs write for one another.
    if (const std::size_t end = text.find_first_of("\r\n");
        text.starts_with("sep=") && end != std::string_view::npos && end == 5) {
        if (separator == 0)
            separator = text[4];
        text.remove_prefix(text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n' ? end + 2
                                                                                               : end + 1);
        firstLine = 2;
    }
    if (separator == '"' || separator == '\n' || separator == '\r')
        return makeError(ErrorCode::InvalidArgument, "this character cannot separate cells");
    CsvTable table;
    table.separator = separator == 0 ? detectedSeparator(text) : separator;
    ALIDADE_ASSIGN(table.rows, Reader(text, table.separator, firstLine).rows());
    if (table.rows.empty())
        return makeError(ErrorCode::Syntax, "the file is empty; the first line names the columns",
                         lineText(1));
    return table;
}

std::string csvCell(std::string_view text) {
    const bool plain = text.find_first_of(",;\t\"\r\n") == std::string_view::npos && trimmed(text) == text;
    if (plain)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"')
            quoted += c;
    }
    return quoted + '"';
}

} // namespace alidade
