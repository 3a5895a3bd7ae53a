#include "project_file/sqlite_statement.h"

#include "project_file/sqlite_database.h"

#include <sqlite3.h>

#include <cmath>
#include <utility>

namespace alidade::sqlite {
namespace {

const char* typeName(int type) {
    switch (type) {
    case SQLITE_INTEGER: return "an integer";
    case SQLITE_FLOAT: return "a number";
    case SQLITE_TEXT: return "text";
    case SQLITE_BLOB: return "bytes";
    default: return "nothing";
    }
}

} // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Result<void> Statement::checked(int code) {
    if (code == SQLITE_OK)
        return {};
    return errorFromCode(sqlite3_db_handle(m_statement.get()), code);
}

Result<void> Statement::bind(int index, std::int64_t value) {
    return checked(sqlite3_bind_int64(m_statement.get(), index, value));
}

Result<void> Statement::bind(int index, double value) {
    if (std::isnan(value))
        return makeError(ErrorCode::InvalidArgument, "NaN cannot be stored; leave the value out instead");
    return checked(sqlite3_bind_double(m_statement.get(), index, value));
}

Result<void> Statement::bind(int index, std::string_view value) {
    // A null pointer would store NULL instead of an empty text.
    const char* data = value.data() == nullptr ? "" : value.data();
    return checked(
        sqlite3_bind_text64(m_statement.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Result<void> Statement::bind(int index, Blob value) {
    const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
    return checked(sqlite3_bind_blob64(m_statement.get(), index, data, value.bytes.size(), SQLITE_STATIC));
}

Result<void> Statement::bind(int index, std::nullopt_t) {
    return checked(sqlite3_bind_null(m_statement.get(), index));
}

Result<bool> Statement::step() {
    if (!m_rejected.empty())
        return finish().error();
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    Error error = errorFromCode(sqlite3_db_handle(m_statement.get()), code);
    reset();
    return error;
}

Result<void> Statement::finish() {
    reset();
    if (m_rejected.empty())
        return {};
    const char* path = sqlite3_db_filename(sqlite3_db_handle(m_statement.get()), "main");
    return makeError(ErrorCode::DamagedFile, std::exchange(m_rejected, {}), path == nullptr ? "" : path);
}

void Statement::reset() {
    sqlite3_reset(m_statement.get());
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

void Statement::requireType(int column, int type) {
    const int found = sqlite3_column_type(m_statement.get(), column);
    if (found != type)
        reject(std::string("The column ") + sqlite3_column_name(m_statement.get(), column) + " holds " +
               typeName(found) + " instead of " + typeName(type) + ".");
}

std::int64_t Statement::integer(int column) {
    requireType(column, SQLITE_INTEGER);
    return sqlite3_column_int64(m_statement.get(), column);
}

double Statement::real(int column) {
    requireType(column, SQLITE_FLOAT);
    return sqlite3_column_double(m_statement.get(), column);
}

std::string Statement::text(int column) {
    return std::string(textView(column));
}

std::string_view Statement::textView(int column) {
    requireType(column, SQLITE_TEXT);
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    if (data == nullptr)
        return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

std::string Statement::blob(int column) {
    requireType(column, SQLITE_BLOB);
    const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    if (data == nullptr)
        return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

std::optional<double> Statement::optionalReal(int column) {
    if (isNull(column))
        return std::nullopt;
    return real(column);
}

void Statement::reject(std::string reason) {
    if (m_rejected.empty())
        m_rejected = std::move(reason);
}

} // namespace alidade::sqlite
