#include "plots/plot_table.h"

#include "base/text.h"

#include <cmath>

namespace alidade {

namespace {

QString csvLine(const QStringList& cells) {
    QStringList quoted;
    for (QString cell : cells) {
        if (cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')) ||
            cell.contains(QLatin1Char('\n'))) {
            cell.replace(QLatin1Char('"'), QStringLiteral("\"\""));
            cell = QLatin1Char('"') + cell + QLatin1Char('"');
        }
        quoted.append(cell);
    }
    return quoted.join(QLatin1Char(',')) + QLatin1Char('\n');
}

} // namespace

QString toCsv(const PlotTable& table) {
    QString text = csvLine(table.header);
    for (const QStringList& row : table.rows)
        text += csvLine(row);
    return text;
}

QString csvNumber(double value) {
    return std::isnan(value) ? QString() : QString::fromStdString(formatDouble(value));
}

} // namespace alidade
