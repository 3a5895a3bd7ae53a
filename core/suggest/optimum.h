#pragma once

#include "base/monitor.h"
#include "suggest/study_model.h"
#include "surrogate/outcome_transform.h"

#include <optional>
#include <utility>
#include <vector>

namespace alidade {

struct OptimumOptions {
    enum class Kind {
        Desirability, ///< largest expected overall desirability E[D]
        Mean          ///< best predicted mean of one objective
    };
    Kind kind = Kind::Desirability;
    std::optional<MeasureId> objective; ///< for Mean; the only objective when there is one
    Setting
        fixed; ///< values that stay as they are wherever their parameter is active; the others are searched
    std::size_t threads = 0; ///< 0 = all cores; results do not depend on it
};

/// The setting that the models think best, with how sure they are.
struct Optimum {
    Setting setting;
    double feasibility = 1.0; ///< probability to succeed within all limits
    /// Latent predictions of every modelled measure, user's units.
    std::vector<std::pair<MeasureId, OutcomeBelief>> predictions;

    /// Only with desirabilities; one entry per goal.
    std::vector<MeasureId> goals;
    std::vector<double> individual; ///< d at the predicted means
    double overall = 0.0;           ///< D at the predicted means
    double expected = 0.0;          ///< E[D]: below D at the means where curves bend down
    double deviation = 0.0;         ///< standard deviation of D under the prediction
};

/// Searches the whole space, not only measured settings: the best predicted one, to decide by rather than to
/// learn from. Settings that are unlikely to succeed within the limits lose in proportion. Deterministic for
/// the model's study. Where the study averages over conditions, so do the search and all predictions, and the
/// setting shows the likeliest conditions. Errors: InvalidArgument (Desirability without a goal; Mean without
/// a known objective where there are several), Infeasible, Cancelled.
[[nodiscard]] Result<Optimum> optimum(const StudyModel& model, const OptimumOptions& options = {},
                                      const Monitor& monitor = {});

} // namespace alidade
