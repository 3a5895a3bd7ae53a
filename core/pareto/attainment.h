#pragma once

#include "pareto/objectives.h"

#include <vector>

namespace alidade {

/// Empirical attainment (Fonseca, Guerreiro, Lopez-Ibanez, Paquete 2011) of K repeated runs; each run is a
/// set of points (any number of rows, the same m columns, minimised; incomplete rows are left out).

/// Number of runs that reached `target` (length m): some point of the run is <= it in every objective.
/// The attainment function is this number divided by K. Error InvalidArgument on different lengths.
[[nodiscard]] Result<int> attainmentCount(const std::vector<ObjectiveMatrix>& runs,
                                          const Eigen::VectorXd& target);

/// Two objectives: the minimal points that at least `level` runs (1..K) reached, sorted by the first
/// objective. Level 1 is the best case, K the worst, (K + 1) / 2 the median run. O(N log N + N K) for N
/// points. Errors: InvalidArgument (level outside 1..K, a run without exactly two columns).
[[nodiscard]] Result<ObjectiveMatrix> attainmentFront(const std::vector<ObjectiveMatrix>& runs, int level);

} // namespace alidade
