// The tabs of the page History beside the progress: comparison with other projects, learning curves, parallel
// coordinates. Truth by hand.
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "pages/history_compare_panel.h"
#include "pages/history_comparison.h"
#include "pages/history_curves_panel.h"
#include "pages/history_parallel_panel.h"
#include "pages/trials_parallel.h"
#include "plots/parallel_plot.h"
#include "plots/plot_axis.h"
#include "plots/plot_frame.h"
#include "plots/series_items.h"
#include "project_file/project_file.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

constexpr ParameterId kRate{1};
constexpr ParameterId kKind{2};
constexpr ParameterId kDepth{3};
constexpr MeasureId kLoss{4};
constexpr MeasureId kSpeed{5};

Definition sampleDefinition(int objectives = 1) {
    Definition definition;
    definition.name = "mine";
    Parameter rate;
    rate.id = kRate;
    rate.name = "rate";
    rate.domain = RealRange{1e-4, 1.0, Scale::Log, std::nullopt};
    Parameter kind;
    kind.id = kKind;
    kind.name = "kind";
    kind.domain = CategoricalChoices{{std::string("a"), std::string("b")}};
    Parameter depth;
    depth.id = kDepth;
    depth.name = "depth";
    depth.domain = IntegerRange{1, 9};
    depth.conditions = {{kKind, {std::string("b")}}};
    definition.space.parameters = {rate, kind, depth};
    Objective loss;
    loss.id = kLoss;
    loss.name = "loss";
    loss.unit = "nat";
    loss.knownOptimum = 0.5;
    definition.objectives = {loss};
    if (objectives > 1) {
        Objective speed;
        speed.id = kSpeed;
        speed.name = "speed";
        speed.goal = Goal::Maximize;
        definition.objectives.push_back(speed);
    }
    definition.nextId = 6;
    return definition;
}

Trial measured(int id, double loss) {
    Trial trial;
    trial.id = {id};
    trial.state = TrialState::Complete;
    trial.setting[kRate] = std::pow(10.0, -4.0 + id % 5);
    trial.setting[kKind] = std::string(id % 2 == 0 ? "a" : "b");
    if (id % 2 != 0)
        trial.setting[kDepth] = std::int64_t(id % 9 + 1);
    trial.values[kLoss].value = loss;
    trial.finishedMs = 1000 * id;
    return trial;
}

Study studyOf(std::initializer_list<double> losses) {
    Study study;
    study.definition = sampleDefinition();
    for (const double loss : losses)
        study.trials.push_back(measured(static_cast<int>(study.trials.size()) + 1, loss));
    return study;
}

QString fileOf(const QTemporaryDir& folder, const QString& name, std::initializer_list<double> losses) {
    const QString path = folder.filePath(name + ".alidade");
    auto file = ProjectFile::create(path.toStdString(), sampleDefinition());
    if (!file || !file->addTrials(studyOf(losses).trials))
        qFatal("the project could not be made");
    return path;
}

ComparedRun run(const QString& label, std::vector<double> best, std::vector<double> outcomes = {}) {
    return {label, Goal::Minimize, std::move(best), std::move(outcomes)};
}

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Vectors with gaps: NaN equals NaN.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
        return (std::isnan(x) && std::isnan(y)) || std::abs(x - y) < 1e-12;
    });
}

} // namespace

class HistoryPanelsTest : public QObject {
    Q_OBJECT
private slots:
    void runsOfAStudy();
    void groupsByTheNumberAtTheEnd_data();
    void groupsByTheNumberAtTheEnd();
    void medianAndQuartilesOfAGroup();
    void regretOfAComparison();
    void distributionCountsTies();
    void otherProjectsAreLaidOver();
    void whatCannotBeReadIsSaid();
    void learningCurvesByState();
    void clickingACurveSelectsItsTrial();
    void parallelAxesAndMissingValues();
    void brushSelectsEverywhere();
    void linesTakeTheColourOfAnObjective();
};

void HistoryPanelsTest::runsOfAStudy() {
    Study study = studyOf({4.0, 5.0, 2.0, 3.0});
    study.trials[0].state = TrialState::Failed;
    study.trials[0].values.clear();
    study.trials[3].excluded = true;
    const auto runs = comparedRuns(study, "mine");
    QCOMPARE(runs.size(), std::size_t{1});
    const ComparedRun& loss = runs.at("loss");
    QVERIFY(same(loss.best, {kNone, 5.0, 2.0, 2.0}));
    QCOMPARE(loss.outcomes, std::vector<double>({2.0, 5.0}));
}

