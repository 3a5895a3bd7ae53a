#include "pages/learning_rate_fit.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_plots.h"
#include "plots/mark_items.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {

namespace {

const QString kFitKey = QStringLiteral("learning-rate-fit");

void clearFitPlot(PlotView& view) {
    while (!view.items().empty())
        view.removeItem(view.items().back());
}

void drawPoints(PlotView& view, const QString& name, const std::vector<double>& x,
                const std::vector<double>& y) {
    auto* const points = view.addItem<PointsItem>(
        std::vector<PointStyle>{{name, PlotRole::Observed, MarkerShape::Circle, 4.0}});
    std::vector<PlotPoint> places;
    for (std::size_t i = 0; i < x.size(); ++i)
        places.push_back({x[i], y[i]});
    points->setPoints(std::move(places));
}

} // namespace

Result<FitResult> computeFit(const FitRequest& request, const Monitor& monitor) {
    FitResult result;
    ALIDADE_ASSIGN(const std::vector<double> eta, rates(request.schedule, request.steps));
    std::vector<LossPoint> points;
    const LoggedSeries& series = *request.losses;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        const double step = series.steps.empty() ? static_cast<double>(i + 1) : series.steps[i];
        if (!(step >= 1.0) || !std::isfinite(series.values[i]))
            continue;
        if (step > static_cast<double>(request.steps))
            return makeError(ErrorCode::OutOfRange, "the losses reach step " +
                                                        std::to_string(static_cast<long long>(step)) +
                                                        "; set the steps of the run to at least that");
        points.push_back({static_cast<std::size_t>(step), series.values[i]});
        result.steps.push_back(step);
        result.losses.push_back(series.values[i]);
    }
    ALIDADE_ASSIGN(result.fit, fitBound(eta, request.baseRate, points, monitor));
    return result;
}

LearningRateFit::LearningRateFit(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGap, 0, 0);
    column->setSpacing(kGap);
    column->addWidget(hintLabel(tr("Your own loss curve: which distance D, gradient norm G and floor let the "
                                   "bound of the selected schedule describe it best (least squares).")));
    auto* const row = new QHBoxLayout;
    row->setSpacing(kGap);
    auto* const load = textButton("import", tr("&Losses (CSV)…"), "fitLoad");
    connect(load, &QPushButton::clicked, this, &LearningRateFit::lossesRequested);
    m_schedule = new QLabel;
    m_rateField = new NumberEdit;
    m_rateField->setObjectName("fitRate");
    m_rateField->setAccessibleName(tr("Base rate of the run"));
    m_rateField->setOptional(true);
    m_rateField->setMaximumWidth(100);
    m_rateField->setToolTip(tr("Empty: the base rate in use"));
    auto* const rateLabel = new QLabel(tr("Base rate of the run"));
    rateLabel->setBuddy(m_rateField);
    row->addWidget(load);
    row->addSpacing(kMargin);
    row->addWidget(rateLabel);
    row->addWidget(m_rateField);
    row->addSpacing(kMargin);
    row->addWidget(m_schedule, 1);
    column->addLayout(row);
    AxisSpec loss;
    loss.title = tr("loss");
    loss.unit = tr("as logged");
    AxisSpec residual = loss;
    residual.title = tr("measured − fitted");
    m_losses = new PlotView;
    m_losses->setPlotName("fit-losses");
    m_losses->xAxis().setSpec(stepAxis());
    m_losses->yAxis().setSpec(loss);
    m_residuals = new PlotView;
    m_residuals->setPlotName("fit-residuals");
    m_residuals->xAxis().setSpec(stepAxis());
    m_residuals->yAxis().setSpec(residual);
    column->addWidget(m_losses, 3);
    column->addWidget(m_residuals, 2);
    for (PlotView* const view : {m_losses, m_residuals})
        connect(view, &PlotView::noticed, this, &LearningRateFit::noticed);
    m_text = new QLabel;
    m_text->setObjectName("fitText");
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_use = textButton("check", tr("&Use this D and G"), "fitUse");
    auto* const buttons = new QHBoxLayout;
    buttons->addWidget(m_use);
    buttons->addWidget(m_text, 1);
    column->addLayout(buttons);
    connect(m_rateField, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        if (value && !(*value > 0.0))
            return markProblem(m_rateField, tr("The base rate must be above 0."));
        m_rate = value;
        request();
    });
    connect(m_use, &QPushButton::clicked, this, &LearningRateFit::useFit);
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateFit::request);
    connect(&m_model, &LearningRateModel::curvesChanged, this, &LearningRateFit::request);
    request();
}

