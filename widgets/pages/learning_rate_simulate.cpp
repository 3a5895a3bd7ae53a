#include "pages/learning_rate_simulate.h"

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

#include <QComboBox>
#include <QFile>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

const QString kSimulateKey = QStringLiteral("learning-rate-simulate");
constexpr std::size_t kDrawnSteps = 1200;
constexpr int kSimulateLabelWidth = 120;
constexpr int kExamples = 200;
constexpr int kImages = 1200;
constexpr int kDigits = -1; // beside the kinds of random problems
enum SimulateColumn { SimulateName, Rate, Gap, Bound, Ratio, SimulateColumnCount };

QString problemText(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

Result<ConvexProblem> problemOf(const SimulateRequest& request) {
    if (request.images.isEmpty())
        return randomProblem(request.problem, request.dimension, kExamples, request.seed);
    QFile file(request.images);
    if (!file.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::InputOutput, file.errorString().toStdString(),
                         request.images.toStdString());
    return digitsProblem(file.readAll().toStdString(), kImages);
}

} // namespace

Result<SimulateResult> computeSimulation(const SimulateRequest& request, const Monitor& monitor) {
    SimulateResult result;
    result.request = request;
    ALIDADE_ASSIGN(const ConvexProblem problem, problemOf(request));
    ALIDADE_ASSIGN(const Optimizer optimizer, makeOptimizer(request.optimizer));
    const OptimizerInfo* const info = findOptimizer(request.optimizer);
    const Eigen::Index batch = problem.hasExamples() ? request.batch : 0;
    for (const SimulateRequest::Run& run : request.runs) {
        SimulatedRun done;
        done.run = run;
        const auto eta = rates(fitted(run.schedule, request.steps), request.steps);
        const auto base =
            eta ? suggestedBaseRate(problem, *info, *eta, batch, request.seed) : Result<double>(eta.error());
        if (!base) {
            done.problem = base.error().message;
        } else {
            done.baseRate = run.factor * *base;
            SimulationOptions options;
            options.rates = *eta;
            options.baseRate = done.baseRate;
            options.optimizer = optimizer;
            options.batch = batch;
            options.seed = request.seed;
            options.repeats = batch == 0 ? 1 : request.repeats;
            auto simulation = simulate(problem, options, monitor);
            if (simulation)
                done.simulation = std::move(*simulation);
            else
                done.problem = simulation.error().message;
        }
        result.runs.push_back(std::move(done));
        if (monitor.stopRequested())
            break;
    }
    return result;
}

LearningRateSimulate::LearningRateSimulate(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGap, 0, 0);
    column->setSpacing(kGap);
    column->addWidget(hintLabel(tr("Runs every ticked schedule on a convex problem with a known minimum and "
                                   "shows the measured loss of the last iterate; for plain SGD its bound, "
                                   "computed from the gradient norms of the run, is drawn beside it.")));
    column->addWidget(buildFields());
    m_plot = new PlotView;
    m_plot->setPlotName("simulation");
    m_plot->xAxis().setSpec(stepAxis(true));
    AxisSpec gap = boundAxis(true);
    gap.title = tr("f(xₜ) − f*");
    m_plot->yAxis().setSpec(gap);
    m_plot->setMessage(tr("Choose a problem and an optimiser, then Simulate."));
    connect(m_plot, &PlotView::noticed, this, &LearningRateSimulate::noticed);
    column->addWidget(m_plot, 1);
    m_table = resultTable({tr("Schedule"), tr("Base rate"), tr("Last iterate, f − f* (loss)"),
                           tr("Bound (loss)"), tr("Measured / bound")},
                          "simulateTable", tr("Results of the simulation"));
    fitResultTable(*m_table, 0);
    column->addWidget(m_table);
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateSimulate::refreshButtons);
    refreshButtons();
}

