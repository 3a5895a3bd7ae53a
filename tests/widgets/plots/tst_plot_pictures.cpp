// Layers of many marks, which the screen shows as pictures: the same as the painter draws, drawn anew when
// something has changed, complete whatever thread drew them.
#include "plots/layer_picture.h"
#include "plots/parallel_plot.h"
#include "plots/plot_axis.h"
#include "plots/plot_export.h"
#include "plots/points_item.h"
#include "plots/timeline_plot.h"

#include <QBuffer>
#include <QPainter>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

QImage gradientSprite() {
    QImage sprite(7, 5, QImage::Format_ARGB32_Premultiplied);
    sprite.fill(Qt::transparent);
    QPainter painter(&sprite);
    for (int x = 0; x < 7; ++x)
        painter.fillRect(x, 0, 1, 4, QColor(30 * x, 200, 255 - 20 * x, 40 * x));
    return sprite;
}

bool isNear(QRgb a, QRgb b, int slack = 1) {
    return std::abs(qRed(a) - qRed(b)) <= slack && std::abs(qGreen(a) - qGreen(b)) <= slack &&
           std::abs(qBlue(a) - qBlue(b)) <= slack && std::abs(qAlpha(a) - qAlpha(b)) <= slack;
}

/// Lines that lie level at these shares of three axes.
std::vector<ParallelLine> levelLines(const std::vector<double>& shares) {
    std::vector<ParallelLine> lines;
    for (const double share : shares)
        lines.push_back({static_cast<qint64>(lines.size()) + 1, {share, share, share}, false});
    return lines;
}

std::vector<ParallelAxis> unitAxes() {
    std::vector<ParallelAxis> axes(3);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        axes[i].spec.title = QStringLiteral("axis %1").arg(i);
        axes[i].spec.limits = AxisRange{0.0, 1.0};
    }
    return axes;
}

/// 600 lines each at 0.13 and 0.33, and one at 0.63; away from the grid.
std::vector<double> manyShares() {
    std::vector<double> shares(600, 0.13);
    shares.insert(shares.end(), 600, 0.33);
    shares.push_back(0.63);
    return shares;
}

/// How far the pixels between two axes at this share are from the background, 0 ... 255.
int inkAt(ParallelPlot& plot, double share) {
    const QImage picture = plot.grab().toImage();
    const double x = 0.5 * (plot.parallel().axisX(0) + plot.parallel().axisX(1)) + 20.0;
    int most = 0;
    for (int dy = -1; dy <= 1; ++dy) {
        const QColor color =
            picture.pixelColor(static_cast<int>(x), static_cast<int>(plot.yAxis().toPixel(share)) + dy);
        const QColor back = plot.theme().background;
        most = std::max({most, std::abs(color.red() - back.red()), std::abs(color.green() - back.green()),
                         std::abs(color.blue() - back.blue())});
    }
    return most;
}

} // namespace

class PlotPicturesTest : public QObject {
    Q_OBJECT
private slots:
    void spritesBlendLikeThePainter_data();
    void spritesBlendLikeThePainter();
    void manyPointsAreAllThere();
    void strokesFollowSlopes_data();
    void strokesFollowSlopes();
    void selectionShowsOnACrowdedTimeline();
    void exportsOfManyPointsAreOutlines();
    void manyLinesComeFromAnotherThread();
    void newLinesAreAddedToThePicture();
    void draggingShowsARangeAndKeepsTheRest();
};

void PlotPicturesTest::spritesBlendLikeThePainter_data() {
    QTest::addColumn<QPoint>("at");
    QTest::newRow("inside") << QPoint(3, 4);
    QTest::newRow("over the left and the top") << QPoint(-3, -2);
    QTest::newRow("over the right and the bottom") << QPoint(16, 17);
    QTest::newRow("outside") << QPoint(40, 3);
    QTest::newRow("far outside") << QPoint(-40, -40);
}

void PlotPicturesTest::spritesBlendLikeThePainter() {
    QFETCH(QPoint, at);
    QImage blended(20, 20, QImage::Format_ARGB32_Premultiplied);
    blended.fill(QColor(250, 230, 40, 180));
    QImage painted = blended;
    const QImage sprite = gradientSprite();
    blendSprite(blended, sprite, at.x(), at.y());
    QPainter(&painted).drawImage(at, sprite);
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 20; ++x)
            QVERIFY2(isNear(blended.pixel(x, y), painted.pixel(x, y), 2),
                     qPrintable(QStringLiteral("%1, %2").arg(x).arg(y)));
}

