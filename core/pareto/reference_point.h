#pragma once

#include "pareto/objectives.h"

#include <optional>

namespace alidade {

struct ReferencePointOptions {
    double margin = 0.1; ///< distance beyond the worst front value, as a share of the front's range, >= 0
    /// Worst acceptable value of each objective (length m, minimised), NaN where there is no limit.
    std::optional<Eigen::VectorXd> worstAcceptable;
    bool marginOnWorst = false; ///< move beyond `worstAcceptable` by the margin as well
};

/// Reference point for hypervolumes from a front (k x m complete non-dominated rows, minimised), the rule of
/// BoTorch's infer_reference_point:
/// - every objective has a worst acceptable value and some point beats all of them: those values;
/// - one point: beyond it by margin * max(|value|, 1e-7);
/// - else: beyond the worst front value (or the worst acceptable one, if that is worse) by
///   margin * max(range, 1e-7); where only some objectives have a worst acceptable value and a point beats
///   those, that value is used for them;
/// - no point: the worst acceptable values, which must then be complete.
/// Errors: InvalidArgument (lengths, incomplete front, negative margin, nothing to start from).
[[nodiscard]] Result<Eigen::VectorXd> inferReferencePoint(const ObjectiveMatrix& front,
                                                          const ReferencePointOptions& options = {});

} // namespace alidade
