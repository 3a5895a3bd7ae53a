#include "study/belief_check.h"

#include "base/constants.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {
namespace {

using Severity = Finding::Severity;

struct NumericRange {
    double low = -kInfinity;
    double high = kInfinity;
    bool logit = false;
};

/// Range of a parameter with numbers along an axis; nothing for choices and shares.
std::optional<NumericRange> rangeOf(const Parameter& parameter) {
    if (const auto* real = std::get_if<RealRange>(&parameter.domain))
        return NumericRange{real->low, real->high, real->scale == Scale::Logit};
    if (const auto* whole = std::get_if<IntegerRange>(&parameter.domain))
        return NumericRange{static_cast<double>(whole->low), static_cast<double>(whole->high), false};
    return std::nullopt;
}

std::vector<std::string> choicesOf(const Parameter& parameter) {
    std::vector<std::string> names;
    const auto add = [&](const std::vector<Value>& choices) {
        for (const Value& choice : choices)
            names.push_back(formatValue(choice));
    };
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&parameter.domain))
        add(ordinal->choices);
    else if (const auto* category = std::get_if<CategoricalChoices>(&parameter.domain))
        add(category->choices);
    return names;
}

bool finiteIfGiven(const std::optional<double>& value) {
    return !value || std::isfinite(*value);
}

class BeliefCheck {
public:
    BeliefCheck(const Definition& definition, std::string path)
        : m_definition(definition), m_path(std::move(path)) {}

    [[nodiscard]] std::vector<Finding> take() { return std::move(m_findings); }

    void problem(const std::string& place, std::string message) {
        m_findings.push_back({Severity::Problem, place, std::move(message)});
    }
    void at(std::string_view field, std::string message) {
        problem(m_path + "." + std::string(field), std::move(message));
    }
    void warn(std::string_view field, std::string message) {
        m_findings.push_back({Severity::Warning, m_path + "." + std::string(field), std::move(message)});
    }

    void operator()(const OptimumBelief& belief) {
        const Parameter* parameter = m_definition.space.find(belief.parameter);
        if (!parameter)
            at("parameter", "the belief is about a parameter that does not exist");
        else if (std::holds_alternative<MixtureParts>(parameter->domain))
            at("parameter", "for shares of a mixture, name good points instead of a density");
        std::visit([&](const auto& density) { check(density, parameter); }, belief.density);
        if (parameter)
            checkSuits(belief.density, *parameter);
    }

    void operator()(const BestValueBelief& belief) {
        checkObjective(belief.objective);
        std::visit([&](const auto& density) { check(density, nullptr); }, belief.density);
        if (std::holds_alternative<BetaDensity>(belief.density))
            at("density", "a beta density needs the range of a parameter; use \"normal\" or \"bounds\"");
    }

    void operator()(const PreferenceBelief& belief) {
        if (belief.objective.valid())
            checkObjective(belief.objective);
        checkPoint("better", belief.better);
        checkPoint("worse", belief.worse);
        if (!belief.better.empty() && belief.better == belief.worse)
            at("worse", "both settings are the same");
    }

    void operator()(const GoodPointsBelief& belief) {
        if (belief.points.empty())
            at("points", "name at least one point");
        for (std::size_t i = 0; i < belief.points.size(); ++i)
            checkPoint("points[" + std::to_string(i) + "]", belief.points[i]);
        if (!(belief.spread > 0.0) || !std::isfinite(belief.spread))
            at("spread", "the spread must be finite and above 0");
    }

    void operator()(const TrendBelief& belief) {
        checkObjective(belief.objective);
        const Parameter* parameter = m_definition.space.find(belief.parameter);
        if (!parameter) {
            at("parameter", "the belief is about a parameter that does not exist");
            return;
        }
        const auto range = rangeOf(*parameter);
        if (!range) {
            at("parameter", "a trend needs a parameter with numbers");
            return;
        }
        if (!finiteIfGiven(belief.from) || !finiteIfGiven(belief.to))
            at("from", "the ends must be finite numbers");
        else if (!(belief.from.value_or(range->low) < belief.to.value_or(range->high)))
            at("from", "from must be below to");
        else if (belief.from.value_or(range->low) >= range->high ||
                 belief.to.value_or(range->high) <= range->low)
            at("from", "the trend lies outside the range of the parameter");
    }

private:
    void checkObjective(MeasureId id) {
        if (!m_definition.findObjective(id))
            at("objective", "the belief is about an objective that does not exist");
    }

    void checkPoint(const std::string& field, const Setting& setting) {
        if (setting.empty())
            at(field, "name at least one parameter");
        for (const auto& [id, value] : setting) {
            const Parameter* parameter = m_definition.space.find(id);
            if (!parameter)
                at(field, "the belief names a parameter that does not exist");
            else if (const auto checked = checkedValue(*parameter, value); !checked)
                at(field + "." + parameter->name, checked.error().message);
        }
    }

