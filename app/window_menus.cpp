#include "command_palette.h"
#include "editors/help_window.h"
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
    QMenu* const exports = file->addMenu(tr("&Export"));
    add(exports, tr("&Report…"), QKeySequence("Ctrl+E"), [this] { exportReport(); });
    add(exports, tr("&Trials…"), {}, [this] { exportText("trials"); });
    add(exports, tr("&Front…"), {}, [this] { exportText("front"); });
    add(exports, tr("&Setting of the selected or best trial…"), {}, [this] { exportText("best"); });
    add(exports, tr("Study &configuration…"), {}, [this] { exportText("config"); });
    QMenu* const copies = file->addMenu(tr("Copy se&tting as"));
    const QList<QPair<QString, QString>> formats{{tr("&JSON"), ".json"},
                                                 {tr("&YAML"), ".yaml"},
                                                 {tr(".&env"), ".env"},
                                                 {tr("&Command line"), ".txt"},
                                                 {tr("&Python dict"), ".py"}};
    for (const auto& [text, suffix] : formats)
        add(copies, text, {}, [this, suffix = suffix] { copySetting(suffix); });
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
    add(help, tr("&Help"), QKeySequence("F1"), [this] { showHelpHere(); });
    add(help, tr("&Keyboard shortcuts"), QKeySequence("Ctrl+F1"),
        [this] { showHelp(HelpWindow::kKeyboard); });
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

} // namespace alidade
