#include "plots/export_dialog.h"
#include "plots/heat_map_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_export.h"
#include "plots/plot_menu.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QSpinBox>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace alidade;

namespace {

void fill(PlotView& view) {
    view.resize(480, 320);
    view.setPlotName("slice");
    view.xAxis().setSpec({"rate, initial", "1/s", AxisKind::Log});
    view.yAxis().setSpec({"loss", "nat"});
    auto* line = view.addItem<LineItem>(LineStyle{});
    line->setName("mean");
    line->setData({1e-4, 1e-3, 1e-2}, {3.0, 2.0, 2.5});
    auto* points = view.addItem<PointsItem>(std::vector<PointStyle>{{"measured"}});
    points->setPoints({{1e-3, 2.125, 7, 0, 1.0F, 0.25}});
    view.refresh();
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class PlotExportTest : public QObject {
    Q_OBJECT
private slots:
    void svgIsWellFormedAndLight();
    void svgOfZoomedPlotStaysInside();
    void pdfHasPageSize();
    void pngHasSizeAndResolution();
    void transparentPngHasNoBackground();
    void csvHoldsTheData();
    void exportLeavesTheScreenAlone();
    void refusals_data();
    void refusals();
    void menuCopiesAndExports();
    void dialogWritesAsChosen();
    void dialogRemembers();
    void mapDataHasValues();
    void holesDoNotBlankTheirNeighbours();
};

void PlotExportTest::svgIsWellFormedAndLight() {
    QTemporaryDir folder;
    const QString path = folder.filePath("plot.svg");
    PlotView view;
    fill(view);
    view.setTheme(darkPlotTheme());
    QVERIFY(exportPlot(view, path, {}).ok());
    QXmlStreamReader xml(bytesOf(path));
    QStringList texts;
    while (!xml.atEnd())
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QLatin1String("text"))
            texts << xml.readElementText().trimmed();
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(texts.contains("rate, initial (1/s), log scale"));
    QVERIFY(texts.contains("loss (nat)"));
    QVERIFY(texts.contains("10⁻³"));
    QVERIFY(texts.contains("measured"));
    QSvgRenderer renderer(path);
    QVERIFY(renderer.isValid());
    QVERIFY(bytesOf(path).contains("width=\"127mm\"")); // 480 / 96 inches
    QImage image(480, 320, QImage::Format_ARGB32);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white));
}

void PlotExportTest::svgOfZoomedPlotStaysInside() {
    QTemporaryDir folder;
    const QString path = folder.filePath("plot.svg");
    PlotView view;
    fill(view);
    view.zoomTo({{-3.2, -2.8}, {2.05, 2.2}});
    QVERIFY(exportPlot(view, path, {}).ok());
    QXmlStreamReader xml(bytesOf(path));
    int lines = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement || xml.name() != QLatin1String("polyline"))
            continue;
        for (const QString& pair :
             xml.attributes().value("points").toString().split(' ', Qt::SkipEmptyParts)) {
            const QStringList xy = pair.split(',');
            QVERIFY(xy[0].toDouble() >= -1.0 && xy[0].toDouble() <= 481.0);
            QVERIFY(xy[1].toDouble() >= -1.0 && xy[1].toDouble() <= 321.0);
            ++lines;
        }
    }
    QVERIFY(lines > 1);
}

void PlotExportTest::pdfHasPageSize() {
    QTemporaryDir folder;
    const QString path = folder.filePath("plot.pdf");
    PlotView view;
    fill(view);
    PlotExportOptions options;
    options.sizeMm = QSizeF(88.9, 63.5); // 252 x 180 pt
    QVERIFY(exportPlot(view, path, options).ok());
    const QByteArray bytes = bytesOf(path);
    QVERIFY(bytes.startsWith("%PDF-1."));
    QVERIFY(bytes.trimmed().endsWith("%%EOF"));
    const qsizetype box = bytes.indexOf("/MediaBox [0 0 ");
    QVERIFY(box > 0);
    const QList<QByteArray> numbers = bytes.mid(box + 11, 40).split(' ');
    QVERIFY(std::abs(numbers[2].toDouble() - 252.0) < 1.0);
    QVERIFY(std::abs(numbers[3].split(']')[0].toDouble() - 180.0) < 1.0);
}

