#include "pages/fronts_page.h"

#include "document/derived_cache.h"
#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/empty_state.h"
#include "editors/help_tip.h"
#include "editors/message_bar.h"
#include "editors/widget_style.h"
#include "pages/fronts_pick.h"
#include "pages/history_data.h"
#include "pages/history_text.h"
#include "pages/parallel_brush.h"
#include "pages/parallel_color.h"
#include "plots/front_plot.h"
#include "plots/parallel_plot.h"
#include "study/best_end.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

namespace {

constexpr int kCollectMs = 100;
constexpr int kMergeReference = 7900; // presses of keys in a row are one undo step

const QString kDataKey = QStringLiteral("fronts.data");
const QString kModelKey = QStringLiteral("fronts.model");
const QString kBeliefKey = QStringLiteral("fronts.belief");

} // namespace

FrontsPage::FrontsPage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                       TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_cache(cache), m_selection(selection) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(kCollectMs);
    build();
    connectAll();
    definitionChanged();
}

FrontsPage::~FrontsPage() = default;

QWidget* FrontsPage::buildBar() {
    auto* const bar = new QWidget(this);
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    const auto box = [&](const QString& text, const char* name) {
        auto* const label = new QLabel(text, bar);
        auto* const result = new QComboBox(bar);
        result->setObjectName(QString::fromLatin1(name));
        guardWheel(result);
        label->setBuddy(result);
        row->addWidget(label);
        row->addWidget(result);
        return result;
    };
    m_xBox = box(tr("&x"), "frontX");
    m_yBox = box(tr("&y"), "frontY");
    const auto check = [&](const QString& text, const QString& tip, const char* name) {
        auto* const result = new QCheckBox(text, bar);
        result->setObjectName(QString::fromLatin1(name));
        result->setToolTip(tip);
        row->addWidget(result);
        return result;
    };
    m_layers = check(tr("&Layers"), tr("What remains non-dominated when the layers before are taken away"),
                     "frontLayers");
    m_errors = check(tr("&Errors"),
                     tr("One standard deviation: as given with the measurement, else the noise "
                        "that the model found"),
                     "frontErrors");
    m_predictions = check(tr("&Model"), {}, "frontModel");
    m_predictions->setChecked(true);
    setHelp(m_predictions, QStringLiteral("modelled-front"),
            tr("Where the model expects the front, waiting and failed trials"));
    m_distances = check(tr("&Distance from the target"), {}, "frontDistances");
    m_distances->setChecked(true);
    setHelp(m_distances, QStringLiteral("front"),
            tr("Counts an objective whose desirability has a target or a range by its distance from that, "
               "instead of by its direction"));
    row->addStretch(1);
    m_picks = new QToolButton(bar);
    m_picks->setText(tr("&Choose for me"));
    m_picks->setObjectName(QStringLiteral("frontPicks"));
    m_picks->setPopupMode(QToolButton::InstantPopup);
    m_picks->setToolTip(tr("Selects one trial of the front by a rule"));
    auto* const menu = new QMenu(m_picks);
    menu->addAction(tr("&Most desirable"), this, [this] {
        const RankedTrial* best = m_data.ranking.best();
        choose(best == nullptr ? std::nullopt : std::optional(best->id));
    });
    menu->addAction(tr("&Knee of the front"), this, [this] { choose(m_data.knee); });
    menu->addAction(tr("Closest to the &ideal point"), this, [this] { choose(m_data.closestToIdeal); });
    m_picks->setMenu(menu);
    row->addWidget(m_picks);
    return bar;
}

QWidget* FrontsPage::buildFrontTab() {
    auto* const splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    m_scatter = new FrontScatter;
    m_scatter->setObjectName(QStringLiteral("frontScatter"));
    m_scatter->setPlotName(QStringLiteral("front"));
    m_scatter->setAccessibleName(tr("Front"));
    m_scatter->setMinimumSize(280, 240);
    setHelpKey(m_scatter, QStringLiteral("front"));
    splitter->addWidget(m_scatter);
    auto* const side = new QWidget;
    side->setMinimumWidth(230);
    auto* const column = new QVBoxLayout(side);
    column->setContentsMargins(kGap, 0, 0, 0);
    m_volume = new HypervolumePlot;
    m_volume->setMinimumHeight(180);
    m_volume->setAccessibleName(tr("Hypervolume of the measured front"));
    setHelp(m_volume, QStringLiteral("hypervolume"));
    column->addWidget(m_volume, 1);
    m_figures = new QLabel;
    m_figures->setObjectName(QStringLiteral("frontFigures"));
    m_figures->setWordWrap(true);
    m_figures->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_figures);
    splitter->addWidget(side);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    return splitter;
}

