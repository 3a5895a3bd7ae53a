#include "math/sobol.h"

#include "base/rng.h"

#include <boost/random/sobol.hpp>

#include <bit>

namespace alidade {
namespace {

constexpr int kBits = 32;
using Engine = boost::random::sobol_engine<std::uint32_t, kBits>;

/// Row i of the lower-triangular matrix acts on bit i, counted from the most significant one.
struct Scrambling {
    std::vector<std::uint32_t> rows; ///< kBits masks per coordinate
    std::vector<std::uint32_t> shift;
};

} // namespace

struct SobolSequence::State {
    State(std::size_t size, std::uint64_t seed, bool isScrambled)
        : dimension(size), scrambled(isScrambled), engine(size) {
        if (!scrambled)
            return;
        Rng rng(seed, "sobol");
        for (std::size_t j = 0; j < dimension; ++j) {
            for (int bit = 0; bit < kBits; ++bit) {
                const auto random = static_cast<std::uint32_t>(rng.bits() >> 32);
                const std::uint32_t diagonal = 1U << (kBits - 1 - bit);
                const std::uint32_t above = bit == 0 ? 0U : ~0U << (kBits - bit);
                scrambling.rows.push_back((random & above) | diagonal);
            }
            scrambling.shift.push_back(static_cast<std::uint32_t>(rng.bits() >> 32));
        }
    }

    [[nodiscard]] std::uint32_t scramble(std::size_t coordinate, std::uint32_t bits) const {
        std::uint32_t result = 0;
        for (int bit = 0; bit < kBits; ++bit) {
            const std::uint32_t row = scrambling.rows[coordinate * kBits + static_cast<std::size_t>(bit)];
            result = (result << 1) | (static_cast<std::uint32_t>(std::popcount(row & bits)) & 1U);
        }
        return result ^ scrambling.shift[coordinate];
    }

    std::size_t dimension;
    bool scrambled;
    Engine engine;
    Scrambling scrambling;
    bool atOrigin = true; ///< the engine itself leaves the origin out
};

SobolSequence::SobolSequence(std::size_t dimension, std::uint64_t seed, bool scrambled)
    : m_state(std::make_unique<State>(dimension, seed, scrambled)) {}
SobolSequence::~SobolSequence() = default;
SobolSequence::SobolSequence(SobolSequence&&) noexcept = default;
SobolSequence& SobolSequence::operator=(SobolSequence&&) noexcept = default;

void SobolSequence::skip(std::uint64_t count) {
    if (count > 0 && m_state->atOrigin) {
        m_state->atOrigin = false;
        --count;
    }
    if (count > 0)
        m_state->engine.discard(count * m_state->dimension);
}

std::vector<double> SobolSequence::next() {
    std::vector<double> point(m_state->dimension);
    for (std::size_t j = 0; j < point.size(); ++j) {
        std::uint32_t bits = m_state->atOrigin ? 0U : m_state->engine();
        if (m_state->scrambled)
            bits = m_state->scramble(j, bits);
        point[j] = static_cast<double>(bits) * 0x1.0p-32;
    }
    m_state->atOrigin = false;
    return point;
}

} // namespace alidade