void HistoryPanelsTest::groupsByTheNumberAtTheEnd_data() {
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("group");
    QTest::newRow("dash") << "branin-ei-3"
                          << "branin-ei";
    QTest::newRow("no sign") << "seed12"
                             << "seed";
    QTest::newRow("no number") << "branin"
                               << "branin";
    QTest::newRow("only a number") << "12"
                                   << "12";
    QTest::newRow("sign kept without number") << "a-"
                                              << "a-";
}

void HistoryPanelsTest::groupsByTheNumberAtTheEnd() {
    QFETCH(QString, label);
    QFETCH(QString, group);
    QCOMPARE(runGroup(label), group);
}

void HistoryPanelsTest::medianAndQuartilesOfAGroup() {
    const std::vector<ComparedRun> runs{run("ei-1", {4.0, 1.0, 1.0}), run("ei-2", {8.0, 2.0}),
                                        run("ei-3", {kNone, 4.0, 3.0, 3.0}), run("random", {9.0})};
    const auto apart = bestCurves(runs, false, std::nullopt);
    QCOMPARE(apart.size(), std::size_t{4});
    QVERIFY(apart[0].low.empty() && apart[0].name == "ei-1");
    const auto grouped = bestCurves(runs, true, std::nullopt);
    QCOMPARE(grouped.size(), std::size_t{2});
    QVERIFY(grouped[0].name.contains("ei") && grouped[0].name.contains("3"));
    QCOMPARE(grouped[1].name, QString("random"));
    // As long as the shortest run; nothing before every run has something. Quartiles as numpy.percentile.
    QVERIFY(same(grouped[0].x, {1.0, 2.0}));
    QVERIFY(same(grouped[0].y, {kNone, 2.0}));
    QVERIFY(same(grouped[0].low, {kNone, 1.5}));
    QVERIFY(same(grouped[0].high, {kNone, 3.0}));
}

void HistoryPanelsTest::regretOfAComparison() {
    std::vector<ComparedRun> runs{run("a", {4.0, 0.5, 0.4})};
    QVERIFY(same(bestCurves(runs, false, 0.5)[0].y, {3.5, kNone, kNone}));
    runs[0].goal = Goal::Maximize;
    QVERIFY(same(bestCurves(runs, false, 5.0)[0].y, {1.0, 4.5, 4.6}));
}

void HistoryPanelsTest::distributionCountsTies() {
    const auto curves = outcomeCurves({run("a", {}, {1.0, 2.0, 2.0, 4.0}), run("none", {})}, false);
    QVERIFY(same(curves[0].x, {1.0, 1.0, 2.0, 4.0}));
    QVERIFY(same(curves[0].y, {0.0, 0.25, 0.75, 1.0}));
    QVERIFY(curves[1].x.empty());
    const auto pooled = outcomeCurves({run("a-1", {}, {1.0}), run("a-2", {}, {0.0, 3.0})}, true);
    QCOMPARE(pooled.size(), std::size_t{1});
    QVERIFY(same(pooled[0].x, {0.0, 0.0, 1.0, 3.0}));
}

