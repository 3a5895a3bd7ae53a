#include "main_window.h"

#include "document/error_text.h"
#include "editors/icons.h"
#include "editors/message_bar.h"
#include "editors/trial_details.h"
#include "editors/widget_style.h"
#include "examples.h"
#include "exchange/study_json.h"
#include "exchange/trials_csv.h"
#include "job_bar.h"
#include "pages/beliefs_page.h"
#include "pages/explore_page.h"
#include "pages/fronts_page.h"
#include "pages/goals_page.h"
#include "pages/history_page.h"
#include "pages/learning_rate_page.h"
#include "pages/space_page.h"
#include "pages/trials_page.h"
#include "pages/welcome_page.h"
#include "verbs/verbs.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QToolButton>
#include <QUndoGroup>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

constexpr int kRecentFiles = 10;
constexpr int kRailWidth = 88;
constexpr int kRailPadding = 20; // mark of the chosen page, and what the style puts around a text
const QString kSuffix = QStringLiteral(".alidade");

QString withSuffix(const QString& path) {
    return path.endsWith(kSuffix) ? path : path + kSuffix;
}

QString documentsFolder() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return QDir(folder.isEmpty() ? QDir::homePath() : folder).filePath("Alidade");
}

/// NAME.alidade, NAME-2.alidade, ... the first that does not exist.
QString freePath(const QString& name) {
    const QDir folder(documentsFolder());
    QString path = folder.filePath(name + kSuffix);
    for (int i = 2; QFile::exists(path); ++i)
        path = folder.filePath(QString("%1-%2%3").arg(name).arg(i).arg(kSuffix));
    return path;
}

/// Pages that need no project.
bool standsAlone(int page) {
    return page == MainWindow::Welcome || page == MainWindow::LearningRate;
}

} // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent), m_cache(m_document, m_jobs), m_findings(m_document) {
    setObjectName("mainWindow");
    setWindowTitle(tr("Alidade"));
    setWindowIcon(QApplication::windowIcon());
    setAcceptDrops(true);
    resize(1280, 800);
    buildRail();
    buildPages();
    buildStatus();
    buildMenus();
    connectDocument();
    m_welcome->setRecent(m_settings.value("recent").toStringList());
    m_jobs.start(
        {"examples", {}, 0}, this,
        [](const Monitor&) { return Result<QVector<ExampleInfo>>(bundledExamples()); },
        [this](Result<QVector<ExampleInfo>> examples, quint64) {
            if (examples)
                m_welcome->setExamples(*examples);
        });
    restoreLayout();
    showPage(Welcome);
    refreshTitle();
}

MainWindow::~MainWindow() {
    // Widgets look at the document while they close: they go first, the members after them.
    m_run.disconnect(this);
    m_document.disconnect(this);
    m_jobs.disconnect(this);
    delete takeCentralWidget();
    qDeleteAll(findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly));
    setStatusBar(nullptr);
}

void MainWindow::buildRail() {
    auto* const central = new QWidget;
    auto* const row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* const rail = new QWidget;
    rail->setObjectName("rail");
    rail->setFixedWidth(kRailWidth);
    m_railLayout = new QVBoxLayout(rail);
    m_railLayout->setContentsMargins(0, kGap, 0, kGap);
    m_railLayout->setSpacing(0);
    m_rail = new QButtonGroup(this);
    row->addWidget(rail);
    auto* const right = new QWidget;
    auto* const column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_message = new MessageBar;
    m_message->hide();
    m_pages = new QStackedWidget;
    column->addWidget(m_message);
    column->addWidget(m_pages, 1);
    row->addWidget(right, 1);
    setCentralWidget(central);
}

