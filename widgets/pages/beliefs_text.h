#pragma once

#include "belief/belief_weights.h"
#include "study/definition.h"

#include <QString>

namespace alidade {

/// "lr is best near 0.001", "loss gets down to 0.3 ± 0.05", "lr 0.001 is better than lr 0.05", ...
[[nodiscard]] QString beliefText(const Definition& definition, const Belief& belief);
/// "3.2", "1:40".
[[nodiscard]] QString bayesFactorLabel(double logBayesFactor);
/// "data agree", "data overrule this", ...
[[nodiscard]] QString verdictText(BeliefVerdict verdict);
/// How the weights came about, for the line below the functions.
[[nodiscard]] QString weightingText(const BeliefWeights& weights);
/// "lr 0.001, layers 3".
[[nodiscard]] QString settingText(const SearchSpace& space, const Setting& setting);

} // namespace alidade
