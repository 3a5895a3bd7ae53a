#include "plots/clip.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class ClipTest : public QObject {
    Q_OBJECT
private slots:
    void lineThatLeavesAndReturns();
    void gapsStay();
    void polygonAreaOfAnOverlap();
    void thinningKeepsExtremes();
};

void ClipTest::lineThatLeavesAndReturns() {
    const QRectF rect(0, 0, 10, 10);
    const QPolygonF line{{QPointF(-5, 5), QPointF(5, 5), QPointF(5, 20), QPointF(8, 20), QPointF(8, 8)}};
    const auto pieces = clippedPolyline(line, rect);
    QCOMPARE(pieces.size(), std::size_t(2));
    QCOMPARE(pieces[0], QPolygonF({QPointF(0, 5), QPointF(5, 5), QPointF(5, 10)}));
    QCOMPARE(pieces[1], QPolygonF({QPointF(8, 10), QPointF(8, 8)}));
}

void ClipTest::gapsStay() {
    const QPolygonF line{
        {QPointF(1, 1), QPointF(2, 2), QPointF(std::nan(""), 3), QPointF(4, 4), QPointF(5, 5)}};
    QCOMPARE(clippedPolyline(line, QRectF(0, 0, 10, 10)).size(), std::size_t(2));
}

void ClipTest::polygonAreaOfAnOverlap() {
    const QPolygonF diamond{{QPointF(0, -5), QPointF(5, 0), QPointF(0, 5), QPointF(-5, 0)}};
    const QPolygonF cut = clippedPolygon(diamond, QRectF(0, 0, 10, 10));
    double area = 0.0;
    for (qsizetype i = 0; i < cut.size(); ++i) {
        const QPointF a = cut[i];
        const QPointF b = cut[(i + 1) % cut.size()];
        area += 0.5 * (a.x() * b.y() - b.x() * a.y());
    }
    QVERIFY(std::abs(std::abs(area) - 12.5) < 1e-12);
    QVERIFY(clippedPolygon(diamond, QRectF(20, 20, 5, 5)).isEmpty());
}

void ClipTest::thinningKeepsExtremes() {
    QPolygonF line;
    for (int i = 0; i < 20000; ++i)
        line << QPointF(i / 100.0, i == 7777 ? 99.0 : std::sin(i * 0.1));
    const QPolygonF thin = thinned(line);
    QVERIFY(thin.size() <= 4 * 200);
    QVERIFY(thin.contains(line[7777]));
    QCOMPARE(thin.first(), line.first());
    QCOMPARE(thin.last(), line.last());
}

QTEST_APPLESS_MAIN(ClipTest)
#include "tst_clip.moc"
