#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace alidade {

/// Sobol points in [0, 1)^dimension with the direction numbers of Joe & Kuo (2008), 32 bits, starting with
/// the origin when unscrambled. Scrambling is a random lower-triangular linear map of the bits of each
/// coordinate and a random digital shift (Matousek 1998): every scrambled sequence keeps the net structure,
/// and each point is uniform. Deterministic for (dimension, seed). Dimension 1 ... 3667.
class SobolSequence {
public:
    explicit SobolSequence(std::size_t dimension, std::uint64_t seed = 0, bool scrambled = true);
    ~SobolSequence();
    SobolSequence(SobolSequence&&) noexcept;
    SobolSequence& operator=(SobolSequence&&) noexcept;

    /// Leaves out the next `count` points.
    void skip(std::uint64_t count);
    [[nodiscard]] std::vector<double> next();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace alidade