void FrontsPage::build() {
    m_empty = new EmptyState(QStringLiteral("fronts"), {}, {});
    m_empty->setObjectName(QStringLiteral("empty"));
    auto* const content = new QWidget;
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(kGap, kGap, kGap, 4);
    column->addWidget(buildBar());
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("frontTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildFrontTab(), tr("&Front"));

    auto* const parallelTab = new QWidget;
    auto* const parallelColumn = new QVBoxLayout(parallelTab);
    parallelColumn->setContentsMargins(0, 0, 0, 0);
    m_parallel = new ParallelPlot;
    m_parallel->setObjectName(QStringLiteral("parallel"));
    m_parallel->setMinimumHeight(240);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_parallel);
    setHelpKey(m_parallel, QStringLiteral("parallel"));
    auto* const colorRow = new QHBoxLayout;
    auto* const colorLabel = new QLabel(tr("&Colour:"));
    m_color = new ParallelColorBox(m_parallel->parallel(), parallelTab);
    m_color->setObjectName(QStringLiteral("frontColor"));
    colorLabel->setBuddy(m_color);
    m_brushText = hintLabel({});
    m_brushText->setObjectName(QStringLiteral("brushText"));
    colorRow->addWidget(colorLabel);
    colorRow->addWidget(m_color);
    colorRow->addWidget(m_brushText, 1);
    parallelColumn->addLayout(colorRow);
    parallelColumn->addWidget(scroll, 1);
    m_tabs->addTab(parallelTab, tr("&Parallel coordinates"));

    m_matrixTab = new QWidget;
    m_matrixGrid = new QGridLayout(m_matrixTab);
    m_matrixGrid->setContentsMargins(0, 0, 0, 0);
    m_matrixGrid->setSpacing(4);
    m_tabs->addTab(m_matrixTab, tr("M&atrix"));
    column->addWidget(m_tabs, 1);
    m_pick = new FrontsPick(m_document, m_selection);
    column->addWidget(m_pick);
    m_notice = new MessageBar;
    m_notice->setObjectName(QStringLiteral("notice"));
    m_notice->dismiss();
    column->addWidget(m_notice);

    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
}

void FrontsPage::adopt(PlotView* plot) {
    connect(plot, &PlotView::keyClicked, this,
            [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    connect(plot, &PlotView::noticed, this,
            [this](const QString& text) { m_notice->showMessage(MessageBar::Kind::Info, text); });
    if (auto* const scatter = qobject_cast<FrontScatter*>(plot))
        scatter->setTrialText([this](qint64 key) { return trialText(m_document.study(), TrialId{key}); });
}

void FrontsPage::connectAll() {
    for (PlotView* plot : std::initializer_list<PlotView*>{m_scatter, m_volume, m_parallel})
        adopt(plot);
    connect(&m_delay, &QTimer::timeout, this, &FrontsPage::refreshPage);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_model.reset();
        m_belief.reset();
        m_beliefAgain = false;
        m_jobs.discard(kBeliefKey);
        m_reference.clear();
        definitionChanged();
    });
    connect(&m_document, &ProjectDocument::definitionChanged, this, &FrontsPage::definitionChanged);
    connect(&m_document, &ProjectDocument::trialsChanged, this, &FrontsPage::scheduleUpdate);
    connect(&m_document, &ProjectDocument::trialsRemoved, this, &FrontsPage::scheduleUpdate);
    connect(&m_cache, &DerivedCache::modelChanged, this, &FrontsPage::requestModel);
    connect(&m_selection, &TrialSelection::changed, this, &FrontsPage::selectionChanged);
    for (QComboBox* box : {m_xBox, m_yBox})
        connect(box, &QComboBox::activated, this, &FrontsPage::showData);
    for (QCheckBox* check : {m_layers, m_errors, m_predictions})
        connect(check, &QCheckBox::toggled, this, &FrontsPage::showData);
    connect(m_distances, &QCheckBox::toggled, this, [this] {
        m_reference.clear();
        collect();
    });
    connect(&m_scatter->reference(), &ReferenceItem::moved, this, &FrontsPage::referenceMoved);
    connect(&m_scatter->reference(), &ReferenceItem::settled, this, &FrontsPage::referenceSettled);
    connect(&m_parallel->parallel(), &ParallelItem::brushed, this, &FrontsPage::brushed);
    connect(m_pick, &FrontsPick::noticed, this,
            [this](const QString& text) { m_notice->showMessage(MessageBar::Kind::Info, text); });
}

