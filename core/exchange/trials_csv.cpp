#include "exchange/trials_csv.h"

#include "base/text.h"
#include "exchange/csv_columns.h"
#include "exchange/csv_table.h"
#include "exchange/utf8.h"
#include "space/constraint.h"
#include "space/simplex.h"
#include "study/slopes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace alidade {
namespace {

using Role = CsvColumn::Role;

constexpr double kPrintedShares = 1e-3; ///< how far printed shares may miss their total, relative

bool isMissing(const std::string& cell) {
    constexpr std::array kWords{"", "na", "n/a", "nan", "null", "none"};
    return std::find(kWords.begin(), kWords.end(), lowerCase(cell)) != kWords.end();
}

Error problem(const std::string& column, std::string message) {
    return makeError(ErrorCode::Syntax, std::move(message), column);
}

/// Reads one row; the first problem ends it.
class RowReader {
public:
    RowReader(const Definition& definition, const std::vector<CsvColumn>& columns,
              const std::vector<ParameterId>& order, const ConstraintSet& constraints,
              const CsvOptions& options)
        : m_definition(definition), m_columns(columns), m_order(order), m_constraints(constraints),
          m_options(options) {}

    Result<Trial> read(const CsvRow& row, std::vector<std::string>& warnings) const {
        for (std::size_t i = m_columns.size(); i < row.cells.size(); ++i)
            if (!row.cells[i].empty())
                return problem({}, "the row has " + std::to_string(row.cells.size()) + " cells, the header " +
                                       std::to_string(m_columns.size()));
        Trial trial;
        trial.origin = Origin::Imported;
        ALIDADE_ASSIGN(trial.setting, setting(row, warnings));
        if (const auto violated = m_constraints.firstViolated(trial.setting))
            return problem({}, "the constraint \"" + m_definition.space.constraints[*violated].expression +
                                   "\" does not hold");
        ALIDADE_ASSIGN(trial.values, measurements(row));
        ALIDADE_CHECK(slopes(row, trial.setting, trial.values, warnings));
        trial.failure = cellOf(row, {Role::Failure, 0, 0});
        trial.note = cellOf(row, {Role::Note, 0, 0});
        ALIDADE_ASSIGN(trial.excluded, excluded(row));
        ALIDADE_ASSIGN(trial.state, state(row, trial.values, warnings));
        if (trial.state == TrialState::Failed && trial.failure.empty())
            trial.failure = "imported as failed";
        return trial;
    }

private:
    [[nodiscard]] std::string cellOf(const CsvRow& row, const CsvColumn& column) const {
        const auto found = std::find(m_columns.begin(), m_columns.end(), column);
        const auto index = static_cast<std::size_t>(found - m_columns.begin());
        return found == m_columns.end() || index >= row.cells.size() ? std::string() : row.cells[index];
    }

    [[nodiscard]] Result<double> number(const std::string& cell, const std::string& column) const {
        std::string text = cell;
        const auto commas = std::count(text.begin(), text.end(), ',');
        if (m_options.decimalComma && commas == 1 && text.find('.') == std::string::npos)
            text[text.find(',')] = '.';
        if (const auto value = parseDouble(text))
            return *value;
        const bool comma = !m_options.decimalComma && commas == 1;
        return problem(column, "\"" + shortened(cell, 60) + "\" is not a number" +
                                   (comma ? " (state the decimal comma to read it)" : ""));
    }

    [[nodiscard]] Result<std::optional<Value>> value(const CsvRow& row, const Parameter& parameter,
                                                     std::vector<std::string>& warnings) const {
        if (std::holds_alternative<MixtureParts>(parameter.domain))
            return shares(row, parameter, warnings);
        const std::string cell = cellOf(row, {Role::Parameter, parameter.id.value, 0});
        const bool choices = std::holds_alternative<OrdinalChoices>(parameter.domain) ||
                             std::holds_alternative<CategoricalChoices>(parameter.domain);
        if (choices) {
            if (!cell.empty())
                if (auto chosen = parseValue(parameter, cell))
                    return std::optional(std::move(chosen).value());
            if (isMissing(cell))
                return std::optional<Value>();
            std::string text = cell;
            if (const auto as = number(cell, parameter.name))
                text = formatDouble(*as);
            ALIDADE_ASSIGN(Value chosen, parseValue(parameter, text));
            return std::optional(std::move(chosen));
        }
        if (isMissing(cell))
            return std::optional<Value>();
        ALIDADE_ASSIGN(const double read, number(cell, parameter.name));
        ALIDADE_ASSIGN(Value checked, checkedValue(parameter, read));
        return std::optional(std::move(checked));
    }

