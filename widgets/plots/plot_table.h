#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace alidade {

/// The data behind a plot, in long form: one row per value of a series. Cells are locale-free text.
struct PlotTable {
    QStringList header;
    std::vector<QStringList> rows;
    bool operator==(const PlotTable&) const = default;
};

/// RFC 4180 with a header row and \n line ends.
[[nodiscard]] QString toCsv(const PlotTable& table);

/// Shortest text that reads back to the same number; empty for NaN.
[[nodiscard]] QString csvNumber(double value);

} // namespace alidade