void HistoryPanelsTest::otherProjectsAreLaidOver() {
    const QTemporaryDir folder;
    JobRunner jobs;
    ProjectDocument document;
    document.openInMemory(studyOf({4.0, 3.0, 3.5}));
    HistoryComparePanel panel(document, jobs);
    panel.resize(1000, 500);
    panel.show();
    QCOMPARE(panel.best().lines().size(), std::size_t{1});
    QCOMPARE(panel.best().lines()[0]->name(), QString("mine"));
    panel.addFiles({fileOf(folder, "other-1", {2.0, 1.0}), fileOf(folder, "other-2", {4.0, 3.0})});
    QTRY_COMPARE(panel.best().lines().size(), std::size_t{3});
    QCOMPARE(panel.best().lines()[1]->name(), QString("other-1"));
    QCOMPARE(panel.best().lines()[1]->y(), std::vector<double>({2.0, 1.0}));
    QVERIFY(!panel.best().lines()[1]->pieces().empty());
    QCOMPARE(panel.outcomes().lines()[0]->y().back(), 1.0);
    QTest::mouseClick(panel.findChild<QCheckBox*>("groupRuns"), Qt::LeftButton, {}, QPoint(8, 8));
    QCOMPARE(panel.best().lines().size(), std::size_t{2});
    QCOMPARE(panel.best().lines()[1]->y(), std::vector<double>({3.0, 2.0}));
    QVERIFY(!panel.best().bands()[1]->polygon().isEmpty());
    QTest::mouseClick(panel.findChild<QCheckBox*>("compareRegret"), Qt::LeftButton, {}, QPoint(8, 8));
    QCOMPARE(static_cast<int>(panel.best().yAxis().kind()), static_cast<int>(AxisKind::Log));
    QCOMPARE(panel.best().lines()[0]->y(), std::vector<double>({3.5, 2.5, 2.5}));
    QTest::mouseClick(panel.findChild<QPushButton*>("removeProjects"), Qt::LeftButton);
    QCOMPARE(panel.best().lines().size(), std::size_t{1});
    QVERIFY(panel.files().isEmpty());
}

void HistoryPanelsTest::whatCannotBeReadIsSaid() {
    const QTemporaryDir folder;
    JobRunner jobs;
    ProjectDocument document;
    document.openInMemory(studyOf({4.0}));
    HistoryComparePanel panel(document, jobs);
    QString notice;
    connect(&panel, &HistoryComparePanel::noticed, this, [&notice](const QString& text) { notice = text; });
    panel.show();
    panel.addFiles({folder.filePath("missing.alidade")});
    QTRY_VERIFY(notice.contains("missing"));
    QVERIFY(panel.files().isEmpty());
}

void HistoryPanelsTest::learningCurvesByState() {
    Study study = studyOf({1.0, 2.0, 3.0, 4.0});
    const TrialState states[] = {TrialState::Complete, TrialState::Running, TrialState::Stopped,
                                 TrialState::Withdrawn};
    for (std::size_t i = 0; i < 4; ++i) {
        study.trials[i].state = states[i];
        study.trials[i].steps = {{9.0, {{kLoss, {1.0, std::nullopt}}}},
                                 {1.0, {{kLoss, {2.0, std::nullopt}}}}};
    }
    QVERIFY(hasLearningCurves(study));
    const auto curves = learningCurves(study, kLoss);
    QCOMPARE(curves.size(), std::size_t{3});
    QCOMPARE(curves[0].steps, std::vector<double>({1.0, 9.0}));
    QCOMPARE(curves[0].values, std::vector<double>({2.0, 1.0}));
    QCOMPARE(static_cast<int>(curves[1].kind), static_cast<int>(LearningCurve::Kind::Running));
    QCOMPARE(static_cast<int>(curves[2].kind), static_cast<int>(LearningCurve::Kind::Stopped));
    QVERIFY(learningCurves(study, kSpeed).empty());
}

void HistoryPanelsTest::clickingACurveSelectsItsTrial() {
    Study study = studyOf({1.0, 2.0});
    for (std::size_t i = 0; i < 2; ++i)
        for (int step = 1; step <= 5; ++step)
            study.trials[i].steps.push_back(
                {double(step), {{kLoss, {double(i) + 1.0 / step, std::nullopt}}}});
    ProjectDocument document;
    document.openInMemory(study);
    TrialSelection selection;
    HistoryCurvesPanel panel(document, selection);
    panel.resize(800, 500);
    panel.show();
    CurvesPlot& plot = panel.plot();
    QCOMPARE(plot.curves().curves().size(), std::size_t{2});
    const QPointF between = 0.5 * (plot.curves().pieces(1)[0][1] + plot.curves().pieces(1)[0][2]);
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, plot.mapFromScene(between));
    QCOMPARE(selection.current(), TrialId{2});
    QCOMPARE(plot.selectedKeys(), std::set<qint64>{2});
    const auto hit = plot.curves().hitTest(plot.curves().pieces(0)[0][4]);
    QVERIFY(hit && hit->key == 1 && hit->x == 5.0);
    QVERIFY(hit->text.contains("step") && hit->text.contains("0.2"));
    QCOMPARE(plot.table().rows.size(), std::size_t{10});
    // Curves of one kind can be switched off.
    plot.legend().toggle(plot.legend().entries()[0]);
    QVERIFY(!plot.curves().hitTest(plot.curves().pieces(0)[0][4]));
}

