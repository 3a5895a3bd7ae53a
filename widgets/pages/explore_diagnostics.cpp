#include "pages/explore_diagnostics.h"

#include "document/selection.h"
#include "editors/help_tip.h"
#include "pages/history_text.h"
#include "plots/number_text.h"
#include "suggest/model_diagnostics.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
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
    report.data.low = numbers(check.low);
    report.data.high = numbers(check.high);
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
    : ExploreReportPanel(
          QStringLiteral("diagnostics"), [](const Definition& definition) { return definition.measures(); },
          document, jobs, cache, parent),
      m_selection(selection) {
    setHelp(&text(), QStringLiteral("leave-one-out"));

    m_leaveOneOut = new LeaveOneOutPlot(this);
    m_leaveOneOut->setPlotName(QStringLiteral("loo"));
    m_residuals = new ResidualPlot(this);
    setHelp(m_leaveOneOut, QStringLiteral("leave-one-out"));
    m_residuals->setPlotName(QStringLiteral("residuals"));
    m_residuals->setLegendShown(false, true);
    setHelp(m_residuals, QStringLiteral("residuals"));
    m_calibration = new CalibrationPlot(this);
    m_calibration->setPlotName(QStringLiteral("calibration"));
    setHelp(m_calibration, QStringLiteral("calibration"));
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
    column().addLayout(grid, 1);

    const auto tip = [this](qint64 key) { return trialText(this->document().study(), TrialId{key}); };
    m_leaveOneOut->setTrialText(tip);
    m_residuals->setTrialText(tip);
    addPlots({m_leaveOneOut, m_residuals, m_calibration}, 130);
    for (PlotView* plot : {static_cast<PlotView*>(m_leaveOneOut), static_cast<PlotView*>(m_residuals)})
        connect(plot, &PlotView::keyClicked, this,
                [this](qint64 key, Qt::KeyboardModifiers) { m_selection.setCurrent(TrialId{key}); });
    connect(&m_selection, &TrialSelection::changed, this, &ExploreDiagnosticsPanel::selectionChanged);
}

void ExploreDiagnosticsPanel::compute(const StudyModel& model, MeasureId measure) {
    start(
        kKey, tr("Checking the model"), measure,
        [model, study = document().snapshot(), measure](const Monitor&) {
            return diagnosticReport(model, study->definition, measure);
        },
        [this](const DiagnosticReport& report) {
            m_report = report;
            showReport(report);
        });
}

void ExploreDiagnosticsPanel::showReport(const DiagnosticReport& report) {
    text().setText(diagnosticText(report));
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

} // namespace alidade

#include "moc_explore_diagnostics.cpp"
