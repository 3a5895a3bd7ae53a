#include "learning_rate/schedule_export.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

std::string number(double value) {
    return formatDouble(value);
}

std::string number(std::size_t value) {
    return std::to_string(value);
}

std::string list(const std::vector<double>& values, std::size_t count) {
    std::string text = "[";
    std::size_t width = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string item = number(values[i]) + (i + 1 < count ? ", " : "");
        if ((width += item.size()) > 90) {
            text += "\n        ";
            width = item.size();
        }
        text += item;
    }
    return text + "]";
}

/// Share of a cooldown's height left, as a Python expression in `left` (its share of points left).
std::string cooldownExpression(CooldownKind kind) {
    switch (kind) {
    case CooldownKind::Linear: return "left";
    case CooldownKind::OneMinusSqrt: return "left / (1.0 + math.sqrt(1.0 - left))";
    case CooldownKind::Sqrt: return "math.sqrt(left)";
    case CooldownKind::Cosine: return "math.sin(math.pi * left / 2.0) ** 2";
    }
    return "left";
}

/// Writes the body of a function of i that returns the rate behind the warm-up.
struct BodyWriter {
    std::size_t steps;
    std::size_t warmup;
    std::string body;

    void line(const std::string& text) { body += "    " + text + "\n"; }
    /// u = elapsed share of the clock that starts behind the warm-up.
    void clock() { line("u = (i - " + number(warmup) + ") / " + number(steps - warmup)); }
    void decay(double floor, const std::string& expression) {
        line("return " + (floor == 0.0 ? "" : number(floor) + " + " + number(1.0 - floor) + " * ") +
             expression);
    }
    void cooldown(double share, CooldownKind kind, double floor, std::size_t before,
                  const std::string& reached) {
        const std::size_t length = steps + 1;
        const auto wanted = static_cast<std::size_t>(share * static_cast<double>(length));
        const std::size_t points = std::min(wanted, length - before - 1);
        if (points == 0)
            return;
        line("if i >= " + number(length - points) + ":");
        line("    left = (" + number(steps) + " - i) / " + number(points));
        line("    reached = " + reached);
        line("    return " + number(floor) + " + (reached - " + number(floor) + ") * (" +
             cooldownExpression(kind) + ")");
    }

    void operator()(const ConstantShape&) { line("return 1.0"); }
    void operator()(const LinearShape& s) {
        clock();
        decay(s.finalRatio, "(1.0 - u)");
    }
    void operator()(const CosineShape& s) {
        const double whole = std::floor(s.cycle * static_cast<double>(steps + 1)) - 1.0;
        line("u = (i - " + number(warmup) + ") / " + number(whole - static_cast<double>(warmup)));
        decay(s.finalRatio, "math.sin(math.pi / 2.0 * (1.0 - u)) ** 2");
    }
    void operator()(const InverseSqrtShape& s) {
        const std::size_t length = steps + 1;
        const auto wanted = static_cast<std::size_t>(s.cooldown * static_cast<double>(length));
        const std::size_t points = std::min(wanted, length - warmup - 1);
        cooldown(s.cooldown, s.kind, s.finalRatio, warmup,
                 "1.0 / math.sqrt(" + number(length - points - warmup) + ")");
        line("return 1.0 / math.sqrt(i - " + number(warmup) + " + 1.0)");
    }
    void operator()(const WsdShape& s) {
        cooldown(s.cooldown, s.kind, s.finalRatio, warmup, "1.0");
        line("return 1.0");
    }
    void operator()(const PolynomialShape& s) {
        clock();
        decay(s.finalRatio, "(1.0 - u) ** " + number(s.power));
    }
    void operator()(const ExponentialShape& s) {
        clock();
        line("return " + number(s.finalRatio) + " ** u");
    }
    void operator()(const StepShape& s) {
        line("passed = sum(i >= m * " + number(steps) + " for m in " +
             list(s.milestones, s.milestones.size()) + ")");
        line("return " + number(s.factor) + " ** passed");
    }
    void operator()(const TwoStageShape& s) {
        line("if i < " + number(s.switchStep) + ":");
        line("    return 1.0");
        cooldown(s.cooldown, s.kind, 0.0, std::max(warmup, s.switchStep), number(s.factor));
        line("return " + number(s.factor));
    }
    void operator()(const OneCycleShape& s) {
        clock();
        const auto phase = [&](const std::string& share, double low) {
            const std::string rise = s.straight ? share : "math.sin(math.pi / 2.0 * " + share + ") ** 2";
            return number(low) + " + " + number(1.0 - low) + " * " + rise;
        };
        line("if u < " + number(s.peak) + ":");
        line("    return " + phase("(u / " + number(s.peak) + ")", s.startRatio));
        line("return " + phase("((1.0 - u) / " + number(1.0 - s.peak) + ")", s.finalRatio));
    }
    /// Without a closed form: the rates themselves, the warm-up included.
    void table(const Schedule& schedule) {
        const auto values = rates(schedule, steps);
        body = "    values = " + list(values.value(), steps) + "\n";
        line("return values[i]");
    }
    void operator()(const DrawnShape&) {}
    void operator()(const TableShape&) {}
    void operator()(const ComposedShape&) {}
};

} // namespace

