#pragma once

#include "suggest/diversion.h"
#include "suggest/maximiser.h"

namespace alidade {

/// The part of the space within `radius` (> 0) length scales of `center` along every axis, at most half of
/// the range to each side, on the unit cube; categories are left free. Length scales are along the axes as
/// the model bends them. Only where target.hasProcess().
[[nodiscard]] SearchBox boxOfLengthScales(const AcquisitionTarget& target, const Setting& center,
                                          double radius);

/// While several outcomes are unknown at once, expected improvement spreads a batch wide and learns little of
/// the best place known. So part of the settings refine it: the optimum of the posterior mean, unless it is
/// known or pending; then that by one draw of the hyper-parameters, where they are averaged over and all
/// parameters are continuous, unless it is known; else optima of sample functions of the posterior within a
/// tenth or three tenths of a length scale of the first, in turn.
class Refinement {
public:
    /// In place of suggestion number `index`: two of three, one of two in up to three dimensions, where a
    /// batch fills the space soon. Nothing for the others, without an incumbent or a single modelled outcome,
    /// with beliefs (which sample functions do not know), where conditions of use are averaged over (the best
    /// mean is not that of the model) and in spaces with conditional parameters, where the best place known
    /// may lie in the wrong branch. `target` believes in what is pending and chosen so far; `search` is the
    /// caller's. Deterministic. Errors: those of maximise().
    [[nodiscard]] Result<std::optional<Diversion>> next(const AcquisitionTarget& target, std::uint64_t index,
                                                        const std::unordered_set<std::string>& taken,
                                                        const MaximiserOptions& search,
                                                        const Monitor& monitor);

private:
    std::optional<Setting> m_center; ///< optimum of the posterior mean
};

} // namespace alidade
