// Long because: the window is tested as its user meets it, from one fixture.
// The workbench as its user meets it: mouse, keyboard, files; nothing is called behind its back except to
// look.
#include "document/project_document.h"
#include "editors/trials_view.h"
#include "exchange/study_json.h"
#include "main_window.h"
#include "models/trials_model.h"
#include "project_file/project_file.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace alidade;

namespace {

constexpr int kPatience = 20000; // ms

const char* const kCommandStudy = R"({"alidade": 1, "name": "measured", "seed": 1,
    "parameters": [{"name": "x", "type": "real", "low": -1, "high": 2}],
    "objectives": [{"name": "y", "goal": "minimize"}],
    "strategy": {"method": "auto", "initial": 3},
    "runner": {"kind": "local", "command": "sh -c 'sleep 0.2; echo y={x}'"}})";

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void startsOnWelcome();
    void learningRateNeedsNoProject();
    void keepsItsSizeFromPageToPage();
    void makesAStudyByHand();
    void suggestsAndTakesTypedResults();
    void undoesAndRedoes();
    void pastesFromASpreadsheet();
    void runsAndStops();
    void showsTrialsOfAnotherProcess();
    void saysWhatIsWrongWithAFile();
    void pagesByKeyboard();
    void fitsASmallScreen();
    void remembersItsLayout();
    void exportsTextFiles_data();
    void exportsTextFiles();
    void copiesTheBestSetting();
    void dialogsDoNotStopWork();

private:
    template <typename T>
    T* child(const QString& name) {
        T* const found = m_window->findChild<T*>(name);
        if (!found)
            qFatal("no %s", qPrintable(name));
        return found;
    }
    void click(const QString& name) { QTest::mouseClick(child<QWidget>(name), Qt::LeftButton); }
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }
    [[nodiscard]] const Study& study() { return m_window->document().study(); }
    /// What the visible message bars say.
    [[nodiscard]] QString message() {
        QStringList texts;
        for (const QLabel* const label : m_window->findChildren<QLabel*>("messageText"))
            if (label->isVisible())
                texts << label->text();
        return texts.join('\n');
    }
    void openStudy(const char* configuration);
    /// Types into a cell of the trials table as a user does.
    void typeInto(qint64 trial, const QString& column, const QString& text);
    [[nodiscard]] int columnOf(const QString& title);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void MainWindowTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication::setOrganizationName("Alidade");
    QApplication::setApplicationName("tst_main_window");
    QSettings().clear();
}

void MainWindowTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_window = std::make_unique<MainWindow>();
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void MainWindowTest::cleanup() {
    m_window.reset();
    m_folder.reset();
}

void MainWindowTest::openStudy(const char* configuration) {
    const Definition definition = definitionFromText(configuration).value();
    QVERIFY(ProjectFile::create(path("p.alidade").toStdString(), definition).ok());
    m_window->openPath(path("p.alidade"));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->document().isOpen(), kPatience);
}

int MainWindowTest::columnOf(const QString& title) {
    const QAbstractItemModel* const model = child<TrialsView>("trialsTable")->model();
    for (int column = 0; column < model->columnCount(); ++column)
        if (model->headerData(column, Qt::Horizontal).toString().startsWith(title))
            return column;
    return -1;
}

void MainWindowTest::typeInto(qint64 trial, const QString& column, const QString& text) {
    auto* const view = child<TrialsView>("trialsTable");
    QModelIndex index;
    for (int row = 0; row < view->model()->rowCount(); ++row)
        if (view->model()->index(row, 0).data(TrialsModel::IdRole).toLongLong() == trial)
            index = view->model()->index(row, columnOf(column));
    QVERIFY2(index.isValid(), qPrintable(column));
    view->setFocus();
    view->setCurrentIndex(index);
    QTest::keyClick(view, Qt::Key_F2);
    QWidget* const editor = view->indexWidget(index) ? view->indexWidget(index) : QApplication::focusWidget();
    auto* const line = qobject_cast<QLineEdit*>(editor);
    QVERIFY(line);
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
    QCoreApplication::processEvents(); // the table commits after the key
}

