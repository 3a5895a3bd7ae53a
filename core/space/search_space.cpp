#include "space/search_space.h"

#include "base/text.h"
#include "space/constraint.h"
#include "space/encoding.h"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>

#include <algorithm>
#include <unordered_map>

namespace alidade {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

/// An edge leads from the parent of a condition to the parameter it governs.
Graph conditionGraph(const SearchSpace& space) {
    std::unordered_map<ParameterId, std::size_t> index;
    for (std::size_t i = 0; i < space.parameters.size(); ++i)
        index.emplace(space.parameters[i].id, i);
    Graph graph(space.parameters.size());
    for (std::size_t i = 0; i < space.parameters.size(); ++i)
        for (const Condition& condition : space.parameters[i].conditions)
            if (const auto parent = index.find(condition.parent); parent != index.end())
                boost::add_edge(parent->second, i, graph);
    return graph;
}

/// Remembers the tree it walks, so that a back edge gives the whole cycle.
struct CycleFinder : boost::default_dfs_visitor {
    std::vector<Vertex>* parents;
    std::vector<Vertex>* cycle;

    void tree_edge(Edge edge, const Graph& graph) const {
        (*parents)[target(edge, graph)] = source(edge, graph);
    }
    void back_edge(Edge edge, const Graph& graph) const {
        if (!cycle->empty())
            return;
        const Vertex start = target(edge, graph);
        for (Vertex at = source(edge, graph); at != start; at = (*parents)[at])
            cycle->push_back(at);
        cycle->push_back(start);
        std::reverse(cycle->begin(), cycle->end());
    }
};

Error at(std::size_t index, std::string field, std::string message) {
    return makeError(ErrorCode::InvalidConfiguration, std::move(message),
                     "parameters[" + std::to_string(index) + "]." + std::move(field));
}

Result<void> checkConditions(const SearchSpace& space, std::size_t index) {
    for (const Condition& condition : space.parameters[index].conditions) {
        const Parameter* parent = space.find(condition.parent);
        if (!parent)
            return at(index, "when", "the condition refers to a parameter that does not exist");
        if (parent->id == space.parameters[index].id)
            return at(index, "when", "a parameter cannot depend on itself");
        if (std::holds_alternative<MixtureParts>(parent->domain))
            return at(index, "when",
                      "\"" + parent->name + "\" is a mixture; a condition needs single values");
        if (condition.values.empty())
            return at(index, "when", "the condition on \"" + parent->name + "\" lists no value");
        for (const Value& value : condition.values)
            if (const auto checked = checkedValue(*parent, value); !checked)
                return at(index, "when",
                          "\"" + parent->name + "\" never has this value: " + checked.error().message);
    }
    return {};
}

bool conditionsHold(const SearchSpace& space, const Parameter& parameter, const Setting& setting) {
    return std::all_of(
        parameter.conditions.begin(), parameter.conditions.end(), [&](const Condition& condition) {
            const Parameter* parent = space.find(condition.parent);
            const auto value = setting.find(condition.parent);
            if (!parent || value == setting.end())
                return false;
            return std::any_of(condition.values.begin(), condition.values.end(), [&](const Value& allowed) {
                const auto checked = checkedValue(*parent, allowed);
                return checked && *checked == value->second;
            });
        });
}

} // namespace

const Parameter* SearchSpace::find(ParameterId id) const {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.id == id; });
    return found == parameters.end() ? nullptr : &*found;
}

const Parameter* SearchSpace::find(std::string_view name) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& p) { return p.name == name; });
    return found == parameters.end() ? nullptr : &*found;
}

std::vector<std::string> SearchSpace::names() const {
    std::vector<std::string> result;
    for (const Parameter& parameter : parameters)
        result.push_back(parameter.name);
    return result;
}

Result<std::vector<ParameterId>> topologicalOrder(const SearchSpace& space) {
    const Graph graph = conditionGraph(space);
    std::vector<Vertex> parents(space.parameters.size(), 0);
    std::vector<Vertex> cycle;
    CycleFinder finder;
    finder.parents = &parents;
    finder.cycle = &cycle;
    boost::depth_first_search(graph, boost::visitor(finder));
    if (!cycle.empty()) {
        std::vector<std::string> names;
        for (const Vertex vertex : cycle)
            names.push_back(space.parameters[vertex].name);
        names.push_back(names.front());
        return makeError(ErrorCode::InvalidConfiguration,
                         "the conditions form a cycle: " + join(names, " -> ") + "; remove one of them",
                         "parameters[" + std::to_string(cycle.front()) + "].when");
    }
    // Kahn's rule with the lowest index first keeps the user's order among independent parameters.
    std::vector<std::size_t> missing(space.parameters.size(), 0);
    for (const auto edge : boost::make_iterator_range(boost::edges(graph)))
        ++missing[target(edge, graph)];
    std::vector<bool> placed(space.parameters.size(), false);
    std::vector<ParameterId> order;
    while (order.size() < space.parameters.size()) {
        std::size_t next = 0;
        while (placed[next] || missing[next] > 0)
            ++next;
        placed[next] = true;
        order.push_back(space.parameters[next].id);
        for (const auto edge : boost::make_iterator_range(boost::out_edges(next, graph)))
            --missing[target(edge, graph)];
    }
    return order;
}

