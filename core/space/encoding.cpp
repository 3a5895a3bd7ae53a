#include "space/encoding.h"

#include "base/text.h"
#include "space/simplex.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

constexpr std::size_t kListedLevels = 1024;

double logit(double p) {
    return std::log(p) - std::log1p(-p);
}

double scaled(double value, double low, double high, Scale scale) {
    switch (scale) {
    case Scale::Linear: return (value - low) / (high - low);
    case Scale::Log: return std::log(value / low) / std::log(high / low);
    case Scale::Logit: return (logit(value) - logit(low)) / (logit(high) - logit(low));
    }
    return 0.0;
}

double unscaled(double position, double low, double high, Scale scale) {
    switch (scale) {
    case Scale::Linear: return low + position * (high - low);
    case Scale::Log: return low * std::exp(position * std::log(high / low));
    case Scale::Logit: return 1.0 / (1.0 + std::exp(-(logit(low) + position * (logit(high) - logit(low)))));
    }
    return 0.0;
}

/// The double nearest to value with so many decimals (negative: to so many zeros before the point).
double rounded(double value, int decimals) {
    // Powers of ten up to here, whole numbers up to 2^53 and their quotients and products are correctly
    // rounded: the same double as by way of a text, in a tenth of the time.
    static constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    constexpr double kWhole = 9007199254740992.0;
    const auto magnitude = static_cast<std::size_t>(std::abs(decimals));
    if (magnitude < kPowers.size()) {
        const double power = kPowers[magnitude];
        const double whole = std::round(decimals >= 0 ? value * power : value / power);
        if (std::abs(whole) < kWhole)
            return decimals >= 0 ? whole / power : whole * power;
    }
    if (decimals < 0) {
        const double power = std::pow(10.0, -decimals);
        return std::round(value / power) * power;
    }
    char buffer[700];
    const auto [end, status] =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
    double result = value;
    if (status == std::errc{})
        std::from_chars(buffer, end, result);
    return result;
}

int exponentOf(double value) {
    return static_cast<int>(std::floor(std::log10(value)));
}

/// The nearest short decimal, see valueAt().
double decimal(double value, const RealRange& range) {
    constexpr int kDigits = 12;
    double result = value;
    if (range.scale == Scale::Linear)
        result = rounded(value, kDigits - 1 - exponentOf(range.high - range.low));
    else if (range.scale == Scale::Logit && value > 0.5)
        result = rounded(value, kDigits + 3);
    else if (value > 0.0)
        result = rounded(value, kDigits - 1 - exponentOf(value));
    return std::clamp(result, range.low, range.high);
}

std::size_t choiceIndex(const std::vector<Value>& choices, const Value& value) {
    const auto found = std::find(choices.begin(), choices.end(), value);
    return found == choices.end() ? 0 : static_cast<std::size_t>(found - choices.begin());
}

std::size_t roundedIndex(double value, std::size_t count) {
    const double last = static_cast<double>(count - 1);
    return static_cast<std::size_t>(std::clamp(std::floor(value + 0.5), 0.0, last));
}

double asDouble(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    const auto* real = std::get_if<double>(&value);
    return real ? *real : 0.0;
}

/// Shares as short decimals that still add up: the largest one takes the rounding.
std::vector<double> decimalShares(const MixtureParts& mixture, std::vector<double> shares) {
    const RealRange grid{0.0, mixture.total, Scale::Linear, std::nullopt};
    const auto largest =
        static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin());
    double others = 0.0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (i == largest)
            continue;
        shares[i] = std::clamp(decimal(shares[i], grid), lowestShare(mixture, i), highestShare(mixture, i));
        others += shares[i];
    }
    shares[largest] = std::clamp(decimal(mixture.total - others, grid), lowestShare(mixture, largest),
                                 highestShare(mixture, largest));
    return shares;
}

} // namespace

