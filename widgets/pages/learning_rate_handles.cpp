#include "pages/learning_rate_handles.h"

#include "models/value_text.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_shapes.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

using Kind = ScheduleHandle::Kind;

QString tr(const char* text) {
    return QCoreApplication::translate("LearningRatePage", text);
}

/// Three digits are finer than a pixel and read well in the form.
double rounded(double share) {
    return std::round(1000.0 * std::clamp(share, 0.0, 1.0)) / 1000.0;
}

const double* cooldownOf(const ScheduleShape& shape) {
    if (const auto* wsd = std::get_if<WsdShape>(&shape))
        return &wsd->cooldown;
    if (const auto* two = std::get_if<TwoStageShape>(&shape))
        return &two->cooldown;
    if (const auto* inverse = std::get_if<InverseSqrtShape>(&shape))
        return &inverse->cooldown;
    return nullptr;
}

/// Shapes that begin their own clock behind the warm-up.
double clockStart(const Schedule& schedule) {
    return static_cast<double>(schedule.warmupSteps);
}

double heightAt(const Schedule& schedule, std::size_t steps, double step) {
    const auto eta = rates(schedule, steps);
    return eta ? (*eta)[static_cast<std::size_t>(step) - 1] : 0.0;
}

/// The part begins elsewhere: the one before it gets as many steps; and at another rate: by its factor.
void movePart(ComposedShape& shape, std::size_t steps, const ScheduleHandle& handle, double step,
              double height) {
    const auto index = static_cast<std::size_t>(handle.index);
    const std::vector<PartSpan> spans = partSpans(shape, steps);
    SchedulePart& before = shape.parts[index - 1];
    std::size_t behind = 1; // steps that the later parts need
    for (std::size_t k = index; k + 1 < spans.size(); ++k)
        behind += shape.parts[k].steps;
    const double least = static_cast<double>(spans[index - 1].begin) + 1.0;
    const double most = static_cast<double>(steps) - static_cast<double>(behind);
    if (most < least)
        return;
    before.steps =
        static_cast<std::size_t>(std::clamp(std::round(step) - 1.0, least, most)) - spans[index - 1].begin;
    if (before.horizon != 0)
        before.horizon = std::max(before.horizon, before.steps);
    if (handle.height > 0.0 && height > 0.0) {
        SchedulePart& part = shape.parts[index];
        part.factor = std::max(1e-3, std::round(1000.0 * part.factor * height / handle.height) / 1000.0);
    }
}

} // namespace

std::vector<ScheduleHandle> scheduleHandles(const Schedule& schedule, std::size_t steps) {
    const double last = static_cast<double>(steps);
    const double warmup = static_cast<double>(schedule.warmupSteps);
    std::vector<ScheduleHandle> handles;
    handles.push_back({Kind::BaseRate, 0, 1.0, 1.0, false, true});
    if (!std::holds_alternative<TableShape>(schedule.shape))
        handles.push_back({Kind::WarmupEnd, 0, warmup + 1.0, 1.0, true, false});
    if (schedule.warmupSteps > 0)
        handles.push_back({Kind::WarmupStart, 0, 1.0, schedule.warmupStart, false, true});
    if (const double* cooldown = cooldownOf(schedule.shape)) {
        const double points =
            std::clamp(std::floor(*cooldown * (last + 1.0)), 0.0, last + 1.0 - std::max(1.0, warmup));
        const double start = std::clamp(last - points + 1.0, 1.0, last);
        handles.push_back({Kind::CooldownStart, 0, start, heightAt(schedule, steps, start), true, false});
    }
    for (const ShapeField& field : shapeFields(schedule.shape))
        if (field.key == "final_ratio")
            handles.push_back({Kind::Floor, 0, last, heightAt(schedule, steps, last), false, true});
    if (const auto* step = std::get_if<StepShape>(&schedule.shape)) {
        double height = 1.0;
        for (std::size_t i = 0; i < step->milestones.size(); ++i) {
            handles.push_back(
                {Kind::Milestone, int(i), std::ceil(step->milestones[i] * last) + 1.0, height, true, false});
            height *= step->factor;
        }
    }
    if (const auto* drawn = std::get_if<DrawnShape>(&schedule.shape))
        for (std::size_t i = 0; i < drawn->x.size(); ++i)
            handles.push_back({Kind::Point, int(i), 1.0 + warmup + drawn->x[i] * (last - 1.0 - warmup),
                               drawn->height[i], i > 0 && i + 1 < drawn->x.size(), true});
    if (const auto* two = std::get_if<TwoStageShape>(&schedule.shape))
        handles.push_back(
            {Kind::Switch, 0, static_cast<double>(two->switchStep) + 1.0, two->factor, true, true});
    if (const auto* composed = std::get_if<ComposedShape>(&schedule.shape)) {
        const auto eta = rates(schedule, steps);
        const std::vector<PartSpan> spans = partSpans(*composed, steps);
        for (std::size_t k = 1; k < spans.size() && eta; ++k)
            if (spans[k].begin < steps)
                handles.push_back({Kind::PartStart, int(k), static_cast<double>(spans[k].begin) + 1.0,
                                   (*eta)[spans[k].begin], true, (*eta)[spans[k].begin] > 0.0});
    }
    return handles;
}

