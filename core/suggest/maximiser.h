#pragma once

#include "suggest/trust_region.h"

#include <functional>
#include <unordered_set>
#include <vector>

namespace alidade {

struct MaximiserOptions {
    std::uint64_t seed = 0;
    std::uint64_t index = 0;       ///< number of the suggestion: another part of the Sobol sequence each time
    std::size_t rawCandidates = 0; ///< 0: by dimension
    int starts = 10;
    std::size_t threads = 0;
    std::vector<Setting> warm;    ///< further starts, e.g. optima of a similar target; feasible
    std::optional<SearchBox> box; ///< stay inside
    Setting fixed;                ///< values that stay as they are wherever their parameter is active
};

/// Settings found, best first, all feasible and rounded to allowed values, none in `taken`.
struct MaximiserReport {
    struct Found {
        Setting setting;
        double value = 0.0; ///< of the target (log scale)
    };
    std::vector<Found> found;
    bool enumerated = false; ///< every untried setting of a finite space was looked at
    bool stopped = false;
};

/// Maximises the target over the space: candidates from a scrambled Sobol sequence and Gaussian clouds round
/// the best observed settings; from the best of them, some drawn in proportion to the exponential of their
/// standardised values (Boltzmann), and the warm starts, L-BFGS-B on the continuous coordinates alternates
/// with moves of each discrete and categorical one, until neither improves. Constraints are respected at
/// every step: a gradient step that leaves the feasible set is drawn back towards its start. A finite space
/// of at most 4,096 settings is enumerated. `taken` holds settingKey()s not to be suggested again.
/// Deterministic for its arguments, whatever the threads.
[[nodiscard]] Result<MaximiserReport> maximise(const AcquisitionTarget& target,
                                               const std::unordered_set<std::string>& taken,
                                               const MaximiserOptions& options, const Monitor& monitor);

/// All feasible settings of a finite space; nothing when it is a continuum or has more than `most`.
[[nodiscard]] std::optional<std::vector<Setting>>
enumerateSettings(const SearchSpace& space, const ConstraintSet& constraints, std::uint64_t most);

} // namespace alidade
