#include "pages/explore_axis.h"

#include "space/encoding.h"
#include "space/simplex.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr std::uint64_t kMostStops = 2000;
constexpr std::uint64_t kShownDiscrete = 10;

AxisKind kindOf(Scale scale, bool integer) {
    switch (scale) {
    case Scale::Log: return AxisKind::Log;
    case Scale::Logit: return AxisKind::Logit;
    case Scale::Linear: break;
    }
    return integer ? AxisKind::Integer : AxisKind::Linear;
}

const std::vector<Value>* choicesOf(const Domain& domain) {
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&domain))
        return &ordinal->choices;
    if (const auto* categorical = std::get_if<CategoricalChoices>(&domain))
        return &categorical->choices;
    return nullptr;
}

double numberOf(const Value& value) {
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    return 0.0;
}

/// What the bounds of the other shares leave for one.
AxisRange shareRange(const MixtureParts& mixture, std::size_t part) {
    double lowRest = 0.0;
    double highRest = 0.0;
    for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
        if (i == part)
            continue;
        lowRest += lowestShare(mixture, i);
        highRest += highestShare(mixture, i);
    }
    return {std::max(lowestShare(mixture, part), mixture.total - highRest),
            std::min(highestShare(mixture, part), mixture.total - lowRest)};
}

/// The other shares scaled by one factor, each kept inside its bounds, so that all add up to the total.
std::vector<double> sharesWith(const MixtureParts& mixture, std::size_t part, double share,
                               std::vector<double> shares) {
    const AxisRange range = shareRange(mixture, part);
    share = std::clamp(share, range.low, range.high);
    const double rest = mixture.total - share;
    const double floor = 1e-9 * mixture.total; // lets a share of zero grow again
    const auto scaled = [&](std::size_t i, double factor) {
        return std::clamp(factor * std::max(shares[i], floor), lowestShare(mixture, i),
                          highestShare(mixture, i));
    };
    const auto sum = [&](double factor) {
        double total = 0.0;
        for (std::size_t i = 0; i < shares.size(); ++i)
            total += i == part ? 0.0 : scaled(i, factor);
        return total;
    };
    double low = 0.0;
    double high = 1.0;
    while (sum(high) < rest && high < 1e12)
        high *= 2.0;
    constexpr int kBisections = 100;
    for (int k = 0; k < kBisections; ++k) {
        const double middle = 0.5 * (low + high);
        (sum(middle) < rest ? low : high) = middle;
    }
    std::vector<double> result = shares;
    for (std::size_t i = 0; i < shares.size(); ++i)
        result[i] = i == part ? share : scaled(i, high);
    return result;
}

Value withNumber(const Parameter& parameter, double number) {
    return nearestValue(parameter, Value(number));
}

} // namespace

std::vector<ExploreAxis> exploreAxes(const SearchSpace& space) {
    std::vector<ExploreAxis> axes;
    for (const Parameter& parameter : space.parameters) {
        const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
        const std::size_t count = mixture ? mixture->parts.size() : 1;
        for (std::size_t part = 0; part < count; ++part)
            axes.push_back({parameter.id, part});
    }
    return axes;
}

AxisSpec axisSpec(const Parameter& parameter, const ExploreAxis& axis) {
    AxisSpec spec;
    spec.title = QString::fromStdString(parameter.name);
    spec.unit = QString::fromStdString(parameter.unit);
    if (const auto* real = std::get_if<RealRange>(&parameter.domain)) {
        spec.kind = kindOf(real->scale, false);
        spec.limits = AxisRange{real->low, real->high};
    } else if (const auto* integer = std::get_if<IntegerRange>(&parameter.domain)) {
        spec.kind = kindOf(integer->scale, true);
        spec.limits = AxisRange{static_cast<double>(integer->low), static_cast<double>(integer->high)};
    } else if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
        spec.title += QLatin1Char('.') + QString::fromStdString(mixture->parts[axis.part]);
        spec.limits = shareRange(*mixture, axis.part);
    } else if (const auto* choices = choicesOf(parameter.domain)) {
        spec.kind = AxisKind::Category;
        for (const Value& choice : *choices)
            spec.categories << QString::fromStdString(formatValue(choice));
    }
    return spec;
}

