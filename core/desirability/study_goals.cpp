#include "desirability/study_goals.h"

#include <algorithm>
#include <limits>

namespace alidade {

Result<std::optional<StudyGoals>> studyGoals(const Definition& definition) {
    std::vector<DesirabilityFunction> functions;
    std::vector<MeasureId> measures;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < definition.objectives.size(); ++i) {
        const Objective& objective = definition.objectives[i];
        if (!objective.desirability ||
            std::holds_alternative<DesirabilityCategories>(objective.desirability->shape))
            continue;
        functions.push_back(*objective.desirability);
        measures.push_back(objective.id);
        places.push_back(i);
    }
    if (functions.empty())
        return std::optional<StudyGoals>();
    for (std::size_t i = 0; i < functions.size(); ++i) {
        if (auto valid = validateDesirability(functions[i]); !valid) {
            Error error = valid.error();
            error.context = "objectives[" + std::to_string(places[i]) + "].desirability." + error.context;
            return error;
        }
    }
    ALIDADE_ASSIGN(OverallDesirability overall, OverallDesirability::make(functions));
    const bool complete = functions.size() == definition.objectives.size();
    return std::optional(StudyGoals{std::move(overall), std::move(measures), complete});
}

const RankedTrial* DesirabilityRanking::best() const {
    return rows.empty() || !rows.front().feasible || !(rows.front().overall > 0.0) ? nullptr : &rows.front();
}

Result<DesirabilityRanking> rankByDesirability(const Study& study, const DesirabilityPreview& preview) {
    Definition definition = study.definition;
    for (Objective& objective : definition.objectives)
        if (const auto tried = preview.find(objective.id); tried != preview.end())
            objective.desirability = tried->second;
    ALIDADE_ASSIGN(const std::optional<StudyGoals> goals, studyGoals(definition));
    DesirabilityRanking ranking;
    if (!goals)
        return ranking;
    ranking.goals = goals->measures;
    for (const Trial& trial : study.trials) {
        if (trial.state != TrialState::Complete || trial.excluded)
            continue;
        RankedTrial row;
        row.id = trial.id;
        row.feasible = isFeasible(study.definition, trial);
        for (const MeasureId measure : ranking.goals) {
            const auto found = trial.values.find(measure);
            row.values.push_back(found == trial.values.end() ? std::numeric_limits<double>::quiet_NaN()
                                                             : found->second.value);
        }
        ALIDADE_ASSIGN(OverallDesirability::Row evaluated, goals->overall.evaluate(row.values));
        row.individual = std::move(evaluated.individual);
        row.overall = evaluated.overall;
        row.zeros = goalsAtZero(row.individual);
        ranking.rows.push_back(std::move(row));
    }
    std::sort(ranking.rows.begin(), ranking.rows.end(), [](const RankedTrial& a, const RankedTrial& b) {
        if (a.feasible != b.feasible)
            return a.feasible;
        return a.overall != b.overall ? a.overall > b.overall : a.id < b.id;
    });
    for (std::size_t i = 0; i < ranking.goals.size(); ++i) {
        std::vector<double> column;
        for (const RankedTrial& row : ranking.rows)
            column.push_back(row.individual[i]);
        ranking.spreads.push_back(spreadOf(column));
    }
    return ranking;
}

const Trial* mostDesirable(const Study& study) {
    const auto goals = studyGoals(study.definition);
    if (!goals.ok() || !goals.value() || !goals.value()->complete)
        return nullptr;
    const auto ranking = rankByDesirability(study);
    return ranking.ok() && ranking->best() != nullptr ? study.find(ranking->best()->id) : nullptr;
}

} // namespace alidade
