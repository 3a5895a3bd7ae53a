#include "pages/space_page.h"

#include "document/job_runner.h"
#include "document/project_document.h"
#include "editors/condition_graph.h"
#include "editors/constraint_list.h"
#include "editors/empty_state.h"
#include "editors/parameter_form.h"
#include "editors/sample_preview.h"
#include "editors/widget_style.h"
#include "models/parameters_model.h"
#include "models/study_findings.h"
#include "pages/space_environment.h"
#include "space/sampling.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace alidade {
namespace {

constexpr std::size_t kPreviewSamples = 64;

Domain domainOfKind(int kind) {
    switch (kind) {
    case 1: return IntegerRange{1, 10, Scale::Linear, 1};
    case 2: return OrdinalChoices{{std::int64_t{16}, std::int64_t{32}, std::int64_t{64}}};
    case 3: return CategoricalChoices{{std::string("a"), std::string("b")}};
    case 4: return MixtureParts{{"a", "b"}, {}, {}, 1.0};
    default: return RealRange{0.0, 1.0, Scale::Linear, std::nullopt};
    }
}

std::string freeName(const SearchSpace& space) {
    for (int i = 1;; ++i)
        if (const std::string name = "x" + std::to_string(i); !space.find(name))
            return name;
}

} // namespace

SpacePage::SpacePage(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_findings(findings) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(kGap);
    layout->addWidget(titleLabel(tr("Search space")));
    auto* const splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildLeft(jobs));

    m_form = new ParameterForm(m_document, m_findings);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* const forms = new QWidget;
    auto* const formsLayout = new QVBoxLayout(forms);
    formsLayout->setContentsMargins(0, 0, 0, 0);
    formsLayout->setSpacing(kGap);
    m_environment = new SpaceEnvironment(m_document, m_findings);
    formsLayout->addWidget(m_form);
    formsLayout->addWidget(m_environment);
    formsLayout->addStretch();
    scroll->setWidget(forms);
    auto* const none =
        new EmptyState("space", tr("No parameter is selected"),
                       tr("A parameter is something that can be set before a trial: a learning rate, a "
                          "temperature, a compiler flag. Add one, or select one in the table."));
    m_formStack = new QStackedWidget;
    m_formStack->addWidget(none);
    m_formStack->addWidget(scroll);
    m_formStack->setMinimumWidth(340);
    splitter->addWidget(m_formStack);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    layout->addWidget(splitter, 1);

    m_delay.setSingleShot(true);
    m_delay.setInterval(200);
    connect(&m_delay, &QTimer::timeout, this, &SpacePage::computePreview);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &SpacePage::refresh);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        if (m_model->rowCount() > 0)
            m_table->selectRow(0);
        refresh();
    });
    refresh();
}

QWidget* SpacePage::buildLeft(JobRunner& jobs) {
    m_model = new ParametersModel(m_document, m_findings, this);
    m_table = new QTableView;
    m_table->setObjectName("parametersTable");
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] { refresh(); });

    auto* const menu = new QMenu(this);
    const QStringList kinds{tr("Real number"), tr("Whole number"), tr("Ordered choices"),
                            tr("Unordered choices"), tr("Mixture (shares that add up)")};
    for (int kind = 0; kind < kinds.size(); ++kind)
        connect(menu->addAction(kinds[kind]), &QAction::triggered, this,
                [this, kind] { addParameter(kind); });
    QPushButton* const add = textButton("add", tr("&Add parameter"), "addParameter");
    add->setMenu(menu);
    m_remove = textButton("remove", tr("Remove"), "removeParameter");
    m_up = textButton("up", {}, "moveParameterUp");
    m_up->setToolTip(tr("Move up"));
    m_down = textButton("down", {}, "moveParameterDown");
    m_down->setToolTip(tr("Move down"));
    connect(m_remove, &QPushButton::clicked, this, &SpacePage::removeCurrent);
    connect(m_up, &QPushButton::clicked, this, [this] { moveCurrent(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { moveCurrent(1); });
    auto* const buttons = new QHBoxLayout;
    for (QPushButton* const button : {add, m_remove, m_up, m_down})
        buttons->addWidget(button);
    buttons->addStretch();

    m_graph = new ConditionGraph;
    connect(m_graph, &ConditionGraph::parameterClicked, this, &SpacePage::selectParameter);
    m_preview = new SamplePreview;
    const auto scrolled = [](QWidget* widget) {
        auto* const area = new QScrollArea;
        area->setFrameShape(QFrame::NoFrame);
        area->setWidgetResizable(true);
        area->setWidget(widget);
        return area;
    };
    auto* const tabs = new QTabWidget;
    tabs->addTab(scrolled(new ConstraintList(m_document, jobs, m_findings)), tr("Constraints"));
    tabs->addTab(scrolled(m_graph), tr("Conditions"));
    tabs->addTab(scrolled(m_preview), tr("Sampled settings"));
    tabs->setDocumentMode(true);

    auto* const upper = new QWidget;
    auto* const upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 0, 0, 0);
    upperLayout->addLayout(buttons);
    upperLayout->addWidget(m_table, 1);
    auto* const splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(upper);
    splitter->addWidget(tabs);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    return splitter;
}

