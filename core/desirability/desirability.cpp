#include "desirability/desirability.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alidade {

namespace {

constexpr int kMissingSamples = 100;
constexpr double kSteepestShare = 1e-12;

Error invalid(std::string message, std::string context) {
    return makeError(ErrorCode::InvalidConfiguration, std::move(message), std::move(context));
}

Result<void> checkRange(double low, double high) {
    if (!std::isfinite(low))
        return invalid("the limit must be a finite number", "low");
    if (!std::isfinite(high))
        return invalid("the limit must be a finite number", "high");
    if (!(low < high))
        return invalid("the upper limit " + formatDouble(high) + " must be above the lower limit " +
                           formatDouble(low),
                       "high");
    if (std::isinf(high - low))
        return invalid("the range is too wide for a number", "high");
    return {};
}

Result<void> checkScale(double scale, const char* key) {
    if (!std::isfinite(scale) || scale <= 0.0)
        return invalid("the scale must be a finite number above 0", key);
    return {};
}

Result<void> checkShare(double value, const std::string& key) {
    if (!(value >= 0.0 && value <= 1.0))
        return invalid("a desirability must lie between 0 and 1", key);
    return {};
}

std::string indexed(const char* key, std::size_t index) {
    return std::string(key) + "[" + std::to_string(index) + "]";
}

struct CheckShape {
    template <typename Ramp> // max or min
    Result<void> operator()(const Ramp& ramp) const {
        ALIDADE_CHECK(checkRange(ramp.low, ramp.high));
        return checkScale(ramp.scale, "scale");
    }
    Result<void> operator()(const DesirabilityTarget& shape) const {
        ALIDADE_CHECK(checkRange(shape.low, shape.high));
        if (!(shape.low < shape.target && shape.target < shape.high))
            return invalid("the target must lie strictly between the limits " + formatDouble(shape.low) +
                               " and " + formatDouble(shape.high),
                           "target");
        ALIDADE_CHECK(checkScale(shape.lowScale, "low_scale"));
        return checkScale(shape.highScale, "high_scale");
    }
    Result<void> operator()(const DesirabilityBox& shape) const { return checkRange(shape.low, shape.high); }
    Result<void> operator()(const DesirabilityCustom& shape) const {
        if (shape.x.size() != shape.d.size())
            return invalid("there are " + std::to_string(shape.x.size()) + " values of x but " +
                               std::to_string(shape.d.size()) + " of d; give a pair for each knot",
                           "d");
        for (std::size_t i = 0; i < shape.x.size(); ++i) {
            if (!std::isfinite(shape.x[i]))
                return invalid("a knot must be a finite number", indexed("x", i));
            ALIDADE_CHECK(checkShare(shape.d[i], indexed("d", i)));
            if (std::count(shape.x.begin(), shape.x.end(), shape.x[i]) > 2)
                return invalid("the value occurs more than twice; a step needs two knots", indexed("x", i));
        }
        const auto [low, high] = std::minmax_element(shape.x.begin(), shape.x.end());
        if (shape.x.empty() || *low == *high)
            return invalid("a custom curve needs knots at two different values at least", "x");
        if (std::isinf(*high - *low))
            return invalid("the range is too wide for a number", "x");
        return {};
    }
    Result<void> operator()(const DesirabilityCategories& shape) const {
        if (shape.values.size() < 2)
            return invalid("give a desirability for two levels at least", "values");
        for (const auto& [level, value] : shape.values) {
            if (level.empty())
                return invalid("a level needs a name", "values");
            ALIDADE_CHECK(checkShare(value, "values[\"" + level + "\"]"));
        }
        return {};
    }
};

double interpolated(const Desirability::Piece& piece, double y) {
    // Both shares from their own end: no digit is lost near either of them.
    const double width = piece.to - piece.from;
    const double base = piece.start * ((piece.to - y) / width) + piece.end * ((y - piece.from) / width);
    return std::clamp(base, 0.0, 1.0);
}

double raised(double base, double exponent) {
    return exponent == 1.0 ? base : std::pow(base, exponent);
}

std::vector<Desirability::Piece> customPieces(const DesirabilityCustom& shape, double& left, double& right) {
    std::vector<std::size_t> order(shape.x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return shape.x[a] < shape.x[b]; });
    left = shape.d[order.front()];
    right = shape.d[order.back()];
    std::vector<Desirability::Piece> pieces;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        const std::size_t here = order[i];
        const std::size_t next = order[i + 1];
        if (shape.x[here] < shape.x[next])
            pieces.push_back({shape.x[here], shape.x[next], shape.d[here], shape.d[next], 1.0});
    }
    return pieces;
}

} // namespace

Result<void> validateDesirability(const DesirabilityFunction& function) {
    ALIDADE_CHECK(std::visit(CheckShape{}, function.shape));
    if (function.missing)
        ALIDADE_CHECK(checkShare(*function.missing, "missing"));
    if (function.tolerance)
        ALIDADE_CHECK(checkShare(*function.tolerance, "tolerance"));
    if (!std::isfinite(function.weight) || function.weight <= 0.0)
        return invalid("the weight must be a finite number above 0", "weight");
    return {};
}

