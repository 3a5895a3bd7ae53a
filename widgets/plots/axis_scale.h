#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace alidade {

/// Integer is linear with ticks at whole numbers; Category places item i at i.
enum class AxisKind { Linear, Integer, Log, Logit, Category };

struct AxisRange {
    double low = 0.0;
    double high = 1.0;
    [[nodiscard]] double span() const { return high - low; }
    bool operator==(const AxisRange&) const = default;
};

/// What an axis shows. `limits` (user's units) fixes the range; otherwise it follows the data.
struct AxisSpec {
    QString title = {};
    QString unit = {};
    AxisKind kind = AxisKind::Linear;
    QStringList categories = {};
    std::optional<AxisRange> limits = {};
    bool tight = false; ///< no room beyond the limits (maps)
    bool operator==(const AxisSpec&) const = default;
};

/// User's value -> axis coordinate (value, log10 value, log10(value / (1 - value)), index) and back. NaN for
/// values the axis cannot show.
[[nodiscard]] double toAxis(AxisKind kind, double value);
[[nodiscard]] double fromAxis(AxisKind kind, double coordinate);

/// "learning rate (1/step), log scale"; with the labels' common power of ten: "size (10⁶ byte)".
[[nodiscard]] QString axisTitle(const AxisSpec& spec, int exponent = 0);

/// Range of values that shows the bulk: within 3 interquartile ranges of the quartiles, when the rest would
/// take more than half of the axis; all values otherwise. Values must be finite.
[[nodiscard]] AxisRange bulkRange(std::vector<double> values);

} // namespace alidade