void MainWindowTest::startsOnWelcome() {
    QCOMPARE(m_window->findChild<QStackedWidget*>()->currentIndex(), int(MainWindow::Welcome));
    QVERIFY(!child<QWidget>("rail3")->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->findChildren<QPushButton*>("welcomeExample").size() >= 3, kPatience);
    for (int page = MainWindow::Space; page < MainWindow::LearningRate; ++page) {
        m_window->showPage(page);
        QCOMPARE(m_window->findChild<QStackedWidget*>()->currentIndex(), int(MainWindow::Welcome));
    }
}

void MainWindowTest::learningRateNeedsNoProject() {
    click("rail" + QString::number(MainWindow::LearningRate));
    QCOMPARE(m_window->findChild<QStackedWidget*>()->currentIndex(), int(MainWindow::LearningRate));
    // Undo belongs to the page that is shown.
    auto* const cooldown = child<QLineEdit>("cooldown.field");
    cooldown->setFocus();
    cooldown->selectAll();
    QTest::keyClicks(cooldown, "0.5");
    QTest::keyClick(cooldown, Qt::Key_Return);
    auto* const steps = child<QLineEdit>("steps.field");
    steps->setFocus();
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(cooldown->text(), QString("0.2"));
    // A study from theory opens as a project.
    click("tuneAsStudy");
    QTRY_VERIFY_WITH_TIMEOUT(m_window->document().isOpen(), kPatience);
    const Definition& definition = study().definition;
    QCOMPARE(definition.space.parameters.size(), std::size_t{3});
    QCOMPARE(definition.beliefs.size(), std::size_t{2});
    const auto& belief = std::get<OptimumBelief>(definition.beliefs[0].claim);
    QCOMPARE(definition.space.find(belief.parameter)->name, std::string("base_lr"));
    const double center = std::get<NormalDensity>(belief.density).center;
    // 0.5145 sqrt(1 / T) in the limit, for wsd with 20 % cooldown and D = G = 1.
    QVERIFY2(std::abs(center * 100.0 / 0.5145 - 1.0) < 0.03, qPrintable(QString::number(center)));
    QFile::remove(m_window->document().path());
}

void MainWindowTest::keepsItsSizeFromPageToPage() {
    openStudy(kCommandStudy);
    m_window->resize(1280, 800);
    // From a page with the inspector to the widest one, which has none.
    for (const int page : {MainWindow::Explore, MainWindow::LearningRate, MainWindow::Trials}) {
        click("rail" + QString::number(page));
        QTRY_COMPARE(m_window->findChild<QStackedWidget*>()->currentIndex(), page);
        QCoreApplication::processEvents(); // layouts follow events
        QCOMPARE(m_window->size(), QSize(1280, 800));
    }
}

void MainWindowTest::makesAStudyByHand() {
    click("welcomeNew");
    QFileDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = m_window->findChild<QFileDialog*>()) && dialog->isVisible());
    dialog->setDirectory(m_folder->path());
    auto* const name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    name->setText(path("dough"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->document().isOpen(), kPatience);
    QCOMPARE(m_window->document().path(), path("dough.alidade"));
    QVERIFY(m_window->windowTitle().contains("dough"));

    QMenu* const kinds = child<QPushButton>("addParameter")->menu();
    QVERIFY(kinds);
    kinds->actions().at(0)->trigger(); // a real number
    kinds->actions().at(3)->trigger(); // unordered choices
    QCOMPARE(study().definition.space.parameters.size(), std::size_t{2});
    auto* const edit = child<QLineEdit>("parameterName");
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, "flour");
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(study().definition.space.parameters[1].name, std::string("flour"));
    auto* const choices = child<QLineEdit>("parameterChoices");
    choices->setFocus();
    choices->selectAll();
    QTest::keyClicks(choices, "wheat, rye");
    QTest::keyClick(choices, Qt::Key_Return);
    const auto* const flour = std::get_if<CategoricalChoices>(&study().definition.space.parameters[1].domain);
    QVERIFY(flour);
    QCOMPARE(flour->choices.size(), std::size_t{2});

    m_window->showPage(MainWindow::Goals);
    if (study().definition.objectives.empty())
        click("addObjective");
    QCOMPARE(study().definition.objectives.size(), std::size_t{1});

    m_window->showPage(MainWindow::Trials);
    m_window->activateWindow(); // without a window manager nobody does after the dialog
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_G, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!study().trials.empty() || !message().isEmpty(), kPatience);
    QVERIFY2(message().isEmpty(), qPrintable(message()));
    QVERIFY(!study().trials[0].reason.empty());
    // All of it is in the file.
    QTRY_COMPARE_WITH_TIMEOUT(m_window->document().storeState(), ProjectDocument::StoreState::Saved,
                              kPatience);
    const auto file = ProjectFile::open(path("dough.alidade").toStdString());
    QVERIFY(file.ok());
}

