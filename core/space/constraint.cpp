#include "space/constraint.h"

#include "base/text.h"

#include <muParser.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>

namespace alidade {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kNameCharacters = "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.";

enum class Comparison { LessEqual, Less, GreaterEqual, Greater, Equal };

/// What a name in an expression stands for.
struct Symbol {
    ParameterId parameter;
    std::size_t part = 0;
};

struct Split {
    std::string left;
    std::string right;
    Comparison comparison = Comparison::LessEqual;
};

Error syntax(std::string message) {
    return makeError(ErrorCode::Syntax, std::move(message));
}

/// Splits at the one comparison outside parentheses.
Result<Split> splitComparison(const std::string& text) {
    std::optional<std::size_t> place;
    std::size_t length = 0;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c != '<' && c != '>' && c != '=' && c != '!')
            continue;
        if (c == '!')
            return syntax("\"!=\" is not a constraint; use <=, <, >=, > or ==");
        if (depth != 0)
            return syntax("a comparison must not stand inside parentheses");
        if (place)
            return syntax("a constraint has exactly one comparison; write several constraints instead");
        place = i;
        length = i + 1 < text.size() && text[i + 1] == '=' ? 2 : 1;
        if (c == '=' && length == 1)
            length = 1;
        i += length - 1;
    }
    if (!place)
        return syntax("a constraint needs a comparison: <=, <, >=, > or ==");
    Split result;
    result.left = std::string(trimmed(std::string_view(text).substr(0, *place)));
    result.right = std::string(trimmed(std::string_view(text).substr(*place + length)));
    if (result.left.empty() || result.right.empty())
        return syntax("one side of the comparison is empty");
    const char c = text[*place];
    if (c == '=')
        result.comparison = Comparison::Equal;
    else if (c == '<')
        result.comparison = length == 2 ? Comparison::LessEqual : Comparison::Less;
    else
        result.comparison = length == 2 ? Comparison::GreaterEqual : Comparison::Greater;
    return result;
}

std::optional<double> numeric(const Value& value, std::size_t part) {
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? 1.0 : 0.0;
    const auto* shares = std::get_if<std::vector<double>>(&value);
    return shares && part < shares->size() ? std::optional<double>((*shares)[part]) : std::nullopt;
}

bool allNumeric(const std::vector<Value>& choices) {
    return std::all_of(choices.begin(), choices.end(),
                       [](const Value& choice) { return !std::holds_alternative<std::string>(choice); });
}

/// Names that expressions may use, and, apart, why others may not.
struct Symbols {
    std::map<std::string, Symbol> known;
    std::map<std::string, std::string> refused;
};

Symbols symbolsOf(const SearchSpace& space) {
    Symbols symbols;
    for (const Parameter& parameter : space.parameters) {
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
            for (std::size_t part = 0; part < mixture->parts.size(); ++part)
                symbols.known[parameter.name + "." + mixture->parts[part]] = {parameter.id, part};
            symbols.refused[parameter.name] = "\"" + parameter.name +
                                              "\" is a mixture; name one share, such as " + parameter.name +
                                              "." + mixture->parts.front();
            continue;
        }
        const auto* ordinal = std::get_if<OrdinalChoices>(&parameter.domain);
        const auto* categorical = std::get_if<CategoricalChoices>(&parameter.domain);
        if ((ordinal && !allNumeric(ordinal->choices)) || (categorical && !allNumeric(categorical->choices)))
            symbols.refused[parameter.name] =
                "\"" + parameter.name + "\" has choices that are not numbers; use a condition instead";
        else
            symbols.known[parameter.name] = {parameter.id, 0};
    }
    return symbols;
}

} // namespace

/// One parsed constraint. muParser evaluates through pointers to variables, so evaluation is guarded by a
/// mutex.
struct Expression {
    Comparison comparison = Comparison::LessEqual;
    std::vector<Symbol> symbols;
    mutable std::vector<double> values;
    mutable mu::Parser left;
    mutable mu::Parser right;
    mutable std::mutex mutex;

