#include "desirability/overall_desirability.h"
#include "exchange/parameter_json.h"
#include "protocol/methods.h"

namespace alidade {
namespace {

/// null is a missing measurement, a text a category, everything else a number or "inf", "-inf".
Result<DesirabilityInput> readInput(const JsonCursor& cursor, const Desirability& function) {
    if (cursor.json().is_null())
        return DesirabilityInput{};
    if (function.isCategorical()) {
        ALIDADE_ASSIGN(std::string level, cursor.string());
        return DesirabilityInput{std::move(level)};
    }
    ALIDADE_ASSIGN(const double number, cursor.extendedNumber());
    return DesirabilityInput{number};
}

Result<OverallDesirability> readDesirabilities(const JsonCursor& params) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at("functions"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, member.elements());
    if (items.empty())
        return member.error("at least one desirability function is needed");
    std::vector<DesirabilityFunction> functions;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(DesirabilityFunction function, desirabilityFromJson(item));
        functions.push_back(std::move(function));
    }
    OverallOptions options;
    if (params.has("aggregate")) {
        ALIDADE_ASSIGN(const JsonCursor place, params.at("aggregate"));
        ALIDADE_ASSIGN(const std::string name, place.string());
        if (name == "minimum")
            options.aggregate = DesirabilityAggregate::Minimum;
        else if (name != "geometric_mean")
            return place.error("must be \"geometric_mean\" or \"minimum\"");
    }
    Result<OverallDesirability> goals = OverallDesirability::make(functions, options);
    if (!goals) {
        Error error = goals.error();
        error.context = member.path() + error.context;
        return error;
    }
    return goals;
}

Result<Json> evaluateMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"functions", "values", "aggregate"}));
    ALIDADE_ASSIGN(const OverallDesirability goals, readDesirabilities(params));
    ALIDADE_ASSIGN(const JsonCursor member, params.at("values"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> rows, member.elements());
    const std::size_t number = goals.goals().size();
    Json individual = Json::array();
    Json overall = Json::array();
    for (const JsonCursor& row : rows) {
        ALIDADE_ASSIGN(const std::vector<JsonCursor> cells, row.elements());
        if (cells.size() != number)
            return row.error("this row has " + std::to_string(cells.size()) + " values for " +
                             std::to_string(number) + " functions");
        std::vector<DesirabilityInput> inputs;
        for (std::size_t i = 0; i < number; ++i) {
            ALIDADE_ASSIGN(DesirabilityInput input, readInput(cells[i], goals.goals()[i]));
            inputs.push_back(std::move(input));
        }
        Result<OverallDesirability::Row> evaluated = goals.evaluate(inputs);
        if (!evaluated) {
            Error error = evaluated.error();
            error.context = row.path() + error.context;
            return error;
        }
        individual.push_back(numbersToJson(evaluated->individual));
        overall.push_back(numberToJson(evaluated->overall));
    }
    return Json{{"individual", std::move(individual)}, {"overall", std::move(overall)}};
}

} // namespace

std::vector<ProtocolMethod> desirabilityMethods() {
    return {{"desirability.evaluate", evaluateMethod}};
}

} // namespace alidade
