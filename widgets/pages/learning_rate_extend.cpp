#include "pages/learning_rate_extend.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "editors/slider_field.h"
#include "editors/widget_style.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_plots.h"
#include "pages/learning_rate_table.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {

namespace {

const QString kExtendKey = QStringLiteral("learning-rate-extend");
enum ExtendColumn { ExtendName, Cooldown, Factor, BoundAtEnd, Gain, ExtendColumnCount };

WsdShape wsdOf(const ScheduleShape& shape) {
    if (const auto* wsd = std::get_if<WsdShape>(&shape))
        return *wsd;
    const auto* linear = std::get_if<LinearShape>(&shape);
    return {1.0, CooldownKind::Linear, linear != nullptr ? linear->finalRatio : 0.0};
}

void drawVariants(PlotView& view, const ExtensionResult& result, bool bounds) {
    while (!view.items().empty())
        view.removeItem(view.items().back());
    for (std::size_t i = 0; i < result.variants.size(); ++i) {
        const ExtensionVariant& variant = result.variants[i];
        auto* const line = view.addItem<LineItem>(LineStyle{PlotRole::Mean, lineDash(int(i)), 2.0, int(i)});
        line->setName(variant.name);
        std::vector<double> y;
        for (std::size_t j = 0; j < variant.curve.step.size(); ++j) {
            const double value = bounds ? variant.curve.terms[j].at(variant.baseRate)
                                        : variant.baseRate * variant.curve.rate[j];
            y.push_back(std::isfinite(value) ? value : std::nan(""));
        }
        line->setData(variant.curve.step, std::move(y));
    }
    view.setMessage({});
    view.refresh();
}

} // namespace

Result<ExtensionResult> computeExtension(const Schedule& schedule, std::size_t steps, std::size_t newSteps,
                                         const Monitor& monitor) {
    ExtensionResult result;
    result.newSteps = newSteps;
    ALIDADE_ASSIGN(result.extension, extendSchedule(schedule, steps, newSteps));
    const double rate = result.extension.original.optimalBaseRate();
    const WsdShape wsd = wsdOf(schedule.shape);
    const auto add = [&](const QString& name, const Schedule& variant,
                         std::optional<double> baseRate) -> Result<void> {
        ALIDADE_ASSIGN(LearningRateCurve curve, computeCurve({variant, newSteps, nullptr}, false, monitor));
        if (curve.error)
            return *curve.error;
        const double base = baseRate.value_or(curve.end.optimalBaseRate());
        result.variants.push_back({name, variant, base, std::move(curve)});
        return {};
    };
    Schedule variant = schedule;
    variant.shape = wsd;
    ALIDADE_CHECK(add(LearningRateExtend::tr("Unchanged"), variant, rate));
    if (result.extension.cooldown) {
        WsdShape longer = wsd;
        longer.cooldown = *result.extension.cooldown;
        variant.shape = longer;
        ALIDADE_CHECK(add(LearningRateExtend::tr("Longer cooldown"), variant, rate));
    }
    if (result.extension.rateFactor) {
        const auto keep = static_cast<std::size_t>((1.0 - wsd.cooldown) * static_cast<double>(steps));
        variant.shape =
            TwoStageShape{std::max(keep, schedule.warmupSteps), *result.extension.rateFactor, wsd.cooldown};
        ALIDADE_CHECK(add(LearningRateExtend::tr("Two-stage"), variant, rate));
    }
    variant.shape = LinearShape{};
    ALIDADE_CHECK(add(LearningRateExtend::tr("Linear decay, tuned anew"), variant, std::nullopt));
    return result;
}