    [[nodiscard]] Result<std::optional<Value>> shares(const CsvRow& row, const Parameter& parameter,
                                                      std::vector<std::string>& warnings) const {
        const auto& mixture = std::get<MixtureParts>(parameter.domain);
        std::vector<std::string> cells;
        if (const std::string joined = cellOf(row, {Role::Parameter, parameter.id.value, 0}); !joined.empty())
            cells = split(joined, ':');
        else
            for (std::size_t part = 0; part < mixture.parts.size(); ++part)
                cells.push_back(cellOf(row, {Role::Share, parameter.id.value, part}));
        if (std::all_of(cells.begin(), cells.end(), isMissing))
            return std::optional<Value>();
        if (cells.size() != mixture.parts.size())
            return problem(parameter.name, std::to_string(mixture.parts.size()) +
                                               " shares separated by ':' are needed (" +
                                               join(mixture.parts, ", ") + ")");
        std::vector<double> read;
        double sum = 0.0;
        for (std::size_t part = 0; part < cells.size(); ++part) {
            const std::string name = parameter.name + "." + mixture.parts[part];
            if (isMissing(cells[part]))
                return problem(name, "the share is missing");
            ALIDADE_ASSIGN(const double share, number(cells[part], name));
            read.push_back(share);
            sum += share;
        }
        auto checked = checkedValue(parameter, read);
        const double off = std::abs(sum - mixture.total);
        if (!checked && off > 0.0 && off <= kPrintedShares * mixture.total) {
            for (double& share : read)
                share *= mixture.total / sum;
            checked = checkedValue(parameter, projectedShares(mixture, read));
            if (checked)
                warnings.push_back("the shares of " + parameter.name + " add up to " + formatDouble(sum) +
                                   "; scaled to " + formatDouble(mixture.total));
        }
        if (!checked)
            return std::move(checked).error();
        return std::optional(std::move(checked).value());
    }

    [[nodiscard]] Result<Setting> setting(const CsvRow& row, std::vector<std::string>& warnings) const {
        Setting result;
        for (const ParameterId id : m_order) {
            const Parameter& parameter = *m_definition.space.find(id);
            if (!isActive(m_definition.space, id, result)) {
                if (hasCell(row, parameter))
                    warnings.push_back("the value of " + parameter.name +
                                       " is left out: it is inactive for these values");
                continue;
            }
            ALIDADE_ASSIGN(std::optional<Value> given, value(row, parameter, warnings));
            if (!given)
                return problem(parameter.name, "a value is missing");
            result.emplace(id, std::move(*given));
        }
        return result;
    }

    [[nodiscard]] bool hasCell(const CsvRow& row, const Parameter& parameter) const {
        for (std::size_t i = 0; i < std::min(row.cells.size(), m_columns.size()); ++i)
            if ((m_columns[i].role == Role::Parameter || m_columns[i].role == Role::Share) &&
                m_columns[i].id == parameter.id.value && !isMissing(row.cells[i]))
                return true;
        return false;
    }

    [[nodiscard]] Result<Measurements> measurements(const CsvRow& row) const {
        Measurements values;
        for (const MeasureId id : m_definition.measures()) {
            const std::string name = m_definition.measureName(id);
            const std::string cell = cellOf(row, {Role::Measure, id.value, 0});
            if (isMissing(cell))
                continue;
            Measurement measurement;
            ALIDADE_ASSIGN(measurement.value, number(cell, name));
            const std::string noise = cellOf(row, {Role::NoiseSd, id.value, 0});
            if (!isMissing(noise)) {
                ALIDADE_ASSIGN(const double sd, number(noise, name + "_sd"));
                if (!(sd >= 0.0) || !std::isfinite(sd))
                    return problem(name + "_sd", "a standard error is finite and at least 0");
                measurement.noiseSd = sd;
            }
            values.emplace(id, measurement);
        }
        return values;
    }

