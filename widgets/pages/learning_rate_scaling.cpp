#include "pages/learning_rate_scaling.h"

#include "editors/message_bar.h"
#include "editors/slider_field.h"
#include "editors/widget_style.h"
#include "learning_rate/scaling_law.h"
#include "pages/learning_rate_model.h"
#include "plots/mark_items.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"
#include "plots/series_marks_item.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {

namespace {

constexpr int kPoints = 80;
constexpr int kLawLabelWidth = 130;

std::vector<double> geometric(double low, double high) {
    std::vector<double> values;
    for (int i = 0; i < kPoints; ++i)
        values.push_back(low * std::pow(high / low, double(i) / (kPoints - 1)));
    return values;
}

AxisSpec logAxis(const QString& title, const QString& unit, std::optional<AxisRange> limits = {}) {
    AxisSpec spec;
    spec.title = title;
    spec.unit = unit;
    spec.kind = AxisKind::Log;
    spec.limits = limits;
    return spec;
}

/// A curve of the law, the range it was fitted in, and the chosen point.
void drawLaw(PlotView& view, const std::vector<double>& x, const std::vector<double>& y, double low,
             double high, double atX, double atY, const QString& name) {
    while (!view.items().empty())
        view.removeItem(view.items().back());
    auto* const outside = view.addItem<ShadeItem>();
    outside->setName(LearningRateScaling::tr("outside the runs behind it"));
    outside->setIntervals({{x.front(), low}, {high, x.back()}});
    auto* const line = view.addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 2.2, 0});
    line->setName(name);
    line->setData(x, y);
    auto* const here = view.addItem<SeriesMarksItem>();
    here->setName(LearningRateScaling::tr("this run"));
    here->setMarks({{atX, atY, 1, MarkerShape::Circle, true, LearningRateScaling::tr("This run")}});
    view.refresh();
}

} // namespace

LearningRateScaling::LearningRateScaling(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGap, 0, 0);
    column->setSpacing(kGap);
    auto* const top = new QHBoxLayout;
    top->setSpacing(2 * kMargin);
    auto* const fields = new QVBoxLayout;
    fields->setSpacing(6);
    auto* const lawRow = new QHBoxLayout;
    auto* const lawLabel = new QLabel(tr("Law"));
    lawLabel->setFixedWidth(kLawLabelWidth);
    m_law = new QComboBox;
    m_law->setObjectName("scalingLaw");
    guardWheel(m_law);
    for (const ScalingLaw& law : scalingLaws())
        m_law->addItem(QString::fromStdString(law.name));
    lawLabel->setBuddy(m_law);
    lawRow->addWidget(lawLabel);
    lawRow->addWidget(m_law, 1);
    fields->addLayout(lawRow);
    const auto add = [&](const QString& title, const SliderField::Range& range, double value,
                         const QString& name) {
        auto* const field = new SliderField(title, range, name);
        field->setLabelWidth(kLawLabelWidth);
        field->setValue(value);
        fields->addWidget(field);
        connect(field, &SliderField::edited, this, &LearningRateScaling::refresh);
        return field;
    };
    m_parameters = add(tr("Parameters N"), {1e7, 1e11, true, true, 1.0, 1e15}, 4e8, "scalingParameters");
    m_tokens = add(tr("Training tokens D"), {1e9, 1e13, true, true, 1.0, 1e18}, 4e10, "scalingTokens");
    m_sequence = add(tr("Tokens per sequence"), {128, 131072, true, true, 1.0, 1e9}, 2048, "scalingSequence");
    m_parameters->setHint(tr("Of the model, without embeddings and output layer"));
    top->addLayout(fields, 3);
    top->setAlignment(fields, Qt::AlignTop); // the text beside them may be taller
    auto* const results = new QVBoxLayout;
    results->setSpacing(6);
    m_result = new QLabel;
    m_result->setObjectName("scalingResult");
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_source = hintLabel({});
    m_use = textButton("check", tr("&Use as base rate"), "scalingUse");
    m_use->setToolTip(tr("Sets the base rate of the selected schedule"));
    results->addWidget(m_result);
    results->addWidget(m_source);
    results->addWidget(m_use, 0, Qt::AlignLeft);
    results->addStretch();
    top->addLayout(results, 2);
    column->addLayout(top);
    m_warning = new MessageBar;
    m_warning->setObjectName("scalingWarning");
    m_warning->setClosable(false);
    m_warning->dismiss();
    column->addWidget(m_warning);
    auto* const plots = new QHBoxLayout;
    m_rates = new PlotView;
    m_rates->setPlotName("scaling-law-rate");
    m_batches = new PlotView;
    m_batches->setPlotName("scaling-law-batch");
    for (PlotView* const view : {m_rates, m_batches}) {
        plots->addWidget(view, 1);
        connect(view, &PlotView::noticed, this, &LearningRateScaling::noticed);
    }
    column->addLayout(plots, 1);
    connect(m_law, &QComboBox::currentIndexChanged, this, &LearningRateScaling::refresh);
    connect(m_use, &QPushButton::clicked, this, &LearningRateScaling::useRate);
    connect(&m_model, &LearningRateModel::changed, this,
            [this] { m_use->setEnabled(m_model.state().selected() != nullptr); });
    refresh();
}

