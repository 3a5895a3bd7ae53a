#pragma once

#include "suggest/target.h"

#include <unordered_set>

namespace alidade {

/// How epsilon-shotgun (2002.01873) scatters a batch round its first setting.
struct Scatter {
    Eigen::RowVectorXd center; ///< encoded
    double radius = 0.0;       ///< on the unit cube
    double lipschitz = 0.0;    ///< largest slope of the posterior mean near the centre, model units
};

/// Radius by the posterior mean and uncertainty at `center` and the largest slope of the mean within one
/// length scale along each active real, integer or ordinal coordinate. Needs target.hasProcess() and an
/// incumbent. Deterministic.
[[nodiscard]] Scatter scatterRound(const AcquisitionTarget& target, const Setting& center);

/// Draw number `draw` of the scatter: real, integer and ordinal coordinates and shares from a normal
/// distribution truncated to the cube, a category kept or, with probability min(radius, 1/2), drawn anew. The
/// first of up to 500 draws that is feasible and whose settingKey() is not in `taken`; nothing if none is.
[[nodiscard]] std::optional<Setting> scatteredSetting(const AcquisitionTarget& target, const Scatter& scatter,
                                                      std::uint64_t draw,
                                                      const std::unordered_set<std::string>& taken);

/// A uniformly drawn member of the front of best posterior mean and largest uncertainty, over settings spread
/// over the space and the measured ones. Nothing when none is feasible and untaken.
[[nodiscard]] Result<std::optional<Setting>> frontSetting(const AcquisitionTarget& target,
                                                          std::uint64_t index,
                                                          const std::unordered_set<std::string>& taken,
                                                          const Monitor& monitor);

} // namespace alidade
