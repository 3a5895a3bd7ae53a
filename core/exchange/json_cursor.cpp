#include "exchange/json_cursor.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

Error wrongType(const JsonCursor& cursor, std::string_view wanted) {
    return cursor.error(std::string(wanted) + " is needed here, not " + jsonTypeName(cursor.json()));
}

} // namespace

std::string jsonTypeName(const Json& json) {
    switch (json.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return "true or false";
    case Json::value_t::string:
        return "the text " + json.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60);
    case Json::value_t::array: return "a list";
    case Json::value_t::object: return "an object";
    default: return "the number " + json.dump();
    }
}

Result<void> JsonCursor::checkKeys(const std::vector<std::string>& known) const {
    if (!m_json->is_object())
        return wrongType(*this, "an object");
    for (const auto& [key, value] : m_json->items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            return makeError(ErrorCode::InvalidConfiguration,
                             "unknown key \"" + key + "\"" + didYouMean(key, known), pathOf(key));
    return {};
}

Result<JsonCursor> JsonCursor::at(const std::string& key) const {
    if (!m_json->is_object())
        return wrongType(*this, "an object");
    const auto found = m_json->find(key);
    if (found == m_json->end())
        return makeError(ErrorCode::InvalidConfiguration, "\"" + key + "\" is missing", pathOf(key));
    return JsonCursor(*found, pathOf(key));
}

Result<std::string> JsonCursor::string() const {
    if (!m_json->is_string())
        return wrongType(*this, "a text");
    return m_json->get<std::string>();
}

Result<bool> JsonCursor::boolean() const {
    if (!m_json->is_boolean())
        return wrongType(*this, "true or false");
    return m_json->get<bool>();
}

Result<double> JsonCursor::number() const {
    if (!m_json->is_number())
        return wrongType(*this, "a number");
    const double value = m_json->get<double>();
    if (!std::isfinite(value))
        return error("the number is too large");
    return value;
}

Result<double> JsonCursor::extendedNumber() const {
    if (m_json->is_string()) {
        if (*m_json == "inf" || *m_json == "+inf")
            return std::numeric_limits<double>::infinity();
        if (*m_json == "-inf")
            return -std::numeric_limits<double>::infinity();
        return error("a number is needed here (or \"inf\", \"-inf\"), not " + jsonTypeName(*m_json));
    }
    return number();
}

Result<std::int64_t> JsonCursor::integer() const {
    if (m_json->is_number_unsigned() &&
        m_json->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return error("the number is too large");
    if (m_json->is_number_integer())
        return m_json->get<std::int64_t>();
    if (m_json->is_number_float()) {
        const double value = m_json->get<double>();
        if (std::nearbyint(value) == value && std::abs(value) < 0x1p53)
            return static_cast<std::int64_t>(value);
    }
    return wrongType(*this, "a whole number");
}

Result<std::vector<JsonCursor>> JsonCursor::elements() const {
    if (!m_json->is_array())
        return wrongType(*this, "a list");
    std::vector<JsonCursor> result;
    for (std::size_t i = 0; i < m_json->size(); ++i)
        result.emplace_back((*m_json)[i], m_path + "[" + std::to_string(i) + "]");
    return result;
}

Result<std::vector<double>> JsonCursor::numbers() const {
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, elements());
    std::vector<double> result;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(const double value, item.number());
        result.push_back(value);
    }
    return result;
}

Result<std::vector<std::string>> JsonCursor::strings() const {
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, elements());
    std::vector<std::string> result;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(std::string value, item.string());
        result.push_back(std::move(value));
    }
    return result;
}

Result<std::vector<std::pair<std::string, JsonCursor>>> JsonCursor::members() const {
    if (!m_json->is_object())
        return wrongType(*this, "an object");
    std::vector<std::pair<std::string, JsonCursor>> result;
    for (const auto& [key, value] : m_json->items())
        result.emplace_back(key, JsonCursor(value, pathOf(key)));
    return result;
}

} // namespace alidade
