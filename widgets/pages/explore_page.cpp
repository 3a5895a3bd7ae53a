#include "pages/explore_page.h"

#include "document/derived_cache.h"
#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/empty_state.h"
#include "editors/help_tip.h"
#include "editors/message_bar.h"
#include "models/value_text.h"
#include "pages/explore_bar.h"
#include "pages/explore_column.h"
#include "pages/explore_diagnostics.h"
#include "pages/explore_importance.h"
#include "pages/explore_map.h"
#include "pages/explore_optimum.h"
#include "pages/explore_profiler.h"
#include "plots/number_text.h"
#include "plots/plot_view.h"
#include "suggest/summary.h"

#include <QEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {

namespace {
constexpr int kStaleAfterMs = 120; // curves that arrive sooner need not fade
constexpr int kCoarseMap = 21;
constexpr int kFineMap = 61;
constexpr std::size_t kSteps = 200; // settings to go back to

const QString kSlicesKey = QStringLiteral("explore.slices");
const QString kAcquisitionKey = QStringLiteral("explore.acquisition");
const QString kOptimumKey = QStringLiteral("explore.optimum");
const QString kMapKey = QStringLiteral("explore.map");

std::set<qint64> keysOf(const TrialSelection& selection) {
    std::set<qint64> keys;
    for (const TrialId id : selection.selected())
        keys.insert(id.value);
    return keys;
}

} // namespace

ExplorePage::ExplorePage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                         TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_cache(cache), m_selection(selection) {
    m_staleTimer.setSingleShot(true);
    m_staleTimer.setInterval(kStaleAfterMs);
    build();
    connectAll();
    definitionChanged();
    modelChanged();
}

ExplorePage::~ExplorePage() = default;

void ExplorePage::build() {
    m_profiler = new ExploreProfiler;
    m_scroll = new QScrollArea;
    m_scroll->setWidget(m_profiler);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->installEventFilter(this);
    m_map = new ExploreMapPanel;
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("exploreTabs"));
    m_tabs->setDocumentMode(true);
    setHelpKey(m_profiler, QStringLiteral("profiler"));
    setHelpKey(&m_map->view(), QStringLiteral("map"));
    m_tabs->addTab(m_scroll, tr("&Profiler"));
    m_tabs->addTab(m_map, tr("&Map"));
    auto* importance = new ExploreImportancePanel(m_document, m_jobs, m_cache);
    connect(importance, &ExploreImportancePanel::noticed, this, &ExplorePage::showNotice);
    m_tabs->addTab(importance, tr("Impo&rtance"));
    auto* diagnostics = new ExploreDiagnosticsPanel(m_document, m_jobs, m_cache, m_selection);
    connect(diagnostics, &ExploreDiagnosticsPanel::noticed, this, &ExplorePage::showNotice);
    m_tabs->addTab(diagnostics, tr("&Diagnostics"));

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(8, 8, 8, 4);
    m_bar = new ExploreBar(*m_profiler);
    column->addWidget(m_bar);
    column->addWidget(m_tabs, 1);
    m_notice = new MessageBar;
    m_notice->setObjectName(QStringLiteral("notice"));
    m_notice->dismiss();
    column->addWidget(m_notice);

    m_empty = new EmptyState(QStringLiteral("explore"), {}, {});
    m_empty->setObjectName(QStringLiteral("empty"));
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
}

