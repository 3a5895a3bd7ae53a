#include "belief/axis_density.h"

#include "math/normal.h"
#include "space/encoding.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr std::size_t kCells = 512;
/// Beta densities may be infinite at the ends.
constexpr double kInside = 1e-4;

double onScale(Scale scale, double value) {
    switch (scale) {
    case Scale::Linear: return value;
    case Scale::Log: return std::log(std::max(value, 1e-300));
    case Scale::Logit: {
        const double inside = std::clamp(value, 1e-15, 1.0 - 1e-15);
        return std::log(inside) - std::log1p(-inside);
    }
    }
    return value;
}

struct AxisRange {
    Scale scale = Scale::Linear;
    double low = 0.0;
    double high = 1.0;
};

AxisRange axisRange(const Parameter& parameter) {
    if (const auto* real = std::get_if<RealRange>(&parameter.domain))
        return {real->scale, real->low, real->high};
    if (const auto* whole = std::get_if<IntegerRange>(&parameter.domain))
        return {whole->scale, static_cast<double>(whole->low), static_cast<double>(whole->high)};
    return {};
}

std::vector<Value> choicesOf(const Parameter& parameter) {
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&parameter.domain))
        return ordinal->choices;
    if (const auto* category = std::get_if<CategoricalChoices>(&parameter.domain))
        return category->choices;
    return {};
}

} // namespace

double scaleWidth(const Parameter& parameter) {
    const AxisRange range = axisRange(parameter);
    const double width = onScale(range.scale, range.high) - onScale(range.scale, range.low);
    return width > 0.0 ? width : 1.0;
}

double scalePosition(const Parameter& parameter, double value) {
    const AxisRange range = axisRange(parameter);
    return (onScale(range.scale, value) - onScale(range.scale, range.low)) / scaleWidth(parameter);
}

double numberAtPosition(const Parameter& parameter, double position) {
    const AxisRange range = axisRange(parameter);
    if (position <= 0.0)
        return range.low;
    if (position >= 1.0)
        return range.high;
    const double at = onScale(range.scale, range.low) + position * scaleWidth(parameter);
    switch (range.scale) {
    case Scale::Linear: return at;
    case Scale::Log: return std::exp(at);
    case Scale::Logit: return 1.0 / (1.0 + std::exp(-at));
    }
    return at;
}

AxisDensity::AxisDensity(const Parameter& parameter, const Density& density)
    : m_parameter(parameter), m_choices(choicesOf(parameter)) {
    if (const auto* normal = std::get_if<NormalDensity>(&density)) {
        m_center = scalePosition(parameter, normal->center);
        m_spread = normal->spread / scaleWidth(parameter);
        m_from = normal->low ? std::clamp(scalePosition(parameter, *normal->low), 0.0, 1.0) : 0.0;
        m_to = normal->high ? std::clamp(scalePosition(parameter, *normal->high), m_from, 1.0) : 1.0;
        m_logNormaliser = std::log(m_spread) +
                          logNormalInterval((m_from - m_center) / m_spread, (m_to - m_center) / m_spread);
    } else if (const auto* uniform = std::get_if<UniformDensity>(&density)) {
        m_from = std::clamp(scalePosition(parameter, uniform->low), 0.0, 1.0);
        m_to = std::clamp(scalePosition(parameter, uniform->high), 0.0, 1.0);
        m_logNormaliser = std::log(std::max(m_to - m_from, 1e-12));
        m_flat = m_from <= 1e-9 && m_to >= 1.0 - 1e-9;
    } else if (const auto* beta = std::get_if<BetaDensity>(&density)) {
        m_alpha = beta->alpha;
        m_beta = beta->beta;
        m_logNormaliser = std::lgamma(m_alpha) + std::lgamma(m_beta) - std::lgamma(m_alpha + m_beta);
        m_flat = m_alpha == 1.0 && m_beta == 1.0;
    } else if (const auto* drawn = std::get_if<DrawnDensity>(&density)) {
        for (std::size_t i = 0; i < drawn->x.size(); ++i) {
            m_knots.push_back(scalePosition(parameter, drawn->x[i]));
            m_heights.push_back(drawn->height[i]);
        }
    } else if (const auto* weights = std::get_if<ChoiceWeights>(&density)) {
        double total = 0.0;
        for (const Value& choice : m_choices)
            if (const auto found = weights->weights.find(formatValue(choice));
                found != weights->weights.end())
                total += found->second;
        for (const Value& choice : m_choices) {
            const auto found = weights->weights.find(formatValue(choice));
            const double share =
                found == weights->weights.end() || total <= 0.0 ? 0.0 : found->second / total;
            m_logOfChoice.push_back(
                std::max(std::log(share * static_cast<double>(m_choices.size())), kLogRatioFloor));
        }
    }
    tabulate();
}