/// 2,000 bars, each narrower than a pixel: outlines of selected ones are joined, not lost, and end where the
/// selection ends.
void PlotPicturesTest::selectionShowsOnACrowdedTimeline() {
    TimelinePlot plot;
    plot.resize(700, 300);
    std::vector<TimelineBarData> bars;
    std::set<qint64> selected;
    for (int i = 0; i < 2000; ++i) {
        bars.push_back({1.0 * i, i + 0.9, 0, i + 1});
        if (i < 600 || i >= 1600)
            selected.insert(i + 1);
    }
    plot.setBars(std::move(bars));
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    plot.setSelectedKeys(selected);
    const QImage picture = plot.grab().toImage();
    const QColor wanted = plot.theme().color(PlotRole::Selected);
    const auto outlined = [&](std::size_t bar) {
        const QRectF rect = plot.timeline().rects()[bar];
        for (int dy = -3; dy <= -1; ++dy) {
            const QPoint at = plot.mapFromScene(rect.topLeft()) + QPoint(0, dy);
            if (isNear(picture.pixel(at), wanted.rgb(), 24))
                return true;
        }
        return false;
    };
    for (const std::size_t bar : {20U, 300U, 590U, 1610U, 1800U, 1980U})
        QVERIFY2(outlined(bar), qPrintable(QString::number(bar)));
    for (const std::size_t bar : {640U, 1000U, 1560U})
        QVERIFY2(!outlined(bar), qPrintable(QString::number(bar)));
    plot.setSelectedKeys({});
    QVERIFY(plot.grab().toImage() != picture);
}

void PlotPicturesTest::strokesFollowSlopes_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("rise"); // over one decade, share of the height
    QTest::newRow("up") << 1 << 0.8;
    QTest::newRow("down") << 1 << -0.3;
    QTest::newRow("level") << 1 << 0.0;
    QTest::newRow("one of many") << 900 << 0.8;
}

/// On a logarithmic axis the stroke is the tangent of what is seen there.
void PlotPicturesTest::strokesFollowSlopes() {
    QFETCH(int, count);
    QFETCH(double, rise);
    PlotView view;
    view.resize(500, 400);
    AxisSpec x{"x", "", AxisKind::Log, {}};
    x.limits = AxisRange{0.01, 1.0};
    AxisSpec y{"y", "", AxisKind::Linear, {}};
    y.limits = AxisRange{0.0, 10.0};
    view.xAxis().setSpec(x);
    view.yAxis().setSpec(y);
    auto* const item = view.addItem<PointsItem>(
        std::vector<PointStyle>{{QStringLiteral("a"), PlotRole::Observed, MarkerShape::Circle, 6.0}});
    std::vector<PlotPoint> points{{0.13, 5.2, 1}};
    points[0].slope = 10.0 * rise / (0.13 * std::log(10.0));
    for (int i = 1; i < count; ++i)
        points.push_back({0.9, 9.0, i + 1});
    item->setPoints(points);
    view.refresh();
    const QImage picture = view.grab().toImage();
    const QPointF at = item->scenePosition(0);
    const QRectF rect = view.plotRect();
    const QPointF way(rect.width() / 2.0, -rise * rect.height()); // over a decade
    const QPointF step = way * (9.0 / std::hypot(way.x(), way.y()));
    const auto ink = [&](const QPointF& place) { // of the pixel there and those beside it
        int most = 0;
        for (int dx = -1; dx <= 1; ++dx)
            for (int dy = -1; dy <= 1; ++dy) {
                const QColor color = picture.pixelColor(place.toPoint() + QPoint(dx, dy));
                most = std::max(most, std::abs(color.lightness() - view.theme().background.lightness()));
            }
        return most;
    };
    QVERIFY2(ink(at + step) > 60 && ink(at - step) > 60,
             qPrintable(QString("%1 %2").arg(ink(at + step)).arg(ink(at - step))));
    const QPointF across(step.y(), -step.x());
    QVERIFY2(ink(at + across) < 30 && ink(at - across) < 30,
             qPrintable(QString("%1 %2").arg(ink(at + across)).arg(ink(at - across))));
}

void PlotPicturesTest::manyPointsAreAllThere() {
    PlotView view;
    view.resize(500, 400);
    auto* const item = view.addItem<PointsItem>(
        std::vector<PointStyle>{{QStringLiteral("a"), PlotRole::Observed, MarkerShape::Circle, 8.0},
                                {QStringLiteral("b"), PlotRole::Failed, MarkerShape::Square, 8.0}});
    std::vector<PlotPoint> points;
    for (int i = 0; i < 900; ++i)
        points.push_back({double(i % 30), double(i / 30), i + 1, i % 2});
    item->setPoints(points);
    view.refresh();
    const auto inkOf = [&](std::size_t i) {
        const QColor color = view.grab().toImage().pixelColor(item->scenePosition(i).toPoint());
        return color != view.theme().background;
    };
    for (const std::size_t i : {std::size_t{0}, std::size_t{29}, std::size_t{437}, std::size_t{899}})
        QVERIFY(inkOf(i));
    // Everything that changes what is seen is seen.
    const QImage before = view.grab().toImage();
    view.setSelectedKeys({438});
    const QImage selected = view.grab().toImage();
    QVERIFY(selected != before);
    view.setSelectedKeys({});
    QCOMPARE(view.grab().toImage(), before);
    item->setEntryShown(1, false);
    QVERIFY(!inkOf(437));
    QVERIFY(inkOf(436));
    item->setEntryShown(1, true);
    view.zoomTo({{10.0, 20.0}, {10.0, 20.0}});
    QVERIFY(inkOf(15 * 30 + 15));
    view.resetZoom();
    points.resize(600);
    item->setPoints(points);
    view.refresh();
    QVERIFY(inkOf(437));
    view.setTheme(darkPlotTheme());
    QVERIFY(inkOf(437));
    QCOMPARE(view.grab().toImage().pixelColor(2, 2), darkPlotTheme().background);
}