void PlotExportTest::pngHasSizeAndResolution() {
    QTemporaryDir folder;
    const QString path = folder.filePath("plot.png");
    PlotView view;
    fill(view);
    PlotExportOptions options;
    options.dpi = 300.0;
    QVERIFY(exportPlot(view, path, options).ok());
    const QImage image(path);
    QCOMPARE(image.size(), QSize(1500, 1000));
    QCOMPARE(std::lround(image.dotsPerMeterX() * 0.0254), 300L);
    QCOMPARE(image.pixelColor(3, 3), QColor(Qt::white));
    options.dark = true;
    QVERIFY(exportPlot(view, path, options).ok());
    QCOMPARE(QImage(path).pixelColor(3, 3), darkPlotTheme().background);
}

void PlotExportTest::transparentPngHasNoBackground() {
    PlotView view;
    fill(view);
    PlotExportOptions options;
    options.transparent = true;
    QCOMPARE(plotImage(view, options).pixelColor(3, 3).alpha(), 0);
}

void PlotExportTest::csvHoldsTheData() {
    QTemporaryDir folder;
    const QString path = folder.filePath("plot.csv");
    PlotView view;
    fill(view);
    QVERIFY(exportPlot(view, path, {}).ok());
    QCOMPARE(QString::fromUtf8(bytesOf(path)),
             QString("series,\"rate, initial (1/s), log scale\",loss (nat),lower,upper,trial\n"
                     "mean,1e-04,3,,,\n"
                     "mean,0.001,2,,,\n"
                     "mean,0.01,2.5,,,\n"
                     "measured,0.001,2.125,1.875,2.375,7\n"));
}

void PlotExportTest::exportLeavesTheScreenAlone() {
    PlotView view;
    fill(view);
    view.setTheme(darkPlotTheme());
    view.zoomTo({{-3.2, -2.8}, {2.05, 2.2}});
    const QImage before = view.grab().toImage();
    const PlotRange range = view.range();
    PlotExportOptions options;
    options.sizeMm = QSizeF(300, 100);
    options.fontPoints = 20.0;
    QVERIFY(!plotImage(view, options).isNull());
    QCOMPARE(view.range(), range);
    QCOMPARE(view.grab().toImage(), before);
}

void PlotExportTest::refusals_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<double>("dpi");
    QTest::addColumn<int>("code");
    QTest::newRow("suffix") << "plot.gif" << 300.0 << static_cast<int>(ErrorCode::Unsupported);
    QTest::newRow("resolution") << "plot.png" << 1e6 << static_cast<int>(ErrorCode::InvalidArgument);
    QTest::newRow("folder") << "none/plot.png" << 100.0 << static_cast<int>(ErrorCode::InputOutput);
}

void PlotExportTest::refusals() {
    QFETCH(QString, name);
    QFETCH(double, dpi);
    QFETCH(int, code);
    QTemporaryDir folder;
    PlotView view;
    fill(view);
    PlotExportOptions options;
    options.dpi = dpi;
    const Result<void> written = exportPlot(view, folder.filePath(name), options);
    QVERIFY(!written.ok());
    QCOMPARE(static_cast<int>(written.error().code), code);
    QVERIFY(QString::fromStdString(written.error().context).endsWith(name));
    QVERIFY(!QFile::exists(folder.filePath(name)));
}

void PlotExportTest::menuCopiesAndExports() {
    QTemporaryDir folder;
    PlotView view;
    fill(view);
    QString notice;
    ExportHooks hooks;
    hooks.choosePath = [&folder](QWidget*, const QString& name) { return folder.filePath(name + ".svg"); };
    hooks.notify = [&notice](const QString& text) { notice = text; };
    QMenu menu;
    fillPlotMenu(menu, view, hooks);
    menu.findChild<QAction*>("export")->trigger();
    QVERIFY(QFile::exists(folder.filePath("slice.svg")));
    QVERIFY(notice.contains(folder.filePath("slice.svg")));
    menu.findChild<QAction*>("copyData")->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains("mean\t0.001\t2"));
    QVERIFY(QGuiApplication::clipboard()->mimeData()->data("text/csv").contains("mean,0.001,2"));
    menu.findChild<QAction*>("copyImage")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->image().size(), QSize(960, 640));
}

