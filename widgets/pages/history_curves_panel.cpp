#include "pages/history_curves_panel.h"

#include "document/project_document.h"
#include "document/selection.h"
#include "editors/help_tip.h"
#include "editors/widget_style.h"
#include "pages/history_comparison.h"
#include "pages/history_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

AxisSpec stepSpec(const Definition& definition) {
    AxisSpec spec;
    spec.title = definition.fidelity ? QString::fromStdString(definition.fidelity->name)
                                     : HistoryCurvesPanel::tr("step");
    return spec;
}

HistoryCurvesPanel::HistoryCurvesPanel(ProjectDocument& document, TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_selection(selection) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    auto* bar = new QHBoxLayout;
    auto* label = new QLabel(tr("&Of:"), this);
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("curvesMeasure"));
    m_measure->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_measure);
    label->setBuddy(m_measure);
    m_logSteps = new QCheckBox(tr("Logarithmic &steps"), this);
    m_logSteps->setObjectName(QStringLiteral("logSteps"));
    bar->addWidget(label);
    bar->addWidget(m_measure);
    bar->addWidget(m_logSteps);
    bar->addStretch(1);
    column->addLayout(bar);
    m_plot = new CurvesPlot(this);
    m_plot->setTrialText([this](qint64 key) { return trialText(m_document.study(), TrialId{key}); });
    setHelp(m_plot, QStringLiteral("learning-curves"));
    column->addWidget(m_plot, 1);
    connect(m_plot, &PlotView::noticed, this, &HistoryCurvesPanel::noticed);
    connect(m_plot, &PlotView::keyClicked, this,
            [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    connect(m_measure, &QComboBox::currentIndexChanged, this, &HistoryCurvesPanel::updatePlots);
    connect(m_logSteps, &QCheckBox::toggled, this, &HistoryCurvesPanel::updatePlots);
    connect(&m_selection, &TrialSelection::changed, this, &HistoryCurvesPanel::selectionChanged);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &HistoryCurvesPanel::fillMeasures);
    connect(&m_document, &ProjectDocument::reset, this, &HistoryCurvesPanel::fillMeasures);
    fillMeasures();
}

void HistoryCurvesPanel::fillMeasures() {
    {
        const QSignalBlocker blocker(m_measure);
        const QString before = m_measure->currentText();
        m_measure->clear();
        for (const std::string& name : m_document.definition().measureNames())
            m_measure->addItem(QString::fromStdString(name));
        m_measure->setCurrentIndex(std::max(0, m_measure->findText(before)));
    }
    updatePlots();
}

void HistoryCurvesPanel::setLogarithmic(bool logarithmic) {
    m_logarithmic = logarithmic;
    updatePlots();
}

void HistoryCurvesPanel::updatePlots() {
    m_dirty = true;
    const Definition& definition = m_document.definition();
    const std::vector<MeasureId> measures = definition.measures();
    const auto index = static_cast<std::size_t>(std::max(0, m_measure->currentIndex()));
    if (!isVisible() || index >= measures.size())
        return;
    m_dirty = false;
    AxisSpec step = stepSpec(definition);
    step.kind = m_logSteps->isChecked() ? AxisKind::Log : AxisKind::Linear;
    AxisSpec measure;
    measure.title = QString::fromStdString(definition.measureName(measures[index]));
    measure.unit = QString::fromStdString(definition.measureUnit(measures[index]));
    measure.kind = m_logarithmic ? AxisKind::Log : AxisKind::Linear;
    std::vector<LearningCurve> curves = learningCurves(m_document.study(), measures[index]);
    m_plot->setMessage(curves.empty() ? tr("No trial has reported steps of %1.").arg(measure.title)
                                      : QString());
    m_plot->setPlotName(QStringLiteral("curves-") + measure.title);
    m_plot->setData(step, measure, std::move(curves));
    selectionChanged();
}

void HistoryCurvesPanel::selectionChanged() {
    std::set<qint64> keys;
    for (const TrialId id : m_selection.selected())
        keys.insert(id.value);
    m_plot->setSelectedKeys(keys);
}

void HistoryCurvesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_dirty)
        updatePlots();
}

} // namespace alidade

#include "moc_history_curves_panel.cpp"
