// The page Learning rate as its user meets it.
#include "document/job_runner.h"
#include "pages/learning_rate_compare.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_page.h"
#include "pages/learning_rate_plots.h"
#include "plots/cursor_item.h"
#include "plots/handles_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include <cmath>

using namespace alidade;

namespace {

struct Fixture {
    JobRunner jobs;
    LearningRatePage page;

    explicit Fixture(const QSize& size = {1190, 720}) : page(jobs) {
        page.resize(size);
        page.show();
        page.activateWindow(); // shortcuts belong to the active window
        if (!QTest::qWaitForWindowActive(&page))
            qFatal("the page does not become the active window");
    }
    [[nodiscard]] const LearningRateState& state() const { return page.model().state(); }
    [[nodiscard]] const LearningRateEntry& entry(std::size_t i) const { return state().entries[i]; }
    [[nodiscard]] LearningRatePlots& plots() const { return page.compare().plots(); }
    template <typename T>
    [[nodiscard]] T* child(const QString& name) const {
        T* const found = page.findChild<T*>(name);
        if (found == nullptr)
            qFatal("no %s", qPrintable(name));
        return found;
    }
    void click(const QString& name) const { QTest::mouseClick(child<QWidget>(name), Qt::LeftButton); }
    void type(const QString& name, const QString& text) const {
        auto* const field = child<QLineEdit>(name);
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
    }
    [[nodiscard]] double cell(int row, int column) const {
        return page.compare().table().item(row, column)->text().toDouble();
    }
    [[nodiscard]] double cooldown(std::size_t i) const {
        return std::get<WsdShape>(entry(i).schedule.shape).cooldown;
    }
};

void drag(PlotView* view, const QPointF& from, const QPointF& to, int moves = 6) {
    const auto at = [&](const QPointF& scene) { return view->mapFromScene(scene); };
    QTest::mousePress(view->viewport(), Qt::LeftButton, {}, at(from));
    for (int i = 1; i <= moves; ++i)
        QTest::mouseMove(view->viewport(), at(from + (to - from) * i / moves));
    QTest::mouseRelease(view->viewport(), Qt::LeftButton, {}, at(to));
}

/// Index of the handle that moves along x and has the largest x: the cooldown of wsd.
std::size_t cooldownHandle(const HandlesItem& handles) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < handles.handles().size(); ++i)
        if (handles.handles()[i].movesX && handles.handles()[i].x >= handles.handles()[best].x)
            best = i;
    return best;
}

} // namespace

class LearningRatePageTest : public QObject {
    Q_OBJECT
private slots:
    void showsThePublishedOptima();
    void curvesAreTheBound();
    void addsDuplicatesRemovesAndUndoes();
    void renamesInTheList();
    void draggingTheCooldown();
    void draggingShowsIntermediateResults();
    void draggingTheBaseRate();
    void keysMoveHandlesAndCursor();
    void formEditsTheSelectedSchedule();
    void wrongNumbersAreRefused();
    void bestPossibleSchedule();
    void emptyState();
    void remembersItsSchedules();
    void keepsADamagedFile();
    void nothingIsClipped_data();
    void nothingIsClipped();
};

void LearningRatePageTest::showsThePublishedOptima() {
    Fixture f;
    f.type("steps.field", "400");
    QCOMPARE(f.state().steps, std::size_t(400));
    QTRY_VERIFY(f.page.model().isUpToDate());
    // 2501.18965: wsd with 20 % cooldown, linear, cosine, constant at T = 400, D = G = 1.
    const double published[] = {0.109323, 0.100630, 0.103386, 0.137545};
    for (int row = 0; row < 4; ++row)
        QVERIFY2(std::abs(f.cell(row, LearningRateCompare::OptimalBound) - published[row]) < 1e-5,
                 qPrintable(QString::number(row)));
    // D and G scale the bound, D / G the rate.
    const double rate = f.cell(0, LearningRateCompare::OptimalRate);
    f.type("distance.field", "2");
    f.type("gradientNorm.field", "0.5");
    QVERIFY(std::abs(f.cell(0, LearningRateCompare::OptimalBound) - 0.109323) < 1e-5);
    QVERIFY(std::abs(f.cell(0, LearningRateCompare::OptimalRate) / rate - 4.0) < 1e-3);
}

