#pragma once

#include "protocol/session.h"

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace alidade {

/// Longest message that is read; a longer one is refused and skipped.
inline constexpr std::size_t kLongestMessage = std::size_t{64} << 20;

/// Answers one message (or batch) of JSON-RPC 2.0; nothing for notifications. Never fails: every problem is
/// an answer.
[[nodiscard]] std::optional<std::string> answer(Session& session, std::string_view message);

/// Calls one method with parameters given as JSON text; the error's context is the path of the offending
/// part.
[[nodiscard]] Result<std::string> callMethod(Session& session, const std::string& method,
                                             std::string_view params);

/// Reads messages, one a line, until the end of `input`; answers each on `output`, one a line, flushed.
void serve(Session& session, std::istream& input, std::ostream& output);

} // namespace alidade
