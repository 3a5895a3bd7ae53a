// Commands found and done by keyboard alone.
#include "command_palette.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMainWindow>
#include <QMenuBar>
#include <QSignalSpy>
#include <QTest>

using namespace alidade;

class CommandPaletteTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void findsByWordsInAnyOrder_data();
    void findsByWordsInAnyOrder();
    void doesItWithTheKeyboard();
    void leavesOutWhatCannotBeDone();
    void isAsHighAsWhatIsFound();

private:
    [[nodiscard]] CommandPalette* open() const {
        auto* const palette =
            new CommandPalette(CommandPalette::commandsOf(*m_window->menuBar()), m_window.get());
        palette->open();
        palette->findChild<QLineEdit*>("commandField")->setFocus();
        return palette;
    }
    static QStringList shown(const CommandPalette& palette) {
        QStringList texts;
        const auto* const list = palette.findChild<QListWidget*>("commandList");
        for (int i = 0; i < list->count(); ++i)
            texts << list->item(i)->text();
        return texts;
    }
    std::unique_ptr<QMainWindow> m_window;
    QAction* m_dark = nullptr;
    QAction* m_undo = nullptr;
};

void CommandPaletteTest::init() {
    m_window = std::make_unique<QMainWindow>();
    QMenu* const file = m_window->menuBar()->addMenu("&File");
    file->addAction(QString("&Open project%1").arg(QChar(0x2026)))->setShortcut(QKeySequence("Ctrl+O"));
    file->addSeparator();
    m_undo = file->addAction("&Undo");
    QMenu* const themes = m_window->menuBar()->addMenu("&View")->addMenu("Theme");
    themes->addAction("Light");
    m_dark = themes->addAction("Dark");
    m_window->show();
}

void CommandPaletteTest::findsByWordsInAnyOrder_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("all") << ""
                         << QStringList{"File: Open project   (Ctrl+O)", "File: Undo", "View: Theme: Light",
                                        "View: Theme: Dark"};
    QTest::newRow("order") << "dark theme" << QStringList{"View: Theme: Dark"};
    QTest::newRow("part") << "PROJ" << QStringList{"File: Open project   (Ctrl+O)"};
    QTest::newRow("none") << "xyz" << QStringList();
}

void CommandPaletteTest::findsByWordsInAnyOrder() {
    QFETCH(QString, typed);
    QFETCH(QStringList, found);
    CommandPalette* const palette = open();
    QTest::keyClicks(palette->findChild<QLineEdit*>("commandField"), typed);
    QCOMPARE(shown(*palette), found);
}

void CommandPaletteTest::doesItWithTheKeyboard() {
    const QSignalSpy done(m_dark, &QAction::triggered);
    CommandPalette* const palette = open();
    auto* const field = palette->findChild<QLineEdit*>("commandField");
    QTest::keyClicks(field, "theme");
    QTest::keyClick(field, Qt::Key_Down);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(!palette->isVisible());
    QTRY_COMPARE(done.count(), 1);
    CommandPalette* const other = open();
    QTest::keyClick(other->findChild<QLineEdit*>("commandField"), Qt::Key_Escape);
    QVERIFY(!other->isVisible());
    QCOMPARE(done.count(), 1);
}

void CommandPaletteTest::leavesOutWhatCannotBeDone() {
    m_undo->setEnabled(false);
    QVERIFY(!shown(*open()).contains("File: Undo"));
}

void CommandPaletteTest::isAsHighAsWhatIsFound() {
    CommandPalette* const palette = open();
    const auto* const list = palette->findChild<QListWidget*>("commandList");
    auto* const field = palette->findChild<QLineEdit*>("commandField");
    const auto room = [list] { return list->viewport()->height() - list->count() * list->sizeHintForRow(0); };
    QTRY_COMPARE(room(), 0);
    const int before = palette->height();
    QTest::keyClicks(field, "dark");
    QTRY_VERIFY(palette->height() < before);
    QCOMPARE(room(), 0);
    QTest::keyClicks(field, "xyz");
    QVERIFY(!list->isVisible());
    QVERIFY(palette->findChild<QLabel*>("commandNone")->isVisible());
}

QTEST_MAIN(CommandPaletteTest)
#include "tst_command_palette.moc"
