#include "plots/line_raster.h"

#include <QPainter>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

QImage blank(int width, int height) {
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    return image;
}

int inkedPixels(const QImage& image) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) != qRgb(255, 255, 255) ? 1 : 0;
    return count;
}

} // namespace

class LineRasterTest : public QObject {
    Q_OBJECT
private slots:
    void coversTheLine_data();
    void coversTheLine();
    void blendsInOrder();
    void staysInside();
    void stops();
};

void LineRasterTest::coversTheLine_data() {
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::newRow("level") << 30.5 << 30.5;
    QTest::newRow("shallow") << 10.0 << 25.0;
    QTest::newRow("steep up") << 95.0 << 3.0;
    QTest::newRow("steep down") << 2.0 << 97.0;
}

void LineRasterTest::coversTheLine() {
    QFETCH(double, from);
    QFETCH(double, to);
    QImage image = blank(40, 100);
    QVERIFY(blendLines(image, {{5.0, 35.0}, {from, to}, {Qt::black}}));
    constexpr double kRounding = 1e-3;
    // Every column of the line is inked where the line is, and nowhere else by more than a pixel.
    for (int x = 5; x < 35; ++x) {
        const double left = from + (to - from) * (x - 5) / 30.0;
        const double right = from + (to - from) * (x - 4) / 30.0;
        for (int y = 0; y < 100; ++y) {
            const bool inked = image.pixel(x, y) == qRgb(0, 0, 0);
            if (y >= std::ceil(std::min(left, right) + kRounding) &&
                y + 1 <= std::floor(std::max(left, right) - kRounding))
                QVERIFY(inked);
            if (y + 1 < std::floor(std::min(left, right)) || y > std::ceil(std::max(left, right)))
                QVERIFY(!inked);
        }
    }
    // No gap between columns: at least one pixel each, and as many in all as the line is high.
    QVERIFY(inkedPixels(image) >= std::max(30, static_cast<int>(std::abs(to - from)) - 1));
}

void LineRasterTest::blendsInOrder() {
    QImage image = blank(10, 10);
    QColor red(255, 0, 0, 128);
    QColor blue(0, 0, 255, 64);
    QVERIFY(blendLines(image, {{0.0, 10.0}, {4.5, 4.5, 4.5, 4.5}, {red, blue}}));
    QImage expected = blank(10, 10);
    QPainter painter(&expected);
    painter.fillRect(0, 4, 10, 1, red);
    painter.fillRect(0, 4, 10, 1, blue);
    painter.end();
    for (int x = 0; x < 10; ++x) {
        const QColor a = image.pixelColor(x, 4);
        const QColor b = expected.pixelColor(x, 4);
        QVERIFY(std::abs(a.red() - b.red()) <= 1 && std::abs(a.green() - b.green()) <= 1 &&
                std::abs(a.blue() - b.blue()) <= 1);
    }
    QCOMPARE(inkedPixels(image), 10);
}

void LineRasterTest::staysInside() {
    QImage image = blank(20, 20);
    QVERIFY(
        blendLines(image, {{-30.0, 50.0, 10.0}, {-1e6, 1e6, -40.0, 5.5, 5.5, 5.5}, {Qt::red, Qt::black}}));
    QVERIFY(inkedPixels(image) >= 20);
    QImage none = blank(20, 20);
    QVERIFY(blendLines(none, {{3.0, 3.0}, {1.0, 9.0}, {Qt::red}})); // no columns between
    QVERIFY(blendLines(none, {{}, {}, {}}));
    QCOMPARE(inkedPixels(none), 0);
}

void LineRasterTest::stops() {
    QImage image = blank(20, 20);
    const std::atomic<bool> stop{true};
    QVERIFY(!blendLines(image, {{0.0, 20.0}, {5.5, 5.5}, {Qt::black}}, &stop));
    QCOMPARE(inkedPixels(image), 0);
}

QTEST_MAIN(LineRasterTest)
#include "tst_line_raster.moc"
