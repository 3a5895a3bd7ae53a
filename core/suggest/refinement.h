#pragma once

#include "suggest/diversion.h"
#include "suggest/maximiser.h"
#include "suggest/scatter.h"

namespace alidade {

/// The part of the space within `radius` (> 0) length scales of `center` along every axis, at most half of
/// the range to each side, on the unit cube; categories are left free. Length scales are along the axes as
/// the model bends them. Only where target.hasProcess().
[[nodiscard]] SearchBox boxOfLengthScales(const AcquisitionTarget& target, const Setting& center,
                                          double radius);

/// Expected improvement measures the best place known only while nothing else promises more, and with wide
/// uncertainty elsewhere that is never; so part of the settings refine that place: the optimum of the
/// posterior mean, unless it is known or pending. Later ones of the same batch are the optimum by one draw of
/// the hyper-parameters, where they are averaged over and all parameters are continuous, unless it is known;
/// else the optimum of a sample function of the posterior within a tenth of a length scale of the first. In
/// up to three continuous dimensions, where a batch fills the space soon, these take turns with settings
/// scattered round the first, as far as the function could still fall to the incumbent (epsilon-shotgun,
/// 2002.01873), and sample functions with three tenths of a length scale; more than one of four pays there
/// only: elsewhere models of few results promise most where they are wrong, and a batch that follows them
/// goes there as a whole; and beside the best step of an axis nothing is left to refine.
class Refinement {
public:
    /// `together`: several outcomes are unknown at once.
    explicit Refinement(bool together) : m_together(together) {}

    /// In place of suggestion number `index`: one of four; together in up to three continuous dimensions one
    /// of two, and two of three once the first is sure to a fiftieth of the prior standard deviation.
    /// The first of a batch is left to the acquisition where the optimum is known, but in these. With
    /// conditional parameters, where the best place known may lie in the wrong branch, one of four and the
    /// optimum of the mean only. Nothing for the others, without an incumbent or a single modelled outcome,
    /// with beliefs (which sample functions do not know), where trials may fail or outcomes are limited (the
    /// best prediction need not be feasible), where conditions of use are averaged over (the best mean is not
    /// that of the model). `target` believes in what is pending and chosen so far; `search` is the caller's.
    /// Deterministic. Errors: those of maximise().
    [[nodiscard]] Result<std::optional<Diversion>> next(const AcquisitionTarget& target, std::uint64_t index,
                                                        const std::unordered_set<std::string>& taken,
                                                        const MaximiserOptions& search,
                                                        const Monitor& monitor);

private:
    bool m_together;
    std::optional<Setting> m_center; ///< optimum of the posterior mean
    bool m_sure = false;             ///< little is left to learn there
    std::optional<Scatter> m_scatter;
};

} // namespace alidade