    [[nodiscard]] double slack(const Setting& setting) const {
        std::vector<double> current(symbols.size());
        for (std::size_t i = 0; i < symbols.size(); ++i) {
            const auto found = setting.find(symbols[i].parameter);
            if (found == setting.end())
                return std::numeric_limits<double>::infinity();
            const auto number = numeric(found->second, symbols[i].part);
            if (!number)
                return kNaN;
            current[i] = *number;
        }
        double leftValue = kNaN;
        double rightValue = kNaN;
        {
            const std::lock_guard lock(mutex);
            std::copy(current.begin(), current.end(), values.begin());
            try {
                leftValue = left.Eval();
                rightValue = right.Eval();
            } catch (const mu::Parser::exception_type&) {
                return kNaN;
            }
        }
        if (!std::isfinite(leftValue) || !std::isfinite(rightValue))
            return kNaN;
        switch (comparison) {
        case Comparison::LessEqual: return rightValue - leftValue;
        case Comparison::GreaterEqual: return leftValue - rightValue;
        case Comparison::Less: return strict(rightValue - leftValue);
        case Comparison::Greater: return strict(leftValue - rightValue);
        case Comparison::Equal: {
            const double tolerance = 1e-9 * std::max({std::abs(leftValue), std::abs(rightValue), 1e-300});
            return tolerance - std::abs(leftValue - rightValue);
        }
        }
        return kNaN;
    }

    /// A difference of exactly 0 violates a strict comparison.
    static double strict(double difference) {
        return difference == 0.0 ? -std::numeric_limits<double>::min() : difference;
    }
};

struct ConstraintSet::State {
    std::vector<std::unique_ptr<Expression>> expressions;
};

namespace {

Result<std::unique_ptr<Expression>> parseExpression(const std::string& text, const Symbols& symbols) {
    ALIDADE_ASSIGN(const Split split, splitComparison(text));
    auto expression = std::make_unique<Expression>();
    expression->comparison = split.comparison;
    try {
        std::map<std::string, Symbol> used;
        for (const auto& [parser, side] :
             {std::pair{&expression->left, &split.left}, std::pair{&expression->right, &split.right}}) {
            parser->DefineNameChars(kNameCharacters);
            parser->ResetLocale();
            parser->SetExpr(*side);
            for (const auto& [name, address] : parser->GetUsedVar()) {
                if (const auto why = symbols.refused.find(name); why != symbols.refused.end())
                    return syntax(why->second);
                const auto found = symbols.known.find(name);
                if (found == symbols.known.end()) {
                    std::vector<std::string> names;
                    for (const auto& entry : symbols.known)
                        names.push_back(entry.first);
                    return makeError(ErrorCode::UnknownName,
                                     "unknown name \"" + name + "\"" + didYouMean(name, names));
                }
                used.insert(*found);
            }
        }
        if (used.empty())
            return syntax("the constraint mentions no parameter");
        expression->values.assign(used.size(), 0.0);
        std::size_t index = 0;
        for (const auto& [name, symbol] : used) {
            expression->symbols.push_back(symbol);
            expression->left.DefineVar(name, &expression->values[index]);
            expression->right.DefineVar(name, &expression->values[index]);
            ++index;
        }
        (void)expression->left.Eval();
        (void)expression->right.Eval();
    } catch (const mu::Parser::exception_type& failure) {
        return syntax("the expression cannot be read: " + failure.GetMsg());
    }
    return expression;
}

} // namespace

ConstraintSet::ConstraintSet() : m_state(std::make_shared<const State>()) {}
ConstraintSet::~ConstraintSet() = default;
ConstraintSet::ConstraintSet(const ConstraintSet&) = default;
ConstraintSet& ConstraintSet::operator=(const ConstraintSet&) = default;
ConstraintSet::ConstraintSet(ConstraintSet&&) noexcept = default;
ConstraintSet& ConstraintSet::operator=(ConstraintSet&&) noexcept = default;

Result<ConstraintSet> ConstraintSet::parse(const SearchSpace& space) {
    const Symbols symbols = symbolsOf(space);
    auto state = std::make_shared<State>();
    for (std::size_t i = 0; i < space.constraints.size(); ++i) {
        auto expression = parseExpression(space.constraints[i].expression, symbols);
        if (!expression) {
            Error error = std::move(expression).error();
            error.context = "constraints[" + std::to_string(i) + "]";
            return error;
        }
        state->expressions.push_back(std::move(expression).value());
    }
    ConstraintSet set;
    set.m_state = std::move(state);
    return set;
}

std::size_t ConstraintSet::size() const {
    return m_state->expressions.size();
}

std::vector<double> ConstraintSet::slacks(const Setting& setting) const {
    std::vector<double> result;
    result.reserve(size());
    for (const auto& expression : m_state->expressions)
        result.push_back(expression->slack(setting));
    return result;
}

std::optional<std::size_t> ConstraintSet::firstViolated(const Setting& setting) const {
    for (std::size_t i = 0; i < size(); ++i)
        if (!(m_state->expressions[i]->slack(setting) >= 0.0))
            return i;
    return std::nullopt;
}

bool ConstraintSet::feasible(const Setting& setting) const {
    return !firstViolated(setting);
}

} // namespace alidade
