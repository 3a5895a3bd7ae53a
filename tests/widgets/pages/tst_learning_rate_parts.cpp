// Schedules of several parts, drawn ones and tables on the page Learning rate.
#include "document/job_runner.h"
#include "pages/learning_rate_compare.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_handles.h"
#include "pages/learning_rate_import.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_page.h"
#include "pages/learning_rate_shapes.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include <cmath>

using namespace alidade;

namespace {

std::vector<double> ratesOf(const Schedule& schedule, std::size_t steps) {
    return rates(fitted(schedule, steps), steps).value();
}

struct Fixture {
    JobRunner jobs;
    LearningRatePage page;

    Fixture() : page(jobs) {
        page.resize(1190, 720);
        page.show();
        page.activateWindow();
        if (!QTest::qWaitForWindowActive(&page))
            qFatal("the page does not become the active window");
    }
    [[nodiscard]] const LearningRateState& state() const { return page.model().state(); }
    [[nodiscard]] const ComposedShape& composed() const {
        return std::get<ComposedShape>(state().selected()->schedule.shape);
    }
    template <typename T>
    [[nodiscard]] T* child(const QString& name) const {
        T* const found = page.findChild<T*>(name);
        if (found == nullptr)
            qFatal("no %s", qPrintable(name));
        return found;
    }
    void click(const QString& name) const { QTest::mouseClick(child<QWidget>(name), Qt::LeftButton); }
    void add(const QString& kind) const {
        for (QAction* const action : child<QToolButton>("scheduleAdd")->menu()->actions())
            if (action->objectName() == "add." + kind)
                return action->trigger();
        qFatal("nothing to add of kind %s", qPrintable(kind));
    }
};

} // namespace

class LearningRatePartsTest : public QObject {
    Q_OBJECT
private slots:
    void newTailKeepsTheRun_data();
    void newTailKeepsTheRun();
    void continuingAgainDoesNotNest();
    void partsFitAnyLength();
    void stretchingKeepsTheShape();
    void tailsAreStretchedWithTheirWarmup();
    void nestedFilesAreRefused();
    void partsAreEdited();
    void partsAreAddedMovedAndRemoved();
    void partsAreDragged();
    void runIsContinuedOnTheTabExtend();
    void pointsAreAddedAndRemoved();
    void ratesComeFromATable();
};

void LearningRatePartsTest::newTailKeepsTheRun_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("kept");
    QTest::newRow("wsd") << "wsd" << 801;
    QTest::newRow("cosine") << "cosine" << 1000;
    QTest::newRow("two-stage") << "two_stage" << 801;
    QTest::newRow("composed") << "composed" << 1000;
}

void LearningRatePartsTest::newTailKeepsTheRun() {
    QFETCH(QString, kind);
    QFETCH(int, kept);
    const Schedule run = fitted({shapeOfKind(kind), 20}, 1000);
    QCOMPARE(stepsToKeep(run, 1000), static_cast<std::size_t>(kept));
    const Schedule longer = withNewTail(run, 1000, static_cast<std::size_t>(kept));
    QVERIFY(validate(longer, 1700).ok());
    const auto before = rates(run, 1000).value();
    const auto after = rates(longer, 1700).value();
    for (int i = 0; i < kept; ++i)
        QVERIFY2(std::abs(after[std::size_t(i)] - before[std::size_t(i)]) < 1e-15,
                 qPrintable(QString::number(i)));
    const double reached = before[static_cast<std::size_t>(kept) - 1];
    QVERIFY(std::abs(after[static_cast<std::size_t>(kept)] - (reached >= 0.01 ? reached : 1.0)) < 1e-3);
}

void LearningRatePartsTest::continuingAgainDoesNotNest() {
    Schedule run{WsdShape{}};
    std::size_t steps = 100;
    for (int i = 0; i < 12; ++i) {
        run = fitted(withNewTail(run, steps, steps), steps + 50);
        steps += 50;
    }
    QVERIFY(validate(run, steps).ok());
    const auto& parts = std::get<ComposedShape>(run.shape).parts;
    QCOMPARE(parts.size(), std::size_t(13));
    for (const SchedulePart& part : parts)
        QVERIFY(!std::holds_alternative<ComposedShape>(part.schedule.shape));
}

void LearningRatePartsTest::partsFitAnyLength() {
    ComposedShape shape;
    for (const std::size_t count : std::vector<std::size_t>{300, 200, 100, 0})
        shape.parts.push_back({{CosineShape{}, 50}, count, count == 200 ? 400U : 0U, 0.5});
    for (const std::size_t steps : std::vector<std::size_t>{2, 3, 7, 300, 301, 500, 601, 5000}) {
        const Schedule schedule = fitted({shape}, steps);
        const auto valid = validate(schedule, steps);
        QVERIFY2(valid.ok(), valid.ok() ? "" : valid.error().message.c_str());
    }
    QVERIFY(fitted({shape}, 5000) == Schedule{shape}); // what fits is left alone
}

