#include "pages/learning_rate_list.h"

#include "editors/widget_style.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_shapes.h"
#include "plots/palette.h"
#include "plots/series_color.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

namespace {
constexpr int kColors = 6;
constexpr int kRowsShown = 5;
} // namespace

LearningRateList::LearningRateList(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    build();
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateList::refresh);
    refresh();
}

void LearningRateList::build() {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* const bar = new QHBoxLayout;
    bar->setSpacing(2);
    bar->addWidget(headingLabel(tr("Schedules")));
    bar->addStretch();
    auto* const add = iconButton("add", tr("Add a schedule"), "scheduleAdd");
    add->setPopupMode(QToolButton::InstantPopup);
    auto* const addMenu = new QMenu(add);
    fillAddMenu(*addMenu);
    add->setMenu(addMenu);
    m_duplicate = iconButton("copy", tr("Duplicate the selected schedule"), "scheduleDuplicate");
    m_remove = iconButton("remove", tr("Remove the selected schedule (Delete)"), "scheduleRemove");
    m_up = iconButton("up", tr("Move up"), "scheduleUp");
    m_down = iconButton("down", tr("Move down"), "scheduleDown");
    m_style = iconButton({}, tr("Colour and dash of the selected schedule"), "scheduleStyle");
    m_style->setIconSize({26, 18});
    m_style->setPopupMode(QToolButton::InstantPopup);
    auto* const styleMenu = new QMenu(m_style);
    connect(styleMenu, &QMenu::aboutToShow, this, [this, styleMenu] { fillStyleMenu(*styleMenu); });
    m_style->setMenu(styleMenu);
    for (QToolButton* const button : {add, m_duplicate, m_remove, m_up, m_down, m_style})
        bar->addWidget(button);
    m_list = new QListWidget;
    m_list->setObjectName("scheduleList");
    m_list->setAccessibleName(tr("Schedules"));
    m_list->setToolTip(tr("Ticked schedules are drawn; double click or F2 renames"));
    m_list->setIconSize({26, 14});
    m_list->setEditTriggers(QListWidget::DoubleClicked | QListWidget::EditKeyPressed);
    column->addLayout(bar);
    column->addWidget(m_list);
    connect(m_duplicate, &QToolButton::clicked, this, &LearningRateList::duplicate);
    connect(m_remove, &QToolButton::clicked, this, &LearningRateList::remove);
    connect(m_up, &QToolButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { move(1); });
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (!m_refreshing && row >= 0)
            m_model.select(m_model.state().entries[static_cast<std::size_t>(row)].id);
    });
    connect(m_list, &QListWidget::itemChanged, this,
            [this](QListWidgetItem* item) { rowChanged(m_list->row(item)); });
    auto* const erase = new QShortcut(QKeySequence::Delete, m_list);
    erase->setContext(Qt::WidgetShortcut);
    connect(erase, &QShortcut::activated, this, &LearningRateList::remove);
}

void LearningRateList::fillAddMenu(QMenu& menu) {
    for (const QString& kind : offeredShapes()) {
        if (kind == "two_stage" || kind == "table")
            continue; // come from files and the tabs Extend and Refine
        QAction* const action = menu.addAction(shapeTitle(kind));
        action->setObjectName("add." + kind);
        connect(action, &QAction::triggered, this, [this, kind] {
            m_model.addSchedule(kind == "composed" ? asComposed({ConstantShape{}}, m_model.state().steps)
                                                   : Schedule{shapeOfKind(kind)});
        });
    }
    menu.addSeparator();
    QAction* const table = menu.addAction(tr("Rates from a table (CSV)…"));
    table->setObjectName("add.table");
    connect(table, &QAction::triggered, this, &LearningRateList::tableRequested);
}

void LearningRateList::fillStyleMenu(QMenu& menu) {
    menu.clear();
    const LearningRateEntry* const entry = m_model.state().selected();
    if (entry == nullptr)
        return;
    const auto addChoice = [&](int color, int dash, const QString& text, bool current) {
        QAction* const action = menu.addAction(keyIcon(color, dash), text);
        action->setCheckable(true);
        action->setChecked(current);
        connect(action, &QAction::triggered, this, [this, id = entry->id, color, dash] {
            m_model.change(tr("line style"), [&](LearningRateState& state) {
                state.find(id)->color = color;
                state.find(id)->dash = dash;
            });
        });
    };
    const QStringList colors{tr("Blue"), tr("Vermilion"), tr("Green"), tr("Purple"), tr("Orange"), tr("Sky")};
    const QStringList dashes{tr("Solid"), tr("Dashes"), tr("Dash, dot"), tr("Dots"), tr("Dash, dot, dot")};
    menu.addSection(tr("Colour"));
    for (int color = 0; color < kColors; ++color)
        addChoice(color, entry->dash, colors[color], color == entry->color);
    menu.addSection(tr("Dash"));
    for (int dash = 0; dash < kLineDashes; ++dash)
        addChoice(entry->color, dash, dashes[dash], dash == entry->dash);
}