void ExplorePage::connectAll() {
    connect(m_bar, &ExploreBar::bestWanted, this, &ExplorePage::goToBest);
    connect(m_bar, &ExploreBar::trialWanted, this, &ExplorePage::setFromTrial);
    connect(m_bar, &ExploreBar::optimumWanted, this, &ExplorePage::maximiseDesirability);
    connect(m_bar, &ExploreBar::addWanted, this, &ExplorePage::addTrialHere);
    connect(m_bar, &ExploreBar::earlierWanted, this, [this] { step(m_earlier, m_later); });
    connect(m_bar, &ExploreBar::laterWanted, this, [this] { step(m_later, m_earlier); });
    connect(m_bar, &ExploreBar::noticed, this, &ExplorePage::showNotice);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &ExplorePage::definitionChanged);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_values.clear();
        m_touched = false;
        m_earlier.clear();
        m_later.clear();
        m_slices.reset();
        m_jobs.discard(kOptimumKey);
        definitionChanged();
    });
    connect(&m_document, &ProjectDocument::trialsChanged, this, &ExplorePage::updateActions);
    connect(&m_cache, &DerivedCache::modelChanged, this, &ExplorePage::modelChanged);
    connect(&m_selection, &TrialSelection::changed, this, &ExplorePage::selectionChanged);
    connect(&m_staleTimer, &QTimer::timeout, this, &ExplorePage::markStale);
    connect(m_profiler, &ExploreProfiler::built, this, [this] {
        m_profiler->setSelectedKeys(keysOf(m_selection));
        request();
    });
    connect(m_profiler, &ExploreProfiler::axisMoved, this, &ExplorePage::moveAxis);
    connect(m_profiler, &ExploreProfiler::noticed, this, &ExplorePage::showNotice);
    const auto select = [this](qint64 id, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{id}); };
    connect(m_profiler, &ExploreProfiler::trialClicked, this, select);
    connect(&m_map->view(), &PlotView::keyClicked, this, select);
    connect(&m_map->view(), &PlotView::noticed, this, &ExplorePage::showNotice);
    connect(m_bar, &ExploreBar::acquisitionChosen, this, [this] {
        m_profiler->setAcquisitionKind(m_bar->acquisitionKind());
        request();
    });
    connect(m_bar, &ExploreBar::beliefsToggled, this, &ExplorePage::request);
    connect(m_map, &ExploreMapPanel::choiceChanged, this, &ExplorePage::request);
    connect(m_map, &ExploreMapPanel::moved, this,
            [this](const ExploreAxis& x, double atX, const ExploreAxis& y, double atY) {
                const SearchSpace& space = m_document.definition().space;
                setValues(movedValues(space, movedValues(space, m_values, x, atX), y, atY));
            });
    connect(m_tabs, &QTabWidget::currentChanged, this, &ExplorePage::request);
}

ExplorePage::EmptyText ExplorePage::emptyText() const {
    if (!m_document.isOpen())
        return {tr("No project is open"), tr("Open or create a project first.")};
    if (m_document.definition().space.parameters.empty() || m_document.definition().objectives.empty())
        return {tr("Nothing to explore yet"), tr("Explore shows how the objectives depend on the parameters. "
                                                 "Define at least one parameter on the "
                                                 "page Space and one objective on the page Goals.")};
    if (m_cache.model())
        return {};
    if (m_cache.isFitting() || !m_cache.error())
        return {tr("The model is being fitted"), tr("This takes a moment.")};
    return {tr("Not enough results for a model"), tr("On the page Trials, ask for suggestions and measure "
                                                     "them (Run), or type or paste results. Two results of "
                                                     "every objective are enough to begin.\n\n%1")
                                                      .arg(errorText(*m_cache.error()))};
}

bool ExplorePage::isUpToDate() const {
    return m_profiler->isBuilt() && m_wanted > 0 && m_haveSlices == m_wanted &&
           m_haveAcquisition == m_wanted && (m_tabs->currentWidget() != m_map || m_haveMap == m_wanted);
}

void ExplorePage::definitionChanged() {
    const Definition& definition = m_document.definition();
    m_values = fullValues(definition.space, m_values);
    m_rested = m_values;
    m_profiler->setDefinition(definition);
    m_map->setDefinition(definition);
    m_bar->setDefinition(definition);
    m_profiler->setValues(m_values);
    m_map->setValues(m_values);
    modelChanged();
}

const Trial* ExplorePage::bestTrial() const {
    if (m_document.definition().objectives.size() != 1)
        return m_document.study().find(m_desirable);
    if (m_cache.model())
        if (const auto best = m_cache.model()->bestTrial())
            return m_document.study().find(*best);
    return bestMeasured(m_document.study());
}

void ExplorePage::modelChanged() {
    const EmptyText empty = emptyText();
    m_empty->setTexts(empty.title, empty.text);
    m_stack->setCurrentIndex(empty.title.isEmpty() ? 1 : 0);
    const Trial* desirable = mostDesirable(m_document.study());
    m_desirable = desirable != nullptr ? desirable->id : TrialId{};
    updateActions();
    if (!empty.title.isEmpty())
        return;
    if (!m_touched) {
        if (const Trial* best = bestTrial()) {
            m_values = fullValues(m_document.definition().space, withLocked(best->setting));
            m_rested = m_values;
            m_profiler->setValues(m_values);
            m_map->setValues(m_values);
        }
    }
    request();
}

void ExplorePage::selectionChanged() {
    m_profiler->setSelectedKeys(keysOf(m_selection));
    m_map->view().setSelectedKeys(keysOf(m_selection));
    updateActions();
}

