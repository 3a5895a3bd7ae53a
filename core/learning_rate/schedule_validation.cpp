#include "base/text.h"
#include "learning_rate/schedule.h"

#include <cmath>
#include <string>

namespace alidade {
namespace {

Error invalid(std::string_view field, double value, std::string_view rule) {
    return makeError(ErrorCode::InvalidArgument,
                     std::string(field) + " is " + formatDouble(value) + " but must be " + std::string(rule),
                     std::string(field));
}

Result<void> checkRatio(std::string_view field, double value) {
    if (!(value >= 0.0 && value <= 1.0))
        return invalid(field, value, "between 0 and 1");
    return {};
}

Result<void> validateNested(const Schedule& schedule, std::size_t steps, std::size_t depth);

struct Validator {
    std::size_t steps;
    std::size_t depth; ///< composed schedules around this one

    Result<void> operator()(const ConstantShape&) const { return {}; }
    Result<void> operator()(const InverseSqrtShape& s) const {
        ALIDADE_CHECK(checkRatio("cooldown", s.cooldown));
        return checkRatio("final_ratio", s.finalRatio);
    }
    Result<void> operator()(const LinearShape& s) const { return checkRatio("final_ratio", s.finalRatio); }
    Result<void> operator()(const CosineShape& s) const {
        if (!(s.cycle >= 1.0) || !std::isfinite(s.cycle))
            return invalid("cycle", s.cycle, "finite and at least 1");
        return checkRatio("final_ratio", s.finalRatio);
    }
    Result<void> operator()(const WsdShape& s) const {
        ALIDADE_CHECK(checkRatio("cooldown", s.cooldown));
        return checkRatio("final_ratio", s.finalRatio);
    }
    Result<void> operator()(const PolynomialShape& s) const {
        if (!(s.power > 0.0) || !std::isfinite(s.power))
            return invalid("power", s.power, "finite and above 0");
        return checkRatio("final_ratio", s.finalRatio);
    }
    Result<void> operator()(const ExponentialShape& s) const {
        if (!(s.finalRatio > 0.0 && s.finalRatio <= 1.0))
            return invalid("final_ratio", s.finalRatio, "above 0 and at most 1");
        return {};
    }
    Result<void> operator()(const StepShape& s) const {
        for (std::size_t i = 0; i < s.milestones.size(); ++i) {
            if (!(s.milestones[i] > 0.0 && s.milestones[i] < 1.0))
                return invalid("milestones", s.milestones[i], "a share of the steps above 0 and below 1");
            if (i > 0 && !(s.milestones[i] > s.milestones[i - 1]))
                return invalid("milestones", s.milestones[i], "above the one before it");
        }
        if (!(s.factor > 0.0) || !std::isfinite(s.factor))
            return invalid("factor", s.factor, "finite and above 0");
        return {};
    }
    Result<void> operator()(const TwoStageShape& s) const {
        if (s.switchStep >= steps)
            return invalid("switch_step", static_cast<double>(s.switchStep), "below the number of steps");
        if (!(s.factor > 0.0) || !std::isfinite(s.factor))
            return invalid("factor", s.factor, "finite and above 0");
        return checkRatio("cooldown", s.cooldown);
    }
    Result<void> operator()(const DrawnShape& s) const {
        if (s.x.size() < 2 || s.x.size() != s.height.size())
            return makeError(ErrorCode::InvalidArgument, "x and height must have the same length, at least 2",
                             "x");
        for (std::size_t i = 0; i < s.x.size(); ++i) {
            if (!(s.x[i] >= 0.0 && s.x[i] <= 1.0) || (i > 0 && !(s.x[i] > s.x[i - 1])))
                return invalid("x", s.x[i], "in [0, 1] and above the one before it");
            if (!(s.height[i] >= 0.0) || !std::isfinite(s.height[i]))
                return invalid("height", s.height[i], "finite and at least 0");
        }
        return {};
    }
    Result<void> operator()(const TableShape& s) const {
        if (s.values.size() < steps)
            return makeError(ErrorCode::InvalidArgument,
                             "values has " + std::to_string(s.values.size()) + " entries but " +
                                 std::to_string(steps) + " steps are asked for",
                             "values");
        for (std::size_t i = 0; i < steps; ++i)
            if (!(s.values[i] >= 0.0) || !std::isfinite(s.values[i]))
                return invalid("values[" + std::to_string(i) + "]", s.values[i], "finite and at least 0");
        return {};
    }
    Result<void> operator()(const OneCycleShape& s) const {
        if (!(s.peak > 0.0 && s.peak < 1.0))
            return invalid("peak", s.peak, "a share of the steps above 0 and below 1");
        ALIDADE_CHECK(checkRatio("start_ratio", s.startRatio));
        return checkRatio("final_ratio", s.finalRatio);
    }
    Result<void> operator()(const ComposedShape& s) const {
        if (s.parts.empty())
            return makeError(ErrorCode::InvalidArgument, "at least one part is needed", "parts");
        if (depth >= kMostNesting)
            return makeError(
                ErrorCode::InvalidArgument,
                "composed schedules are nested more than " + std::to_string(kMostNesting) + " deep", "parts");
        std::size_t begin = 0;
        for (std::size_t k = 0; k < s.parts.size(); ++k) {
            const SchedulePart& part = s.parts[k];
            const std::string place = "parts[" + std::to_string(k) + "]";
            const bool last = k + 1 == s.parts.size();
            if (!(part.factor > 0.0) || !std::isfinite(part.factor))
                return invalid(place + ".factor", part.factor, "finite and above 0");
            const std::size_t count = last ? steps - begin : part.steps;
            if (!last && (count < 1 || begin + count >= steps))
                return makeError(ErrorCode::InvalidArgument,
                                 "the parts before the last one need at least 1 step each and together fewer "
                                 "than the " +
                                     std::to_string(steps) + " steps asked for",
                                 place + ".steps");
            const std::size_t horizon = part.horizon == 0 ? count : part.horizon;
            if (horizon < count)
                return invalid(place + ".horizon", static_cast<double>(horizon),
                               "at least the steps taken (" + std::to_string(count) + ")");
            if (auto valid = validateNested(part.schedule, horizon, depth + 1); !valid) {
                Error error = valid.error();
                error.context = place + (error.context.empty() ? "" : "." + error.context);
                return error;
            }
            begin += count;
        }
        return {};
    }
};

Result<void> validateNested(const Schedule& schedule, std::size_t steps, std::size_t depth) {
    if (steps < 1)
        return invalid("steps", 0.0, "at least 1");
    if (schedule.warmupSteps >= steps && schedule.warmupSteps > 0)
        return invalid("warmup_steps", static_cast<double>(schedule.warmupSteps),
                       "below the number of steps");
    if (!(schedule.warmupStart >= 0.0 && schedule.warmupStart <= 1.0))
        return invalid("warmup_start", schedule.warmupStart, "between 0 and 1");
    return std::visit(Validator{steps, depth}, schedule.shape);
}

} // namespace

Result<void> validate(const Schedule& schedule, std::size_t steps) {
    return validateNested(schedule, steps, 0);
}

} // namespace alidade
