#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/ticks.h"

#include <QTest>

#include <cmath>

using namespace alidade;

Q_DECLARE_METATYPE(alidade::AxisKind)

namespace {
QStringList labelsOf(const TickSet& ticks) {
    QStringList labels;
    for (const Tick& tick : ticks.major)
        labels << tick.label;
    return labels;
}
} // namespace

class TicksTest : public QObject {
    Q_OBJECT
private slots:
    void majorLabels_data();
    void majorLabels();
    void minorTicksOfADecade();
    void labelsReadBackToTheirValues();
    void numbers_data();
    void numbers();
    void uncertainNumbers_data();
    void uncertainNumbers();
    void axesInvert_data();
    void axesInvert();
    void labelsNeverTouch_data();
    void labelsNeverTouch();
};

void TicksTest::majorLabels_data() {
    QTest::addColumn<AxisKind>("kind");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<int>("count");
    QTest::addColumn<QStringList>("labels");
    QTest::addColumn<int>("exponent");
    const auto row = [](const char* name, AxisKind kind, double low, double high, int count,
                        const QStringList& labels, int exponent = 0) {
        QTest::newRow(name) << kind << low << high << count << labels << exponent;
    };
    row("unit", AxisKind::Linear, 0.0, 1.0, 5, {"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
    row("fives", AxisKind::Linear, 0.0, 22.0, 5, {"0", "5", "10", "15", "20"});
    row("around zero", AxisKind::Linear, -1.1, 1.1, 4, {"−1", "0", "1"});
    row("small range far out", AxisKind::Linear, 100.01, 100.05, 4,
        {"100.01", "100.02", "100.03", "100.04", "100.05"});
    row("large", AxisKind::Linear, 0.0, 4.0e6, 4, {"0", "1", "2", "3", "4"}, 6);
    row("small", AxisKind::Linear, 0.0, 4e-5, 4, {"0", "1", "2", "3", "4"}, -5);
    row("tens of thousands", AxisKind::Linear, 0.0, 20000.0, 4, {"0", "5000", "10,000", "15,000", "20,000"});
    row("whole", AxisKind::Integer, 1.0, 3.0, 8, {"1", "2", "3"});
    row("learning rate", AxisKind::Log, 1e-5, 0.1, 6, {"10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"});
    row("plain decades", AxisKind::Log, 0.01, 10.0, 4, {"0.01", "0.1", "1", "10"});
    row("every other decade", AxisKind::Log, 1e-6, 1e2, 5, {"10⁻⁶", "10⁻⁴", "10⁻²", "10⁰", "10²"});
    row("one decade", AxisKind::Log, 1.0, 10.0, 5, {"1", "2", "5", "10"});
    row("two decades", AxisKind::Log, 1e-5, 1e-3, 8,
        {"10⁻⁵", "2×10⁻⁵", "5×10⁻⁵", "10⁻⁴", "2×10⁻⁴", "5×10⁻⁴", "10⁻³"});
    row("inside a decade", AxisKind::Log, 2.1, 3.9, 5, {"2.5", "3.0", "3.5"});
    row("logit", AxisKind::Logit, 0.005, 0.995, 6, {"0.01", "0.1", "0.5", "0.9", "0.99"});
}

void TicksTest::majorLabels() {
    QFETCH(AxisKind, kind);
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(int, count);
    QFETCH(QStringList, labels);
    QFETCH(int, exponent);
    AxisSpec spec;
    spec.kind = kind;
    const TickSet ticks = computeTicks(spec, {low, high}, count, QLocale(QLocale::English));
    QCOMPARE(labelsOf(ticks), labels);
    QCOMPARE(ticks.exponent, exponent);
    QVERIFY(static_cast<int>(ticks.major.size()) <= count + 1);
    for (const Tick& tick : ticks.major)
        QVERIFY(tick.value >= low * (1.0 - 1e-9) - 1e-12 && tick.value <= high * (1.0 + 1e-9));
}

void TicksTest::minorTicksOfADecade() {
    AxisSpec spec;
    spec.kind = AxisKind::Log;
    const TickSet ticks = computeTicks(spec, {1e-3, 1.0}, 4);
    // Three decades with 2 ... 9 in each.
    QCOMPARE(ticks.minor.size(), std::size_t(24));
    QVERIFY(std::abs(ticks.minor.front() / 2e-3 - 1.0) < 1e-12);
    QVERIFY(std::abs(ticks.minor.back() / 0.9 - 1.0) < 1e-12);
}

void TicksTest::labelsReadBackToTheirValues() {
    const QLocale locale(QLocale::German);
    for (const double span : {1.0, 3.7, 12.0, 0.037, 450.0}) {
        for (int count = 2; count <= 10; ++count) {
            const TickSet ticks = computeTicks({}, {-0.3 * span, 0.7 * span}, count, locale);
            QVERIFY(ticks.major.size() >= 2);
            for (const Tick& tick : ticks.major) {
                bool ok = false;
                const double read = locale.toDouble(QString(tick.label).replace(QChar(0x2212), "-"), &ok);
                QVERIFY2(ok, qPrintable(tick.label));
                QVERIFY(std::abs(read * std::pow(10.0, ticks.exponent) - tick.value) < 1e-9 * span);
            }
        }
    }
}

void TicksTest::numbers_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("digits");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << 4 << "0";
    QTest::newRow("rounded") << 0.123456 << 4 << "0.1235";
    QTest::newRow("trailing zeros") << 0.5 << 4 << "0.5";
    QTest::newRow("whole kept") << 123456.0 << 3 << "123,456";
    QTest::newRow("carry") << 9.9996 << 4 << "10";
    QTest::newRow("tiny") << -4.2e-7 << 4 << "−4.2×10⁻⁷";
    QTest::newRow("huge") << 1.5e12 << 4 << "1.5×10¹²";
    QTest::newRow("carry into the exponent") << 9.99999e-8 << 3 << "1×10⁻⁷";
    QTest::newRow("infinite") << -std::numeric_limits<double>::infinity() << 4 << "−∞";
    QTest::newRow("none") << std::nan("") << 4 << "–";
}

void TicksTest::numbers() {
    QFETCH(double, value);
    QFETCH(int, digits);
    QFETCH(QString, text);
    QCOMPARE(formatNumber(value, digits, QLocale(QLocale::English)), text);
}

void TicksTest::uncertainNumbers_data() {
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("sd");
    QTest::addColumn<QString>("text");
    QTest::newRow("two digits") << 0.31249 << 0.00871 << "0.3125 ± 0.0087 nat";
    QTest::newRow("carry") << 0.31249 << 0.00996 << "0.312 ± 0.010 nat";
    QTest::newRow("tens") << 123.4 << 12.3 << "123 ± 12 nat";
    QTest::newRow("rounds left of the point") << 12345.0 << 678.0 << "12,350 ± 680 nat";
    QTest::newRow("power") << 3.14159e-6 << 2.0e-8 << "(3.142 ± 0.020)×10⁻⁶ nat";
    QTest::newRow("no power of 0") << -3.3223682 << 2.3e-6 << "−3.3223682 ± 0.0000023 nat";
    QTest::newRow("negative") << -1.5 << 0.25 << "−1.50 ± 0.25 nat";
}

void TicksTest::uncertainNumbers() {
    QFETCH(double, mean);
    QFETCH(double, sd);
    QFETCH(QString, text);
    const QString shown = formatUncertain(mean, sd, "nat", QLocale(QLocale::English));
    QCOMPARE(QString(shown).replace(QChar(0x00a0), ' '), text);
}

void TicksTest::axesInvert_data() {
    QTest::addColumn<AxisKind>("kind");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("linear") << AxisKind::Linear << -3.0 << 8.0;
    QTest::newRow("log") << AxisKind::Log << 1e-5 << 10.0;
    QTest::newRow("logit") << AxisKind::Logit << 0.001 << 0.99;
}

void TicksTest::axesInvert() {
    QFETCH(AxisKind, kind);
    QFETCH(double, low);
    QFETCH(double, high);
    PlotAxis axis(Qt::Horizontal);
    AxisSpec spec;
    spec.kind = kind;
    axis.setSpec(spec);
    axis.setRange({toAxis(kind, low), toAxis(kind, high)});
    axis.setPlotRect(QRectF(50, 10, 400, 300));
    QVERIFY(std::abs(axis.toPixel(low) - 50.0) < 1e-9);
    QVERIFY(std::abs(axis.toPixel(high) - 450.0) < 1e-9);
    for (double pixel = 60; pixel < 450; pixel += 30)
        QVERIFY(std::abs(axis.toPixel(axis.toValue(pixel)) - pixel) < 1e-9);
    QCOMPARE(std::isnan(axis.toPixel(-1.0)), kind != AxisKind::Linear);
}

void TicksTest::labelsNeverTouch_data() {
    QTest::addColumn<AxisKind>("kind");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("linear") << AxisKind::Linear << 0.00012 << 0.00034;
    QTest::newRow("million") << AxisKind::Linear << 1.2e6 << 3.4e6;
    QTest::newRow("log") << AxisKind::Log << 1e-12 << 1e9;
    QTest::newRow("narrow log") << AxisKind::Log << 0.02 << 0.7;
    QTest::newRow("logit") << AxisKind::Logit << 1e-5 << 0.99999;
}

void TicksTest::labelsNeverTouch() {
    QFETCH(AxisKind, kind);
    QFETCH(double, low);
    QFETCH(double, high);
    QFont font;
    font.setPixelSize(13);
    for (const Qt::Orientation orientation : {Qt::Horizontal, Qt::Vertical}) {
        PlotAxis axis(orientation);
        AxisSpec spec;
        spec.kind = kind;
        axis.setSpec(spec);
        axis.setRange({toAxis(kind, low), toAxis(kind, high)});
        for (double length = 60; length <= 1800; length += 37) {
            axis.setPlotRect(QRectF(0, 0, length, length));
            axis.layoutTicks(font);
            QVERIFY(!axis.ticks().major.empty());
            const std::vector<QRectF> rects = axis.labelRects(font);
            for (std::size_t i = 0; i < rects.size(); ++i)
                for (std::size_t j = 0; j < i; ++j)
                    QVERIFY(!rects[i].intersects(rects[j]));
        }
    }
}

QTEST_MAIN(TicksTest)
#include "tst_ticks.moc"
