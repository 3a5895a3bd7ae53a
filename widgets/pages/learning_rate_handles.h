#pragma once

#include "learning_rate/schedule.h"

#include <QString>

#include <vector>

namespace alidade {

/// What can be dragged in the plot of a schedule.
struct ScheduleHandle {
    enum class Kind {
        BaseRate,
        WarmupEnd,
        WarmupStart,
        CooldownStart,
        Floor,
        Milestone,
        Point,
        Switch,   ///< of a two-stage schedule: when, and to which rate
        PartStart ///< of a later part of a composed one: when, and at which rate
    };
    Kind kind = Kind::BaseRate;
    int index = 0;       ///< of milestones, points and parts
    double step = 1.0;   ///< 1 ... T
    double height = 1.0; ///< share of the base rate
    bool movesStep = false;
    bool movesHeight = false;
    bool operator==(const ScheduleHandle&) const = default;
};

/// Handles of a valid schedule over `steps`.
[[nodiscard]] std::vector<ScheduleHandle> scheduleHandles(const Schedule& schedule, std::size_t steps);

/// The schedule after a handle was moved there; what the handle does not move, and what would not be valid,
/// is left out. The base rate is no part of a schedule: its handle changes nothing here.
[[nodiscard]] Schedule withHandleAt(const Schedule& schedule, std::size_t steps, const ScheduleHandle& handle,
                                    double step, double height);

/// "Cooldown begins at step 8,001 (20 % of the run)".
[[nodiscard]] QString handleText(const Schedule& schedule, std::size_t steps, const ScheduleHandle& handle);

} // namespace alidade
