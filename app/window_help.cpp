// The built-in help, and what the window remembers of itself.
#include "editors/help_tip.h"
#include "editors/help_window.h"
#include "main_window.h"

#include <QApplication>
#include <QCursor>
#include <QMenu>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

#include <utility>

namespace alidade {
namespace {

/// Shortcuts of a menu and the menus in it.
void collectShortcuts(const QMenu& menu, const QString& lead, QList<std::pair<QString, QString>>& rows) {
    for (const QAction* const action : menu.actions()) {
        const QString text = lead + action->text().remove('&');
        if (action->menu() != nullptr)
            collectShortcuts(*action->menu(), text + ": ", rows);
        else if (!action->shortcut().isEmpty())
            rows.append({text, action->shortcut().toString(QKeySequence::NativeText)});
    }
}

template <typename Widget, typename Visit>
void eachOfPages(const QStackedWidget& pages, const char* kind, Visit visit) {
    for (int page = 0; page < pages.count(); ++page) {
        int number = 0;
        for (Widget* const widget : pages.widget(page)->findChildren<Widget*>())
            visit(*widget, QString("window/%1-%2-%3").arg(kind).arg(page).arg(number++));
    }
}

} // namespace

QString MainWindow::keyboardText() const {
    QString rows;
    const auto heading = [&rows](const QString& text) {
        rows += QString("<tr><td colspan=\"2\"><br/><b>%1</b></td></tr>").arg(text.toHtmlEscaped());
    };
    const auto row = [&rows](const QString& text, const QString& keys) {
        rows += QString("<tr><td>%1</td><td>&nbsp;&nbsp;<b>%2</b></td></tr>")
                    .arg(text.toHtmlEscaped(), keys.toHtmlEscaped());
    };
    for (const QAction* const menu : menuBar()->actions()) {
        QList<std::pair<QString, QString>> shortcuts;
        collectShortcuts(*menu->menu(), {}, shortcuts);
        if (shortcuts.isEmpty())
            continue;
        heading(menu->text().remove('&'));
        for (const auto& [text, keys] : shortcuts)
            row(text, keys);
    }
    heading(tr("On the page Explore"));
    row(tr("Earlier and later setting"), tr("Ctrl+[, Ctrl+]"));
    heading(tr("In a plot"));
    row(tr("Zoom: into a rectangle, with the wheel"), tr("drag; Ctrl+wheel, or wheel after a click"));
    row(tr("Move"), tr("middle button, or Shift and drag"));
    row(tr("The whole plot again"), tr("double click, Home"));
    row(tr("Earlier and later view"), tr("Alt+Left, Alt+Right, back and forward of the mouse"));
    row(tr("Move, larger, smaller"), tr("arrow keys, +, -"));
    row(tr("Next and previous trial, select it"), tr(". and , then Enter"));
    row(tr("Copy, export"), tr("right button"));
    return "<table>" + rows + "</table>";
}

void MainWindow::showHelp(const QString& key) {
    if (m_help == nullptr)
        m_help = new HelpWindow(keyboardText(), this);
    m_help->showTopic(key);
    m_help->show();
    m_help->raise();
    m_help->activateWindow();
}

void MainWindow::showHelpHere() {
    const QWidget* const under = QApplication::widgetAt(QCursor::pos());
    QString key = under != nullptr && under->window() == this ? helpKeyOf(under) : QString();
    if (key.isEmpty())
        key = helpKeyOf(QApplication::focusWidget());
    showHelp(key);
}

bool MainWindow::event(QEvent* event) {
    if (event->type() == HelpRequest::eventType()) {
        showHelp(static_cast<HelpRequest*>(event)->key());
        return true;
    }
    return QMainWindow::event(event);
}

void MainWindow::saveLayout() {
    m_settings.setValue("window/geometry", saveGeometry());
    m_settings.setValue("window/state", saveState());
    eachOfPages<QTabWidget>(*m_pages, "tab", [this](const QTabWidget& tabs, const QString& key) {
        m_settings.setValue(key, tabs.currentIndex());
    });
    eachOfPages<QSplitter>(*m_pages, "split", [this](const QSplitter& splitter, const QString& key) {
        m_settings.setValue(key, splitter.saveState());
    });
}

void MainWindow::restoreLayout() {
    restoreGeometry(m_settings.value("window/geometry").toByteArray());
    restoreState(m_settings.value("window/state").toByteArray());
    eachOfPages<QTabWidget>(*m_pages, "tab", [this](QTabWidget& tabs, const QString& key) {
        const int index = m_settings.value(key, -1).toInt();
        if (index >= 0 && index < tabs.count() && tabs.isTabVisible(index))
            tabs.setCurrentIndex(index);
    });
    eachOfPages<QSplitter>(*m_pages, "split", [this](QSplitter& splitter, const QString& key) {
        if (const QByteArray state = m_settings.value(key).toByteArray(); !state.isEmpty())
            splitter.restoreState(state);
    });
}

} // namespace alidade
