#pragma once

#include "suggest/study_model.h"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace alidade {

struct ImportanceOptions {
    std::size_t points = 512;            ///< per set of the design, > 0
    std::size_t interactionPoints = 512; ///< 0: no interactions
    std::size_t paths = 64;              ///< sample functions of the posterior, >= 1
    std::size_t shuffles = 8;            ///< of the permutation importance, > 0
    std::uint64_t seed = 0;
};

/// A share of the variance with a 90 % interval: median, 5 % and 95 % quantile over functions that agree with
/// the measurements.
struct ShareInterval {
    double value = 0.0;
    double low = 0.0;
    double high = 0.0;
};

/// How much one parameter (a mixture counts as one) matters for one measure.
struct ParameterImportance {
    ParameterId parameter;
    ShareInterval first; ///< what it explains alone, in [0, 1]
    ShareInterval total; ///< alone and in interactions, in [0, 1]
    /// Increase of the leave-one-out error when its values are shuffled, in variances of the outcomes.
    double permutation = 0.0;
    double permutationSd = 0.0;
};

struct ImportanceReport {
    MeasureId measure;
    std::vector<ParameterImportance> parameters; ///< in the order of the space
    /// Shares of the variance that only pairs explain: medians over the same functions, >= 0; parameters x
    /// parameters, symmetric, zero diagonal. Empty when not asked for.
    Eigen::MatrixXd interactions;
    double leaveOneOutError = 0.0; ///< mean squared error in variances of the outcomes: 1 - R^2
    bool warped = false;           ///< shares of the variance of the outcome on its warped scale
};

/// Over the whole space: every parameter independent and uniform on its scale (a mixture uniform on its
/// simplex), constraints not considered. A parameter that is sometimes inactive owes its share to both its
/// value and its activity.
/// Errors: UnknownName (no model of the measure), Cancelled, Numerical.
[[nodiscard]] Result<ImportanceReport> parameterImportance(const StudyModel& model, MeasureId measure,
                                                           const ImportanceOptions& options = {},
                                                           const Monitor& monitor = {});

} // namespace alidade
