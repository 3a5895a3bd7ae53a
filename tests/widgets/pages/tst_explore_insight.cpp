// The tabs Importance and Diagnostics, by mouse, on a study whose truth is known: y = 3 strong + weak,
// nothing depends on idle.
#include "explore_fixture.h"
#include "pages/explore_diagnostics.h"
#include "pages/explore_importance.h"
#include "plots/bar_item.h"
#include "plots/heat_map_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_export.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QLabel>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

constexpr int kPatience = 60000;

Study linearStudy(int results) {
    Study study;
    Definition& definition = study.definition;
    for (const char* const name : {"weak", "idle", "strong"}) {
        Parameter parameter;
        parameter.id = {definition.nextId++};
        parameter.name = name;
        definition.space.parameters.push_back(parameter);
    }
    Objective y;
    y.id = {definition.nextId++};
    y.name = "y";
    y.unit = "m";
    definition.objectives.push_back(y);
    for (int i = 0; i < results; ++i) {
        const auto u = [i](int k) { return std::fmod(0.5 + (i + 1) * std::sqrt(2.0 + 3.0 * k), 1.0); };
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        int k = 0;
        for (const Parameter& parameter : definition.space.parameters)
            trial.setting[parameter.id] = u(k++);
        trial.values[y.id].value = 3.0 * u(2) + u(0) + 0.01 * std::sin(100.0 * i);
        trial.finishedMs = 1000 + i;
        study.trials.push_back(trial);
    }
    return study;
}

struct Fixture : test::Fixture {
    explicit Fixture(int results) : test::Fixture(linearStudy(results)) {}
    void openTab(int index) {
        auto* bar = page->findChild<QTabWidget*>("exploreTabs")->tabBar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(index).center());
    }
};

} // namespace

class ExploreInsightTest : public QObject {
    Q_OBJECT
private slots:
    void importanceFindsWhatMatters();
    void interactionsKeepTheOrderOfNames();
    void diagnosticsShowEveryTrial();
    void clickingAPredictionSelectsTheTrial();
    void exports();
};

void ExploreInsightTest::importanceFindsWhatMatters() {
    Fixture f(30);
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), kPatience);
    auto* panel = f.page->findChild<ExploreImportancePanel*>();
    QVERIFY(!panel->report());
    f.openTab(2);
    QTRY_VERIFY_WITH_TIMEOUT(panel->report().has_value(), kPatience);
    // Shares of 9 : 1 : 0, the largest on top.
    QCOMPARE(panel->shares().yAxis().spec().categories, QStringList({"idle", "weak", "strong"}));
    const std::vector<BarItem::Bar>& bars = panel->shares().total().bars();
    QCOMPARE(bars.size(), std::size_t{3});
    QCOMPARE(bars[0].place, 2.0);
    const double expected[] = {0.9, 0.1, 0.0};
    for (std::size_t i = 0; i < 3; ++i) {
        QVERIFY2(std::abs(bars[i].value - expected[i]) < 0.03, qPrintable(QString::number(bars[i].value)));
        QVERIFY(bars[i].low <= bars[i].value && bars[i].value <= bars[i].high);
    }
    const std::vector<BarItem::Bar>& shuffled = panel->permutation().increases().bars();
    QVERIFY(shuffled[0].value > shuffled[1].value && shuffled[1].value > shuffled[2].value);
    const QString text = f.page->findChild<QLabel*>("importanceText")->text();
    QVERIFY2(text.contains("strong"), qPrintable(text));
    QVERIFY(!panel->shares().rect().isEmpty() && !panel->shares().total().rects()[0].isEmpty());
}

void ExploreInsightTest::interactionsKeepTheOrderOfNames() {
    InteractionPlot plot;
    // 0.3 between a and c; names down the axis are read from the top.
    plot.setData({"a", "b", "c"}, {0.0, 0.1, 0.3, 0.1, 0.0, -0.02, 0.3, -0.02, 0.0});
    const GridField& field = plot.map().field();
    QCOMPARE(plot.yAxis().spec().categories, QStringList({"c", "b", "a"}));
    QCOMPARE(field.at(2, 2), 0.3); // column c, row a
    QCOMPARE(field.at(0, 0), 0.3); // column a, row c
    QCOMPARE(field.at(2, 1), 0.0); // no negative shares
    QVERIFY(std::isnan(field.at(0, 2)) && std::isnan(field.at(1, 1)));
    QCOMPARE(plot.map().colorRange(), std::pair(0.0, 0.3));
}

void ExploreInsightTest::diagnosticsShowEveryTrial() {
    Fixture f(30);
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), kPatience);
    f.openTab(3);
    auto* panel = f.page->findChild<ExploreDiagnosticsPanel*>();
    QTRY_VERIFY_WITH_TIMEOUT(panel->report().has_value(), kPatience);
    QCOMPARE(panel->leaveOneOut().points().points().size(), std::size_t{30});
    QCOMPARE(panel->residuals().points().points().size(), std::size_t{30});
    for (const PlotPoint& point : panel->leaveOneOut().points().points()) {
        const Trial* trial = f.document.study().find(TrialId{point.key});
        QVERIFY(trial != nullptr);
        QVERIFY(std::abs(point.x - trial->values.begin()->second.value) < 1e-9);
    }
    const std::vector<double>& observed = panel->calibration().observed().y();
    QCOMPARE(observed.front(), 0.0);
    QCOMPARE(observed.back(), 1.0);
    QVERIFY(std::is_sorted(observed.begin(), observed.end()));
    QVERIFY(panel->report()->rSquared > 0.95);
    QVERIFY(!f.page->findChild<QLabel*>("diagnosticsFindings")->text().isEmpty());
}

void ExploreInsightTest::clickingAPredictionSelectsTheTrial() {
    Fixture f(20);
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), kPatience);
    f.openTab(3);
    auto* panel = f.page->findChild<ExploreDiagnosticsPanel*>();
    QTRY_VERIFY_WITH_TIMEOUT(panel->report().has_value(), kPatience);
    LeaveOneOutPlot& plot = panel->leaveOneOut();
    const PlotPoint point = plot.points().points()[4];
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, plot.mapFromScene(plot.points().scenePosition(4)));
    QVERIFY(f.selection.current().value > 0);
    const Trial* clicked = f.document.study().find(f.selection.current());
    QVERIFY(std::abs(clicked->values.begin()->second.value - point.x) < 0.15); // it, or one that covers it
    QCOMPARE(panel->residuals().selectedKeys(), std::set<qint64>{f.selection.current().value});
}

void ExploreInsightTest::exports() {
    SharesPlot plot;
    plot.setData({"a", "b"}, {{0.5, 0.4, 0.6}, {0.1, 0.0, 0.2}}, {{0.8, 0.7, 0.9}, {0.2, 0.1, 0.3}});
    PlotExportOptions options;
    options.sizeMm = {120.0, 60.0};
    const QByteArray svg = plotSvg(plot, options);
    QVERIFY(svg.contains("share of the variance") && svg.contains("alone (first order)"));
    QCOMPARE(plot.table().rows.size(), std::size_t{4});
}

QTEST_MAIN(ExploreInsightTest)
#include "tst_explore_insight.moc"