FrontsPage::EmptyText FrontsPage::emptyText() const {
    if (!m_document.isOpen())
        return {tr("No project is open"), tr("Open or create a project first.")};
    const std::size_t objectives = m_document.definition().objectives.size();
    if (objectives == 0)
        return {tr("No objective yet"), tr("A front shows the best compromises between several objectives. "
                                           "Define two or more on the page Goals.")};
    if (objectives == 1)
        return {
            tr("One objective has one best value"),
            tr("A front shows the best compromises between several objectives; this study has one, so its "
               "best trial is on the page History. Add a second objective on the page Goals, such as "
               "time, cost or size, to see what each gain costs.")};
    const auto& trials = m_document.study().trials;
    const bool any = std::any_of(trials.begin(), trials.end(), [](const Trial& trial) {
        return trial.state == TrialState::Complete && !trial.excluded;
    });
    if (!any)
        return {
            tr("No trial has been measured yet"),
            tr("On the page Trials, ask for suggestions and measure them (Run), or type or paste results. "
               "The compromises among them are then drawn here.")};
    return {};
}

void FrontsPage::definitionChanged() {
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    const auto fill = [&](QComboBox* box, int fallback) {
        const QVariant before = box->currentData();
        box->clear();
        for (const Objective& objective : objectives)
            box->addItem(QString::fromStdString(objective.name), qint64(objective.id.value));
        const int kept = box->findData(before);
        box->setCurrentIndex(kept >= 0 ? kept : std::min(fallback, box->count() - 1));
    };
    fill(m_xBox, 0);
    fill(m_yBox, 1);
    if (m_xBox->currentIndex() == m_yBox->currentIndex() && m_yBox->count() > 1)
        m_yBox->setCurrentIndex(m_xBox->currentIndex() == 0 ? 1 : 0);
    m_tabs->setTabVisible(m_tabs->indexOf(m_matrixTab), objectives.size() > 2);
    m_distances->setVisible(!std::all_of(objectives.begin(), objectives.end(), oneEndIsBest));
    rebuildMatrix();
    scheduleUpdate();
}

void FrontsPage::rebuildMatrix() {
    const std::size_t count = m_document.definition().objectives.size();
    const std::size_t wanted = count > 2 ? count * (count - 1) / 2 : 0;
    if (m_matrix.size() == wanted)
        return;
    for (FrontScatter* plot : m_matrix)
        delete plot;
    m_matrix.clear();
    for (std::size_t row = 1; wanted > 0 && row < count; ++row)
        for (std::size_t column = 0; column < row; ++column) {
            auto* const plot = new FrontScatter(true);
            plot->setMinimumSize(150, 110);
            plot->setPlotName(QStringLiteral("front-%1-%2").arg(column + 1).arg(row + 1));
            adopt(plot);
            m_matrixGrid->addWidget(plot, static_cast<int>(row), static_cast<int>(column));
            m_matrix.push_back(plot);
        }
}

void FrontsPage::scheduleUpdate() {
    m_dirty = true;
    // Not restarted: a stream of results must not put the picture off for ever.
    if (isVisible() && !m_delay.isActive())
        m_delay.start();
}

void FrontsPage::refreshPage() {
    m_dirty = false;
    const EmptyText empty = emptyText();
    m_empty->setTexts(empty.title, empty.text);
    m_stack->setCurrentIndex(empty.title.isEmpty() ? 1 : 0);
    if (empty.title.isEmpty())
        collect();
}

void FrontsPage::collect() {
    const quint64 number = ++m_wanted;
    // Let it finish: a stream of results must not put the picture off for ever.
    m_collectAgain = m_jobs.isRunning(kDataKey);
    if (m_collectAgain)
        return;
    const std::shared_ptr<const Study> study = m_document.snapshot();
    m_jobs.start(
        {kDataKey, {}, m_document.revision()}, this,
        [study, reference = m_reference, distances = m_distances->isChecked()](
            const Monitor&) -> Result<std::pair<FrontsData, ParallelData>> {
            ALIDADE_ASSIGN(FrontsData data, collectFronts(*study, reference, distances));
            ParallelData parallel = parallelData(*study, data);
            return std::pair(std::move(data), std::move(parallel));
        },
        [this, number, study](Result<std::pair<FrontsData, ParallelData>> collected, quint64) {
            m_have = number;
            if (m_collectAgain)
                collect();
            if (!collected.ok()) {
                m_notice->showMessage(MessageBar::Kind::Error, errorText(collected.error()));
                return;
            }
            m_data = std::move(collected->first);
            m_parallelData = std::move(collected->second);
            m_dataStudy = study;
            if (m_data.hasDistances()) {
                // The models are of the values themselves.
                m_jobs.discard(kModelKey);
                m_jobs.discard(kBeliefKey);
                m_model.reset();
                m_belief.reset();
            }
            showData();
            if (m_reference.empty())
                requestModel();
        });
}