void LearningRatePageTest::curvesAreTheBound() {
    Fixture f;
    f.type("steps.field", "300");
    QTRY_VERIFY(f.page.model().isUpToDate());
    const LineItem* line = nullptr;
    for (const ChartItem* const item : f.plots().bounds()->items())
        if (const auto* const found = dynamic_cast<const LineItem*>(item); found && line == nullptr)
            line = found;
    QVERIFY(line != nullptr);
    QCOMPARE(line->x().size(), std::size_t(300));
    const auto eta = rates(f.entry(0).schedule, 300);
    const auto exact = boundCurveExact(*eta, {});
    const double base = exact->back().optimalBaseRate();
    for (std::size_t i = 0; i < 300; ++i)
        QVERIFY(std::abs(line->y()[i] / (*exact)[i].at(base) - 1.0) < 1e-9);
}

void LearningRatePageTest::addsDuplicatesRemovesAndUndoes() {
    Fixture f;
    auto* const menu = f.child<QToolButton>("scheduleAdd")->menu();
    for (QAction* const action : menu->actions())
        if (action->objectName() == "add.polynomial")
            action->trigger();
    QCOMPARE(f.state().entries.size(), std::size_t(5));
    QVERIFY(std::holds_alternative<PolynomialShape>(f.state().selected()->schedule.shape));
    QCOMPARE(f.child<QListWidget>("scheduleList")->count(), 5);
    f.click("scheduleDuplicate");
    QCOMPARE(f.state().entries.size(), std::size_t(6));
    QVERIFY(f.entry(5).color != f.entry(4).color);
    auto* const list = f.child<QListWidget>("scheduleList");
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(f.state().entries.size(), std::size_t(5));
    f.page.undoStack().undo();
    f.page.undoStack().undo();
    f.page.undoStack().undo();
    QVERIFY(f.state() == initialLearningRateState());
    QTRY_VERIFY(f.page.model().isUpToDate());
    QCOMPARE(f.page.compare().table().rowCount(), 4);
}

void LearningRatePageTest::renamesInTheList() {
    Fixture f;
    auto* const list = f.child<QListWidget>("scheduleList");
    list->setFocus();
    list->setCurrentRow(1);
    QCOMPARE(f.state().current, f.entry(1).id);
    QTest::keyClick(list, Qt::Key_F2);
    auto* const editor = list->findChild<QLineEdit*>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, "baseline");
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(f.entry(1).name, QString("baseline"));
    QCOMPARE(f.page.compare().table().item(1, 0)->text(), QString("baseline"));
    // The box hides the line.
    list->item(1)->setCheckState(Qt::Unchecked);
    QVERIFY(!f.entry(1).shown);
}

void LearningRatePageTest::draggingTheCooldown() {
    Fixture f;
    QTRY_VERIFY(f.page.model().isUpToDate());
    HandlesItem& handles = f.plots().handles();
    const std::size_t index = cooldownHandle(handles);
    const QPointF from = handles.scenePosition(index);
    const QPointF to(f.plots().schedules()->xAxis().toPixel(4000.0), from.y());
    drag(f.plots().schedules(), from, to);
    QVERIFY2(std::abs(f.cooldown(0) - 0.6) < 0.01, qPrintable(QString::number(f.cooldown(0))));
    QVERIFY(f.entry(0).name.contains("60") || f.entry(0).name.contains("59"));
    QTRY_VERIFY(f.page.model().isUpToDate());
    const double expected = computeCurve({f.entry(0).schedule, 10000, nullptr}, false)->end.optimalBaseRate();
    QVERIFY(std::abs(f.cell(0, LearningRateCompare::OptimalRate) / expected - 1.0) < 1e-3);
    QCOMPARE(f.page.undoStack().count(), 1); // the whole drag
    f.page.undoStack().undo();
    QCOMPARE(f.cooldown(0), 0.2);
}

