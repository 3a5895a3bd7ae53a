#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace alidade {

/// Learning-rate schedules as values: a unit shape (largest rate 1) over T steps, multiplied elsewhere by a
/// base rate. Conventions of 2501.18965: a shape is thought of with T + 1 points (index i = 0 ... T), the
/// last of which is never used; step t = 1 ... T has index i = t - 1.

enum class CooldownKind {
    Linear,       ///< 1 - u (1 - f), u in (0, 1] the elapsed share of the cooldown, f the final ratio
    OneMinusSqrt, ///< f + (1 - f) (1 - sqrt(u))
    Sqrt,         ///< f + (1 - f) sqrt(1 - u)
    Cosine        ///< f + (1 - f) cos^2(pi u / 2)
};

struct ConstantShape {
    bool operator==(const ConstantShape&) const = default;
};
/// 1 - (i / T) (1 - finalRatio).
struct LinearShape {
    double finalRatio = 0.0;
    bool operator==(const LinearShape&) const = default;
};
/// finalRatio + (1 - finalRatio) cos^2(pi i / (2 T)). A cycle above 1 is stopped before its end: the cosine
/// is that of a run of int(cycle (T + 1)) points.
struct CosineShape {
    double finalRatio = 0.0;
    double cycle = 1.0;
    bool operator==(const CosineShape&) const = default;
};
/// (i + 1)^(-1/2), then a cooldown like that of wsd from the value that was reached. Without a cooldown the
/// other two members do not matter.
struct InverseSqrtShape {
    double cooldown = 0.0;
    CooldownKind kind = CooldownKind::Linear;
    double finalRatio = 0.0; ///< of the base rate; at most the value where the cooldown begins
    bool operator==(const InverseSqrtShape&) const = default;
};
/// Warm-up, stable, decay: 1, then a cooldown over the last int(cooldown (T + 1)) points (at least one point
/// behind the warm-up stays at 1).
struct WsdShape {
    double cooldown = 0.2;
    CooldownKind kind = CooldownKind::Linear;
    double finalRatio = 0.0;
    bool operator==(const WsdShape&) const = default;
};
/// finalRatio + (1 - finalRatio) ((T - i) / T)^power.
struct PolynomialShape {
    double power = 1.0;
    double finalRatio = 0.0;
    bool operator==(const PolynomialShape&) const = default;
};
/// finalRatio^(i / T).
struct ExponentialShape {
    double finalRatio = 0.01;
    bool operator==(const ExponentialShape&) const = default;
};
/// Piecewise constant: multiplied by factor at each milestone, a share of T in (0, 1), ascending.
struct StepShape {
    std::vector<double> milestones;
    double factor = 0.1;
    bool operator==(const StepShape&) const = default;
};
/// The extension of an ended run (2501.18965): 1 before `switchStep` (0-based), then `factor`, with a
/// cooldown from there to 0 over the last int(cooldown (T + 1)) points.
struct TwoStageShape {
    std::size_t switchStep = 0;
    double factor = 1.0;
    double cooldown = 0.2;
    CooldownKind kind = CooldownKind::Linear;
    bool operator==(const TwoStageShape&) const = default;
};
/// Monotone (Fritsch-Carlson) cubic through points (x in [0, 1], height >= 0), x strictly ascending.
struct DrawnShape {
    std::vector<double> x;
    std::vector<double> height;
    bool operator==(const DrawnShape&) const = default;
};
/// One rate per step, >= 0; at least T values, the rest is ignored.
struct TableShape {
    std::vector<double> values;
    bool operator==(const TableShape&) const = default;
};
/// Up from startRatio to 1 over the share `peak` of T, then down to finalRatio, both as half cosines or
/// straight. The defaults are those of PyTorch's OneCycleLR. Source: 1708.07120.
struct OneCycleShape {
    double peak = 0.3; ///< in (0, 1)
    double startRatio = 0.04;
    double finalRatio = 4e-6;
    bool straight = false;
    bool operator==(const OneCycleShape&) const = default;
};
struct SchedulePart;
/// Several schedules one after the other, such as an ended run and its new tail. At least one part; parts may
/// be composed themselves, at most kMostNesting deep.
struct ComposedShape {
    std::vector<SchedulePart> parts;
    bool operator==(const ComposedShape& other) const;
};

using ScheduleShape = std::variant<ConstantShape, LinearShape, CosineShape, InverseSqrtShape, WsdShape,
                                   PolynomialShape, ExponentialShape, StepShape, TwoStageShape, DrawnShape,
                                   TableShape, OneCycleShape, ComposedShape>;

/// A shape behind a linear warm-up of `warmupSteps` steps: warmupStart + (i / warmupSteps) (1 - warmupStart),
/// which reaches 1 at i = warmupSteps. Shapes that decay from the start (linear, cosine, 1/sqrt, polynomial,
/// exponential, drawn, one-cycle) begin their own clock there; constant, wsd, step and two-stage keep theirs;
/// a table and a composed schedule are multiplied.
struct Schedule {
    ScheduleShape shape;
    std::size_t warmupSteps = 0;
    double warmupStart = 1e-10;
    bool operator==(const Schedule&) const = default;
};

/// A piece of a composed schedule: the first `steps` rates of `schedule` when it is made for `horizon` steps,
/// times `factor`. The last part takes all steps that remain, whatever its `steps` says.
struct SchedulePart {
    Schedule schedule;
    std::size_t steps = 0;
    std::size_t horizon = 0; ///< 0: as many as are taken from it
    double factor = 1.0;     ///< above 0
    bool operator==(const SchedulePart&) const = default;
};
inline bool ComposedShape::operator==(const ComposedShape& other) const {
    return parts == other.parts;
}

/// A run planned for `horizon` steps that is left after `kept` of them and goes on with `tail`, whose rates
/// are multiplied by `factor`; for more than `kept` steps.
[[nodiscard]] Schedule continued(const Schedule& run, std::size_t horizon, std::size_t kept,
                                 const Schedule& tail, double factor = 1.0);

/// Composed schedules within one another, the outermost included: enough for a run that was extended again
/// and again, and a limit for what reads and evaluates them by recursion.
inline constexpr std::size_t kMostNesting = 8;

/// "constant", "linear", "cosine", "inverse_sqrt", "wsd", "polynomial", "exponential", "step", "two_stage",
/// "drawn", "table", "one_cycle", "composed".
[[nodiscard]] std::string_view shapeName(const ScheduleShape& shape);
/// "linear", "1-sqrt", "sqrt", "cosine".
[[nodiscard]] std::string_view cooldownName(CooldownKind kind);

/// Names the field, its value and the broken rule. `steps` = T >= 1.
[[nodiscard]] Result<void> validate(const Schedule& schedule, std::size_t steps);

/// eta_1 ... eta_T. The final point (index T) of a schedule that decays to 0 is not part of it.
/// Source: 2501.18965, section 2 and its released schedules. O(T).
[[nodiscard]] Result<std::vector<double>> rates(const Schedule& schedule, std::size_t steps);

} // namespace alidade