void MainWindow::buildPages() {
    m_welcome = new WelcomePage;
    m_trials = new TrialsPage(m_document, m_jobs, m_selection);
    m_learningRate = new LearningRatePage(m_jobs);
    m_learningRate->setFile(QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation))
                                .filePath("learning_rate.json"));
    if (const QString example = exampleConfiguration("classifier"); !example.isEmpty())
        m_learningRate->setExamples(QFileInfo(example).absolutePath());
    m_undo = new QUndoGroup(this);
    m_undo->addStack(&m_document.undoStack());
    m_undo->addStack(&m_learningRate->undoStack());
    const struct {
        const char* icon;
        QString title;
        QWidget* widget;
    } pages[] = {{"home", tr("Welcome"), m_welcome},
                 {"space", tr("Space"), new SpacePage(m_document, m_jobs, m_findings)},
                 {"goals", tr("Goals"), new GoalsPage(m_document, m_jobs, m_findings, m_selection)},
                 {"beliefs", tr("Beliefs"), new BeliefsPage(m_document, m_jobs, m_cache, m_selection)},
                 {"trials", tr("Trials"), m_trials},
                 {"explore", tr("Explore"), new ExplorePage(m_document, m_jobs, m_cache, m_selection)},
                 {"fronts", tr("Fronts"), new FrontsPage(m_document, m_jobs, m_cache, m_selection)},
                 {"history", tr("History"), new HistoryPage(m_document, m_jobs, m_cache, m_selection)},
                 {"learning_rate", tr("Learning rate"), m_learningRate}};
    int index = 0;
    QFont chosen = font(); // as the style sheet writes the chosen page
    chosen.setPointSize(9);
    chosen.setWeight(QFont::DemiBold);
    int widest = kRailWidth;
    for (const auto& page : pages) {
        widest = std::max(widest, QFontMetrics(chosen).horizontalAdvance(page.title) + kRailPadding);
        auto* const button = new QToolButton;
        button->setProperty("role", "rail");
        button->setObjectName("rail" + QString::number(index));
        button->setIcon(themeIcon(page.icon));
        button->setIconSize({24, 24});
        button->setText(page.title);
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setToolTip(tr("%1 (Ctrl+%2)").arg(page.title).arg(index + 1));
        m_rail->addButton(button, index);
        m_railLayout->addWidget(button);
        m_pages->addWidget(page.widget);
        ++index;
    }
    m_railLayout->addStretch();
    m_railLayout->parentWidget()->setFixedWidth(widest);
    connect(m_rail, &QButtonGroup::idClicked, this, &MainWindow::showPage);
    connect(m_welcome, &WelcomePage::newRequested, this, &MainWindow::newStudy);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::openDialog);
    connect(m_welcome, &WelcomePage::configurationRequested, this, &MainWindow::configurationDialog);
    connect(m_welcome, &WelcomePage::recentRequested, this, [this](const QString& path) { openPath(path); });
    connect(m_welcome, &WelcomePage::exampleRequested, this,
            [this](const QString& configuration) { openExample(configuration, false); });
    connect(m_learningRate, &LearningRatePage::studyRequested, this, [this](const Definition& definition) {
        if (m_run.isRunning())
            return showError(tr("Trials are being measured. Stop the run before another project is opened."));
        QDir().mkpath(documentsFolder());
        m_document.createFile(freePath(QString::fromStdString(definition.name)), definition);
    });
    connect(m_trials, &TrialsPage::runRequested, this, &MainWindow::startRun);
    connect(m_trials, &TrialsPage::stopRequested, &m_run, &RunSession::stop);

    auto* const dock = new QDockWidget(tr("Selected trial"), this);
    dock->setObjectName("inspector");
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(new TrialDetails(m_document, m_selection));
    scroll->setMinimumWidth(248);
    dock->setWidget(scroll);
    addDockWidget(Qt::RightDockWidgetArea, dock);
}

void MainWindow::buildStatus() {
    statusBar()->addPermanentWidget(new JobBar(m_jobs));
    m_storeLabel = new QLabel;
    m_storeLabel->setObjectName("storeState");
    statusBar()->addPermanentWidget(m_storeLabel);
}

