#include "pages/learning_rate_transfer.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "learning_rate/applications.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_table.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"
#include "plots/series_marks_item.h"

#include <QComboBox>
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

const QString kTransferKey = QStringLiteral("learning-rate-transfer");
constexpr int kFractions = 50;
enum TransferColumn { TransferName, TransferFactor, TransferRate, TransferColumnCount };

} // namespace

Result<TransferResult> computeTransfer(const TransferRequest& request, const Monitor& monitor) {
    TransferResult result;
    const auto factor = [&](const Schedule& target) {
        return transferFactor(request.source, request.steps, target, request.newSteps);
    };
    for (const Schedule& target : request.targets) {
        const auto value = factor(target);
        result.factors.push_back(value ? std::optional(*value) : std::nullopt);
    }
    for (int i = 1; i <= kFractions; ++i) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "stopped");
        const double cooldown = double(i) / kFractions;
        // Fewer than two points of cooldown are none.
        if (cooldown * static_cast<double>(request.newSteps + 1) < 2.0)
            continue;
        ALIDADE_ASSIGN(const double linear, factor({WsdShape{cooldown, CooldownKind::Linear}}));
        ALIDADE_ASSIGN(const double root, factor({WsdShape{cooldown, CooldownKind::OneMinusSqrt}}));
        result.cooldowns.push_back(cooldown);
        result.linear.push_back(linear);
        result.oneMinusSqrt.push_back(root);
    }
    return result;
}

LearningRateTransfer::LearningRateTransfer(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGap, 0, 0);
    column->setSpacing(kGap);
    column->addWidget(hintLabel(tr("A base rate that was tuned for one schedule and length, carried over to "
                                   "others: theory gives the ratio, in which D and G cancel.")));
    auto* const row = new QHBoxLayout;
    row->setSpacing(kGap);
    const auto add = [&](const QString& title, QWidget* field, const QString& name) {
        auto* const label = new QLabel(title);
        label->setBuddy(field);
        field->setObjectName(name);
        field->setAccessibleName(title);
        row->addWidget(label);
        row->addWidget(field);
    };
    m_source = new QComboBox;
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_source);
    m_rateField = new NumberEdit;
    m_rateField->setOptional(true);
    m_rateField->setMaximumWidth(100);
    m_stepsField = new NumberEdit;
    m_stepsField->setWholeNumbers(true);
    m_stepsField->setOptional(true);
    m_stepsField->setMaximumWidth(100);
    add(tr("Tuned schedule"), m_source, "transferSource");
    add(tr("its tuned base rate (D/G)"), m_rateField, "transferRate");
    add(tr("new steps"), m_stepsField, "transferSteps");
    m_rateField->setToolTip(tr("Empty: the base rate in use"));
    m_stepsField->setToolTip(tr("Empty: as many as now"));
    row->addStretch();
    column->addLayout(row);
    m_plot = new PlotView;
    m_plot->setPlotName("transfer");
    AxisSpec x;
    x.title = tr("cooldown of the other schedule");
    x.unit = tr("share of the steps");
    x.limits = AxisRange{0.0, 1.0};
    m_plot->xAxis().setSpec(x);
    AxisSpec y;
    y.title = tr("factor of the base rate");
    m_plot->yAxis().setSpec(y);
    m_plot->setMessage(tr("Being computed."));
    column->addWidget(m_plot, 1);
    m_table = resultTable({tr("Schedule"), tr("Factor"), tr("Base rate (D/G)")}, "transferTable",
                          tr("Transferred base rates"));
    column->addWidget(m_table);
    auto* const buttons = new QHBoxLayout;
    m_use = textButton("check", tr("&Use these base rates"), "transferUse");
    m_use->setToolTip(tr("Sets the base rates of all schedules, and the new steps"));
    buttons->addWidget(m_use);
    buttons->addStretch();
    column->addLayout(buttons);
    connect(m_source, &QComboBox::activated, this, [this] {
        m_sourceId = m_source->currentData().toLongLong();
        request();
    });
    connect(m_rateField, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        if (value && !(*value > 0.0))
            return markProblem(m_rateField, tr("The base rate must be above 0."));
        m_rate = value;
        refreshTable();
    });
    connect(m_stepsField, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        if (value && !(*value >= double(kLeastSteps) && *value <= double(kMostSteps)))
            return markProblem(m_stepsField,
                               tr("Must be between %1 and %2.").arg(kLeastSteps).arg(kMostSteps));
        m_newSteps = value;
        request();
    });
    connect(m_use, &QPushButton::clicked, this, &LearningRateTransfer::useRates);
    connect(m_plot, &PlotView::noticed, this, &LearningRateTransfer::noticed);
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateTransfer::request);
    connect(&m_model, &LearningRateModel::curvesChanged, this, &LearningRateTransfer::refreshTable);
}