QWidget* LearningRateSimulate::buildFields() {
    auto* const box = new QWidget;
    auto* const grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(2 * kMargin);
    grid->setVerticalSpacing(6);
    const auto combo = [&](const QString& title, const QString& name, int row, int column) {
        auto* const line = new QHBoxLayout;
        auto* const label = new QLabel(title);
        label->setFixedWidth(kSimulateLabelWidth);
        auto* const field = new QComboBox;
        field->setObjectName(name);
        field->setAccessibleName(title);
        guardWheel(field);
        label->setBuddy(field);
        line->addWidget(label);
        line->addWidget(field, 1);
        grid->addLayout(line, row, column);
        return field;
    };
    m_problem = combo(tr("Problem"), "simulateProblem", 0, 0);
    m_problem->addItem(tr("Least squares"), int(ConvexProblem::Kind::LeastSquares));
    m_problem->addItem(tr("Logistic regression"), int(ConvexProblem::Kind::Logistic));
    m_problem->addItem(tr("Distance |x − x*|"), int(ConvexProblem::Kind::Distance));
    m_problem->addItem(tr("Largest of |a·(x − x*)|"), int(ConvexProblem::Kind::LargestTerm));
    connect(m_problem, &QComboBox::currentIndexChanged, this,
            [this] { m_dimension->setEnabled(m_problem->currentData().toInt() != kDigits); });
    m_optimizer = combo(tr("Optimiser"), "simulateOptimizer", 0, 1);
    for (const OptimizerInfo& info : optimizerInfos()) {
        m_optimizer->addItem(problemText(info.title), problemText(info.name));
        if (!info.source.empty())
            m_optimizer->setItemData(m_optimizer->count() - 1, tr("arXiv %1").arg(problemText(info.source)),
                                     Qt::ToolTipRole);
    }
    const auto slider = [&](const QString& title, const SliderField::Range& range, double value,
                            const QString& name, const QString& hint, int row, int column) {
        auto* const field = new SliderField(title, range, name);
        field->setLabelWidth(kSimulateLabelWidth);
        field->setValue(value);
        field->setHint(hint);
        grid->addWidget(field, row, column);
        return field;
    };
    m_steps = slider(tr("Steps"), {10, 10000, true, true, 2, 100000}, 1000, "simulateSteps",
                     tr("Of the simulated run; the schedules are stretched to it"), 1, 0);
    m_dimension = slider(tr("Dimension"), {1, 200, true, true, 1, 2000}, 20, "simulateDimension",
                         tr("Number of parameters"), 1, 1);
    m_batch = slider(tr("Batch"), {0, 64, false, true, 0, kExamples}, 8, "simulateBatch",
                     tr("Examples per step, of %1 random ones or %2 images; 0 means all of them")
                         .arg(kExamples)
                         .arg(kImages),
                     2, 0);
    m_repeats = slider(tr("Repeats"), {1, 20, false, true, 1, 200}, 3, "simulateRepeats",
                       tr("Runs with other batches that are averaged"), 2, 1);
    m_factor = slider(tr("Base rate ×"), {0.1, 10, true, false, 1e-6, 1e6}, 1.0, "simulateFactor",
                      tr("Multiple of the suggested base rate: for SGD the optimum of the bound, else the "
                         "optimiser's usual one"),
                      3, 0);
    auto* const row = new QHBoxLayout;
    m_run = textButton("play", tr("&Simulate"), "simulateRun");
    makePrimary(m_run);
    m_stop = textButton("stop", tr("Stop"), "simulateStop");
    m_text = hintLabel({});
    row->addWidget(m_run);
    row->addWidget(m_stop);
    row->addWidget(m_text, 1);
    grid->addLayout(row, 3, 1);
    connect(m_run, &QPushButton::clicked, this, &LearningRateSimulate::start);
    connect(m_stop, &QPushButton::clicked, this, &LearningRateSimulate::stop);
    return box;
}

void LearningRateSimulate::setImages(const QString& path) {
    m_images = path;
    if (m_problem->findData(kDigits) < 0)
        m_problem->insertItem(2, tr("Logistic regression, images of digits"), kDigits);
}

SimulateRequest LearningRateSimulate::request() const {
    SimulateRequest wanted;
    if (m_problem->currentData().toInt() == kDigits)
        wanted.images = m_images;
    else
        wanted.problem = static_cast<ConvexProblem::Kind>(m_problem->currentData().toInt());
    wanted.dimension = static_cast<int>(m_dimension->value());
    wanted.batch = static_cast<int>(m_batch->value());
    wanted.repeats = static_cast<int>(m_repeats->value());
    wanted.optimizer = m_optimizer->currentData().toString().toStdString();
    wanted.steps = static_cast<std::size_t>(m_steps->value());
    const LearningRateState& state = m_model.state();
    for (const LearningRateEntry& entry : state.entries) {
        if (!entry.shown)
            continue;
        SimulateRequest::Run run{entry.id,
                                 entry.name,
                                 entry.color,
                                 entry.dash,
                                 stretched(fitted(entry.schedule, state.steps), state.steps, wanted.steps),
                                 1.0};
        run.factor = m_factor->value();
        wanted.runs.push_back(std::move(run));
    }
    return wanted;
}

