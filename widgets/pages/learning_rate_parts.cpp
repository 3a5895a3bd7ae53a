#include "pages/learning_rate_parts.h"

#include "editors/widget_style.h"
#include "models/value_text.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_fields.h"
#include "pages/learning_rate_shapes.h"
#include "pages/learning_rate_table.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScopedValueRollback>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kMostRows = 5;
constexpr int kNumberWidth = 62;

} // namespace

LearningRateParts::LearningRateParts(QWidget* parent) : QWidget(parent) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* const bar = new QHBoxLayout;
    bar->setSpacing(2);
    bar->addWidget(new QLabel(tr("Parts, one after the other")));
    bar->addStretch();
    auto* const add = iconButton("add", tr("Add a part behind the selected one"), "partAdd");
    m_remove = iconButton("remove", tr("Remove the selected part"), "partRemove");
    m_up = iconButton("up", tr("Earlier"), "partUp");
    m_down = iconButton("down", tr("Later"), "partDown");
    for (QToolButton* const button : {add, m_remove, m_up, m_down})
        bar->addWidget(button);
    column->addLayout(bar);
    buildTable();
    column->addWidget(m_table);
    m_title = new QLabel;
    column->addWidget(m_title);
    m_kind = new QComboBox;
    m_kind->setObjectName("partKind");
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    guardWheel(m_kind);
    for (const QString& kind : offeredShapes())
        if (kind != "table" && kind != "two_stage" && kind != "composed")
            m_kind->addItem(shapeTitle(kind), kind);
    column->addLayout(labelledRow(tr("Kind"), m_kind));
    m_fields = new LearningRateFields("part.");
    column->addWidget(m_fields);
    connect(add, &QToolButton::clicked, this, &LearningRateParts::add);
    connect(m_remove, &QToolButton::clicked, this, &LearningRateParts::remove);
    connect(m_up, &QToolButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { move(1); });
    connect(m_fields, &LearningRateFields::dragStarted, this, &LearningRateParts::dragStarted);
    connect(m_fields, &LearningRateFields::edited, this,
            [this](const QString& text, const Schedule& schedule, bool dragging) {
                change(
                    text,
                    [&, row = selected()](ComposedShape& shape) { shape.parts[row].schedule = schedule; },
                    dragging);
            });
    connect(m_kind, &QComboBox::activated, this, [this] {
        const QString kind = m_kind->currentData().toString();
        change(
            tr("kind of a part"),
            [&, row = selected()](ComposedShape& shape) {
                Schedule& schedule = shape.parts[row].schedule;
                if (kindOfShape(schedule.shape) != kind)
                    schedule.shape = shapeOfKind(kind, schedule.shape);
            },
            false);
    });
}

void LearningRateParts::buildTable() {
    m_table = resultTable({tr("Part"), tr("Steps"), tr("Planned"), tr("Factor")}, "partsTable",
                          tr("Parts of the schedule"));
    m_table->setEditTriggers(QTableWidget::DoubleClicked | QTableWidget::EditKeyPressed |
                             QTableWidget::AnyKeyPressed);
    QHeaderView* const header = m_table->horizontalHeader();
    for (const int column : {Steps, Horizon, Factor}) {
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        m_table->setColumnWidth(column, kNumberWidth);
    }
    m_table->horizontalHeaderItem(Steps)->setToolTip(
        tr("How many steps are taken from this part; the last one takes the rest"));
    m_table->horizontalHeaderItem(Horizon)->setToolTip(
        tr("Length of the run that this part was planned for; empty: as many steps as are taken"));
    m_table->horizontalHeaderItem(Factor)->setToolTip(tr("The rates of this part are multiplied by this"));
    connect(m_table, &QTableWidget::cellChanged, this, &LearningRateParts::cellChanged);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this] {
        if (!m_refreshing)
            refreshPart();
    });
}

std::size_t LearningRateParts::selected() const {
    const auto count = static_cast<int>(std::get<ComposedShape>(m_schedule.shape).parts.size());
    return static_cast<std::size_t>(std::clamp(m_table->currentRow(), 0, count - 1));
}

void LearningRateParts::change(const QString& text, const std::function<void(ComposedShape&)>& change,
                               bool dragging) {
    Schedule changed = m_schedule;
    change(std::get<ComposedShape>(changed.shape));
    if (changed == m_schedule)
        return;
    m_schedule = changed;
    emit edited(text, changed, dragging);
}

void LearningRateParts::setSchedule(const Schedule& schedule, std::size_t steps) {
    m_schedule = schedule;
    m_steps = steps;
    refresh();
}

