#include "pages/explore_diagnostics.h"

#include "document/derived_cache.h"
#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/widget_style.h"
#include "pages/history_text.h"
#include "plots/number_text.h"
#include "suggest/model_diagnostics.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <set>

namespace alidade {

namespace {

const QString kKey = QStringLiteral("explore.diagnostics");

struct DiagnosticsText {
    Q_DECLARE_TR_FUNCTIONS(Diagnostics)
};

std::vector<double> numbers(const Eigen::VectorXd& vector) {
    return {vector.data(), vector.data() + vector.size()};
}

} // namespace

Result<DiagnosticReport> diagnosticReport(const StudyModel& model, const Definition& definition,
                                          MeasureId measure) {
    ALIDADE_ASSIGN(const MeasureDiagnostics diagnostics, diagnose(model, measure));
    const LeaveOneOut& check = diagnostics.check;
    DiagnosticReport report;
    for (const TrialId id : diagnostics.trials)
        report.data.trials.push_back(id.value);
    report.data.measure.title = QString::fromStdString(definition.measureName(measure));
    report.data.measure.unit = QString::fromStdString(definition.measureUnit(measure));
    report.data.measured = numbers(check.measured);
    report.data.predicted = numbers(check.mean);
    report.data.standardDeviation = numbers(check.standardDeviation);
    report.data.residuals = numbers(check.residuals);
    for (const Coverage& coverage : check.calibration) {
        report.data.nominal.push_back(coverage.nominal);
        report.data.observed.push_back(coverage.observed);
    }
    report.rSquared = check.rSquared;
    report.rootMeanSquareError = check.rootMeanSquareError;
    report.inside95 = check.coverage(0.95);
    for (const HealthFinding& finding : diagnostics.health)
        report.findings.push_back(
            {finding.severity == Severity::Warning, QString::fromStdString(finding.text)});
    return report;
}

QString diagnosticText(const DiagnosticReport& report) {
    const auto count = static_cast<double>(report.data.residuals.size());
    return DiagnosticsText::tr(
               "Each trial predicted from the others: R² = %1, typical error %2; the 95 % intervals hold "
               "%3 of %4 measurements.")
        .arg(formatNumber(report.rSquared, 2),
             withUnit(formatNumber(report.rootMeanSquareError, 2), report.data.measure.unit))
        .arg(std::lround(report.inside95 * count))
        .arg(report.data.residuals.size());
}

QString findingsHtml(const DiagnosticReport& report) {
    if (report.findings.empty())
        return DiagnosticsText::tr("<b>Health of the model.</b> Nothing speaks against it.");
    QString html =
        DiagnosticsText::tr("<b>Health of the model</b>") + QStringLiteral("<ul style='margin-top:2px'>");
    for (const DiagnosticReport::Finding& finding : report.findings) {
        const QString text = finding.text.toHtmlEscaped();
        html += QStringLiteral("<li>%1</li>")
                    .arg(finding.warning ? DiagnosticsText::tr("<b>Warning:</b> %1").arg(text) : text);
    }
    return html + QStringLiteral("</ul>");
}

ExploreDiagnosticsPanel::ExploreDiagnosticsPanel(ProjectDocument& document, JobRunner& jobs,
                                                 DerivedCache& cache, TrialSelection& selection,
                                                 QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_cache(cache), m_selection(selection) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&Of:"), this);
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("diagnosticsMeasure"));
    m_measure->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_measure);
    label->setBuddy(m_measure);
    row->addWidget(label);
    row->addWidget(m_measure);
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("diagnosticsText"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setToolTip(tr("R² is the share of the variation that the predictions explain: 1 is perfect, 0 is "
                          "no better than the mean of the other trials."));
    row->addWidget(m_text, 1);
    column->addLayout(row);

    m_leaveOneOut = new LeaveOneOutPlot(this);
    m_leaveOneOut->setPlotName(QStringLiteral("loo"));
    m_residuals = new ResidualPlot(this);
    m_leaveOneOut->setToolTip(tr("Leave-one-out: each trial is predicted by a model that has not seen it. On "
                                 "the dashed line prediction and measurement agree; bars are 95 % intervals, "
                                 "noise included."));
    m_residuals->setPlotName(QStringLiteral("residuals"));
    m_residuals->setLegendShown(false, true);
    m_residuals->setToolTip(
        tr("(measured − predicted) / predicted standard deviation, each trial left out in "
           "turn. Of a right model 95 % lie between the dashed lines, without a pattern."));
    m_calibration = new CalibrationPlot(this);
    m_calibration->setPlotName(QStringLiteral("calibration"));
    m_calibration->setToolTip(
        tr("How many trials lie inside predicted intervals of a stated probability. Below "
           "the dashed line the model is too sure of itself, above it too cautious; "
           "inside the band that may be chance."));
    m_findings = new QLabel(this);
    m_findings->setObjectName(QStringLiteral("diagnosticsFindings"));
    m_findings->setTextFormat(Qt::RichText);
    m_findings->setWordWrap(true);
    m_findings->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_findings->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_findings->setMargin(8);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_findings);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* grid = new QGridLayout;
    grid->setSpacing(6);
    grid->addWidget(m_leaveOneOut, 0, 0, 2, 1);
    grid->addWidget(m_residuals, 0, 1);
    grid->addWidget(m_calibration, 1, 1);
    grid->addWidget(scroll, 2, 0, 1, 2);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    grid->setRowStretch(0, 3);
    grid->setRowStretch(1, 4);
    grid->setRowStretch(2, 2);
    column->addLayout(grid, 1);

    const auto text = [this](qint64 key) { return trialText(m_document.study(), TrialId{key}); };
    m_leaveOneOut->setTrialText(text);
    m_residuals->setTrialText(text);
    for (PlotView* plot : {static_cast<PlotView*>(m_leaveOneOut), static_cast<PlotView*>(m_residuals),
                           static_cast<PlotView*>(m_calibration)}) {
        plot->setMinimumHeight(130);
        connect(plot, &PlotView::noticed, this, &ExploreDiagnosticsPanel::noticed);
        connect(plot, &PlotView::keyClicked, this,
                [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    }
    connect(m_measure, &QComboBox::currentIndexChanged, this, &ExploreDiagnosticsPanel::request);
    connect(&m_cache, &DerivedCache::modelChanged, this, &ExploreDiagnosticsPanel::request);
    connect(&m_selection, &TrialSelection::changed, this, &ExploreDiagnosticsPanel::selectionChanged);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &ExploreDiagnosticsPanel::fillMeasures);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_report.reset();
        m_shownMeasure.reset();
        fillMeasures();
    });
    fillMeasures();
}

