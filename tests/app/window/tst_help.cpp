// The built-in help: its texts, the tips that link into it, F1.
#include "editors/help_tip.h"
#include "editors/help_topics.h"
#include "editors/help_window.h"
#include "main_window.h"

#include <QApplication>
#include <QComboBox>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QRegularExpression>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <set>

using namespace alidade;

class HelpTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void topicsAreShortAndLinked();
    void everyAcquisitionHasATopic();
    void findsWords();
    void followsLinks();
    void tipsLinkIntoTheHelp();
    void f1ShowsWhatHasTheFocus();

private:
    /// What a tool tip event at the widget brings up.
    static QWidget* tipOf(QWidget* widget) {
        const QPoint at = widget->rect().center();
        QHelpEvent event(QEvent::ToolTip, at, widget->mapToGlobal(at));
        QApplication::sendEvent(widget, &event);
        for (QWidget* const top : QApplication::topLevelWidgets())
            if (top->objectName() == "helpTip" && top->isVisible())
                return top;
        return nullptr;
    }
};

void HelpTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("AlidadeHelpTest");
    QSettings().clear();
}

void HelpTest::topicsAreShortAndLinked() {
    std::set<QString> keys;
    static const QRegularExpression link("href=\"help:([^\"]+)\"");
    // A sentence ends in a sign before a space and a capital letter, or at the end.
    static const QRegularExpression end("[.:?](?= [A-Z]|$)");
    for (const HelpTopic& topic : helpTopics()) {
        QVERIFY2(keys.insert(topic.key).second, qPrintable(topic.key));
        QVERIFY(!topic.title.isEmpty());
        QVERIFY2(topic.brief.count(end) <= 2, qPrintable(topic.key));
        QVERIFY2(topic.brief.endsWith('.'), qPrintable(topic.key));
    }
    for (const HelpTopic& topic : helpTopics())
        for (auto match = link.globalMatch(topic.text); match.hasNext();) {
            const QString target = match.next().captured(1);
            QVERIFY2(keys.contains(target), qPrintable(topic.key + " -> " + target));
        }
    QVERIFY(findHelpTopic("no such topic") == nullptr);
}

void HelpTest::everyAcquisitionHasATopic() {
    for (int kind = 0; kind <= static_cast<int>(AcquisitionKind::EiPerSecond); ++kind)
        QVERIFY(findHelpTopic(helpKey(static_cast<AcquisitionKind>(kind))) != nullptr);
}

void HelpTest::findsWords() {
    HelpWindow window("<b>Ctrl+Z</b>");
    window.show();
    auto* const field = window.findChild<QLineEdit*>("helpField");
    auto* const list = window.findChild<QListWidget*>("helpTopics");
    auto* const text = window.findChild<QTextBrowser*>("helpText");
    QCOMPARE(list->count(), static_cast<int>(helpTopics().size()) + 1);
    QTest::keyClicks(field, "sobol");
    QCOMPARE(list->count(), 1);
    QCOMPARE(window.shownTopic(), QString("importance"));
    QVERIFY(text->toPlainText().contains("Sobol"));
    field->clear();
    QTest::keyClicks(field, "ctrl+z");
    QCOMPARE(window.shownTopic(), HelpWindow::kKeyboard);
    QTest::keyClicks(field, " xyz");
    QCOMPARE(list->count(), 0);
    window.showTopic("regret"); // whatever is being looked for
    QCOMPARE(window.shownTopic(), QString("regret"));
    QVERIFY(field->text().isEmpty());
}

void HelpTest::followsLinks() {
    HelpWindow window({});
    window.showTopic("importance");
    emit window.findChild<QTextBrowser*>("helpText")->anchorClicked(QUrl("help:interactions"));
    QCOMPARE(window.shownTopic(), QString("interactions"));
}

void HelpTest::tipsLinkIntoTheHelp() {
    MainWindow window;
    window.show();
    auto* const kind = window.findChild<QComboBox*>("acquisitionKind");
    QVERIFY(kind != nullptr);
    window.showPage(MainWindow::Explore);
    QWidget* const tip = tipOf(kind);
    QVERIFY(tip != nullptr);
    auto* const label = tip->findChild<QLabel*>();
    QVERIFY(label->text().contains("What is expected improvement?"));
    QVERIFY(label->text().contains("href=\"help:expected-improvement\""));
    emit label->linkActivated("help:expected-improvement");
    QTRY_VERIFY(window.findChild<HelpWindow*>() != nullptr);
    QVERIFY(window.findChild<HelpWindow*>()->isVisible());
    QCOMPARE(window.findChild<HelpWindow*>()->shownTopic(), QString("expected-improvement"));
    QVERIFY(!window.findChild<HelpWindow*>()->isModal());
}

void HelpTest::f1ShowsWhatHasTheFocus() {
    MainWindow window;
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_F1);
    auto* const help = window.findChild<HelpWindow*>();
    QVERIFY(help != nullptr);
    QCOMPARE(help->shownTopic(), helpTopics().front().key);
    // A widget says what it is about; those inside it are about the same.
    QWidget outer;
    auto* const column = new QVBoxLayout(&outer);
    auto* const inner = new QLineEdit;
    column->addWidget(inner);
    setHelpKey(&outer, "regret");
    QCOMPARE(helpKeyOf(inner), QString("regret"));
    setHelp(inner, "timeline");
    QCOMPARE(helpKeyOf(inner), QString("timeline"));
    QVERIFY(!inner->accessibleDescription().isEmpty());
    QCOMPARE(helpKeyOf(nullptr), QString());
    help->close();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_F1, Qt::ControlModifier);
    QCOMPARE(help->shownTopic(), HelpWindow::kKeyboard);
    QVERIFY(help->findChild<QTextBrowser*>("helpText")->toPlainText().contains("Ctrl+G"));
    QVERIFY(help->findChild<QTextBrowser*>("helpText")->toPlainText().contains("Ctrl+E"));
}

QTEST_MAIN(HelpTest)
#include "tst_help.moc"