const LearningRateEntry* LearningRateTransfer::source() const {
    const LearningRateEntry* const entry = m_model.state().find(m_sourceId);
    return entry != nullptr ? entry : m_model.state().selected();
}

double LearningRateTransfer::tunedRate() const {
    return m_rate ? *m_rate : source() != nullptr ? m_model.baseRate(*source()) : 0.0;
}

void LearningRateTransfer::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

void LearningRateTransfer::fillSources() {
    const QSignalBlocker blocker(m_source);
    m_source->clear();
    for (const LearningRateEntry& entry : m_model.state().entries)
        m_source->addItem(entry.name, entry.id);
    if (source() != nullptr)
        m_source->setCurrentIndex(m_source->findData(source()->id));
}

void LearningRateTransfer::request() {
    if (!isVisible())
        return;
    const LearningRateState& state = m_model.state();
    fillSources();
    m_rateField->setPlaceholderText(formatNumber(tunedRate(), 4));
    m_stepsField->setPlaceholderText(QString::number(state.steps));
    if (source() == nullptr) {
        m_result.reset();
        m_plot->setMessage(tr("Add a schedule with + in the list."));
        return refreshTable();
    }
    TransferRequest wanted;
    wanted.source = fitted(source()->schedule, state.steps);
    wanted.steps = state.steps;
    wanted.newSteps = m_newSteps ? static_cast<std::size_t>(*m_newSteps) : state.steps;
    for (const LearningRateEntry& entry : state.entries)
        wanted.targets.push_back(fitted(entry.schedule, wanted.newSteps));
    if (m_request && *m_request == wanted)
        return refreshTable();
    m_request = wanted;
    const quint64 number = ++m_wanted;
    m_model.jobs().start(
        {kTransferKey, tr("Transferring the base rate"), 0}, this,
        [wanted](const Monitor& monitor) { return computeTransfer(wanted, monitor); },
        [this, number](const Result<TransferResult>& result, quint64) {
            m_done = number;
            if (result)
                m_result = *result;
            else
                m_result.reset();
            m_plot->setMessage(result ? QString() : errorText(result.error()));
            refreshTable();
        });
}

void LearningRateTransfer::refreshTable() {
    const auto& entries = m_model.state().entries;
    const bool known = m_result && m_result->factors.size() == entries.size();
    fitResultTable(*m_table, known ? static_cast<int>(entries.size()) : 0);
    m_use->setEnabled(known && tunedRate() > 0.0);
    if (!known)
        return;
    while (!m_plot->items().empty())
        m_plot->removeItem(m_plot->items().back());
    auto* const linear = m_plot->addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 2.2, 0});
    linear->setName(tr("WSD, linear cooldown"));
    linear->setData(m_result->cooldowns, m_result->linear);
    auto* const root = m_plot->addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::DashLine, 2.2, 1});
    root->setName(tr("WSD, 1 − √u cooldown"));
    root->setData(m_result->cooldowns, m_result->oneMinusSqrt);
    std::vector<SeriesMark> marks;
    const double rate = tunedRate();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const int row = static_cast<int>(i);
        const auto& factor = m_result->factors[i];
        setResultCell(*m_table, row, TransferName, entries[i].name);
        setResultCell(*m_table, row, TransferFactor, factor ? formatNumber(*factor, 4) : QStringLiteral("–"));
        setResultCell(*m_table, row, TransferRate,
                      factor && rate > 0.0 ? formatNumber(rate * *factor, 4) : QStringLiteral("–"));
        if (const auto* const wsd = std::get_if<WsdShape>(&entries[i].schedule.shape); wsd && factor)
            marks.push_back(
                {wsd->cooldown, *factor, entries[i].color, MarkerShape::Circle, true, entries[i].name});
    }
    auto* const shown = m_plot->addItem<SeriesMarksItem>();
    shown->setName(tr("schedules of the list"));
    shown->setMarks(std::move(marks));
    m_plot->refresh();
}

void LearningRateTransfer::useRates() {
    if (!m_result || !m_request)
        return;
    const double rate = tunedRate();
    const TransferResult result = *m_result;
    const std::size_t steps = m_request->newSteps;
    m_model.change(tr("transfer the base rate"), [&](LearningRateState& state) {
        state.steps = steps;
        for (std::size_t i = 0; i < state.entries.size() && i < result.factors.size(); ++i) {
            if (!result.factors[i])
                continue;
            state.entries[i].atOptimum = false;
            state.entries[i].baseRate = QString::number(rate * *result.factors[i], 'g', 6).toDouble();
        }
    });
    emit noticed(tr("The base rates are set."));
}

} // namespace alidade

#include "moc_learning_rate_transfer.cpp"
