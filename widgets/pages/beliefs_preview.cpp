#include "pages/beliefs_preview.h"

#include "editors/widget_style.h"
#include "pages/beliefs_text.h"
#include "plots/bar_item.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {
namespace {

constexpr int kFunctions = 14;
constexpr int kAfterSeries = 1; ///< colour of everything with beliefs

QComboBox* makeBox(const QString& name, const QString& accessible) {
    auto* const box = new QComboBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    guardWheel(box);
    return box;
}

} // namespace

BeliefsPreview::BeliefsPreview(QWidget* parent) : QWidget(parent) {
    build();
}

void BeliefsPreview::build() {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    auto* const row = new QHBoxLayout;
    row->addWidget(headingLabel(tr("What this claims")));
    row->addStretch();
    m_objectiveBox = makeBox(QStringLiteral("previewObjective"), tr("Objective shown"));
    m_axisBox = makeBox(QStringLiteral("previewAxis"), tr("Parameter shown"));
    row->addWidget(m_objectiveBox);
    row->addWidget(new QLabel(tr("along")));
    row->addWidget(m_axisBox);
    layout->addLayout(row);

    m_functions = new PlotView;
    m_functions->setObjectName(QStringLiteral("beliefFunctions"));
    m_functions->setPlotName(QStringLiteral("belief-functions"));
    m_functions->setAccessibleName(tr("Sample functions before and after the beliefs"));
    m_functions->setMinimumHeight(200);
    for (int i = 0; i < kFunctions; ++i) {
        m_before.push_back(m_functions->addItem<LineItem>(LineStyle{PlotRole::Infeasible, Qt::DotLine, 0.9}));
        if (i == 0)
            m_before.back()->setName(tr("functions before"));
    }
    for (int i = 0; i < kFunctions; ++i) {
        m_after.push_back(
            m_functions->addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 0.9, kAfterSeries}));
        if (i == 0)
            m_after.back()->setName(tr("functions after"));
    }
    m_meanBefore = m_functions->addItem<LineItem>(LineStyle{PlotRole::Infeasible, Qt::DashLine, 2.4});
    m_meanBefore->setName(tr("mean before"));
    m_meanAfter = m_functions->addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 2.6, kAfterSeries});
    m_meanAfter->setName(tr("mean after"));
    m_functions->setLegendShown(true, true);
    layout->addWidget(m_functions, 3);

    m_optimum = new PlotView;
    m_optimum->setObjectName(QStringLiteral("beliefOptimum"));
    m_optimum->setPlotName(QStringLiteral("belief-optimum"));
    m_optimum->setAccessibleName(tr("Density of the optimum before and after the beliefs"));
    m_optimum->setMinimumHeight(150);
    m_optimumBefore = m_optimum->addItem<LineItem>(LineStyle{PlotRole::Infeasible, Qt::DashLine, 2.0}, false);
    m_optimumBefore->setName(tr("before"));
    m_optimumAfter =
        m_optimum->addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 2.4, kAfterSeries}, false);
    m_optimumAfter->setName(tr("after"));
    m_choiceBefore = m_optimum->addItem<BarItem>(PlotRole::Infeasible, BarItem::Fill::Light, -0.2, 0.36);
    m_choiceBefore->setName(tr("before"));
    m_choiceAfter =
        m_optimum->addItem<BarItem>(PlotRole::Mean, BarItem::Fill::Solid, 0.2, 0.36, kAfterSeries);
    m_choiceAfter->setName(tr("after"));
    m_optimum->setLegendShown(true, true);
    layout->addWidget(m_optimum, 2);

    m_verdict = new QLabel;
    m_verdict->setObjectName(QStringLiteral("beliefVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_verdict);
    m_details = hintLabel({});
    m_details->setObjectName(QStringLiteral("beliefDetails"));
    layout->addWidget(m_details);
    connect(m_axisBox, &QComboBox::activated, this, &BeliefsPreview::choiceChanged);
    connect(m_objectiveBox, &QComboBox::activated, this, &BeliefsPreview::choiceChanged);
}

void BeliefsPreview::setDefinition(const Definition& definition) {
    const auto present = axis();
    const MeasureId measure = objective();
    m_axes = exploreAxes(definition.space);
    m_axisBox->clear();
    for (std::size_t i = 0; i < m_axes.size(); ++i) {
        m_axisBox->addItem(axisSpec(*definition.space.find(m_axes[i].parameter), m_axes[i]).title);
        if (present == m_axes[i])
            m_axisBox->setCurrentIndex(static_cast<int>(i));
    }
    m_objectives.clear();
    m_objectiveBox->clear();
    for (const Objective& item : definition.objectives) {
        m_objectives.push_back(item.id);
        m_objectiveBox->addItem(QString::fromStdString(item.name));
        if (item.id == measure)
            m_objectiveBox->setCurrentIndex(m_objectiveBox->count() - 1);
    }
    m_objectiveBox->setVisible(m_objectives.size() > 1);
}

std::optional<ExploreAxis> BeliefsPreview::axis() const {
    const int index = m_axisBox->currentIndex();
    if (index < 0 || static_cast<std::size_t>(index) >= m_axes.size())
        return std::nullopt;
    return m_axes[static_cast<std::size_t>(index)];
}

MeasureId BeliefsPreview::objective() const {
    const int index = m_objectiveBox->currentIndex();
    return index < 0 || static_cast<std::size_t>(index) >= m_objectives.size()
               ? MeasureId{}
               : m_objectives[static_cast<std::size_t>(index)];
}

void BeliefsPreview::showParameter(ParameterId parameter) {
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        if (m_axes[i].parameter == parameter && (!axis() || axis()->parameter != parameter)) {
            m_axisBox->setCurrentIndex(static_cast<int>(i));
            emit choiceChanged();
            return;
        }
}

void BeliefsPreview::setMessage(const QString& message) {
    m_functions->setMessage(message);
    m_optimum->setMessage(message);
    if (!message.isEmpty()) {
        m_verdict->clear();
        m_details->clear();
    }
}

/// A curve along an axis of numbers; for a choice a bar each, because there is nothing between two of them.
void BeliefsPreview::showOptimum(const BeliefsSketch& sketch, const AxisSpec& axis, bool any) {
    const bool choice = axis.kind == AxisKind::Category;
    AxisSpec density;
    density.title =
        choice ? tr("share of the optimum, relative to an even one") : tr("density of the optimum (even: 1)");
    m_optimum->xAxis().setSpec(choice ? density : axis);
    m_optimum->yAxis().setSpec(choice ? axis : density);
    const auto show = [&](LineItem* line, BarItem* bars, const std::vector<double>& values, bool shown) {
        line->setInLegend(!choice);
        bars->setInLegend(choice);
        line->setData(shown && !choice ? sketch.optimumPositions : std::vector<double>(),
                      shown && !choice ? values : std::vector<double>());
        std::vector<BarItem::Bar> list;
        for (std::size_t i = 0; shown && choice && i < values.size(); ++i)
            list.push_back({sketch.optimumPositions[i], values[i], std::nan(""), std::nan("")});
        bars->setBars(std::move(list));
    };
    show(m_optimumBefore, m_choiceBefore, sketch.optimumBefore, true);
    show(m_optimumAfter, m_choiceAfter, sketch.optimumAfter, any);
    m_optimum->refresh();
}

void BeliefsPreview::setSketch(const BeliefsSketch& sketch, const Definition& definition) {
    const auto shown = axis();
    const Parameter* parameter = shown ? definition.space.find(shown->parameter) : nullptr;
    const Objective* measure = definition.findObjective(objective());
    if (!parameter || !measure)
        return;
    setMessage({});
    const AxisSpec x = axisSpec(*parameter, *shown);
    AxisSpec y;
    y.title = QString::fromStdString(measure->name);
    y.unit = sketch.measured ? QString::fromStdString(measure->unit) : tr("no scale yet");
    m_functions->xAxis().setSpec(x);
    m_functions->yAxis().setSpec(y);
    const bool any = !sketch.claims.empty();
    for (std::size_t i = 0; i < m_before.size(); ++i) {
        const bool has = i < sketch.before.size();
        m_before[i]->setData(has ? sketch.positions : std::vector<double>(),
                             has ? sketch.before[i] : std::vector<double>());
    }
    for (std::size_t i = 0; i < m_after.size(); ++i) {
        const bool has = any && i < sketch.after.size();
        m_after[i]->setData(has ? sketch.positions : std::vector<double>(),
                            has ? sketch.after[i] : std::vector<double>());
    }
    m_meanBefore->setData(sketch.positions, sketch.meanBefore);
    m_meanAfter->setData(any ? sketch.positions : std::vector<double>(),
                         any ? sketch.meanAfter : std::vector<double>());
    m_functions->refresh();

    showOptimum(sketch, x, any);

    const BeliefWeights& weights = sketch.model->weights();
    if (!any)
        m_verdict->setText(tr("No belief says anything about %1 yet.").arg(y.title));
    else if (!sketch.measured)
        m_verdict->setText(tr("Nothing is measured yet: this is what you claim."));
    else
        m_verdict->setText(tr("All together: <b>%1</b> (Bayes factor %2)")
                               .arg(verdictText(beliefVerdict(weights.logBayesFactor)),
                                    bayesFactorLabel(weights.logBayesFactor)));
    m_details->setText(any ? weightingText(weights) : QString());
}

} // namespace alidade

#include "moc_beliefs_preview.cpp"
