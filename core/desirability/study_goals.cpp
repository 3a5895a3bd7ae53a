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

Result<std::vector<RankedTrial>> rankByDesirability(const Study& study) {
    ALIDADE_ASSIGN(const std::optional<StudyGoals> goals, studyGoals(study.definition));
    std::vector<RankedTrial> ranking;
    if (!goals)
        return ranking;
    for (const Trial& trial : study.trials) {
        if (!isFeasible(study.definition, trial))
            continue;
        std::vector<double> values;
        for (const MeasureId measure : goals->measures) {
            const auto found = trial.values.find(measure);
            values.push_back(found == trial.values.end() ? std::numeric_limits<double>::quiet_NaN()
                                                         : found->second.value);
        }
        ALIDADE_ASSIGN(OverallDesirability::Row row, goals->overall.evaluate(values));
        ranking.push_back({trial.id, std::move(row.individual), row.overall});
    }
    std::stable_sort(ranking.begin(), ranking.end(),
                     [](const RankedTrial& a, const RankedTrial& b) { return a.overall > b.overall; });
    return ranking;
}

} // namespace alidade
