#include "pages/explore_report_panel.h"

#include "document/error_text.h"
#include "editors/widget_style.h"
#include "plots/plot_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

ExploreReportPanel::ExploreReportPanel(const QString& name, Measures measures, ProjectDocument& document,
                                       JobRunner& jobs, DerivedCache& cache, QWidget* parent)
    : QWidget(parent), m_measures(measures), m_document(document), m_jobs(jobs), m_cache(cache) {
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 4, 0, 0);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&Of:"), this);
    m_measure = new QComboBox(this);
    m_measure->setObjectName(name + QStringLiteral("Measure"));
    m_measure->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_measure);
    label->setBuddy(m_measure);
    row->addWidget(label);
    row->addWidget(m_measure);
    m_text = new QLabel(this);
    m_text->setObjectName(name + QStringLiteral("Text"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_text, 1);
    m_column->addLayout(row);

    connect(m_measure, &QComboBox::currentIndexChanged, this, &ExploreReportPanel::request);
    connect(&m_cache, &DerivedCache::modelChanged, this, &ExploreReportPanel::request);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &ExploreReportPanel::fillMeasures);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_shownMeasure.reset();
        forget();
        fillMeasures();
    });
    fillMeasures(); // asks for nothing yet: the panel is not visible
}

void ExploreReportPanel::addPlots(std::initializer_list<PlotView*> plots, int minimumHeight) {
    for (PlotView* plot : plots) {
        plot->setMinimumHeight(minimumHeight);
        connect(plot, &PlotView::noticed, this, &ExploreReportPanel::noticed);
    }
}

void ExploreReportPanel::fillMeasures() {
    {
        const QSignalBlocker blocker(m_measure);
        const QString before = m_measure->currentText();
        m_measure->clear();
        for (const MeasureId id : m_measures(m_document.definition()))
            m_measure->addItem(QString::fromStdString(m_document.definition().measureName(id)));
        m_measure->setCurrentIndex(std::max(0, m_measure->findText(before)));
    }
    request();
}

std::optional<MeasureId> ExploreReportPanel::measure() const {
    const int index = m_measure->currentIndex();
    const std::vector<MeasureId> measures = m_measures(m_document.definition());
    if (index < 0 || static_cast<std::size_t>(index) >= measures.size())
        return std::nullopt;
    return measures[static_cast<std::size_t>(index)];
}

void ExploreReportPanel::request() {
    const auto wanted = measure();
    if (!isVisible() || !wanted || !m_cache.model())
        return;
    if (m_shownRevision == m_cache.modelRevision() && m_shownMeasure == wanted)
        return;
    compute(*m_cache.model(), *wanted);
}

void ExploreReportPanel::showError(const Error& error) {
    if (error.code != ErrorCode::Cancelled)
        m_text->setText(errorText(error));
}

void ExploreReportPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

} // namespace alidade

#include "moc_explore_report_panel.cpp"
