#pragma once

#include "belief/belief_claims.h"
#include "suggest/diversion.h"

#include <unordered_set>

namespace alidade {

/// Every second setting of the initial design comes from the beliefs about the place of the optimum, the
/// first being where they are most likely; the others stay evenly spread, in case the beliefs are wrong.
class BeliefDesign {
public:
    BeliefDesign(const Definition& definition, Method method);

    /// In place of `setting`, number `index` of the design from 0; nothing when it is not due, not allowed or
    /// taken. Marks what it returns as taken.
    [[nodiscard]] std::optional<Setting> replacement(const Setting& setting, std::size_t index,
                                                     std::unordered_set<std::string>& taken) const;

private:
    const Definition& m_definition;
    BeliefClaims m_claims;
    bool m_active = false;
};

/// Whether data speak against the beliefs (Bayes factor below 1/3, weighted sample functions only).
[[nodiscard]] bool overruled(const AcquisitionTarget& target);

/// The first untried setting of the evenly spread design that BeliefDesign took the place of; nothing when
/// there is none. What beliefs make of an acquisition fades by itself, but a model that has seen little else
/// than the surroundings of a misleading belief may have nothing to tell it where to look instead. `initial`:
/// trials of the initial design so far. Errors: those of sampleFeasible().
[[nodiscard]] Result<std::optional<Diversion>> displacedSetting(const AcquisitionTarget& target,
                                                                std::size_t initial,
                                                                const std::unordered_set<std::string>& taken,
                                                                const Monitor& monitor);

} // namespace alidade