void ExploreDiagnosticsPanel::fillMeasures() {
    {
        const QSignalBlocker blocker(m_measure);
        const QString before = m_measure->currentText();
        m_measure->clear();
        for (const MeasureId id : m_document.definition().measures())
            m_measure->addItem(QString::fromStdString(m_document.definition().measureName(id)));
        m_measure->setCurrentIndex(std::max(0, m_measure->findText(before)));
    }
    request();
}

std::optional<MeasureId> ExploreDiagnosticsPanel::measure() const {
    const int index = m_measure->currentIndex();
    const std::vector<MeasureId> measures = m_document.definition().measures();
    if (index < 0 || static_cast<std::size_t>(index) >= measures.size())
        return std::nullopt;
    return measures[static_cast<std::size_t>(index)];
}

void ExploreDiagnosticsPanel::request() {
    const auto wanted = measure();
    if (!isVisible() || !wanted || !m_cache.model())
        return;
    if (m_report && m_shownRevision == m_cache.modelRevision() && m_shownMeasure == wanted)
        return;
    m_jobs.start(
        {kKey, tr("Checking the model"), m_cache.modelRevision()}, this,
        [model = *m_cache.model(), study = m_document.snapshot(), measure = *wanted](const Monitor&) {
            return diagnosticReport(model, study->definition, measure);
        },
        [this, wanted](const Result<DiagnosticReport>& computed, quint64 of) {
            if (!computed.ok()) {
                if (computed.error().code != ErrorCode::Cancelled)
                    m_text->setText(errorText(computed.error()));
                return;
            }
            m_report = *computed;
            m_shownRevision = of;
            m_shownMeasure = wanted;
            showReport(*m_report);
        });
}

void ExploreDiagnosticsPanel::showReport(const DiagnosticReport& report) {
    m_text->setText(diagnosticText(report));
    m_leaveOneOut->setData(report.data);
    m_residuals->setData(report.data);
    m_calibration->setData(report.data);
    m_findings->setText(findingsHtml(report));
    selectionChanged();
}

void ExploreDiagnosticsPanel::selectionChanged() {
    std::set<qint64> keys;
    for (const TrialId id : m_selection.selected())
        keys.insert(id.value);
    m_leaveOneOut->setSelectedKeys(keys);
    m_residuals->setSelectedKeys(keys);
}

void ExploreDiagnosticsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

} // namespace alidade

#include "moc_explore_diagnostics.cpp"
