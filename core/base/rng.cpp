#include "base/rng.h"

#include "base/inverse_normal.h"

#include <bit>

namespace alidade {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3ULL;
    }
    return hash;
}

} // namespace

Rng::Rng(std::uint64_t seed, std::string_view stream, std::uint64_t index) {
    std::uint64_t state = seed;
    state = splitmix64(state) ^ fnv1a(stream);
    state = splitmix64(state) ^ index;
    for (std::uint64_t& word : m_state)
        word = splitmix64(state);
}

std::uint64_t Rng::bits() {
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t t = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= t;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

double Rng::uniform() {
    return static_cast<double>(bits() >> 11) * 0x1.0p-53;
}

double Rng::normal() {
    // Half a step off the grid of uniform() keeps the argument away from 0 and 1.
    return inverseNormalCdf((static_cast<double>(bits() >> 11) + 0.5) * 0x1.0p-53);
}

std::uint64_t Rng::below(std::uint64_t count) {
    const std::uint64_t limit = count * (UINT64_MAX / count);
    std::uint64_t draw = bits();
    while (draw >= limit)
        draw = bits();
    return draw % count;
}

} // namespace alidade
