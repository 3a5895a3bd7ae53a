#include "learning_rate/gradient_log.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>

namespace alidade {
namespace {

constexpr std::size_t kNeighbours = 21;
constexpr std::size_t kMostSteps = 50000000;

struct Row {
    std::size_t line = 0;
    std::vector<std::string> cells;
};

std::string unquoted(std::string_view cell) {
    cell = trimmed(cell);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
        cell = trimmed(cell.substr(1, cell.size() - 2));
    return std::string(cell);
}

std::vector<std::string> cellsOf(std::string_view line, char separator) {
    std::vector<std::string> cells;
    if (separator != ' ') {
        for (const std::string& cell : split(line, separator))
            cells.push_back(unquoted(cell));
        return cells;
    }
    while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        if (end > 0)
            cells.push_back(unquoted(line.substr(0, end)));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return cells;
}

std::vector<Row> rowsOf(std::string_view text, bool decimalComma) {
    std::vector<Row> rows;
    char separator = 0;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.front() == '#')
            continue;
        if (separator == 0) {
            separator = ' ';
            for (const char candidate : {';', '\t', ','})
                if (line.find(candidate) != std::string_view::npos && !(candidate == ',' && decimalComma)) {
                    separator = candidate;
                    break;
                }
        }
        rows.push_back({number, cellsOf(line, separator)});
    }
    return rows;
}

std::optional<double> numberIn(const Row& row, std::size_t column, bool decimalComma) {
    if (column >= row.cells.size())
        return std::nullopt;
    std::string cell = row.cells[column];
    if (decimalComma)
        std::replace(cell.begin(), cell.end(), ',', '.');
    return parseDouble(cell);
}

