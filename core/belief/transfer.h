#pragma once

#include "study/edit.h"

#include <optional>
#include <vector>

namespace alidade {

/// Values that a parameter had in the best fifth of the feasible trials, at least three and at most thirty of
/// them, and in all complete ones.
struct MeasuredPlaces {
    std::vector<Value> good;
    std::vector<Value> all;
};
[[nodiscard]] MeasuredPlaces measuredPlaces(const Study& study, const Objective& objective,
                                            const Parameter& parameter);

/// What an earlier study says about the optimum along `parameter` of another: the density of the parameter
/// with the same name in its good trials. Numbers: a curve of 41 points from a Gaussian kernel whose width is
/// 1.06 sd n^(-1/5) of the range, at least 0.05, plus a tenth of the flat density, because another problem
/// has another optimum. Choices: shares with one added to each count. Values outside today's range are left
/// out. Nothing with fewer than three good trials that have the parameter, or for shares of a mixture.
[[nodiscard]] std::optional<Density> densityOfGoodTrials(const Study& earlier, const Objective& objective,
                                                         const Parameter& parameter);

/// The edits that add such a belief to `definition` for each of its parameters, judged by the earlier study's
/// objective of the same name as the first one, else by its first. Confidence 0.5: another study is a hint.
[[nodiscard]] EditSequence beliefsFrom(const Study& earlier, const Definition& definition);

} // namespace alidade