LearningRateExtend::LearningRateExtend(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGap, 0, 0);
    column->setSpacing(kGap);
    m_source = hintLabel(tr("How to train on from a finished run whose base rate was tuned, without tuning "
                            "it again: the selected schedule is that of the short run."));
    column->addWidget(m_source);
    m_length = new SliderField(tr("Length of the longer run, as a multiple"),
                               {1.05, 8.0, true, false, 1.001, 100.0}, "extendMultiple");
    m_length->setValue(m_multiple);
    m_length->setMaximumWidth(620);
    connect(m_length, &SliderField::edited, this, [this](double value) {
        m_multiple = value;
        request();
    });
    column->addWidget(m_length);
    auto* const plots = new QHBoxLayout;
    m_rates = new PlotView;
    m_bounds = new PlotView;
    m_rates->setPlotName("extension-rates");
    m_bounds->setPlotName("extension-bounds");
    m_rates->xAxis().setSpec(stepAxis());
    m_rates->yAxis().setSpec(rateAxis());
    m_bounds->xAxis().setSpec(stepAxis());
    m_bounds->yAxis().setSpec(boundAxis(true));
    m_bounds->setLegendShown(false, true);
    for (PlotView* const view : {m_rates, m_bounds}) {
        plots->addWidget(view, 1);
        connect(view, &PlotView::noticed, this, &LearningRateExtend::noticed);
    }
    column->addLayout(plots, 1);
    m_table = resultTable({tr("Way to go on"), tr("Cooldown"), tr("Rate after the switch"),
                           tr("Bound at the end (loss)"), tr("Against unchanged")},
                          "extendTable", tr("Ways to go on"));
    column->addWidget(m_table);
    auto* const row = new QHBoxLayout;
    m_add = textButton("add", tr("&Compare this one"), "extendAdd");
    m_add->setToolTip(tr("Adds the schedule of the selected row and sets the steps to the longer run"));
    m_tail = textButton("add", tr("Continue with a new &tail"), "extendTail");
    m_tail->setToolTip(
        tr("Adds the selected run, left where its cooldown begins, with a tail of your own up to the "
           "longer run; of any schedule"));
    m_text = hintLabel({});
    row->addWidget(m_add);
    row->addWidget(m_tail);
    row->addWidget(m_text, 1);
    column->addLayout(row);
    connect(m_add, &QPushButton::clicked, this, &LearningRateExtend::addVariant);
    connect(m_tail, &QPushButton::clicked, this, &LearningRateExtend::addNewTail);
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateExtend::request);
    m_rates->setMessage(tr("Being computed."));
    m_bounds->setMessage(tr("Being computed."));
}

void LearningRateExtend::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

void LearningRateExtend::request() {
    if (!isVisible())
        return;
    const LearningRateEntry* const entry = m_model.state().selected();
    if (entry == nullptr) {
        m_key.reset();
        m_result.reset();
        m_text->setText({});
        fillTable();
        for (PlotView* const view : {m_rates, m_bounds})
            view->setMessage(tr("Add a schedule with + in the list."));
        return;
    }
    const std::size_t steps = m_model.state().steps;
    const CurveKey key{fitted(entry->schedule, steps), steps, nullptr};
    if (m_key && *m_key == key && m_keyMultiple == m_multiple)
        return;
    m_key = key;
    m_keyMultiple = m_multiple;
    const auto newSteps =
        std::min(kMostSteps, static_cast<std::size_t>(std::lround(m_multiple * static_cast<double>(steps))));
    const quint64 number = ++m_wanted;
    m_model.jobs().start(
        {kExtendKey, tr("Extending the run"), 0}, this,
        [key, newSteps](const Monitor& monitor) {
            return computeExtension(key.schedule, key.steps, newSteps, monitor);
        },
        [this, number](const Result<ExtensionResult>& result, quint64) {
            m_done = number;
            show(result);
        });
}

void LearningRateExtend::show(const Result<ExtensionResult>& result) {
    if (!result) {
        m_result.reset();
        m_rates->setMessage(errorText(result.error()));
        m_bounds->setMessage(tr("Choose a WSD or linear schedule in the list, or continue with a new tail."));
        m_text->setText({});
    } else {
        m_result = *result;
        drawVariants(*m_rates, *m_result, false);
        drawVariants(*m_bounds, *m_result, true);
        m_text->setText(tr("Base rate of the short run, optimal there: %1 D/G. Constant gradient norms; D "
                           "and G cancel.")
                            .arg(formatNumber(m_result->extension.original.optimalBaseRate(), 4)));
    }
    fillTable();
}

