#include "pages/history_page.h"

#include "desirability/study_goals.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/empty_state.h"
#include "editors/help_tip.h"
#include "editors/message_bar.h"
#include "editors/widget_style.h"
#include "pages/history_compare_panel.h"
#include "pages/history_comparison.h"
#include "pages/history_curves_panel.h"
#include "pages/history_parallel_panel.h"
#include "pages/history_plot_data.h"
#include "pages/history_text.h"
#include "plots/history_plots.h"
#include "plots/plot_axis.h"
#include "plots/timeline_plot.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace alidade {

namespace {

constexpr int kCollectMs = 100;
constexpr std::size_t kLarge = 500; // trials; more are sorted on a worker thread
const QString kProgressKey = QStringLiteral("history.progress");
const QString kTimelineKey = QStringLiteral("history.timeline");

} // namespace

HistoryPage::HistoryPage(ProjectDocument& document, JobRunner& jobs, DerivedCache&, TrialSelection& selection,
                         QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_selection(selection) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(kCollectMs);
    m_seconds.setInterval(1000);
    build();
    connect(&m_delay, &QTimer::timeout, this, &HistoryPage::updatePlots);
    connect(&m_seconds, &QTimer::timeout, this, &HistoryPage::updateTimeline);
    const auto rebuild = [this] {
        rebuildPlots();
        scheduleUpdate();
    };
    connect(&document, &ProjectDocument::reset, this, rebuild);
    connect(&document, &ProjectDocument::definitionChanged, this, rebuild);
    connect(&document, &ProjectDocument::trialsChanged, this, &HistoryPage::scheduleUpdate);
    connect(&document, &ProjectDocument::trialsRemoved, this, &HistoryPage::scheduleUpdate);
    connect(&selection, &TrialSelection::changed, this, &HistoryPage::selectionChanged);
    rebuildPlots();
}

HistoryPage::~HistoryPage() = default;

void HistoryPage::build() {
    m_empty = new EmptyState(QStringLiteral("history"), {}, {});
    m_empty->setObjectName(QStringLiteral("empty"));

    m_content = new QWidget;
    m_content->setMinimumWidth(420);
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(6);
    buildTabs();

    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(8, 8, 8, 4);
    auto* bar = new QHBoxLayout;
    m_logarithmic = new QCheckBox(tr("&Logarithmic values"));
    m_logarithmic->setObjectName(QStringLiteral("logarithmic"));
    m_logarithmic->setToolTip(
        tr("Logarithmic axis for measured values; values of 0 and below are marked at the border"));
    bar->addWidget(m_logarithmic);
    QLabel* hint =
        hintLabel(tr("Right click on a plot: copy, export, zoom. A click selects a trial everywhere."));
    hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    bar->addWidget(hint, 1);
    column->addLayout(bar);
    column->addWidget(m_tabs, 1);
    m_notice = new MessageBar;
    m_notice->setObjectName(QStringLiteral("notice"));
    m_notice->dismiss();
    column->addWidget(m_notice);

    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    connect(m_logarithmic, &QCheckBox::toggled, this, [this](bool logarithmic) {
        m_compare->setLogarithmic(logarithmic);
        m_curves->setLogarithmic(logarithmic);
        updatePlots();
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (m_dirty && m_tabs->currentIndex() == 0)
            updatePlots();
    });

    m_timeline = new TimelinePlot;
    m_timeline->setTrialText([this](const TimelineBarData& ran) {
        return trialText(m_document.study(), TrialId{ran.key}) + QLatin1Char('\n') +
               (ran.kind == TimelineBarData::Kind::Waiting ? tr("waited %1 … %2") : tr("ran %1 … %2"))
                   .arg(m_timeline->xAxis().plainText(ran.start), m_timeline->xAxis().plainText(ran.end)) +
               QChar(0x00a0) + m_timeline->xAxis().spec().unit;
    });
    setHelp(m_timeline, QStringLiteral("timeline"));
    adopt(m_timeline);
}

