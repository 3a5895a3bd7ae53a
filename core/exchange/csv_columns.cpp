#include "exchange/csv_columns.h"

#include "base/text.h"
#include "exchange/utf8.h"
#include "study/slopes.h"

#include <algorithm>
#include <map>
#include <set>

namespace alidade {
namespace {

using Role = CsvColumn::Role;

struct Target {
    CsvColumn column;
    std::string unit;
};

struct HeaderCell {
    std::string name;
    std::string unit;
};

/// "seconds [s]" -> seconds, s.
HeaderCell splitUnit(const std::string& cell) {
    const char last = cell.empty() ? '\0' : cell.back();
    if (last != ']' && last != ')')
        return {cell, {}};
    const std::size_t open = cell.rfind(last == ']' ? '[' : '(');
    if (open == std::string::npos || open == 0)
        return {cell, {}};
    const std::string_view view = cell;
    return {std::string(trimmed(view.substr(0, open))),
            std::string(trimmed(view.substr(open + 1, cell.size() - open - 2)))};
}

/// Both letters for "micro" are one.
std::string canonicalUnit(std::string unit) {
    for (std::size_t at = 0; (at = unit.find("\xCE\xBC", at)) != std::string::npos; at += 2)
        unit.replace(at, 2, "\xC2\xB5");
    return unit;
}

std::map<std::string, Target> targetsOf(const Definition& definition) {
    std::map<std::string, Target> targets;
    for (const Parameter& parameter : definition.space.parameters) {
        targets.try_emplace(parameter.name, Target{{Role::Parameter, parameter.id.value, 0}, parameter.unit});
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain))
            for (std::size_t part = 0; part < mixture->parts.size(); ++part)
                targets.try_emplace(parameter.name + "." + mixture->parts[part],
                                    Target{{Role::Share, parameter.id.value, part}, parameter.unit});
    }
    for (const MeasureId id : definition.measures())
        targets.try_emplace(definition.measureName(id),
                            Target{{Role::Measure, id.value, 0}, definition.measureUnit(id)});
    for (const MeasureId id : definition.measures())
        targets.try_emplace(definition.measureName(id) + "_sd",
                            Target{{Role::NoiseSd, id.value, 0}, definition.measureUnit(id)});
    for (const MeasureId id : definition.measures())
        for (const Parameter& parameter : definition.space.parameters) {
            if (!hasSlopes(parameter))
                continue;
            const std::string name = slopeName(definition.measureName(id), parameter.name);
            const std::string unit = slopeUnit(definition, {id, parameter.id});
            targets.try_emplace(name, Target{{Role::Slope, id.value, 0, parameter.id.value}, unit});
            targets.try_emplace(name + "_sd", Target{{Role::SlopeSd, id.value, 0, parameter.id.value}, unit});
        }
    for (const auto& [name, role] : {std::pair{"id", Role::Unused}, std::pair{"origin", Role::Unused},
                                     std::pair{"state", Role::State}, std::pair{"failure", Role::Failure},
                                     std::pair{"excluded", Role::Excluded}, std::pair{"note", Role::Note}})
        for (const std::string prefix : {"", "trial_"})
            targets.try_emplace(prefix + name, Target{{role, 0, 0}, {}});
    return targets;
}

const Target* lookUp(const std::map<std::string, Target>& targets, const std::string& name) {
    if (const auto exact = targets.find(name); exact != targets.end())
        return &exact->second;
    const Target* found = nullptr;
    for (const auto& [candidate, target] : targets) {
        if (lowerCase(candidate) != lowerCase(name))
            continue;
        if (found)
            return nullptr;
        found = &target;
    }
    return found;
}

std::string placeOf(std::size_t index, const std::string& cell) {
    return "column " + std::to_string(index + 1) + " (" + shortened(cell, 60) + ")";
}

/// Names that the header lacks although each row needs them.
std::vector<std::string> missingNames(const Definition& definition, const std::vector<CsvColumn>& columns) {
    const auto has = [&](Role role, ParameterId id, std::size_t part) {
        return std::find(columns.begin(), columns.end(), CsvColumn{role, id.value, part}) != columns.end();
    };
    std::vector<std::string> missing;
    for (const Parameter& parameter : definition.space.parameters) {
        if (!parameter.conditions.empty() || has(Role::Parameter, parameter.id, 0))
            continue;
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
            for (std::size_t part = 0; part < mixture->parts.size(); ++part)
                if (!has(Role::Share, parameter.id, part))
                    missing.push_back(parameter.name + "." + mixture->parts[part]);
        } else {
            missing.push_back(parameter.name);
        }
    }
    return missing;
}

} // namespace

std::string reservedColumnName(const Definition& definition, const std::string& name) {
    const bool taken = definition.space.find(name) || definition.findMeasure(name);
    return taken ? "trial_" + name : name;
}

Result<std::vector<CsvColumn>> readCsvHeader(const Definition& definition,
                                             const std::vector<std::string>& header) {
    const std::map<std::string, Target> targets = targetsOf(definition);
    std::vector<CsvColumn> columns;
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < header.size(); ++i) {
        // A name may itself end in parentheses.
        HeaderCell cell{header[i], {}};
        const Target* target = lookUp(targets, header[i]);
        if (!target) {
            cell = splitUnit(header[i]);
            target = lookUp(targets, cell.name);
        }
        if (!target) {
            columns.emplace_back();
            unknown.push_back(header[i]);
            continue;
        }
        if (!cell.unit.empty() && !target->unit.empty() &&
            canonicalUnit(cell.unit) != canonicalUnit(target->unit))
            return makeError(ErrorCode::InvalidConfiguration,
                             "the unit \"" + cell.unit + "\" is not the declared \"" + target->unit +
                                 "\"; convert the values and rename the column",
                             placeOf(i, header[i]));
        if (const auto before = std::find(columns.begin(), columns.end(), target->column);
            before != columns.end() && target->column.role != Role::Unused)
            return makeError(ErrorCode::InvalidConfiguration,
                             "column " + std::to_string(before - columns.begin() + 1) +
                                 " already holds this; remove or rename one of them",
                             placeOf(i, header[i]));
        columns.push_back(target->column);
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].role == Role::Share &&
            std::find(columns.begin(), columns.end(), CsvColumn{Role::Parameter, columns[i].id, 0}) !=
                columns.end())
            return makeError(ErrorCode::InvalidConfiguration,
                             "another column already holds all shares of this mixture; remove one of them",
                             placeOf(i, header[i]));
    const std::vector<std::string> missing = missingNames(definition, columns);
    if (missing.empty())
        return columns;
    const std::string message = "there is no column for \"" + join(missing, "\", \"") + "\"";
    if (const auto near = nearestName(missing.front(), unknown))
        return makeError(ErrorCode::InvalidConfiguration,
                         message + "; rename the column \"" + shortened(*near, 60) + "\" if it is meant",
                         "header");
    return makeError(ErrorCode::InvalidConfiguration, message + "; the first line must name every parameter",
                     "header");
}

} // namespace alidade