void LearningRateExtend::fillTable() {
    const int rows = m_result ? static_cast<int>(m_result->variants.size()) : 0;
    fitResultTable(*m_table, rows);
    m_add->setEnabled(rows > 0);
    m_tail->setEnabled(m_model.state().selected() != nullptr);
    for (int row = 0; row < rows; ++row) {
        const ExtensionVariant& variant = m_result->variants[static_cast<std::size_t>(row)];
        const double bound = variant.curve.end.at(variant.baseRate);
        const double plain = m_result->variants.front().curve.end.at(m_result->variants.front().baseRate);
        const auto* const two = std::get_if<TwoStageShape>(&variant.schedule.shape);
        const auto* const wsd = std::get_if<WsdShape>(&variant.schedule.shape);
        const double cooldown = two != nullptr ? two->cooldown : wsd != nullptr ? wsd->cooldown : 1.0;
        const double scale = m_model.state().distance * m_model.state().gradientNorm;
        const bool anew = two == nullptr && wsd == nullptr;
        setResultCell(*m_table, row, ExtendName, variant.name);
        setResultCell(*m_table, row, Cooldown, tr("%1 %").arg(formatNumber(100.0 * cooldown, 4)));
        setResultCell(
            *m_table, row, Factor,
            two != nullptr ? tr("× %1").arg(formatNumber(two->factor, 4))
            : anew
                ? tr("rate × %1").arg(formatNumber(variant.baseRate / m_result->variants.front().baseRate, 4))
                : tr("same"));
        setResultCell(*m_table, row, BoundAtEnd, formatNumber(scale * bound, 5));
        setResultCell(*m_table, row, Gain,
                      row == 0 ? QStringLiteral("–")
                               : tr("%1 %").arg(formatFixed(100.0 * (bound / plain - 1.0), 1)));
    }
    if (rows > 1 && m_table->currentRow() < 0)
        m_table->setCurrentCell(1, 0);
}

void LearningRateExtend::addVariant() {
    const int row = std::max(0, m_table->currentRow());
    if (!m_result || row >= static_cast<int>(m_result->variants.size()))
        return;
    const ExtensionVariant& variant = m_result->variants[static_cast<std::size_t>(row)];
    const double rate = variant.baseRate * m_model.state().distance / m_model.state().gradientNorm;
    const std::size_t newSteps = m_result->newSteps;
    m_model.change(tr("extend the run"), [&](LearningRateState& state) {
        const QString from = state.selected() != nullptr ? state.selected()->name : QString();
        LearningRateEntry& entry = state.add(variant.schedule, tr("%1: %2").arg(from, variant.name));
        entry.atOptimum = false;
        entry.baseRate = QString::number(rate, 'g', 6).toDouble();
        state.steps = newSteps;
    });
    emit noticed(tr("Added to the schedules; the steps are those of the longer run now."));
}

void LearningRateExtend::addNewTail() {
    const LearningRateState& now = m_model.state();
    const LearningRateEntry* const entry = now.selected();
    if (entry == nullptr)
        return;
    const std::size_t newSteps = std::min(
        kMostSteps, static_cast<std::size_t>(std::lround(m_multiple * static_cast<double>(now.steps))));
    if (newSteps <= now.steps)
        return;
    const Schedule run = fitted(entry->schedule, now.steps);
    const Schedule longer = withNewTail(run, now.steps, stepsToKeep(run, now.steps));
    const double rate = m_model.baseRate(*entry);
    m_model.change(tr("continue the run"), [&](LearningRateState& state) {
        LearningRateEntry& added = state.add(longer);
        added.atOptimum = !(rate > 0.0); // the part that has run had the rate of the run
        if (rate > 0.0)
            added.baseRate = QString::number(rate, 'g', 6).toDouble();
        state.steps = newSteps;
    });
    emit noticed(tr("Added to the schedules, over %1 steps; its parts are in the form at the left, and the "
                    "point where "
                    "the tail begins can be dragged.")
                     .arg(newSteps));
}

} // namespace alidade

#include "moc_learning_rate_extend.cpp"
