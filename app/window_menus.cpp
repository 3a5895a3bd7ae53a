#include "command_palette.h"
#include "editors/icons.h"
#include "main_window.h"
#include "pages/trials_page.h"
#include "theme.h"
#include "version.h"

#include <QActionGroup>
#include <QApplication>
#include <QButtonGroup>
#include <QDockWidget>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolButton>
#include <QUndoGroup>

#include <utility>

namespace alidade {

void MainWindow::buildMenus() {
    const auto add = [this](QMenu* menu, const QString& text, const QKeySequence& keys, auto slot) {
        QAction* const action = menu->addAction(text);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    QMenu* const file = menuBar()->addMenu(tr("&File"));
    add(file, tr("&New study…"), QKeySequence::New, [this] { newStudy(); });
    add(file, tr("&Open project…"), QKeySequence::Open, [this] { openDialog(); });
    add(file, tr("New from &configuration…"), {}, [this] { configurationDialog(); });
    add(file, tr("&Import trials (CSV)…"), {}, [this] {
        auto* const dialog = new QFileDialog(this, tr("Import trials"), {}, tr("CSV (*.csv *.tsv *.txt)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::importCsv);
        dialog->open();
    });
    file->addSeparator();
    add(file, tr("Save &copy as…"), QKeySequence::SaveAs, [this] { saveCopy(); });
    add(file, tr("&Export report…"), QKeySequence("Ctrl+E"), [this] { exportReport(); });
    add(file, tr("Close project"), QKeySequence::Close, [this] {
        if (m_run.isRunning())
            showError(tr("Trials are being measured. Stop the run first."));
        else
            m_document.close();
    });
    file->addSeparator();
    add(file, tr("&Quit"), QKeySequence::Quit, [this] { close(); });

    QMenu* const edit = menuBar()->addMenu(tr("&Edit"));
    QAction* const undo = m_undo->createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setIcon(themeIcon("undo"));
    QAction* const redo = m_undo->createRedoAction(this, tr("&Redo"));
    redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")}); // desktops differ
    redo->setIcon(themeIcon("redo"));
    edit->addAction(undo);
    edit->addAction(redo);

    QMenu* const study = menuBar()->addMenu(tr("&Study"));
    add(study, tr("&Suggest"), QKeySequence("Ctrl+G"), [this] {
        showPage(Trials);
        m_trials->suggest();
    });
    add(study, tr("&Run"), QKeySequence("Ctrl+R"), [this] {
        showPage(Trials);
        m_trials->run();
    });
    add(study, tr("S&top"), QKeySequence("Ctrl+."), [this] { m_run.stop(); });

    QMenu* const view = menuBar()->addMenu(tr("&View"));
    for (int page = 0; page < PageCount; ++page)
        add(view, m_rail->button(page)->text(), QKeySequence(QString("Ctrl+%1").arg(page + 1)),
            [this, page] { showPage(page); });
    view->addSeparator();
    view->addAction(findChild<QDockWidget*>("inspector")->toggleViewAction());
    QMenu* const themes = view->addMenu(tr("Theme"));
    auto* const group = new QActionGroup(this);
    const Theme current = themeFromKey(m_settings.value("theme").toString());
    const QList<QPair<QString, Theme>> choices{
        {tr("Like the system"), Theme::System}, {tr("Light"), Theme::Light}, {tr("Dark"), Theme::Dark}};
    for (const auto& [text, theme] : choices) {
        QAction* const action = add(themes, text, {}, [this, theme = theme] {
            m_settings.setValue("theme", themeKey(theme));
            applyTheme(*qApp, theme);
        });
        action->setCheckable(true);
        action->setChecked(theme == current);
        group->addAction(action);
    }
    add(view, tr("Reset window layout"), {}, [this] {
        m_settings.remove("window");
        findChild<QDockWidget*>("inspector")->show();
        addDockWidget(Qt::RightDockWidgetArea, findChild<QDockWidget*>("inspector"));
        resize(1280, 800);
    });

    QMenu* const help = menuBar()->addMenu(tr("&Help"));
    add(help, tr("&Find a command…"), QKeySequence("Ctrl+Shift+P"), [this] {
        auto* const palette = new CommandPalette(CommandPalette::commandsOf(*menuBar()), this);
        palette->setAttribute(Qt::WA_DeleteOnClose);
        palette->open();
    });
    add(help, tr("&Keyboard shortcuts"), QKeySequence("F1"), [this] { showShortcuts(); });
    add(help, tr("&About Alidade"), {}, [this] { showAbout(); });
}

void MainWindow::showAbout() {
    auto* const box =
        new QMessageBox(QMessageBox::NoIcon, tr("About Alidade"),
                        tr("<h3>Alidade %1</h3><p>A workbench for expensive experiments: Bayesian "
                           "optimisation, fronts and learning-rate schedules.</p><p>Free software under the "
                           "GNU General Public License, version 3 or later.</p>")
                            .arg(QString::fromStdString(version())),
                        QMessageBox::Close, this);
    box->setIconPixmap(windowIcon().pixmap(64, 64));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::showShortcuts() {
    QString rows;
    const auto heading = [&rows](const QString& text) {
        rows += QString("<tr><td colspan=\"2\"><br/><b>%1</b></td></tr>").arg(text.toHtmlEscaped());
    };
    const auto row = [&rows](const QString& text, const QString& keys) {
        rows += QString("<tr><td>%1</td><td>&nbsp;&nbsp;<b>%2</b></td></tr>")
                    .arg(text.toHtmlEscaped(), keys.toHtmlEscaped());
    };
    for (const QAction* const menu : menuBar()->actions()) {
        bool first = true;
        for (const QAction* const action : menu->menu()->actions()) {
            if (action->shortcut().isEmpty())
                continue;
            if (std::exchange(first, false))
                heading(menu->text().remove('&'));
            row(action->text().remove('&'), action->shortcut().toString(QKeySequence::NativeText));
        }
    }
    heading(tr("In a plot"));
    row(tr("Zoom: into a rectangle, with the wheel"), tr("drag; Ctrl+wheel, or wheel after a click"));
    row(tr("Move"), tr("middle button, or Shift and drag"));
    row(tr("The whole plot again"), tr("double click, Home"));
    row(tr("Earlier and later view"), tr("Alt+Left, Alt+Right, back and forward of the mouse"));
    row(tr("Move, larger, smaller"), tr("arrow keys, +, -"));
    row(tr("Next and previous trial, select it"), tr(". and , then Enter"));
    row(tr("Copy, export"), tr("right button"));
    auto* const box = new QMessageBox(QMessageBox::NoIcon, tr("Keyboard shortcuts"),
                                      "<table>" + rows + "</table>", QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace alidade
