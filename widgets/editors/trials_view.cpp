#include "editors/trials_view.h"

#include "document/project_document.h"
#include "document/selection.h"
#include "editors/state_delegate.h"
#include "models/trials_filter.h"
#include "models/trials_model.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTimer>

#include <algorithm>
#include <map>

namespace alidade {

namespace {

using ColumnKind = TrialsModel::ColumnKind;

constexpr int kRowHeight = 26;
constexpr int kReasonWidth = 320;

/// Rows and cells of spreadsheet text. Quoted cells may hold tabs and line breaks.
QVector<QStringList> cellsOf(const QString& text) {
    QVector<QStringList> rows;
    QStringList row;
    QString cell;
    bool quoted = false;
    bool any = false;
    const auto endCell = [&] {
        row.append(cell);
        cell.clear();
    };
    const auto endRow = [&] {
        endCell();
        rows.append(row);
        row.clear();
        any = false;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (quoted) {
            if (c != u'"')
                cell += c;
            else if (i + 1 < text.size() && text.at(i + 1) == u'"')
                cell += text.at(++i);
            else
                quoted = false;
            continue;
        }
        any = true;
        if (c == u'"' && cell.isEmpty())
            quoted = true;
        else if (c == u'\t')
            endCell();
        else if (c == u'\n')
            endRow();
        else if (c != u'\r')
            cell += c;
    }
    if (any || !cell.isEmpty() || !row.isEmpty())
        endRow();
    return rows;
}

QString quotedCell(QString text) {
    if (!text.contains(u'\t') && !text.contains(u'\n') && !text.contains(u'"'))
        return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

} // namespace

TrialsView::TrialsView(ProjectDocument& document, TrialSelection& selection, QWidget* parent)
    : QTableView(parent), m_document(document), m_selection(selection) {
    setObjectName(QStringLiteral("trialsTable"));
    m_model = new TrialsModel(document, this);
    m_filter = new TrialsFilter(this);
    m_filter->setSourceModel(m_model);
    setModel(m_filter);
    setSortingEnabled(true);
    sortByColumn(0, Qt::DescendingOrder); // the newest on top
    setSelectionBehavior(QAbstractItemView::SelectItems);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                    QAbstractItemView::AnyKeyPressed);
    setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // no measuring of thousands of rows
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setResizeContentsPrecision(50);
    horizontalHeader()->setMinimumSectionSize(48);
    setItemDelegateForColumn(1, new StateDelegate(this));
    connect(m_model, &TrialsModel::inputRefused, this, &TrialsView::inputRefused);
    connect(m_model, &TrialsModel::columnsChanged, this, &TrialsView::adjustColumns);
    connect(m_model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) {
                if (last - first + 1 == m_model->rowCount()) // the first ones
                    adjustColumns();
            });
    connect(&selection, &TrialSelection::changed, this, &TrialsView::followSelection);
    adjustColumns();
}

void TrialsView::adjustColumns() {
    // Once the header has taken note of the new columns.
    QTimer::singleShot(0, this, [this] {
        resizeColumnsToContents();
        for (int column = 0; column < m_model->columnCount(); ++column) {
            const ColumnKind kind = m_model->columns()[static_cast<std::size_t>(column)].kind;
            int least = 72;
            int most = 180;
            if (kind == ColumnKind::Id)
                least = 56;
            else if (kind == ColumnKind::State || kind == ColumnKind::Origin)
                least = 104;
            else if (kind == ColumnKind::Note)
                least = most = 160;
            else if (kind == ColumnKind::Reason)
                least = most = kReasonWidth;
            setColumnWidth(column, std::clamp(columnWidth(column) + 12, least, most));
        }
        fillWidth();
    });
}

void TrialsView::fillWidth() {
    const auto& columns = m_model->columns();
    const auto reason = std::find_if(columns.begin(), columns.end(),
                                     [](const auto& column) { return column.kind == ColumnKind::Reason; });
    if (reason == columns.end())
        return;
    const int index = static_cast<int>(reason - columns.begin());
    const int spare = viewport()->width() - horizontalHeader()->length();
    setColumnWidth(index, std::max(kReasonWidth, columnWidth(index) + spare));
}