void LearningRatePartsTest::stretchingKeepsTheShape() {
    for (const QString& kind : offeredShapes()) {
        Schedule schedule{shapeOfKind(kind), 100};
        if (kind == "table")
            schedule.shape = TableShape{ratesOf({CosineShape{}}, 1000)};
        schedule = fitted(schedule, 1000);
        const auto before = ratesOf(schedule, 1000);
        const auto after = ratesOf(stretched(schedule, 1000, 10000), 10000);
        int far = 0; // a jump may be off by the grid of the shorter run
        for (std::size_t i = 1; i + 1 < 1000; ++i)
            far += std::abs(after[10 * i] - before[i]) > 0.02 ? 1 : 0;
        if (kind != "inverse_sqrt") // has no scale of its own
            QVERIFY2(far <= 3, qPrintable(QString("%1: %2").arg(kind).arg(far)));
    }
}

void LearningRatePartsTest::tailsAreStretchedWithTheirWarmup() {
    ComposedShape shape;
    shape.parts.push_back({{CosineShape{}, 50}, 400, 800, 1.0});
    shape.parts.push_back({{WsdShape{}, 100}, 0, 0, 0.5});
    const auto before = ratesOf({shape}, 1000);
    const Schedule longer = stretched({shape}, 1000, 10000);
    const auto after = ratesOf(longer, 10000);
    QCOMPARE(std::get<ComposedShape>(longer.shape).parts[1].schedule.warmupSteps, std::size_t(1000));
    for (std::size_t i = 1; i < 1000; ++i)
        QVERIFY2(i == 400 || std::abs(after[10 * i] - before[i]) < 0.01, qPrintable(QString::number(i)));
}

void LearningRatePartsTest::nestedFilesAreRefused() {
    LearningRateState state;
    Schedule nested{ConstantShape{}};
    for (int i = 0; i < 8; ++i)
        nested = {ComposedShape{{{nested, 0, 0, 1.0}}}};
    state.add(nested, "deep");
    const auto deep = learningRateFromJson(learningRateToJson(state));
    QVERIFY2(deep.ok(), deep.ok() ? "" : deep.error().message.c_str());
    QVERIFY(deep->entries[0].schedule == nested);
    state.entries[0].schedule = {ComposedShape{{{nested, 0, 0, 1.0}}}};
    const auto tooDeep = learningRateFromJson(learningRateToJson(state));
    QVERIFY(!tooDeep.ok());
    QVERIFY(tooDeep.error().message.find("more than 8 deep") != std::string::npos);
    QVERIFY(tooDeep.error().context.find("schedules[0].shape.parts[0]") == 0);
}

void LearningRatePartsTest::partsAreEdited() {
    Fixture f;
    auto* const kind = f.child<QComboBox>("scheduleKind");
    const auto before = ratesOf(f.state().selected()->schedule, 10000);
    kind->setCurrentIndex(kind->findData("composed"));
    emit kind->activated(kind->currentIndex());
    auto* const table = f.child<QTableWidget>("partsTable");
    QVERIFY(table->isVisible());
    QCOMPARE(table->rowCount(), 2);
    QCOMPARE(table->item(0, 1)->text(), QString("5000"));
    QCOMPARE(table->item(0, 2)->text(), QString("10000"));
    const auto half = ratesOf(f.state().selected()->schedule, 10000);
    QCOMPARE(std::vector<double>(half.begin(), half.begin() + 5000),
             std::vector<double>(before.begin(), before.begin() + 5000));
    table->item(0, 1)->setText("2500");
    QCOMPARE(f.composed().parts[0].steps, std::size_t(2500));
    table->item(1, 3)->setText("0.5");
    QCOMPARE(f.composed().parts[1].factor, 0.5);
    table->item(0, 2)->setText("100"); // less than is taken
    QCOMPARE(f.composed().parts[0].horizon, std::size_t(2500));
    table->item(1, 3)->setText("-1");
    QCOMPARE(f.composed().parts[1].factor, 0.5);
    QCOMPARE(table->item(1, 3)->text(), QString("0.5"));
    QCOMPARE(table->item(1, 1)->text(), QString("7500")); // the rest
    QVERIFY(!(table->item(1, 1)->flags() & Qt::ItemIsEditable));
    // The numbers below the table are those of the selected part.
    auto* const partKind = f.child<QComboBox>("partKind");
    QCOMPARE(partKind->currentData().toString(), QString("linear"));
    auto* const floor = f.child<QLineEdit>("part.final_ratio.field");
    floor->setFocus();
    floor->selectAll();
    QTest::keyClicks(floor, "0.1");
    QTest::keyClick(floor, Qt::Key_Return);
    QCOMPARE(std::get<LinearShape>(f.composed().parts[1].schedule.shape).finalRatio, 0.1);
    QTRY_VERIFY(f.page.model().isUpToDate());
    QVERIFY(f.page.model().endTerms(*f.state().selected()).has_value());
}