ParameterId SpacePage::current() const {
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() && index.row() < m_model->rowCount() ? m_model->parameterAt(index.row())
                                                                : ParameterId{};
}

void SpacePage::selectParameter(ParameterId id) {
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (m_model->parameterAt(row) == id)
            m_table->setCurrentIndex(m_model->index(row, 0));
}

void SpacePage::addParameter(int kind) {
    Parameter parameter;
    parameter.id.value = m_document.definition().nextId;
    parameter.name = freeName(m_document.definition().space);
    parameter.domain = domainOfKind(kind);
    if (!m_document.push(PutParameter{parameter, m_document.definition().space.parameters.size()},
                         tr("Add parameter")))
        return;
    selectParameter(parameter.id);
    m_form->focusName();
}

void SpacePage::removeCurrent() {
    if (const ParameterId id = current(); id.valid())
        m_document.push(RemoveParameter{id}, tr("Remove parameter"));
}

void SpacePage::moveCurrent(int step) {
    const ParameterId id = current();
    const Parameter* parameter = m_document.definition().space.find(id);
    const int target = m_table->currentIndex().row() + step;
    if (!parameter || target < 0 || target >= m_model->rowCount())
        return;
    m_document.push(PutParameter{*parameter, static_cast<std::size_t>(target)}, tr("Move parameter"));
    selectParameter(id);
}

void SpacePage::refresh() {
    const ParameterId id = current();
    const bool editable = m_document.canEdit();
    m_remove->setEnabled(editable && id.valid());
    const int row = m_table->currentIndex().row();
    m_up->setEnabled(editable && id.valid() && row > 0);
    m_down->setEnabled(editable && id.valid() && row + 1 < m_model->rowCount());
    if (id.valid() && m_form->parameter() != id)
        m_form->setParameter(id);
    if (id.valid())
        m_environment->setParameter(id);
    m_formStack->setCurrentIndex(id.valid() ? 1 : 0);
    m_graph->setSpace(m_document.definition().space);
    m_graph->setCurrent(id);
    requestPreview();
}

void SpacePage::requestPreview() {
    m_delay.start();
}

void SpacePage::computePreview() {
    const SearchSpace space = m_document.definition().space;
    if (space.parameters.empty()) {
        m_preview->setMessage(tr("Add a parameter to see sampled settings."));
        return;
    }
    m_jobs.start(
        {"space.preview", {}, m_document.revision()}, this,
        [space](const Monitor& monitor) -> Result<std::vector<Setting>> {
            ALIDADE_CHECK(validate(space));
            SamplingOptions options;
            options.maximumTries = 50000;
            return sampleFeasible(space, kPreviewSamples, options, monitor);
        },
        [this, space](Result<std::vector<Setting>> samples, quint64) {
            if (samples)
                m_preview->setSamples(space, std::move(samples).value());
            else
                m_preview->setMessage(QString::fromStdString(samples.error().text()));
        });
}

} // namespace alidade
