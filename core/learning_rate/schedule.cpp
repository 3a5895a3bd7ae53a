#include "learning_rate/schedule.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace alidade {
namespace {

constexpr std::array<std::string_view, 13> kShapeNames{
    "constant", "linear",    "cosine", "inverse_sqrt", "wsd",       "polynomial", "exponential",
    "step",     "two_stage", "drawn",  "table",        "one_cycle", "composed"};

double square(double x) {
    return x * x;
}

/// `left` = 1 - u, the share of the cooldown that remains: given rather than subtracted, so that the small
/// rates at the end keep their digits.
double cooldownValue(CooldownKind kind, double left, double floor) {
    switch (kind) {
    case CooldownKind::Linear: return floor + (1.0 - floor) * left;
    case CooldownKind::OneMinusSqrt: return floor + (1.0 - floor) * left / (1.0 + std::sqrt(1.0 - left));
    case CooldownKind::Sqrt: return floor + (1.0 - floor) * std::sqrt(left);
    case CooldownKind::Cosine: return floor + (1.0 - floor) * square(std::sin(std::numbers::pi * left / 2.0));
    }
    return 1.0;
}

/// Points of the cooldown among `length` = T + 1, at most all but the warm-up and one point behind it.
std::size_t cooldownPoints(double cooldown, std::size_t length, std::size_t warmup) {
    const auto wanted = static_cast<std::size_t>(cooldown * static_cast<double>(length));
    return std::min(wanted, length - warmup - 1);
}

std::size_t partSteps(const ComposedShape& shape, std::size_t index, std::size_t remaining) {
    return index + 1 == shape.parts.size() ? remaining : std::min(shape.parts[index].steps, remaining);
}

std::size_t partHorizon(const SchedulePart& part, std::size_t count) {
    return part.horizon == 0 ? count : part.horizon;
}

/// Rates of a valid schedule.
std::vector<double> unchecked(const Schedule& schedule, std::size_t steps);

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

    /// Ends what is there so far by a cooldown from the value reached to finalRatio, not before `earliest`.
    void cooldown(double share, CooldownKind kind, double finalRatio, std::size_t earliest = 0) const {
        const std::size_t length = eta.size() + 1;
        const std::size_t points = cooldownPoints(share, length, std::max(warmup, earliest));
        if (points == 0)
            return;
        const double reached = eta[length - points - 1];
        for (std::size_t j = 0; length - points + j < eta.size(); ++j) {
            const double left = static_cast<double>(points - j - 1) / static_cast<double>(points);
            eta[length - points + j] = reached * cooldownValue(kind, left, finalRatio / reached);
        }
    }

    void operator()(const ConstantShape&) const {}
    void operator()(const LinearShape& s) const {
        fromWarmup(
            [&](double i, double span) { return s.finalRatio + (1.0 - s.finalRatio) * (span - i) / span; });
    }
    void operator()(const CosineShape& s) const {
        // Squared sine of the remaining angle: (1 + cos) / 2 cancels near the end.
        const double whole = std::floor(s.cycle * static_cast<double>(eta.size() + 1)) - 1.0;
        const double span = whole - static_cast<double>(warmup);
        fromWarmup([&](double i, double) {
            const double remaining = std::numbers::pi / 2.0 * (span - i) / span;
            return s.finalRatio + (1.0 - s.finalRatio) * square(std::sin(remaining));
        });
    }
    void operator()(const InverseSqrtShape& s) const {
        fromWarmup([](double i, double) { return 1.0 / std::sqrt(i + 1.0); });
        cooldown(s.cooldown, s.kind, s.finalRatio);
    }
    void operator()(const WsdShape& s) const { cooldown(s.cooldown, s.kind, s.finalRatio); }
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
        for (std::size_t i = std::max(warmup, s.switchStep); i < eta.size(); ++i)
            eta[i] = s.factor;
        cooldown(s.cooldown, s.kind, 0.0, s.switchStep);
    }
    void operator()(const DrawnShape& s) const {
        const std::vector<double> slopes = monotoneSlopes(s.x, s.height);
        fromWarmup([&](double i, double span) { return drawnValue(s, slopes, i / span); });
    }
    void operator()(const TableShape& s) const { std::copy_n(s.values.begin(), eta.size(), eta.begin()); }
    void operator()(const OneCycleShape& s) const {
        fromWarmup([&](double i, double span) {
            const double u = i / span;
            const bool rising = u < s.peak;
            const double remaining = rising ? u / s.peak : (1.0 - u) / (1.0 - s.peak);
            const double low = rising ? s.startRatio : s.finalRatio;
            const double share =
                s.straight ? remaining : square(std::sin(std::numbers::pi / 2.0 * remaining));
            return low + (1.0 - low) * share;
        });
    }
    void operator()(const ComposedShape& s) const {
        std::size_t begin = 0;
        for (std::size_t k = 0; k < s.parts.size() && begin < eta.size(); ++k) {
            const std::size_t count = partSteps(s, k, eta.size() - begin);
            const std::vector<double> part = unchecked(s.parts[k].schedule, partHorizon(s.parts[k], count));
            for (std::size_t i = 0; i < count; ++i)
                eta[begin + i] = s.parts[k].factor * part[i];
            begin += count;
        }
    }
};

std::vector<double> unchecked(const Schedule& schedule, std::size_t steps) {
    std::vector<double> eta(steps, 1.0);
    const std::size_t warmup = schedule.warmupSteps;
    std::visit(Filler{eta, warmup}, schedule.shape);
    const bool multiplied = std::holds_alternative<TableShape>(schedule.shape) ||
                            std::holds_alternative<ComposedShape>(schedule.shape);
    for (std::size_t i = 0; i < warmup; ++i) {
        const double ramp = schedule.warmupStart + static_cast<double>(i) / static_cast<double>(warmup) *
                                                       (1.0 - schedule.warmupStart);
        eta[i] = multiplied ? eta[i] * ramp : ramp;
    }
    return eta;
}

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

Schedule continued(const Schedule& run, std::size_t horizon, std::size_t kept, const Schedule& tail,
                   double factor) {
    return Schedule{ComposedShape{{SchedulePart{run, kept, horizon, 1.0}, SchedulePart{tail, 0, 0, factor}}}};
}

Result<std::vector<double>> rates(const Schedule& schedule, std::size_t steps) {
    ALIDADE_CHECK(validate(schedule, steps));
    return unchecked(schedule, steps);
}

} // namespace alidade