void ExplorePage::updateActions() {
    const bool one = m_document.definition().objectives.size() == 1;
    const bool best = bestTrial() != nullptr;
    const bool desirable = hasDesirability(m_document.definition().objectives);
    ExploreBar::State state;
    state.best = best;
    state.bestTip = one    ? tr("Look at the best feasible trial")
                    : best ? tr("Look at the feasible trial with the largest overall desirability")
                           : tr("With several objectives there is no single best trial: select one "
                                "on the front, or give all of them a desirability");
    state.trial = m_document.study().find(m_selection.current()) != nullptr;
    state.add = m_document.canEdit();
    state.optimum = desirable && m_cache.model() && !m_jobs.isRunning(kOptimumKey);
    state.optimumTip =
        desirable ? tr("Move to the setting with the best expected overall desirability")
                  : tr("Give an objective a desirability on the page Goals to look for the best setting");
    m_bar->setState(state);
    m_bar->setSteps(!m_earlier.empty(), !m_later.empty());
}

Setting ExplorePage::lockedValues() const {
    Setting locked;
    for (const ParameterId id : m_profiler->locked())
        if (const auto value = m_values.find(id); value != m_values.end())
            locked.insert(*value);
    return locked;
}

Setting ExplorePage::withLocked(Setting wanted) const {
    for (const auto& [id, value] : lockedValues())
        wanted[id] = value;
    return wanted;
}

void ExplorePage::setValues(const Setting& values) {
    m_touched = true;
    m_values = fullValues(m_document.definition().space, withLocked(values));
    valuesMoved(true);
}

void ExplorePage::moveAxis(const ExploreAxis& axis, double position, bool settled) {
    m_touched = true;
    m_values = withLocked(movedValues(m_document.definition().space, m_values, axis, position));
    valuesMoved(settled);
}

void ExplorePage::step(std::vector<Setting>& from, std::vector<Setting>& to) {
    if (from.empty())
        return;
    to.push_back(m_values);
    m_rested = fullValues(m_document.definition().space, withLocked(from.back()));
    from.pop_back();
    m_values = m_rested;
    valuesMoved(true);
    updateActions();
}

void ExplorePage::rememberRested() {
    if (m_values == m_rested)
        return;
    m_earlier.push_back(m_rested);
    if (m_earlier.size() > kSteps)
        m_earlier.erase(m_earlier.begin());
    m_later.clear();
    m_rested = m_values;
    updateActions();
}

void ExplorePage::valuesMoved(bool settled) {
    m_settled = settled;
    if (settled)
        rememberRested();
    m_notice->dismiss();
    m_profiler->setValues(m_values);
    m_map->setValues(m_values);
    request();
}

void ExplorePage::goToBest() {
    if (const Trial* best = bestTrial()) {
        setValues(best->setting);
        m_selection.setCurrent(best->id);
    }
}

void ExplorePage::setFromTrial() {
    const Trial* trial = m_document.study().find(m_selection.current());
    if (trial != nullptr)
        setValues(trial->setting);
}

void ExplorePage::maximiseDesirability() {
    if (!m_cache.model())
        return;
    m_jobs.start(
        {kOptimumKey, tr("Maximising the desirability"), m_document.revision()}, this,
        [model = *m_cache.model(), study = m_document.snapshot(), fixed = lockedValues()](
            const Monitor& monitor) { return predictBest(model, *study, fixed, monitor); },
        [this](const Result<PredictedBest>& best, quint64) {
            updateActions();
            if (!best.ok())
                return showNotice(errorText(best.error()));
            setValues(best->optimum.setting);
            QString text = predictedBestText(*best, m_document.definition());
            if (!m_profiler->locked().empty())
                text += QLatin1Char(' ') + tr("Locked parameters were left as they are.");
            showNotice(text);
        });
    updateActions();
}

void ExplorePage::addTrialHere() {
    const SearchSpace& space = m_document.definition().space;
    const auto checked = checkedSetting(space, completed(space, m_values));
    if (!checked.ok()) {
        showNotice(errorText(checked.error()));
        return;
    }
    Trial trial;
    trial.origin = Origin::Manual;
    trial.reason = "chosen on the page Explore";
    trial.setting = checked.value();
    trial.createdMs = ProjectDocument::nowMs();
    m_document.addTrials({trial}, tr("add trial"));
    showNotice(tr("Added to the trials to measure."));
}

void ExplorePage::request() {
    if (!m_cache.model() || !isVisible())
        return;
    ++m_wanted;
    m_staleTimer.start();
    requestSlices();
    if (m_tabs->currentWidget() == m_map)
        requestMap(kCoarseMap);
}

bool ExplorePage::beliefsShown() const {
    return m_bar->beliefsChecked() && beliefsAct(m_document.definition());
}

