#include "exchange/setting_text.h"

#include "base/text.h"
#include "exchange/study_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <vector>

namespace alidade {
namespace {

/// One line of a flat format: a parameter, or one share of a mixture.
struct Entry {
    const Parameter* parameter = nullptr;
    std::string part; ///< of a mixture
    Value value;
};

Result<std::vector<Entry>> entriesOf(const SearchSpace& space, const Setting& setting) {
    for (const auto& [id, value] : setting)
        if (space.find(id) == nullptr)
            return makeError(ErrorCode::UnknownName,
                             "the space has no parameter with the number " + std::to_string(id.value));
    std::vector<Entry> entries;
    for (const Parameter& parameter : space.parameters) {
        const auto found = setting.find(parameter.id);
        if (found == setting.end())
            continue;
        const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
        const auto* shares = std::get_if<std::vector<double>>(&found->second);
        if (mixture == nullptr || shares == nullptr) {
            entries.push_back({&parameter, {}, found->second});
            continue;
        }
        for (std::size_t i = 0; i < mixture->parts.size() && i < shares->size(); ++i)
            entries.push_back({&parameter, mixture->parts[i], (*shares)[i]});
    }
    return entries;
}

/// A real number that YAML 1.1, YAML 1.2 and Python read as a float: a point, and a sign in the exponent.
std::string floatText(double value) {
    std::string text = formatDouble(value);
    const std::size_t e = text.find('e');
    std::string mantissa = text.substr(0, e);
    std::string exponent = e == std::string::npos ? std::string() : text.substr(e + 1);
    if (mantissa.find('.') == std::string::npos)
        mantissa += ".0";
    if (exponent.empty())
        return mantissa;
    if (exponent.front() != '-' && exponent.front() != '+')
        exponent.insert(exponent.begin(), '+');
    return mantissa + "e" + exponent;
}

/// A JSON string is also one in YAML and Python.
std::string quoted(const std::string& text) {
    return Json(text).dump();
}

std::string literal(const Value& value, bool python) {
    if (const auto* boolean = std::get_if<bool>(&value))
        return python ? (*boolean ? "True" : "False") : (*boolean ? "true" : "false");
    if (const auto* real = std::get_if<double>(&value))
        return floatText(*real);
    if (const auto* text = std::get_if<std::string>(&value))
        return quoted(*text);
    return formatValue(value);
}

std::string shellQuoted(const std::string& text) {
    static const std::string plain = "_-+.,:/@%=";
    const bool safe = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || plain.find(static_cast<char>(c)) != std::string::npos;
    });
    if (safe)
        return text;
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

std::string variableName(const Entry& entry) {
    std::string name = entry.parameter->name + (entry.part.empty() ? "" : "_" + entry.part);
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c))
                ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                : '_';
    return name;
}

Result<std::string> envText(const std::vector<Entry>& entries) {
    std::string text;
    std::map<std::string, std::string> owners;
    for (const Entry& entry : entries) {
        const std::string name = variableName(entry);
        const std::string value = formatValue(entry.value);
        const auto [other, fresh] = owners.emplace(name, entry.parameter->name);
        if (!fresh)
            return makeError(ErrorCode::Unsupported, "\"" + other->second + "\" and \"" +
                                                         entry.parameter->name +
                                                         "\" would both become the variable " + name +
                                                         "; rename one, or export as JSON");
        if (value.find('\n') != std::string::npos)
            return makeError(ErrorCode::Unsupported,
                             "a choice with a line break cannot stand in an .env file; export as JSON",
                             entry.parameter->name);
        text += name + "=" + shellQuoted(value) + "\n";
    }
    return text;
}

/// YAML and Python share the layout: `name: value` lines, a mixture nested one level.
std::string nestedText(const std::vector<Entry>& entries, bool python) {
    std::string text;
    const Parameter* open = nullptr;
    const auto closeMixture = [&] {
        if (python && open != nullptr)
            text += "    },\n";
        open = nullptr;
    };
    const std::string indent = python ? "    " : "";
    for (const Entry& entry : entries) {
        const bool share = !entry.part.empty();
        if (open != nullptr && (!share || open != entry.parameter))
            closeMixture();
        if (share && open == nullptr) {
            open = entry.parameter;
            text += indent + quoted(entry.parameter->name) + (python ? ": {\n" : ":\n");
        }
        text += (share ? indent + (python ? "    " : "  ") : indent) +
                quoted(share ? entry.part : entry.parameter->name) + ": " + literal(entry.value, python) +
                (python ? ",\n" : "\n");
    }
    closeMixture();
    if (python)
        return "parameters = {\n" + text + "}\n";
    return text.empty() ? "{}\n" : text;
}

std::string commandLineText(const std::vector<Entry>& entries) {
    std::string text;
    for (const Entry& entry : entries)
        text += (text.empty() ? "" : " ") +
                shellQuoted("--" + entry.parameter->name + (entry.part.empty() ? "" : "." + entry.part) +
                            "=" + formatValue(entry.value));
    return text + "\n";
}

std::string oneLine(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

} // namespace

std::optional<SettingFormat> settingFormat(std::string_view suffix) {
    if (suffix == ".json")
        return SettingFormat::JsonObject;
    if (suffix == ".yaml" || suffix == ".yml")
        return SettingFormat::Yaml;
    if (suffix == ".env")
        return SettingFormat::Env;
    if (suffix == ".txt" || suffix == ".args")
        return SettingFormat::CommandLine;
    if (suffix == ".py")
        return SettingFormat::Python;
    return std::nullopt;
}

Result<std::string> settingText(const SearchSpace& space, const Setting& setting, SettingFormat format,
                                const std::string& comment) {
    ALIDADE_ASSIGN(const std::vector<Entry> entries, entriesOf(space, setting));
    const std::string head = comment.empty() ? std::string() : "# " + oneLine(comment) + "\n";
    switch (format) {
    case SettingFormat::JsonObject: return settingToJson(space, setting).dump(2) + "\n";
    case SettingFormat::Yaml: return head + nestedText(entries, false);
    case SettingFormat::Python: return head + nestedText(entries, true);
    case SettingFormat::CommandLine: return commandLineText(entries);
    case SettingFormat::Env: break;
    }
    ALIDADE_ASSIGN(const std::string text, envText(entries));
    return head + text;
}

Result<const Trial*> chosenTrial(const Study& study, std::optional<TrialId> id) {
    if (id) {
        const Trial* trial = study.find(*id);
        if (trial == nullptr)
            return makeError(ErrorCode::NotFound,
                             "there is no trial " + std::to_string(id->value) + " in this project");
        return trial;
    }
    if (study.definition.objectives.size() > 1)
        return makeError(ErrorCode::InvalidArgument,
                         "with several objectives no trial is best in all of them; choose one of the front "
                         "with --trial ID");
    const Trial* best = incumbent(study);
    if (best == nullptr)
        return makeError(ErrorCode::NotFound, "no trial has been measured within the limits yet");
    return best;
}

std::string trialComment(const Definition& definition, const Trial& trial) {
    std::string text = "study \"" + definition.name + "\", trial " + std::to_string(trial.id.value);
    const char* lead = ": ";
    for (const MeasureId measure : definition.measures()) {
        const auto found = trial.values.find(measure);
        if (found == trial.values.end())
            continue;
        const std::string unit = definition.measureUnit(measure);
        text += lead + definition.measureName(measure) + " = " + formatDouble(found->second.value) +
                (unit.empty() ? "" : " " + unit);
        lead = ", ";
    }
    return oneLine(text);
}

} // namespace alidade
