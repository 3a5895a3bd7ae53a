#include "pages/learning_rate_compose.h"

#include "learning_rate/gradient_log.h"
#include "pages/learning_rate_state.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kLeastFactor = 0.01;

double rounded(double value) {
    return std::max(1e-3, std::round(1000.0 * value) / 1000.0);
}

} // namespace

std::vector<PartSpan> partSpans(const ComposedShape& shape, std::size_t steps) {
    std::vector<PartSpan> spans;
    std::size_t begin = 0;
    for (std::size_t k = 0; k < shape.parts.size(); ++k) {
        const SchedulePart& part = shape.parts[k];
        const std::size_t rest = steps > begin ? steps - begin : 0;
        const std::size_t count = k + 1 == shape.parts.size() ? rest : std::min(part.steps, rest);
        spans.push_back({begin, count, part.horizon == 0 ? count : part.horizon});
        begin += count;
    }
    return spans;
}

Schedule asComposed(const Schedule& schedule, std::size_t steps) {
    const std::size_t kept = std::max<std::size_t>(1, steps / 2);
    const auto eta = rates(fitted(schedule, steps), steps);
    const double reached = eta ? (*eta)[std::min(kept, steps - 1)] : 1.0;
    return continued(fitted(schedule, steps), steps, kept, {LinearShape{}},
                     reached >= kLeastFactor ? rounded(reached) : 1.0);
}

std::size_t stepsToKeep(const Schedule& schedule, std::size_t steps) {
    const double length = static_cast<double>(steps + 1);
    double cooldown = 0.0;
    if (const auto* wsd = std::get_if<WsdShape>(&schedule.shape))
        cooldown = wsd->cooldown;
    else if (const auto* two = std::get_if<TwoStageShape>(&schedule.shape))
        cooldown = two->cooldown;
    else if (const auto* root = std::get_if<InverseSqrtShape>(&schedule.shape))
        cooldown = root->cooldown;
    const auto points = static_cast<std::size_t>(cooldown * length);
    const std::size_t kept = steps + 1 - std::min(points, steps);
    return std::clamp<std::size_t>(kept, std::min(steps, schedule.warmupSteps + 1), steps);
}

Schedule withNewTail(const Schedule& run, std::size_t steps, std::size_t kept) {
    const auto eta = rates(run, steps);
    const double reached = eta && kept > 0 ? (*eta)[kept - 1] : 1.0;
    SchedulePart tail;
    tail.schedule = {WsdShape{}};
    tail.factor = reached >= kLeastFactor ? rounded(reached) : 1.0;
    const auto* const composed = std::get_if<ComposedShape>(&run.shape);
    if (composed == nullptr)
        return continued(run, steps, kept, tail.schedule, tail.factor);
    Schedule result = run;
    ComposedShape parts;
    const std::vector<PartSpan> spans = partSpans(*composed, steps);
    for (std::size_t k = 0; k < spans.size() && spans[k].begin < kept; ++k) {
        SchedulePart part = composed->parts[k];
        part.steps = std::min(spans[k].count, kept - spans[k].begin);
        part.horizon = spans[k].horizon;
        parts.parts.push_back(std::move(part));
    }
    parts.parts.push_back(std::move(tail));
    result.shape = std::move(parts);
    return result;
}

ComposedShape fittedParts(const ComposedShape& shape, std::size_t steps) {
    ComposedShape result;
    std::size_t begin = 0;
    for (std::size_t k = 0; k < shape.parts.size(); ++k) {
        if (begin >= steps)
            break;
        SchedulePart part = shape.parts[k];
        // The last part that has room takes what remains.
        const bool last = k + 1 == shape.parts.size() || begin + 1 >= steps;
        const std::size_t most = steps - begin - (last ? 0 : 1);
        const std::size_t count = last ? most : std::clamp<std::size_t>(part.steps, 1, most);
        if (!last)
            part.steps = count;
        if (part.horizon != 0)
            part.horizon = std::max(part.horizon, count);
        part.schedule = fitted(part.schedule, part.horizon == 0 ? count : part.horizon);
        begin += count;
        result.parts.push_back(std::move(part));
    }
    return result;
}

Schedule stretched(const Schedule& schedule, std::size_t from, std::size_t to) {
    const double factor = static_cast<double>(to) / static_cast<double>(from);
    const auto scaled = [&](std::size_t steps) {
        return static_cast<std::size_t>(std::lround(factor * static_cast<double>(steps)));
    };
    Schedule result = schedule;
    result.warmupSteps = scaled(schedule.warmupSteps);
    if (auto* const two = std::get_if<TwoStageShape>(&result.shape))
        two->switchStep = scaled(two->switchStep);
    if (auto* const composed = std::get_if<ComposedShape>(&result.shape)) {
        const std::vector<PartSpan> spans = partSpans(*composed, from);
        for (std::size_t k = 0; k < spans.size(); ++k) {
            SchedulePart& part = composed->parts[k];
            const std::size_t after = std::max<std::size_t>(1, scaled(spans[k].horizon));
            if (spans[k].horizon > 0)
                part.schedule = stretched(part.schedule, spans[k].horizon, after);
            part.steps = scaled(part.steps);
            part.horizon = part.horizon == 0 ? 0 : after;
        }
    }
    return fitted(result, to);
}

std::vector<double> stretchedTable(const std::vector<double>& values, std::size_t count) {
    return values.empty() || values.size() == count ? values : resampled(values, count);
}

DrawnShape withPoint(const DrawnShape& drawn) {
    std::size_t widest = 0;
    for (std::size_t i = 0; i + 1 < drawn.x.size(); ++i)
        if (drawn.x[i + 1] - drawn.x[i] > drawn.x[widest + 1] - drawn.x[widest])
            widest = i;
    const double x = 0.5 * (drawn.x[widest] + drawn.x[widest + 1]);
    constexpr std::size_t kGrid = 2000;
    const auto eta = rates({drawn}, kGrid);
    const auto at = static_cast<std::size_t>(std::lround(x * static_cast<double>(kGrid)));
    const double height = eta ? (*eta)[std::min(at, kGrid - 1)] : 1.0;
    DrawnShape result = drawn;
    const auto place = static_cast<std::ptrdiff_t>(widest) + 1;
    result.x.insert(result.x.begin() + place, std::round(1000.0 * x) / 1000.0);
    result.height.insert(result.height.begin() + place, std::round(1000.0 * height) / 1000.0);
    return result;
}

DrawnShape withoutPoint(const DrawnShape& drawn) {
    if (drawn.x.size() <= 2)
        return drawn;
    std::size_t least = 1;
    double smallest = HUGE_VAL;
    for (std::size_t i = 1; i + 1 < drawn.x.size(); ++i) {
        const double share = (drawn.x[i] - drawn.x[i - 1]) / (drawn.x[i + 1] - drawn.x[i - 1]);
        const double straight = (1.0 - share) * drawn.height[i - 1] + share * drawn.height[i + 1];
        if (const double change = std::abs(straight - drawn.height[i]); change < smallest) {
            smallest = change;
            least = i;
        }
    }
    DrawnShape result = drawn;
    result.x.erase(result.x.begin() + static_cast<std::ptrdiff_t>(least));
    result.height.erase(result.height.begin() + static_cast<std::ptrdiff_t>(least));
    return result;
}

} // namespace alidade