    void check(const NormalDensity& normal, const Parameter* parameter) {
        if (!std::isfinite(normal.center))
            at("density.center", "the centre must be a finite number");
        if (!(normal.spread > 0.0) || !std::isfinite(normal.spread))
            at("density.spread", "the spread must be finite and above 0");
        checkEnds(normal.low, normal.high, parameter);
        const auto* real = parameter ? std::get_if<RealRange>(&parameter->domain) : nullptr;
        const auto* whole = parameter ? std::get_if<IntegerRange>(&parameter->domain) : nullptr;
        const bool log = (real && real->scale == Scale::Log) || (whole && whole->scale == Scale::Log);
        if (log && !(normal.center > 0.0))
            at("density.center", "on a log scale the centre must be above 0");
        else if (real && real->scale == Scale::Logit && !(normal.center > 0.0 && normal.center < 1.0))
            at("density.center", "on a logit scale the centre lies between 0 and 1");
        else if (const auto range = parameter ? rangeOf(*parameter) : std::nullopt;
                 range && (normal.center < range->low || normal.center > range->high))
            warn("density.center",
                 "the centre lies outside the range of the parameter; only the tail counts");
    }
    void check(const UniformDensity& uniform, const Parameter* parameter) {
        if (!std::isfinite(uniform.low) || !std::isfinite(uniform.high) || !(uniform.low < uniform.high))
            at("density.low", "low must be a finite number below high");
        else
            checkEnds(uniform.low, uniform.high, parameter);
    }
    void check(const BetaDensity& beta, const Parameter* /*parameter*/) {
        if (!(beta.alpha > 0.0) || !(beta.beta > 0.0) || !std::isfinite(beta.alpha + beta.beta))
            at("density.alpha", "alpha and beta must be finite and above 0");
    }
    void check(const DrawnDensity& drawn, const Parameter* parameter) {
        const bool sized = drawn.x.size() >= 2 && drawn.x.size() == drawn.height.size();
        const bool finiteX =
            std::all_of(drawn.x.begin(), drawn.x.end(), [](double x) { return std::isfinite(x); });
        if (!sized || !finiteX || !std::is_sorted(drawn.x.begin(), drawn.x.end()) ||
            !(drawn.x.front() < drawn.x.back())) {
            at("density.x", "x and height need the same length (at least 2), x finite and ascending");
            return;
        }
        double total = 0.0;
        for (const double height : drawn.height) {
            if (!(height >= 0.0) || !std::isfinite(height)) {
                at("density.height", "heights must be finite and at least 0");
                return;
            }
            total += height;
        }
        if (!(total > 0.0))
            at("density.height", "a density must not be 0 everywhere");
        checkEnds(drawn.x.front(), drawn.x.back(), parameter);
    }
    void check(const ChoiceWeights& weights, const Parameter* parameter) {
        const std::vector<std::string> choices =
            parameter ? choicesOf(*parameter) : std::vector<std::string>();
        if (choices.empty()) {
            at("density", "weights need a parameter with choices");
            return;
        }
        double total = 0.0;
        for (const auto& [name, weight] : weights.weights) {
            if (!(weight >= 0.0) || !std::isfinite(weight))
                at("density.weights", "the weight of " + name + " must be at least 0");
            if (std::find(choices.begin(), choices.end(), name) == choices.end())
                at("density.weights", "\"" + name + "\" is not a choice of the parameter");
            else
                total += weight;
        }
        if (!(total > 0.0))
            at("density.weights", "one weight at least must be above 0");
    }
    void check(const ValueBounds& bounds, const Parameter* parameter) {
        if (parameter)
            at("density", "bounds are for the best value; use \"uniform\" for a parameter");
        if (!bounds.low && !bounds.high)
            at("density", "give a lower or an upper bound");
        checkEnds(bounds.low, bounds.high, nullptr);
    }

    /// Ends of a density, in order and not beside the parameter's range.
    void checkEnds(std::optional<double> low, std::optional<double> high, const Parameter* parameter) {
        if (!finiteIfGiven(low) || !finiteIfGiven(high)) {
            at("density.low", "the ends must be finite numbers");
            return;
        }
        const auto range = parameter ? rangeOf(*parameter) : std::nullopt;
        const double from = std::max(low.value_or(-kInfinity), range ? range->low : -kInfinity);
        const double to = std::min(high.value_or(kInfinity), range ? range->high : kInfinity);
        if (low && high && !(*low < *high))
            at("density.low", "low must be below high");
        else if (!(from < to))
            at("density.low", "the density lies outside the range of the parameter");
    }

    void checkSuits(const Density& density, const Parameter& parameter) {
        const bool category = std::holds_alternative<CategoricalChoices>(parameter.domain);
        const bool ordinal = std::holds_alternative<OrdinalChoices>(parameter.domain);
        const bool weights = std::holds_alternative<ChoiceWeights>(density);
        const bool byPosition = std::holds_alternative<BetaDensity>(density);
        if ((category && !weights) || (ordinal && !weights && !byPosition))
            at("density", "a parameter with choices needs weights");
    }

    const Definition& m_definition;
    std::string m_path;
    std::vector<Finding> m_findings;
};

} // namespace

std::vector<Finding> validate(const Definition& definition, const Belief& belief, const std::string& path) {
    BeliefCheck check(definition, path);
    if (!(belief.confidence >= 0.0 && belief.confidence <= 1.0))
        check.at("confidence", "the confidence lies between 0 and 1");
    std::visit(check, belief.claim);
    return check.take();
}

} // namespace alidade
