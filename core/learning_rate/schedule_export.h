#pragma once

#include "base/result.h"
#include "learning_rate/schedule.h"

#include <string>
#include <vector>

namespace alidade {

/// Schedules as text for other programs. Numbers are written so that they read back exactly.

/// Columns step (from 1), rate (base rate times shape) and, when `bound` is not empty, bound; with a header.
/// `bound` has as many entries as `rates`.
[[nodiscard]] std::string scheduleCsv(const std::vector<double>& rates, double baseRate,
                                      const std::vector<double>& bound = {});

/// {"base_lr": ..., "steps": T, "schedule": [shape, largest about 1]}.
[[nodiscard]] std::string scheduleJsonText(const std::vector<double>& rates, double baseRate);

/// A Python function shape(i) for i = 0, 1, ...: the unit schedule in closed form (tables and drawn schedules
/// as lists), the last rate held from step T on. Uses the module math only. The schedule must be valid for
/// `steps`.
[[nodiscard]] Result<std::string> schedulePython(const Schedule& schedule, std::size_t steps);

/// Ready to paste: shape(i), then torch.optim.lr_scheduler.LambdaLR. The optimiser's rate is the base rate.
[[nodiscard]] Result<std::string> lambdaLrCode(const Schedule& schedule, std::size_t steps, double baseRate);

/// Ready to paste: shape(i), then an optax schedule (a function of the step count that jit can trace).
[[nodiscard]] Result<std::string> optaxCode(const Schedule& schedule, std::size_t steps, double baseRate);

} // namespace alidade
