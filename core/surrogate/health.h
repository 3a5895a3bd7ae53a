#pragma once

#include "surrogate/diagnostics.h"

#include <string>
#include <string_view>
#include <vector>

namespace alidade {

/// What can be wrong, or worth knowing, about a fitted model.
enum class HealthCode {
    NoiseDominates,       ///< the model explains less than half of the variation
    FewResults,           ///< fewer than two observations per dimension
    LengthScaleAtBound,   ///< of one parameter
    Irrelevant,           ///< a parameter over whose whole range the outcome hardly changes
    TrialsDisagree,       ///< observations at one place that differ
    Outlier,              ///< an observation that contradicts all others
    IntervalsTooNarrow,   ///< leave-one-out: more measurements outside than stated
    IntervalsTooWide,     ///< leave-one-out: more measurements inside than stated
    PredictsPoorly,       ///< leave-one-out: no better than the mean
    OutcomeWarped,        ///< modelled on another scale, and by how much that is better
    InputsWarped,         ///< axes of parameters are bent, and by how much that is better
    SlopesKnown,          ///< measured slopes count as well, and how many
    NumericallySingular,  ///< the covariance needed jitter
    OutliersDownWeighted, ///< observations with a noise of their own
    FitStopped            ///< hyper-parameters are the best found before a stop
};
[[nodiscard]] std::string_view healthCodeName(HealthCode code);

enum class Severity { Note, Warning };
[[nodiscard]] std::string_view severityName(Severity severity);

struct HealthFinding {
    HealthCode code = HealthCode::NoiseDominates;
    Severity severity = Severity::Note;
    std::string text;                       ///< an English sentence with the figures
    std::string place;                      ///< the parameter it is about; empty: the whole model
    std::vector<Eigen::Index> observations; ///< rows of the model's data it is about

    bool operator==(const HealthFinding&) const = default;
};

/// How the report names things.
struct HealthNames {
    std::vector<std::string> groups;       ///< a name per length-scale group
    std::vector<std::string> observations; ///< a name per observation, such as "trial 12"
    std::string unit;                      ///< of the outcome; may be empty
};

/// What is worth knowing about a fitted model, warnings first. `check` is leaveOneOut(model). Names that are
/// missing are replaced by numbers. O(n^2 p).
[[nodiscard]] std::vector<HealthFinding> healthReport(const OutcomeModel& model, const LeaveOneOut& check,
                                                      const HealthNames& names);

} // namespace alidade