bool containsAny(const std::string& name, const std::vector<std::string_view>& parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

/// How well a column's name says that it holds gradient norms; 0: not at all.
int normScore(const std::string& header, int power) {
    const std::string name = lowerCase(header);
    if (!containsAny(name, {"norm", "grad", "l1", "l2"}))
        return 0;
    const bool absolute = containsAny(name, {"l1", "abs", "_1"});
    return (containsAny(name, {"grad"}) ? 2 : 1) + (absolute == (power == 1) ? 4 : 0);
}

struct Columns {
    std::size_t norm = 0;
    std::optional<std::size_t> step;
    bool header = false;
};

Result<std::size_t> namedColumn(const Row& header, const std::string& wanted, const char* field) {
    const auto found = std::find(header.cells.begin(), header.cells.end(), wanted);
    if (found != header.cells.end())
        return static_cast<std::size_t>(found - header.cells.begin());
    return makeError(ErrorCode::UnknownName,
                     "there is no column \"" + wanted + "\"" + didYouMean(wanted, header.cells), field);
}

Result<Columns> findColumns(const std::vector<Row>& rows, const GradientLogOptions& options) {
    const Row& first = rows.front();
    Columns columns;
    for (std::size_t i = 0; i < first.cells.size(); ++i)
        columns.header = columns.header || (!numberIn(first, i, options.decimalComma) &&
                                            !first.cells[i].empty() && lowerCase(first.cells[i]) != "nan");
    columns.norm = first.cells.size() - 1;
    if (!columns.header) {
        if (first.cells.size() > 1)
            columns.step = 0;
    } else {
        int best = 0;
        for (std::size_t i = 0; i < first.cells.size(); ++i) {
            const std::string name = lowerCase(first.cells[i]);
            if (const int score = normScore(name, options.power); score > best) {
                best = score;
                columns.norm = i;
            }
            if (!columns.step && (name == "t" || containsAny(name, {"step", "iter"})))
                columns.step = i;
        }
    }
    if (!options.normColumn.empty()) {
        ALIDADE_ASSIGN(columns.norm, namedColumn(first, options.normColumn, "norm_column"));
    }
    if (!options.stepColumn.empty()) {
        ALIDADE_ASSIGN(columns.step, namedColumn(first, options.stepColumn, "step_column"));
    }
    if (columns.step == columns.norm)
        columns.step.reset();
    return columns;
}

struct Entry {
    std::size_t line = 0;
    double norm = 0.0;
};

/// The usable norms by step; what is not usable is noted.
Result<std::map<std::int64_t, Entry>> usableNorms(const std::vector<Row>& rows, const Columns& columns,
                                                  const GradientLogOptions& options, GradientLog& log) {
    std::map<std::int64_t, Entry> entries;
    std::int64_t counted = 0;
    for (std::size_t i = columns.header ? 1 : 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        std::int64_t step = ++counted;
        if (columns.step) {
            const auto number = numberIn(row, *columns.step, options.decimalComma);
            if (!number || !(*number >= 0.0 && *number <= static_cast<double>(kMostSteps)) ||
                *number != std::floor(*number)) {
                log.notes.push_back({row.line, "the step is not a whole number; the row is left out"});
                ++log.unreadable;
                continue;
            }
            step = static_cast<std::int64_t>(*number);
        }
        const auto norm = numberIn(row, columns.norm, options.decimalComma);
        if (!norm || !std::isfinite(*norm) || *norm < 0.0) {
            const std::string cell = columns.norm < row.cells.size() ? row.cells[columns.norm] : "";
            log.notes.push_back({row.line, cell.empty() ? "the norm is missing; interpolated"
                                                        : "\"" + cell + "\" is no norm; interpolated"});
            ++log.unreadable;
            continue;
        }
        if (*norm == 0.0) {
            log.notes.push_back({row.line, "the norm is 0, which says that none was logged; interpolated"});
            ++log.zeros;
            continue;
        }
        if (const auto earlier = entries.find(step); earlier != entries.end()) {
            log.notes.push_back(
                {earlier->second.line, "step " + std::to_string(step) + " is logged again in line " +
                                           std::to_string(row.line) + "; the later row counts"});
            ++log.repeated;
        }
        entries[step] = {row.line, *norm};
    }
    if (entries.size() < 2)
        return makeError(ErrorCode::InvalidArgument,
                         "fewer than 2 steps have a usable gradient norm (column \"" + log.normColumn + "\")",
                         "gradient_norms");
    return entries;
}

void removeSpikes(std::map<std::int64_t, Entry>& entries, double factor, GradientLog& log) {
    if (!(factor > 0.0))
        return;
    std::vector<double> values;
    for (const auto& [step, entry] : entries)
        values.push_back(entry.norm);
    const std::size_t width = std::min(kNeighbours, 2 * ((values.size() - 1) / 2) + 1);
    const std::vector<double> medians = medianFilter(values, width);
    std::size_t i = 0;
    for (auto& [step, entry] : entries) {
        const double median = medians[i++];
        if (entry.norm <= factor * median && entry.norm >= median / factor)
            continue;
        log.notes.push_back({entry.line, "the norm " + formatDouble(entry.norm) +
                                             " is a spike; replaced by the median of its neighbours, " +
                                             formatDouble(median)});
        ++log.spikes;
        entry.norm = median;
    }
}

/// Fills the grid of steps; what lies between two usable norms is interpolated.
void fillGrid(const std::map<std::int64_t, Entry>& entries, GradientLog& log) {
    std::vector<std::int64_t> distances;
    for (auto it = entries.begin(); std::next(it) != entries.end(); ++it)
        distances.push_back(std::next(it)->first - it->first);
    // The lower median: missing steps only make distances larger.
    const std::ptrdiff_t middle = (std::ssize(distances) - 1) / 2;
    std::nth_element(distances.begin(), distances.begin() + middle, distances.end());
    const std::int64_t stride = distances[static_cast<std::size_t>(middle)];
    const std::int64_t first = entries.begin()->first;
    const std::int64_t last = entries.rbegin()->first;
    log.stride = static_cast<std::size_t>(stride);
    log.firstStep = static_cast<std::size_t>(first);
    auto right = entries.begin();
    for (std::int64_t step = first; step <= last; step += stride) {
        while (right->first < step)
            ++right;
        if (right->first == step) {
            log.norms.push_back(right->second.norm);
            continue;
        }
        const auto left = std::prev(right);
        const double share =
            static_cast<double>(step - left->first) / static_cast<double>(right->first - left->first);
        log.norms.push_back(
            std::exp((1.0 - share) * std::log(left->second.norm) + share * std::log(right->second.norm)));
        if (++log.missing; step - left->first <= stride && right->first - left->first > 2 * stride)
            log.notes.push_back({left->second.line, "steps between " + std::to_string(left->first) + " and " +
                                                        std::to_string(right->first) +
                                                        " have no usable norm; interpolated"});
    }
}

/// What to read by step.
struct Wanted {
    std::vector<std::string_view> words; ///< that the column's name may hold
    std::string what;
    std::string column; ///< exact name; empty: by the words, else the last one
    double leastStep = 1.0;
    bool decimalComma = false;
};

Result<LossLog> readByStep(std::string_view text, const Wanted& wanted) {
    const std::vector<Row> rows = rowsOf(text, wanted.decimalComma);
    if (rows.empty())
        return makeError(ErrorCode::Syntax, "the log is empty", "points");
    GradientLogOptions options;
    options.decimalComma = wanted.decimalComma;
    ALIDADE_ASSIGN(Columns columns, findColumns(rows, options));
    if (!wanted.column.empty()) {
        ALIDADE_ASSIGN(columns.norm, namedColumn(rows.front(), wanted.column, "loss_column"));
    } else if (columns.header) {
        for (std::size_t i = rows.front().cells.size(); i-- > 0;)
            if (containsAny(lowerCase(rows.front().cells[i]), wanted.words))
                columns.norm = i;
    }
    LossLog log;
    log.lossColumn =
        columns.header ? rows.front().cells[columns.norm] : "column " + std::to_string(columns.norm + 1);
    std::map<std::size_t, double> values;
    std::size_t counted = 0;
    for (std::size_t i = columns.header ? 1 : 0; i < rows.size(); ++i) {
        ++counted;
        const auto step = columns.step ? numberIn(rows[i], *columns.step, wanted.decimalComma)
                                       : std::optional(static_cast<double>(counted));
        const auto value = numberIn(rows[i], columns.norm, wanted.decimalComma);
        if (!step || !(*step >= wanted.leastStep && *step <= static_cast<double>(kMostSteps)) ||
            *step != std::floor(*step))
            log.notes.push_back({rows[i].line, "the step is not a whole number of at least " +
                                                   formatDouble(wanted.leastStep) + "; the row is left out"});
        else if (!value || !std::isfinite(*value))
            log.notes.push_back(
                {rows[i].line, "there is no finite " + wanted.what + "; the row is left out"});
        else
            values[static_cast<std::size_t>(*step)] = *value;
    }
    for (const auto& [step, value] : values)
        log.points.push_back({step, value});
    return log;
}

} // namespace