Schedule withHandleAt(const Schedule& schedule, std::size_t steps, const ScheduleHandle& handle, double step,
                      double height) {
    Schedule result = schedule;
    const double last = static_cast<double>(steps);
    const double share = (step - 1.0) / last;
    const auto index = static_cast<std::size_t>(handle.index);
    switch (handle.kind) {
    case Kind::BaseRate: break;
    case Kind::WarmupEnd:
        result.warmupSteps = static_cast<std::size_t>(std::clamp(std::round(step) - 1.0, 0.0, last - 1.0));
        break;
    case Kind::WarmupStart: result.warmupStart = std::max(1e-10, rounded(height)); break;
    case Kind::CooldownStart: {
        const double most = std::max(0.0, 1.0 - clockStart(schedule) / last);
        setShapeField(result.shape, "cooldown", rounded(std::min(most, (last + 1.0 - step) / (last + 1.0))));
        break;
    }
    case Kind::Floor: {
        const bool positive = std::holds_alternative<ExponentialShape>(schedule.shape);
        setShapeField(result.shape, "final_ratio", std::max(positive ? 1e-3 : 0.0, rounded(height)));
        break;
    }
    case Kind::Milestone: {
        auto& milestones = std::get<StepShape>(result.shape).milestones;
        const double low = index > 0 ? milestones[index - 1] + 1e-3 : 1e-3;
        const double high = index + 1 < milestones.size() ? milestones[index + 1] - 1e-3 : 0.999;
        milestones[index] = std::clamp(rounded(share), low, std::max(low, high));
        break;
    }
    case Kind::Point: {
        auto& drawn = std::get<DrawnShape>(result.shape);
        const double start = clockStart(schedule);
        if (handle.movesStep) {
            const double x = rounded((step - 1.0 - start) / std::max(1.0, last - 1.0 - start));
            const double low = drawn.x[index - 1] + 1e-3;
            const double high = drawn.x[index + 1] - 1e-3;
            drawn.x[index] = std::clamp(x, low, std::max(low, high));
        }
        drawn.height[index] = std::round(1000.0 * std::clamp(height, 0.0, 10.0)) / 1000.0;
        break;
    }
    case Kind::Switch: {
        auto& two = std::get<TwoStageShape>(result.shape);
        two.switchStep = static_cast<std::size_t>(std::clamp(std::round(step) - 1.0, 0.0, last - 1.0));
        two.factor = std::max(1e-3, std::round(1000.0 * std::clamp(height, 0.0, 10.0)) / 1000.0);
        break;
    }
    case Kind::PartStart: movePart(std::get<ComposedShape>(result.shape), steps, handle, step, height); break;
    }
    return validate(result, steps).ok() ? result : schedule;
}

QString handleText(const Schedule& schedule, std::size_t, const ScheduleHandle& handle) {
    const QString step = numberText(std::round(handle.step), 8);
    const QString percent = numberText(100.0 * handle.height, 3);
    switch (handle.kind) {
    case Kind::BaseRate: return tr("Base rate: drag up or down");
    case Kind::WarmupEnd:
        return schedule.warmupSteps == 0 ? tr("Drag right for a warm-up")
                                         : tr("Warm-up of %1 steps: drag left or right")
                                               .arg(numberText(static_cast<double>(schedule.warmupSteps), 8));
    case Kind::WarmupStart: return tr("Warm-up begins at %1 % of the base rate").arg(percent);
    case Kind::CooldownStart: {
        const double* const cooldown = cooldownOf(schedule.shape);
        return tr("Cooldown over %1 % of the steps, from step %2: drag left or right")
            .arg(numberText(cooldown != nullptr ? 100.0 * *cooldown : 0.0, 4), step);
    }
    case Kind::Floor: return tr("Ends at %1 % of the base rate: drag up or down").arg(percent);
    case Kind::Milestone: return tr("Step down at step %1").arg(step);
    case Kind::Switch: return tr("Rate × %1 from step %2 on").arg(numberText(handle.height, 3), step);
    case Kind::PartStart:
        return tr("Part %1 begins at step %2, at %3 % of the base rate")
            .arg(handle.index + 1)
            .arg(step, percent);
    case Kind::Point: return tr("Point at step %1, %2 % of the base rate").arg(step, percent);
    }
    return {};
}

} // namespace alidade
