#include "base/text.h"
#include "exchange/csv_columns.h"
#include "exchange/csv_table.h"
#include "exchange/trials_csv.h"
#include "study/slopes.h"

#include <algorithm>

namespace alidade {
namespace {

void addParameter(std::vector<std::string>& cells, const Parameter& parameter, const Setting& setting) {
    const auto found = setting.find(parameter.id);
    const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
    if (!mixture) {
        cells.push_back(found == setting.end() ? std::string() : formatValue(found->second));
        return;
    }
    const auto* shares = found == setting.end() ? nullptr : std::get_if<std::vector<double>>(&found->second);
    for (std::size_t part = 0; part < mixture->parts.size(); ++part)
        cells.push_back(shares && part < shares->size() ? formatDouble((*shares)[part]) : std::string());
}

struct SlopeColumn {
    SlopeId id;
    bool deviation = false; ///< its standard error
};

std::optional<double> slopeIn(const Trial& trial, const SlopeColumn& column) {
    const auto measured = trial.values.find(column.id.measure);
    if (measured == trial.values.end())
        return std::nullopt;
    const auto slope = measured->second.slopes.find(column.id.parameter);
    if (slope == measured->second.slopes.end())
        return std::nullopt;
    return column.deviation ? slope->second.noiseSd : std::optional(slope->second.value);
}

void addLine(std::string& text, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += i > 0 ? "," : "";
        text += csvCell(cells[i]);
    }
    text += "\n";
}

} // namespace

std::string trialsToCsv(const Study& study) {
    const Definition& definition = study.definition;
    const auto any = [&](auto&& predicate) {
        return std::any_of(study.trials.begin(), study.trials.end(), predicate);
    };
    const bool failures = any([](const Trial& trial) { return !trial.failure.empty(); });
    const bool exclusions = any([](const Trial& trial) { return trial.excluded; });
    std::vector<MeasureId> noisy;
    for (const MeasureId id : definition.measures())
        if (any([&](const Trial& trial) {
                const auto found = trial.values.find(id);
                return found != trial.values.end() && found->second.noiseSd;
            }))
            noisy.push_back(id);

    std::vector<SlopeColumn> slopes;
    for (const MeasureId id : definition.measures())
        for (const Parameter& parameter : definition.space.parameters)
            for (const bool deviation : {false, true}) {
                const SlopeColumn column{{id, parameter.id}, deviation};
                if (any([&](const Trial& trial) { return slopeIn(trial, column).has_value(); }))
                    slopes.push_back(column);
            }

    std::vector<std::string> header{reservedColumnName(definition, "id"),
                                    reservedColumnName(definition, "state"),
                                    reservedColumnName(definition, "origin")};
    for (const Parameter& parameter : definition.space.parameters) {
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain))
            for (const std::string& part : mixture->parts)
                header.push_back(parameter.name + "." + part);
        else
            header.push_back(parameter.name);
    }
    for (const std::string& name : definition.measureNames())
        header.push_back(name);
    for (const MeasureId id : noisy)
        header.push_back(definition.measureName(id) + "_sd");
    for (const SlopeColumn& column : slopes)
        header.push_back(slopeName(definition.measureName(column.id.measure),
                                   definition.space.find(column.id.parameter)->name) +
                         (column.deviation ? "_sd" : ""));
    if (failures)
        header.push_back(reservedColumnName(definition, "failure"));
    if (exclusions)
        header.push_back(reservedColumnName(definition, "excluded"));
    header.push_back(reservedColumnName(definition, "note"));
    std::string text;
    addLine(text, header);

    for (const Trial& trial : study.trials) {
        std::vector<std::string> cells{std::to_string(trial.id.value), std::string(stateName(trial.state)),
                                       std::string(originName(trial.origin))};
        for (const Parameter& parameter : definition.space.parameters)
            addParameter(cells, parameter, trial.setting);
        for (const MeasureId id : definition.measures()) {
            const auto found = trial.values.find(id);
            cells.push_back(found == trial.values.end() ? std::string() : formatDouble(found->second.value));
        }
        for (const MeasureId id : noisy) {
            const auto found = trial.values.find(id);
            const bool known = found != trial.values.end() && found->second.noiseSd;
            cells.push_back(known ? formatDouble(*found->second.noiseSd) : std::string());
        }
        for (const SlopeColumn& column : slopes) {
            const auto number = slopeIn(trial, column);
            cells.push_back(number ? formatDouble(*number) : std::string());
        }
        if (failures)
            cells.push_back(trial.failure);
        if (exclusions)
            cells.emplace_back(trial.excluded ? "true" : "false");
        cells.push_back(trial.note);
        addLine(text, cells);
    }
    return text;
}

} // namespace alidade
