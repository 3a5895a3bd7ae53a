#pragma once

#include "base/result.h"
#include "learning_rate/optimizers/adafactor.h"
#include "learning_rate/optimizers/adam.h"
#include "learning_rate/optimizers/d_adaptation.h"
#include "learning_rate/optimizers/dog.h"
#include "learning_rate/optimizers/dowg.h"
#include "learning_rate/optimizers/oasis.h"
#include "learning_rate/optimizers/prodigy.h"
#include "learning_rate/optimizers/schedule_free.h"
#include "learning_rate/optimizers/sgd.h"
#include "learning_rate/optimizers/shampoo.h"
#include "learning_rate/optimizers/target_surrogate.h"
#include "learning_rate/optimizers/u_dog.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace alidade {

/// An optimiser with its settings and its state; a fresh value starts a run. step() takes the rate of the
/// schedule: a length for Sgd, Adam, Shampoo, TargetSurrogate and the schedule-free methods, a multiplier of
/// the method's own length for the others (1 = as published).
using Optimizer = std::variant<Sgd, Adam, Adafactor, Shampoo, Oasis, TargetSurrogate, DoG, DoWG, UDoG,
                               DAdaptSgd, DAdaptAdam, Prodigy, ScheduleFreeSgd, ScheduleFreeAdamW>;

/// One step from x to the next iterate, in place. The objective must offer what the method asks for.
void step(Optimizer& optimizer, const TrainingObjective& objective, Eigen::VectorXd& x, double rate);

struct OptimizerInfo {
    std::string_view name;   ///< "sgd", "adam", "adamw", "adafactor", ...; for files and the protocol
    std::string_view title;  ///< as in the literature
    std::string_view source; ///< arXiv number, or empty
    /// The rate multiplies a step length of the method's own.
    bool relative = false;
    /// A usual base rate.
    double usualRate = 0.0;
    /// The last-iterate bound holds for it: plain subgradient steps.
    bool bounded = false;
};
[[nodiscard]] const std::vector<OptimizerInfo>& optimizerInfos();
[[nodiscard]] const OptimizerInfo* findOptimizer(std::string_view name);
/// A fresh optimiser with its usual settings; the error names the nearest known one.
[[nodiscard]] Result<Optimizer> makeOptimizer(std::string_view name);

} // namespace alidade
