#include "pages/goals_page.h"

#include "document/project_document.h"
#include "editors/message_bar.h"
#include "editors/runner_form.h"
#include "editors/sources_form.h"
#include "editors/state_delegate.h"
#include "editors/strategy_form.h"
#include "editors/widget_style.h"
#include "models/measures_models.h"
#include "models/study_findings.h"
#include "pages/goals_desirability.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

namespace alidade {
namespace {

QTableView* makeTable(QAbstractItemModel* model, const QString& name) {
    auto* const table = new QTableView;
    table->setObjectName(name);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                           QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    table->setItemDelegate(new CellDelegate({}, table));
    table->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents); // as high as its rows
    table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    table->setMinimumHeight(64);
    table->setMaximumHeight(240);
    table->setTabKeyNavigation(false);
    return table;
}

std::string freeName(const Definition& definition, const std::string& base) {
    if (!definition.findMeasure(base) && !definition.space.find(base))
        return base;
    for (int i = 2;; ++i)
        if (const std::string name = base + std::to_string(i);
            !definition.findMeasure(name) && !definition.space.find(name))
            return name;
}

} // namespace

GoalsPage::GoalsPage(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings,
                     TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document) {
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    outer->addWidget(scroll);
    auto* const content = new QWidget;
    scroll->setWidget(content);
    auto* const layout = new QVBoxLayout(content);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(kGap);
    layout->addWidget(titleLabel(tr("Goals and measuring")));
    m_message = new MessageBar;
    m_message->hide();
    layout->addWidget(m_message);

    auto* const objectives = new ObjectivesModel(m_document, findings, this);
    auto* const limits = new LimitsModel(m_document, findings, this);
    m_objectives = makeTable(objectives, "objectivesTable");
    m_objectives->setItemDelegateForColumn(ObjectivesModel::GoalColumn,
                                           new CellDelegate({tr("minimize"), tr("maximize")}, this));
    m_limits = makeTable(limits, "limitsTable");
    const auto refuse = [this](const QString& text) {
        m_message->showMessage(MessageBar::Kind::Error, text);
    };
    connect(objectives, &ObjectivesModel::inputRefused, this, refuse);
    connect(limits, &LimitsModel::inputRefused, this, refuse);

    const auto section = [&](const QString& heading, const QString& hint, QTableView* table,
                             const QString& addText, const QString& name, auto add, auto remove) {
        layout->addSpacing(kGap);
        layout->addWidget(headingLabel(heading));
        layout->addWidget(hintLabel(hint));
        auto* const row = new QHBoxLayout;
        QPushButton* const addButton = textButton("add", addText, "add" + name);
        QPushButton* const removeButton = textButton("remove", tr("Remove"), "remove" + name);
        connect(addButton, &QPushButton::clicked, this, add);
        connect(removeButton, &QPushButton::clicked, this, remove);
        row->addWidget(addButton);
        row->addWidget(removeButton);
        row->addStretch();
        layout->addLayout(row);
        layout->addWidget(table);
    };
    section(
        tr("Objectives"),
        tr("What is to be as small or as large as possible. With several objectives the search looks for the "
           "best "
           "compromises; the reference is the worst value that is still of interest."),
        m_objectives, tr("Add objective"), "Objective", [this] { addObjective(); },
        [this] { removeObjective(); });
    layout->addSpacing(kGap);
    layout->addWidget(headingLabel(tr("Desirability")));
    layout->addWidget(
        hintLabel(tr("How good a value is, from 0 (useless) to 1 (perfect). Drag the squares and "
                     "diamonds, or type; the ranking follows.")));
    m_desirability = new GoalsDesirability(m_document, jobs, findings, selection);
    connect(m_desirability, &GoalsDesirability::noticed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Info, text); });
    layout->addWidget(m_desirability);
    section(
        tr("Limits"), tr("Measured quantities that must stay within bounds, such as memory or temperature."),
        m_limits, tr("Add limit"), "Limit", [this] { addLimit(); }, [this] { removeLimit(); });
    layout->addSpacing(kGap);
    layout->addWidget(headingLabel(tr("Measuring by a program")));
    layout->addWidget(new RunnerForm(m_document, findings));
    layout->addSpacing(kGap);
    layout->addWidget(headingLabel(tr("Study and strategy")));
    layout->addWidget(new StrategyForm(m_document, findings));
    layout->addSpacing(kGap);
    layout->addWidget(headingLabel(tr("Earlier studies")));
    layout->addWidget(
        hintLabel(tr("Projects whose results help to predict those of this study: parameters and "
                     "objectives of the same names are compared. Suggestions need fewer trials "
                     "with a related one; an unrelated one is left alone.")));
    m_sources = new SourcesForm(m_document, jobs);
    connect(m_sources, &SourcesForm::noticed, this,
            [this](const QString& text) { m_message->showMessage(MessageBar::Kind::Info, text); });
    layout->addWidget(m_sources);
    layout->addStretch();
}

void GoalsPage::addObjective() {
    Objective objective;
    objective.id.value = m_document.definition().nextId;
    objective.name = freeName(m_document.definition(), "loss");
    m_document.push(PutObjective{objective, m_document.definition().objectives.size()}, tr("Add objective"));
}

void GoalsPage::addLimit() {
    OutcomeConstraint limit;
    limit.id.value = m_document.definition().nextId;
    limit.name = freeName(m_document.definition(), "memory");
    limit.upper = 1.0;
    m_document.push(PutOutcomeConstraint{limit, m_document.definition().outcomeConstraints.size()},
                    tr("Add limit"));
}

void GoalsPage::removeObjective() {
    const auto row = static_cast<std::size_t>(m_objectives->currentIndex().row());
    if (m_objectives->currentIndex().isValid() && row < m_document.definition().objectives.size())
        m_document.push(RemoveObjective{m_document.definition().objectives[row].id}, tr("Remove objective"));
}

void GoalsPage::removeLimit() {
    const auto row = static_cast<std::size_t>(m_limits->currentIndex().row());
    if (m_limits->currentIndex().isValid() && row < m_document.definition().outcomeConstraints.size())
        m_document.push(RemoveOutcomeConstraint{m_document.definition().outcomeConstraints[row].id},
                        tr("Remove limit"));
}

} // namespace alidade
