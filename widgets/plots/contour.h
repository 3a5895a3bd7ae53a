#pragma once

#include <QPolygonF>

#include <cstddef>
#include <vector>

namespace alidade {

/// Values on a rectangular grid: values[j * x.size() + i] at (x[i], y[j]); x and y strictly ascending. NaN
/// leaves a hole.
/// Between the corners of a cell, u and v in [0, 1] along x and y; a corner of weight 0 does not count, even
/// where it is NaN.
[[nodiscard]] inline double bilinear(double lowLow, double highLow, double lowHigh, double highHigh, double u,
                                     double v) {
    const auto part = [](double weight, double value) { return weight == 0.0 ? 0.0 : weight * value; };
    return part((1 - v) * (1 - u), lowLow) + part((1 - v) * u, highLow) + part(v * (1 - u), lowHigh) +
           part(v * u, highHigh);
}

struct GridField {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> values;

    [[nodiscard]] double at(std::size_t i, std::size_t j) const { return values[j * x.size() + i]; }
    [[nodiscard]] bool empty() const { return values.empty(); }
    /// Bilinear; NaN outside the grid or beside a hole.
    [[nodiscard]] double interpolated(double px, double py) const;
    /// Smallest and largest finite value; {0, 1} when there is none, widened when they are equal.
    [[nodiscard]] std::pair<double, double> valueRange() const;
    bool operator==(const GridField&) const = default;
};

/// Lines on which the field, interpolated linearly along the grid's edges, equals `level` (marching squares;
/// the average of the corners decides a saddle). Closed lines end where they began. Cost O(cells).
[[nodiscard]] std::vector<QPolygonF> isolines(const GridField& field, double level);

/// Multiples of a 1-2-5 step strictly inside (low, high), about `count`.
[[nodiscard]] std::vector<double> isolineLevels(double low, double high, int count);

} // namespace alidade
