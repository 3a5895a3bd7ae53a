#include "base/text.h"
#include "learning_rate/gradient_log.h"
#include "protocol/json_rpc.h"
#include "protocol/methods.h"
#include "verbs/verbs.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <map>

namespace alidade {
namespace {

/// Which method of the protocol an action calls, which options it cannot do without, and which others belong
/// to it besides --json.
struct Action {
    std::string method;
    std::vector<std::string> required;
    std::vector<std::string> optional;

    [[nodiscard]] bool knows(const std::string& option) const {
        return std::find(required.begin(), required.end(), option) != required.end() ||
               std::find(optional.begin(), optional.end(), option) != optional.end();
    }
};

const std::map<std::string, Action>& actions() {
    static const std::map<std::string, Action> all{
        {"bound",
         {"schedule.bound",
          {"shape", "steps"},
          {"base-lr", "distance", "gradient-norm", "norms", "column", "at"}}},
        {"optimal", {"schedule.optimal", {"steps"}, {"distance", "gradient-norm", "norms", "column"}}},
        {"best-cooldown",
         {"schedule.best_cooldown", {"steps"}, {"shape", "distance", "gradient-norm", "norms", "column"}}},
        {"refine", {"schedule.refine", {"norms"}, {"column", "steps", "power", "smoothing"}}},
        {"extend", {"schedule.extend", {"shape", "steps", "new-steps"}, {}}},
        {"transfer", {"schedule.transfer", {"from", "to", "steps"}, {"to-steps"}}},
        {"step-law", {"schedule.step_law", {"parameters", "tokens"}, {"sequence-length", "law"}}},
        {"fit", {"schedule.fit", {"shape", "steps", "base-lr", "losses"}, {"column"}}},
        {"simulate",
         {"schedule.simulate",
          {"shape", "steps"},
          {"base-lr", "problem", "optimizer", "dimension", "samples", "batch", "repeats", "seed"}}},
        {"export", {"schedule.export", {"shape", "steps"}, {"base-lr", "format"}}},
    };
    return all;
}

/// A number when it reads as one, a list for "a:b:c", else a text.
Json valueOf(const std::string& text) {
    if (text.find(':') != std::string::npos) {
        Json list = Json::array();
        for (const std::string& item : split(text, ':'))
            list.push_back(valueOf(item));
        return list;
    }
    if (const auto whole = parseInteger(text))
        return *whole;
    if (const auto number = parseDouble(text))
        return *number;
    if (text == "true" || text == "false")
        return text == "true";
    return text;
}

/// "wsd,cooldown=0.2" or a JSON object.
Result<Json> shapeOf(const std::string& text, const std::string& option) {
    if (trimmed(text).starts_with("{")) {
        Json json = Json::parse(text, nullptr, false);
        if (json.is_discarded())
            return makeError(ErrorCode::Syntax, "\"" + text + "\" is not JSON", "--" + option);
        return json;
    }
    Json shape = Json::object();
    for (const std::string& part : split(text, ',')) {
        const std::size_t equals = part.find('=');
        if (shape.empty() && equals == std::string::npos)
            shape["kind"] = std::string(trimmed(part));
        else if (equals == std::string::npos || shape.empty())
            return makeError(ErrorCode::InvalidArgument,
                             "\"" + part + "\" is not understood; write kind,setting=value,...",
                             "--" + option);
        else
            shape[std::string(trimmed(part.substr(0, equals)))] = valueOf(part.substr(equals + 1));
    }
    return shape;
}

void tellNotes(const std::string& path, const std::vector<LogNote>& notes) {
    constexpr std::size_t kMost = 20;
    for (std::size_t i = 0; i < std::min(notes.size(), kMost); ++i)
        std::cerr << "alidade: " << path << ", line " << notes[i].row << ": " << notes[i].message << "\n";
    if (notes.size() > kMost)
        std::cerr << "alidade: " << path << ": " << notes.size() - kMost << " more notes of this kind\n";
}

Result<GradientLog> readNorms(const Arguments& arguments, const std::string& path) {
    ALIDADE_ASSIGN(const std::string text, readWholeFile(path));
    GradientLogOptions options;
    options.normColumn = arguments.option("column").value_or("");
    options.power = arguments.option("power").value_or("2") == "1" ? 1 : 2;
    ALIDADE_ASSIGN(GradientLog log, readGradientLog(text, options));
    tellNotes(path, log.notes);
    return log;
}

/// The refined schedule of a log has the log's own length unless --steps says another one.
Result<Json> refine(const Arguments& arguments) {
    ALIDADE_ASSIGN(const GradientLog log, readNorms(arguments, arguments.option("norms").value_or("")));
    RefinementOptions options;
    const auto power = parseInteger(arguments.option("power").value_or("2"));
    options.power = power && (*power == 1 || *power == 2) ? static_cast<int>(*power) : 0;
    const auto smoothing = parseDouble(arguments.option("smoothing").value_or("0.1"));
    options.smoothing = smoothing.value_or(-1.0);
    ALIDADE_ASSIGN(const std::optional<int> steps, arguments.count("steps", 1));
    const std::size_t count = steps ? static_cast<std::size_t>(*steps) : log.lastStep();
    ALIDADE_ASSIGN(const RefinedSchedule refined, refineLog(log, std::max<std::size_t>(count, 1), options));
    return Json{{"schedule", numbersToJson(refined.rates)},
                {"steps", count},
                {"column", log.normColumn},
                {"cleaning", Json{{"unreadable", log.unreadable},
                                  {"zeros", log.zeros},
                                  {"spikes", log.spikes},
                                  {"repeated", log.repeated},
                                  {"missing", log.missing},
                                  {"filter_width", refined.cleaning.filterWidth}}}};
}

Result<Json> paramsOf(const Arguments& arguments, const Action& action) {
    Json params = Json::object();
    std::vector<std::string> options = action.required;
    options.insert(options.end(), action.optional.begin(), action.optional.end());
    for (const std::string& option : options) {
        const auto text = arguments.option(option);
        if (!text)
            continue;
        std::string key = option;
        std::replace(key.begin(), key.end(), '-', '_');
        if (option == "shape" || option == "from" || option == "to") {
            ALIDADE_ASSIGN(params[key], shapeOf(*text, option));
        } else if (option == "gradient-norm") {
            params["gradient_norms"] = valueOf(*text);
        } else if (option == "norms") {
            ALIDADE_ASSIGN(const GradientLog log, readNorms(arguments, *text));
            ALIDADE_ASSIGN(const std::optional<int> steps, arguments.count("steps", 1));
            params["gradient_norms"] = numbersToJson(
                resampled(log.norms, steps ? static_cast<std::size_t>(*steps) : log.norms.size()));
        } else if (option == "losses") {
            ALIDADE_ASSIGN(const std::string content, readWholeFile(*text));
            ALIDADE_ASSIGN(const LossLog log, readLossLog(content, arguments.option("column").value_or("")));
            tellNotes(*text, log.notes);
            params["points"] = Json::array();
            for (const LossPoint& point : log.points)
                params["points"].push_back(Json::array({point.step, point.loss}));
        } else if (option == "at") {
            params["at"] = Json::array();
            for (const std::string& item : split(*text, ','))
                params["at"].push_back(valueOf(item));
        } else if (option != "column") {
            params[key] = valueOf(*text);
        }
    }
    return params;
}

/// Lists that follow the steps are a table, the rest is one line each.
void printReadable(const Json& result) {
    std::vector<std::string> columns;
    std::size_t rows = 0;
    for (const auto& [key, value] : result.items()) {
        const bool list = value.is_array() && value.size() > 2 && value.front().is_primitive();
        if (list && (rows == 0 || value.size() == rows)) {
            columns.push_back(key);
            rows = value.size();
        } else if (value.is_object()) {
            for (const auto& [name, part] : value.items())
                std::cout << key << " " << name << ": " << part.dump() << "\n";
        } else if (value.is_array() && !value.empty() && value.front().is_object()) {
            for (const Json& item : value) {
                std::string line = key;
                for (const auto& [name, part] : item.items())
                    line += " " + name + " " + part.dump();
                std::cout << line << "\n";
            }
        } else {
            std::cout << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
        }
    }
    if (columns.empty())
        return;
    std::cout << "step," << join(columns, ",") << "\n";
    for (std::size_t i = 0; i < rows; ++i) {
        std::cout << i + 1;
        for (const std::string& column : columns)
            std::cout << "," << result[column][i].dump();
        std::cout << "\n";
    }
}

} // namespace

int scheduleVerb(const Arguments& arguments) {
    const std::string& name = arguments.positional()[0];
    const auto found = actions().find(name);
    if (found == actions().end()) {
        std::vector<std::string> names;
        for (const auto& [known, action] : actions())
            names.push_back(known);
        return usageError("schedule", "there is no action \"" + name + "\"" + didYouMean(name, names));
    }
    const Action& action = found->second;
    for (const VerbSyntax::Option& option : findVerb("schedule")->syntax.options)
        if (arguments.has(option.name) && option.name != "json" && !action.knows(option.name))
            return usageError("schedule", "\"--" + option.name + "\" does not belong to " + name);
    for (const std::string& option : action.required)
        if (!arguments.option(option))
            return usageError("schedule", "--" + option + " is missing");
    const auto call = [&]() -> Result<Json> {
        if (name == "refine")
            return refine(arguments);
        ALIDADE_ASSIGN(const Json params, paramsOf(arguments, action));
        Session session;
        ALIDADE_ASSIGN(const std::string text, callMethod(session, action.method, params.dump()));
        return Json::parse(text);
    };
    const auto result = call();
    if (!result)
        return reportError(result.error());
    if (arguments.has("json"))
        std::cout << result->dump() << std::endl;
    else if (name == "export")
        std::cout << (*result)["text"].get<std::string>() << std::flush;
    else
        printReadable(*result);
    std::cout.flush();
    return std::cout ? kDone : kFailed;
}

} // namespace alidade
