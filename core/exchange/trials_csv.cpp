#include "exchange/trials_csv.h"

#include "base/text.h"
#include "space/encoding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace alidade {
namespace {

struct Row {
    std::size_t line = 1;
    std::vector<std::string> cells;
};

/// RFC 4180: quoted cells may hold separators, line ends and doubled quotes.
std::vector<Row> parseRows(std::string_view text, char separator) {
    std::vector<Row> rows;
    Row row;
    std::string cell;
    bool quoted = false;
    bool any = false;
    std::size_t line = 1;
    row.line = 1;
    const auto endRow = [&] {
        row.cells.push_back(std::move(cell));
        cell.clear();
        if (any)
            rows.push_back(std::move(row));
        row = Row{};
        row.line = line;
        any = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                cell += '"';
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                line += c == '\n' ? 1 : 0;
                cell += c;
            }
        } else if (c == '"' && trimmed(cell).empty()) {
            cell.clear();
            quoted = true;
            any = true;
        } else if (c == separator) {
            row.cells.push_back(std::move(cell));
            cell.clear();
            any = true;
        } else if (c == '\n' || c == '\r') {
            if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
                ++i;
            ++line;
            endRow();
        } else {
            any = any || (c != ' ' && c != '\t');
            cell += c;
        }
    }
    if (any || !row.cells.empty())
        endRow();
    return rows;
}

