#include "plots/ticks.h"

#include "plots/number_text.h"

#include <algorithm>
#include <cmath>

namespace alidade {

double niceStep(double span, int count) {
    const double raw = span / std::max(1, count);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (factor * power >= raw * (1.0 - 1e-9))
            return factor * power;
    return 10.0 * power;
}

AxisRange niceRange(AxisRange range, int count) {
    if (!(range.span() > 0.0))
        return range;
    const double step = niceStep(range.span(), count);
    return {std::floor(range.low / step + 1e-9) * step, std::ceil(range.high / step - 1e-9) * step};
}

namespace {

constexpr double kTolerance = 1e-9; // of a step

int exponentOfStep(double step) {
    return static_cast<int>(std::floor(std::log10(step) + 1e-9));
}

/// Multiples of step inside the range, without summing up.
std::vector<double> multiples(AxisRange range, double step) {
    std::vector<double> values;
    const double first = std::ceil(range.low / step - kTolerance);
    const double last = std::floor(range.high / step + kTolerance);
    if (last - first > 10000.0)
        return values;
    for (double k = first; k <= last; ++k)
        values.push_back(k == 0.0 ? 0.0 : k * step);
    return values;
}

void labelLinear(TickSet& ticks, const std::vector<double>& values, double step, const QLocale& locale) {
    double largest = 0.0;
    for (const double value : values)
        largest = std::max(largest, std::abs(value));
    const int stepExponent = exponentOfStep(step);
    const bool power = largest >= 1e6 || (largest > 0.0 && largest < 1e-3);
    ticks.exponent = power ? static_cast<int>(std::floor(std::log10(largest) + kTolerance)) : 0;
    const int decimals = std::max(0, ticks.exponent - stepExponent);
    const double unit = std::pow(10.0, ticks.exponent);
    for (const double value : values)
        ticks.major.push_back({value, formatFixed(value / unit, decimals, locale)});
}

TickSet linearTicks(AxisRange range, int count, bool whole, const QLocale& locale) {
    TickSet ticks;
    double step = niceStep(range.span(), count);
    if (whole)
        step = std::max(1.0, step);
    std::vector<double> values = multiples(range, step);
    // A single label says nothing about the scale.
    while (values.size() < 2 && !(whole && step <= 1.0)) {
        step = niceStep(step, 3); // the next smaller of 1, 2, 5
        values = multiples(range, step);
    }
    labelLinear(ticks, values, step, locale);
    const double mantissa = step / std::pow(10.0, exponentOfStep(step));
    const double minorStep = std::abs(mantissa - 2.0) < 0.1 ? step / 4.0 : step / 5.0;
    if (whole && (minorStep < 1.0 || std::abs(minorStep - std::round(minorStep)) > kTolerance))
        return ticks;
    for (const double value : multiples(range, minorStep))
        if (std::abs(value / step - std::round(value / step)) > 1e-6)
            ticks.minor.push_back(value);
    return ticks;
}

bool inside(AxisRange range, double value) {
    return value >= range.low * (1.0 - kTolerance) && value <= range.high * (1.0 + kTolerance);
}

/// "0.01" where all labels are readable so, else powers of ten.
void labelLog(TickSet& ticks, const std::vector<double>& values, const QLocale& locale) {
    if (values.empty())
        return;
    const bool plain = values.front() >= 0.9e-3 && values.back() <= 1.1e4;
    for (const double value : values) {
        const int exponent = static_cast<int>(std::floor(std::log10(value) + kTolerance));
        const QString label =
            plain ? formatFixed(value, std::max(0, -exponent), locale)
                  : formatPower(std::round(value / std::pow(10.0, exponent)), 0, exponent, locale);
        ticks.major.push_back({value, label});
    }
}

TickSet logTicks(AxisRange range, int count, const QLocale& locale) {
    const int first = static_cast<int>(std::ceil(std::log10(range.low) - kTolerance));
    const int last = static_cast<int>(std::floor(std::log10(range.high) + kTolerance));
    std::vector<double> oneTwoFive;
    std::vector<double> digits;
    for (int p = first - 1; p <= last; ++p)
        for (int digit = 1; digit <= 9; ++digit) {
            const double value = p < 0 ? digit / std::pow(10.0, -p) : digit * std::pow(10.0, p);
            if (!inside(range, value))
                continue;
            digits.push_back(value);
            if (digit == 1 || digit == 2 || digit == 5)
                oneTwoFive.push_back(value);
        }
    TickSet ticks;
    const int decades = last - first + 1;
    std::vector<double> values;
    int stride = 1;
    if (static_cast<int>(oneTwoFive.size()) <= count && oneTwoFive.size() >= 3) {
        values = oneTwoFive;
    } else if (decades >= 2) {
        while ((decades + stride - 1) / stride > count)
            ++stride;
        for (int p = first; p <= last; ++p)
            if (((p % stride) + stride) % stride == 0)
                values.push_back(p < 0 ? 1.0 / std::pow(10.0, -p) : std::pow(10.0, p));
        if (stride > 1) {
            digits.clear();
            for (int p = first; p <= last; ++p)
                digits.push_back(std::pow(10.0, p));
        }
    } else if (oneTwoFive.size() >= 3) {
        // One decade at a small size: its ends, or whatever lies there, rather than crowded labels.
        values = {oneTwoFive.front(), oneTwoFive.back()};
    } else {
        return linearTicks(range, count, false, locale);
    }
    labelLog(ticks, values, locale);
    for (const double value : digits) {
        const auto same = [value](double other) { return std::abs(other / value - 1.0) < 1e-6; };
        if (std::none_of(values.begin(), values.end(), same))
            ticks.minor.push_back(value);
    }
    return ticks;
}

TickSet logitTicks(AxisRange range, int count, const QLocale& locale) {
    constexpr int kDecades = 6;
    std::vector<std::pair<double, int>> candidates; // value, decimals
    for (int p = kDecades; p >= 1; --p)
        candidates.emplace_back(std::pow(10.0, -p), p);
    candidates.emplace_back(0.5, 1);
    for (int p = 1; p <= kDecades; ++p)
        candidates.emplace_back(1.0 - std::pow(10.0, -p), p);
    std::erase_if(candidates, [&](const auto& c) { return c.first < range.low || c.first > range.high; });
    if (candidates.size() < 3)
        return linearTicks(range, count, false, locale);
    TickSet ticks;
    const std::size_t stride =
        (candidates.size() + static_cast<std::size_t>(count) - 1) / static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (i % stride == 0)
            ticks.major.push_back(
                {candidates[i].first, formatFixed(candidates[i].first, candidates[i].second, locale)});
        else
            ticks.minor.push_back(candidates[i].first);
    }
    return ticks;
}

} // namespace

TickSet computeTicks(const AxisSpec& spec, AxisRange range, int count, const QLocale& locale) {
    count = std::max(2, count);
    if (spec.kind == AxisKind::Category) {
        TickSet ticks;
        for (qsizetype i = 0; i < spec.categories.size(); ++i)
            if (static_cast<double>(i) >= range.low && static_cast<double>(i) <= range.high)
                ticks.major.push_back({static_cast<double>(i), spec.categories.at(i)});
        return ticks;
    }
    if (!(range.span() > 0.0) || !std::isfinite(range.span()))
        return {};
    switch (spec.kind) {
    case AxisKind::Log: return logTicks(range, count, locale);
    case AxisKind::Logit: return logitTicks(range, count, locale);
    default: return linearTicks(range, count, spec.kind == AxisKind::Integer, locale);
    }
}

} // namespace alidade
