#include "acquisition/ehvi.h"
#include "pareto/dominance.h"
#include "pareto/hypervolume.h"
#include "protocol/methods.h"

#include <cmath>
#include <limits>

namespace alidade {
namespace {

/// Rows of objective values with null for a missing one; brought to minimisation.
Result<ObjectiveMatrix> readPoints(const JsonCursor& params, const std::string& key,
                                   const std::vector<Goal>& goals) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> rows, member.elements());
    ObjectiveMatrix points(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(goals.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ALIDADE_ASSIGN(const std::vector<JsonCursor> cells, rows[i].elements());
        if (cells.size() != goals.size())
            return rows[i].error("this point has " + std::to_string(cells.size()) + " values for " +
                                 std::to_string(goals.size()) + " goals");
        for (std::size_t j = 0; j < cells.size(); ++j) {
            double value = std::numeric_limits<double>::quiet_NaN();
            if (!cells[j].json().is_null()) {
                ALIDADE_ASSIGN(value, cells[j].number());
            }
            points(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = value;
        }
    }
    return toMinimization(points, goals);
}

Result<std::vector<Goal>> readGoals(const JsonCursor& params) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at("goals"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, member.elements());
    std::vector<Goal> goals;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(const Goal goal, readGoal(item));
        goals.push_back(goal);
    }
    if (goals.empty())
        return member.error("at least one goal is needed");
    return goals;
}

/// One number per goal, as it stands.
Result<Eigen::VectorXd> readPerGoal(const JsonCursor& params, const std::string& key, std::size_t goals) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::vector<double> values, member.numbers());
    if (values.size() != goals)
        return member.error("there are " + std::to_string(values.size()) + " values for " +
                            std::to_string(goals) + " goals");
    return Eigen::VectorXd(
        Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())));
}

Result<Eigen::VectorXd> readReference(const JsonCursor& params, const std::vector<Goal>& goals) {
    ALIDADE_ASSIGN(const Eigen::VectorXd reference, readPerGoal(params, "reference", goals.size()));
    return toMinimization(reference, goals);
}

Result<Json> rankMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"points", "goals"}));
    ALIDADE_ASSIGN(const std::vector<Goal> goals, readGoals(params));
    ALIDADE_ASSIGN(const ObjectiveMatrix points, readPoints(params, "points", goals));
    Json ranks = Json::array();
    for (const auto& rank : paretoRanks(points))
        ranks.push_back(rank ? Json(*rank) : Json());
    return Json{{"ranks", std::move(ranks)}};
}

Result<Json> hypervolumeMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"points", "goals", "reference"}));
    ALIDADE_ASSIGN(const std::vector<Goal> goals, readGoals(params));
    ALIDADE_ASSIGN(const ObjectiveMatrix points, readPoints(params, "points", goals));
    ALIDADE_ASSIGN(const Eigen::VectorXd reference, readReference(params, goals));
    ALIDADE_ASSIGN(const double value, hypervolume(points, reference));
    return Json{{"value", numberToJson(value)}};
}

Result<Json> ehviMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"mean", "sd", "front", "reference", "goals"}));
    ALIDADE_ASSIGN(const std::vector<Goal> goals, readGoals(params));
    ALIDADE_ASSIGN(const ObjectiveMatrix front, readPoints(params, "front", goals));
    ALIDADE_ASSIGN(const Eigen::VectorXd reference, readReference(params, goals));
    ALIDADE_ASSIGN(const Eigen::VectorXd mean, readPerGoal(params, "mean", goals.size()));
    ALIDADE_ASSIGN(const Eigen::VectorXd deviation, readPerGoal(params, "sd", goals.size()));
    if (Eigen::Index worst = 0; deviation.minCoeff(&worst) < 0.0) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("sd"));
        ALIDADE_ASSIGN(const std::vector<JsonCursor> cells, member.elements());
        return cells[static_cast<std::size_t>(worst)].error("a standard deviation must be >= 0");
    }
    ALIDADE_ASSIGN(const auto improvement, ExpectedHypervolumeImprovement::make(front, reference));
    ALIDADE_ASSIGN(const Eigen::VectorXd minimised, toMinimization(mean, goals));
    ALIDADE_ASSIGN(const auto result, improvement.logValue(minimised, deviation));
    ALIDADE_ASSIGN(const double probability, improvement.logProbability(minimised, deviation));
    return Json{{"value", numberToJson(std::exp(result.logValue))},
                {"log_value", numberToJson(result.logValue)},
                {"probability", numberToJson(std::exp(probability))}};
}

} // namespace

std::vector<ProtocolMethod> paretoMethods() {
    return {
        {"pareto.rank", rankMethod}, {"pareto.hypervolume", hypervolumeMethod}, {"pareto.ehvi", ehviMethod}};
}

} // namespace alidade