void LearningRateFit::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

void LearningRateFit::request() {
    const LearningRateState& state = m_model.state();
    const LearningRateEntry* const entry = state.selected();
    m_schedule->setText(entry != nullptr ? tr("Schedule: %1").arg(entry->name) : QString());
    const double inUse = entry != nullptr ? m_model.baseRate(*entry) : 0.0;
    m_rateField->setPlaceholderText(formatNumber(inUse, 4));
    if (!state.losses || entry == nullptr || !(m_rate.value_or(inUse) > 0.0)) {
        m_request.reset();
        m_result.reset();
        m_losses->setMessage(!state.losses ? tr("Load the losses of a run: a CSV file with columns step and "
                                                "loss.")
                                           : tr("Select the schedule that the run had."));
        m_residuals->setMessage(tr("The residuals appear here."));
        m_text->setText({});
        m_use->setEnabled(false);
        return;
    }
    const FitRequest wanted{state.losses, fitted(entry->schedule, state.steps), state.steps,
                            m_rate.value_or(inUse)};
    if (!isVisible() || (m_request && *m_request == wanted))
        return;
    m_request = wanted;
    m_model.jobs().start(
        {kFitKey, tr("Fitting the bound"), 0}, this,
        [wanted](const Monitor& monitor) { return computeFit(wanted, monitor); },
        [this](const Result<FitResult>& result, quint64) { show(result); });
}

void LearningRateFit::show(const Result<FitResult>& result) {
    if (!m_request)
        return;
    clearFitPlot(*m_losses);
    clearFitPlot(*m_residuals);
    m_result.reset();
    m_text->setText({});
    m_losses->setMessage(result ? QString() : errorText(result.error()));
    m_residuals->setMessage(result ? QString() : tr("The residuals appear here."));
    if (result) {
        m_result = *result;
        const BoundFit& fit = result->fit;
        drawPoints(*m_losses, tr("measured"), result->steps, result->losses);
        auto* const line = m_losses->addItem<LineItem>(LineStyle{PlotRole::Best, Qt::SolidLine, 2.2});
        line->setName(tr("floor + bound"));
        line->setData(result->steps, fit.fitted);
        drawPoints(*m_residuals, tr("residual"), result->steps, fit.residuals);
        auto* const zero = m_residuals->addItem<LevelItem>(PlotRole::Infeasible, Qt::DashLine);
        zero->setLevel(0.0);
        m_text->setText(tr("D = %1, G = %2, floor = %3; root mean square residual %4")
                            .arg(formatNumber(fit.distance, 4), formatNumber(fit.gradientNorm, 4),
                                 formatNumber(fit.floor, 4), formatNumber(fit.rootMeanSquareError, 3)));
    }
    m_use->setEnabled(m_result && m_result->fit.distance > 0.0 && m_result->fit.gradientNorm > 0.0);
    m_losses->refresh();
    m_residuals->refresh();
}

void LearningRateFit::useFit() {
    if (!m_result || !m_request)
        return;
    const BoundFit fit = m_result->fit;
    const double rate = m_request->baseRate;
    m_model.change(tr("distance and gradient norm from the fit"), [&](LearningRateState& state) {
        state.distance = QString::number(fit.distance, 'g', 6).toDouble();
        state.gradientNorm = QString::number(fit.gradientNorm, 'g', 6).toDouble();
        if (state.selected() == nullptr)
            return;
        LearningRateEntry* const entry = state.find(state.selected()->id);
        entry->atOptimum = false; // the run had this rate, whatever would have been optimal
        entry->baseRate = QString::number(rate, 'g', 6).toDouble();
    });
    emit noticed(tr("Distance and gradient norm are set; Compare shows the optimum for them."));
}

} // namespace alidade

#include "moc_learning_rate_fit.cpp"