std::string scheduleCsv(const std::vector<double>& rates, double baseRate, const std::vector<double>& bound) {
    std::string text = bound.empty() ? "step,rate\n" : "step,rate,bound\n";
    for (std::size_t i = 0; i < rates.size(); ++i) {
        text += number(i + 1) + "," + number(baseRate * rates[i]);
        if (i < bound.size())
            text += "," + number(bound[i]);
        text += "\n";
    }
    return text;
}

std::string scheduleJsonText(const std::vector<double>& rates, double baseRate) {
    return "{\n  \"base_lr\": " + number(baseRate) + ",\n  \"steps\": " + number(rates.size()) +
           ",\n  \"schedule\": " + list(rates, rates.size()) + "\n}\n";
}

Result<std::string> schedulePython(const Schedule& schedule, std::size_t steps) {
    ALIDADE_CHECK(validate(schedule, steps));
    BodyWriter writer{steps, schedule.warmupSteps, {}};
    std::visit(writer, schedule.shape);
    std::string text =
        "import math\n\n\ndef shape(i):\n    \"\"\"Learning rate at step i = 0, 1, ... relative to "
        "the base rate.\"\"\"\n    i = min(i, " +
        number(steps - 1) + ")\n";
    if (writer.body.empty()) {
        writer.table(schedule);
    } else if (schedule.warmupSteps > 0) {
        text += "    if i < " + number(schedule.warmupSteps) + ":\n        return " +
                number(schedule.warmupStart) + " + i / " + number(schedule.warmupSteps) + " * " +
                number(1.0 - schedule.warmupStart) + "\n";
    }
    return text + writer.body;
}

Result<std::string> lambdaLrCode(const Schedule& schedule, std::size_t steps, double baseRate) {
    ALIDADE_ASSIGN(const std::string shape, schedulePython(schedule, steps));
    return shape + "\n\n# PyTorch: give the optimizer lr=" + number(baseRate) +
           " and call scheduler.step() after each optimizer.step().\n"
           "from torch.optim.lr_scheduler import LambdaLR\n\n"
           "for group in optimizer.param_groups:\n    group[\"lr\"] = " +
           number(baseRate) + "\nscheduler = LambdaLR(optimizer, lr_lambda=shape)\n";
}

Result<std::string> optaxCode(const Schedule& schedule, std::size_t steps, double baseRate) {
    ALIDADE_ASSIGN(const std::string shape, schedulePython(schedule, steps));
    return shape +
           "\n\n# optax: pass schedule as the learning_rate of an optimizer, such as optax.adamw(schedule).\n"
           "import jax.numpy as jnp\n\nRATES = jnp.asarray([" +
           number(baseRate) + " * shape(i) for i in range(" + number(steps) +
           ")])\n\n\ndef schedule(count):\n    return RATES[jnp.minimum(count, " + number(steps - 1) + ")]\n";
}

} // namespace alidade