void TrialsView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fillWidth();
}

QVector<TrialId> TrialsView::selectedTrials() const {
    QVector<TrialId> ids;
    std::vector<int> rows;
    for (const QModelIndex& index : selectionModel()->selectedIndexes())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const int row : rows)
        ids.append(TrialId{m_filter->index(row, 0).data(TrialsModel::IdRole).toLongLong()});
    return ids;
}

// --- selection shared with other pages -------------------------------------------------------------------

void TrialsView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
    QTableView::selectionChanged(selected, deselected);
    publishSelection();
}

void TrialsView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    publishSelection();
}

void TrialsView::publishSelection() {
    // Selection and current cell change one after the other: publish once both have.
    if (m_following || std::exchange(m_publishing, true))
        return;
    QTimer::singleShot(0, this, [this] {
        m_publishing = false;
        const QVector<TrialId> ids = selectedTrials();
        const TrialId current{currentIndex().data(TrialsModel::IdRole).toLongLong()};
        m_selection.setSelection({ids.begin(), ids.end()}, ids.contains(current) ? current : ids.value(0));
    });
}

void TrialsView::followSelection() {
    const QVector<TrialId> mine = selectedTrials();
    if (m_publishing || std::set<TrialId>(mine.begin(), mine.end()) == m_selection.selected())
        return;
    m_following = true;
    QItemSelection wanted;
    QModelIndex current;
    for (const TrialId id : m_selection.selected()) {
        const auto row = m_model->rowOf(id);
        const QModelIndex index = row ? m_filter->mapFromSource(m_model->index(*row, 0)) : QModelIndex();
        if (!index.isValid())
            continue;
        wanted.select(index, index.siblingAtColumn(m_filter->columnCount() - 1));
        if (id == m_selection.current())
            current = index;
    }
    selectionModel()->select(wanted, QItemSelectionModel::ClearAndSelect);
    if (current.isValid()) {
        selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
        scrollTo(current);
    }
    m_following = false;
}

// --- clipboard -------------------------------------------------------------------------------------------

void TrialsView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->matches(QKeySequence::Paste))
        paste();
    else if (event->matches(QKeySequence::Delete) || event->key() == Qt::Key_Backspace)
        clearCells();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
             state() != QAbstractItemView::EditingState && currentIndex().isValid())
        edit(currentIndex());
    else
        QTableView::keyPressEvent(event);
}

