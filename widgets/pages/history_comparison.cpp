#include "pages/history_comparison.h"

#include "pages/history_data.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {

namespace {

struct ComparisonText {
    Q_DECLARE_TR_FUNCTIONS(Comparison)
};

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Linear between the order statistics (type 7 of Hyndman & Fan 1996); `values` ascending, not empty.
double quantile(const std::vector<double>& values, double p) {
    const double at = p * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

struct Group {
    QString name;
    std::vector<const ComparedRun*> runs;
};

std::vector<Group> groupsOf(const std::vector<ComparedRun>& runs, bool grouped) {
    std::vector<Group> groups;
    for (const ComparedRun& run : runs) {
        const QString name = grouped ? runGroup(run.label) : run.label;
        const auto found = std::find_if(groups.begin(), groups.end(),
                                        [&name](const Group& group) { return group.name == name; });
        if (grouped && found != groups.end())
            found->runs.push_back(&run);
        else
            groups.push_back({name, {&run}});
    }
    for (Group& group : groups) {
        if (group.runs.size() > 1)
            group.name = ComparisonText::tr("%1 (%2 runs)").arg(group.name).arg(group.runs.size());
        else
            group.name = group.runs.front()->label;
    }
    return groups;
}

double shown(double best, Goal goal, std::optional<double> optimum) {
    if (!optimum)
        return best;
    const double regret = goal == Goal::Minimize ? best - *optimum : *optimum - best;
    return regret > 0.0 ? regret : kMissing;
}

} // namespace

ComparedRun comparedRun(const Study& study, const Objective& objective, const QString& label) {
    ComparedRun run{label, objective.goal, {}, {}};
    const MeasureHistory history = measureHistory(study, objective);
    run.best.assign(history.rows.size(), kMissing);
    for (std::size_t i = 0; i < history.bestOrder.size(); ++i) {
        const auto from = static_cast<std::ptrdiff_t>(history.bestOrder[i]) - 1;
        std::fill(run.best.begin() + from, run.best.end(), history.bestValue[i]);
    }
    for (const HistoryRow& row : history.rows)
        if (row.value && std::isfinite(*row.value) && !row.excluded)
            run.outcomes.push_back(*row.value);
    std::sort(run.outcomes.begin(), run.outcomes.end());
    return run;
}

std::map<std::string, ComparedRun> comparedRuns(const Study& study, const QString& label) {
    std::map<std::string, ComparedRun> runs;
    for (const Objective& objective : study.definition.objectives)
        runs.emplace(objective.name, comparedRun(study, objective, label));
    return runs;
}

QString runGroup(const QString& label) {
    qsizetype end = label.size();
    while (end > 0 && label[end - 1].isDigit())
        --end;
    while (end > 0 && end < label.size() && QStringLiteral("-_ .#").contains(label[end - 1]))
        --end;
    return end > 0 ? label.left(end) : label;
}

std::vector<ComparisonCurve> bestCurves(const std::vector<ComparedRun>& runs, bool grouped,
                                        std::optional<double> optimum) {
    std::vector<ComparisonCurve> curves;
    for (const Group& group : groupsOf(runs, grouped)) {
        ComparisonCurve curve;
        curve.name = group.name;
        std::size_t length = std::numeric_limits<std::size_t>::max();
        for (const ComparedRun* run : group.runs)
            length = std::min(length, run->best.size());
        const bool band = group.runs.size() > 1;
        for (std::size_t i = 0; i < length; ++i) {
            std::vector<double> values;
            for (const ComparedRun* run : group.runs)
                if (const double value = shown(run->best[i], run->goal, optimum); std::isfinite(value))
                    values.push_back(value);
            std::sort(values.begin(), values.end());
            // A run that has nothing to show yet would shift the median of the others.
            const bool all = values.size() == group.runs.size();
            curve.x.push_back(static_cast<double>(i) + 1.0);
            curve.y.push_back(all ? quantile(values, 0.5) : kMissing);
            if (band) {
                curve.low.push_back(all ? quantile(values, 0.25) : kMissing);
                curve.high.push_back(all ? quantile(values, 0.75) : kMissing);
            }
        }
        curves.push_back(std::move(curve));
    }
    return curves;
}

std::vector<ComparisonCurve> outcomeCurves(const std::vector<ComparedRun>& runs, bool grouped) {
    std::vector<ComparisonCurve> curves;
    for (const Group& group : groupsOf(runs, grouped)) {
        ComparisonCurve curve;
        curve.name = group.name;
        std::vector<double> values;
        for (const ComparedRun* run : group.runs)
            values.insert(values.end(), run->outcomes.begin(), run->outcomes.end());
        std::sort(values.begin(), values.end());
        const auto count = static_cast<double>(values.size());
        if (!values.empty()) {
            curve.x.push_back(values.front());
            curve.y.push_back(0.0);
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i + 1 < values.size() && values[i + 1] == values[i])
                continue; // one step for equal values
            curve.x.push_back(values[i]);
            curve.y.push_back(static_cast<double>(i + 1) / count);
        }
        curves.push_back(std::move(curve));
    }
    return curves;
}

std::vector<LearningCurve> learningCurves(const Study& study, MeasureId measure) {
    std::vector<LearningCurve> curves;
    for (const Trial& trial : study.trials) {
        if (trial.state == TrialState::Withdrawn)
            continue;
        LearningCurve curve;
        curve.key = trial.id.value;
        curve.kind = trial.state == TrialState::Complete  ? LearningCurve::Kind::Complete
                     : trial.state == TrialState::Failed  ? LearningCurve::Kind::Failed
                     : trial.state == TrialState::Stopped ? LearningCurve::Kind::Stopped
                                                          : LearningCurve::Kind::Running;
        std::vector<std::pair<double, double>> points;
        for (const StepReport& step : trial.steps)
            if (const auto value = step.values.find(measure); value != step.values.end())
                points.emplace_back(step.step, value->second.value);
        std::sort(points.begin(), points.end());
        for (const auto& [step, value] : points) {
            curve.steps.push_back(step);
            curve.values.push_back(value);
        }
        if (!curve.steps.empty())
            curves.push_back(std::move(curve));
    }
    return curves;
}

bool hasLearningCurves(const Study& study) {
    return std::any_of(study.trials.begin(), study.trials.end(),
                       [](const Trial& trial) { return !trial.steps.empty(); });
}

} // namespace alidade