void PlotExportTest::dialogWritesAsChosen() {
    QSettings().clear();
    const QTemporaryDir folder;
    PlotView view;
    fill(view);
    QString notice;
    ExportHooks hooks;
    hooks.notify = [&notice](const QString& text) { notice = text; };
    QMenu menu;
    fillPlotMenu(menu, view, hooks);
    menu.findChild<QAction*>("export")->trigger();
    auto* dialog = view.findChild<ExportDialog*>();
    QVERIFY(dialog != nullptr && dialog->isVisible() && !dialog->isModal());
    QVERIFY(dialog->options().sizeMm.isEmpty()); // as on the screen
    QCOMPARE(dialog->suffix(), QString("svg"));
    QVERIFY(!dialog->findChild<QLabel*>("preview")->pixmap().isNull());
    auto* kind = dialog->findChild<QComboBox*>("kind");
    kind->setCurrentIndex(kind->findData("png"));
    dialog->findChild<QDoubleSpinBox*>("width")->setValue(100.0);
    dialog->findChild<QDoubleSpinBox*>("height")->setValue(50.0);
    dialog->findChild<QSpinBox*>("dpi")->setValue(254);
    dialog->findChild<QComboBox*>("theme")->setCurrentIndex(1);
    QTest::mouseClick(dialog->findChild<QCheckBox*>("transparent"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(dialog->findChild<QLabel*>("about")->text().contains("1000 × 500"));
    const QString path = folder.filePath("a.png");
    QVERIFY(dialog->exportTo(path));
    QVERIFY(notice.contains(path));
    const QImage image(path);
    QCOMPARE(image.size(), QSize(1000, 500));
    QCOMPARE(image.dotsPerMeterX(), 10000);
    QCOMPARE(image.pixelColor(2, 2).alpha(), 0);
    QVERIFY(!dialog->exportTo(folder.filePath("no/such/folder.png")));
    kind->setCurrentIndex(kind->findData("csv"));
    QVERIFY(dialog->findChild<QLabel*>("about")->text().contains("4 rows"));
    QVERIFY(!dialog->findChild<QSpinBox*>("dpi")->isEnabled());
}

void PlotExportTest::dialogRemembers() {
    QSettings().clear();
    const QTemporaryDir folder;
    PlotView view;
    fill(view);
    {
        ExportDialog dialog(view, &view, {});
        dialog.findChild<QComboBox*>("preset")->setCurrentIndex(1); // one column
        QCOMPARE(dialog.options().sizeMm.width(), 85.0);
        QCOMPARE(dialog.options().fontPoints, 8.0);
        QVERIFY(dialog.exportTo(folder.filePath("a.svg")));
    }
    ExportDialog again(view, &view, {});
    QCOMPARE(again.options().sizeMm, QSizeF(85.0, 65.0));
    QSettings().clear();
}

void PlotExportTest::mapDataHasValues() {
    PlotView view;
    view.xAxis().setSpec({"a", ""});
    view.yAxis().setSpec({"b", "", AxisKind::Category, {"sgd", "adam"}});
    auto* map = view.addItem<HeatMapItem>();
    map->setName("mean");
    map->setField({{0.0, 1.0}, {0.0, 1.0}, {1.0, 2.0, 3.0, 4.5}}, {"loss", "nat"});
    view.refresh();
    const PlotTable table = view.table();
    QCOMPARE(table.header.last(), QString("value"));
    QCOMPARE(table.rows.size(), std::size_t(4));
    QCOMPARE(table.rows[3], QStringList({"mean", "1", "adam", "", "", "", "4.5"}));
    // Stripes, not a blend, along a category axis.
    const QImage image = map->image();
    const QRgb low = image.pixel(0, image.height() - 2);
    QCOMPARE(image.pixel(0, image.height() * 3 / 4), low);
    QCOMPARE(low, map->colorOf(1.0));
}

/// Interactions of parameters have no diagonal; the cells beside it are painted all the same.
void PlotExportTest::holesDoNotBlankTheirNeighbours() {
    PlotView view;
    view.xAxis().setSpec({"a", "", AxisKind::Category, {"x", "y"}});
    view.yAxis().setSpec({"b", "", AxisKind::Category, {"x", "y"}});
    auto* map = view.addItem<HeatMapItem>();
    const double none = std::nan("");
    map->setField({{0.0, 1.0}, {0.0, 1.0}, {none, 0.4, 0.2, none}}, {"share", ""});
    view.refresh();
    const QImage image = map->image();
    const int right = image.width() * 3 / 4;
    const int top = image.height() / 4;
    QCOMPARE(image.pixel(right, image.height() - 1 - top), map->colorOf(0.4));
    QCOMPARE(image.pixel(image.width() - 1 - right, top), map->colorOf(0.2));
    QCOMPARE(qAlpha(image.pixel(right, top)), 0);
    QCOMPARE(qAlpha(image.pixel(image.width() - 1 - right, image.height() - 1 - top)), 0);
}

// Settings of the test must not be the user's.
int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QApplication::setOrganizationName("Alidade");
    QApplication::setApplicationName("tst_plot_export");
    PlotExportTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_plot_export.moc"