Result<Desirability> Desirability::make(const DesirabilityFunction& function) {
    ALIDADE_CHECK(validateDesirability(function));
    Desirability made;
    made.m_tolerance = function.tolerance.value_or(0.0);
    made.m_weight = function.weight;
    if (const auto* max = std::get_if<DesirabilityMax>(&function.shape)) {
        made.m_right = 1.0;
        made.m_pieces = {{max->low, max->high, 0.0, 1.0, max->scale}};
    } else if (const auto* min = std::get_if<DesirabilityMin>(&function.shape)) {
        made.m_left = 1.0;
        made.m_pieces = {{min->low, min->high, 1.0, 0.0, min->scale}};
    } else if (const auto* target = std::get_if<DesirabilityTarget>(&function.shape)) {
        made.m_pieces = {{target->low, target->target, 0.0, 1.0, target->lowScale},
                         {target->target, target->high, 1.0, 0.0, target->highScale}};
    } else if (const auto* box = std::get_if<DesirabilityBox>(&function.shape)) {
        made.m_closedRight = true;
        made.m_pieces = {{box->low, box->high, 1.0, 1.0, 1.0}};
    } else if (const auto* custom = std::get_if<DesirabilityCustom>(&function.shape)) {
        made.m_pieces = customPieces(*custom, made.m_left, made.m_right);
    } else {
        made.m_levels = std::get<DesirabilityCategories>(function.shape).values;
    }
    double sum = 0.0;
    for (const auto& [level, value] : made.m_levels)
        sum += value;
    if (!made.m_levels.empty()) {
        made.m_missing = sum / static_cast<double>(made.m_levels.size());
    } else {
        const double low = made.m_pieces.front().from;
        const double high = made.m_pieces.back().to;
        for (int i = 0; i < kMissingSamples; ++i) {
            const double share = static_cast<double>(i) / (kMissingSamples - 1);
            sum += made.exactValue(i + 1 < kMissingSamples ? low + share * (high - low) : high);
        }
        made.m_missing = sum / kMissingSamples;
    }
    made.m_missing = function.missing.value_or(made.m_missing);
    return made;
}

const Desirability::Piece* Desirability::pieceAt(double y) const {
    const auto after = std::upper_bound(m_pieces.begin(), m_pieces.end(), y,
                                        [](double at, const Piece& piece) { return at < piece.from; });
    if (after == m_pieces.begin())
        return nullptr;
    const Piece& piece = *std::prev(after);
    return y < piece.to || (m_closedRight && y == piece.to) ? &piece : nullptr;
}

double Desirability::exactValue(double y) const {
    if (const Piece* piece = pieceAt(y))
        return raised(interpolated(*piece, y), piece->exponent);
    return y < m_pieces.front().from ? m_left : m_right;
}

double Desirability::value(double y) const {
    if (isCategorical())
        return std::nan("");
    return std::max(std::isnan(y) ? m_missing : exactValue(y), m_tolerance);
}

Result<double> Desirability::value(const DesirabilityInput& input) const {
    if (std::holds_alternative<std::monostate>(input))
        return std::max(m_missing, m_tolerance);
    if (const auto* number = std::get_if<double>(&input)) {
        if (isCategorical() && !std::isnan(*number))
            return makeError(ErrorCode::InvalidArgument,
                             "a number where one of the levels is expected; give the level's name");
        return isCategorical() ? std::max(m_missing, m_tolerance) : value(*number);
    }
    const auto& name = std::get<std::string>(input);
    if (!isCategorical())
        return makeError(ErrorCode::InvalidArgument, "the level \"" + name + "\" where a number is expected");
    const auto level = m_levels.find(name);
    if (level == m_levels.end()) {
        std::vector<std::string> known;
        for (const auto& [other, d] : m_levels)
            known.push_back(other);
        return makeError(ErrorCode::UnknownName,
                         "there is no level \"" + name + "\"" + didYouMean(name, known));
    }
    return std::max(level->second, m_tolerance);
}

void Desirability::values(std::span<const double> y, std::span<double> d) const {
    std::transform(y.begin(), y.end(), d.begin(), [this](double at) { return value(at); });
}

double Desirability::derivative(double y) const {
    const Piece* piece = std::isnan(y) ? nullptr : pieceAt(y);
    if (!piece || exactValue(y) < m_tolerance)
        return 0.0;
    const double slope = (piece->end - piece->start) / (piece->to - piece->from);
    if (piece->exponent == 1.0 || slope == 0.0)
        return slope;
    double base = interpolated(*piece, y);
    if (piece->exponent < 1.0)
        base = std::max(base, kSteepestShare);
    return slope * piece->exponent * std::pow(base, piece->exponent - 1.0);
}

std::optional<double> scaleThrough(double u, double d) {
    if (!(u > 0.0 && u < 1.0 && d > 0.0 && d < 1.0))
        return std::nullopt;
    return std::log(d) / std::log(u);
}

} // namespace alidade
