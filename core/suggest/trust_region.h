#pragma once

#include "suggest/target.h"

#include <optional>
#include <span>

namespace alidade {

/// Where a trust-region search (TuRBO, Eriksson et al. 2019, 1910.01739) stands, replayed from the outcomes
/// so that it depends on nothing but the study.
struct TrustRegion {
    double length = 0.8;               ///< of the region's mean side, on the unit cube
    std::optional<std::size_t> center; ///< index of the best outcome since the last restart
    int restarts = 0;
    std::size_t designLeft = 0; ///< outcomes of the design after a restart that are still to come
};

/// `outcomes` in the order of the trials, to be minimised, NaN for failed or infeasible ones; `design`
/// outcomes start the search and each restart. The region doubles after 3 improvements in a row (at
/// most 1.6), halves after max(4, dimension) disappointments in a row, and starts anew elsewhere once it is
/// below 2^-7. An improvement is more than a thousandth of the best outcome.
[[nodiscard]] TrustRegion replayTrustRegion(std::span<const double> outcomes, std::size_t design,
                                            std::size_t dimension);

/// A box of the encoded space that the maximiser stays in, round its centre. Categories are free.
struct SearchBox {
    Eigen::RowVectorXd center;
    Eigen::RowVectorXd lower;
    Eigen::RowVectorXd upper;
};
/// Sides in proportion to the length scales of the target's process, with the region's length as their
/// geometric mean. Nothing while a design is due or without a feasible outcome. `region` receives the state.
[[nodiscard]] std::optional<SearchBox> trustRegionBox(const AcquisitionTarget& target, TrustRegion& region);

} // namespace alidade