double Encoding::position(const Parameter& parameter, const Value& value) {
    if (const auto* range = std::get_if<RealRange>(&parameter.domain))
        return std::clamp(scaled(asDouble(value), range->low, range->high, range->scale), 0.0, 1.0);
    if (const auto* range = std::get_if<IntegerRange>(&parameter.domain))
        return std::clamp(scaled(asDouble(value), static_cast<double>(range->low),
                                 static_cast<double>(range->high), range->scale),
                          0.0, 1.0);
    const auto ranked = [&](const std::vector<Value>& choices) {
        return static_cast<double>(choiceIndex(choices, value)) / static_cast<double>(choices.size() - 1);
    };
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&parameter.domain))
        return ranked(ordinal->choices);
    if (const auto* categorical = std::get_if<CategoricalChoices>(&parameter.domain))
        return ranked(categorical->choices);
    return 0.5;
}

double Encoding::slopeAt(const RealRange& range, double value) {
    switch (range.scale) {
    case Scale::Linear: return range.high - range.low;
    case Scale::Log: return value * std::log(range.high / range.low);
    case Scale::Logit: return value * (1.0 - value) * (logit(range.high) - logit(range.low));
    }
    return 0.0;
}

Value Encoding::valueAt(const Parameter& parameter, double position) {
    const double p = std::clamp(std::isnan(position) ? 0.5 : position, 0.0, 1.0);
    if (const auto* range = std::get_if<RealRange>(&parameter.domain)) {
        const double value =
            std::clamp(unscaled(p, range->low, range->high, range->scale), range->low, range->high);
        return range->step ? nearestValue(parameter, value) : Value{decimal(value, *range)};
    }
    if (const auto* range = std::get_if<IntegerRange>(&parameter.domain))
        return nearestValue(parameter, unscaled(p, static_cast<double>(range->low),
                                                static_cast<double>(range->high), range->scale));
    const auto ranked = [&](const std::vector<Value>& choices) {
        return choices[roundedIndex(p * static_cast<double>(choices.size() - 1), choices.size())];
    };
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&parameter.domain))
        return ranked(ordinal->choices);
    if (const auto* categorical = std::get_if<CategoricalChoices>(&parameter.domain))
        return ranked(categorical->choices);
    const auto& mixture = std::get<MixtureParts>(parameter.domain);
    const double equal = mixture.total / static_cast<double>(mixture.parts.size());
    return decimalShares(mixture, projectedShares(mixture, std::vector<double>(mixture.parts.size(), equal)));
}

Encoding::Encoding(SearchSpace space) : m_space(std::move(space)) {
    if (auto order = topologicalOrder(m_space))
        m_order = std::move(order).value();
    for (const Parameter& parameter : m_space.parameters) {
        Coordinate coordinate;
        coordinate.parameter = parameter.id;
        coordinate.conditional = !parameter.conditions.empty();
        coordinate.label = parameter.name;
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain)) {
            coordinate.kind = CoordinateKind::Share;
            for (std::size_t part = 0; part < mixture->parts.size(); ++part) {
                coordinate.part = part;
                coordinate.label = parameter.name + "." + mixture->parts[part];
                m_coordinates.push_back(coordinate);
            }
            continue;
        }
        const auto count = valueCount(parameter.domain);
        if (count)
            coordinate.levels = static_cast<std::size_t>(*count);
        if (std::holds_alternative<CategoricalChoices>(parameter.domain)) {
            coordinate.kind = CoordinateKind::Category;
        } else if (count) {
            coordinate.kind = CoordinateKind::Discrete;
            for (std::uint64_t rank = 0; *count <= kListedLevels && rank < *count; ++rank)
                coordinate.positions.push_back(position(parameter, valueAtRank(parameter.domain, rank)));
        }
        m_coordinates.push_back(std::move(coordinate));
    }
}

