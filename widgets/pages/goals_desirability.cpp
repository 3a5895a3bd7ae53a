#include "pages/goals_desirability.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/desirability_card.h"
#include "editors/widget_style.h"
#include "models/study_findings.h"
#include "models/value_text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

namespace {

constexpr int kSideWidth = 356;
constexpr int kMergeBase = 7000; // undo steps of typing are merged by objective and field
constexpr int kPartsPerObjective = 16;

const QString kRankingKey = QStringLiteral("goals.ranking");

} // namespace

GoalsDesirability::GoalsDesirability(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings,
                                     TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_findings(findings), m_selection(selection) {
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap + 4);
    auto* const left = new QWidget(this);
    m_column = new QVBoxLayout(left);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(kGap);
    m_empty = hintLabel(tr("Add an objective above; its desirability is then drawn here."), left);
    m_column->addWidget(m_empty);
    m_column->addStretch(1);
    row->addWidget(left, 1);
    m_side = buildRanking();
    row->addWidget(m_side, 0, Qt::AlignTop);
    // The findings are brought up to date with the definition, and tell the problems of functions.
    connect(&findings, &StudyFindings::changed, this, &GoalsDesirability::refresh);
    connect(&document, &ProjectDocument::trialsChanged, this, &GoalsDesirability::refreshMeasured);
    connect(&document, &ProjectDocument::trialsRemoved, this, &GoalsDesirability::refreshMeasured);
    connect(&document, &ProjectDocument::reset, this, &GoalsDesirability::refresh);
    connect(&selection, &TrialSelection::changed, this, [this] {
        const QScopedValueRollback selecting(m_selecting, true);
        const int rank = m_model->rowOf(m_selection.current());
        if (rank < 0)
            m_table->clearSelection();
        else
            m_table->selectRow(rank);
    });
    refresh();
}

QWidget* GoalsDesirability::buildRanking() {
    auto* const side = new QWidget(this);
    side->setFixedWidth(kSideWidth);
    auto* const column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap);
    column->addWidget(headingLabel(tr("Overall desirability"), side));
    m_summary = hintLabel({}, side);
    m_summary->setObjectName(QStringLiteral("desirabilitySummary"));
    column->addWidget(m_summary);
    m_model = new RankingModel(this);
    m_table = new QTableView(side);
    m_table->setObjectName(QStringLiteral("rankingTable"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(24);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultSectionSize(64);
    m_table->horizontalHeader()->setMinimumSectionSize(40);
    m_table->setMinimumHeight(300);
    column->addWidget(m_table, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (!m_selecting && current.isValid())
                    m_selection.setCurrent(m_model->trialAt(current.row()));
            });
    return side;
}

void GoalsDesirability::rebuildCards() {
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    while (m_cards.size() > objectives.size()) {
        m_cards.back()->deleteLater();
        m_cards.back()->hide();
        m_cards.pop_back();
    }
    while (m_cards.size() < objectives.size()) {
        auto* const card = new DesirabilityCard;
        m_column->insertWidget(static_cast<int>(m_cards.size()) + 1, card);
        m_cards.push_back(card);
        connect(card, &DesirabilityCard::previewed, this,
                [this](MeasureId id, const std::optional<DesirabilityFunction>& function) {
                    if (function)
                        m_preview[id] = *function;
                    else
                        m_preview.erase(id);
                    rank();
                });
        connect(card, &DesirabilityCard::committed, this, &GoalsDesirability::commit);
        connect(card, &DesirabilityCard::trialClicked, this,
                [this](qint64 id) { m_selection.setCurrent(TrialId{id}); });
        connect(card, &DesirabilityCard::noticed, this, &GoalsDesirability::noticed);
    }
    m_empty->setVisible(m_cards.empty());
}

void GoalsDesirability::refresh() {
    m_preview.clear();
    rebuildCards();
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        m_cards[i]->setObjective(objectives[i],
                                 m_findings.textFor(QStringLiteral("objectives[%1].desirability").arg(i)),
                                 m_document.canEdit());
    refreshMeasured();
}

void GoalsDesirability::refreshMeasured() {
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    for (std::size_t i = 0; i < m_cards.size() && i < objectives.size(); ++i) {
        std::vector<double> values;
        for (const Trial& trial : m_document.study().trials) {
            const auto measured = trial.values.find(objectives[i].id);
            if (trial.state == TrialState::Complete && !trial.excluded && measured != trial.values.end())
                values.push_back(measured->second.value);
        }
        m_cards[i]->setMeasured(values);
    }
    rank();
}

