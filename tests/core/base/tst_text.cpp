#include "base/text.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace alidade;

class TextTest : public QObject {
    Q_OBJECT
private slots:
    void parsesWholeNumbersOnly_data();
    void parsesWholeNumbersOnly();
    void formatsShortestRoundTrip();
    void estimatesShowWhatIsKnown();
    void suggestsTheNearestName();
};

void TextTest::parsesWholeNumbersOnly_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<double>("value");
    QTest::newRow("plain") << QByteArray("0.1") << true << 0.1;
    QTest::newRow("exponent") << QByteArray(" 1e-3 ") << true << 1e-3;
    QTest::newRow("plus") << QByteArray("+2") << true << 2.0;
    QTest::newRow("infinite") << QByteArray("-inf") << true << -std::numeric_limits<double>::infinity();
    QTest::newRow("nan") << QByteArray("nan") << false << 0.0;
    QTest::newRow("comma") << QByteArray("0,5") << false << 0.0;
    QTest::newRow("rest") << QByteArray("1.5x") << false << 0.0;
    QTest::newRow("empty") << QByteArray("") << false << 0.0;
    QTest::newRow("two signs") << QByteArray("++1") << false << 0.0;
}

void TextTest::parsesWholeNumbersOnly() {
    QFETCH(QByteArray, text);
    QFETCH(bool, valid);
    QFETCH(double, value);
    const auto parsed = parseDouble(text.toStdString());
    QCOMPARE(parsed.has_value(), valid);
    if (valid)
        QCOMPARE(*parsed, value);
}

void TextTest::formatsShortestRoundTrip() {
    for (const double value : {0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, 123456789.0, -0.25}) {
        const std::string text = formatDouble(value);
        QCOMPARE(*parseDouble(text), value);
    }
    QCOMPARE(formatDouble(0.1), std::string("0.1"));
}

void TextTest::estimatesShowWhatIsKnown() {
    QCOMPARE(formatEstimate(95.10153, 0.123), std::string("95.10 ± 0.12"));
    QCOMPARE(formatEstimate(108.8, 7.035), std::string("108.8 ± 7.0"));
    QCOMPARE(formatEstimate(-12345.6, 678.0), std::string("-12350 ± 680"));
    QCOMPARE(formatEstimate(0.5, 0.0996), std::string("0.50 ± 0.10")); // rounds up to the next place
    QCOMPARE(formatEstimate(0.0, 0.02), std::string("0.000 ± 0.020"));
    QCOMPARE(formatEstimate(1.2e-7, 3.4e-9), std::string("(1.200 ± 0.034)e-7"));
    QCOMPARE(formatEstimate(3.0e9, 2.0e8), std::string("(3.00 ± 0.20)e9"));
    QCOMPARE(formatEstimate(95.10153, 2e-9), std::string("95.101530 ± 2.0e-09"));
    QCOMPARE(formatEstimate(HUGE_VAL, 1.0), std::string("inf ± 1"));
    QCOMPARE(formatEstimate(0.25, 0.0), std::string("0.25 ± 0"));
}

void TextTest::suggestsTheNearestName() {
    QCOMPARE(*nearestName("learing_rate", {"depth", "learning_rate"}), std::string("learning_rate"));
    QVERIFY(!nearestName("zzz", {"depth", "width"}).has_value());
}

QTEST_APPLESS_MAIN(TextTest)
#include "tst_text.moc"
