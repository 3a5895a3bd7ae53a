#pragma once

#include "suggest/model_state.h"
#include "surrogate/integrated_posterior.h"

#include <optional>
#include <unordered_set>

namespace alidade {

/// Whether suggestions average the objective over the definition's conditions: there are some, there is one
/// objective, and it is improved on by log EI or a sequence (not by a desirability or another method).
[[nodiscard]] bool averagesConditions(const Definition& definition);

/// What the conditions are in use, on the features of the state: a quadrature for means over their
/// independent densities. Choices and whole numbers up to 64 values count exactly; a continuous condition has
/// 20 Gauss-Legendre points over the part of its range where it occurs (a normal one within 6 spreads), two
/// have 400; where the product has more than 400 places, 256 scrambled Sobol points take its place.
[[nodiscard]] Occurrences occurrencesOf(const StudyModel::State& state);

/// The average of a measure's model over the conditions. State with `conditions` and the measure's model
/// only.
[[nodiscard]] IntegratedPosterior averageOf(const StudyModel::State& state, const GaussianProcess& process);

/// The same setting with the conditions under which a measurement says most about the average there: the
/// places of the quadrature are compared by how much they lower its variance (Williams, Santner & Notz 2000),
/// those that make a setting in `taken` or break a constraint left out. The setting itself when none is left.
[[nodiscard]] Setting withTellingConditions(const StudyModel::State& state,
                                            const IntegratedPosterior& average, const Setting& setting,
                                            const std::unordered_set<std::string>& taken);

/// The same setting with the likeliest conditions: for showing a place that holds for all of them.
[[nodiscard]] Setting withLikeliestConditions(const Definition& definition, Setting setting);

} // namespace alidade