void PlotPicturesTest::exportsOfManyPointsAreOutlines() {
    PlotView view;
    view.resize(500, 400);
    auto* const item = view.addItem<PointsItem>(
        std::vector<PointStyle>{{QStringLiteral("a"), PlotRole::Observed, MarkerShape::Circle, 8.0}});
    std::vector<PlotPoint> points;
    for (int i = 0; i < 700; ++i)
        points.push_back({double(i % 30), double(i / 30), i + 1, 0});
    item->setPoints(points);
    view.refresh();
    const QByteArray svg = plotSvg(view, {});
    QVERIFY(!svg.contains("<image"));
    QVERIFY(svg.count("<path") >= 700);
}

void PlotPicturesTest::manyLinesComeFromAnotherThread() {
    ParallelPlot plot;
    plot.resize(600, 400);
    plot.setData(unitAxes(), levelLines(manyShares()));
    plot.show();
    QTRY_VERIFY(plot.parallel().isPictureReady());
    QVERIFY(inkAt(plot, 0.13) > 60 && inkAt(plot, 0.33) > 60 && inkAt(plot, 0.63) > 20);
    QVERIFY(inkAt(plot, 0.23) < 10 && inkAt(plot, 0.83) < 10);
    // What leaves the ranges fades.
    const int before = inkAt(plot, 0.63);
    plot.parallel().setBrush(0, std::pair(0.0, 0.2));
    QVERIFY(!plot.parallel().isPictureReady());
    (void)plot.grab();
    QTRY_VERIFY(plot.parallel().isPictureReady());
    QVERIFY(inkAt(plot, 0.13) > 60);
    QVERIFY(2 * inkAt(plot, 0.63) < before);
    QCOMPARE(plot.parallel().insideCount(), std::size_t{600});
    // As vectors, every line is there.
    const QByteArray svg = plotSvg(plot, {});
    QVERIFY(!svg.contains("<image"));
    QVERIFY(svg.count("<polyline") >= 1201);
}

void PlotPicturesTest::newLinesAreAddedToThePicture() {
    ParallelPlot plot;
    plot.resize(600, 400);
    std::vector<double> shares = manyShares();
    plot.setData(unitAxes(), levelLines(shares));
    plot.show();
    QTRY_VERIFY(plot.parallel().isPictureReady());
    QVERIFY(inkAt(plot, 0.83) < 10);
    shares.push_back(0.83);
    plot.setData(unitAxes(), levelLines(shares));
    QVERIFY(inkAt(plot, 0.83) > 20); // at once: the others are not drawn again
    QVERIFY(plot.parallel().isPictureReady());
    // One of the others has changed: all are.
    shares[0] = 0.93;
    plot.setData(unitAxes(), levelLines(shares));
    QVERIFY(!plot.parallel().isPictureReady());
    (void)plot.grab();
    QTRY_VERIFY(plot.parallel().isPictureReady());
    QVERIFY(inkAt(plot, 0.93) > 20);
}

void PlotPicturesTest::draggingShowsARangeAndKeepsTheRest() {
    ParallelPlot plot;
    plot.resize(600, 400);
    plot.setData(unitAxes(), levelLines(manyShares()));
    plot.show();
    QTRY_VERIFY(plot.parallel().isPictureReady());
    const int before = inkAt(plot, 0.63);
    const auto at = [&](double share) {
        return plot.mapFromScene(QPointF(plot.parallel().axisX(0), plot.yAxis().toPixel(share)));
    };
    QWidget* const viewport = plot.viewport();
    QTest::mousePress(viewport, Qt::LeftButton, {}, at(0.2));
    QTest::mouseMove(viewport, at(0.35));
    QTest::mouseMove(viewport, at(0.45));
    QTRY_VERIFY(plot.parallel().isPictureReady());
    QVERIFY(inkAt(plot, 0.33) > 60);
    QVERIFY(2 * inkAt(plot, 0.63) < before);
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, at(0.45));
    QTRY_VERIFY(plot.parallel().isPictureReady());
    QCOMPARE(plot.parallel().insideCount(), std::size_t{600});
    QVERIFY(inkAt(plot, 0.33) > 60);
}

QTEST_MAIN(PlotPicturesTest)
#include "tst_plot_pictures.moc"
