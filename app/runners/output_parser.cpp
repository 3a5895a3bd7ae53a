#include "runners/output_parser.h"

#include "base/text.h"
#include "exchange/study_json.h"
#include "study/slopes.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace alidade {
namespace {

/// name -> text of what a program printed.
using Printed = std::map<std::string, std::string>;

std::optional<Printed> fromJsonLine(const std::vector<std::string>& lines) {
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const std::string_view text = trimmed(*line);
        if (!text.starts_with('{') || !text.ends_with('}'))
            continue;
        const auto json = parseJson(text);
        if (!json || !json->is_object())
            continue;
        Printed printed;
        for (const auto& [name, value] : json->items())
            printed[name] = value.is_string() ? value.get<std::string>() : value.dump();
        return printed;
    }
    return std::nullopt;
}

Printed fromNameValueLines(const std::vector<std::string>& lines) {
    Printed printed;
    for (const std::string& line : lines) {
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos)
            continue;
        const std::string_view name = trimmed(std::string_view(line).substr(0, equals));
        if (!name.empty() && name.find(' ') == std::string_view::npos)
            printed[std::string(name)] = std::string(trimmed(std::string_view(line).substr(equals + 1)));
    }
    return printed;
}

std::optional<double> builtin(const std::string& name, const ProcessResult& result) {
    if (name == "wall_seconds")
        return result.wallSeconds;
    if (name == "cpu_seconds")
        return result.cpuSeconds;
    if (name == "peak_memory_mib")
        return result.peakMemoryMiB;
    return std::nullopt;
}

/// What was printed under the names of slopes; `sources` are the names of the measures there.
void readSlopes(const Definition& definition, const Setting& setting,
                const std::map<std::string, MeasureId>& sources, const Printed& printed,
                ProgramResults& results) {
    const auto remark = [&results](const std::string& name, const std::string& what) {
        results.remarks.push_back(name + " is left out: " + what);
    };
    for (const auto& [name, text] : printed) {
        const auto names = parseSlopeName(name);
        if (!names || sources.contains(name) || !sources.contains(names->measure))
            continue;
        const MeasureId measure = sources.at(names->measure);
        const auto id = findSlope(definition, {definition.measureName(measure), names->parameter});
        if (!id) {
            remark(name, id.error().message);
            continue;
        }
        const auto number = parseDouble(text);
        const bool unknown =
            text == "null" || lowerCase(text) == "nan" || (number && !std::isfinite(*number));
        if (unknown || !setting.contains(id->parameter) || !std::isfinite(results.values.at(measure).value))
            continue;
        if (!number)
            remark(name, text.substr(0, 80) + " is not a number");
        else if (const auto added = addSlope(definition, setting, *id, {*number}, results.values); !added)
            remark(name, added.error().message);
    }
}

} // namespace

Result<ProgramResults> readMeasurements(const Definition& definition, const Setting& setting,
                                        const RunnerConfiguration& configuration,
                                        const ProcessResult& result) {
    const std::vector<std::string> lines = split(result.output, '\n');
    const std::optional<Printed> json = fromJsonLine(lines);
    const Printed printed = json ? *json : fromNameValueLines(lines);
    ProgramResults results;
    Measurements& measurements = results.values;
    std::map<std::string, MeasureId> sources;
    for (const MeasureId measure : definition.measures()) {
        const std::string name = definition.measureName(measure);
        const auto mapped = configuration.measures.find(name);
        const std::string source = mapped == configuration.measures.end() ? name : mapped->second;
        sources.emplace(source, measure);
        const auto found = printed.find(source);
        if (found == printed.end()) {
            const auto own = builtin(source, result);
            if (!own)
                return makeError(ErrorCode::Process,
                                 "the output has no \"" + source + "\"" +
                                     (trimmed(result.output).empty() ? "; nothing was printed"
                                                                     : "; print a JSON object or " + source +
                                                                           "=VALUE on a line of its own"));
            measurements[measure] = {*own, std::nullopt};
            continue;
        }
        const auto number = parseDouble(found->second);
        if (!number)
            return makeError(ErrorCode::Process, "\"" + source + "\" is " + found->second.substr(0, 80) +
                                                     ", which is not a number");
        measurements[measure] = {*number, std::nullopt};
    }
    readSlopes(definition, setting, sources, printed, results);
    return results;
}

} // namespace alidade