    [[nodiscard]] Result<void> slopes(const CsvRow& row, const Setting& setting, Measurements& values,
                                      std::vector<std::string>& warnings) const {
        for (const CsvColumn& column : m_columns) {
            const std::string cell = column.role == Role::Slope ? cellOf(row, column) : std::string();
            if (isMissing(cell))
                continue;
            const SlopeId id{{column.id}, {column.along}};
            const std::string name =
                slopeName(m_definition.measureName(id.measure), m_definition.space.find(id.parameter)->name);
            const auto value = values.find(id.measure);
            const bool finite = value != values.end() && std::isfinite(value->second.value);
            if (!finite || !setting.contains(id.parameter)) {
                warnings.push_back(name + " is left out: " +
                                   (finite ? "the parameter is inactive for these values"
                                           : "a slope belongs to a finite value"));
                continue;
            }
            Slope slope;
            ALIDADE_ASSIGN(slope.value, number(cell, name));
            const std::string noise = cellOf(row, {Role::SlopeSd, column.id, 0, column.along});
            if (!isMissing(noise)) {
                ALIDADE_ASSIGN(slope.noiseSd, number(noise, name + "_sd"));
            }
            ALIDADE_CHECK(addSlope(m_definition, setting, id, slope, values));
        }
        return {};
    }

    [[nodiscard]] Result<bool> excluded(const CsvRow& row) const {
        const std::string cell = lowerCase(cellOf(row, {Role::Excluded, 0, 0}));
        if (cell == "true" || cell == "yes" || cell == "1")
            return true;
        if (isMissing(cell) || cell == "false" || cell == "no" || cell == "0")
            return false;
        return problem("excluded", "true or false is needed, not \"" + shortened(cell, 60) + "\"");
    }

    [[nodiscard]] Result<TrialState> state(const CsvRow& row, const Measurements& values,
                                           std::vector<std::string>& warnings) const {
        const std::string cell = lowerCase(cellOf(row, {Role::State, 0, 0}));
        std::vector<std::string> missing;
        for (const MeasureId id : m_definition.measures())
            if (!values.contains(id))
                missing.push_back(m_definition.measureName(id));
        if (isMissing(cell)) {
            if (missing.empty())
                return TrialState::Complete;
            if (!values.empty())
                warnings.push_back("no value for " + join(missing, ", ") + ": the trial is pending");
            return TrialState::Pending;
        }
        const auto given = parseState(cell == "completed" ? "complete" : cell);
        if (!given)
            return problem("state", "unknown state \"" + shortened(cell, 60) + "\"" +
                                        didYouMean(cell, {"complete", "failed", "pending", "running"}));
        switch (*given) {
        case TrialState::Complete:
            if (values.empty())
                return problem("state", "the trial is complete, but no measure has a value");
            return TrialState::Complete;
        case TrialState::Failed: return TrialState::Failed;
        case TrialState::Pending:
        case TrialState::Running: return TrialState::Pending;
        case TrialState::Stopped:
        case TrialState::Withdrawn: break;
        }
        return problem("state", "trials that were " + cell + " are not imported");
    }

    const Definition& m_definition;
    const std::vector<CsvColumn>& m_columns;
    const std::vector<ParameterId>& m_order;
    const ConstraintSet& m_constraints;
    const CsvOptions& m_options;
};

} // namespace

Result<CsvImport> trialsFromCsv(const Definition& definition, std::string_view text,
                                const CsvOptions& options) {
    ALIDADE_ASSIGN(const CsvTable table, parseCsv(text, options.separator));
    ALIDADE_ASSIGN(const std::vector<CsvColumn> columns, readCsvHeader(definition, table.rows.front().cells));
    ALIDADE_ASSIGN(const std::vector<ParameterId> order, topologicalOrder(definition.space));
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(definition.space));
    CsvImport result;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].role == Role::Ignored)
            result.ignored.push_back(table.rows.front().cells[i]);
    const RowReader reader(definition, columns, order, constraints, options);
    for (std::size_t i = 1; i < table.rows.size(); ++i) {
        std::vector<std::string> warnings;
        auto trial = reader.read(table.rows[i], warnings);
        if (!trial) {
            result.problems.push_back({table.rows[i].line, trial.error().text()});
            continue;
        }
        for (std::string& warning : warnings)
            result.warnings.push_back({table.rows[i].line, std::move(warning)});
        result.trials.push_back(std::move(trial).value());
        result.lines.push_back(table.rows[i].line);
    }
    return result;
}

} // namespace alidade
