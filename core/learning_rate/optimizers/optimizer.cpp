#include "learning_rate/optimizers/optimizer.h"

#include "base/text.h"

#include <algorithm>

namespace alidade {

void step(Optimizer& optimizer, const TrainingObjective& objective, Eigen::VectorXd& x, double rate) {
    std::visit([&](auto& method) { method.step(objective, x, rate); }, optimizer);
}

const std::vector<OptimizerInfo>& optimizerInfos() {
    static const std::vector<OptimizerInfo> infos{
        {"sgd", "SGD", "", false, 0.1, true},
        {"momentum", "SGD with momentum 0.9", "", false, 0.01, false},
        {"adam", "Adam", "1412.6980", false, 1e-2, false},
        {"adamw", "AdamW", "1711.05101", false, 1e-2, false},
        {"adafactor", "Adafactor", "1804.04235", true, 1.0, false},
        {"shampoo", "Shampoo", "1802.09568", false, 0.1, false},
        {"oasis", "OASIS", "2109.05198", true, 1.0, false},
        {"target_surrogate", "SSO, target-based surrogates", "2302.02607", false, 0.1, false},
        {"dog", "DoG", "2302.12022", true, 1.0, false},
        {"dowg", "DoWG", "2305.16284", true, 1.0, false},
        {"u_dog", "U-DoG (our reconstruction)", "2404.00666", true, 1.0, false},
        {"d_adapt_sgd", "D-Adaptation SGD", "2301.07733", true, 1.0, false},
        {"d_adapt_adam", "D-Adaptation Adam", "2301.07733", true, 1.0, false},
        {"prodigy", "Prodigy", "2306.06101", true, 1.0, false},
        {"schedule_free_sgd", "Schedule-free SGD", "2405.15682", false, 0.1, false},
        {"schedule_free_adamw", "Schedule-free AdamW", "2405.15682", false, 1e-2, false},
    };
    return infos;
}

const OptimizerInfo* findOptimizer(std::string_view name) {
    const auto& infos = optimizerInfos();
    const auto found = std::find_if(infos.begin(), infos.end(),
                                    [&](const OptimizerInfo& info) { return info.name == name; });
    return found == infos.end() ? nullptr : &*found;
}

Result<Optimizer> makeOptimizer(std::string_view name) {
    if (name == "sgd")
        return Optimizer{Sgd{}};
    if (name == "momentum")
        return Optimizer{Sgd{0.9, {}}};
    if (name == "adam")
        return Optimizer{Adam{}};
    if (name == "adamw") {
        Adam adam;
        adam.weightDecay = 0.01;
        return Optimizer{adam};
    }
    if (name == "adafactor")
        return Optimizer{Adafactor{}};
    if (name == "shampoo")
        return Optimizer{Shampoo{}};
    if (name == "oasis")
        return Optimizer{Oasis{}};
    if (name == "target_surrogate")
        return Optimizer{TargetSurrogate{}};
    if (name == "dog")
        return Optimizer{DoG{}};
    if (name == "dowg")
        return Optimizer{DoWG{}};
    if (name == "u_dog")
        return Optimizer{UDoG{}};
    if (name == "d_adapt_sgd")
        return Optimizer{DAdaptSgd{}};
    if (name == "d_adapt_adam")
        return Optimizer{DAdaptAdam{}};
    if (name == "prodigy")
        return Optimizer{Prodigy{}};
    if (name == "schedule_free_sgd")
        return Optimizer{ScheduleFreeSgd{}};
    if (name == "schedule_free_adamw")
        return Optimizer{ScheduleFreeAdamW{}};
    std::vector<std::string> names;
    for (const OptimizerInfo& info : optimizerInfos())
        names.emplace_back(info.name);
    return makeError(ErrorCode::InvalidArgument,
                     "\"" + std::string(name) + "\" is not an optimizer" + didYouMean(name, names),
                     "optimizer");
}

} // namespace alidade
