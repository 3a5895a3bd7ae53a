#include "translations.h"

#include <QCoreApplication>
#include <QTest>

using namespace alidade;

class TranslationsTest : public QObject {
    Q_OBJECT
private slots:
    void pluralsAreEnglish();
};

void TranslationsTest::pluralsAreEnglish() {
    const auto suggested = [](int count) {
        return QCoreApplication::translate("alidade::TrialsPage", "Suggest %n trial(s)", nullptr, count);
    };
    QCOMPARE(suggested(3), QString("Suggest 3 trial(s)")); // before
    installTranslations(*QCoreApplication::instance());
    QCOMPARE(suggested(1), QString("Suggest 1 trial"));
    QCOMPARE(suggested(3), QString("Suggest 3 trials"));
    QCOMPARE(QCoreApplication::translate("alidade::TrialsPage", "no such text"), QString("no such text"));
}

QTEST_GUILESS_MAIN(TranslationsTest)
#include "tst_translations.moc"