/// The separator that divides the first line into most cells.
char detectSeparator(std::string_view text) {
    const std::string_view first = text.substr(0, text.find('\n'));
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char candidate : {',', ';', '\t'}) {
        const auto count = std::count(first.begin(), first.end(), candidate);
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

bool isMissing(std::string_view cell) {
    const std::string text = lowerCase(trimmed(cell));
    return text.empty() || text == "na" || text == "n/a" || text == "nan" || text == "null" || text == "none";
}

enum class Role { Ignored, Parameter, Share, Measure, NoiseSd, State, Note, Origin, Failure };

struct Column {
    Role role = Role::Ignored;
    ParameterId parameter;
    std::size_t part = 0;
    MeasureId measure;
    std::string name;
};

/// "seconds [s]" -> name and unit.
std::pair<std::string, std::string> nameAndUnit(std::string_view header) {
    const std::string_view text = trimmed(header);
    for (const auto& [open, close] : {std::pair{'[', ']'}, std::pair{'(', ')'}}) {
        const std::size_t start = text.rfind(open);
        if (start != std::string_view::npos && start > 0 && text.ends_with(close))
            return {std::string(trimmed(text.substr(0, start))),
                    std::string(trimmed(text.substr(start + 1, text.size() - start - 2)))};
    }
    return {std::string(text), std::string()};
}

Result<Column> columnFor(const Definition& definition, const std::string& header, std::size_t index) {
    const auto [name, unit] = nameAndUnit(header);
    Column column;
    column.name = name;
    std::string declared;
    if (const Parameter* parameter = definition.space.find(name)) {
        column.role = Role::Parameter;
        column.parameter = parameter->id;
        declared = parameter->unit;
    } else if (const auto measure = definition.findMeasure(name)) {
        column.role = Role::Measure;
        column.measure = *measure;
        declared = definition.measureUnit(*measure);
    } else if (name.ends_with("_sd") && definition.findMeasure(name.substr(0, name.size() - 3))) {
        column.role = Role::NoiseSd;
        column.measure = *definition.findMeasure(name.substr(0, name.size() - 3));
    } else if (const std::size_t dot = name.find('.'); dot != std::string::npos) {
        const Parameter* whole = definition.space.find(name.substr(0, dot));
        const auto* mixture = whole ? std::get_if<MixtureParts>(&whole->domain) : nullptr;
        for (std::size_t part = 0; mixture && part < mixture->parts.size(); ++part)
            if (mixture->parts[part] == name.substr(dot + 1)) {
                column.role = Role::Share;
                column.parameter = whole->id;
                column.part = part;
            }
    } else if (name == "state") {
        column.role = Role::State;
    } else if (name == "note") {
        column.role = Role::Note;
    } else if (name == "origin") {
        column.role = Role::Origin;
    } else if (name == "failure") {
        column.role = Role::Failure;
    }
    if (!unit.empty() && !declared.empty() && unit != declared)
        return makeError(ErrorCode::InvalidArgument,
                         "the unit of \"" + name + "\" is " + unit + " here and " + declared +
                             " in the study; convert the column or change the study",
                         "column " + std::to_string(index + 1));
    return column;
}

class RowReader {
public:
    RowReader(const Definition& definition, const std::vector<Column>& columns, const CsvOptions& options)
        : m_definition(definition), m_columns(columns), m_options(options) {}

    [[nodiscard]] Result<Trial> read(const Row& row) const {
        if (row.cells.size() > m_columns.size())
            return makeError(ErrorCode::Syntax, "the row has " + std::to_string(row.cells.size()) +
                                                    " cells for " + std::to_string(m_columns.size()) +
                                                    " columns");
        Trial trial;
        trial.origin = Origin::Imported;
        Setting setting;
        std::map<ParameterId, std::vector<std::optional<double>>> shares;
        std::optional<TrialState> state;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const Column& column = m_columns[i];
            const std::string& cell = row.cells[i];
            if (column.role == Role::Note) {
                trial.note = cell;
                continue;
            }
            if (column.role == Role::Failure) {
                trial.failure = cell;
                continue;
            }
            if (column.role == Role::Ignored || isMissing(cell))
                continue;
            ALIDADE_CHECK(readCell(column, cell, trial, setting, shares, state));
        }
        for (const auto& [id, parts] : shares) {
            std::vector<double> values;
            for (const auto& part : parts) {
                if (!part)
                    return makeError(ErrorCode::InvalidArgument, "a share of it is missing",
                                     m_definition.space.find(id)->name);
                values.push_back(*part);
            }
            ALIDADE_ASSIGN(setting[id], checkedValue(*m_definition.space.find(id), values));
        }
        ALIDADE_ASSIGN(trial.setting, checkedSetting(m_definition.space, setting));
        return withState(std::move(trial), state);
    }

private:
    [[nodiscard]] Result<double> number(const Column& column, const std::string& cell) const {
        std::string text = cell;
        if (m_options.decimalComma)
            std::replace(text.begin(), text.end(), ',', '.');
        const auto value = parseDouble(text);
        if (!value)
            return makeError(ErrorCode::Syntax, "\"" + cell + "\" is not a number", column.name);
        return *value;
    }

    Result<void> readCell(const Column& column, const std::string& cell, Trial& trial, Setting& setting,
                          std::map<ParameterId, std::vector<std::optional<double>>>& shares,
                          std::optional<TrialState>& state) const {
        switch (column.role) {
        case Role::Parameter: {
            const Parameter& parameter = *m_definition.space.find(column.parameter);
            std::string text = cell;
            if (m_options.decimalComma && !std::holds_alternative<CategoricalChoices>(parameter.domain))
                std::replace(text.begin(), text.end(), ',', '.');
            ALIDADE_ASSIGN(setting[column.parameter], parseValue(parameter, text));
            return {};
        }
        case Role::Share: {
            ALIDADE_ASSIGN(const double share, number(column, cell));
            auto& parts = shares[column.parameter];
            parts.resize(
                std::get<MixtureParts>(m_definition.space.find(column.parameter)->domain).parts.size());
            parts[column.part] = share;
            return {};
        }
        case Role::Measure: {
            ALIDADE_ASSIGN(trial.values[column.measure].value, number(column, cell));
            return {};
        }
        case Role::NoiseSd: {
            ALIDADE_ASSIGN(const double deviation, number(column, cell));
            if (!(deviation >= 0.0) || !std::isfinite(deviation))
                return makeError(ErrorCode::OutOfRange, "a standard deviation is finite and not negative",
                                 column.name);
            trial.values[column.measure].noiseSd = deviation;
            return {};
        }
        case Role::State: {
            state = parseState(lowerCase(trimmed(cell)));
            if (!state)
                return makeError(ErrorCode::Syntax, "\"" + cell + "\" is not a state", column.name);
            return {};
        }
        case Role::Origin:
            if (const auto origin = parseOrigin(lowerCase(trimmed(cell))))
                trial.origin = *origin;
            return {};
        case Role::Ignored:
        case Role::Note:
        case Role::Failure: return {};
        }
        return {};
    }

    [[nodiscard]] Result<Trial> withState(Trial trial, std::optional<TrialState> state) const {
        const bool complete =
            std::all_of(m_definition.objectives.begin(), m_definition.objectives.end(),
                        [&](const Objective& objective) { return trial.values.contains(objective.id); });
        if (state == TrialState::Failed) {
            trial.state = TrialState::Failed;
            trial.values.clear();
            if (trial.failure.empty())
                trial.failure = "imported as failed";
        } else if (state && *state != TrialState::Complete) {
            trial.state = TrialState::Pending; // nobody measures an imported trial at this moment
            trial.values.clear();
        } else if (complete) {
            trial.state = TrialState::Complete;
        } else if (state == TrialState::Complete) {
            return makeError(ErrorCode::InvalidArgument,
                             "the row says complete, but an objective is missing");
        } else {
            trial.state = TrialState::Pending;
            trial.values.clear();
        }
        return trial;
    }

    const Definition& m_definition;
    const std::vector<Column>& m_columns;
    const CsvOptions& m_options;
};

