#include "pages/learning_rate_refine.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "editors/slider_field.h"
#include "editors/widget_style.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_plots.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

const QString kRefineKey = QStringLiteral("learning-rate-refine");
constexpr std::size_t kDrawn = 2000;

/// Every so-manieth point, so that drawing stays fast; ends are kept.
void drawLine(PlotView& view, const QString& name, const LineStyle& style, const std::vector<double>& x,
              const std::vector<double>& y) {
    auto* const line = view.addItem<LineItem>(style);
    line->setName(name);
    std::vector<double> atX;
    std::vector<double> atY;
    for (const std::size_t i : drawnSteps(y.size(), kDrawn)) {
        atX.push_back(x.empty() ? static_cast<double>(i) : x[i - 1]);
        atY.push_back(y[i - 1]);
    }
    line->setData(std::move(atX), std::move(atY));
}

void clearRefinePlot(PlotView& view) {
    while (!view.items().empty())
        view.removeItem(view.items().back());
}

void normalise(std::vector<double>& rates) {
    const double largest = *std::max_element(rates.begin(), rates.end());
    for (double& rate : rates)
        rate /= largest;
}

double tunedBound(const std::vector<double>& rates, const BoundProblem& problem) {
    std::size_t end = rates.size();
    while (end > 1 && rates[end - 1] == 0.0)
        --end;
    const auto terms = boundAt(rates, problem, end);
    return terms ? terms->optimalBound() : std::nan("");
}

} // namespace

Result<RefineResult> computeRefinement(const RefineRequest& request, const Monitor&) {
    RefineResult result;
    ALIDADE_ASSIGN(result.refined, refineSchedule(request.norms->values, request.options));
    // The grid ends with the rate 0 behind the last step, which is no step of the run.
    const auto onRun = [&](const std::vector<double>& values, std::size_t count) {
        return normsPerStep(std::make_shared<const LoggedSeries>(LoggedSeries{{}, {}, values}), count);
    };
    result.rates = onRun(result.refined.rates, request.steps + 1);
    result.rates.pop_back();
    const BoundProblem problem{1.0, onRun(result.refined.smoothedNorms, request.steps)};
    if (auto best = optimalSchedule(request.steps, problem)) {
        result.bestBound = best->bound;
        result.best = std::move(best->rates);
        normalise(result.best);
    }
    ALIDADE_ASSIGN(const std::vector<double> linear, rates({LinearShape{}}, request.steps));
    result.linearBound = tunedBound(linear, problem);
    result.refinedBound = tunedBound(result.rates, problem);
    return result;
}

LearningRateRefine::LearningRateRefine(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGap, 0, 0);
    column->setSpacing(kGap);
    column->addWidget(hintLabel(tr("A better schedule from the gradient norms of a finished run: where they "
                                   "fall at the start a warm-up appears, where they rise at the end the rate "
                                   "falls earlier (arXiv 2310.07831).")));
    auto* const row = new QHBoxLayout;
    row->setSpacing(kMargin);
    auto* const load = textButton("import", tr("&Gradient norms…"), "refineLoad");
    m_example = textButton({}, tr("&Example"), "refineExample");
    m_example->setToolTip(
        tr("Logistic regression on images of digits, 1,000 steps of SGD with WSD, cooldown 20 %"));
    m_example->hide();
    const auto power = [this] { return m_power->currentData().toInt(); };
    connect(load, &QPushButton::clicked, this, [this, power] { emit normsRequested(power()); });
    connect(m_example, &QPushButton::clicked, this, [this, power] { emit exampleRequested(power()); });
    m_power = new QComboBox;
    m_power->setObjectName("refinePower");
    m_power->setAccessibleName(tr("Kind of optimiser"));
    guardWheel(m_power);
    m_power->addItem(tr("SGD: weights 1/‖g‖²"), 2);
    m_power->addItem(tr("Adam: weights 1/‖g‖₁"), 1);
    m_power->setToolTip(tr("SGD: Euclidean norms; Adam: l1 norms, sums of absolute values. Choose before "
                           "loading: a log may hold both."));
    m_smoothing = new SliderField(tr("Smoothing"), {0.0, 0.5, false, false, 0.0, 1.0}, "refineSmoothing");
    m_smoothing->setValue(0.1);
    m_smoothing->setHint(tr("Width of the running median, as a share of the run"));
    row->addWidget(load);
    row->addWidget(m_example);
    row->addWidget(m_power);
    row->addWidget(m_smoothing, 1);
    column->addLayout(row);
    auto* const plots = new QHBoxLayout;
    m_norms = new PlotView;
    m_norms->setPlotName("refine-norms");
    AxisSpec norm;
    norm.title = tr("gradient norm");
    norm.unit = tr("loss per unit of the parameters");
    norm.kind = AxisKind::Log;
    AxisSpec logged = stepAxis();
    logged.title = tr("logged step");
    m_norms->xAxis().setSpec(logged);
    m_norms->yAxis().setSpec(norm);
    m_schedules = new PlotView;
    m_schedules->setPlotName("refine-schedules");
    AxisSpec rate;
    rate.title = tr("learning rate, share of the largest");
    m_schedules->xAxis().setSpec(stepAxis());
    m_schedules->yAxis().setSpec(rate);
    for (PlotView* const view : {m_norms, m_schedules}) {
        plots->addWidget(view, 1);
        connect(view, &PlotView::noticed, this, &LearningRateRefine::noticed);
    }
    column->addLayout(plots, 1);
    m_text = hintLabel({});
    m_text->setObjectName("refineText");
    column->addWidget(m_text);
    auto* const buttons = new QHBoxLayout;
    m_add = textButton("add", tr("Compare the &refined schedule"), "refineAdd");
    m_addBest = textButton("add", tr("Compare the one of the smallest bound"), "refineAddBest");
    buttons->addWidget(m_add);
    buttons->addWidget(m_addBest);
    buttons->addStretch();
    column->addLayout(buttons);
    connect(m_power, &QComboBox::currentIndexChanged, this, &LearningRateRefine::request);
    connect(m_smoothing, &SliderField::edited, this, &LearningRateRefine::request);
    connect(m_add, &QPushButton::clicked, this, [this] { addRefined(false); });
    connect(m_addBest, &QPushButton::clicked, this, [this] { addRefined(true); });
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateRefine::request);
    request();
}