void MainWindowTest::suggestsAndTakesTypedResults() {
    openStudy(kCommandStudy);
    const QString measure = "y";
    for (int i = 0; i < 5; ++i) {
        click("suggest");
        QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), static_cast<std::size_t>(i) + 1, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(study().trials.back().state, TrialState::Pending, kPatience);
        const double x = std::get<double>(study().trials.back().setting.begin()->second);
        typeInto(i + 1, measure, QLocale().toString((x - 0.5) * (x - 0.5), 'g', 17));
        QTRY_COMPARE_WITH_TIMEOUT(study().trials.back().state, TrialState::Complete, kPatience);
    }
    QVERIFY(study().trials.back().origin == Origin::Model);
    typeInto(3, measure, "bad");
    QVERIFY2(message().contains("bad"), qPrintable(message()));
    QCOMPARE(study().trials[2].state, TrialState::Complete);
}

void MainWindowTest::undoesAndRedoes() {
    openStudy(kCommandStudy);
    click("suggest");
    QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), std::size_t{1}, kPatience);
    typeInto(1, "y", "0.25");
    QTRY_COMPARE(study().trials[0].state, TrialState::Complete);
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(study().trials[0].state, TrialState::Pending);
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(study().trials[0].state, TrialState::Complete);
    m_window->showPage(MainWindow::Goals);
    click("addObjective");
    QCOMPARE(study().definition.objectives.size(), std::size_t{2});
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(study().definition.objectives.size(), std::size_t{1});
}

void MainWindowTest::pastesFromASpreadsheet() {
    openStudy(kCommandStudy);
    m_window->showPage(MainWindow::Trials);
    click("addTrial");
    QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), std::size_t{1}, kPatience);
    child<TrialsView>("trialsTable")->pasteText("x\ty\n0.5\t3.25\n-0.5\t\n9\t1\n");
    QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), std::size_t{3}, kPatience);
    QCOMPARE(study().trials[1].state, TrialState::Complete);
    QCOMPARE(study().trials[2].state, TrialState::Pending);
    QVERIFY2(message().contains("4"), qPrintable(message())); // line 4 is out of range
}

void MainWindowTest::runsAndStops() {
    openStudy(kCommandStudy);
    m_window->showPage(MainWindow::Trials);
    child<QSpinBox>("budget")->setValue(4);
    click("run");
    QTRY_VERIFY_WITH_TIMEOUT(m_window->runSession().isRunning(), kPatience);
    const auto complete = [this] {
        return std::count_if(study().trials.begin(), study().trials.end(),
                             [](const Trial& trial) { return trial.state == TrialState::Complete; });
    };
    QTRY_COMPARE_WITH_TIMEOUT(complete(), 4, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->runSession().isRunning(), kPatience);
    QVERIFY(child<QPlainTextEdit>("runLog")->toPlainText().contains("y"));
    child<QSpinBox>("budget")->setValue(1000);
    click("run");
    QTRY_VERIFY_WITH_TIMEOUT(complete() > 4, kPatience);
    click("stop");
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->runSession().isRunning(), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(
        std::none_of(study().trials.begin(), study().trials.end(),
                     [](const Trial& trial) { return trial.state == TrialState::Running; }),
        kPatience);
}