std::string csvCell(const std::string& text) {
    if (text.find_first_of(",;\"\n\r\t") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

} // namespace

Result<CsvImport> trialsFromCsv(const Definition& definition, std::string_view text,
                                const CsvOptions& options) {
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const char separator = options.separator ? options.separator : detectSeparator(text);
    const std::vector<Row> rows = parseRows(text, separator);
    if (rows.empty())
        return makeError(ErrorCode::Syntax, "the file is empty; a header line with column names is needed");
    CsvImport result;
    std::vector<Column> columns;
    for (std::size_t i = 0; i < rows.front().cells.size(); ++i) {
        ALIDADE_ASSIGN(Column column, columnFor(definition, rows.front().cells[i], i));
        if (column.role == Role::Ignored && column.name != "id")
            result.ignored.push_back(column.name);
        for (const Column& other : columns)
            if (column.role != Role::Ignored && other.name == column.name)
                return makeError(ErrorCode::InvalidArgument,
                                 "the column \"" + column.name + "\" is there twice");
        columns.push_back(std::move(column));
    }
    const bool usable = std::any_of(columns.begin(), columns.end(), [](const Column& column) {
        return column.role == Role::Parameter || column.role == Role::Share;
    });
    if (!usable)
        return makeError(ErrorCode::InvalidArgument, "no column is named like a parameter (" +
                                                         join(definition.space.names(), ", ") + ")");
    const RowReader reader(definition, columns, options);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        auto trial = reader.read(rows[i]);
        if (trial)
            result.trials.push_back(std::move(trial).value());
        else
            result.problems.push_back({rows[i].line, trial.error().text()});
    }
    return result;
}

std::string trialsToCsv(const Study& study) {
    const Definition& definition = study.definition;
    std::vector<std::string> header{"id", "state", "origin"};
    for (const Parameter& parameter : definition.space.parameters) {
        const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
        if (!mixture)
            header.push_back(parameter.name);
        for (std::size_t part = 0; mixture && part < mixture->parts.size(); ++part)
            header.push_back(parameter.name + "." + mixture->parts[part]);
    }
    const std::vector<MeasureId> measures = definition.measures();
    for (const MeasureId measure : measures) {
        header.push_back(definition.measureName(measure));
        header.push_back(definition.measureName(measure) + "_sd");
    }
    header.insert(header.end(), {"failure", "note"});
    std::string csv;
    const auto write = [&](std::vector<std::string> cells) {
        for (std::string& cell : cells)
            cell = csvCell(cell);
        csv += join(cells, ",") + "\n";
    };
    write(header);
    for (const Trial& trial : study.trials) {
        std::vector<std::string> cells{std::to_string(trial.id.value), std::string(stateName(trial.state)),
                                       std::string(originName(trial.origin))};
        for (const Parameter& parameter : definition.space.parameters) {
            const auto found = trial.setting.find(parameter.id);
            const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
            if (!mixture) {
                cells.push_back(found == trial.setting.end() ? std::string() : formatValue(found->second));
                continue;
            }
            const auto* shares =
                found == trial.setting.end() ? nullptr : std::get_if<std::vector<double>>(&found->second);
            for (std::size_t part = 0; part < mixture->parts.size(); ++part)
                cells.push_back(shares && part < shares->size() ? formatDouble((*shares)[part])
                                                                : std::string());
        }
        for (const MeasureId measure : measures) {
            const auto found = trial.values.find(measure);
            const bool measured = found != trial.values.end();
            cells.push_back(measured ? formatDouble(found->second.value) : std::string());
            cells.push_back(measured && found->second.noiseSd ? formatDouble(*found->second.noiseSd)
                                                              : std::string());
        }
        cells.push_back(trial.failure);
        cells.push_back(trial.note);
        write(std::move(cells));
    }
    return csv;
}

} // namespace alidade
