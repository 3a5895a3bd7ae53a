#include "pages/learning_rate_table.h"

#include <QHeaderView>
#include <QTableWidget>

#include <algorithm>

namespace alidade {

namespace {
constexpr int kRowHeight = 22;
constexpr int kLeastColumn = 96;
constexpr int kColumnPadding = 20;
} // namespace

QTableWidget* resultTable(const QStringList& columns, const QString& name, const QString& accessibleName) {
    auto* const table = new QTableWidget(0, static_cast<int>(columns.size()));
    table->setObjectName(name);
    table->setAccessibleName(accessibleName);
    table->setHorizontalHeaderLabels(columns);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    table->setEditTriggers(QTableWidget::NoEditTriggers);
    table->setSelectionBehavior(QTableWidget::SelectRows);
    table->setSelectionMode(QTableWidget::SingleSelection);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->setVerticalScrollMode(QTableWidget::ScrollPerPixel);
    // Numbers get what their titles need, the name the rest: no column moves while its numbers change.
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < table->columnCount(); ++column)
        table->setColumnWidth(
            column,
            std::max(kLeastColumn, table->fontMetrics().horizontalAdvance(columns[column]) + kColumnPadding));
    table->horizontalHeader()->setHighlightSections(false);
    return table;
}

void setResultCell(QTableWidget& table, int row, int column, const QString& text) {
    QTableWidgetItem* item = table.item(row, column);
    if (item == nullptr) {
        item = new QTableWidgetItem;
        item->setTextAlignment(column == 0 ? Qt::AlignLeft | Qt::AlignVCenter
                                           : Qt::AlignRight | Qt::AlignVCenter);
        table.setItem(row, column, item);
    }
    if (item->text() == text)
        return;
    item->setText(text);
    item->setToolTip(text);
}

void fitResultTable(QTableWidget& table, int rows, int most) {
    table.setRowCount(rows);
    table.setFixedHeight(table.horizontalHeader()->sizeHint().height() +
                         kRowHeight * std::clamp(rows, 1, most) + 2 * table.frameWidth() + 2);
}

} // namespace alidade
