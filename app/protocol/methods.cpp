#include "protocol/methods.h"

#include "exchange/study_json.h"

#include <algorithm>

namespace alidade {

const std::vector<ProtocolMethod>& protocolMethods() {
    static const std::vector<ProtocolMethod> methods = [] {
        std::vector<ProtocolMethod> all;
        for (const auto& part : {projectMethods(), beliefMethods(), diagnosticsMethods(), gpMethods(),
                                 scheduleMethods(), scheduleRunMethods(), desirabilityMethods(),
                                 paretoMethods(), decisionMethods(), sourceMethods()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return methods;
}

const ProtocolMethod* findMethod(std::string_view name) {
    const auto& methods = protocolMethods();
    const auto found = std::find_if(methods.begin(), methods.end(),
                                    [&](const ProtocolMethod& method) { return method.name == name; });
    return found == methods.end() ? nullptr : &*found;
}

std::vector<std::string> methodNames() {
    std::vector<std::string> names;
    for (const ProtocolMethod& method : protocolMethods())
        names.push_back(method.name);
    return names;
}

Json numbersToJson(const std::vector<double>& values) {
    Json json = Json::array();
    for (const double value : values)
        json.push_back(numberToJson(value));
    return json;
}

Result<std::vector<std::vector<double>>> readRows(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, cursor.elements());
    if (items.empty())
        return cursor.error("at least one row is needed");
    std::vector<std::vector<double>> rows;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(std::vector<double> row, item.numbers());
        if (!rows.empty() && row.size() != rows.front().size())
            return item.error("this row has " + std::to_string(row.size()) + " numbers, the first has " +
                              std::to_string(rows.front().size()));
        if (row.empty())
            return item.error("a row needs at least one number");
        rows.push_back(std::move(row));
    }
    return rows;
}

Result<std::vector<Setting>> readSettings(const JsonCursor& params, const std::string& key,
                                          const Definition& definition) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, member.elements());
    std::vector<Setting> settings;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(Setting setting, settingFromJson(definition.space, item.json(), item.path()));
        settings.push_back(std::move(setting));
    }
    if (settings.empty())
        return member.error("at least one point is needed");
    return settings;
}

Result<Goal> readGoal(const JsonCursor& cursor) {
    ALIDADE_ASSIGN(const std::string text, cursor.string());
    if (text == "minimize" || text == "minimise")
        return Goal::Minimize;
    if (text == "maximize" || text == "maximise")
        return Goal::Maximize;
    return cursor.error("\"" + text + "\" is not a goal: minimize or maximize");
}

} // namespace alidade
