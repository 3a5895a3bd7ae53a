#pragma once

#include "exchange/json_cursor.h"
#include "protocol/session.h"

#include <string>
#include <vector>

namespace alidade {

/// A method of the protocol: checked parameters in, result out.
struct ProtocolMethod {
    std::string name;
    Result<Json> (*call)(Session& session, const JsonCursor& params);
};

/// All methods, by name.
[[nodiscard]] const std::vector<ProtocolMethod>& protocolMethods();
[[nodiscard]] const ProtocolMethod* findMethod(std::string_view name);
[[nodiscard]] std::vector<std::string> methodNames();

/// The methods by file: trials and models of a project, its beliefs, Gaussian processes, learning rates,
/// goals and fronts.
[[nodiscard]] std::vector<ProtocolMethod> projectMethods();
[[nodiscard]] std::vector<ProtocolMethod> beliefMethods();
[[nodiscard]] std::vector<ProtocolMethod> diagnosticsMethods();
[[nodiscard]] std::vector<ProtocolMethod> gpMethods();
[[nodiscard]] std::vector<ProtocolMethod> scheduleMethods();
[[nodiscard]] std::vector<ProtocolMethod> scheduleRunMethods();
[[nodiscard]] std::vector<ProtocolMethod> desirabilityMethods();
[[nodiscard]] std::vector<ProtocolMethod> paretoMethods();
/// The earlier studies that a project learns from.
[[nodiscard]] std::vector<ProtocolMethod> sourceMethods();
/// What a project's results and models say about the choice: front, optimum, gain of further trials.
[[nodiscard]] std::vector<ProtocolMethod> decisionMethods();

/// Numbers, with "inf" and "-inf" for the rest.
[[nodiscard]] Json numbersToJson(const std::vector<double>& values);
/// Rows of equal length, at least one; rows x columns.
[[nodiscard]] Result<std::vector<std::vector<double>>> readRows(const JsonCursor& cursor);
/// The member `key`: settings as objects of parameter names, at least one.
[[nodiscard]] Result<std::vector<Setting>> readSettings(const JsonCursor& params, const std::string& key,
                                                        const Definition& definition);
[[nodiscard]] Result<Goal> readGoal(const JsonCursor& cursor);

} // namespace alidade