void HistoryPanelsTest::parallelAxesAndMissingValues() {
    Study study = studyOf({3.0, 1.0, 2.0});
    study.trials[2].state = TrialState::Failed;
    study.trials[2].values.clear();
    const TrialsParallelData data = trialsParallelData(study);
    QCOMPARE(data.axes.size(), std::size_t{4});
    QCOMPARE(static_cast<int>(data.axes[1].spec.kind), static_cast<int>(AxisKind::Log));
    QCOMPARE(data.axes[2].spec.categories, QStringList({"a", "b"}));
    QVERIFY(data.axes[0].isObjective && data.axes[0].downIsBetter);
    QCOMPARE(data.lines.size(), std::size_t{3});
    QVERIFY(data.lines[1].strong && !data.lines[0].strong); // the incumbent
    QVERIFY(!std::isnan(data.lines[0].values[3]));
    QVERIFY(std::isnan(data.lines[1].values[3])); // depth only where kind = b
    QVERIFY(std::isnan(data.lines[2].values[0])); // failed
    study.definition.objectives[0].desirability.emplace().shape = DesirabilityTarget{0.0, 3.1, 4.0};
    const TrialsParallelData wanted = trialsParallelData(study);
    QVERIFY(wanted.lines[0].strong && !wanted.lines[1].strong); // a value is wanted, not the smallest
}

void HistoryPanelsTest::brushSelectsEverywhere() {
    ProjectDocument document;
    document.openInMemory(studyOf({3.0, 1.0, 2.0, 5.0}));
    TrialSelection selection;
    JobRunner jobs;
    HistoryParallelPanel panel(document, jobs, selection);
    panel.resize(900, 500);
    panel.show();
    ParallelPlot& plot = panel.plot();
    QCOMPARE(plot.parallel().lines().size(), std::size_t{4});
    const auto at = [&plot](double share) {
        return plot.mapFromScene(QPointF(plot.parallel().axisX(0), plot.yAxis().toPixel(share)));
    };
    // The lower third of losses from 1 to 5.
    QTest::mousePress(plot.viewport(), Qt::LeftButton, {}, at(0.3));
    QTest::mouseMove(plot.viewport(), at(0.1));
    QTest::mouseMove(plot.viewport(), at(0.0));
    QTest::mouseRelease(plot.viewport(), Qt::LeftButton, {}, at(0.0));
    QCOMPARE(selection.selected(), std::set<TrialId>({{2}, {3}}));
    QVERIFY(plot.selectedKeys().empty()); // they are what does not fade
    QVERIFY(panel.findChild<QLabel*>("parallelBrushText")->text().contains("2 of 4"));
    selection.setCurrent(TrialId{4});
    QCOMPARE(plot.selectedKeys(), std::set<qint64>{4});
}

void HistoryPanelsTest::linesTakeTheColourOfAnObjective() {
    ProjectDocument document;
    Study study = studyOf({3.0, 1.0, 5.0, 2.0});
    study.trials[3].state = TrialState::Failed;
    study.trials[3].values.clear();
    document.openInMemory(study);
    TrialSelection selection;
    JobRunner jobs;
    HistoryParallelPanel panel(document, jobs, selection);
    panel.resize(900, 500);
    panel.show();
    auto* color = panel.findChild<QComboBox*>("parallelColor");
    QCOMPARE(color->currentText(), QString("loss"));
    const ParallelItem& item = panel.plot().parallel();
    QCOMPARE(item.colorAxis(), std::optional<std::size_t>(0));
    // Darker is smaller, on a light ground; a failed trial has no colour of the scale.
    QVERIFY(item.lineColor(1).lightness() < item.lineColor(0).lightness());
    QVERIFY(item.lineColor(0).lightness() < item.lineColor(2).lightness());
    QCOMPARE(item.lineColor(3), panel.plot().theme().mutedText);
    color->setCurrentIndex(0);
    QVERIFY(!item.colorAxis());
    QCOMPARE(item.lineColor(1), panel.plot().theme().color(PlotRole::Best));
}

QTEST_MAIN(HistoryPanelsTest)
#include "tst_history_panels.moc"
