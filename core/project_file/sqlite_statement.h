#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace alidade::sqlite {

/// Bytes that need not be text (captured output of programs).
struct Blob {
    std::string_view bytes;
};

/// A prepared statement. Reading a column of another type than the stored one is remembered and reported as
/// DamagedFile by the next step() or finish(), so that rows can be read without a check per column.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement) : m_statement(statement) {}

    /// Parameters count from 1. NaN is refused (SQLite would store NULL).
    [[nodiscard]] Result<void> bind(int index, std::int64_t value);
    [[nodiscard]] Result<void> bind(int index, int value) { return bind(index, std::int64_t{value}); }
    [[nodiscard]] Result<void> bind(int index, bool value) {
        return bind(index, std::int64_t{value ? 1 : 0});
    }
    [[nodiscard]] Result<void> bind(int index, double value);
    /// The text is not copied: it must live until the next step().
    [[nodiscard]] Result<void> bind(int index, std::string_view value);
    [[nodiscard]] Result<void> bind(int index, const std::string& value) {
        return bind(index, std::string_view(value));
    }
    [[nodiscard]] Result<void> bind(int index, const char* value) {
        return bind(index, std::string_view(value));
    }
    [[nodiscard]] Result<void> bind(int index, Blob value);
    [[nodiscard]] Result<void> bind(int index, std::nullopt_t);
    template <typename T>
    [[nodiscard]] Result<void> bind(int index, const std::optional<T>& value) {
        return value ? bind(index, *value) : bind(index, std::nullopt);
    }

    /// Binds all parameters in order, after a reset.
    template <typename... Values>
    [[nodiscard]] Result<void> bindAll(const Values&... values) {
        reset();
        Result<void> outcome;
        int index = 0;
        // The first failure ends the fold.
        static_cast<void>(((outcome = bind(++index, values)).ok() && ...));
        return outcome;
    }

    /// True when there is a row.
    [[nodiscard]] Result<bool> step();
    /// Binds, steps to the end and forgets the rows.
    template <typename... Values>
    [[nodiscard]] Result<void> run(const Values&... values) {
        ALIDADE_CHECK(bindAll(values...));
        ALIDADE_ASSIGN([[maybe_unused]] const bool row, step());
        reset();
        return {};
    }
    /// For queries read only in part: reports a type mismatch of the last row, and resets.
    [[nodiscard]] Result<void> finish();
    void reset();

    /// Columns of the current row, from 0.
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column);
    [[nodiscard]] double real(int column);
    [[nodiscard]] std::string text(int column);
    /// Valid until the next step.
    [[nodiscard]] std::string_view textView(int column);
    [[nodiscard]] std::string blob(int column);
    [[nodiscard]] std::optional<double> optionalReal(int column);
    /// Declares the row unusable for a reason of the caller's.
    void reject(std::string reason);
    [[nodiscard]] bool isRejected() const { return !m_rejected.empty(); }

private:
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const;
    };
    [[nodiscard]] Result<void> checked(int code);
    void requireType(int column, int type);

    std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
    std::string m_rejected;
};

} // namespace alidade::sqlite