void TrialsView::copy() {
    QModelIndexList indexes = selectionModel()->selectedIndexes();
    if (indexes.isEmpty())
        return;
    std::map<int, std::map<int, QString>> cells;
    std::map<int, int> columns;
    for (const QModelIndex& index : indexes) {
        cells[index.row()][index.column()] = index.data(Qt::EditRole).toString();
        ++columns[index.column()];
    }
    QStringList lines;
    if (cells.size() > 1) { // several rows: with the names, so that they can come back
        QStringList titles;
        for (const auto& [column, count] : columns)
            titles.append(
                quotedCell(m_model->columnTitle(m_model->columns()[static_cast<std::size_t>(column)])));
        lines.append(titles.join(u'\t'));
    }
    for (const auto& [row, texts] : cells) {
        QStringList line;
        for (const auto& [column, count] : columns) {
            const auto text = texts.find(column);
            line.append(text == texts.end() ? QString() : quotedCell(text->second));
        }
        lines.append(line.join(u'\t'));
    }
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

void TrialsView::paste() {
    pasteText(QApplication::clipboard()->text());
}

void TrialsView::pasteText(const QString& text) {
    const QVector<QStringList> cells = cellsOf(text);
    if (cells.isEmpty() || !m_document.canEdit())
        return;
    const Definition& definition = m_document.definition();
    std::vector<std::string> columns; // those that describe a trial, as the table shows them
    for (const Parameter& parameter : definition.space.parameters) {
        if (const auto* mixture = std::get_if<MixtureParts>(&parameter.domain))
            for (const std::string& part : mixture->parts)
                columns.push_back(parameter.name + '.' + part);
        else
            columns.push_back(parameter.name);
    }
    const std::size_t parameterCount = columns.size();
    for (const std::string& measure : definition.measureNames())
        columns.push_back(measure);

    const auto named = [&](const QString& cell) {
        // A unit in brackets is part of a heading.
        const QString name = cell.section(u'[', 0, 0).section(u'(', 0, 0).trimmed();
        return std::find(columns.begin(), columns.end(), name.toStdString()) != columns.end();
    };
    const bool header = std::any_of(cells.first().begin(), cells.first().end(), named);
    if (header) {
        emit trialsPasted(text);
        return;
    }
    const auto width = static_cast<std::size_t>(cells.first().size());
    if (width == columns.size() || (width == parameterCount && parameterCount > 1)) {
        QStringList titles;
        for (std::size_t i = 0; i < width; ++i)
            titles.append(QString::fromStdString(columns[i]));
        emit trialsPasted(titles.join(u'\t') + u'\n' + text);
        return;
    }
    pasteCells(cells);
}

/// Into the cells from the current one on, as one undo step, all or nothing.
void TrialsView::pasteCells(const QVector<QStringList>& cells) {
    const QModelIndex start = currentIndex();
    if (!start.isValid()) {
        emit inputRefused(tr("Select the cell at which to paste, or paste whole trials with the names of the "
                             "columns as first line."));
        return;
    }
    EditSequence sequence;
    int count = 0;
    for (int r = 0; r < cells.size(); ++r) {
        const QModelIndex row = start.siblingAtRow(start.row() + r);
        if (!row.isValid()) {
            emit inputRefused(
                tr("%n line(s) too many for the rows below the current cell; nothing was pasted.", nullptr,
                   static_cast<int>(cells.size()) - r));
            return;
        }
        const int sourceRow = m_filter->mapToSource(row).row();
        const Trial* present = m_model->trial(sourceRow);
        if (present == nullptr)
            return;
        Trial trial = *present;
        for (int c = 0; c < cells.at(r).size(); ++c) {
            const int column = start.column() + c;
            const QModelIndex cell = row.siblingAtColumn(column);
            const QString title = m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
            if (!cell.isValid() || !cell.flags().testFlag(Qt::ItemIsEditable)) {
                emit inputRefused(tr("Trial %1, column %2 cannot be changed; nothing was pasted.")
                                      .arg(trial.id.value)
                                      .arg(cell.isValid() ? title : QString::number(column + 1)));
                return;
            }
            auto changed = m_model->edited(trial, m_model->columns()[static_cast<std::size_t>(column)],
                                           cells.at(r).at(c));
            if (!changed.ok()) {
                emit inputRefused(tr("Trial %1: %2. Nothing was pasted.")
                                      .arg(trial.id.value)
                                      .arg(QString::fromStdString(changed.error().text())));
                return;
            }
            trial = std::move(changed).value();
            ++count;
        }
        if (!(trial == *present))
            sequence.edits.emplace_back(PutTrial{trial});
    }
    if (!sequence.edits.empty() && m_document.push(sequence, tr("Paste")))
        emit pasted(count);
}

void TrialsView::clearCells() {
    EditSequence sequence;
    std::map<int, Trial> changed; // by source row
    for (const QModelIndex& index : selectionModel()->selectedIndexes()) {
        const QModelIndex source = m_filter->mapToSource(index);
        const TrialsModel::Column column = m_model->columns()[static_cast<std::size_t>(source.column())];
        const bool clearable = column.kind == ColumnKind::Measure || column.kind == ColumnKind::Note;
        const Trial* present = m_model->trial(source.row());
        if (!clearable || present == nullptr || !source.flags().testFlag(Qt::ItemIsEditable))
            continue;
        const Trial& base = changed.contains(source.row()) ? changed.at(source.row()) : *present;
        if (auto cleared = m_model->edited(base, column, {}); cleared.ok())
            changed.insert_or_assign(source.row(), std::move(cleared).value());
    }
    for (auto& [row, trial] : changed)
        sequence.edits.emplace_back(PutTrial{std::move(trial)});
    if (!sequence.edits.empty())
        m_document.push(sequence, tr("Clear cells"));
}

} // namespace alidade