void LearningRatePartsTest::partsAreAddedMovedAndRemoved() {
    Fixture f;
    f.add("composed");
    const auto before = ratesOf(f.state().selected()->schedule, 10000);
    f.child<QTableWidget>("partsTable")->setCurrentCell(0, 0);
    f.click("partAdd");
    QCOMPARE(f.composed().parts.size(), std::size_t(3));
    QCOMPARE(ratesOf(f.state().selected()->schedule, 10000), before); // constant, cut in two
    f.child<QTableWidget>("partsTable")->setCurrentCell(1, 0);
    f.click("partDown");
    QVERIFY(std::holds_alternative<ConstantShape>(f.composed().parts[2].schedule.shape));
    QVERIFY(std::holds_alternative<LinearShape>(f.composed().parts[1].schedule.shape));
    QVERIFY(validate(fitted(f.state().selected()->schedule, 10000), 10000).ok());
    f.click("partRemove");
    f.click("partRemove");
    QCOMPARE(f.composed().parts.size(), std::size_t(1));
    QVERIFY(!f.child<QToolButton>("partRemove")->isEnabled());
    for (int i = 0; i < 4; ++i)
        f.page.undoStack().undo();
    QCOMPARE(ratesOf(f.state().selected()->schedule, 10000), before);
}

void LearningRatePartsTest::partsAreDragged() {
    const Schedule schedule = asComposed({ConstantShape{}}, 1000);
    ScheduleHandle start;
    for (const ScheduleHandle& handle : scheduleHandles(schedule, 1000))
        if (handle.kind == ScheduleHandle::Kind::PartStart)
            start = handle;
    QCOMPARE(start.step, 501.0);
    const Schedule moved = withHandleAt(schedule, 1000, start, 301.0, 0.25);
    const auto& parts = std::get<ComposedShape>(moved.shape).parts;
    QCOMPARE(parts[0].steps, std::size_t(300));
    QCOMPARE(parts[1].factor, 0.25);
    QVERIFY(validate(moved, 1000).ok());
    for (const double far : {-1e6, 1e6})
        QVERIFY(validate(withHandleAt(schedule, 1000, start, far, far), 1000).ok());
}

void LearningRatePartsTest::runIsContinuedOnTheTabExtend() {
    Fixture f;
    f.page.model().select(f.state().entries[2].id); // cosine, which the table of ways cannot extend
    QTRY_VERIFY(f.page.model().isUpToDate());
    const double rate = f.page.model().baseRate(*f.state().selected());
    f.child<QTabWidget>("learningRateTabs")->setCurrentIndex(1);
    f.click("extendTail");
    QCOMPARE(f.state().steps, std::size_t(20000));
    QCOMPARE(f.composed().parts.size(), std::size_t(2));
    QCOMPARE(f.composed().parts[0].steps, std::size_t(10000));
    QVERIFY(std::abs(f.state().selected()->baseRate / rate - 1.0) < 1e-5);
    QVERIFY(f.child<QTableWidget>("partsTable")->isVisible());
}

void LearningRatePartsTest::pointsAreAddedAndRemoved() {
    Fixture f;
    f.add("drawn");
    const auto before = ratesOf(f.state().selected()->schedule, 1000);
    f.click("pointAdd");
    const auto* drawn = std::get_if<DrawnShape>(&f.state().selected()->schedule.shape);
    QCOMPARE(drawn->x.size(), std::size_t(6));
    const auto after = ratesOf(f.state().selected()->schedule, 1000);
    for (std::size_t i = 0; i < 1000; ++i)
        QVERIFY(std::abs(after[i] - before[i]) < 0.05);
    for (int i = 0; i < 4; ++i)
        f.click("pointRemove");
    drawn = std::get_if<DrawnShape>(&f.state().selected()->schedule.shape);
    QCOMPARE(drawn->x, (std::vector<double>{0.0, 1.0}));
    QVERIFY(!f.child<QPushButton>("pointRemove")->isEnabled());
}

void LearningRatePartsTest::ratesComeFromATable() {
    const QTemporaryDir folder;
    QFile file(folder.filePath("warm restarts.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("step,lr\n0,0.002\n5,0.004\n10,0\n");
    file.close();
    Fixture f;
    auto* const import = f.page.findChild<LearningRateImport*>();
    import->readRates(file.fileName());
    QTRY_COMPARE(f.state().entries.size(), std::size_t(5));
    const LearningRateEntry& entry = *f.state().selected();
    QCOMPARE(entry.name, QString("warm restarts"));
    QCOMPARE(entry.baseRate, 0.004);
    const auto& values = std::get<TableShape>(entry.schedule.shape).values;
    QCOMPARE(values.size(), std::size_t(11));
    QCOMPARE(values[0], 0.5);
    QCOMPARE(values[5], 1.0);
    // 11 rates over 10,000 steps: interpolated, and no error.
    QTRY_VERIFY(f.page.model().isUpToDate());
    QVERIFY(!f.page.model().curve(entry.id)->error);
    QCOMPARE(ratesOf(entry.schedule, 21)[1], 0.55);
}

QTEST_MAIN(LearningRatePartsTest)
#include "tst_learning_rate_parts.moc"