double axisPosition(const Parameter& parameter, const ExploreAxis& axis, const Value& value) {
    if (const auto* choices = choicesOf(parameter.domain)) {
        const auto found = std::find(choices->begin(), choices->end(), value);
        return found == choices->end() ? 0.0 : static_cast<double>(found - choices->begin());
    }
    if (const auto* shares = std::get_if<std::vector<double>>(&value))
        return axis.part < shares->size() ? (*shares)[axis.part] : 0.0;
    return numberOf(value);
}

Value valueAtPosition(const Parameter& parameter, const ExploreAxis& axis, double position,
                      const Value& present) {
    if (const auto* choices = choicesOf(parameter.domain)) {
        const double last = static_cast<double>(choices->size() - 1);
        return (*choices)[static_cast<std::size_t>(std::clamp(std::round(position), 0.0, last))];
    }
    if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
        const auto* shares = std::get_if<std::vector<double>>(&present);
        std::vector<double> start = shares && shares->size() == mixture->parts.size()
                                        ? *shares
                                        : std::vector<double>(mixture->parts.size(), 0.0);
        return nearestValue(parameter, Value(sharesWith(*mixture, axis.part, position, std::move(start))));
    }
    return withNumber(parameter, position);
}

std::vector<double> axisPositions(const Parameter& parameter, const ExploreAxis& axis, int count) {
    std::vector<double> positions;
    if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
        const AxisRange range = shareRange(*mixture, axis.part);
        for (int i = 0; i < count; ++i)
            positions.push_back(range.low + range.span() * i / (count - 1));
        return positions;
    }
    if (const auto* choices = choicesOf(parameter.domain)) {
        for (std::size_t i = 0; i < choices->size(); ++i)
            positions.push_back(static_cast<double>(i));
        return positions;
    }
    const auto values = valueCount(parameter.domain);
    if (values && *values <= static_cast<std::uint64_t>(count))
        return axisStops(parameter, axis);
    for (int i = 0; i < count; ++i) {
        const double position = numberOf(Encoding::valueAt(parameter, static_cast<double>(i) / (count - 1)));
        if (positions.empty() || position > positions.back())
            positions.push_back(position);
    }
    return positions;
}

std::vector<double> axisStops(const Parameter& parameter, const ExploreAxis& axis) {
    std::vector<double> stops;
    if (choicesOf(parameter.domain))
        return axisPositions(parameter, axis, 2);
    const auto values = valueCount(parameter.domain);
    if (!values || *values > kMostStops)
        return stops;
    for (std::uint64_t k = 0; k < *values; ++k) {
        if (const auto* integer = std::get_if<IntegerRange>(&parameter.domain))
            stops.push_back(static_cast<double>(integer->low + static_cast<std::int64_t>(k) * integer->step));
        else if (const auto* real = std::get_if<RealRange>(&parameter.domain); real && real->step)
            stops.push_back(
                numberOf(nearestValue(parameter, real->low + static_cast<double>(k) * *real->step)));
    }
    return stops;
}

bool isShownDiscrete(const Parameter& parameter) {
    if (choicesOf(parameter.domain))
        return true;
    const auto values = valueCount(parameter.domain);
    return values && *values <= kShownDiscrete;
}

Setting fullValues(const SearchSpace& space, const Setting& values) {
    Setting full;
    for (const Parameter& parameter : space.parameters) {
        const auto given = values.find(parameter.id);
        const auto* choices = choicesOf(parameter.domain);
        const auto* mixture = std::get_if<MixtureParts>(&parameter.domain);
        const auto* shares =
            given == values.end() ? nullptr : std::get_if<std::vector<double>>(&given->second);
        const bool fits =
            given != values.end() &&
            (choices   ? std::find(choices->begin(), choices->end(), given->second) != choices->end()
             : mixture ? shares != nullptr && shares->size() == mixture->parts.size()
                       : std::holds_alternative<double>(given->second) ||
                             std::holds_alternative<std::int64_t>(given->second));
        if (fits)
            full[parameter.id] = nearestValue(parameter, given->second);
        else if (parameter.defaultValue)
            full[parameter.id] = *parameter.defaultValue;
        else
            full[parameter.id] = Encoding::valueAt(parameter, 0.5);
    }
    return full;
}

Setting movedValues(const SearchSpace& space, const Setting& values, const ExploreAxis& axis,
                    double position) {
    const Parameter* parameter = space.find(axis.parameter);
    Setting moved = values;
    if (parameter != nullptr) {
        const auto present = values.find(axis.parameter);
        moved[axis.parameter] = valueAtPosition(*parameter, axis, position,
                                                present == values.end() ? Value(0.0) : present->second);
    }
    return moved;
}

} // namespace alidade
