#include "pages/history_parallel_panel.h"

#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/help_tip.h"
#include "editors/widget_style.h"
#include "pages/parallel_brush.h"
#include "pages/parallel_color.h"
#include "pages/trials_parallel.h"
#include "plots/parallel_plot.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace alidade {

namespace {
constexpr std::size_t kManyTrials = 500; // trials; more are collected on a worker thread
const QString kParallelKey = QStringLiteral("history.parallel");
} // namespace

HistoryParallelPanel::HistoryParallelPanel(ProjectDocument& document, JobRunner& jobs,
                                           TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_selection(selection) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    auto* bar = new QHBoxLayout;
    auto* label = new QLabel(tr("&Colour:"), this);
    m_plot = new ParallelPlot(this);
    m_plot->setObjectName(QStringLiteral("trialsParallel"));
    m_plot->setMinimumHeight(220);
    setHelpKey(m_plot, QStringLiteral("parallel"));
    m_color = new ParallelColorBox(m_plot->parallel(), this);
    m_color->setObjectName(QStringLiteral("parallelColor"));
    label->setBuddy(m_color);
    bar->addWidget(label);
    bar->addWidget(m_color);
    m_brushText = hintLabel({}, this);
    m_brushText->setObjectName(QStringLiteral("parallelBrushText"));
    bar->addWidget(m_brushText, 1);
    column->addLayout(bar);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_plot);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    column->addWidget(scroll, 1);
    connect(m_plot, &PlotView::noticed, this, &HistoryParallelPanel::noticed);
    connect(m_plot, &PlotView::keyClicked, this,
            [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    connect(&m_plot->parallel(), &ParallelItem::brushing, this, &HistoryParallelPanel::showBrush);
    connect(&m_plot->parallel(), &ParallelItem::brushed, this, &HistoryParallelPanel::brushed);
    connect(&m_selection, &TrialSelection::changed, this, &HistoryParallelPanel::selectionChanged);
}

void HistoryParallelPanel::updatePlots() {
    m_dirty = true;
    if (!isVisible())
        return;
    m_dirty = false;
    if (m_document.study().trials.size() <= kManyTrials)
        return showData(trialsParallelData(m_document.study()));
    // Let a running one finish: a stream of results must not put the picture off for ever.
    m_again = m_jobs.isRunning(kParallelKey);
    if (m_again)
        return;
    m_jobs.start(
        {kParallelKey, {}, m_document.revision()}, this,
        [study = m_document.snapshot()](const Monitor&) {
            return Result<TrialsParallelData>(trialsParallelData(*study));
        },
        [this](Result<TrialsParallelData> shown, quint64) {
            if (shown)
                showData(std::move(shown).value());
            if (m_again)
                updatePlots();
        });
}

void HistoryParallelPanel::showData(TrialsParallelData shown) {
    const Definition& definition = m_document.definition();
    if (shown.measures != definition.measures())
        return; // of another definition; its successor is on the way
    std::vector<QString> names;
    for (const MeasureId measure : shown.measures)
        names.push_back(QString::fromStdString(definition.measureName(measure)));
    constexpr int kAxisWidth = 76; // room for a name
    m_plot->setMinimumWidth(kAxisWidth * static_cast<int>(shown.axes.size()));
    m_plot->setMessage(shown.lines.empty() ? tr("No trial has been measured yet.") : QString());
    const bool one = definition.objectives.size() == 1;
    m_plot->parallel().setLegendTexts(one ? tr("best trial") : tr("measured front"), tr("other trials"));
    m_plot->setData(std::move(shown.axes), std::move(shown.lines));
    m_color->setMeasures(one ? tr("best trial") : tr("front"), names);
    showBrush();
    selectionChanged();
}

void HistoryParallelPanel::showBrush() {
    m_brushText->setText(brushText(m_plot->parallel()));
}

void HistoryParallelPanel::brushed() {
    showBrush();
    selectBrushed(m_plot->parallel(), m_selection);
    selectionChanged();
}

void HistoryParallelPanel::selectionChanged() {
    std::set<qint64> keys;
    for (const TrialId id : m_selection.selected())
        keys.insert(id.value);
    // What the ranges have selected is what does not fade; a ring around each would hide the colours.
    const ParallelItem& item = m_plot->parallel();
    if (item.isBrushed() && keys == item.inside())
        keys.clear();
    m_plot->setSelectedKeys(keys);
}

void HistoryParallelPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_dirty)
        updatePlots();
}

} // namespace alidade

#include "moc_history_parallel_panel.cpp"
