#include "learning_rate/schedule.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace alidade {
namespace {

constexpr std::array<std::string_view, 11> kShapeNames{
    "constant",    "linear", "cosine",    "inverse_sqrt", "wsd",  "polynomial",
    "exponential", "step",   "two_stage", "drawn",        "table"};

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

double square(double x) {
    return x * x;
}

double cooldownValue(CooldownKind kind, double u, double floor) {
    switch (kind) {
    case CooldownKind::Linear: return 1.0 - u * (1.0 - floor);
    case CooldownKind::OneMinusSqrt: return floor + (1.0 - floor) * (1.0 - std::sqrt(u));
    case CooldownKind::Sqrt: return floor + (1.0 - floor) * std::sqrt(1.0 - u);
    case CooldownKind::Cosine:
        return floor + (1.0 - floor) * square(std::sin(std::numbers::pi * (1.0 - u) / 2.0));
    }
    return 1.0;
}

/// Points of the cooldown among `length` = T + 1, at most all but the warm-up (or the first).
std::size_t cooldownPoints(double cooldown, std::size_t length, std::size_t warmup) {
    const auto wanted = static_cast<std::size_t>(cooldown * static_cast<double>(length));
    return std::min(wanted, length - std::max<std::size_t>(warmup, 1));
}

/// Slopes of the monotone cubic (Fritsch & Carlson 1980, harmonic-mean variant).
std::vector<double> monotoneSlopes(const std::vector<double>& x, const std::vector<double>& y) {
    const std::size_t n = x.size();
    std::vector<double> secant(n - 1);
    for (std::size_t i = 0; i + 1 < n; ++i)
        secant[i] = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    std::vector<double> slope(n, 0.0);
    slope.front() = secant.front();
    slope.back() = secant.back();
    for (std::size_t i = 1; i + 1 < n; ++i) {
        if (secant[i - 1] * secant[i] <= 0.0)
            continue;
        const double before = x[i] - x[i - 1];
        const double after = x[i + 1] - x[i];
        const double w1 = 2.0 * after + before;
        const double w2 = after + 2.0 * before;
        slope[i] = (w1 + w2) / (w1 / secant[i - 1] + w2 / secant[i]);
    }
    return slope;
}

double drawnValue(const DrawnShape& shape, const std::vector<double>& slopes, double u) {
    if (u <= shape.x.front())
        return shape.height.front();
    if (u >= shape.x.back())
        return shape.height.back();
    const auto upper = std::upper_bound(shape.x.begin(), shape.x.end(), u);
    const auto i = static_cast<std::size_t>(upper - shape.x.begin()) - 1;
    const double h = shape.x[i + 1] - shape.x[i];
    const double s = (u - shape.x[i]) / h;
    const double value = shape.height[i] * (1.0 + 2.0 * s) * square(1.0 - s) +
                         h * slopes[i] * s * square(1.0 - s) + shape.height[i + 1] * s * s * (3.0 - 2.0 * s) +
                         h * slopes[i + 1] * s * s * (s - 1.0);
    return std::max(0.0, value);
}

/// Evaluates one shape over index i with T = `steps` and the warm-up already known.
struct Filler {
    std::vector<double>& eta;
    std::size_t warmup;

    /// Calls value(position, span) from the end of the warm-up on; the clock starts there.
    template <typename F>
    void fromWarmup(F value) const {
        const double span = static_cast<double>(eta.size() - warmup);
        for (std::size_t i = warmup; i < eta.size(); ++i)
            eta[i] = value(static_cast<double>(i - warmup), span);
    }

