#include "pages/history_parallel_panel.h"

#include "document/project_document.h"
#include "document/selection.h"
#include "editors/widget_style.h"
#include "pages/parallel_brush.h"
#include "pages/trials_parallel.h"
#include "plots/parallel_plot.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace alidade {

HistoryParallelPanel::HistoryParallelPanel(ProjectDocument& document, TrialSelection& selection,
                                           QWidget* parent)
    : QWidget(parent), m_document(document), m_selection(selection) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    auto* bar = new QHBoxLayout;
    auto* label = new QLabel(tr("&Colour:"), this);
    m_color = new QComboBox(this);
    m_color->setObjectName(QStringLiteral("parallelColor"));
    m_color->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_color);
    label->setBuddy(m_color);
    bar->addWidget(label);
    bar->addWidget(m_color);
    m_brushText = hintLabel({}, this);
    m_brushText->setObjectName(QStringLiteral("parallelBrushText"));
    bar->addWidget(m_brushText, 1);
    column->addLayout(bar);
    m_plot = new ParallelPlot(this);
    m_plot->setObjectName(QStringLiteral("trialsParallel"));
    m_plot->setMinimumHeight(220);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_plot);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    column->addWidget(scroll, 1);
    connect(m_plot, &PlotView::noticed, this, &HistoryParallelPanel::noticed);
    connect(m_plot, &PlotView::keyClicked, this,
            [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    connect(&m_plot->parallel(), &ParallelItem::brushing, this, &HistoryParallelPanel::showBrush);
    connect(&m_plot->parallel(), &ParallelItem::brushed, this, &HistoryParallelPanel::brushed);
    connect(m_color, &QComboBox::currentIndexChanged, this, &HistoryParallelPanel::applyColor);
    connect(&m_selection, &TrialSelection::changed, this, &HistoryParallelPanel::selectionChanged);
}

void HistoryParallelPanel::fillColors(const std::vector<MeasureId>& measures) {
    std::vector<QString> names;
    for (const MeasureId measure : measures)
        names.push_back(QString::fromStdString(m_document.definition().measureName(measure)));
    if (m_color->count() > 0 && names == m_colorNames)
        return;
    const QSignalBlocker blocker(m_color);
    const QString before = m_color->currentText();
    const bool first = m_color->count() == 0;
    m_color->clear();
    m_color->addItem(m_document.definition().objectives.size() > 1 ? tr("front") : tr("best trial"));
    for (const QString& name : names)
        m_color->addItem(name);
    const int kept = m_color->findText(before);
    m_color->setCurrentIndex(first || kept < 0 ? std::min(1, m_color->count() - 1) : kept);
    m_colorNames = std::move(names);
}

void HistoryParallelPanel::updatePlots() {
    m_dirty = true;
    if (!isVisible())
        return;
    m_dirty = false;
    TrialsParallelData shown = trialsParallelData(m_document.study());
    fillColors(shown.measures);
    constexpr int kAxisWidth = 76; // room for a name
    m_plot->setMinimumWidth(kAxisWidth * static_cast<int>(shown.axes.size()));
    m_plot->setMessage(shown.lines.empty() ? tr("No trial has been measured yet.") : QString());
    if (m_document.definition().objectives.size() == 1)
        m_plot->parallel().setLegendTexts(tr("best trial"), tr("other trials"));
    else
        m_plot->parallel().setLegendTexts(tr("measured front"), tr("other trials"));
    m_plot->setData(std::move(shown.axes), std::move(shown.lines));
    applyColor();
    showBrush();
    selectionChanged();
}

void HistoryParallelPanel::applyColor() {
    const int index = m_color->currentIndex() - 1;
    ParallelItem& item = m_plot->parallel();
    if (index < 0)
        item.setColorAxis(std::nullopt);
    else
        item.setColorAxis(static_cast<std::size_t>(index)); // measures come first
}

void HistoryParallelPanel::showBrush() {
    m_brushText->setText(brushText(m_plot->parallel()));
}

void HistoryParallelPanel::brushed() {
    showBrush();
    selectBrushed(m_plot->parallel(), m_selection);
    selectionChanged();
}

void HistoryParallelPanel::selectionChanged() {
    std::set<qint64> keys;
    for (const TrialId id : m_selection.selected())
        keys.insert(id.value);
    // What the ranges have selected is what does not fade; a ring around each would hide the colours.
    const ParallelItem& item = m_plot->parallel();
    if (item.isBrushed() && keys == item.inside())
        keys.clear();
    m_plot->setSelectedKeys(keys);
}

void HistoryParallelPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_dirty)
        updatePlots();
}

} // namespace alidade

#include "moc_history_parallel_panel.cpp"