void HistoryPage::buildTabs() {
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    m_parallel = new HistoryParallelPanel(m_document, m_jobs, m_selection);
    m_compare = new HistoryComparePanel(m_document, m_jobs);
    m_curves = new HistoryCurvesPanel(m_document, m_selection);
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("historyTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(scroll, tr("&Progress"));
    m_tabs->addTab(m_parallel, tr("Para&llel coordinates"));
    m_tabs->addTab(m_compare, tr("Co&mpare"));
    m_tabs->addTab(m_curves, tr("Learning cur&ves"));
    connect(m_parallel, &HistoryParallelPanel::noticed, this, &HistoryPage::showNotice);
    connect(m_compare, &HistoryComparePanel::noticed, this, &HistoryPage::showNotice);
    connect(m_curves, &HistoryCurvesPanel::noticed, this, &HistoryPage::showNotice);
}

void HistoryPage::adopt(PlotView* plot) {
    connect(plot, &PlotView::keyClicked, this,
            [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    connect(plot, &PlotView::noticed, this, &HistoryPage::showNotice);
}

void HistoryPage::rebuildPlots() {
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    const auto regretful = static_cast<std::size_t>(std::count_if(
        objectives.begin(), objectives.end(), [](const Objective& o) { return o.knownOptimum.has_value(); }));
    const bool front = objectives.size() == 2;
    const auto goals = studyGoals(m_document.definition());
    const bool desirable = goals.ok() && *goals && (*goals)->complete;
    // The side column owns the regrets and the front.
    if (m_bestPlots.size() == objectives.size() && m_regretPlots.size() == regretful &&
        (m_front != nullptr) == front && (m_desirability != nullptr) == desirable && !m_bestPlots.empty())
        return; // the same picture with other names: updatePlots() is enough

    for (PlotView* plot : m_bestPlots)
        delete plot;
    m_bestPlots.clear();
    delete std::exchange(m_desirability, nullptr);
    m_regretPlots.clear();
    m_front = nullptr;

    const auto text = [this](qint64 key) { return trialText(m_document.study(), TrialId{key}); };
    constexpr int kLowest = 230;
    delete m_side;
    m_side = new QWidget;
    auto* side = new QVBoxLayout(m_side);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(m_grid->spacing());
    if (front) {
        m_front = new MeasuredFrontPlot;
        m_front->setPlotName(QStringLiteral("front"));
        m_front->setTrialText(text);
        m_front->setMinimumHeight(kLowest);
        setHelp(m_front, QStringLiteral("front"));
        adopt(m_front);
        side->addWidget(m_front, 2);
    }
    int rows = 0;
    const auto addBest = [&](const QString& objectName, const QString& help) {
        auto* best = new BestSoFarPlot;
        best->setObjectName(objectName);
        best->setMinimumHeight(kLowest);
        best->setLegendShown(rows == 0, true); // one explains all
        best->setTrialText(text);
        setHelp(best, help);
        adopt(best);
        m_grid->addWidget(best, rows, 0);
        m_grid->setRowStretch(rows++, 3);
        return best;
    };
    if (desirable) {
        m_desirability = addBest(QStringLiteral("best-desirability"), QStringLiteral("desirability"));
        m_desirability->setPlotName(QStringLiteral("desirability"));
    }
    for (std::size_t i = 0; i < objectives.size(); ++i) {
        m_bestPlots.push_back(addBest(QStringLiteral("best-%1").arg(i), QStringLiteral("best-so-far")));
        if (objectives[i].knownOptimum) {
            auto* regret = new RegretPlot;
            regret->setMinimumHeight(kLowest);
            setHelp(regret, QStringLiteral("regret"));
            adopt(regret);
            m_regretPlots.push_back(regret);
            side->addWidget(regret, 1);
        }
    }
    const bool beside = front || !m_regretPlots.empty();
    m_grid->addWidget(m_side, 0, 1, rows, 1);
    m_side->setVisible(beside);
    m_grid->setColumnStretch(0, 3);
    m_grid->setColumnStretch(1, beside ? 2 : 0);
    m_grid->addWidget(m_timeline, rows, 0, 1, 2);
    m_grid->setRowStretch(rows, 1);
}

HistoryPage::EmptyText HistoryPage::emptyText() const {
    if (!m_document.isOpen())
        return {tr("No project is open"), tr("Open or create a project first.")};
    const auto& trials = m_document.study().trials;
    const bool any = std::any_of(trials.begin(), trials.end(), [](const Trial& trial) {
        return trial.state != TrialState::Pending && trial.state != TrialState::Withdrawn;
    });
    if (any && !m_document.definition().objectives.empty())
        return {};
    return {tr("No trial has been measured yet"), tr("On the page Trials, ask for suggestions and measure "
                                                     "them (Run), or type or paste results. This page then "
                                                     "shows the best so far, every trial and when it ran.")};
}

void HistoryPage::scheduleUpdate() {
    m_dirty = true;
    // Not restarted: a stream of results must not put the picture off for ever.
    if (isVisible() && !m_delay.isActive())
        m_delay.start();
}

void HistoryPage::updatePlots() {
    m_dirty = false;
    const EmptyText empty = emptyText();
    m_empty->setTexts(empty.title, empty.text);
    m_stack->setCurrentIndex(empty.title.isEmpty() ? 1 : 0);
    if (!empty.title.isEmpty())
        return;
    m_tabs->setTabVisible(m_tabs->indexOf(m_curves), hasLearningCurves(m_document.study()));
    // Panels that are not shown only note that they are out of date.
    m_parallel->updatePlots();
    m_compare->updatePlots();
    m_curves->updatePlots();
    if (m_tabs->currentIndex() == 0)
        updateProgress();
    else
        m_dirty = true;
}

bool HistoryPage::isLarge() const {
    return m_document.study().trials.size() > kLarge;
}

void HistoryPage::updateProgress() {
    if (!isLarge()) {
        showProgress(historyProgress(m_document.study(), m_logarithmic->isChecked()));
    } else if (m_jobs.isRunning(kProgressKey)) {
        // Let it finish: a stream of results must not put the picture off for ever.
        m_progressAgain = true;
    } else {
        m_progressAgain = false;
        m_jobs.start(
            {kProgressKey, {}, m_document.revision()}, this,
            [study = m_document.snapshot(), logarithmic = m_logarithmic->isChecked()](const Monitor&) {
                return Result<HistoryProgress>(historyProgress(*study, logarithmic));
            },
            [this](const Result<HistoryProgress>& progress, quint64) {
                if (progress)
                    showProgress(*progress);
                if (m_progressAgain)
                    updateProgress();
            });
    }
    updateTimeline();
}

void HistoryPage::showProgress(const HistoryProgress& progress) {
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    const bool same = std::equal(
        progress.measures.begin(), progress.measures.end(), objectives.begin(), objectives.end(),
        [](const HistoryProgress::Measure& measure, const Objective& o) { return measure.objective == o; });
    if (!same || m_bestPlots.size() != objectives.size())
        return; // of another definition; its successor is on the way
    if (m_desirability != nullptr && progress.desirability) {
        m_desirability->setTitle(directionTitle(progress.desirability->objective));
        m_desirability->setData(progress.desirability->best);
    }
    std::size_t regretIndex = 0;
    for (std::size_t i = 0; i < objectives.size(); ++i) {
        const HistoryProgress::Measure& measure = progress.measures[i];
        const QString name = QString::fromStdString(measure.objective.name);
        m_bestPlots[i]->setPlotName(QStringLiteral("history-") + name);
        m_bestPlots[i]->setTitle(directionTitle(measure.objective));
        m_bestPlots[i]->setData(measure.best);
        if (measure.objective.knownOptimum) {
            RegretPlot* regret = m_regretPlots[regretIndex++];
            regret->setPlotName(QStringLiteral("regret-") + name);
            regret->setTitle(tr("Distance to the known optimum"));
            regret->setData(measureSpec(measure.objective), measure.best.bestX, measure.regret);
        }
    }
    if (m_front != nullptr && progress.front)
        m_front->setData(*progress.front);
    selectionChanged();
}

void HistoryPage::updateTimeline() {
    if (!isLarge()) {
        showTimeline(timelineData(timeline(m_document.study(), ProjectDocument::nowMs())));
    } else if (m_jobs.isRunning(kTimelineKey)) {
        m_timelineAgain = true;
    } else {
        m_timelineAgain = false;
        m_jobs.start(
            {kTimelineKey, {}, m_document.revision()}, this,
            [study = m_document.snapshot()](const Monitor&) {
                return Result<std::vector<TimelineBarData>>(
                    timelineData(timeline(*study, ProjectDocument::nowMs())));
            },
            [this](Result<std::vector<TimelineBarData>> bars, quint64) {
                if (bars)
                    showTimeline(std::move(bars).value());
                if (m_timelineAgain)
                    updateTimeline();
            });
    }
}

void HistoryPage::showTimeline(std::vector<TimelineBarData> bars) {
    const bool growing = std::any_of(bars.begin(), bars.end(), [](const TimelineBarData& bar) {
        return bar.kind == TimelineBarData::Kind::Running;
    });
    m_timeline->setVisible(!bars.empty());
    m_timeline->setBars(std::move(bars));
    constexpr int kLaneHeight = 22;
    constexpr int kFrameHeight = 90;
    const int lanes = m_timeline->laneCount();
    m_timeline->setMinimumHeight(kFrameHeight + kLaneHeight * std::min(lanes, 8));
    m_timeline->setMaximumHeight(kFrameHeight + 2 * kLaneHeight * lanes);
    if (growing && isVisible())
        m_seconds.start();
    else
        m_seconds.stop();
}

void HistoryPage::selectionChanged() {
    std::set<qint64> keys;
    for (const TrialId id : m_selection.selected())
        keys.insert(id.value);
    for (BestSoFarPlot* plot : m_bestPlots)
        plot->setSelectedKeys(keys);
    if (m_desirability != nullptr)
        m_desirability->setSelectedKeys(keys);
    if (m_front != nullptr)
        m_front->setSelectedKeys(keys);
    m_timeline->setSelectedKeys(keys);
}

void HistoryPage::showNotice(const QString& text) {
    m_notice->showMessage(MessageBar::Kind::Info, text);
}

void HistoryPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_dirty)
        updatePlots();
    else
        updateTimeline();
}

} // namespace alidade

#include "moc_history_page.cpp"