void LearningRateScaling::refresh() {
    const ScalingLaw law = scalingLaws()[static_cast<std::size_t>(std::max(0, m_law->currentIndex()))];
    const double parameters = m_parameters->value();
    const double tokens = m_tokens->value();
    const double sequence = m_sequence->value();
    const auto prediction = predict(law, parameters, tokens, sequence);
    if (!prediction)
        return;
    m_predictedRate = prediction->rate;
    const bool batched = law.batchFactor > 0.0;
    m_result->setText(tr("<table><tr><td>Peak learning rate&nbsp;&nbsp;</td><td><b>%1</b></td></tr>"
                         "<tr><td>Batch&nbsp;&nbsp;</td><td><b>%2</b> tokens, %3 sequences</td></tr></table>")
                          .arg(formatNumber(prediction->rate, 4), formatNumber(prediction->batchTokens, 4),
                               formatNumber(prediction->batchSequences, 4)));
    m_source->setText(tr("arXiv %1. %2. %3.")
                          .arg(QString::fromStdString(law.source), QString::fromStdString(law.setup),
                               QString::fromStdString(law.conventions)));
    QStringList warnings;
    for (const std::string& warning : prediction->warnings)
        warnings << QString::fromStdString(warning);
    if (warnings.isEmpty())
        m_warning->dismiss();
    else
        m_warning->showMessage(MessageBar::Kind::Warning,
                               tr("This is an extrapolation: %1.").arg(warnings.join(tr("; "))));
    const std::vector<double> sizes = geometric(std::min(1e7, parameters), std::max(1e11, parameters));
    const std::vector<double> tokenCounts = geometric(std::min(1e9, tokens), std::max(1e13, tokens));
    std::vector<double> rates;
    std::vector<double> batches;
    for (const double size : sizes)
        rates.push_back(predict(law, size, tokens, sequence)->rate);
    for (const double count : tokenCounts)
        batches.push_back(batched ? predict(law, parameters, count, sequence)->batchTokens : std::nan(""));
    m_rates->xAxis().setSpec(
        logAxis(tr("parameters without embeddings"), {}, AxisRange{sizes.front(), sizes.back()}));
    m_rates->yAxis().setSpec(logAxis(tr("peak learning rate"), tr("AdamW, per update")));
    m_batches->xAxis().setSpec(
        logAxis(tr("training tokens"), {}, AxisRange{tokenCounts.front(), tokenCounts.back()}));
    m_batches->yAxis().setSpec(logAxis(tr("batch size"), tr("tokens")));
    drawLaw(*m_rates, sizes, rates, law.lowestParameters, law.highestParameters, parameters, prediction->rate,
            tr("at %1 tokens").arg(formatNumber(tokens, 3)));
    drawLaw(*m_batches, tokenCounts, batches, law.lowestTokens, law.highestTokens, tokens,
            prediction->batchTokens, tr("at %1 parameters").arg(formatNumber(parameters, 3)));
}

void LearningRateScaling::useRate() {
    m_model.change(tr("base rate of the scaling law"), [this](LearningRateState& state) {
        if (state.selected() == nullptr)
            return;
        LearningRateEntry* const entry = state.find(state.selected()->id);
        entry->atOptimum = false;
        entry->baseRate = QString::number(m_predictedRate, 'g', 4).toDouble();
    });
    emit noticed(
        tr("The base rate of the selected schedule is set. The law's rate is one of AdamW; the bound speaks "
           "of plain SGD."));
}

} // namespace alidade

#include "moc_learning_rate_scaling.cpp"
