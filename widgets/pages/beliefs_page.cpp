#include "pages/beliefs_page.h"

#include "belief/axis_density.h"
#include "belief/transfer.h"
#include "document/derived_cache.h"
#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/selection.h"
#include "editors/empty_state.h"
#include "editors/icons.h"
#include "editors/message_bar.h"
#include "editors/widget_style.h"
#include "pages/beliefs_editor.h"
#include "pages/beliefs_pairs.h"
#include "pages/beliefs_preview.h"
#include "pages/beliefs_text.h"
#include "project_file/source_reader.h"
#include "suggest/model_state.h"
#include "suggest/summary.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace alidade {
namespace {

const QString kSketchKey = QStringLiteral("beliefs-sketch");
const QString kPairsKey = QStringLiteral("beliefs-pairs");

bool isNumeric(const Parameter& parameter) {
    return std::holds_alternative<RealRange>(parameter.domain) ||
           std::holds_alternative<IntegerRange>(parameter.domain);
}

/// What tells one fit from another, however often it was reused for other beliefs.
std::shared_ptr<const StudyModel::State> fitOf(const std::optional<StudyModel>& model) {
    if (!model)
        return nullptr;
    const std::shared_ptr<const StudyModel::State>& state = model->state();
    return state->fitted ? state->fitted : state;
}

} // namespace

BeliefsPage::BeliefsPage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                         TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_cache(cache), m_selection(selection) {
    build();
    connect(&m_document, &ProjectDocument::definitionChanged, this, &BeliefsPage::definitionChanged);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_sketch.reset();
        m_jobs.discard(kSketchKey); // of another project
        m_running = false;
        m_notice->dismiss();
        definitionChanged();
    });
    connect(&m_cache, &DerivedCache::modelChanged, this, [this] {
        // After an edit of a belief the cache hands back the same fit: functions are drawn anew for another.
        if (!m_dragging && !m_cache.isFitting())
            request();
    });
    connect(m_preview, &BeliefsPreview::choiceChanged, this, [this] { request(); });
    definitionChanged();
}

QWidget* BeliefsPage::buildLeft() {
    auto* const content = new QWidget;
    auto* const layout = new QVBoxLayout(content);
    layout->setContentsMargins(kMargin, kMargin, kGap, kMargin);
    layout->setSpacing(kGap);
    layout->addWidget(titleLabel(tr("Beliefs")));
    layout->addWidget(
        hintLabel(tr("What you know before measuring. It steers the suggestions as far as the data do "
                     "not speak against it.")));
    auto* const row = new QHBoxLayout;
    m_add = new QToolButton;
    m_add->setObjectName(QStringLiteral("addBelief"));
    m_add->setText(tr("&Add belief"));
    m_add->setIcon(themeIcon(QStringLiteral("add")));
    m_add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_add->setPopupMode(QToolButton::InstantPopup);
    m_addMenu = new QMenu(m_add);
    m_add->setMenu(m_addMenu);
    connect(m_addMenu, &QMenu::aboutToShow, this, &BeliefsPage::fillAddMenu);
    m_remove = iconButton(QStringLiteral("remove"), tr("Remove the belief"), QStringLiteral("removeBelief"));
    connect(m_remove, &QToolButton::clicked, this, &BeliefsPage::removeBelief);
    row->addWidget(m_add);
    row->addWidget(m_remove);
    row->addStretch();
    layout->addLayout(row);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("beliefList"));
    m_list->setAccessibleName(tr("Beliefs"));
    m_list->setWordWrap(true);
    m_list->setSpacing(2); // two lines belong together
    m_list->setMinimumHeight(96);
    m_list->setMaximumHeight(200);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] {
        if (!m_filling)
            currentChanged();
    });
    layout->addWidget(m_list, 1);
    m_editor = new BeliefEditor;
    connect(m_editor, &BeliefEditor::edited, this, &BeliefsPage::editBelief);
    connect(m_editor, &BeliefEditor::refused, this, [this](const QString& text) { showNotice(text, true); });
    layout->addWidget(m_editor, 3);
    m_hint =
        hintLabel(tr("Add a belief: where a parameter is best, how good the result can get, which of two "
                     "settings is better, or how the result depends on a parameter."));
    layout->addWidget(m_hint, 3, Qt::AlignTop);
    m_notice = new MessageBar;
    m_notice->setObjectName(QStringLiteral("beliefNotice"));
    m_notice->hide();
    layout->addWidget(m_notice);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setMinimumWidth(340);
    return scroll;
}

