#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace alidade {

/// Random numbers that repeat bit for bit on every platform: xoshiro256** (Blackman & Vigna), seeded by
/// splitmix64 from (seed, stream name, index). std:: distributions differ between libraries, so all
/// transformations are our own. Not thread safe: give each task its own stream.
class Rng {
public:
    /// `stream` names the purpose ("initial", "restarts", ...), `index` e.g. the trial number.
    explicit Rng(std::uint64_t seed, std::string_view stream = {}, std::uint64_t index = 0);

    [[nodiscard]] std::uint64_t bits();
    /// Uniform in [0, 1), 53 random bits.
    [[nodiscard]] double uniform();
    /// Uniform in [low, high).
    [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Standard normal, by the inverse distribution function of one uniform in (0, 1).
    [[nodiscard]] double normal();
    /// Uniform in {0, ..., count - 1}, without modulo bias. `count` > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t count);

private:
    std::array<std::uint64_t, 4> m_state{};
};

} // namespace alidade
