#pragma once

#include "plots/axis_scale.h"

#include <QLocale>
#include <QString>

#include <vector>

namespace alidade {

struct Tick {
    double value = 0.0; ///< user's units
    QString label;
};

struct TickSet {
    std::vector<Tick> major;
    std::vector<double> minor;
    int exponent = 0; ///< labels are multiples of 10^exponent, which belongs into the axis title
};

/// Largest of 1, 2, 5 times a power of ten that gives about `count` steps and never more than count + 1
/// ticks.
[[nodiscard]] double niceStep(double span, int count);

/// Ticks inside [low, high] (user's units, low < high), at most about `count` (>= 2) labels: multiples of
/// 1-2-5 steps; decades with 2 ... 9 between them on log axes, 1-2-5 within few decades, plain steps within
/// one; all items of a category axis. Labels share decimals and notation; below 10^-3
/// and from 10^6 on linear axes they also share a power of ten.
[[nodiscard]] TickSet computeTicks(const AxisSpec& spec, AxisRange range, int count,
                                   const QLocale& locale = QLocale());

/// A range that contains [low, high] and ends on nice numbers, for axes that follow the data.
[[nodiscard]] AxisRange niceRange(AxisRange range, int count);

} // namespace alidade
