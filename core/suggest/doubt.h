#pragma once

#include "suggest/maximiser.h"
#include "suggest/target.h"

#include <optional>
#include <string_view>

namespace alidade {

/// Which assumption of the fitted model a setting was chosen without.
enum class Doubt {
    None,
    Roughness, ///< chosen with shorter length scales
    Place,     ///< chosen with shorter length scales, far from the best setting
    Relevance, ///< differs from the incumbent in one parameter, which may matter more
    Beliefs    ///< chosen without what the user believes
};

/// Doubts come with every so many suggestions, at most.
inline constexpr std::uint64_t kDoubtEvery = 4;

/// What suggestion number `index` of the study, scored by `method`, should doubt, given what the target
/// promises at best (`report`): a fit that is too smooth, or that takes a parameter for irrelevant because it
/// matters nowhere near the incumbent, stops looking too early. Scores other than (noisy) log expected
/// improvement are not doubted, nor are spaces whose settings were all looked at.
[[nodiscard]] Doubt doubtDue(Method method, const AcquisitionTarget& target, const MaximiserReport& report,
                             std::uint64_t index);

/// The target under a model with length scales half as long and at most half the range of a parameter.
[[nodiscard]] Result<AcquisitionTarget> roughened(const AcquisitionTarget& target);

/// The most promising of some 2,000 settings that hardly correlate with the incumbent's outcome under the
/// roughened model, in case a better optimum is elsewhere; beliefs are left out. A stationary model whose
/// data lie in one deep valley hardly believes in another one as deep.
/// Nothing without an incumbent or without such a setting (`taken` holds settingKey()s). Deterministic for
/// (study, index). Errors: those of sampleFeasible() and roughened().
[[nodiscard]] Result<std::optional<Setting>> settingElsewhere(const AcquisitionTarget& target,
                                                              std::uint64_t index,
                                                              const std::unordered_set<std::string>& taken,
                                                              const Monitor& monitor);

/// Looks for what `doubt` asks for and puts it in the place of `found`, which is left as it is for
/// Doubt::None. The doubt that was followed: a rougher model looks everywhere where there is no place
/// elsewhere or the search keeps to a box, and None stands for one that found nothing.
/// Errors: those of settingElsewhere().
[[nodiscard]] Result<Doubt> followDoubt(Doubt doubt, const AcquisitionTarget& target,
                                        const MaximiserOptions& search,
                                        const std::unordered_set<std::string>& taken, const Monitor& monitor,
                                        MaximiserReport& found);

/// Why, as part of a sentence; empty for Doubt::None.
[[nodiscard]] std::string_view doubtText(Doubt doubt);

} // namespace alidade