ExploreRequest ExplorePage::sliceRequest() {
    ExploreRequest request;
    request.predictor = m_predictors.predictor(*m_cache.model(), m_bar->acquisitionKind(), beliefsShown());
    if (beliefsShown())
        request.reference = explorePredictor(*m_cache.model(), m_bar->acquisitionKind());
    request.study = m_document.snapshot();
    request.values = m_values;
    return request;
}

void ExplorePage::requestSlices() {
    const quint64 number = m_wanted;
    m_jobs.start(
        {kSlicesKey, {}, m_document.revision()}, this,
        [request = sliceRequest()](const Monitor& monitor) { return computeSlices(request, monitor); },
        [this, number](Result<ExploreSlices> computed, quint64) {
            if (!computed.ok()) {
                if (computed.error().code != ErrorCode::Cancelled)
                    showNotice(errorText(computed.error()));
                return;
            }
            m_slices = std::move(computed).value();
            m_haveSlices = number;
            m_acquisition.reset();
            m_profiler->setSlices(*m_slices, m_settled);
            markStale();
            showPrediction();
            if (number == m_wanted)
                requestAcquisition();
        });
}

void ExplorePage::requestAcquisition() {
    const quint64 number = m_wanted;
    m_jobs.start(
        {kAcquisitionKey, {}, m_document.revision()}, this,
        [request = sliceRequest(), slices = *m_slices](const Monitor& monitor) {
            return computeAcquisition(request, slices, monitor);
        },
        [this, number](const Result<ExploreAcquisition>& computed, quint64) {
            if (number != m_haveSlices || (!computed.ok() && computed.error().code == ErrorCode::Cancelled))
                return; // other curves are on the way
            m_haveAcquisition = number;
            m_profiler->setAcquisition(computed, m_settled);
            if (computed.ok())
                m_acquisition = computed->here;
            markStale();
            showPrediction();
        });
}

void ExplorePage::markStale() {
    const bool waiting = m_staleTimer.isActive(); // results are expected before the eye sees them missing
    m_profiler->setStale(!waiting && m_haveSlices != m_wanted, !waiting && m_haveAcquisition != m_wanted);
    m_map->setStale(!waiting && m_haveMap != m_wanted);
}

void ExplorePage::requestMap(int resolution) {
    const auto choice = m_map->choice();
    if (!choice || choice->x.parameter == choice->y.parameter) {
        m_map->setMessage(
            choice && choice->x != choice->y
                ? tr("The parts of one mixture move together: choose another parameter for one axis.")
                : tr("Choose two different parameters for the map."));
        m_haveMap = m_wanted;
        return;
    }
    MapRequest request;
    request.predictor = m_predictors.predictor(*m_cache.model(), choice->acquisition, beliefsShown());
    request.study = m_document.snapshot();
    request.values = m_values;
    request.x = choice->x;
    request.y = choice->y;
    request.measure = choice->measure;
    request.quantity = choice->quantity;
    request.resolution = resolution;
    const quint64 number = m_wanted;
    m_jobs.start(
        {kMapKey, {}, m_document.revision()}, this,
        [request](const Monitor& monitor) { return computeMap(request, monitor); },
        [this, number, choice, resolution](Result<ExploreMap> computed, quint64) {
            if (!computed.ok()) {
                if (computed.error().code != ErrorCode::Cancelled)
                    m_map->setMessage(errorText(computed.error()));
                return;
            }
            m_map->setMap(computed.value(), *choice);
            if (resolution < kFineMap && number == m_wanted)
                requestMap(kFineMap); // a first impression at once, then the fine one
            else
                m_haveMap = number;
        });
}

void ExplorePage::showPrediction() {
    QString text = predictionText(m_document.definition(), *m_slices);
    if (m_acquisition)
        text += QStringLiteral(" &nbsp;·&nbsp; <nobr>") +
                acquisitionSymbol(m_bar->acquisitionKind(), m_document.definition()) + QLatin1Char(' ') +
                formatNumber(*m_acquisition, 3) + QStringLiteral("</nobr>");
    m_bar->setPrediction(text);
}

void ExplorePage::showNotice(const QString& text) {
    m_notice->showMessage(MessageBar::Kind::Info, text);
}

void ExplorePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    modelChanged();
}

bool ExplorePage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_scroll->viewport() && event->type() == QEvent::Resize)
        m_profiler->setViewportHeight(m_scroll->viewport()->height());
    return QWidget::eventFilter(watched, event);
}

} // namespace alidade

#include "moc_explore_page.cpp"