void LearningRateRefine::offerExample() {
    m_example->show();
}

void LearningRateRefine::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

void LearningRateRefine::request() {
    const RefineRequest wanted{
        m_model.state().norms, m_model.state().steps, {m_power->currentData().toInt(), m_smoothing->value()}};
    m_add->setEnabled(wanted.norms && m_result);
    m_addBest->setEnabled(wanted.norms && m_result && !m_result->best.empty());
    if (!wanted.norms) {
        m_request.reset();
        m_result.reset();
        m_norms->setMessage(tr("Load the gradient norms of a run: a CSV file with a column of norms."));
        m_schedules->setMessage(tr("The refined schedule appears here."));
        m_text->setText({});
        return;
    }
    if (!isVisible() || (m_request && *m_request == wanted))
        return;
    m_request = wanted;
    m_model.jobs().start(
        {kRefineKey, tr("Refining the schedule"), 0}, this,
        [wanted](const Monitor& monitor) { return computeRefinement(wanted, monitor); },
        [this](const Result<RefineResult>& result, quint64) { show(result); });
}

void LearningRateRefine::show(const Result<RefineResult>& result) {
    if (!m_request)
        return; // the norms were taken away
    clearRefinePlot(*m_norms);
    clearRefinePlot(*m_schedules);
    m_result.reset();
    if (!result) {
        m_norms->setMessage(errorText(result.error()));
        m_schedules->setMessage(tr("The refined schedule appears here."));
        m_text->setText({});
    } else {
        m_result = *result;
        const LoggedSeries& series = *m_request->norms;
        drawLine(*m_norms, tr("logged"), {PlotRole::Infeasible, Qt::SolidLine, 1.0}, series.steps,
                 series.values);
        drawLine(*m_norms, tr("smoothed"), {PlotRole::Best, Qt::SolidLine, 2.2},
                 series.values.size() == result->refined.smoothedNorms.size() ? series.steps
                                                                              : std::vector<double>(),
                 result->refined.smoothedNorms);
        const auto linear = rates({LinearShape{}}, m_request->steps);
        drawLine(*m_schedules, tr("linear decay"), {PlotRole::Infeasible, Qt::DashLine, 1.6}, {}, *linear);
        drawLine(*m_schedules, tr("refined"), {PlotRole::Mean, Qt::SolidLine, 2.4, 0}, {}, result->rates);
        // On top: the two nearly coincide.
        if (!result->best.empty())
            drawLine(*m_schedules, tr("smallest bound"), {PlotRole::Mean, Qt::DashDotLine, 1.8, 2}, {},
                     result->best);
        m_norms->setMessage({});
        m_schedules->setMessage({});
        const CleaningReport& cleaning = result->refined.cleaning;
        m_text->setText(
            tr("%1: %2 norms, %3 left out, %4 raised to a positive value; median over %5. Tuned last-iterate "
               "bound at D = 1: linear decay %6, refined %7, smallest possible %8.")
                .arg(series.source)
                .arg(series.values.size())
                .arg(cleaning.dropped)
                .arg(cleaning.floored)
                .arg(cleaning.filterWidth)
                .arg(formatNumber(result->linearBound, 4), formatNumber(result->refinedBound, 4),
                     result->best.empty() ? QStringLiteral("–") : formatNumber(result->bestBound, 4)));
    }
    m_norms->refresh();
    m_schedules->refresh();
    m_add->setEnabled(m_result.has_value());
    m_addBest->setEnabled(m_result && !m_result->best.empty());
}

void LearningRateRefine::addRefined(bool best) {
    if (!m_result || !m_request)
        return;
    m_model.addSchedule({TableShape{best ? m_result->best : m_result->rates}},
                        best ? tr("Smallest bound") : tr("Refined"));
    emit noticed(tr("Added to the schedules."));
}

} // namespace alidade

#include "moc_learning_rate_refine.cpp"