void GoalsDesirability::rank() {
    const quint64 number = ++m_wanted;
    m_jobs.start(
        {kRankingKey, {}, m_document.revision()}, this,
        [study = m_document.snapshot(), preview = m_preview](const Monitor&) {
            return rankByDesirability(*study, preview);
        },
        [this, number](const Result<DesirabilityRanking>& ranking, quint64) {
            m_have = number;
            if (ranking.ok())
                return showRanking(ranking.value());
            showRanking({});
            m_summary->setText(
                tr("The overall desirability cannot be computed. %1").arg(errorText(ranking.error())));
        });
}

void GoalsDesirability::showRanking(const DesirabilityRanking& ranking) {
    const Definition& definition = m_document.definition();
    QStringList names;
    QStringList units;
    for (const MeasureId goal : ranking.goals) {
        names << QString::fromStdString(definition.measureName(goal));
        units << QString::fromStdString(definition.measureUnit(goal));
    }
    {
        const QScopedValueRollback selecting(m_selecting, true);
        m_model->setRanking(ranking, names, units);
        m_table->setColumnWidth(RankingModel::TrialColumn, 48);
        m_table->setColumnWidth(RankingModel::OverallColumn, 56);
        constexpr int kRemark = 84; // and what the goals leave of the width
        const int goals = std::max(1, static_cast<int>(ranking.goals.size()));
        const int width = std::clamp((kSideWidth - 48 - 56 - kRemark) / goals, 54, 100);
        for (int i = 0; i < goals; ++i)
            m_table->setColumnWidth(RankingModel::FirstGoal + i, width);
        const int selected = m_model->rowOf(m_selection.current());
        if (selected >= 0)
            m_table->selectRow(selected);
    }
    const RankedTrial* best = ranking.best();
    for (DesirabilityCard* card : m_cards) {
        std::optional<double> value;
        if (best != nullptr)
            for (std::size_t i = 0; i < ranking.goals.size(); ++i)
                if (ranking.goals[i] == card->objective())
                    value = best->values[i];
        card->setBest(best == nullptr ? TrialId{} : best->id, value);
    }
    showSummary();
}

void GoalsDesirability::showSummary() {
    const DesirabilityRanking& ranking = m_model->ranking();
    const auto named = [this, &ranking](std::size_t goal) {
        return QString::fromStdString(m_document.definition().measureName(ranking.goals[goal]));
    };
    if (ranking.goals.empty()) {
        m_summary->setText(tr("Add a desirability to at least one objective: several goals then become one "
                              "number from 0 to 1, and trials are ranked by it."));
        return;
    }
    if (ranking.rows.empty()) {
        m_summary->setText(tr("No trial has been measured yet. Measured trials are ranked here."));
        return;
    }
    const RankedTrial* best = ranking.best();
    QString text;
    if (best != nullptr) {
        text = tr("Best: trial %1 with D = %2.").arg(best->id.value).arg(numberText(best->overall, 3));
    } else {
        // Which goal rules everything out?
        std::vector<int> blame(ranking.goals.size(), 0);
        for (const RankedTrial& row : ranking.rows)
            for (const std::size_t goal : row.zeros)
                ++blame[goal];
        const auto worst =
            static_cast<std::size_t>(std::max_element(blame.begin(), blame.end()) - blame.begin());
        text = blame[worst] > 0 ? tr("No trial within the limits has D > 0; %1 alone rules out %2 of %3.")
                                      .arg(named(worst))
                                      .arg(blame[worst])
                                      .arg(ranking.rows.size())
                                : tr("No trial is within all limits.");
    }
    for (std::size_t i = 0; i < ranking.goals.size(); ++i) {
        if (ranking.spreads[i] == DesirabilitySpread::AllZero)
            text += QLatin1Char('\n') + tr("%1: every trial has desirability 0.").arg(named(i));
        else if (ranking.spreads[i] == DesirabilitySpread::AllOne && ranking.rows.size() > 1)
            text += QLatin1Char('\n') + tr("%1: every trial has desirability 1.").arg(named(i));
    }
    m_summary->setText(text);
}

void GoalsDesirability::commit(MeasureId id, const std::optional<DesirabilityFunction>& function,
                               const QString& what, int part) {
    m_preview.erase(id);
    const Objective* present = m_document.definition().findObjective(id);
    if (present == nullptr)
        return;
    Objective objective = *present;
    objective.desirability = function;
    const int key = part < 0 ? -1 : kMergeBase + static_cast<int>(id.value) * kPartsPerObjective + part;
    const QString text = tr("Desirability of %1: %2").arg(QString::fromStdString(objective.name), what);
    if (!m_document.push(PutObjective{objective, kKeepPlace}, text, key))
        refresh();
}

} // namespace alidade

#include "moc_goals_desirability.cpp"