void LearningRateSimulate::refreshButtons() {
    const auto& entries = m_model.state().entries;
    const bool any = std::any_of(entries.begin(), entries.end(), [](const auto& e) { return e.shown; });
    m_run->setEnabled(any && !m_job);
    m_stop->setEnabled(m_job.has_value());
    if (!m_result && !m_job)
        m_plot->setMessage(any ? tr("Choose a problem and an optimiser, then Simulate.")
                               : tr("Add a schedule with + in the list, or tick one."));
}

void LearningRateSimulate::start() {
    const SimulateRequest wanted = request();
    m_text->setText(tr("Running…"));
    m_job = m_model.jobs().start(
        {kSimulateKey, tr("Simulating the schedules"), 0}, this,
        [wanted](const Monitor& monitor) { return computeSimulation(wanted, monitor); },
        [this](const Result<SimulateResult>& result, quint64) {
            m_job.reset();
            refreshButtons();
            show(result);
        });
    refreshButtons();
}

void LearningRateSimulate::stop() {
    if (m_job)
        m_model.jobs().cancel(*m_job);
}

void LearningRateSimulate::show(const Result<SimulateResult>& result) {
    while (!m_plot->items().empty())
        m_plot->removeItem(m_plot->items().back());
    m_result.reset();
    m_text->setText({});
    if (!result) {
        m_plot->setMessage(errorText(result.error()));
        fitResultTable(*m_table, 0);
        return;
    }
    m_result = *result;
    QStringList problems;
    fitResultTable(*m_table, static_cast<int>(result->runs.size()));
    for (std::size_t i = 0; i < result->runs.size(); ++i) {
        const SimulatedRun& run = result->runs[i];
        const int row = static_cast<int>(i);
        setResultCell(*m_table, row, SimulateName, run.run.name);
        for (const int column : {Rate, Gap, Bound, Ratio})
            setResultCell(*m_table, row, column, QStringLiteral("–"));
        if (!run.problem.empty())
            problems << run.run.name + ": " + QString::fromStdString(run.problem);
        if (!run.simulation || run.simulation->gaps.empty())
            continue;
        const Simulation& simulation = *run.simulation;
        const auto draw = [&](const std::vector<double>& values, const QString& name, double width,
                              Qt::PenStyle dash) {
            std::vector<double> x;
            std::vector<double> y;
            for (const std::size_t t : drawnSteps(values.size(), kDrawnSteps)) {
                x.push_back(static_cast<double>(t));
                y.push_back(values[t - 1] > 0.0 && std::isfinite(values[t - 1]) ? values[t - 1]
                                                                                : std::nan(""));
            }
            auto* const line =
                m_plot->addItem<LineItem>(LineStyle{PlotRole::Mean, dash, width, run.run.color});
            line->setName(name);
            line->setData(std::move(x), std::move(y));
        };
        if (simulation.bounded)
            draw(simulation.bound, tr("%1, bound").arg(run.run.name), 1.0, lineDash(run.run.dash));
        draw(simulation.gaps, run.run.name, 2.6, lineDash(run.run.dash));
        const double bound = simulation.bounded && !simulation.bound.empty() ? simulation.bound.back() : 0.0;
        setResultCell(*m_table, row, Rate, formatNumber(run.baseRate, 4));
        setResultCell(*m_table, row, Gap,
                      simulation.diverged ? tr("diverged") : formatNumber(simulation.finalGap, 4));
        if (bound > 0.0 && std::isfinite(bound)) {
            setResultCell(*m_table, row, Bound, formatNumber(bound, 4));
            setResultCell(*m_table, row, Ratio, formatNumber(simulation.finalGap / bound, 3));
        }
        if (simulation.stopped)
            m_text->setText(tr("Stopped."));
    }
    m_plot->setMessage(result->runs.empty() ? tr("No schedule is ticked.") : QString());
    m_plot->refresh();
    if (!problems.isEmpty())
        m_text->setText(problems.join(' '));
}

} // namespace alidade

#include "moc_learning_rate_simulate.cpp"