void FrontsPage::requestModel() {
    if (!isVisible() || !m_cache.model() || !m_dataStudy || m_data.objectives.size() < 2 ||
        m_data.hasDistances())
        return;
    m_jobs.start(
        {kModelKey, {}, m_document.revision()}, this,
        [study = m_dataStudy, data = m_data, model = *m_cache.model()](const Monitor& monitor) {
            return modelFronts(*study, data, model, monitor);
        },
        [this](Result<FrontsModel> modelled, quint64) {
            if (modelled.ok())
                m_model = std::move(modelled).value();
            else if (modelled.error().code != ErrorCode::Cancelled)
                m_model.reset(); // of another definition; its successor is on the way
            showData();
            requestBelief();
        });
}

void FrontsPage::requestBelief() {
    if (!isVisible() || !m_cache.model() || m_data.reference.empty())
        return;
    // One that runs is let finish: a stream of results must not put the picture off for ever.
    if (m_jobs.isRunning(kBeliefKey)) {
        m_beliefAgain = true;
        return;
    }
    m_beliefAgain = false;
    m_jobs.start(
        {kBeliefKey, tr("Modelling the front"), m_document.revision()}, this,
        [model = *m_cache.model(), objectives = m_data.objectives, reference = m_data.reference](
            const Monitor& monitor) { return believeFronts(model, objectives, reference, monitor); },
        [this](Result<FrontsBelief> belief, quint64) {
            if (belief.ok())
                m_belief = std::move(belief).value();
            else if (belief.error().code != ErrorCode::Cancelled)
                m_belief.reset();
            showData();
            if (m_beliefAgain)
                requestBelief();
        });
}

void FrontsPage::selectionChanged() {
    std::set<qint64> keys;
    for (const TrialId id : m_selection.selected())
        keys.insert(id.value);
    m_scatter->setSelectedKeys(keys);
    m_parallel->setSelectedKeys(keys);
    for (FrontScatter* plot : m_matrix)
        plot->setSelectedKeys(keys);
    m_pick->refresh();
}

void FrontsPage::referenceMoved(const QPointF& point) {
    const std::size_t x = chosen(m_xBox);
    const std::size_t y = chosen(m_yBox);
    if (!m_scatter->reference().isDragging()) {
        m_reference.clear(); // taken back
    } else {
        m_reference[m_data.objectives[x].id] = point.x();
        m_reference[m_data.objectives[y].id] = point.y();
    }
    collect();
}

void FrontsPage::referenceSettled(const QPointF& point, bool byKey) {
    m_reference.clear();
    EditSequence edits;
    const std::pair<std::size_t, double> places[] = {{chosen(m_xBox), point.x()},
                                                     {chosen(m_yBox), point.y()}};
    for (const auto& [index, value] : places) {
        const Objective* present = m_document.definition().findObjective(m_data.objectives[index].id);
        if (present == nullptr)
            return;
        Objective objective = *present;
        objective.reference = value;
        edits.edits.emplace_back(PutObjective{objective, kKeepPlace});
    }
    if (!m_document.push(edits, tr("Reference point"), byKey ? kMergeReference : -1))
        collect();
}

void FrontsPage::showBrush() {
    m_brushText->setText(brushText(m_parallel->parallel()));
}

void FrontsPage::brushed() {
    showBrush();
    selectBrushed(m_parallel->parallel(), m_selection);
}

void FrontsPage::choose(const std::optional<TrialId>& trial) {
    if (trial) {
        m_notice->dismiss();
        m_selection.setCurrent(*trial);
        return;
    }
    m_notice->showMessage(MessageBar::Kind::Info,
                          tr("No trial of the front fits this rule: a knee needs a front that bulges, "
                             "desirability needs functions on the page Goals and a trial with D > 0."));
}

void FrontsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_dirty)
        refreshPage();
    else
        requestModel();
}

} // namespace alidade

#include "moc_fronts_page.cpp"
