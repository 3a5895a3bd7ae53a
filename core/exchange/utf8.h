#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alidade {

/// Offset of the first byte that is not part of a valid UTF-8 sequence (overlong forms and surrogates are
/// invalid); nothing when the text is valid.
[[nodiscard]] std::optional<std::size_t> invalidUtf8(std::string_view text);

/// The text with each invalid byte replaced by U+FFFD.
[[nodiscard]] std::string withValidUtf8(std::string_view text);

/// At most `maximum` bytes, cut between characters, with "..." behind when something was cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t maximum);

} // namespace alidade
