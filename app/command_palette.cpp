#include "command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

constexpr int kPaletteWidth = 520;
constexpr int kMostRows = 12; // more are scrolled

QString plain(QString text) {
    return text.remove(QLatin1Char('&')).remove(QChar(0x2026));
}

void collect(const QMenu& menu, const QString& lead, std::vector<CommandPalette::Command>& commands) {
    for (QAction* const action : menu.actions()) {
        if (action->isSeparator())
            continue;
        const QString text = lead + QStringLiteral(": ") + plain(action->text());
        if (action->menu() != nullptr)
            collect(*action->menu(), text, commands);
        else if (action->isEnabled() && action->isVisible())
            commands.push_back({text, action});
    }
}

} // namespace

std::vector<CommandPalette::Command> CommandPalette::commandsOf(const QMenuBar& menus) {
    std::vector<Command> commands;
    for (QAction* const action : menus.actions())
        if (action->menu() != nullptr)
            collect(*action->menu(), plain(action->text()), commands);
    return commands;
}

CommandPalette::CommandPalette(std::vector<Command> commands, QWidget* parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint), m_commands(std::move(commands)) {
    setObjectName("commandPalette");
    setWindowTitle(tr("Commands"));
    auto* const column = new QVBoxLayout(this);
    m_field = new QLineEdit;
    m_field->setObjectName("commandField");
    m_field->setPlaceholderText(tr("What do you want to do?"));
    m_field->setClearButtonEnabled(true);
    m_field->installEventFilter(this);
    m_list = new QListWidget;
    m_list->setObjectName("commandList");
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_nothing = new QLabel(tr("No command has these words."));
    m_nothing->setObjectName("commandNone");
    column->addWidget(m_field);
    column->addWidget(m_list);
    column->addWidget(m_nothing);
    column->setSizeConstraint(QLayout::SetFixedSize); // as high as what is found
    m_field->setFixedWidth(kPaletteWidth);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandPalette::perform);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::perform);
    filter({});
    if (parent != nullptr) {
        // Placed by hand: a place that Qt chose is lost when the list of what is found changes the size.
        adjustSize();
        const QRect host = parent->window()->frameGeometry();
        move(host.center().x() - width() / 2, host.top() + host.height() / 5);
    }
}

void CommandPalette::filter(const QString& words) {
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_list->clear();
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        const QString& text = m_commands[i].text;
        const bool fits = std::all_of(wanted.begin(), wanted.end(), [&text](const QString& word) {
            return text.contains(word, Qt::CaseInsensitive);
        });
        if (!fits)
            continue;
        const QString keys = m_commands[i].action->shortcut().toString(QKeySequence::NativeText);
        auto* const item =
            new QListWidgetItem(keys.isEmpty() ? text : QStringLiteral("%1   (%2)").arg(text, keys), m_list);
        item->setData(Qt::UserRole, QVariant::fromValue(static_cast<qulonglong>(i)));
    }
    m_list->setCurrentRow(0);
    const int rows = std::min(m_list->count(), kMostRows);
    m_list->setFixedHeight(rows * m_list->sizeHintForRow(0) + 2 * m_list->frameWidth());
    m_list->setVisible(rows > 0);
    m_nothing->setVisible(rows == 0);
}

void CommandPalette::perform() {
    const QListWidgetItem* const item = m_list->currentItem();
    if (item == nullptr)
        return;
    const QPointer<QAction> action =
        m_commands[static_cast<std::size_t>(item->data(Qt::UserRole).toULongLong())].action;
    accept();
    // After this window has gone, so that a dialogue of the command gets the focus.
    QTimer::singleShot(0, parentWidget(), [action] {
        if (action)
            action->trigger();
    });
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0 && m_list->count() > 0) {
            m_list->setCurrentRow((m_list->currentRow() + step + m_list->count()) % m_list->count());
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace alidade

#include "moc_command_palette.cpp"