void MainWindow::connectDocument() {
    const auto tell = [this](const Error& error) { showError(errorText(error)); };
    connect(&m_document, &ProjectDocument::storeFailed, this, tell);
    connect(&m_document, &ProjectDocument::editRefused, this, tell);
    connect(&m_document, &ProjectDocument::openFailed, this, [this](const QString& path, const Error& error) {
        m_startAfterOpen = false;
        showError(tr("%1 cannot be opened. %2").arg(QDir::toNativeSeparators(path), errorText(error)));
    });
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_selection.clear();
        m_message->dismiss();
        refreshTitle();
        if (!m_document.isOpen()) {
            showPage(Welcome);
            return;
        }
        if (!m_document.path().isEmpty())
            remember(m_document.path());
        if (!m_document.notice().isEmpty())
            m_message->showMessage(MessageBar::Kind::Info, m_document.notice());
        const bool defined = !m_document.definition().space.parameters.empty();
        showPage(defined ? Trials : Space);
        if (std::exchange(m_startAfterOpen, false))
            startRun(m_document.definition().strategy.budget);
    });
    connect(&m_document, &ProjectDocument::definitionChanged, this, &MainWindow::refreshTitle);
    connect(&m_document, &ProjectDocument::storeStateChanged, this, &MainWindow::refreshTitle);
    connect(&m_run, &RunSession::line, m_trials, &TrialsPage::appendLog);
    connect(&m_run, &RunSession::finished, this,
            [this](const QString& reason) { m_trials->appendLog(tr("Ended: %1.").arg(reason)); });
    connect(&m_run, &RunSession::failed, this, [this](const Error& error) {
        m_trials->appendLog(errorText(error));
        m_trials->showError(errorText(error));
    });
    connect(&m_run, &RunSession::stateChanged, this, [this] {
        m_trials->setRunning(m_run.isRunning());
        if (m_closing && !m_run.isRunning())
            close();
    });
}

void MainWindow::showPage(int page) {
    if (!standsAlone(page) && !m_document.isOpen() && !m_document.isOpening())
        page = Welcome;
    auto* const inspector = findChild<QDockWidget*>("inspector");
    const bool inspected = !standsAlone(page) && page != Space && page != Goals && page != Beliefs;
    if (!inspected)
        inspector->hide(); // before a page comes that has no room beside it
    // Only the page that is shown decides how small the window may become.
    for (int i = 0; i < m_pages->count(); ++i) {
        const auto policy = i == page ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        m_pages->widget(i)->setSizePolicy(policy, policy);
    }
    m_pages->setCurrentIndex(page);
    m_rail->button(page)->setChecked(true);
    for (int i = Space; i < PageCount; ++i)
        m_rail->button(i)->setEnabled(m_document.isOpen() || standsAlone(i));
    m_undo->setActiveStack(page == LearningRate ? &m_learningRate->undoStack() : &m_document.undoStack());
    inspector->setVisible(inspected);
}

void MainWindow::newStudy() {
    QDir().mkpath(documentsFolder());
    auto* const dialog =
        new QFileDialog(this, tr("New study"), freePath("study"), tr("Alidade project (*.alidade)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        Definition definition;
        definition.name = QFileInfo(path).completeBaseName().toStdString();
        m_document.createFile(withSuffix(path), definition);
    });
    dialog->open();
}

