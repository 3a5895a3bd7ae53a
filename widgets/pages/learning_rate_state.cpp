#include "pages/learning_rate_state.h"

#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_shapes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace alidade {

namespace {

bool sameSeries(const LoggedSeriesPtr& a, const LoggedSeriesPtr& b) {
    return a == b || (a && b && *a == *b);
}

/// Series in ascending position, interpolated at a share in [0, 1] of its extent.
double valueAt(const LoggedSeries& series, double share) {
    const std::size_t count = series.values.size();
    if (count == 1)
        return series.values.front();
    if (series.steps.size() != count) {
        const double position = share * static_cast<double>(count - 1);
        const auto index = std::min(static_cast<std::size_t>(position), count - 2);
        const double part = position - static_cast<double>(index);
        return (1.0 - part) * series.values[index] + part * series.values[index + 1];
    }
    const double at = series.steps.front() + share * (series.steps.back() - series.steps.front());
    const auto upper = std::upper_bound(series.steps.begin(), series.steps.end(), at);
    const auto index = std::min(
        static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, upper - series.steps.begin())) - 1, count - 2);
    const double width = series.steps[index + 1] - series.steps[index];
    const double part = width > 0.0 ? (at - series.steps[index]) / width : 0.0;
    return (1.0 - part) * series.values[index] + part * series.values[index + 1];
}

} // namespace

const LearningRateEntry* LearningRateState::find(qint64 id) const {
    const auto it = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.id == id; });
    return it == entries.end() ? nullptr : &*it;
}

LearningRateEntry* LearningRateState::find(qint64 id) {
    return const_cast<LearningRateEntry*>(std::as_const(*this).find(id));
}

const LearningRateEntry* LearningRateState::selected() const {
    const LearningRateEntry* const entry = find(current);
    return entry != nullptr || entries.empty() ? entry : &entries.front();
}

LearningRateEntry& LearningRateState::add(const Schedule& schedule, const QString& name) {
    LearningRateEntry entry;
    entry.id = nextId++;
    entry.schedule = schedule;
    entry.name = name.isEmpty() ? scheduleTitle(schedule) : name;
    // The first style that no other line has.
    const auto taken = [&](int style) {
        return std::any_of(entries.begin(), entries.end(), [&](const auto& e) { return e.color == style; });
    };
    while (entry.color < 6 && taken(entry.color))
        ++entry.color;
    if (entry.color == 6)
        entry.color = static_cast<int>(entries.size() % 6);
    entry.dash = entry.color % kLineDashes;
    current = entry.id;
    entries.push_back(entry);
    return entries.back();
}

bool LearningRateState::operator==(const LearningRateState& other) const {
    return steps == other.steps && distance == other.distance && gradientNorm == other.gradientNorm &&
           sameSeries(norms, other.norms) && sameSeries(losses, other.losses) && entries == other.entries &&
           current == other.current && nextId == other.nextId;
}

LearningRateState initialLearningRateState() {
    LearningRateState state;
    state.add({WsdShape{}});
    state.add({LinearShape{}});
    state.add({CosineShape{}});
    state.add({ConstantShape{}});
    state.current = state.entries.front().id;
    return state;
}

Qt::PenStyle lineDash(int dash) {
    static constexpr std::array<Qt::PenStyle, kLineDashes> kStyles{
        Qt::SolidLine, Qt::DashLine, Qt::DashDotLine, Qt::DotLine, Qt::DashDotDotLine};
    return kStyles[static_cast<std::size_t>(dash) % kStyles.size()];
}

Schedule fitted(const Schedule& schedule, std::size_t steps) {
    Schedule result = schedule;
    result.warmupSteps = std::min(result.warmupSteps, steps - 1);
    if (auto* two = std::get_if<TwoStageShape>(&result.shape))
        two->switchStep = std::min(two->switchStep, steps - 1);
    if (auto* table = std::get_if<TableShape>(&result.shape))
        table->values = stretchedTable(table->values, steps);
    if (auto* composed = std::get_if<ComposedShape>(&result.shape))
        *composed = fittedParts(*composed, steps);
    return result;
}

void reshape(LearningRateEntry& entry, const Schedule& schedule) {
    const bool automatic = entry.name == scheduleTitle(entry.schedule);
    entry.schedule = schedule;
    if (automatic)
        entry.name = scheduleTitle(schedule);
}

std::vector<double> normsPerStep(const LoggedSeriesPtr& norms, std::size_t steps) {
    if (!norms || norms->values.empty())
        return {1.0};
    std::vector<double> result(steps);
    for (std::size_t i = 0; i < steps; ++i)
        result[i] =
            valueAt(*norms, steps == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(steps - 1));
    return result;
}

} // namespace alidade
