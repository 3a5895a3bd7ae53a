#include "exchange/utf8.h"

namespace alidade {
namespace {

/// Length of the valid sequence at `i`, or 0. Table 3-7 of the Unicode standard.
std::size_t sequenceLength(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t offset) {
        return i + offset < text.size() ? static_cast<unsigned char>(text[i + offset]) : 0U;
    };
    const auto continues = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    const unsigned second = byte(1);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned lowest = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned highest = first == 0xED ? 0x9F : 0xBF;
        return second >= lowest && second <= highest && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned lowest = first == 0xF0 ? 0x90 : 0x80;
        const unsigned highest = first == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

} // namespace

std::optional<std::size_t> invalidUtf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = sequenceLength(text, i);
        if (length == 0)
            return i;
        i += length;
    }
    return std::nullopt;
}

std::string withValidUtf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = sequenceLength(text, i);
        if (length == 0)
            result += "\xEF\xBF\xBD";
        else
            result += text.substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return result;
}

std::string shortened(std::string_view text, std::size_t maximum) {
    if (text.size() <= maximum)
        return std::string(text);
    std::size_t end = maximum;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(text.substr(0, end)) + "...";
}

} // namespace alidade