    void operator()(const ConstantShape&) const {}
    void operator()(const LinearShape& s) const {
        fromWarmup([&](double i, double span) { return 1.0 - i * (1.0 - s.finalRatio) / span; });
    }
    void operator()(const CosineShape& s) const {
        // Squared sine of the remaining angle: (1 + cos) / 2 cancels near the end.
        fromWarmup([&](double i, double span) {
            const double remaining = std::numbers::pi / 2.0 * (s.cycle * span - i) / (s.cycle * span);
            return s.finalRatio + (1.0 - s.finalRatio) * square(std::sin(remaining));
        });
    }
    void operator()(const InverseSqrtShape&) const {
        fromWarmup([](double i, double) { return 1.0 / std::sqrt(i + 1.0); });
    }
    void operator()(const WsdShape& s) const {
        const std::size_t length = eta.size() + 1;
        const std::size_t points = cooldownPoints(s.cooldown, length, warmup);
        for (std::size_t j = 0; j < points && length - points + j < eta.size(); ++j)
            eta[length - points + j] =
                cooldownValue(s.kind, static_cast<double>(j + 1) / static_cast<double>(points), s.finalRatio);
    }
    void operator()(const PolynomialShape& s) const {
        fromWarmup([&](double i, double span) {
            return s.finalRatio + (1.0 - s.finalRatio) * std::pow((span - i) / span, s.power);
        });
    }
    void operator()(const ExponentialShape& s) const {
        fromWarmup([&](double i, double span) { return std::pow(s.finalRatio, i / span); });
    }
    void operator()(const StepShape& s) const {
        for (std::size_t i = warmup; i < eta.size(); ++i)
            for (const double milestone : s.milestones)
                if (static_cast<double>(i) >= milestone * static_cast<double>(eta.size()))
                    eta[i] *= s.factor;
    }
    void operator()(const TwoStageShape& s) const {
        const std::size_t length = eta.size() + 1;
        const std::size_t points = cooldownPoints(s.cooldown, length, std::max(warmup, s.switchStep));
        for (std::size_t i = std::max(warmup, s.switchStep); i < eta.size(); ++i) {
            eta[i] = s.factor;
            if (i + points >= length)
                eta[i] *= 1.0 - static_cast<double>(i + points - length + 1) / static_cast<double>(points);
        }
    }
    void operator()(const DrawnShape& s) const {
        const std::vector<double> slopes = monotoneSlopes(s.x, s.height);
        fromWarmup([&](double i, double span) { return drawnValue(s, slopes, i / span); });
    }
    void operator()(const TableShape& s) const { std::copy_n(s.values.begin(), eta.size(), eta.begin()); }
};

struct Validator {
    std::size_t steps;

    Result<void> operator()(const ConstantShape&) const { return {}; }
    Result<void> operator()(const InverseSqrtShape&) const { return {}; }
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
};

} // namespace

std::string_view shapeName(const ScheduleShape& shape) {
    return kShapeNames[shape.index()];
}

std::string_view cooldownName(CooldownKind kind) {
    switch (kind) {
    case CooldownKind::Linear: return "linear";
    case CooldownKind::OneMinusSqrt: return "1-sqrt";
    case CooldownKind::Sqrt: return "sqrt";
    case CooldownKind::Cosine: return "cosine";
    }
    return {};
}

Result<void> validate(const Schedule& schedule, std::size_t steps) {
    if (steps < 1)
        return invalid("steps", 0.0, "at least 1");
    if (schedule.warmupSteps >= steps && schedule.warmupSteps > 0)
        return invalid("warmup_steps", static_cast<double>(schedule.warmupSteps),
                       "below the number of steps");
    if (!(schedule.warmupStart >= 0.0 && schedule.warmupStart <= 1.0))
        return invalid("warmup_start", schedule.warmupStart, "between 0 and 1");
    return std::visit(Validator{steps}, schedule.shape);
}

Result<std::vector<double>> rates(const Schedule& schedule, std::size_t steps) {
    ALIDADE_CHECK(validate(schedule, steps));
    std::vector<double> eta(steps, 1.0);
    const std::size_t warmup = schedule.warmupSteps;
    std::visit(Filler{eta, warmup}, schedule.shape);
    const bool multiplied = std::holds_alternative<TableShape>(schedule.shape);
    for (std::size_t i = 0; i < warmup; ++i) {
        const double ramp = schedule.warmupStart + static_cast<double>(i) / static_cast<double>(warmup) *
                                                       (1.0 - schedule.warmupStart);
        eta[i] = multiplied ? eta[i] * ramp : ramp;
    }
    return eta;
}

} // namespace alidade
