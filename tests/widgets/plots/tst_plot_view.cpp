#include "plots/cursor_item.h"
#include "plots/mark_items.h"
#include "plots/plot_axis.h"
#include "plots/plot_frame.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace alidade;

namespace {

/// A plot with a line y = 2 x over [0, 10], points on it and a cursor.
struct Plot {
    PlotView view;
    LineItem* line = view.addItem<LineItem>(LineStyle{});
    PointsItem* points = view.addItem<PointsItem>(std::vector<PointStyle>{{"measured"}});
    CursorItem* cursor = view.addItem<CursorItem>();

    Plot() {
        view.resize(640, 480);
        view.xAxis().setSpec({"rate", "1/s"});
        view.yAxis().setSpec({"loss", "nat"});
        line->setName("mean");
        extend(10);
        cursor->setRange({0.0, 10.0});
        cursor->setValue(2.5);
        view.refresh();
        view.show();
    }
    void extend(int last) const {
        std::vector<double> x;
        std::vector<double> y;
        std::vector<PlotPoint> marks;
        for (int i = 0; i <= last; ++i) {
            x.push_back(i);
            y.push_back(2.0 * i);
            if (i % 2 == 0)
                marks.push_back({double(i), 2.0 * i, 100 + i});
        }
        line->setData(x, y);
        points->setPoints(marks);
    }
    [[nodiscard]] QPoint at(double x, double y) const {
        return view.mapFromScene(QPointF(view.xAxis().toPixel(x), view.yAxis().toPixel(y)));
    }
};

void wheel(PlotView& view, const QPoint& position, int delta, Qt::KeyboardModifiers modifiers) {
    QWheelEvent event(QPointF(position), view.viewport()->mapToGlobal(QPointF(position)), {}, {0, delta},
                      Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

void hover(PlotView& view, const QPoint& position) {
    QMouseEvent event(QEvent::MouseMove, QPointF(position), view.viewport()->mapToGlobal(QPointF(position)),
                      Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

void drag(QWidget* widget, const QPoint& from, const QPoint& to, Qt::MouseButton button = Qt::LeftButton,
          Qt::KeyboardModifiers modifiers = {}) {
    QTest::mousePress(widget, button, modifiers, from);
    QTest::mouseMove(widget, (from + to) / 2);
    QTest::mouseMove(widget, to);
    QTest::mouseRelease(widget, button, modifiers, to);
}

} // namespace

class PlotViewTest : public QObject {
    Q_OBJECT
private slots:
    void itemsFollowTheAxes();
    void automaticRangeHoldsTheData();
    void stepLineHoldsItsValue();
    void rubberBandZoomsAndHistoryGoesBack();
    void liveDataKeepsZoom();
    void liveDataMovesUnzoomedRange();
    void wheelNeedsFocusOrControl();
    void panMovesTheRange();
    void doubleClickResets();
    void hoverReadsPoints();
    void clickSelectsPoint();
    void keyboardStepsAndSelects();
    void legendClickHidesLayer();
    void cursorFollowsMouse();
    void cursorFollowsKeys();
    void cursorKeepsToStops();
    void messageReplacesPlot();
    void decorationsStayInsideTheCanvas_data();
    void decorationsStayInsideTheCanvas();
};

void PlotViewTest::itemsFollowTheAxes() {
    Plot plot;
    plot.view.zoomTo({{0.0, 10.0}, {0.0, 20.0}});
    const QRectF rect = plot.view.plotRect();
    for (std::size_t i = 0; i < plot.points->points().size(); ++i) {
        const PlotPoint& point = plot.points->points()[i];
        const QPointF expected(rect.left() + point.x / 10.0 * rect.width(),
                               rect.bottom() - point.y / 20.0 * rect.height());
        QVERIFY((plot.points->scenePosition(i) - expected).manhattanLength() < 1e-6);
    }
    QCOMPARE(plot.line->pieces().size(), std::size_t(1));
    const QPolygonF& piece = plot.line->pieces().front();
    QVERIFY((piece.first() - rect.bottomLeft()).manhattanLength() < 1e-6);
    QVERIFY((piece.last() - rect.topRight()).manhattanLength() < 1e-6);

    plot.view.resize(900, 300);
    const QRectF wide = plot.view.plotRect();
    QVERIFY(wide.width() > rect.width());
    QVERIFY((plot.points->scenePosition(1) -
             QPointF(wide.left() + 0.2 * wide.width(), wide.bottom() - 0.2 * wide.height()))
                .manhattanLength() < 1e-6);
}

void PlotViewTest::automaticRangeHoldsTheData() {
    Plot plot;
    const PlotRange home = plot.view.homeRange();
    QVERIFY(home.x.low < 0.0 && home.x.low > -1.0);
    QVERIFY(home.x.high > 10.0 && home.x.high < 11.0);
    QVERIFY(home.y.low < 0.0 && home.y.high > 20.0 && home.y.high < 22.0);
    QCOMPARE(plot.view.range(), home);
}

void PlotViewTest::stepLineHoldsItsValue() {
    PlotView view;
    view.resize(400, 300);
    auto* line = view.addItem<LineItem>(LineStyle{}, true);
    line->setData({0.0, 1.0, 3.0}, {5.0, 2.0, 1.0});
    view.refresh();
    const QPolygonF& piece = line->pieces().at(0);
    QCOMPARE(piece.size(), 5);
    QCOMPARE(piece[1], QPointF(view.xAxis().toPixel(1.0), view.yAxis().toPixel(5.0)));
    QCOMPARE(piece[3], QPointF(view.xAxis().toPixel(3.0), view.yAxis().toPixel(2.0)));
}

void PlotViewTest::rubberBandZoomsAndHistoryGoesBack() {
    Plot plot;
    const PlotRange home = plot.view.range();
    drag(plot.view.viewport(), plot.at(4.5, 16.0), plot.at(8.0, 6.0));
    QVERIFY(plot.view.isZoomed());
    const PlotRange zoomed = plot.view.range();
    const double pixel = home.x.span() / plot.view.plotRect().width();
    QVERIFY(std::abs(zoomed.x.low - 4.5) < 1.5 * pixel);
    QVERIFY(std::abs(zoomed.x.high - 8.0) < 1.5 * pixel);
    QVERIFY(std::abs(zoomed.y.low - 6.0) < 4.0 * pixel);
    QTest::keyClick(&plot.view, Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(plot.view.range(), home);
    QTest::keyClick(&plot.view, Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(plot.view.range(), zoomed);
    // So do the buttons of the mouse for it.
    const PlotRange forward = plot.view.range();
    QTest::mouseClick(plot.view.viewport(), Qt::BackButton, {}, plot.view.viewport()->rect().center());
    QVERIFY(!(plot.view.range() == forward));
    QTest::mouseClick(plot.view.viewport(), Qt::ForwardButton, {}, plot.view.viewport()->rect().center());
    QCOMPARE(plot.view.range(), forward);
}

void PlotViewTest::liveDataKeepsZoom() {
    Plot plot;
    plot.view.zoomTo({{2.0, 4.0}, {3.0, 9.0}});
    const PlotRange zoomed = plot.view.range();
    plot.extend(50);
    plot.view.refresh();
    QCOMPARE(plot.view.range(), zoomed);
    QVERIFY(plot.view.homeRange().x.high > 50.0);
    plot.view.resetZoom();
    QCOMPARE(plot.view.range(), plot.view.homeRange());
}

void PlotViewTest::liveDataMovesUnzoomedRange() {
    Plot plot;
    plot.extend(50);
    plot.view.refresh();
    QVERIFY(plot.view.range().x.high > 50.0);
    QCOMPARE(plot.line->x().size(), std::size_t(51));
}

void PlotViewTest::wheelNeedsFocusOrControl() {
    Plot plot;
    plot.view.clearFocus();
    const PlotRange home = plot.view.range();
    wheel(plot.view, plot.at(5, 10), 120, Qt::NoModifier);
    QCOMPARE(plot.view.range(), home);
    wheel(plot.view, plot.at(5, 10), 120, Qt::ControlModifier);
    const PlotRange zoomed = plot.view.range();
    QVERIFY(std::abs(zoomed.x.span() * 1.2 / home.x.span() - 1.0) < 1e-9);
    // The value under the pointer stays where it is.
    const double pointed = plot.view.xAxis().toValue(plot.at(5, 10).x());
    QVERIFY(std::abs(pointed - 5.0) < 0.05);
}

void PlotViewTest::panMovesTheRange() {
    Plot plot;
    const PlotRange home = plot.view.range();
    drag(plot.view.viewport(), plot.at(6.0, 5.0), plot.at(4.0, 5.0), Qt::LeftButton, Qt::ShiftModifier);
    const PlotRange moved = plot.view.range();
    QVERIFY(std::abs(moved.x.low - home.x.low - 2.0) < 0.1);
    QVERIFY(std::abs(moved.x.span() - home.x.span()) < 1e-9);
    QVERIFY(std::abs(moved.y.low - home.y.low) < 0.2);
}

void PlotViewTest::doubleClickResets() {
    Plot plot;
    const PlotRange home = plot.view.range();
    plot.view.zoomTo({{2.0, 4.0}, {3.0, 9.0}});
    QTest::mouseDClick(plot.view.viewport(), Qt::LeftButton, {}, plot.at(3.3, 4.0));
    QCOMPARE(plot.view.range(), home);
    QVERIFY(!plot.view.isZoomed());
}

void PlotViewTest::hoverReadsPoints() {
    Plot plot;
    hover(plot.view, plot.at(4.0, 8.0) + QPoint(2, 1));
    QString text = plot.view.readoutText();
    text.replace(QChar(0x00a0), ' ');
    QCOMPARE(text, QString("rate: 4 1/s\nloss: 8 nat"));
    hover(plot.view, plot.at(8.5, 2.0));
    QCOMPARE(plot.view.readoutText(), QString());
}

void PlotViewTest::clickSelectsPoint() {
    Plot plot;
    QSignalSpy clicked(&plot.view, &PlotView::keyClicked);
    QSignalSpy empty(&plot.view, &PlotView::emptyClicked);
    QTest::mouseClick(plot.view.viewport(), Qt::LeftButton, {}, plot.at(6.0, 12.0));
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.at(0).at(0).toLongLong(), 106LL);
    QTest::mouseClick(plot.view.viewport(), Qt::LeftButton, {}, plot.at(8.5, 3.0));
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(empty.count(), 1);
    const QPointF value = empty.at(0).at(0).toPointF();
    QVERIFY(std::abs(value.x() - 8.5) < 0.05 && std::abs(value.y() - 3.0) < 0.1);
}

void PlotViewTest::keyboardStepsAndSelects() {
    Plot plot;
    QSignalSpy clicked(&plot.view, &PlotView::keyClicked);
    plot.view.setFocus();
    QTest::keyClick(&plot.view, Qt::Key_Period);
    QTest::keyClick(&plot.view, Qt::Key_Period);
    QTest::keyClick(&plot.view, Qt::Key_Return);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.at(0).at(0).toLongLong(), 102LL);
    QTest::keyClick(&plot.view, Qt::Key_Comma);
    QTest::keyClick(&plot.view, Qt::Key_Return);
    QCOMPARE(clicked.at(1).at(0).toLongLong(), 100LL);
}

void PlotViewTest::legendClickHidesLayer() {
    Plot plot;
    const auto& entries = plot.view.legend().entries();
    QCOMPARE(entries.size(), std::size_t(2));
    const QPoint onMean = plot.view.mapFromScene(entries[0].rect.center());
    QTest::mouseClick(plot.view.viewport(), Qt::LeftButton, {}, onMean);
    QVERIFY(!plot.line->isVisible());
    QVERIFY(plot.points->isVisible());
    QTest::mouseClick(plot.view.viewport(), Qt::LeftButton, {}, onMean);
    QVERIFY(plot.line->isVisible());
    const QPoint onPoints = plot.view.mapFromScene(entries[1].rect.center());
    QTest::mouseClick(plot.view.viewport(), Qt::LeftButton, {}, onPoints);
    QVERIFY(!plot.points->isEntryShown(0));
    QVERIFY(!plot.points->hitTest(plot.points->scenePosition(1)).has_value());
}

void PlotViewTest::cursorFollowsMouse() {
    Plot plot;
    QSignalSpy moved(plot.cursor, &CursorItem::moved);
    QSignalSpy settled(plot.cursor, &CursorItem::settled);
    const PlotRange before = plot.view.range();
    drag(plot.view.viewport(), plot.at(2.5, 15.0), plot.at(7.0, 15.0));
    QVERIFY(moved.count() >= 1);
    QCOMPARE(settled.count(), 1);
    QVERIFY(std::abs(plot.cursor->value() - 7.0) < 0.05);
    QVERIFY(std::abs(plot.cursor->scenePosition() - plot.view.xAxis().toPixel(plot.cursor->value())) < 1e-9);
    QCOMPARE(plot.view.range(), before);
    drag(plot.view.viewport(), plot.at(plot.cursor->value(), 15.0), QPoint(5000, 100));
    QCOMPARE(plot.cursor->value(), 10.0);
}

void PlotViewTest::cursorFollowsKeys() {
    Plot plot;
    plot.view.setFocus();
    QTest::keyClick(&plot.view, Qt::Key_Right);
    QVERIFY(std::abs(plot.cursor->value() - 2.6) < 1e-9);
    QTest::keyClick(&plot.view, Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(std::abs(plot.cursor->value() - 1.6) < 1e-9);
    QTest::keyClick(&plot.view, Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(plot.cursor->value(), 10.0);
}

void PlotViewTest::cursorKeepsToStops() {
    Plot plot;
    plot.cursor->setStops({0.0, 4.0, 10.0});
    plot.cursor->setValue(4.0);
    drag(plot.view.viewport(), plot.at(4.0, 15.0), plot.at(6.5, 15.0));
    QCOMPARE(plot.cursor->value(), 4.0);
    drag(plot.view.viewport(), plot.at(4.0, 15.0), plot.at(7.5, 15.0));
    QCOMPARE(plot.cursor->value(), 10.0);
    plot.view.setFocus();
    QTest::keyClick(&plot.view, Qt::Key_Left);
    QCOMPARE(plot.cursor->value(), 4.0);
}

void PlotViewTest::messageReplacesPlot() {
    Plot plot;
    plot.view.setTheme(lightPlotTheme());
    plot.view.setMessage("Measure two trials first.");
    QSignalSpy clicked(&plot.view, &PlotView::keyClicked);
    QTest::mouseClick(plot.view.viewport(), Qt::LeftButton, {}, plot.at(6.0, 12.0));
    QCOMPARE(clicked.count(), 0);
    const QImage image = plot.view.grab().toImage();
    QCOMPARE(image.pixelColor(plot.at(6.0, 12.0)), lightPlotTheme().background);
    plot.view.setMessage({});
    QVERIFY(plot.view.grab().toImage().pixelColor(plot.at(6.0, 12.0)) != lightPlotTheme().background);
}

void PlotViewTest::decorationsStayInsideTheCanvas_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("panel") << QSize(240, 170);
    QTest::newRow("page") << QSize(1280, 800);
    QTest::newRow("full HD") << QSize(1920, 1080);
}

void PlotViewTest::decorationsStayInsideTheCanvas() {
    QFETCH(QSize, size);
    Plot plot;
    plot.view.xAxis().setSpec({"learning rate", "1/step", AxisKind::Log, {}, AxisRange{1e-7, 1.0}});
    plot.view.resize(size);
    plot.view.refresh();
    const QRectF canvas(QPointF(0, 0), QSizeF(size));
    for (const PlotAxis* axis : {&plot.view.xAxis(), &plot.view.yAxis()})
        for (const QRectF& rect : axis->labelRects(plot.view.plotFont()))
            QVERIFY(canvas.contains(rect));
    for (const LegendItem::Entry& entry : plot.view.legend().entries()) {
        QVERIFY(canvas.contains(entry.rect));
        QVERIFY(!entry.rect.intersects(plot.view.plotRect()));
    }
    QVERIFY(plot.view.plotRect().height() > 0.5 * size.height());
}

QTEST_MAIN(PlotViewTest)
#include "tst_plot_view.moc"