Result<GradientLog> readGradientLog(std::string_view text, const GradientLogOptions& options) {
    const std::vector<Row> rows = rowsOf(text, options.decimalComma);
    if (rows.empty())
        return makeError(ErrorCode::Syntax, "the log is empty", "gradient_norms");
    ALIDADE_ASSIGN(const Columns columns, findColumns(rows, options));
    GradientLog log;
    const auto nameOf = [&](std::size_t column) {
        return columns.header ? rows.front().cells[column] : "column " + std::to_string(column + 1);
    };
    log.normColumn = nameOf(columns.norm);
    if (columns.step)
        log.stepColumn = nameOf(*columns.step);
    ALIDADE_ASSIGN(auto entries, usableNorms(rows, columns, options, log));
    removeSpikes(entries, options.spikeFactor, log);
    fillGrid(entries, log);
    std::stable_sort(log.notes.begin(), log.notes.end(),
                     [](const LogNote& a, const LogNote& b) { return a.row < b.row; });
    return log;
}

Result<LossLog> readLossLog(std::string_view text, const std::string& lossColumn, bool decimalComma) {
    ALIDADE_ASSIGN(LossLog log, readByStep(text, {{"loss"}, "loss", lossColumn, 1, decimalComma}));
    if (log.points.size() < 4)
        return makeError(ErrorCode::InvalidArgument,
                         "at least 4 steps with a loss are needed (column \"" + log.lossColumn + "\")",
                         "points");
    return log;
}

Result<RateLog> readRateLog(std::string_view text, bool decimalComma) {
    ALIDADE_ASSIGN(LossLog log,
                   readByStep(text, {{"rate", "lr", "eta", "schedule"}, "rate", "", 0, decimalComma}));
    RateLog result;
    result.rateColumn = log.lossColumn;
    result.notes = std::move(log.notes);
    std::vector<LossPoint>& points = log.points;
    std::erase_if(points, [&](const LossPoint& point) {
        if (point.loss >= 0.0)
            return false;
        result.notes.push_back(
            {0, "the rate of step " + std::to_string(point.step) + " is negative; it is left out"});
        return true;
    });
    if (points.size() < 2)
        return makeError(ErrorCode::InvalidArgument,
                         "at least 2 steps with a rate are needed (column \"" + result.rateColumn + "\")",
                         "values");
    const std::size_t shift = points.front().step == 0 ? 1 : 0;
    std::size_t right = 1;
    for (std::size_t step = 1; step <= points.back().step + shift; ++step) {
        const auto at = static_cast<double>(step - shift);
        while (right + 1 < points.size() && static_cast<double>(points[right].step) < at)
            ++right;
        const LossPoint& before = points[right - 1];
        const double share = std::max(0.0, (at - static_cast<double>(before.step)) /
                                               static_cast<double>(points[right].step - before.step));
        result.rates.push_back((1.0 - share) * before.loss + share * points[right].loss);
    }
    if (*std::max_element(result.rates.begin(), result.rates.end()) == 0.0)
        return makeError(ErrorCode::InvalidArgument, "all rates are 0", "values");
    return result;
}

std::vector<double> resampled(const std::vector<double>& values, std::size_t count) {
    std::vector<double> result(count, values.front());
    for (std::size_t i = 0; i < count && count > 1; ++i) {
        const double place =
            static_cast<double>(i) * static_cast<double>(values.size() - 1) / static_cast<double>(count - 1);
        const auto left = std::min(static_cast<std::size_t>(place), values.size() - 1);
        const std::size_t right = std::min(left + 1, values.size() - 1);
        const double share = place - static_cast<double>(left);
        result[i] = (1.0 - share) * values[left] + share * values[right];
    }
    return result;
}

Result<RefinedSchedule> refineLog(const GradientLog& log, std::size_t steps,
                                  const RefinementOptions& options) {
    if (steps < 1)
        return makeError(ErrorCode::InvalidArgument, "steps must be at least 1", "steps");
    ALIDADE_ASSIGN(RefinedSchedule refined, refineSchedule(log.norms, options));
    // The refined rates end at 0, which is the point behind the last step: T + 1 places, the last one unused.
    refined.rates = resampled(refined.rates, steps + 1);
    refined.rates.pop_back();
    const double highest = *std::max_element(refined.rates.begin(), refined.rates.end());
    for (double& rate : refined.rates)
        rate /= highest;
    return refined;
}

} // namespace alidade
