#pragma once

#include <QString>
#include <QStringList>

class QTableWidget;

namespace alidade {

/// Tables of results on the page Learning rate: read-only, one row selected, as high as its rows.
[[nodiscard]] QTableWidget* resultTable(const QStringList& columns, const QString& name,
                                        const QString& accessibleName);
/// The first column is text, the others are numbers.
void setResultCell(QTableWidget& table, int row, int column, const QString& text);
/// As many rows; at most `most` are seen without scrolling.
void fitResultTable(QTableWidget& table, int rows, int most = 6);

} // namespace alidade