void MainWindow::openDialog() {
    auto* const dialog = new QFileDialog(this, tr("Open project"), documentsFolder(),
                                         tr("Alidade project (*.alidade);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { openPath(path); });
    dialog->open();
}

void MainWindow::configurationDialog() {
    auto* const dialog = new QFileDialog(this, tr("Study configuration"), {}, tr("Configuration (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { openPath(path); });
    dialog->open();
}

void MainWindow::openPath(const QString& path, bool start) {
    if (m_run.isRunning()) {
        showError(tr("Trials are being measured. Stop the run before another project is opened."));
        return;
    }
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == "json")
        loadConfiguration(path, freePath(QFileInfo(path).completeBaseName()), start);
    else if (suffix == "csv" || suffix == "tsv")
        importCsv(path);
    else {
        m_startAfterOpen = start;
        m_document.openFile(path);
    }
}

void MainWindow::openExample(const QString& configuration, bool start) {
    if (m_run.isRunning()) {
        showError(tr("Trials are being measured. Stop the run before another project is opened."));
        return;
    }
    loadConfiguration(configuration, freePath(QFileInfo(configuration).absoluteDir().dirName()), start);
}

void MainWindow::loadConfiguration(const QString& path, const QString& target, bool start) {
    m_jobs.start(
        {"configuration", tr("Reading the configuration"), 0}, this,
        [path](const Monitor&) -> Result<Definition> {
            ALIDADE_ASSIGN(const std::string text, readWholeFile(path.toStdString()));
            return definitionFromText(text);
        },
        [this, path, target, start](Result<Definition> definition, quint64) {
            if (!definition) {
                showError(tr("%1 cannot be used. %2")
                              .arg(QDir::toNativeSeparators(path), errorText(definition.error())));
                return;
            }
            QDir().mkpath(QFileInfo(target).absolutePath());
            m_startAfterOpen = start;
            m_document.createFile(target, *definition);
        });
}

void MainWindow::importCsv(const QString& path) {
    if (!m_document.canEdit()) {
        showError(tr("Open a project first; then its trials can be imported."));
        return;
    }
    m_jobs.start(
        {"import", tr("Importing trials"), m_document.revision()}, this,
        [path, study = m_document.snapshot()](const Monitor&) -> Result<CsvImport> {
            ALIDADE_ASSIGN(const std::string text, readWholeFile(path.toStdString()));
            return trialsFromCsv(study->definition, text);
        },
        [this, path](Result<CsvImport> imported, quint64) {
            if (!imported) {
                showError(tr("%1 cannot be imported. %2")
                              .arg(QDir::toNativeSeparators(path), errorText(imported.error())));
                return;
            }
            const int number = static_cast<int>(imported->trials.size());
            m_document.addTrials(std::move(imported->trials), tr("Import %n trial(s)", nullptr, number));
            QString text = tr("%n trial(s) imported.", nullptr, number);
            if (!imported->problems.empty())
                text += ' ' + tr("%n row(s) left out; line %1: %2", nullptr,
                                 static_cast<int>(imported->problems.size()))
                                  .arg(imported->problems.front().line)
                                  .arg(QString::fromStdString(imported->problems.front().message));
            m_message->showMessage(
                imported->problems.empty() ? MessageBar::Kind::Info : MessageBar::Kind::Warning, text);
            showPage(Trials);
        });
}

void MainWindow::saveCopy() {
    if (!m_document.isOpen())
        return;
    auto* const dialog =
        new QFileDialog(this, tr("Save copy as"), freePath(QFileInfo(m_document.path()).completeBaseName()),
                        tr("Alidade project (*.alidade)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // asks before it replaces
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_document.saveCopy(withSuffix(path), true, this, [this, path](Result<void> done) {
            if (done)
                m_message->showMessage(MessageBar::Kind::Info,
                                       tr("Copied to %1.").arg(QDir::toNativeSeparators(withSuffix(path))));
            else
                showError(errorText(done.error()));
        });
    });
    dialog->open();
}

void MainWindow::startRun(std::optional<int> budget) {
    m_run.start(m_document.path(), budget);
}

void MainWindow::remember(const QString& path) {
    QStringList recent = m_settings.value("recent").toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    while (recent.size() > kRecentFiles)
        recent.removeLast();
    m_settings.setValue("recent", recent);
    m_welcome->setRecent(recent);
}

void MainWindow::refreshTitle() {
    const bool open = m_document.isOpen();
    setWindowTitle(open ? tr("%1 – Alidade").arg(QString::fromStdString(m_document.definition().name))
                        : tr("Alidade"));
    QString text;
    switch (m_document.storeState()) {
    case ProjectDocument::StoreState::Closed: break;
    case ProjectDocument::StoreState::InMemory: text = tr("Not in a file"); break;
    case ProjectDocument::StoreState::Saved: text = tr("All changes saved"); break;
    case ProjectDocument::StoreState::Saving: text = tr("Saving…"); break;
    case ProjectDocument::StoreState::Waiting: text = tr("Waiting for another program"); break;
    case ProjectDocument::StoreState::ReadOnly: text = tr("Read-only"); break;
    }
    m_storeLabel->setText(text);
    m_storeLabel->setToolTip(QDir::toNativeSeparators(m_document.path()));
}

void MainWindow::showError(const QString& text) {
    m_message->showMessage(MessageBar::Kind::Error, text);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (m_run.isRunning()) {
        event->ignore();
        if (!m_closing)
            m_message->showMessage(
                MessageBar::Kind::Warning,
                tr("Trials are being measured. Closing stops them; they become pending again."),
                tr("Stop and close"), [this] {
                    m_closing = true;
                    m_run.stop();
                });
        return;
    }
    saveLayout();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) {
            openPath(url.toLocalFile());
            return;
        }
}

} // namespace alidade
