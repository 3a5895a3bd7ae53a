#include "desirability/overall_desirability.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

bool isMissing(const DesirabilityInput& input) {
    const auto* number = std::get_if<double>(&input);
    return std::holds_alternative<std::monostate>(input) || (number && std::isnan(*number));
}

std::string place(std::size_t index) {
    return "[" + std::to_string(index) + "]";
}

std::string textOf(const DesirabilityInput& input) {
    if (const auto* number = std::get_if<double>(&input))
        return std::isnan(*number) ? "missing" : formatDouble(*number);
    if (const auto* level = std::get_if<std::string>(&input))
        return "\"" + *level + "\"";
    return "missing";
}

} // namespace

Result<OverallDesirability> OverallDesirability::make(const std::vector<DesirabilityFunction>& functions,
                                                      OverallOptions options) {
    if (functions.empty())
        return makeError(ErrorCode::InvalidConfiguration, "an overall desirability needs one goal at least");
    OverallDesirability made;
    made.m_options = options;
    double total = 0.0;
    for (std::size_t i = 0; i < functions.size(); ++i) {
        auto goal = Desirability::make(functions[i]);
        if (!goal) {
            Error error = goal.error();
            error.context = place(i) + (error.context.empty() ? "" : "." + error.context);
            return error;
        }
        if (!goal->isConstraint())
            total += goal->weight();
        made.m_goals.push_back(std::move(goal).value());
    }
    for (const Desirability& goal : made.m_goals)
        made.m_exponents.push_back(goal.isConstraint() ? 1.0 : goal.weight() / total);
    return made;
}

double OverallDesirability::combine(std::span<const double> individual) const {
    double smallest = 1.0;
    double logSum = 0.0;
    double weight = 0.0;
    double boxes = 1.0;
    bool any = false;
    for (std::size_t i = 0; i < individual.size(); ++i) {
        const double d = individual[i];
        if (std::isnan(d))
            continue;
        any = true;
        smallest = std::min(smallest, d);
        if (m_goals[i].isConstraint()) {
            boxes *= d;
        } else if (d > 0.0) {
            logSum += m_goals[i].weight() * std::log(d);
            weight += m_goals[i].weight();
        }
    }
    if (!any)
        return std::nan("");
    if (smallest == 0.0 || m_options.aggregate == DesirabilityAggregate::Minimum)
        return smallest;
    return boxes * (weight > 0.0 ? std::exp(logSum / weight) : 1.0);
}

Result<OverallDesirability::Row>
OverallDesirability::evaluate(const std::vector<DesirabilityInput>& values) const {
    if (values.size() != m_goals.size())
        return makeError(ErrorCode::InvalidArgument, "there are " + std::to_string(values.size()) +
                                                         " values for " + std::to_string(m_goals.size()) +
                                                         " goals; give one for each");
    Row row;
    bool incomplete = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (m_options.missing != MissingGoal::Impute && isMissing(values[i])) {
            row.individual.push_back(std::nan(""));
            incomplete = true;
            continue;
        }
        auto d = m_goals[i].value(values[i]);
        if (!d) {
            Error error = d.error();
            error.context = place(i);
            return error;
        }
        row.individual.push_back(*d);
    }
    row.overall =
        incomplete && m_options.missing == MissingGoal::Propagate ? std::nan("") : combine(row.individual);
    return row;
}

Result<OverallDesirability::Row> OverallDesirability::evaluate(std::span<const double> values) const {
    return evaluate(std::vector<DesirabilityInput>(values.begin(), values.end()));
}

Result<std::vector<double>> OverallDesirability::gradient(std::span<const double> values) const {
    ALIDADE_ASSIGN(const Row row, evaluate(values));
    std::vector<double> gradient(values.size(), 0.0);
    if (!(row.overall > 0.0))
        return gradient;
    double weight = 0.0;
    std::size_t smallest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(row.individual[i]))
            continue;
        if (std::isnan(row.individual[smallest]) || row.individual[i] < row.individual[smallest])
            smallest = i;
        if (!m_goals[i].isConstraint())
            weight += m_goals[i].weight();
    }
    if (m_options.aggregate == DesirabilityAggregate::Minimum) {
        gradient[smallest] = m_goals[smallest].derivative(values[smallest]);
        return gradient;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!m_goals[i].isConstraint() && !std::isnan(values[i]))
            gradient[i] = row.overall * (m_goals[i].weight() / weight) * m_goals[i].derivative(values[i]) /
                          row.individual[i];
    }
    return gradient;
}

std::vector<std::size_t> goalsAtZero(std::span<const double> individual) {
    std::vector<std::size_t> goals;
    for (std::size_t i = 0; i < individual.size(); ++i) {
        if (individual[i] == 0.0)
            goals.push_back(i);
    }
    return goals;
}

std::string explainZero(std::span<const double> individual, const std::vector<std::string>& names,
                        const std::vector<DesirabilityInput>& values) {
    std::vector<std::string> parts;
    for (const std::size_t goal : goalsAtZero(individual))
        parts.push_back("\"" + names[goal] + "\" = " + textOf(values[goal]));
    return parts.empty() ? std::string() : "overall desirability is 0: " + join(parts, ", ");
}

DesirabilitySpread spreadOf(std::span<const double> individual) {
    bool any = false;
    bool zero = true;
    bool one = true;
    for (const double d : individual) {
        if (std::isnan(d))
            continue;
        any = true;
        zero = zero && d == 0.0;
        one = one && d == 1.0;
    }
    if (any && zero)
        return DesirabilitySpread::AllZero;
    return any && one ? DesirabilitySpread::AllOne : DesirabilitySpread::Varies;
}

} // namespace alidade
