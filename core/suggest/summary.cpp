#include "suggest/summary.h"

#include "desirability/study_goals.h"
#include "pareto/dominance.h"
#include "pareto/hypervolume.h"
#include "pareto/objectives.h"
#include "pareto/reference_point.h"
#include "study/best_end.h"
#include "suggest/environment.h"

#include <cmath>
#include <limits>

namespace alidade {

Result<MeasuredFront> measuredFront(const Study& study) {
    const auto& objectives = study.definition.objectives;
    const auto count = static_cast<Eigen::Index>(objectives.size());
    std::vector<const Trial*> feasible;
    for (const Trial& trial : study.trials)
        if (isFeasible(study.definition, trial))
            feasible.push_back(&trial);
    MeasuredFront front;
    if (feasible.empty() || count == 0)
        return front;
    if (count == 1 && !oneEndIsBest(objectives.front())) {
        if (const Trial* best = bestMeasured(study)) {
            front.ids = {best->id};
            front.values = {{best->values.at(objectives.front().id).value}};
        }
        return front;
    }
    std::vector<Goal> goals;
    std::vector<std::optional<WantedRange>> wanted;
    for (const Objective& objective : objectives) {
        wanted.push_back(wantedRange(objective));
        goals.push_back(wanted.back() ? Goal::Minimize : objective.goal);
    }
    ObjectiveMatrix measured(static_cast<Eigen::Index>(feasible.size()), count);
    ObjectiveMatrix points(measured.rows(), count); // distances where these count
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        for (Eigen::Index j = 0; j < count; ++j) {
            const auto objective = static_cast<std::size_t>(j);
            measured(i, j) = feasible[static_cast<std::size_t>(i)]->values.at(objectives[objective].id).value;
            points(i, j) = wanted[objective] ? wanted[objective]->distance(measured(i, j)) : measured(i, j);
        }
    ALIDADE_ASSIGN(const ObjectiveMatrix minimised, toMinimization(points, goals));
    const std::vector<int> members = paretoFront(minimised);
    for (const int index : members) {
        front.ids.push_back(feasible[static_cast<std::size_t>(index)]->id);
        const Eigen::VectorXd row = measured.row(index);
        front.values.emplace_back(row.begin(), row.end());
    }
    if (count < 2)
        return front;
    Eigen::VectorXd worst(count);
    for (Eigen::Index j = 0; j < count; ++j) {
        const auto objective = static_cast<std::size_t>(j);
        const auto& reference = objectives[objective].reference;
        const double sign = goals[objective] == Goal::Minimize ? 1.0 : -1.0;
        worst(j) = wanted[objective] ? wanted[objective]->acceptable
                   : reference       ? sign * *reference
                                     : std::numeric_limits<double>::quiet_NaN();
    }
    Eigen::VectorXd reference = worst;
    if (!worst.allFinite()) {
        ReferencePointOptions options;
        if (!worst.array().isNaN().all())
            options.worstAcceptable = worst;
        ALIDADE_ASSIGN(reference, inferReferencePoint(selectPoints(minimised, members), options));
    }
    ALIDADE_ASSIGN(front.hypervolume, hypervolume(selectPoints(minimised, members), reference));
    ALIDADE_ASSIGN(const Eigen::VectorXd shown, toMinimization(reference, goals));
    front.reference.assign(shown.begin(), shown.end());
    return front;
}

const Trial* bestMeasured(const Study& study) {
    const auto& objectives = study.definition.objectives;
    if (objectives.size() != 1 || oneEndIsBest(objectives.front()))
        return incumbent(study);
    const auto ranking = rankByDesirability(study);
    return ranking && !ranking->rows.empty() && ranking->rows.front().feasible
               ? study.find(ranking->rows.front().id)
               : nullptr;
}

const Trial* bestForUse(const Study& study, const std::function<Result<StudyModel>()>& model) {
    if (averagesConditions(study.definition))
        if (const auto fitted = model())
            if (const auto best = fitted->bestTrial())
                return study.find(*best);
    return bestMeasured(study);
}

std::map<TrialState, std::size_t> countByState(const Study& study) {
    std::map<TrialState, std::size_t> counts;
    for (const Trial& trial : study.trials)
        ++counts[trial.state];
    return counts;
}

} // namespace alidade