Eigen::RowVectorXd Encoding::encode(const Setting& setting) const {
    Eigen::RowVectorXd point(dimension());
    for (Eigen::Index i = 0; i < dimension(); ++i) {
        const Coordinate& coordinate = m_coordinates[static_cast<std::size_t>(i)];
        const Parameter& parameter = *m_space.find(coordinate.parameter);
        const auto value = setting.find(coordinate.parameter);
        const bool active = value != setting.end();
        if (coordinate.kind == CoordinateKind::Category) {
            const auto& choices = std::get<CategoricalChoices>(parameter.domain).choices;
            point(i) = active ? static_cast<double>(choiceIndex(choices, value->second)) : 0.0;
        } else if (coordinate.kind == CoordinateKind::Share) {
            const auto& mixture = std::get<MixtureParts>(parameter.domain);
            const auto* shares = active ? std::get_if<std::vector<double>>(&value->second) : nullptr;
            point(i) = shares && coordinate.part < shares->size()
                           ? ((*shares)[coordinate.part] - lowestShare(mixture, coordinate.part)) /
                                 shareRoom(mixture)
                           : 1.0 / static_cast<double>(mixture.parts.size());
        } else {
            point(i) = active ? position(parameter, value->second) : 0.5;
        }
    }
    return point;
}

Eigen::RowVectorXd Encoding::activity(const Setting& setting) const {
    Eigen::RowVectorXd mask(dimension());
    for (Eigen::Index i = 0; i < dimension(); ++i)
        mask(i) = setting.contains(m_coordinates[static_cast<std::size_t>(i)].parameter) ? 1.0 : 0.0;
    return mask;
}

Setting Encoding::decode(const Eigen::RowVectorXd& point) const {
    Setting all;
    for (std::size_t i = 0; i < m_coordinates.size();) {
        const Coordinate& coordinate = m_coordinates[i];
        const Parameter& parameter = *m_space.find(coordinate.parameter);
        const double x = point(static_cast<Eigen::Index>(i));
        if (coordinate.kind == CoordinateKind::Category) {
            const auto& choices = std::get<CategoricalChoices>(parameter.domain).choices;
            all.emplace(parameter.id, choices[roundedIndex(x, choices.size())]);
            ++i;
        } else if (coordinate.kind == CoordinateKind::Share) {
            const auto& mixture = std::get<MixtureParts>(parameter.domain);
            std::vector<double> shares(mixture.parts.size());
            for (std::size_t part = 0; part < shares.size(); ++part)
                shares[part] = lowestShare(mixture, part) +
                               point(static_cast<Eigen::Index>(i + part)) * shareRoom(mixture);
            all.emplace(parameter.id, decimalShares(mixture, projectedShares(mixture, shares)));
            i += shares.size();
        } else {
            all.emplace(parameter.id, valueAt(parameter, x));
            ++i;
        }
    }
    if (std::none_of(m_coordinates.begin(), m_coordinates.end(),
                     [](const Coordinate& coordinate) { return coordinate.conditional; }))
        return all;
    Setting active;
    for (const ParameterId id : m_order)
        if (isActive(m_space, id, active))
            active.emplace(id, all.at(id));
    return active;
}

Eigen::RowVectorXd Encoding::rounded(const Eigen::RowVectorXd& point) const {
    return encode(decode(point));
}

std::string settingKey(const Setting& setting) {
    std::string key;
    key.reserve(setting.size() * (sizeof(ParameterId::value) + 1 + sizeof(double)));
    const auto append = [&](const void* bytes, std::size_t count) {
        key.append(static_cast<const char*>(bytes), count);
    };
    const auto appendNumber = [&](double number) {
        number += 0.0; // -0 is 0
        append(&number, sizeof number);
    };
    for (const auto& [id, value] : setting) {
        append(&id.value, sizeof id.value);
        key += static_cast<char>(value.index());
        if (const auto* real = std::get_if<double>(&value)) {
            appendNumber(*real);
        } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
            append(integer, sizeof *integer);
        } else if (const auto* flag = std::get_if<bool>(&value)) {
            key += *flag ? '1' : '0';
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            const std::size_t length = text->size();
            append(&length, sizeof length);
            key += *text;
        } else {
            for (const double share : std::get<std::vector<double>>(value))
                appendNumber(share);
        }
    }
    return key;
}

} // namespace alidade