QIcon LearningRateList::keyIcon(int color, int dash) const {
    const double ratio = devicePixelRatioF();
    QIcon icon;
    for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Selected}) {
        QPixmap pixmap(QSize(26, 14) * ratio);
        pixmap.setDevicePixelRatio(ratio);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        if (mode == QIcon::Selected) { // the row may have the line's own colour
            painter.setPen(Qt::NoPen);
            painter.setBrush(palette().base());
            painter.drawRoundedRect(QRectF(0, 0, 26, 14), 3, 3);
        }
        painter.setPen(QPen(seriesColor(color, plotThemeFor(palette())), 2.4, lineDash(dash), Qt::FlatCap));
        painter.drawLine(QPointF(1, 7), QPointF(25, 7));
        painter.end();
        icon.addPixmap(pixmap, mode);
    }
    return icon;
}

void LearningRateList::refresh() {
    const QScopedValueRollback refreshing(m_refreshing, true);
    const auto& entries = m_model.state().entries;
    while (m_list->count() > static_cast<int>(entries.size()))
        delete m_list->takeItem(m_list->count() - 1);
    const LearningRateEntry* const selected = m_model.state().selected();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const LearningRateEntry& entry = entries[i];
        const int row = static_cast<int>(i);
        if (row >= m_list->count()) {
            auto* const added = new QListWidgetItem(m_list);
            added->setFlags(added->flags() | Qt::ItemIsEditable | Qt::ItemIsUserCheckable);
        }
        QListWidgetItem* const item = m_list->item(row);
        const QPoint style(entry.color, entry.dash);
        if (item->data(Qt::UserRole).toPoint() != style || item->icon().isNull()) {
            item->setData(Qt::UserRole, style);
            item->setIcon(keyIcon(entry.color, entry.dash));
        }
        if (item->text() != entry.name)
            item->setText(entry.name);
        item->setCheckState(entry.shown ? Qt::Checked : Qt::Unchecked);
        if (&entry == selected && m_list->currentRow() != row)
            m_list->setCurrentRow(row);
    }
    const int row = m_list->currentRow();
    const bool any = selected != nullptr;
    m_duplicate->setEnabled(any);
    m_remove->setEnabled(any);
    m_style->setEnabled(any);
    m_style->setIcon(any ? keyIcon(selected->color, selected->dash) : QIcon());
    m_up->setEnabled(any && row > 0);
    m_down->setEnabled(any && row + 1 < m_list->count());
    const int rowHeight = std::max(20, m_list->sizeHintForRow(0));
    m_list->setFixedHeight(rowHeight * kRowsShown + 2 * m_list->frameWidth() + 2);
}

void LearningRateList::rowChanged(int row) {
    if (m_refreshing || row < 0)
        return;
    const QString name = m_list->item(row)->text().trimmed();
    const bool shown = m_list->item(row)->checkState() == Qt::Checked;
    const qint64 id = m_model.state().entries[static_cast<std::size_t>(row)].id;
    m_model.change(tr("rename or show a schedule"), [&](LearningRateState& state) {
        LearningRateEntry* const entry = state.find(id);
        entry->shown = shown;
        if (!name.isEmpty())
            entry->name = name;
    });
    refresh(); // an empty name is put back
}

void LearningRateList::duplicate() {
    const LearningRateEntry* const entry = m_model.state().selected();
    if (entry == nullptr)
        return;
    m_model.change(tr("duplicate a schedule"), [&](LearningRateState& state) {
        const LearningRateEntry original = *entry;
        LearningRateEntry& copy = state.add(original.schedule, tr("%1 (copy)").arg(original.name));
        copy.atOptimum = original.atOptimum;
        copy.baseRate = original.baseRate;
    });
}

void LearningRateList::remove() {
    const LearningRateEntry* const entry = m_model.state().selected();
    if (entry == nullptr)
        return;
    m_model.change(tr("remove a schedule"), [id = entry->id](LearningRateState& state) {
        const auto it = std::find_if(state.entries.begin(), state.entries.end(),
                                     [id](const LearningRateEntry& e) { return e.id == id; });
        const auto next = state.entries.erase(it);
        state.current = next != state.entries.end() ? next->id
                        : state.entries.empty()     ? 0
                                                    : state.entries.back().id;
    });
}

void LearningRateList::move(int direction) {
    const int row = m_list->currentRow();
    if (row < 0 || row + direction < 0 || row + direction >= m_list->count())
        return;
    m_model.change(tr("reorder schedules"), [&](LearningRateState& state) {
        std::swap(state.entries[static_cast<std::size_t>(row)],
                  state.entries[static_cast<std::size_t>(row + direction)]);
    });
}

void LearningRateList::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_list != nullptr) {
        for (int row = 0; row < m_list->count(); ++row)
            m_list->item(row)->setIcon({});
        refresh();
    }
}

} // namespace alidade

#include "moc_learning_rate_list.cpp"