void MainWindowTest::showsTrialsOfAnotherProcess() {
    openStudy(kCommandStudy);
    // Another connection to the file, as another process has.
    auto other = ProjectFile::open(path("p.alidade").toStdString());
    QVERIFY(other.ok());
    Trial trial;
    trial.setting = completed(study().definition.space, {});
    trial.state = TrialState::Complete;
    trial.values[study().definition.objectives[0].id].value = 1.5;
    QVERIFY(other->addTrials({trial}).ok());
    QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), std::size_t{1}, kPatience);
    QCOMPARE(child<TrialsView>("trialsTable")->model()->rowCount(), 1);
}

void MainWindowTest::saysWhatIsWrongWithAFile() {
    QFile file(path("no.alidade"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is not a project");
    file.close();
    m_window->openPath(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(message().contains("no.alidade"), kPatience);
    QVERIFY(!m_window->document().isOpen());
    QFile configuration(path("c.json"));
    QVERIFY(configuration.open(QIODevice::WriteOnly));
    configuration.write(R"({"alidade": 1, "name": "c", "parameters": [{"name": "x", "type": "real",
        "low": 3, "high": 1}], "objectives": [{"name": "y", "id": 3}]})");
    configuration.close();
    m_window->openPath(configuration.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(message().contains("c.json"), kPatience);
    QVERIFY(!m_window->document().isOpen());
}

void MainWindowTest::pagesByKeyboard() {
    openStudy(kCommandStudy);
    auto* const pages = m_window->findChild<QStackedWidget*>();
    for (const int page : {MainWindow::History, MainWindow::Space, MainWindow::Explore, MainWindow::Fronts,
                           MainWindow::Welcome, MainWindow::Trials}) {
        QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
        QTRY_COMPARE(pages->currentIndex(), page);
    }
}

void MainWindowTest::fitsASmallScreen() {
    openStudy(kCommandStudy);
    auto* const pages = m_window->findChild<QStackedWidget*>();
    for (int page = 0; page < MainWindow::PageCount; ++page) {
        m_window->showPage(page);
        const auto least = [this] { return m_window->minimumSizeHint(); };
        const QSize own = pages->widget(page)->minimumSizeHint();
        QTRY_VERIFY2_WITH_TIMEOUT(least().width() <= 1280 && least().height() <= 740,
                                  qPrintable(QString("page %1: %2 x %3, itself %4 x %5")
                                                 .arg(page)
                                                 .arg(least().width())
                                                 .arg(least().height())
                                                 .arg(own.width())
                                                 .arg(own.height())),
                                  kPatience);
    }
}

void MainWindowTest::remembersItsLayout() {
    QSettings().remove("window");
    openStudy(kCommandStudy);
    auto* const inspector = child<QDockWidget>("inspector");
    m_window->addDockWidget(Qt::LeftDockWidgetArea, inspector);
    m_window->resize(1111, 777);
    m_window->showPage(MainWindow::History);
    auto* const tabs = child<QTabWidget>("historyTabs");
    tabs->setCurrentIndex(2);
    m_window->close();
    m_window = std::make_unique<MainWindow>();
    QCOMPARE(m_window->size(), QSize(1111, 777));
    QCOMPARE(m_window->dockWidgetArea(child<QDockWidget>("inspector")), Qt::LeftDockWidgetArea);
    QCOMPARE(child<QTabWidget>("historyTabs")->currentIndex(), 2);
    QCOMPARE(child<QTabWidget>("exploreTabs")->currentIndex(), 0);
    QSettings().remove("window");
}

void MainWindowTest::exportsTextFiles_data() {
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("contains");
    QTest::newRow("trials") << "Trials"
                            << "t.csv" << QByteArray("state");
    QTest::newRow("trials, JSON") << "Trials"
                                  << "t.json" << QByteArray("\"complete\"");
    QTest::newRow("front") << "Front"
                           << "f.csv" << QByteArray("complete");
    QTest::newRow("setting, JSON") << "Setting"
                                   << "s.json" << QByteArray("\"x\": 0.5");
    QTest::newRow("setting, YAML") << "Setting"
                                   << "s.yaml" << QByteArray("\"x\": 0.5");
    QTest::newRow("setting, environment") << "Setting"
                                          << "s.env" << QByteArray("X=0.5");
    QTest::newRow("setting, command line") << "Setting"
                                           << "s.txt" << QByteArray("--x=0.5");
    QTest::newRow("setting, Python") << "Setting"
                                     << "s.py" << QByteArray("\"x\": 0.5");
    QTest::newRow("configuration") << "configuration"
                                   << "c.json" << QByteArray("\"alidade\": 1");
}

void MainWindowTest::exportsTextFiles() {
    QFETCH(QString, action);
    QFETCH(QString, name);
    QFETCH(QByteArray, contains);
    openStudy(kCommandStudy);
    Trial trial;
    trial.state = TrialState::Complete;
    trial.setting[study().definition.space.parameters[0].id] = 0.5;
    trial.values[study().definition.objectives[0].id] = {0.25, std::nullopt};
    m_window->document().addTrials({trial});
    QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), std::size_t{1}, kPatience);
    QAction* found = nullptr;
    for (QAction* const candidate : m_window->findChildren<QAction*>())
        if (const auto* const menu = qobject_cast<QMenu*>(candidate->parent());
            menu != nullptr && menu->title() == "&Export" && candidate->text().remove('&').contains(action))
            found = candidate;
    QVERIFY(found != nullptr);
    found->trigger();
    auto* const dialog = child<QFileDialog>("exportDialog");
    const QString target = path(name);
    auto* const field = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(field != nullptr);
    field->setText(target);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(message().contains(name), kPatience);
    QFile file(target);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray written = file.readAll();
    QVERIFY2(written.contains(contains), written.constData());
}

