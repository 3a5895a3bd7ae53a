#pragma once

#include "base/result.h"
#include "exchange/study_json.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// A place in a JSON document that knows its path, so that every error names it. Reading a wrong type or an
/// unknown key is an error of code InvalidArgument (or the code given) with the path as context.
class JsonCursor {
public:
    JsonCursor(const Json& json, std::string path) : m_json(&json), m_path(std::move(path)) {}

    [[nodiscard]] const Json& json() const { return *m_json; }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] Error error(std::string message, ErrorCode code = ErrorCode::InvalidConfiguration) const {
        return makeError(code, std::move(message), m_path);
    }

    /// The object's keys must be among `known`.
    [[nodiscard]] Result<void> checkKeys(const std::vector<std::string>& known) const;
    [[nodiscard]] bool has(const std::string& key) const {
        return m_json->is_object() && m_json->contains(key);
    }
    /// The member, or an error "is missing".
    [[nodiscard]] Result<JsonCursor> at(const std::string& key) const;
    [[nodiscard]] std::string pathOf(const std::string& key) const {
        return m_path.empty() ? key : m_path + "." + key;
    }

    [[nodiscard]] Result<std::string> string() const;
    [[nodiscard]] Result<bool> boolean() const;
    /// A finite number.
    [[nodiscard]] Result<double> number() const;
    /// A number, or "inf", "-inf".
    [[nodiscard]] Result<double> extendedNumber() const;
    [[nodiscard]] Result<std::int64_t> integer() const;
    [[nodiscard]] Result<std::vector<JsonCursor>> elements() const;
    [[nodiscard]] Result<std::vector<double>> numbers() const;
    [[nodiscard]] Result<std::vector<std::string>> strings() const;
    /// Members of an object, in order.
    [[nodiscard]] Result<std::vector<std::pair<std::string, JsonCursor>>> members() const;

private:
    const Json* m_json;
    std::string m_path;
};

/// "a number", "a text", ... of what stands there.
[[nodiscard]] std::string jsonTypeName(const Json& json);

} // namespace alidade