void LearningRateParts::refresh() {
    const QScopedValueRollback refreshing(m_refreshing, true);
    const auto& composed = std::get<ComposedShape>(m_schedule.shape);
    const std::vector<PartSpan> spans = partSpans(composed, m_steps);
    const int rows = static_cast<int>(composed.parts.size());
    fitResultTable(*m_table, rows, kMostRows);
    for (int row = 0; row < rows; ++row) {
        const SchedulePart& part = composed.parts[static_cast<std::size_t>(row)];
        const bool last = row + 1 == rows;
        setResultCell(*m_table, row, Name, scheduleTitle(part.schedule));
        setResultCell(*m_table, row, Steps,
                      numberText(static_cast<double>(spans[static_cast<std::size_t>(row)].count), 8));
        setResultCell(*m_table, row, Horizon,
                      part.horizon == 0 ? QString() : numberText(static_cast<double>(part.horizon), 8));
        setResultCell(*m_table, row, Factor, numberText(part.factor, 6));
        for (int column = 0; column < ColumnCount; ++column) {
            const bool fixed = column == Name || (column == Steps && last);
            QTableWidgetItem* const item = m_table->item(row, column);
            item->setFlags(fixed ? item->flags() & ~Qt::ItemIsEditable : item->flags() | Qt::ItemIsEditable);
        }
        if (last)
            m_table->item(row, Steps)->setToolTip(tr("The last part takes the steps that remain."));
    }
    if (m_table->currentRow() < 0 || m_table->currentRow() >= rows)
        m_table->setCurrentCell(rows - 1, Name); // the tail is what one works on
    refreshPart();
}

void LearningRateParts::refreshPart() {
    const auto& composed = std::get<ComposedShape>(m_schedule.shape);
    const std::size_t row = selected();
    const SchedulePart& part = composed.parts[row];
    const std::size_t horizon = std::max<std::size_t>(2, partSpans(composed, m_steps)[row].horizon);
    m_remove->setEnabled(composed.parts.size() > 1);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row + 1 < composed.parts.size());
    m_title->setText(tr("Part %1 of %2").arg(row + 1).arg(composed.parts.size()));
    const QString kind = kindOfShape(part.schedule.shape);
    if (m_kind->findData(kind) < 0)
        m_kind->addItem(shapeTitle(kind), kind);
    m_kind->setCurrentIndex(m_kind->findData(kind));
    m_fields->setSchedule(part.schedule, horizon);
}

void LearningRateParts::cellChanged(int row, int column) {
    if (m_refreshing)
        return;
    const QString text = m_table->item(row, column)->text().trimmed();
    const auto value = text.isEmpty() && column == Horizon ? std::optional(0.0) : numberFromUser(text);
    const auto index = static_cast<std::size_t>(row);
    const double most = 1e7;
    if (value && column == Factor && *value > 0.0 && std::isfinite(*value))
        change(
            tr("factor of a part"), [&](ComposedShape& shape) { shape.parts[index].factor = *value; }, false);
    else if (value && column == Steps && *value >= 1.0 && *value <= most)
        change(
            tr("steps of a part"),
            [&](ComposedShape& shape) {
                SchedulePart& part = shape.parts[index];
                part.steps = static_cast<std::size_t>(*value);
                if (part.horizon != 0)
                    part.horizon = std::max(part.horizon, part.steps);
            },
            false);
    else if (value && column == Horizon && *value >= 0.0 && *value <= most)
        change(
            tr("planned steps of a part"),
            [&](ComposedShape& shape) {
                const std::size_t taken = partSpans(shape, m_steps)[index].count;
                const auto planned = static_cast<std::size_t>(*value);
                shape.parts[index].horizon = planned == 0 ? 0 : std::max(planned, taken);
            },
            false);
    refresh(); // what cannot be used is put back
}

void LearningRateParts::add() {
    const std::size_t row = selected();
    change(
        tr("add a part"),
        [&](ComposedShape& shape) {
            const PartSpan span = partSpans(shape, m_steps)[row];
            // The new one takes the second half of the selected one.
            SchedulePart& before = shape.parts[row];
            SchedulePart added;
            added.factor = before.factor;
            added.schedule = {row + 1 == shape.parts.size() ? ScheduleShape(LinearShape{})
                                                            : ScheduleShape(ConstantShape{})};
            before.horizon = span.horizon;
            before.steps = std::max<std::size_t>(1, span.count / 2);
            added.steps = std::max<std::size_t>(1, span.count - before.steps);
            shape.parts.insert(shape.parts.begin() + static_cast<std::ptrdiff_t>(row) + 1, added);
        },
        false);
    m_table->setCurrentCell(static_cast<int>(row) + 1, Name);
}

void LearningRateParts::remove() {
    const std::size_t row = selected();
    change(
        tr("remove a part"),
        [&](ComposedShape& shape) {
            if (shape.parts.size() > 1)
                shape.parts.erase(shape.parts.begin() + static_cast<std::ptrdiff_t>(row));
        },
        false);
}

void LearningRateParts::move(int direction) {
    const auto row = static_cast<std::ptrdiff_t>(selected());
    change(
        tr("reorder parts"),
        [&](ComposedShape& shape) {
            const std::vector<PartSpan> spans = partSpans(shape, m_steps);
            for (std::size_t k = 0; k < spans.size(); ++k)
                shape.parts[k].steps = spans[k].count; // also of the last one, which has none of its own
            std::swap(shape.parts[static_cast<std::size_t>(row)],
                      shape.parts[static_cast<std::size_t>(row + direction)]);
        },
        false);
    m_table->setCurrentCell(static_cast<int>(row) + direction, Name);
}

} // namespace alidade

#include "moc_learning_rate_parts.cpp"