void MainWindowTest::copiesTheBestSetting() {
    openStudy(kCommandStudy);
    std::vector<Trial> trials(2);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        trials[i].state = TrialState::Complete;
        trials[i].setting[study().definition.space.parameters[0].id] = 0.5 + static_cast<double>(i);
        trials[i].values[study().definition.objectives[0].id] = {0.25 + static_cast<double>(i), std::nullopt};
    }
    m_window->document().addTrials(trials);
    QTRY_COMPARE_WITH_TIMEOUT(study().trials.size(), std::size_t{2}, kPatience);
    const auto copy = [this](const QString& text) {
        QApplication::clipboard()->clear();
        for (QAction* const candidate : m_window->findChildren<QAction*>())
            if (const auto* const menu = qobject_cast<QMenu*>(candidate->parent());
                menu != nullptr && menu->title() == "Copy se&tting as" &&
                candidate->text().remove('&') == text)
                candidate->trigger();
        (void)QTest::qWaitFor([] { return !QApplication::clipboard()->text().isEmpty(); }, kPatience);
        return QApplication::clipboard()->text();
    };
    QVERIFY(copy("Command line").contains("--x=0.5")); // the best one
    QVERIFY(copy("Python dict").contains("0.5"));
    QVERIFY(copy(".env").contains("X=0.5"));
}

void MainWindowTest::dialogsDoNotStopWork() {
    openStudy(kCommandStudy);
    QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->runSession().isRunning(), kPatience);
    // Results come in while each dialogue of the menus is open.
    for (const Qt::Key key : {Qt::Key_E, Qt::Key_O, Qt::Key_N}) {
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::keyClick(m_window.get(), key, Qt::ControlModifier);
        QFileDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = m_window->findChild<QFileDialog*>()) != nullptr);
        const std::size_t before = study().trials.size();
        QTRY_VERIFY_WITH_TIMEOUT(study().trials.size() > before, kPatience);
        QVERIFY(dialog->isVisible());
        delete dialog;
    }
    m_window->runSession().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->runSession().isRunning(), kPatience);
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
