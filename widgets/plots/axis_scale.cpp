#include "plots/axis_scale.h"

#include "plots/number_text.h"
#include "plots/plot_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace alidade {

double toAxis(AxisKind kind, double value) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    switch (kind) {
    case AxisKind::Log: return value > 0.0 && std::isfinite(value) ? std::log10(value) : kNone;
    case AxisKind::Logit: return value > 0.0 && value < 1.0 ? std::log10(value / (1.0 - value)) : kNone;
    default: return std::isfinite(value) ? value : kNone;
    }
}

double fromAxis(AxisKind kind, double coordinate) {
    switch (kind) {
    case AxisKind::Log: return std::pow(10.0, coordinate);
    case AxisKind::Logit: return 1.0 / (1.0 + std::pow(10.0, -coordinate));
    default: return coordinate;
    }
}

QString axisTitle(const AxisSpec& spec, int exponent) {
    QString text = spec.title;
    QString unit = spec.unit;
    if (exponent != 0) {
        const QString power = QStringLiteral("10") + superscript(exponent);
        unit = unit.isEmpty() ? power : power + QChar(0x00a0) + unit;
    }
    if (!unit.isEmpty())
        text = PlotText::tr("%1 (%2)", "axis title, unit").arg(text, unit);
    if (spec.kind == AxisKind::Log)
        text = PlotText::tr("%1, log scale").arg(text);
    if (spec.kind == AxisKind::Logit)
        text = PlotText::tr("%1, logit scale").arg(text);
    return text;
}

AxisRange bulkRange(std::vector<double> values) {
    if (values.empty())
        return {0.0, 1.0};
    std::sort(values.begin(), values.end());
    const auto quantile = [&values](double p) {
        return values[static_cast<std::size_t>(std::lround(p * static_cast<double>(values.size() - 1)))];
    };
    const AxisRange all{values.front(), values.back()};
    constexpr std::size_t kEnough = 8;
    constexpr double kReach = 3.0; // interquartile ranges
    const double spread = quantile(0.75) - quantile(0.25);
    if (values.size() < kEnough || !(spread > 0.0))
        return all;
    AxisRange bulk{quantile(0.25) - kReach * spread, quantile(0.75) + kReach * spread};
    // End at data.
    bulk.low = *std::lower_bound(values.begin(), values.end(), bulk.low);
    bulk.high = *std::prev(std::upper_bound(values.begin(), values.end(), bulk.high));
    return all.span() > 2.0 * bulk.span() ? bulk : all;
}

} // namespace alidade
