#include "pages/learning_rate_compare.h"

#include "document/error_text.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_plots.h"
#include "pages/learning_rate_shapes.h"
#include "pages/learning_rate_table.h"
#include "plots/number_text.h"
#include "plots/plot_view.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

QString numberOrDash(double value) {
    return value > 0.0 && std::isfinite(value) ? formatNumber(value, 5) : QStringLiteral("–");
}

QString cooldownText(const ScheduleShape& shape) {
    for (const ShapeField& field : shapeFields(shape))
        if (field.key == "cooldown")
            return QObject::tr("%1 %").arg(numberText(100.0 * field.value, 4));
    return QStringLiteral("–");
}

} // namespace

LearningRateCompare::LearningRateCompare(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    m_plots = new LearningRatePlots(model, this);
    buildTable();
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(0, 4, 0, 0);
    grid->setSpacing(kGap);
    grid->addWidget(buildBar(), 0, 0, 1, 2);
    grid->addWidget(m_plots->schedules(), 1, 0, 1, 2);
    grid->addWidget(m_plots->bounds(), 2, 0);
    grid->addWidget(m_plots->sweep(), 2, 1);
    grid->addWidget(m_table, 3, 0, 1, 2);
    auto* const buttons = new QHBoxLayout;
    m_use = textButton({}, tr("Use &optimum"), "useOptimum");
    m_use->setToolTip(tr("Sets the base rate of the selected schedule to its optimum"));
    m_useAll = textButton({}, tr("All at their optima"), "useAllOptima");
    m_best = textButton("add", tr("Add the &best possible schedule"), "addBest");
    m_best->setToolTip(tr("The one schedule with the smallest bound for these steps and gradient norms"));
    m_state = hintLabel({});
    m_state->setObjectName("compareState");
    m_state->setWordWrap(false);
    for (QPushButton* const button : {m_use, m_useAll, m_best})
        buttons->addWidget(button);
    buttons->addStretch();
    buttons->addWidget(m_state);
    grid->addLayout(buttons, 4, 0, 1, 2);
    grid->setRowStretch(1, 5);
    grid->setRowStretch(2, 5);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    for (PlotView* const view : {m_plots->schedules(), m_plots->bounds(), m_plots->sweep()})
        connect(view, &PlotView::noticed, this, &LearningRateCompare::noticed);
    connect(m_use, &QPushButton::clicked, this, [this] { useOptimum(false); });
    connect(m_useAll, &QPushButton::clicked, this, [this] { useOptimum(true); });
    connect(m_best, &QPushButton::clicked, this, &LearningRateCompare::addBestPossible);
    connect(m_plots, &LearningRatePlots::refreshed, this, &LearningRateCompare::showTable);
    showTable();
}

QWidget* LearningRateCompare::buildBar() {
    auto* const bar = new QWidget;
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kMargin);
    const auto add = [&](const QString& text, const QString& name, bool on) {
        auto* const box = new QCheckBox(text);
        box->setObjectName(name);
        box->setChecked(on);
        row->addWidget(box);
        connect(box, &QCheckBox::toggled, this, [this] {
            m_plots->setLogarithmic(m_logSteps->isChecked(), m_logRates->isChecked(),
                                    m_logBound->isChecked());
        });
        return box;
    };
    row->addWidget(new QLabel(tr("Logarithmic:")));
    m_logSteps = add(tr("steps"), "logSteps", false);
    m_logRates = add(tr("learning rate"), "logRates", false);
    m_logBound = add(tr("bound"), "logBound", true);
    row->addStretch();
    return bar;
}

void LearningRateCompare::buildTable() {
    m_table =
        resultTable({tr("Schedule"), tr("Base rate (D/G)"), tr("Bound (loss)"), tr("Optimal rate (D/G)"),
                     tr("Least bound (loss)"), tr("Above best"), tr("Cooldown")},
                    "optimaTable", tr("Optimal base rates and bounds"));
    m_table->horizontalHeaderItem(OptimalBound)->setToolTip(tr("At the optimal rate"));
    m_table->horizontalHeaderItem(AboveBest)->setToolTip(
        tr("How far the optimal bound lies above the smallest one that any schedule can have"));
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) {
        const auto& entries = m_model.state().entries;
        if (row >= 0 && row < static_cast<int>(entries.size()))
            m_model.select(entries[static_cast<std::size_t>(row)].id);
    });
}

void LearningRateCompare::showTable() {
    const QSignalBlocker blocker(m_table);
    const LearningRateState& state = m_model.state();
    const auto best = m_model.bestBound();
    const int rows = static_cast<int>(state.entries.size());
    fitResultTable(*m_table, rows);
    const auto set = [this](int row, int column, const QString& text) {
        setResultCell(*m_table, row, column, text);
    };
    for (int row = 0; row < rows; ++row) {
        const LearningRateEntry& entry = state.entries[static_cast<std::size_t>(row)];
        const auto terms = m_model.endTerms(entry);
        const double base = m_model.baseRate(entry);
        set(row, Name, entry.name);
        set(row, RateInUse, entry.atOptimum ? tr("optimal") : numberOrDash(base));
        set(row, BoundInUse, terms && base > 0.0 ? numberOrDash(terms->at(base)) : QStringLiteral("–"));
        set(row, OptimalRate, terms ? numberOrDash(terms->optimalBaseRate()) : QStringLiteral("–"));
        set(row, OptimalBound, terms ? numberOrDash(terms->optimalBound()) : QStringLiteral("–"));
        set(row, AboveBest,
            terms && best
                ? tr("%1 %").arg(formatFixed(std::max(0.0, 100.0 * (terms->optimalBound() / *best - 1.0)), 2))
                : QStringLiteral("–"));
        set(row, Cooldown, cooldownText(entry.schedule.shape));
        if (&entry == state.selected() && m_table->currentRow() != row)
            m_table->setCurrentCell(row, Name);
    }
    const LearningRateEntry* const selected = state.selected();
    m_use->setEnabled(selected != nullptr && !selected->atOptimum);
    m_useAll->setEnabled(std::any_of(state.entries.begin(), state.entries.end(),
                                     [](const LearningRateEntry& e) { return !e.atOptimum; }));
    m_best->setEnabled(best.has_value());
    m_state->setText(!m_model.isUpToDate() ? tr("Refining…")
                     : best                ? tr("Best possible bound: %1").arg(formatNumber(*best, 5))
                                           : QString());
}

void LearningRateCompare::useOptimum(bool all) {
    m_model.change(all ? tr("optimal base rates") : tr("optimal base rate"), [&](LearningRateState& state) {
        for (LearningRateEntry& entry : state.entries)
            if (all || (state.selected() != nullptr && state.selected()->id == entry.id))
                entry.atOptimum = true;
    });
}

void LearningRateCompare::addBestPossible() {
    const LearningRateState& state = m_model.state();
    const auto best = optimalSchedule(state.steps, {1.0, normsPerStep(state.norms, state.steps)});
    if (!best) {
        emit noticed(errorText(best.error()));
        return;
    }
    TableShape table{best->rates};
    const double largest = *std::max_element(table.values.begin(), table.values.end());
    for (double& value : table.values)
        value /= largest;
    m_model.addSchedule({table}, tr("Best possible"));
}

} // namespace alidade

#include "moc_learning_rate_compare.cpp"
