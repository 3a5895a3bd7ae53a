#pragma once

#include "base/error.h"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace alidade {

/// A value or the error that prevented it. Reading the wrong side is a programming error and throws.
template <typename T>
class [[nodiscard]] Result {
public:
    using ValueType = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
    [[nodiscard]] T& value() & { return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] const Error& error() const& { return std::get<1>(m_state); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(m_state)); }

    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using ValueType = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] const Error& error() const& { return m_error.value(); }
    [[nodiscard]] Error&& error() && { return std::move(m_error).value(); }

private:
    std::optional<Error> m_error;
};

[[nodiscard]] inline Error makeError(ErrorCode code, std::string message, std::string context = {}) {
    return Error{code, std::move(message), std::move(context)};
}

} // namespace alidade

// clang-format off
#define ALIDADE_CONCAT_INNER(a, b) a##b
#define ALIDADE_CONCAT(a, b) ALIDADE_CONCAT_INNER(a, b)
#define ALIDADE_ASSIGN_INNER(holder, declaration, expression) \
    auto holder = (expression);                               \
    if (!holder.ok())                                         \
        return std::move(holder).error();                     \
    declaration = std::move(holder).value()

/// Declares or assigns the value of a Result, or returns its error from the calling function.
#define ALIDADE_ASSIGN(declaration, expression) \
    ALIDADE_ASSIGN_INNER(ALIDADE_CONCAT(alidadeResult, __LINE__), declaration, expression)

/// Returns the error of a Result<void> from the calling function.
#define ALIDADE_CHECK(expression)                                             \
    do {                                                                      \
        if (auto alidadeCheck = (expression); !alidadeCheck.ok())             \
            return std::move(alidadeCheck).error();                           \
    } while (false)
// clang-format on