Result<void> validate(const SearchSpace& space) {
    if (space.parameters.empty())
        return makeError(ErrorCode::InvalidConfiguration, "the space has no parameter; add one",
                         "parameters");
    for (std::size_t i = 0; i < space.parameters.size(); ++i) {
        if (auto checked = validate(space.parameters[i]); !checked)
            return at(i, checked.error().context, checked.error().message);
        for (std::size_t j = 0; j < i; ++j) {
            if (space.parameters[i].name == space.parameters[j].name)
                return at(i, "name", "the name \"" + space.parameters[i].name + "\" is used twice");
            if (space.parameters[i].id == space.parameters[j].id)
                return at(i, "id", "two parameters share one id");
        }
    }
    for (std::size_t i = 0; i < space.parameters.size(); ++i) {
        ALIDADE_CHECK(checkConditions(space, i));
    }
    if (auto order = topologicalOrder(space); !order)
        return std::move(order).error();
    if (auto constraints = ConstraintSet::parse(space); !constraints)
        return std::move(constraints).error();
    return {};
}

bool isActive(const SearchSpace& space, ParameterId id, const Setting& setting) {
    // Ancestors that are inactive are absent from a setting, so one level is enough.
    const Parameter* parameter = space.find(id);
    return parameter && conditionsHold(space, *parameter, setting);
}

Setting completed(const SearchSpace& space, const Setting& setting) {
    Setting result;
    const auto order = topologicalOrder(space);
    if (!order)
        return setting;
    for (const ParameterId id : *order) {
        const Parameter& parameter = *space.find(id);
        if (!conditionsHold(space, parameter, result))
            continue;
        if (const auto given = setting.find(id); given != setting.end()) {
            result.emplace(id, given->second);
        } else if (parameter.defaultValue) {
            const auto checked = checkedValue(parameter, *parameter.defaultValue);
            result.emplace(id, checked ? *checked : nearestValue(parameter, *parameter.defaultValue));
        } else {
            result.emplace(id, Encoding::valueAt(parameter, 0.5));
        }
    }
    return result;
}

Result<Setting> checkedSetting(const SearchSpace& space, const Setting& setting) {
    ALIDADE_ASSIGN(const std::vector<ParameterId> order, topologicalOrder(space));
    for (const auto& [id, value] : setting)
        if (!space.find(id))
            return makeError(ErrorCode::UnknownName,
                             "there is no parameter with id " + std::to_string(id.value));
    Setting result;
    for (const ParameterId id : order) {
        const Parameter& parameter = *space.find(id);
        const auto given = setting.find(id);
        const bool active = conditionsHold(space, parameter, result);
        if (active && given == setting.end())
            return makeError(ErrorCode::InvalidArgument, "a value is missing", parameter.name);
        if (!active && given != setting.end())
            return makeError(ErrorCode::InvalidArgument,
                             "the parameter is inactive for these values and must be left out",
                             parameter.name);
        if (!active)
            continue;
        ALIDADE_ASSIGN(Value value, checkedValue(parameter, given->second));
        result.emplace(id, std::move(value));
    }
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));
    if (const auto violated = constraints.firstViolated(result))
        return makeError(ErrorCode::Infeasible,
                         "the constraint \"" + space.constraints[*violated].expression + "\" does not hold");
    return result;
}

std::optional<std::uint64_t> settingCount(const SearchSpace& space) {
    constexpr double kMost = 1e15;
    const auto order = topologicalOrder(space);
    if (!order)
        return std::nullopt;
    // Values of parameters that govern others are enumerated; the rest multiplies.
    std::vector<const Parameter*> governing;
    for (const ParameterId id : *order) {
        const Parameter* parameter = space.find(id);
        if (!valueCount(parameter->domain))
            return std::nullopt;
        const bool governs =
            std::any_of(space.parameters.begin(), space.parameters.end(), [&](const Parameter& other) {
                return std::any_of(other.conditions.begin(), other.conditions.end(),
                                   [&](const Condition& condition) { return condition.parent == id; });
            });
        if (governs)
            governing.push_back(parameter);
    }
    double branches = 1.0;
    for (const Parameter* parameter : governing)
        branches *= static_cast<double>(*valueCount(parameter->domain));
    if (branches > 1e6)
        return std::nullopt;
    double total = 0.0;
    const auto descend = [&](auto&& self, std::size_t depth, Setting& setting) -> void {
        if (depth < governing.size()) {
            const Parameter& parameter = *governing[depth];
            if (!conditionsHold(space, parameter, setting)) {
                self(self, depth + 1, setting);
                return;
            }
            const std::uint64_t count = *valueCount(parameter.domain);
            for (std::uint64_t i = 0; i < count; ++i) {
                setting[parameter.id] = valueAtRank(parameter.domain, i);
                self(self, depth + 1, setting);
            }
            setting.erase(parameter.id);
            return;
        }
        double product = 1.0;
        for (const Parameter& parameter : space.parameters)
            if (std::find(governing.begin(), governing.end(), &parameter) == governing.end() &&
                conditionsHold(space, parameter, setting))
                product *= static_cast<double>(*valueCount(parameter.domain));
        total += product;
    };
    Setting setting;
    descend(descend, 0, setting);
    if (total > kMost)
        return std::nullopt;
    return static_cast<std::uint64_t>(total);
}

} // namespace alidade