void LearningRatePageTest::draggingShowsIntermediateResults() {
    Fixture f;
    QTRY_VERIFY(f.page.model().isUpToDate());
    PlotView* const view = f.plots().schedules();
    HandlesItem& handles = f.plots().handles();
    const QPointF from = handles.scenePosition(cooldownHandle(handles));
    int updates = 0;
    connect(&f.page.model(), &LearningRateModel::curvesChanged, this, [&] { ++updates; });
    QTest::mousePress(view->viewport(), Qt::LeftButton, {}, view->mapFromScene(from));
    for (int i = 1; i <= 40; ++i) {
        QTest::mouseMove(view->viewport(), view->mapFromScene(from - QPointF(4.0 * i, 0.0)));
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY(updates > 0); // while the button is still down
    QTest::mouseRelease(view->viewport(), Qt::LeftButton, {}, view->mapFromScene(from - QPointF(160, 0)));
    QTRY_VERIFY(f.page.model().isUpToDate());
    QVERIFY(!f.page.model().curve(f.entry(0).id)->coarse);
}

void LearningRatePageTest::draggingTheBaseRate() {
    Fixture f;
    QTRY_VERIFY(f.page.model().isUpToDate());
    PlotView* const sweep = f.plots().sweep();
    const double optimum = f.page.model().baseRate(f.entry(0));
    const double y = sweep->plotRect().top() + 12.0;
    drag(sweep, {sweep->xAxis().toPixel(optimum), y}, {sweep->xAxis().toPixel(2.0 * optimum), y});
    QVERIFY(!f.entry(0).atOptimum);
    QVERIFY2(std::abs(f.entry(0).baseRate / optimum - 2.0) < 0.1,
             qPrintable(QString::number(f.entry(0).baseRate / optimum)));
    // Twice the optimal rate costs exactly (2 + 1/2) / 2 of the optimal bound.
    const double ratio =
        f.cell(0, LearningRateCompare::BoundInUse) / f.cell(0, LearningRateCompare::OptimalBound);
    const double factor = f.entry(0).baseRate / optimum;
    QVERIFY(std::abs(ratio - 0.5 * (factor + 1.0 / factor)) < 1e-3);
    QCOMPARE(f.page.undoStack().count(), 1);
    // The mark at the border of the other plot moves it, too.
    HandlesItem& handles = f.plots().handles();
    const QPointF mark = handles.scenePosition(0);
    QVERIFY(handles.handles()[0].atLeftBorder);
    drag(f.plots().schedules(), mark, mark + QPointF(0.0, 40.0));
    QVERIFY(f.entry(0).baseRate < 1.9 * optimum);
    f.click("useOptimum");
    QVERIFY(f.entry(0).atOptimum);
    QVERIFY(std::abs(f.page.model().baseRate(f.entry(0)) / optimum - 1.0) < 1e-9);
}

void LearningRatePageTest::keysMoveHandlesAndCursor() {
    Fixture f;
    QTRY_VERIFY(f.page.model().isUpToDate());
    PlotView* const view = f.plots().schedules();
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Period); // base rate
    QTest::keyClick(view, Qt::Key_Period); // warm-up
    QCOMPARE(f.plots().handles().active(), 1);
    QTest::keyClick(view, Qt::Key_Right);
    QVERIFY(f.entry(0).schedule.warmupSteps > 0);
    const std::size_t one = f.entry(0).schedule.warmupSteps;
    QTest::keyClick(view, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(f.entry(0).schedule.warmupSteps > 5 * one);
    PlotView* const sweep = f.plots().sweep();
    sweep->setFocus();
    QTest::keyClick(sweep, Qt::Key_Left);
    QVERIFY(!f.entry(0).atOptimum);
}

void LearningRatePageTest::formEditsTheSelectedSchedule() {
    Fixture f;
    f.type("cooldown.field", "0.4");
    QCOMPARE(f.cooldown(0), 0.4);
    f.type("warmup.field", "250");
    QCOMPARE(f.entry(0).schedule.warmupSteps, std::size_t(250));
    auto* const kind = f.child<QComboBox>("scheduleKind");
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_Down);
    QVERIFY(std::holds_alternative<LinearShape>(f.entry(0).schedule.shape));
    QCOMPARE(f.entry(0).schedule.warmupSteps, std::size_t(250));
    f.type("final_ratio.field", "0.1");
    QCOMPARE(std::get<LinearShape>(f.entry(0).schedule.shape).finalRatio, 0.1);
    f.type("baseRate", "0.03");
    QVERIFY(!f.entry(0).atOptimum);
    QCOMPARE(f.entry(0).baseRate, 0.03);
    QTest::mouseClick(f.child<QCheckBox>("atOptimum"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(f.entry(0).atOptimum);
    QTRY_VERIFY(f.page.model().isUpToDate());
}

void LearningRatePageTest::wrongNumbersAreRefused() {
    Fixture f;
    f.type("cooldown.field", "1.5");
    QCOMPARE(f.cooldown(0), 0.2);
    QVERIFY(f.child<QLineEdit>("cooldown.field")->property("invalid").toBool());
    f.type("steps.field", "0");
    QCOMPARE(f.state().steps, std::size_t(10000));
    f.type("baseRate", "-1");
    QVERIFY(f.entry(0).atOptimum);
}

void LearningRatePageTest::bestPossibleSchedule() {
    Fixture f;
    f.type("steps.field", "100");
    QTRY_VERIFY(f.page.model().isUpToDate() && f.page.model().bestBound().has_value());
    f.click("addBest");
    QCOMPARE(f.state().entries.size(), std::size_t(5));
    QTRY_VERIFY(f.page.model().isUpToDate());
    QVERIFY(std::abs(f.cell(4, LearningRateCompare::OptimalBound) - 0.200114) < 1e-5); // 2501.18965's numbers
    QCOMPARE(f.page.compare().table().item(4, LearningRateCompare::AboveBest)->text().left(4),
             QString("0.00"));
    // Linear decay is 1.7 % worse at 100 steps.
    QVERIFY(f.page.compare().table().item(1, LearningRateCompare::AboveBest)->text().startsWith("1.7"));
}

void LearningRatePageTest::emptyState() {
    Fixture f;
    for (int i = 0; i < 4; ++i)
        f.click("scheduleRemove");
    QVERIFY(f.state().entries.empty());
    QVERIFY(!f.plots().schedules()->message().isEmpty());
    QVERIFY(!f.child<QToolButton>("scheduleRemove")->isEnabled());
    f.page.undoStack().undo();
    QTRY_VERIFY(f.plots().schedules()->message().isEmpty());
}

void LearningRatePageTest::remembersItsSchedules() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("deep/learning_rate.json");
    {
        Fixture f;
        f.page.setFile(path);
        f.type("steps.field", "777");
        f.type("cooldown.field", "0.3");
    }
    Fixture f;
    f.page.setFile(path);
    QCOMPARE(f.state().steps, std::size_t(777));
    QCOMPARE(f.cooldown(0), 0.3);
    QCOMPARE(f.page.undoStack().count(), 0);
}

void LearningRatePageTest::keepsADamagedFile() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("learning_rate.json");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{damaged");
    file.close();
    {
        Fixture f;
        f.page.setFile(path);
        QVERIFY(f.child<QWidget>("learningRateNotice")->isVisible());
        QCOMPARE(f.state().entries.size(), std::size_t(4));
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("{damaged"));
}

void LearningRatePageTest::nothingIsClipped_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("1280x800") << QSize(1160, 720); // what rail, menu and status bar leave
    QTest::newRow("1920x1080") << QSize(1830, 1000);
}

void LearningRatePageTest::nothingIsClipped() {
    QFETCH(QSize, size);
    Fixture f(size);
    QTRY_VERIFY(f.page.model().isUpToDate());
    const QTemporaryDir examples;
    for (const char* const name : {"gradient_norms.csv", "digits.csv"})
        QVERIFY(QFile(examples.filePath(name)).open(QIODevice::WriteOnly));
    f.page.setExamples(examples.path());
    QVERIFY(f.child<QPushButton>("refineExample")
                ->isVisibleTo(f.child<QPushButton>("refineExample")->parentWidget()));
    QCoreApplication::sendPostedEvents(); // layouts follow events
    QVERIFY(f.page.minimumSizeHint().width() <= size.width());
    QVERIFY(f.page.minimumSizeHint().height() <= size.height());
    for (PlotView* const view : {f.plots().schedules(), f.plots().bounds(), f.plots().sweep()}) {
        QVERIFY2(view->plotRect().height() > 90.0, qPrintable(view->objectName()));
        QVERIFY2(view->plotRect().width() > 250.0, qPrintable(view->objectName()));
    }
}

QTEST_MAIN(LearningRatePageTest)
#include "tst_learning_rate_page.moc"