/// Cells for quantiles; a normal density has them where it is, however narrow. Choices under another density
/// than weights take its ratio at their position.
void AxisDensity::tabulate() {
    if (!m_choices.empty() && m_logOfChoice.empty()) {
        double total = 0.0;
        std::vector<double> ratios;
        for (const Value& choice : m_choices) {
            const double position = std::clamp(Encoding::position(m_parameter, choice), 0.0, 1.0);
            ratios.push_back(std::exp(rawLogRatio(position)));
            total += ratios.back();
        }
        for (const double ratio : ratios)
            m_logOfChoice.push_back(
                std::max(std::log(ratio * static_cast<double>(m_choices.size()) / std::max(total, 1e-300)),
                         kLogRatioFloor));
    }
    double lowest = 0.0;
    double highest = 0.0;
    if (!m_choices.empty()) {
        double sum = 0.0;
        m_cumulative.push_back(0.0);
        for (const double ratio : m_logOfChoice) {
            sum += std::exp(ratio);
            m_cumulative.push_back(sum);
            lowest = std::min(lowest, ratio);
            highest = std::max(highest, ratio);
        }
        for (double& share : m_cumulative)
            share /= sum;
        m_flat = highest - lowest < 1e-9;
        return;
    }
    double from = m_from;
    double to = m_to;
    if (m_spread > 0.0) {
        from = std::clamp(m_center - 8.0 * m_spread, m_from, m_to);
        to = std::clamp(m_center + 8.0 * m_spread, m_from, m_to);
        if (!(from < to)) { // all of it is a tail
            from = m_from;
            to = m_to;
        }
    }
    for (std::size_t i = 0; i <= kCells; ++i)
        m_cellPositions.push_back(from + (to - from) * static_cast<double>(i) / kCells);
    if (!m_knots.empty()) {
        // Normalised over the range: exactly by trapezoids between knots and the ends.
        std::vector<double> places{0.0, 1.0};
        for (const double knot : m_knots)
            if (knot > 0.0 && knot < 1.0)
                places.push_back(knot);
        std::sort(places.begin(), places.end());
        double area = 0.0;
        for (std::size_t i = 1; i < places.size(); ++i) {
            // From inside the piece: a jump between two knots at one place belongs to neither side.
            const double width = places[i] - places[i - 1];
            area += width * std::exp(rawLogRatio(0.5 * (places[i] + places[i - 1])));
        }
        m_logNormaliser = std::log(std::max(area, 1e-300));
        const auto [low, high] = std::minmax_element(m_heights.begin(), m_heights.end());
        m_flat = *high - *low <= 1e-9 * *high && m_knots.front() <= 1e-9 && m_knots.back() >= 1.0 - 1e-9;
    }
    m_cumulative.push_back(0.0);
    for (std::size_t i = 0; i < kCells; ++i)
        m_cumulative.push_back(m_cumulative.back() +
                               std::exp(rawLogRatio(0.5 * (m_cellPositions[i] + m_cellPositions[i + 1]))));
    const double sum = m_cumulative.back();
    for (std::size_t i = 0; i < m_cumulative.size(); ++i)
        m_cumulative[i] = sum > 0.0 ? m_cumulative[i] / sum : static_cast<double>(i) / kCells;
}

double AxisDensity::rawLogRatio(double position) const {
    if (m_spread > 0.0) {
        if (position < m_from || position > m_to)
            return kLogRatioFloor;
        return logNormalPdf((position - m_center) / m_spread) - m_logNormaliser;
    }
    if (m_alpha > 0.0) {
        const double inside = std::clamp(position, kInside, 1.0 - kInside);
        return (m_alpha - 1.0) * std::log(inside) + (m_beta - 1.0) * std::log1p(-inside) - m_logNormaliser;
    }
    if (!m_knots.empty()) {
        if (position < m_knots.front() || position > m_knots.back())
            return kLogRatioFloor;
        const auto above = std::upper_bound(m_knots.begin(), m_knots.end(), position);
        const auto k =
            std::clamp<std::size_t>(static_cast<std::size_t>(above - m_knots.begin()), 1, m_knots.size() - 1);
        const double width = m_knots[k] - m_knots[k - 1];
        const double share = width > 0.0 ? (position - m_knots[k - 1]) / width : 1.0;
        const double height = m_heights[k - 1] + share * (m_heights[k] - m_heights[k - 1]);
        return (height > 0.0 ? std::log(height) : kLogRatioFloor) - m_logNormaliser;
    }
    return position < m_from || position > m_to ? kLogRatioFloor : -m_logNormaliser;
}

double AxisDensity::logRatioAt(double position) const {
    if (!m_choices.empty()) {
        const double last = static_cast<double>(m_choices.size() - 1);
        const auto choice = static_cast<std::size_t>(std::lround(std::clamp(position, 0.0, 1.0) * last));
        return m_logOfChoice[choice];
    }
    return m_flat ? 0.0 : std::max(rawLogRatio(std::clamp(position, 0.0, 1.0)), kLogRatioFloor);
}

double AxisDensity::logRatio(const Value& value) const {
    if (!m_choices.empty()) {
        const auto found = std::find(m_choices.begin(), m_choices.end(), value);
        return found == m_choices.end() ? kLogRatioFloor
                                        : m_logOfChoice[static_cast<std::size_t>(found - m_choices.begin())];
    }
    return logRatioAt(Encoding::position(m_parameter, value));
}

Value AxisDensity::quantile(double u) const {
    const auto above = std::upper_bound(m_cumulative.begin() + 1, m_cumulative.end() - 1, u);
    const auto cell = static_cast<std::size_t>(above - m_cumulative.begin()) - 1;
    if (!m_choices.empty())
        return m_choices[cell];
    const double width = m_cumulative[cell + 1] - m_cumulative[cell];
    const double share = width > 0.0 ? std::clamp((u - m_cumulative[cell]) / width, 0.0, 1.0) : 0.5;
    return Encoding::valueAt(m_parameter, m_cellPositions[cell] +
                                              share * (m_cellPositions[cell + 1] - m_cellPositions[cell]));
}

Value AxisDensity::mode() const {
    if (!m_choices.empty()) {
        const auto best = std::max_element(m_logOfChoice.begin(), m_logOfChoice.end());
        return m_choices[static_cast<std::size_t>(best - m_logOfChoice.begin())];
    }
    if (m_spread > 0.0)
        return Encoding::valueAt(m_parameter, std::clamp(m_center, m_from, m_to));
    double best = 0.5 * (m_from + m_to);
    for (const double position : m_cellPositions)
        if (rawLogRatio(position) > rawLogRatio(best) + 1e-12)
            best = position;
    return Encoding::valueAt(m_parameter, best);
}

} // namespace alidade