void BeliefsPage::build() {
    auto* const splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildLeft());
    auto* const right = new QWidget;
    auto* const column = new QVBoxLayout(right);
    column->setContentsMargins(kGap, kMargin, kMargin, kMargin);
    m_preview = new BeliefsPreview;
    column->addWidget(m_preview);
    right->setMinimumWidth(360);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    m_empty =
        new EmptyState(QStringLiteral("beliefs"), tr("Nothing to believe in yet"),
                       tr("Define at least one parameter on the page Space and one objective on the page "
                          "Goals. Then say here what you know about the best setting."));
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(splitter);
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
}

void BeliefsPage::fillAddMenu() {
    m_addMenu->clear();
    const Definition& definition = m_document.definition();
    QMenu* const places = m_addMenu->addMenu(tr("&Where a parameter is best"));
    QMenu* const trends = m_addMenu->addMenu(tr("&Rising or falling with a parameter"));
    for (const Parameter& parameter : definition.space.parameters) {
        const QString name = QString::fromStdString(parameter.name);
        if (!std::holds_alternative<MixtureParts>(parameter.domain))
            places->addAction(name, this, [this, parameter] { addOptimum(parameter); });
        if (isNumeric(parameter) && !definition.objectives.empty())
            trends->addAction(name, this, [this, id = parameter.id] {
                addBelief(TrendBelief{m_document.definition().objectives.front().id, id});
            });
    }
    for (const Objective& objective : definition.objectives)
        m_addMenu->addAction(tr("&How good %1 can get").arg(QString::fromStdString(objective.name)), this,
                             [this, objective] { addBestValue(objective); });
    m_addMenu->addSeparator();
    m_addMenu->addAction(tr("Which of two is &better? …"), this, &BeliefsPage::askForPairs);
    QAction* const pair = m_addMenu->addAction(tr("&One of the two selected trials is better"), this,
                                               &BeliefsPage::addPairOfTrials);
    pair->setEnabled(m_selection.selected().size() == 2);
    QAction* const good =
        m_addMenu->addAction(tr("The selected trials are &good settings"), this, &BeliefsPage::addGoodTrials);
    good->setEnabled(!m_selection.selected().empty());
    m_addMenu->addSeparator();
    m_addMenu->addAction(tr("From the good trials of another &project …"), this,
                         &BeliefsPage::addFromProject);
}

void BeliefsPage::addBelief(decltype(Belief::claim) claim, double confidence) {
    Belief belief;
    belief.id.value = m_document.definition().nextId;
    belief.claim = std::move(claim);
    belief.confidence = confidence;
    m_document.push(PutBelief{belief, m_document.definition().beliefs.size()}, tr("Add belief"));
    select(belief.id);
}

/// Round the middle of the range, wide: the user drags it where it belongs.
void BeliefsPage::addOptimum(const Parameter& parameter) {
    OptimumBelief belief{parameter.id, {}};
    if (isNumeric(parameter)) {
        belief.density = NormalDensity{numberAtPosition(parameter, 0.5), 0.2 * scaleWidth(parameter)};
    } else {
        ChoiceWeights weights;
        for (std::uint64_t rank = 0; rank < valueCount(parameter.domain).value_or(0); ++rank)
            weights.weights[formatValue(valueAtRank(parameter.domain, rank))] = 1.0;
        belief.density = weights;
    }
    addBelief(belief);
}

void BeliefsPage::addBestValue(const Objective& objective) {
    double center = objective.knownOptimum.value_or(0.0);
    double spread = 1.0;
    std::vector<double> values;
    for (const Trial& trial : m_document.study().trials)
        if (isFeasible(m_document.definition(), trial))
            values.push_back(trial.values.at(objective.id).value);
    if (values.size() >= 2) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        if (*high > *low)
            spread = 0.15 * (*high - *low);
        center = objective.goal == Goal::Minimize ? *low - spread : *high + spread;
    }
    addBelief(BestValueBelief{objective.id, NormalDensity{center, spread}});
}

void BeliefsPage::addPairOfTrials() {
    const std::set<TrialId>& chosen = m_selection.selected();
    const Trial* first = m_document.study().find(*chosen.begin());
    const Trial* second = m_document.study().find(*chosen.rbegin());
    if (chosen.size() != 2 || !first || !second)
        return;
    // The one that the inspector shows is taken for the better one; the table lets the user change that.
    if (m_selection.current() == second->id)
        std::swap(first, second);
    addBelief(PreferenceBelief{first->setting, second->setting});
}

