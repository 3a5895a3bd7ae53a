#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "space/parameter.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// Life cycle:
///   Pending -> Running -> Complete | Failed | Stopped
///   Pending -> Complete | Failed (reported by hand), Pending -> Withdrawn
///   Running -> Pending (its measuring process died or was stopped by the user)
/// Complete, Failed, Stopped and Withdrawn are final; they change only by an explicit Edit.
enum class TrialState { Pending, Running, Complete, Failed, Stopped, Withdrawn };

[[nodiscard]] bool canTransition(TrialState from, TrialState to);
[[nodiscard]] std::string_view stateName(TrialState state);
[[nodiscard]] std::optional<TrialState> parseState(std::string_view name);

/// Where a setting came from.
enum class Origin { Manual, Imported, Initial, Random, Model };
[[nodiscard]] std::string_view originName(Origin origin);
[[nodiscard]] std::optional<Origin> parseOrigin(std::string_view name);

/// Derivative of a measure by one parameter, finite, in the measure's unit per unit of the parameter
/// (whatever the parameter's scale). `noiseSd` is a known standard error.
struct Slope {
    double value = 0.0;
    std::optional<double> noiseSd{};
    bool operator==(const Slope&) const = default;
};

/// `value` may be +-inf (a diverged run) but never NaN. `noiseSd` is a known standard error, user's units.
/// `slopes` is what is known of the gradient where it was measured, see slopes.h; of final measurements only.
struct Measurement {
    double value = 0.0;
    std::optional<double> noiseSd{};
    std::map<ParameterId, Slope> slopes{};
    bool operator==(const Measurement&) const = default;
};
using Measurements = std::map<MeasureId, Measurement>;

/// An intermediate report (learning curve) at a fidelity step.
struct StepReport {
    double step = 0.0;
    Measurements values;
    bool operator==(const StepReport&) const = default;
};

struct Trial {
    TrialId id;
    TrialState state = TrialState::Pending;
    Origin origin = Origin::Manual;
    std::string reason; ///< why it was suggested, one English sentence
    Setting setting;
    Measurements values; ///< final measurements
    std::vector<StepReport> steps;
    std::string failure;        ///< readable reason of a failure
    std::string note;           ///< the user's
    bool excluded = false;      ///< kept and shown, not given to models
    std::int64_t createdMs = 0; ///< milliseconds since 1970 UTC; 0 = unknown
    std::int64_t startedMs = 0;
    std::int64_t finishedMs = 0;
    int attempt = 0; ///< how often a runner started it
    bool operator==(const Trial&) const = default;
};

} // namespace alidade