void BeliefsPage::addGoodTrials() {
    GoodPointsBelief belief;
    for (const TrialId id : m_selection.selected())
        if (const Trial* trial = m_document.study().find(id))
            belief.points.push_back(trial->setting);
    if (!belief.points.empty())
        addBelief(belief);
}

void BeliefsPage::addFromProject() {
    auto* const dialog = new QFileDialog(this, tr("Good trials of another project"), {},
                                         tr("Alidade project (*.alidade);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { addFromFile(path); });
    dialog->open();
}

void BeliefsPage::addFromFile(const QString& path) {
    m_jobs.start(
        {QStringLiteral("beliefs-transfer"), tr("Reading the other project"), m_document.revision()}, this,
        [path = path.toStdString(), study = m_document.snapshot()](const Monitor&) -> Result<EditSequence> {
            ALIDADE_ASSIGN(const Study earlier, readStudy(path));
            return beliefsFrom(earlier, study->definition);
        },
        [this](Result<EditSequence> edits, quint64) {
            if (!edits)
                showNotice(errorText(edits.error()), true);
            else if (edits->edits.empty())
                showNotice(tr("The other project has no parameter of the same name with at least three good "
                              "trials."),
                           true);
            else
                m_document.push(Edit{*edits}, tr("Add beliefs from another project"));
        });
}

void BeliefsPage::askForPairs() {
    auto* const dialog = new PairsDialog(m_document.definition(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PairsDialog::answered, this,
            [this](const Setting& better, const Setting& worse, double confidence) {
                addBelief(PreferenceBelief{better, worse}, confidence);
            });
    dialog->open();
    m_jobs.start(
        {kPairsKey, tr("Looking for informative pairs"), m_document.revision()}, dialog,
        [study = m_document.snapshot(), model = m_cache.model()](const Monitor& monitor) {
            return pairsToAsk(study, model, monitor);
        },
        [dialog](Result<std::vector<SettingPair>> pairs, quint64) {
            if (pairs)
                dialog->setPairs(*std::move(pairs));
            else
                dialog->setProblem(errorText(pairs.error()));
        });
}

void BeliefsPage::removeBelief() {
    if (const Belief* belief = current())
        m_document.push(RemoveBelief{belief->id}, tr("Remove belief"));
}

void BeliefsPage::editBelief(const Belief& belief, bool settled) {
    m_dragging = !settled;
    m_notice->dismiss();
    // A drag is one step back.
    m_document.push(PutBelief{belief}, tr("Change belief"), static_cast<int>(belief.id.value));
    if (settled)
        request();
}

void BeliefsPage::definitionChanged() {
    const Definition& definition = m_document.definition();
    const bool ready =
        m_document.isOpen() && !definition.space.parameters.empty() && !definition.objectives.empty();
    m_stack->setCurrentIndex(ready ? 1 : 0);
    m_preview->setDefinition(definition);
    fillList();
    currentChanged();
    request();
}

void BeliefsPage::fillList() {
    const Belief* const before = current();
    const BeliefId chosen = before ? before->id : BeliefId{};
    const Definition& definition = m_document.definition();
    m_filling = true;
    const int row = m_list->currentRow();
    m_list->clear();
    const std::vector<Finding> findings = validate(definition);
    std::size_t index = 0;
    for (const Belief& belief : definition.beliefs) {
        QString text = beliefText(definition, belief);
        QStringList parts;
        parts << (belief.confidence > 0.0 ? tr("confidence %1 %").arg(qRound(100.0 * belief.confidence))
                                          : tr("not sure: has no effect"));
        for (const BeliefsSketch::ClaimReport& claim :
             m_sketch ? m_sketch->claims : std::vector<BeliefsSketch::ClaimReport>()) {
            if (claim.id != belief.id)
                continue;
            if (!claim.usable)
                parts << tr("fits no function, left out");
            else if (m_sketch->measured)
                parts << tr("%1 (Bayes factor %2)")
                             .arg(verdictText(beliefVerdict(claim.logBayesFactor)),
                                  bayesFactorLabel(claim.logBayesFactor));
        }
        // What does not act as one might expect says so where it is read.
        const std::string place = "beliefs[" + std::to_string(index++) + "]";
        for (const Finding& finding : findings)
            if (finding.path == place)
                parts << QString::fromStdString(finding.message);
        auto* const item = new QListWidgetItem(text + '\n' + parts.join(QStringLiteral(" · ")), m_list);
        item->setData(Qt::UserRole, static_cast<qint64>(belief.id.value));
        if (belief.id == chosen)
            m_list->setCurrentItem(item);
    }
    if (m_list->currentRow() < 0 && m_list->count() > 0)
        m_list->setCurrentRow(std::clamp(row, 0, m_list->count() - 1));
    m_filling = false;
}

const Belief* BeliefsPage::current() const {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item)
        return nullptr;
    const BeliefId id{item->data(Qt::UserRole).toLongLong()};
    for (const Belief& belief : m_document.definition().beliefs)
        if (belief.id == id)
            return &belief;
    return nullptr;
}

void BeliefsPage::select(BeliefId id) {
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->data(Qt::UserRole).toLongLong() == id.value)
            m_list->setCurrentRow(row);
}

void BeliefsPage::currentChanged() {
    const Belief* const belief = current();
    m_editor->setVisible(belief != nullptr);
    m_hint->setVisible(belief == nullptr);
    m_remove->setEnabled(belief != nullptr && m_document.canEdit());
    m_add->setEnabled(m_document.canEdit());
    m_editor->setEditable(m_document.canEdit());
    if (!belief)
        return;
    m_editor->setBelief(m_document.study(), *belief);
    if (const auto* optimum = std::get_if<OptimumBelief>(&belief->claim))
        m_preview->showParameter(optimum->parameter);
    else if (const auto* trend = std::get_if<TrendBelief>(&belief->claim))
        m_preview->showParameter(trend->parameter);
}

void BeliefsPage::request() {
    if (!isVisible() || m_stack->currentIndex() == 0 || !m_preview->axis() || !m_preview->objective().valid())
        return;
    ++m_wanted;
    // One at a time, then the newest: were each hand's move to replace the one before, a steady drag would
    // never show anything. Only drawing anew, which takes longer, gives way to a drag.
    if (!m_running || (m_runningAnew && m_dragging))
        start();
}

void BeliefsPage::start() {
    const auto axis = m_preview->axis();
    if (!axis)
        return;
    Definition plain = m_document.definition();
    plain.beliefs.clear();
    plain.nextId = 0;
    const bool same = m_sketch && m_sketched == plain && m_sketchedObjective == m_preview->objective() &&
                      m_sketchedFit == fitOf(m_cache.model());
    if (m_running && m_runningAnew)
        m_drawnFor.reset(); // it is replaced now
    m_running = true;
    m_runningAnew = !same || mustDraw();
    if (m_runningAnew)
        m_drawnFor = m_document.definition().beliefs;
    BeliefsRequest wanted;
    wanted.study = m_document.snapshot();
    wanted.model = m_cache.model();
    wanted.objective = m_preview->objective();
    wanted.axis = *axis;
    const Trial* best = bestMeasured(m_document.study());
    wanted.values = fullValues(plain.space, best ? best->setting : Setting());
    if (!m_runningAnew)
        wanted.earlier = m_sketch->model;
    m_jobs.start(
        {kSketchKey, {}, m_document.revision()}, this,
        [wanted](const Monitor& monitor) { return sketchBeliefs(wanted, monitor); },
        [this, number = m_wanted, plain, axis = wanted.axis, objective = wanted.objective,
         fit = fitOf(m_cache.model())](Result<BeliefsSketch> sketch, quint64) {
            m_running = false;
            if (!sketch) {
                if (sketch.error().code != ErrorCode::Cancelled)
                    m_preview->setMessage(errorText(sketch.error()));
            } else {
                m_sketch = *std::move(sketch);
                m_sketched = plain;
                m_sketchedObjective = objective;
                m_sketchedFit = fit;
                m_have = number;
                // Along an axis that was left meanwhile there is nothing to show.
                if (m_preview->axis() == axis && m_preview->objective() == objective)
                    m_preview->setSketch(*m_sketch, m_document.definition());
                fillList();
            }
            if (m_wanted != number || mustDraw())
                start();
        });
}

bool BeliefsPage::mustDraw() const {
    return !m_dragging && m_drawnFor != m_document.definition().beliefs;
}

void BeliefsPage::showNotice(const QString& text, bool problem) {
    m_notice->showMessage(problem ? MessageBar::Kind::Error : MessageBar::Kind::Info, text);
}

void BeliefsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

} // namespace alidade

#include "moc_beliefs_page.cpp"
